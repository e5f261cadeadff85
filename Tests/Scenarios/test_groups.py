"""Groups over the API: their life, their members, and that nobody gains power by who is in which."""

import uuid

import pytest

from support.api import fields_of, problem, unique

MEMBERS = {"id", "name", "description", "createdAt", "updatedAt"}
NEW_PASSWORD = "eleven slow barges drifting"


@pytest.fixture
def group(owner):
    def make(name: str | None = None, **more) -> dict:
        response = owner.post("/groups", json={"name": name or unique("Group"), **more})
        assert response.status_code == 201, response.text
        return response.json()

    return make


@pytest.fixture
def signed(server, person, password):
    """Makes somebody, signed in, with these roles: pairs of a role and a scope."""
    opened = []

    def make(owner, *roles):
        user = person()
        for role, scope in roles:
            assign(owner, user["id"], role, scope)
        api = server.sign_in(user["username"], password)
        api.user_record = user
        opened.append(api)
        return api

    yield make
    for api in opened:
        api.close()


def assign(owner, user_id, role, scope=None, kind="user"):
    body = {"principal": {"kind": kind, "id": user_id}, "role": role, "scope": scope or {"kind": "realm"}}
    response = owner.post("/role-assignments", json=body)
    assert response.status_code == 201, response.text
    return response.json()


def authorize(owner, user_id, permissions, scope=None, kind="user"):
    body = {"principal": {"kind": kind, "id": user_id}, "permissions": permissions, "scope": scope or {"kind": "realm"}}
    response = owner.post("/authorizations", json=body)
    assert response.status_code == 201, response.text
    return response.json()


def put(api, group_id, kind, member_id):
    return api.put(f"/groups/{group_id}/members/{kind}/{member_id}")


def test_the_life_of_a_group(owner):
    name = unique("Plant operators")
    response = owner.post("/groups", json={"name": name, "description": "Whoever runs the plants."})
    assert response.status_code == 201, response.text
    group = response.json()
    assert set(group) == MEMBERS and group["name"] == name and group["description"] == "Whoever runs the plants."
    assert uuid.UUID(group["id"]).version == 7
    assert response.headers["location"].endswith("/api/v1/groups/" + group["id"]) and response.headers["gatehouse-revision"]
    read = owner.get(f"/groups/{group['id']}")
    assert read.json() == group and read.headers["etag"] == response.headers["etag"]
    same = owner.get(f"/groups/{group['id']}", headers={"If-None-Match": read.headers["etag"]})
    assert same.status_code == 304
    changed = owner.patch(f"/groups/{group['id']}", json={"description": None}, headers={"If-Match": read.headers["etag"]})
    assert changed.status_code == 200 and changed.json()["description"] is None and changed.headers["etag"] != read.headers["etag"]
    stale = owner.patch(f"/groups/{group['id']}", json={"name": "x"}, headers={"If-Match": read.headers["etag"]})
    problem(stale, 412, "precondition_failed")
    assert owner.get("/groups", params={"q": "plant"}).json()["items"][0]["id"] == group["id"]
    assert owner.delete(f"/groups/{group['id']}").status_code == 204
    problem(owner.get(f"/groups/{group['id']}"), 404, "not_found")
    problem(owner.delete(f"/groups/{group['id']}"), 404, "not_found")


@pytest.mark.parametrize(
    "body, status",
    [
        ({}, 422), ({"name": ""}, 422), ({"name": None}, 422), ({"name": "x" * 257}, 422), ({"name": "a\nb"}, 422),
        ({"name": "0190f3c2-7d1e-7abc-8def-0123456789ab"}, 422), ({"name": 5}, 400), ({"name": "a", "members": []}, 400),
        ({"name": "a", "id": "x"}, 400), ({"name": "a", "description": []}, 400),
    ],
)  # fmt: skip
def test_bad_groups(owner, body, status):
    told = problem(owner.post("/groups", json=body), status, "malformed" if status == 400 else "invalid")
    assert len(fields_of(told)) == 1, told


def test_names_are_unique_ignoring_case(owner, group):
    made = group(unique("Éclair"))
    problem(owner.post("/groups", json={"name": made["name"].upper()}), 409, "conflict")
    other = group()
    problem(owner.patch(f"/groups/{other['id']}", json={"name": made["name"].lower()}), 409, "conflict")


