"""Roles, assignments, authorizations, resource types and resources over the wire."""

import datetime
import urllib.parse

import pytest

from support.api import Api, fields_of, problem, unique
from support.probe import wait_until

PASSWORD = "nine copper kettles whistle"


@pytest.fixture
def somebody(server, owner):
    """A new user who can sign in: `(principal, client)`."""
    clients = []

    def make(*roles: str, scope: dict | None = None) -> tuple[dict, Api]:
        user = owner.create_user(password=PASSWORD)
        who = {"kind": "user", "id": user["id"]}
        for role in roles:
            assign(owner, who, role, scope=scope)
        api = server.sign_in(user["username"], PASSWORD)
        clients.append(api)
        return who, api

    yield make
    for api in clients:
        api.close()


def made(api: Api, path: str, body: dict, method: str = "POST") -> dict:
    response = api.request(method, path, json=body)
    assert response.status_code == 201, response.text
    # Where it says it is, it is, and as it was answered.
    found = api.client.get(response.headers["location"])
    assert found.status_code == 200 and found.json() == response.json()
    assert found.headers["etag"] == response.headers["etag"]
    assert response.headers["gatehouse-revision"]
    return response.json()


def assign(api: Api, who: dict, role: str, **more) -> dict:
    return made(api, "/role-assignments", {"principal": who, "role": role, **more})


def at(seconds: float) -> str:
    when = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def may_read(api: Api, role: str) -> bool:
    response = api.get(f"/roles/{role}")
    assert response.status_code in (200, 404), response.text
    return response.status_code == 200


def allow(resource_type: str, *actions: str, **more) -> dict:
    return {"resourceType": resource_type, "actions": list(actions), **more}


# Permissions and what they match


def test_a_role_is_made_changed_and_deleted(owner):
    role = unique("role")
    reading = allow("mqtt-topic", "subscribe", match="pattern", resource="plant/#")
    body = {"id": role, "name": "Plant reader", "permissions": [reading]}
    first = made(owner, "/roles", body)
    assert first["permissions"] == [
        {
            "effect": "allow", "resourceType": "mqtt-topic", "match": "pattern", "resource": "plant/#", "actions": ["subscribe"],
            "condition": None,
        }
    ]  # fmt: skip
    assert first["builtIn"] is False and first["source"] == "local" and first["includes"] == []
    tag = owner.get(f"/roles/{role}").headers["etag"]
    changed = owner.patch(f"/roles/{role}", json={"includes": ["minimum-access"]}, headers={"If-Match": tag})
    assert changed.status_code == 200 and changed.json()["includes"] == ["minimum-access"]
    assert changed.json()["permissions"] == first["permissions"]
    problem(owner.patch(f"/roles/{role}", json={"name": "x"}, headers={"If-Match": tag}), 412, "precondition_failed")
    problem(owner.post("/roles", json=body), 409, "conflict")
    assert owner.get(f"/roles/{role}", headers={"If-None-Match": changed.headers["etag"]}).status_code == 304
    assert owner.delete(f"/roles/{role}").status_code == 204
    problem(owner.get(f"/roles/{role}"), 404, "not_found")


@pytest.mark.parametrize(
    ("match", "seen", "unseen"),
    [
        ({"match": "any"}, ["match-a1", "other-b"], []),
        ({"match": "id", "resource": "match-a1"}, ["match-a1"], ["match-a", "match-a12", "other-b"]),
        # No character of an exact id is magic.
        ({"match": "id", "resource": "match-*"}, [], ["match-a1", "other-b"]),
        ({"match": "pattern", "resource": "match-a*"}, ["match-a", "match-a1", "match-a12"], ["match-b", "other-b"]),
        ({"match": "pattern", "resource": "*"}, ["match-a", "other-b"], []),
    ],
    ids=["any", "id", "star in an id", "pattern", "pattern of all"],
)
def test_one_sees_what_the_match_says_alone_and_in_lists(owner, somebody, match, seen, unseen):
    for role in ("match-a", "match-a1", "match-a12", "match-b", "other-b"):
        assert owner.post("/roles", json={"id": role}).status_code in (201, 409)
    who, api = somebody()
    viewer = unique("viewer")
    made(owner, "/roles", {"id": viewer, "permissions": [allow("role", "read", **match)]})
    assign(owner, who, viewer)
    assert all(may_read(api, role) for role in seen)
    assert not any(may_read(api, role) for role in unseen)
    listed = {role["id"] for role in api.all("/roles")}
    assert set(seen) <= listed and not listed & set(unseen)


