"""What tests of access make and ask."""

from support.api import Api, unique


def made(response) -> dict:
    assert response.status_code == 201, response.text
    return response.json()


def make_type(api: Api, *actions: str) -> str:
    """A resource type of the test's own."""
    return made(api.post("/resource-types", json={"id": unique("type"), "actions": [{"id": action} for action in actions]}))["id"]


def make_role(api: Api, *permissions: dict, **more) -> str:
    return made(api.post("/roles", json={"id": unique("role"), "permissions": list(permissions), **more}))["id"]


def make_group(api: Api, *users: dict) -> str:
    group = made(api.post("/groups", json={"name": unique("Group")}))["id"]
    for user in users:
        assert api.put(f"/groups/{group}/members/users/{user['id']}").status_code == 204
    return group


def user_reference(user: dict) -> dict:
    return {"kind": "user", "id": user["id"]}


def assign(api: Api, role: str, principal: dict, **more) -> str:
    return made(api.post("/role-assignments", json={"principal": principal, "role": role, **more}))["id"]


def authorize(api: Api, principal: dict, *permissions: dict, **more) -> str:
    return made(api.post("/authorizations", json={"principal": principal, "permissions": list(permissions), **more}))["id"]


def question(user: dict, action: str, kind: str, resource: str, **more) -> dict:
    return {
        "subject": {"type": "user", "id": user["username"]}, "action": {"name": action},
        "resource": {"type": kind, "id": resource}, **more,
    }  # fmt: skip


def explain(api: Api, asked: dict) -> dict:
    response = api.post("/access/explain", json=asked)
    assert response.status_code == 200, response.text
    return response.json()


def make_change(api: Api, change: dict) -> None:
    """Does for good what a planned change says."""
    path, value = change["path"], change.get("value")
    if change["op"] == "create" and "/members/" in path:
        response = api.put(path)
    elif change["op"] == "create":
        response = api.post(path, json=value)
    elif change["op"] == "delete":
        response = api.delete(path)
    elif value == {"status": "active"}:
        response = api.post(path + "/enable")
    else:
        response = api.patch(path, json=value)
    assert response.is_success, response.text
