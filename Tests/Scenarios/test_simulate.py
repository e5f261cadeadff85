"""What planned changes would do, over the wire: who gains, who loses, and that nothing is written."""

import uuid

import pytest

from support.access import assign, authorize, make_group, make_role, make_type, question, user_reference
from support.api import fields_of, problem, unique


@pytest.fixture(scope="module")
def kind(owner) -> str:
    return make_type(owner, "view", "edit")


@pytest.fixture(scope="module")
def reader(owner, kind) -> str:
    return make_role(owner, {"resourceType": kind, "actions": ["view"]})


def simulate(api, *changes: dict, **more) -> dict:
    response = api.post("/access/simulate", json={"changes": list(changes), **more})
    assert response.status_code == 200, response.text
    return response.json()


def told(items: list[dict]) -> list[tuple]:
    return [(item["principal"]["id"], item["permission"]["effect"], *item["permission"]["actions"]) for item in items]


def create(path: str, **value) -> dict:
    return {"op": "create", "path": path, "value": value}


def test_an_assignment_gives_and_taking_it_away_takes_and_nothing_is_written(owner, person, kind, reader):
    ann = person()
    events = owner.get("/audit-events", params={"limit": 1}).json()["items"][0]["id"]
    planned = create("/role-assignments", principal=user_reference(ann), role=reader)
    found = simulate(owner, planned)
    assert told(found["gains"]) == [(ann["id"], "allow", "view")] and found["losses"] == []
    assert found["truncated"] is False
    assert [step["kind"] for step in found["gains"][0]["via"]] == ["user", "role"]
    assert owner.get(f"/users/{ann['id']}/access").json()["items"] == []
    assert owner.get("/audit-events", params={"limit": 1}).json()["items"][0]["id"] == events
    assignment = assign(owner, reader, user_reference(ann))
    assert simulate(owner, planned)["gains"] == []
    found = simulate(owner, {"op": "delete", "path": f"/role-assignments/{assignment}"})
    assert told(found["losses"]) == [(ann["id"], "allow", "view")] and found["gains"] == []
    found = simulate(
        owner, {"op": "update", "path": f"/role-assignments/{assignment}",
                "value": {"scope": {"kind": "resources", "type": kind, "ids": ["r1"]}}},
        questions=[question(ann, "view", kind, "r1"), question(ann, "view", kind, "r2")],
    )  # fmt: skip
    assert found["gains"] == []
    assert [item["resource"]["id"] for item in found["losses"]] == ["r2"]


def test_a_deny_that_comes_is_a_loss_and_one_that_goes_a_gain(owner, person, kind):
    ann = person()
    deny = {"effect": "deny", "resourceType": kind, "actions": ["edit"]}
    found = simulate(owner, create("/authorizations", principal=user_reference(ann), permissions=[deny]))
    assert told(found["losses"]) == [(ann["id"], "deny", "edit")] and found["gains"] == []
    authorization = authorize(owner, user_reference(ann), deny)
    found = simulate(owner, {"op": "delete", "path": f"/authorizations/{authorization}"})
    assert told(found["gains"]) == [(ann["id"], "deny", "edit")] and found["losses"] == []


def test_a_group_is_told_with_the_number_of_its_members(owner, person, reader):
    ann, ben = person(), person()
    group = make_group(owner, ann, ben)
    found = simulate(owner, create("/role-assignments", principal={"kind": "group", "id": group}, role=reader))
    (gain,) = found["gains"]
    assert gain["principal"]["kind"] == "group" and gain["principal"]["id"] == group and gain["members"] == 2


def test_membership_is_told_for_the_member(owner, person, reader):
    ann = person()
    group = make_group(owner)
    assign(owner, reader, {"kind": "group", "id": group})
    member = f"/groups/{group}/members/users/{ann['id']}"
    found = simulate(owner, {"op": "create", "path": member})
    assert told(found["gains"]) == [(ann["id"], "allow", "view")]
    assert owner.put(member).status_code == 204
    found = simulate(owner, {"op": "delete", "path": member})
    assert told(found["losses"]) == [(ann["id"], "allow", "view")]