def test_a_deny_wins_and_does_not_reach_an_owner(owner, somebody):
    role = unique("role")
    made(owner, "/roles", {"id": role})
    deny = [allow("role", "read", effect="deny", match="id", resource=role)]
    who, api = somebody("auditor")
    chief, chief_api = somebody("owner")
    assert may_read(api, role)
    for principal in (who, chief):
        made(owner, "/authorizations", {"principal": principal, "permissions": deny})
    assert not may_read(api, role) and may_read(api, "owner")
    assert role not in {item["id"] for item in api.all("/roles")}
    assert may_read(chief_api, role)


def test_permissions_that_say_nothing_sensible_are_refused_field_by_field(owner):
    body = {
        "id": "Not A Slug",
        "includes": ["nobody-has-this"],
        "permissions": [
            allow("no-such-type", "read"), allow("mqtt-topic", "fly"), allow("mqtt-topic", "publish", match="pattern"),
            allow("mqtt-topic", "publish", match="pattern", resource="a/#/b"), allow("user", "read", condition="resource.age gt 1"),
        ],
    }  # fmt: skip
    refused = problem(owner.post("/roles", json=body), 422, "invalid")
    assert fields_of(refused) == {
        "id", "includes", "permissions.0.resourceType", "permissions.1.actions", "permissions.2.resource",
        "permissions.3.resource", "permissions.4.condition",
    }  # fmt: skip
    for wrong in ({"id": "x", "permissions": {}}, {"id": "x", "permissions": [{"colour": "red"}]}, {"id": "x", "nonsense": 1}):
        problem(owner.post("/roles", json=wrong), 400, "malformed")


def test_a_circle_of_roles_is_refused(owner):
    one, two = unique("role"), unique("role")
    made(owner, "/roles", {"id": one})
    made(owner, "/roles", {"id": two, "includes": [one]})
    assert fields_of(problem(owner.patch(f"/roles/{one}", json={"includes": [two]}), 409, "conflict")) == {"includes"}
    problem(owner.delete(f"/roles/{one}"), 409, "conflict")


def test_what_is_built_in_stays(owner):
    for path in ("/roles/owner", "/roles/auditor", "/resource-types/user"):
        assert owner.get(path).json()["builtIn"] is True
        problem(owner.delete(path), 409, "conflict")
    problem(owner.patch("/roles/help-desk", json={"name": "Mine"}), 409, "conflict")
    problem(owner.request("PUT", "/resource-types/mqtt-topic", json={"actions": ["shout"]}), 409, "conflict")
    problem(owner.post("/resource-types", json={"id": "user", "actions": ["read"]}), 409, "conflict")


# Time


def test_an_assignment_counts_from_its_beginning_to_its_end(owner, somebody):
    who, api = somebody()
    assigned = assign(owner, who, "auditor", validFrom=at(2), expiresAt=at(600), reason="Audit week")
    assert not may_read(api, "owner")
    wait_until(lambda: may_read(api, "owner"), "the assignment counts")
    # Nobody waits ten minutes: the end is moved to a moment from now.
    soon = owner.patch(f"/role-assignments/{assigned['id']}", json={"expiresAt": at(2)})
    assert soon.status_code == 200, soon.text
    wait_until(lambda: not may_read(api, "owner"), "the assignment has ended")
    # It is there still, to be seen and to be renewed.
    assert owner.get(f"/role-assignments/{assigned['id']}").json()["reason"] == "Audit week"
    assert owner.patch(f"/role-assignments/{assigned['id']}", json={"expiresAt": None}).status_code == 200
    assert may_read(api, "owner")


def test_times_that_make_no_sense_are_refused(owner, somebody):
    who, _ = somebody()
    body = {"principal": who, "role": "auditor"}
    assert fields_of(problem(owner.post("/role-assignments", json=body | {"expiresAt": at(-5)}), 422, "invalid")) == {"expiresAt"}
    turned = body | {"validFrom": at(600), "expiresAt": at(500)}
    assert fields_of(problem(owner.post("/role-assignments", json=turned), 422, "invalid")) == {"expiresAt"}
    problem(owner.post("/role-assignments", json=body | {"expiresAt": "tomorrow"}), 400, "malformed")
    problem(owner.post("/role-assignments", json=body | {"expiresAt": 5}), 400, "malformed")


# Scopes


