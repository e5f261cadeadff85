"""Why somebody may do something or not, what somebody may do, and who may do something, over the wire."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from support.access import (
    assign, authorize, explain, make_change, make_group, make_role, make_type, question, user_reference,
)  # fmt: skip
from support.api import fields_of, problem, unique


@pytest.fixture(scope="module")
def kind(owner) -> str:
    return make_type(owner, "view", "edit")


def allow(kind: str, *actions: str, **more) -> dict:
    return {"effect": "allow", "resourceType": kind, "actions": list(actions), **more}


# Explaining


def test_an_allowed_question_is_answered_with_the_way(owner, person, kind):
    ann = person()
    role = make_role(owner, allow(kind, "view"), name="Readers")
    outer = make_group(owner)
    inner = make_group(owner, ann)
    assert owner.put(f"/groups/{outer}/members/groups/{inner}").status_code == 204
    assignment = assign(owner, role, {"kind": "group", "id": outer})
    found = explain(owner, question(ann, "view", kind, "r1"))
    assert set(found) == {"decision", "revision", "reasons", "nearest", "toAllow"}
    assert found["decision"] is True and found["nearest"] == [] and found["toAllow"] is None
    assert isinstance(found["revision"], str) and found["revision"]
    (reason,) = found["reasons"]
    assert reason["effect"] == "allow" and reason["role"] == role and reason["assignment"] == assignment
    assert reason["permission"]["resourceType"] == kind and reason["permission"]["actions"] == ["view"]
    assert [(step["kind"], step["id"]) for step in reason["path"]] == [
        ("user", ann["id"]), ("group", inner), ("group", outer), ("role", role),
    ]  # fmt: skip
    assert reason["path"][0]["name"] == ann["username"] and reason["path"][3]["name"] == "Readers"


def test_an_authorization_is_named_and_no_assignment(owner, person, kind):
    ann = person()
    authorization = authorize(owner, user_reference(ann), allow(kind, "view", match="id", resource="r1"))
    (reason,) = explain(owner, question(ann, "view", kind, "r1"))["reasons"]
    assert reason["authorization"] == authorization and reason["assignment"] is None and reason["role"] is None
    by_id = question(ann, "view", kind, "r1")
    by_id["subject"]["id"] = ann["id"]
    assert explain(owner, by_id)["decision"] is True


def test_properties_and_context_count(owner, person, kind):
    ann = person()
    permission = allow(kind, "view", condition='resource.owner eq subject.username and context.zone eq "in"')
    authorize(owner, user_reference(ann), permission)
    asked = question(ann, "view", kind, "r1", context={"zone": "in"})
    assert explain(owner, asked)["nearest"][0]["missing"] == "condition"
    asked["resource"]["properties"] = {"owner": ann["username"]}
    assert explain(owner, asked)["decision"] is True


@pytest.mark.parametrize("missing", ["action", "resource", "scope", "time", "condition", "assignment"])
def test_the_nearest_miss_says_what_is_missing(owner, person, kind, missing):
    ann = person()
    wanted = unique("wanted")
    principal = user_reference(ann)
    begins = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    match missing:
        case "action":
            authorize(owner, principal, allow(kind, "edit", match="id", resource=wanted))
        case "resource":
            authorize(owner, principal, allow(kind, "view", match="id", resource="another"))
        case "scope":
            scope = {"kind": "resources", "type": kind, "ids": ["another"]}
            authorize(owner, principal, allow(kind, "view"), scope=scope)
        case "time":
            authorize(owner, principal, allow(kind, "view"), validFrom=begins)
        case "condition":
            authorize(owner, principal, allow(kind, "view", condition="resource.open eq true"))
        case "assignment":
            role = make_role(owner, allow(kind, "view", match="id", resource=wanted))
    nearest = explain(owner, question(ann, "view", kind, wanted))["nearest"]
    assert 1 <= len(nearest) <= 5
    if missing == "assignment":
        assert role in [miss["role"] for miss in nearest if miss["missing"] == "assignment"]
    else:
        assert nearest[0]["missing"] == missing and nearest[0]["authorization"]
    for miss in nearest:
        assert {"permission", "role", "missing"} <= set(miss)


# The smallest change


def allowed_by_change(owner, asked: dict, op: str, path: str) -> None:
    """The suggestion is of this kind, says so in a sentence, can be tried out, and allows once it is made."""
    found = explain(owner, asked)
    assert found["decision"] is False
    suggestion = found["toAllow"]
    assert suggestion and suggestion["description"].endswith("."), found
    change = suggestion["change"]
    assert change["op"] == op and change["path"].startswith(path), change
    tried = owner.post("/access/simulate", json={"changes": [change], "questions": [asked]})
    assert tried.status_code == 200, tried.text
    expected = {name: {key: value for key, value in asked[name].items() if key in ("type", "id", "name")} for name in
                ("subject", "action", "resource")}  # fmt: skip
    assert tried.json()["gains"] == [expected] and tried.json()["losses"] == []
    make_change(owner, change)
    assert explain(owner, asked)["decision"] is True


def test_a_role_that_fits_is_assigned(owner, person):
    kind = make_type(owner, "view")
    make_role(owner, allow(kind, "view"))
    allowed_by_change(owner, question(person(), "view", kind, "r1"), "create", "/role-assignments")


def test_without_a_role_the_one_thing_is_authorized(owner, person):
    kind = make_type(owner, "view", "edit")
    ann = person()
    asked = question(ann, "view", kind, "r/1*")
    allowed_by_change(owner, asked, "create", "/authorizations")
    assert explain(owner, question(ann, "view", kind, "r/12"))["decision"] is False
    assert explain(owner, question(ann, "edit", kind, "r/1*"))["decision"] is False


def test_a_topic_and_a_path_are_authorized_as_asked(owner, person):
    allowed_by_change(owner, question(person(), "subscribe", "mqtt-topic", "plant/+/temp"), "create", "/authorizations")
    allowed_by_change(owner, question(person(), "GET", "http-endpoint", "//Api.example.org/a%20b/"), "create", "/authorizations")


def test_what_has_not_begun_begins_now(owner, person, kind):
    ann = person()
    role = make_role(owner, allow(kind, "edit"))
    begins = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assignment = assign(owner, role, user_reference(ann), validFrom=begins)
    allowed_by_change(owner, question(ann, "edit", kind, "r1"), "update", f"/role-assignments/{assignment}")


def test_what_has_ended_is_extended(owner, person, kind):
    ann = person()
    role = make_role(owner, allow(kind, "edit"))
    ends = datetime.now(UTC) + timedelta(seconds=2)
    assignment = assign(owner, role, user_reference(ann), expiresAt=ends.isoformat())
    asked = question(ann, "edit", kind, "r1")
    deadline = time.monotonic() + 60
    while explain(owner, asked)["decision"]:
        assert time.monotonic() < deadline, "it does not end"
        time.sleep(0.2)
    allowed_by_change(owner, asked, "update", f"/role-assignments/{assignment}")


def test_selected_resources_become_one_more(owner, person, kind):
    ann = person()
    role = make_role(owner, allow(kind, "edit"))
    assignment = assign(owner, role, user_reference(ann), scope={"kind": "resources", "type": kind, "ids": ["r1"]})
    allowed_by_change(owner, question(ann, "edit", kind, "r2"), "update", f"/role-assignments/{assignment}")
    assert owner.get(f"/role-assignments/{assignment}").json()["scope"]["ids"] == ["r1", "r2"]


def test_a_deny_is_lifted_where_it_comes_from(owner, person, kind):
    ann, ben = person(), person()
    for user in (ann, ben):
        authorize(owner, user_reference(user), allow(kind, "view"))
    deny = authorize(owner, user_reference(ann), {**allow(kind, "*"), "effect": "deny"})
    asked = question(ann, "view", kind, "r1")
    assert [reason["effect"] for reason in explain(owner, asked)["reasons"]] == ["deny"]
    allowed_by_change(owner, asked, "delete", f"/authorizations/{deny}")
    group = make_group(owner, ben)
    authorize(owner, {"kind": "group", "id": group}, {**allow(kind, "*"), "effect": "deny"})
    allowed_by_change(owner, question(ben, "view", kind, "r1"), "delete", f"/groups/{group}/members/users/{ben['id']}")


def test_somebody_disabled_is_enabled(owner, person, kind):
    ann = person()
    authorize(owner, user_reference(ann), allow(kind, "view"))
    assert owner.post(f"/users/{ann['id']}/disable").status_code == 200
    allowed_by_change(owner, question(ann, "view", kind, "r1"), "update", f"/users/{ann['id']}")


def test_what_nothing_allows_has_no_suggestion(owner, person, kind):
    ann = person()
    for asked in (
        question(ann, "fly", kind, "r1"), question(ann, "view", "no-such-type", "r1"),
        question(ann, "publish", "mqtt-topic", "a/+"), question(ann, "GET", "http-endpoint", "/a%2Fb"),
    ):  # fmt: skip
        found = explain(owner, asked)
        assert (found["decision"], found["reasons"], found["nearest"], found["toAllow"]) == (False, [], [], None)


# Who may ask


def test_about_oneself_everybody_may_ask_about_others_nobody_without_power(owner, powerless, kind):
    me = powerless.user_record
    assert explain(powerless, question(me, "view", kind, "r1"))["decision"] is False
    other = owner.create_user()
    absent = {**other, "username": unique("nobody")}
    for user in (other, absent):
        problem(powerless.post("/access/explain", json=question(user, "view", kind, "r1")), 404, "not_found")
    problem(owner.post("/access/explain", json=question(absent, "view", kind, "r1")), 404, "not_found")
    owner_page = owner.get("/me").json()
    problem(powerless.get(f"/users/{owner_page['id']}/access"), 404, "not_found")
    assert powerless.get(f"/users/{me['id']}/access").json()["items"] == []
    assert powerless.get("/permissions", params={"role": "owner"}).json()["items"] == []


def test_an_auditor_may_explain_and_a_help_desk_may_not(owner, server, person, password):
    ann, auditor, desk = person(), person(), person()
    assign(owner, "auditor", user_reference(auditor))
    assign(owner, "help-desk", user_reference(desk))
    asked = question(ann, "read", "user", ann["id"])
    with server.sign_in(auditor["username"], password) as api:
        assert explain(api, asked)["decision"] is True
        assert api.get(f"/users/{ann['id']}/access").status_code == 200
    with server.sign_in(desk["username"], password) as api:
        body = problem(api.post("/access/explain", json=asked), 403, "forbidden")
        assert "decision:explain" in body["detail"]
        problem(api.get(f"/users/{ann['id']}/access"), 403, "forbidden")


def test_a_question_is_read_strictly(owner, powerless, kind):
    me = powerless.user_record
    good = question(me, "view", kind, "r1")
    body = problem(powerless.post("/access/explain", json={**good, "more": 1}), 400, "malformed")
    assert fields_of(body) == {"more"}
    body = problem(powerless.post("/access/explain", json={**good, "action": {"name": 3}}), 400, "malformed")
    assert fields_of(body) == {"action.name"}
    body = problem(powerless.post("/access/explain", json={"subject": good["subject"]}), 422, "invalid")
    assert fields_of(body) == {"action.name", "resource.type", "resource.id"}
    body = problem(powerless.post("/access/explain", json={}), 422, "invalid")
    assert {"subject.type", "subject.id"} <= fields_of(body)


# What somebody may do, and who may do something


def test_effective_access_lists_every_permission_with_its_way(owner, person, kind):
    ann = person()
    group = make_group(owner, ann)
    role = make_role(owner, allow(kind, "view"), allow(kind, "edit", match="pattern", resource="own-*"))
    assignment = assign(owner, role, {"kind": "group", "id": group})
    authorization = authorize(owner, user_reference(ann), allow(kind, "view", match="id", resource="r1"))
    items = owner.all(f"/users/{ann['id']}/access", limit=1)
    assert [item["authorization"] or item["assignment"] for item in items] == [authorization, assignment, assignment]
    assert [[step["kind"] for step in item["via"]] for item in items] == [["user"], *[["user", "group", "role"]] * 2]
    assert items[2]["permission"]["resource"] == "own-*" and items[2]["scope"] == {"kind": "realm"}
    assert [item["principal"]["id"] for item in owner.all("/permissions", principal=f"user:{ann['id']}")] == [ann["id"]] * 3
    of_group = owner.all(f"/groups/{group}/access")
    assert [item["assignment"] for item in of_group] == [assignment] * 2
    problem(owner.get(f"/services/{ann['id']}/access"), 404, "not_found")


def test_who_can_is_told_by_role_and_by_action_page_by_page(owner, person):
    kind = make_type(owner, "view", "edit")
    people = [person() for _ in range(4)]
    reader = make_role(owner, allow(kind, "view"))
    editor = make_role(owner, allow(kind, "edit"), includes=[reader])
    for user in people[:2]:
        assign(owner, reader, user_reference(user))
    assign(owner, editor, user_reference(people[2]))
    authorize(owner, user_reference(people[3]), {**allow(kind, "view", match="id", resource="r1"), "effect": "deny"})
    ids = [user["id"] for user in people]
    for limit in (1, 2, 50):
        found = owner.all("/permissions", role=reader, limit=limit)
        assert [item["principal"]["id"] for item in found] == ids[:3]
        assert {item["permission"]["actions"][0] for item in found} == {"view"}
        found = [item for item in owner.all("/permissions", resourceType=kind, action="view", limit=limit)
                 if item["role"] != "owner"]  # fmt: skip
        assert [item["principal"]["id"] for item in found] == ids
        assert found[3]["permission"]["effect"] == "deny" and found[3]["authorization"]
    assert owner.all("/permissions", role=unique("absent")) == []


def test_who_can_is_asked_in_one_way(owner):
    for params in (
        {}, {"principal": "user:1"}, {"principal": "robot:" + "0" * 36}, {"resourceType": "user"},
        {"role": "owner", "action": "read"}, {"role": "owner", "filter": "id pr"}, {"role": "owner", "after": "x"},
        {"role": "owner", "limit": "0"}, {"other": "1"},
    ):  # fmt: skip
        problem(owner.get("/permissions", params=params), 400, "malformed")