def test_members_of_every_kind_nested_and_listed(owner, group, person):
    outer, inner, user = group(), group(), person()
    service = owner.post("/services", json={"name": unique("service")}).json()
    for _ in range(2):
        for kind, one in (("users", user), ("groups", inner), ("services", service)):
            assert put(owner, outer["id"], kind, one["id"]).status_code == 204
    found = owner.all(f"/groups/{outer['id']}/members", limit=1)
    wanted = [("user", user["id"], user["username"]), ("group", inner["id"], inner["name"])]
    wanted.append(("service", service["id"], service["name"]))
    assert sorted((one["kind"], one["id"], one["name"]) for one in found) == sorted(wanted)
    assert owner.get(f"/groups/{outer['id']}/members").json()["page"]["total"] == 3
    problem(put(owner, inner["id"], "groups", outer["id"]), 409, "conflict")
    problem(put(owner, outer["id"], "groups", outer["id"]), 409, "conflict")
    for _ in range(2):
        assert owner.delete(f"/groups/{outer['id']}/members/users/{user['id']}").status_code == 204
    assert {one["kind"] for one in owner.all(f"/groups/{outer['id']}/members")} == {"group", "service"}
    owner.delete(f"/services/{service['id']}")
    owner.delete(f"/groups/{inner['id']}")
    assert owner.all(f"/groups/{outer['id']}/members") == []


def test_absent_and_mistaken_members(owner, group, person):
    made, user = group(), person()
    for kind, one in (("users", str(uuid.uuid4())), ("services", user["id"]), ("user", user["id"]), ("things", user["id"])):
        problem(put(owner, made["id"], kind, one), 404, "not_found")
        problem(owner.delete(f"/groups/{made['id']}/members/{kind}/{one}"), 404, "not_found")
    problem(put(owner, str(uuid.uuid4()), "users", user["id"]), 404, "not_found")


def test_a_member_holds_what_the_group_holds_and_loses_it(owner, group, signed):
    made, member = group(), signed(owner)
    assign(owner, made["id"], "auditor", kind="group")
    assert member.get("/audit-events").json()["items"] == []
    put(owner, made["id"], "users", member.user_record["id"])
    assert member.get("/audit-events").json()["items"]
    assert member.get("/me").json()["groups"] == [made["name"]] and "auditor" in member.get("/me").json()["roles"]
    owner.delete(f"/groups/{made['id']}/members/users/{member.user_record['id']}")
    assert member.get("/audit-events").json()["items"] == []


def test_a_powerless_user_sees_and_changes_nothing(owner, powerless, group):
    made = group()
    assert powerless.get("/groups").json()["items"] == []
    problem(powerless.post("/groups", json={"name": unique()}), 403, "forbidden")
    problem(powerless.get(f"/groups/{made['id']}"), 404, "not_found")
    problem(powerless.patch(f"/groups/{made['id']}", json={"name": "x"}), 404, "not_found")
    problem(powerless.get(f"/groups/{made['id']}/members"), 404, "not_found")
    problem(put(powerless, made["id"], "users", powerless.user_record["id"]), 404, "not_found")


def test_a_user_admin_gives_by_membership_no_more_than_he_holds(owner, group, signed, person):
    strong, plain, user = group(), group(), person()
    assign(owner, strong["id"], "owner", kind="group")
    admin = signed(owner, ("user-admin", None))
    for member in (user["id"], admin.user_record["id"]):
        told = problem(put(admin, strong["id"], "users", member), 403, "forbidden")
        assert "*" in told["detail"], told
    problem(put(admin, strong["id"], "groups", plain["id"]), 403, "forbidden")
    assert put(admin, plain["id"], "users", user["id"]).status_code == 204
    assert put(owner, strong["id"], "users", user["id"]).status_code == 204
    # Neither by the back door: he has no power over an owner any more.
    problem(admin.post(f"/users/{user['id']}/password", json={"password": NEW_PASSWORD}), 403, "forbidden")
    problem(admin.patch(f"/users/{user['id']}", json={"email": "evil@example.org"}), 403, "forbidden")