def test_a_changed_role_is_told_for_its_holders(owner, person, kind):
    ann = person()
    role = make_role(owner, {"resourceType": kind, "actions": ["view"]})
    assign(owner, role, user_reference(ann))
    wider = {"op": "update", "path": f"/roles/{role}", "value": {"permissions": [{"resourceType": kind, "actions": ["edit"]}]}}
    found = simulate(owner, wider)
    assert told(found["gains"]) == [(ann["id"], "allow", "edit")]
    assert told(found["losses"]) == [(ann["id"], "allow", "view")]
    found = simulate(owner, {"op": "delete", "path": f"/roles/{role}"}, questions=[question(ann, "view", kind, "r1")])
    assert found["losses"] == [question(ann, "view", kind, "r1")]


def test_disabling_deleting_and_changing_somebody(owner, person, kind, reader):
    ann = person()
    assign(owner, reader, user_reference(ann))
    path = f"/users/{ann['id']}"
    for change in ({"op": "update", "path": path, "value": {"status": "disabled"}}, {"op": "delete", "path": path}):
        assert told(simulate(owner, change)["losses"]) == [(ann["id"], "allow", "view")]
    authorize(owner, user_reference(ann),
              {"resourceType": kind, "actions": ["edit"], "condition": "resource.team eq subject.team"})  # fmt: skip
    asked = question(ann, "edit", kind, "r1")
    asked["resource"]["properties"] = {"team": "red"}
    moved = {"op": "update", "path": path, "value": {"attributes": {"team": "red"}}}
    found = simulate(owner, moved, questions=[asked])
    assert [item["subject"]["id"] for item in found["gains"]] == [ann["username"]]
    assert owner.user(ann["id"])["attributes"] == {}


def test_changes_build_on_each_other(owner, person, kind):
    ann = person()
    group = make_group(owner)
    role = unique("planned")
    found = simulate(
        owner,
        create("/roles", id=role, permissions=[{"resourceType": kind, "actions": ["edit"]}]),
        create("/role-assignments", principal={"kind": "group", "id": group}, role=role),
        {"op": "create", "path": f"/groups/{group}/members/users/{ann['id']}"},
        questions=[question(ann, "edit", kind, "r1"), question(ann, "view", kind, "r1")],
    )
    assert found["gains"] == [question(ann, "edit", kind, "r1")]
    problem(owner.get(f"/roles/{role}"), 404, "not_found")


def test_a_planned_change_is_refused_as_the_real_one_is(owner, person, kind, reader):
    ann = person()

    def refused(change: dict, status: int, code: str) -> set[str]:
        return fields_of(problem(owner.post("/access/simulate", json={"changes": [change]}), status, code))

    principal = user_reference(ann)
    value = "changes.0.value."
    assert refused(create("/role-assignments", principal=principal, role="absent"), 422, "invalid") == {value + "role"}
    nobody = {"kind": "user", "id": str(uuid.uuid4())}
    assert refused(create("/role-assignments", principal=nobody, role=reader), 422, "invalid") == {value + "principal.id"}
    past = create("/role-assignments", principal=principal, role=reader, expiresAt="2020-01-01T00:00:00Z")
    assert refused(past, 422, "invalid") == {value + "expiresAt"}
    fly = create("/authorizations", principal=principal, permissions=[{"resourceType": kind, "actions": ["fly"]}])
    assert refused(fly, 422, "invalid") == {value + "permissions.0.actions"}
    assert refused(create("/role-assignments", role=1), 400, "malformed") == {value + "role"}
    assert refused({"op": "create", "path": "/nothing"}, 422, "invalid") == {"changes.0.path"}
    assert refused({"op": "paint", "path": "/roles"}, 422, "invalid") == {"changes.0.op"}
    assert refused({"op": "delete"}, 422, "invalid") == {"changes.0.path"}
    for path in (f"/role-assignments/{uuid.uuid4()}", f"/users/{uuid.uuid4()}", "/roles/absent", "/users/x"):
        refused({"op": "delete", "path": path}, 404, "not_found")
    refused({"op": "delete", "path": "/roles/owner"}, 409, "conflict")
    group = make_group(owner)
    refused({"op": "create", "path": f"/groups/{group}/members/groups/{group}"}, 409, "conflict")
    problem(owner.post("/access/simulate", json={"changes": []}), 422, "invalid")


def test_only_whoever_may_explain_may_simulate(owner, powerless, reader):
    planned = create("/role-assignments", principal=user_reference(powerless.user_record), role=reader)
    for body in ({"changes": [planned]}, {"changes": []}, {}):
        problem(powerless.post("/access/simulate", json=body), 403, "forbidden")