def test_the_help_desk_of_a_group_helps_its_members_and_nobody_else(server, owner, somebody):
    group = made(owner, "/groups", {"name": unique("harbour")})["id"]
    part = made(owner, "/groups", {"name": unique("harbour-night")})["id"]
    assert owner.request("PUT", f"/groups/{group}/members/groups/{part}").status_code == 204
    inside, deep, outside = (owner.create_user(password=PASSWORD) for _ in range(3))
    assert owner.request("PUT", f"/groups/{group}/members/users/{inside['id']}").status_code == 204
    assert owner.request("PUT", f"/groups/{part}/members/users/{deep['id']}").status_code == 204
    _, helper = somebody("help-desk", scope={"kind": "group", "id": group})
    new = {"password": "eleven violet lanterns hum"}
    for user in (inside, deep):
        assert helper.get(f"/users/{user['id']}").status_code == 200
        assert helper.post(f"/users/{user['id']}/password", json=new).status_code == 204
        # He may see them, but not do this.
        forbidden = problem(helper.patch(f"/users/{user['id']}", json={"name": "Other"}), 403, "forbidden")
        assert "user:update" in forbidden["detail"]
    problem(helper.get(f"/users/{outside['id']}"), 404, "not_found")
    problem(helper.post(f"/users/{outside['id']}/password", json=new), 404, "not_found")
    # A member who may do more is safe from him.
    assign(owner, {"kind": "user", "id": deep["id"]}, "user-admin")
    problem(helper.post(f"/users/{deep['id']}/password", json=new), 403, "forbidden")
    # Out of the group, out of his hands.
    assert owner.delete(f"/groups/{group}/members/users/{inside['id']}").status_code == 204
    problem(helper.post(f"/users/{inside['id']}/password", json=new), 404, "not_found")


def test_scopes_that_name_nothing_are_refused(owner, somebody):
    who, _ = somebody()
    for scope, field in [
        ({"kind": "group", "id": who["id"]}, "scope.id"), ({"kind": "group"}, "scope.id"), ({"kind": "moon"}, "scope.kind"),
        ({"kind": "resources", "type": "no-such-type", "ids": ["x"]}, "scope.type"),
        ({"kind": "resources", "type": "mqtt-topic", "ids": []}, "scope.ids"), ({"kind": "realm", "id": "x"}, "scope.id"),
    ]:  # fmt: skip
        response = owner.post("/role-assignments", json={"principal": who, "role": "auditor", "scope": scope})
        assert fields_of(problem(response, 422, "invalid")) == {field}, scope


# Conferring


def test_nobody_confers_what_he_does_not_hold(owner, somebody):
    who, admin = somebody("access-admin")
    victim, _ = somebody()
    escalations = [
        ("POST", "/role-assignments", {"principal": who, "role": "owner"}, ""),
        ("POST", "/role-assignments", {"principal": victim, "role": "user-admin"}, "user:"),
        ("POST", "/authorizations", {"principal": who, "permissions": [allow("user", "reset-password")]}, "user:reset-password"),
        ("POST", "/roles", {"id": unique("evil"), "permissions": [allow("user", "delete")]}, "user:delete"),
        ("POST", "/roles", {"id": unique("evil"), "includes": ["owner"]}, ""),
    ]
    for method, path, body, named in escalations:
        refused = problem(admin.request(method, path, json=body), 403, "forbidden")
        assert named in refused["detail"], refused
    # What she holds herself she may give, and what products protect.
    assign(admin, victim, "access-admin")
    made(admin, "/authorizations", {"principal": victim, "permissions": [allow("mqtt-topic", "publish")]})
    # To her, an assignment of more than her own is there to see and not to end.
    more = assign(owner, victim, "auditor")
    widened = admin.patch(f"/role-assignments/{more['id']}", json={"role": "owner"})
    problem(widened, 403, "forbidden")
    # A deny on herself is not hers to lift.
    deny = made(owner, "/authorizations", {"principal": who, "permissions": [allow("user", "delete", effect="deny")]})
    problem(admin.delete(f"/authorizations/{deny['id']}"), 403, "forbidden")


def test_without_the_permission_one_learns_only_which_it_is(owner, somebody):
    who, weak = somebody()
    calls = [
        ("/roles", {"id": "x"}, "role:create"), ("/role-assignments", {"principal": who, "role": "owner"}, "role-assignment:create"),
        ("/role-assignments", {}, "role-assignment:create"), ("/authorizations", {}, "authorization:create"),
        ("/authorizations", {"principal": who, "permissions": [allow("none", "x")]}, "authorization:create"),
        ("/resource-types", {"id": "x"}, "resource-type:create"),
    ]  # fmt: skip
    for path, body, named in calls:
        assert named in problem(weak.post(path, json=body), 403, "forbidden")["detail"]
        assert weak.all(path) == []
    # What is malformed is malformed to everybody.
    problem(weak.post("/roles", json={"id": "x", "permissions": [{"resourceType": 1}]}), 400, "malformed")
    problem(weak.post("/authorizations", json={"principal": {"kind": 1}}), 400, "malformed")