def test_a_help_desk_of_one_group_sees_exactly_its_members(owner, group, signed, person):
    team, inner = group(), group()
    members = [person() for _ in range(4)]
    for one in members[:3]:
        put(owner, team["id"], "users", one["id"])
    put(owner, inner["id"], "users", members[3]["id"])
    put(owner, team["id"], "groups", inner["id"])
    stranger = person()
    desk = signed(owner, ("help-desk", {"kind": "group", "id": team["id"]}))
    wanted = {one["id"] for one in members} | {desk.user_record["id"]}
    assert {one["id"] for one in desk.all("/users", limit=2)} == wanted
    page = desk.get("/users", params={"limit": 2}).json()["page"]
    assert page["total"] == 5 and page["nextCursor"]
    assert desk.get("/users", params={"q": stranger["username"]}).json()["items"] == []
    lines = desk.get("/user-exports", params={"format": "csv"}).text.splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == {one["username"] for one in members} | {desk.user_record["username"]}
    for one in members:
        assert desk.post(f"/users/{one['id']}/password", json={"password": NEW_PASSWORD}).status_code == 204
        problem(desk.post(f"/users/{one['id']}/disable"), 403, "forbidden")
    problem(desk.get(f"/users/{stranger['id']}"), 404, "not_found")
    problem(desk.post(f"/users/{stranger['id']}/password", json={"password": "x"}), 404, "not_found")
    # Who holds more than the desk: 403, whatever the password is like.
    assign(owner, members[0]["id"], "auditor")
    problem(desk.post(f"/users/{members[0]['id']}/password", json={"password": "x"}), 403, "forbidden")
    # Who leaves the team is gone for the desk at once.
    owner.delete(f"/groups/{team['id']}/members/users/{members[1]['id']}")
    problem(desk.get(f"/users/{members[1]['id']}"), 404, "not_found")
    assert desk.get("/users").json()["page"]["total"] == 4


def test_nobody_is_dragged_into_the_reach_of_a_help_desk(owner, group, signed, person):
    team, victim = group(), person()
    desk = signed(owner, ("help-desk", {"kind": "group", "id": team["id"]}))
    manage = {"resourceType": "group", "match": "id", "resource": team["id"], "actions": ["read", "add-member"]}
    authorize(owner, desk.user_record["id"], [manage, {"resourceType": "user", "actions": ["read"]}])
    problem(put(desk, team["id"], "users", victim["id"]), 403, "forbidden")
    problem(desk.post(f"/users/{victim['id']}/password", json={"password": NEW_PASSWORD}), 403, "forbidden")
    assert put(owner, team["id"], "users", victim["id"]).status_code == 204
    assert desk.post(f"/users/{victim['id']}/password", json={"password": NEW_PASSWORD}).status_code == 204


def test_nobody_is_freed_of_a_deny(owner, group, signed, person):
    barred, user = group(), person()
    put(owner, barred["id"], "users", user["id"])
    authorize(owner, barred["id"], [{"effect": "deny", "resourceType": "mqtt-topic", "actions": ["*"]}], kind="group")
    admin = signed(owner, ("user-admin", None))
    problem(admin.delete(f"/groups/{barred['id']}/members/users/{user['id']}"), 403, "forbidden")
    problem(admin.delete(f"/groups/{barred['id']}"), 403, "forbidden")
    assert owner.delete(f"/groups/{barred['id']}").status_code == 204


def test_attributes_that_permissions_read_are_theirs_to_change_who_could_grant(owner, signed):
    admin = signed(owner, ("user-admin", None))
    authorize(
        owner, admin.user_record["id"],
        [{"resourceType": "mqtt-topic", "match": "pattern", "resource": "${attribute.site}/#", "actions": ["publish"]}],
    )  # fmt: skip
    path = f"/users/{admin.user_record['id']}"
    problem(admin.patch(path, json={"attributes": {"site": "vault"}}), 403, "forbidden")
    assert admin.patch(path, json={"attributes": {"colour": "red"}}).status_code == 200
    assert admin.patch("/me", json={"name": "Somebody"}).status_code == 200
    assert owner.patch(path, json={"attributes": {"site": "vault"}}).status_code == 200


def test_the_record_tells_who_was_put_where(owner, group, person):
    made, user = group(), person()
    put(owner, made["id"], "users", user["id"])
    owner.delete(f"/groups/{made['id']}/members/users/{user['id']}")
    owner.verified()
    events = owner.all("/audit-events", filter=f'target.id eq "{made["id"]}"', sort="time")
    assert [one["action"] for one in events] == ["group.create", "group.member.add", "group.member.remove"]
    assert events[1]["changes"][0]["new"] == {"kind": "user", "id": user["id"]}