def test_the_last_owner_stays(make_server):
    server = make_server()
    with server.sign_in() as owner:
        [own] = owner.all("/role-assignments", filter='role eq "owner"')
        path = f"/role-assignments/{own['id']}"
        problem(owner.delete(path), 409, "conflict")
        for patch in ({"role": "auditor"}, {"expiresAt": at(3600)}, {"scope": {"kind": "organization", "id": "acme"}}):
            problem(owner.patch(path, json=patch), 409, "conflict")
        second = owner.create_user(password=PASSWORD)
        assign(owner, {"kind": "user", "id": second["id"]}, "owner")
        assert owner.delete(path).status_code == 204
        # From that on it is as if it had never been.
        problem(owner.post("/roles", json={"id": "late"}), 403, "forbidden")


# Resource types and resources


def test_a_type_is_declared_used_and_let_go(owner, somebody):
    kind = unique("record")
    actions = [{"id": "view"}, {"id": "edit", "name": "Edit", "includes": ["view"]}]
    declared = made(owner, "/resource-types", {"id": kind, "actions": actions, "properties": ["owner"]})
    assert declared["plane"] == "runtime" and declared["syntax"] == "name" and declared["builtIn"] is False
    assert [(action["id"], action["includes"]) for action in declared["actions"]] == [("view", []), ("edit", ["view"])]
    who, _ = somebody()
    given = made(owner, "/authorizations", {"principal": who, "permissions": [allow(kind, "edit")]})
    problem(owner.delete(f"/resource-types/{kind}"), 409, "conflict")
    problem(owner.request("PUT", f"/resource-types/{kind}", json={"actions": ["view"]}), 409, "conflict")
    more = owner.request("PUT", f"/resource-types/{kind}", json={"id": kind, "actions": [*actions, "archive"]})
    assert more.status_code == 200 and [action["id"] for action in more.json()["actions"]] == ["view", "edit", "archive"]
    other = owner.request("PUT", f"/resource-types/{kind}", json={"id": "another", "actions": actions})
    assert fields_of(problem(other, 422, "invalid")) == {"id"}
    assert owner.delete(f"/authorizations/{given['id']}").status_code == 204
    assert owner.delete(f"/resource-types/{kind}").status_code == 204
    problem(owner.get(f"/resource-types/{kind}"), 404, "not_found")


@pytest.mark.parametrize("name", ["plain", "with space", "a/b/c", "ü%41", "?#&=+", "plant/7/temp"])
def test_a_resource_has_any_name(owner, name):
    kind = unique("thing")
    made(owner, "/resource-types", {"id": kind, "actions": ["use"]})
    path = f"/resources/{kind}/{urllib.parse.quote(name, safe='')}"
    first = made(owner, path, {"name": "One", "properties": {"level": 2, "tags": ["a", "b"]}}, "PUT")
    assert first["id"] == name and first["type"] == kind and first["properties"] == {"level": 2, "tags": ["a", "b"]}
    assert [item["id"] for item in owner.all("/resources", filter=f'type eq "{kind}"')] == [name]
    again = owner.request("PUT", path, json={"id": name, "type": kind, "name": "Two"})
    assert again.status_code == 200 and again.json()["name"] == "Two" and again.json()["properties"] == {}
    problem(owner.request("PUT", path, json={}, headers={"If-Match": '"1"'}), 412, "precondition_failed")
    assert owner.delete(path).status_code == 204
    problem(owner.get(path), 404, "not_found")


def test_ids_of_paths_and_topics_are_read_by_their_syntax(owner):
    canonical = owner.request("PUT", "/resources/http-endpoint/" + urllib.parse.quote("//Example.ORG/a/b/", safe=""), json={})
    assert canonical.status_code in (200, 201) and canonical.json()["id"] == "//example.org/a/b", canonical.text
    refused = owner.request("PUT", "/resources/http-endpoint/" + urllib.parse.quote("/a/../b", safe=""), json={})
    assert fields_of(problem(refused, 422, "invalid")) == {"id"}
    for kind in ("user", "no-such-type"):
        problem(owner.request("PUT", f"/resources/{kind}/x", json={}), 404, "not_found")


# The record


def test_everything_is_in_the_record(owner, somebody):
    who, _ = somebody()
    role = unique("role")
    made(owner, "/roles", {"id": role})
    owner.patch(f"/roles/{role}", json={"description": "New."})
    assigned = assign(owner, who, role)
    owner.delete(f"/role-assignments/{assigned['id']}")
    owner.delete(f"/roles/{role}")
    owner.verified()
    events = owner.all("/audit-events", filter=f'target.id eq "{role}"', sort="time")
    assert [event["action"] for event in events] == ["role.create", "role.update", "role.delete"]
    assert {"field": "description", "old": "", "new": "New."} in events[1]["changes"]
    events = owner.all("/audit-events", filter=f'target.id eq "{who["id"]}"', sort="time")
    assert [event["action"] for event in events][-2:] == ["role-assignment.create", "role-assignment.delete"]
