"""Services and their API tokens over the wire: what they may, what narrows them, and that they end at once."""

import time
import uuid
from datetime import datetime, timedelta, timezone

import pytest

from support.api import fields_of, problem, unique

SERVICE = {"id", "name", "description", "status", "createdAt", "updatedAt"}
TOKEN = {"id", "name", "hint", "permissions", "createdBy", "createdAt", "expiresAt", "lastUsedAt"}


@pytest.fixture
def service(owner):
    def make(role: str | None = None, **more) -> dict:
        response = owner.post("/services", json={"name": unique("service"), **more})
        assert response.status_code == 201, response.text
        made = response.json()
        if role:
            body = {"principal": {"kind": "service", "id": made["id"]}, "role": role}
            assert owner.post("/role-assignments", json=body).status_code == 201
        return made

    return make


@pytest.fixture
def token(owner, server):
    """A client that comes with a new token of the service; `.issued` is what was answered."""
    opened = []

    def make(service: dict, **more):
        response = owner.post(f"/services/{service['id']}/tokens", json={"name": "test", **more})
        assert response.status_code == 201, response.text
        api = owner.with_token(response.json()["token"])
        api.issued = response.json()
        opened.append(api)
        return api

    yield make
    for api in opened:
        api.close()


def test_the_life_of_a_service(owner):
    name = unique("billing")
    response = owner.post("/services", json={"name": name, "description": "Writes the invoices."})
    assert response.status_code == 201, response.text
    made = response.json()
    assert set(made) == SERVICE and made["name"] == name and made["status"] == "active"
    assert response.headers["location"].endswith("/api/v1/services/" + made["id"])
    path = f"/services/{made['id']}"
    read = owner.get(path)
    assert read.json() == made and read.headers["etag"] == response.headers["etag"]
    changed = owner.patch(path, json={"name": name + "-2", "status": "disabled"}, headers={"If-Match": read.headers["etag"]})
    assert changed.status_code == 200 and changed.json()["status"] == "disabled" and changed.json()["name"] == name + "-2"
    problem(owner.patch(path, json={"name": "x"}, headers={"If-Match": read.headers["etag"]}), 412, "precondition_failed")
    found = owner.get("/services", params={"filter": f'status eq "disabled" and name eq "{name.upper()}-2"'}).json()
    assert [one["id"] for one in found["items"]] == [made["id"]] and found["page"]["total"] == 1
    assert owner.delete(path).status_code == 204
    problem(owner.get(path), 404, "not_found")


def test_names_are_shared_with_users(owner, person, service):
    user, made = person(), service()
    problem(owner.post("/services", json={"name": user["username"].upper()}), 409, "conflict")
    problem(owner.post("/users", json={"username": made["name"].upper()}), 409, "conflict")
    problem(owner.patch(f"/services/{made['id']}", json={"name": user["username"]}), 409, "conflict")


@pytest.mark.parametrize(
    "body, status",
    [({}, 422), ({"name": ""}, 422), ({"name": "0190f3c2-7d1e-7abc-8def-0123456789ab"}, 422), ({"name": 5}, 400),
     ({"name": "a", "token": "x"}, 400)],
)  # fmt: skip
def test_bad_services(owner, body, status):
    assert fields_of(problem(owner.post("/services", json=body), status, "malformed" if status == 400 else "invalid"))


def test_bad_states(owner, service):
    path = f"/services/{service()['id']}"
    for status in ("locked", "", None):
        assert fields_of(problem(owner.patch(path, json={"status": status}), 422, "invalid")) == {"status"}
    problem(owner.patch(path, json={"status": True}), 400, "malformed")


def test_a_token_is_answered_once_and_is_its_service(owner, service, token):
    made = service("user-admin")
    api = token(made)
    assert set(api.issued) == {"id", "name", "token", "expiresAt"}
    assert api.issued["token"].startswith("ghp_") and len(api.issued["token"]) == 47 and api.issued["expiresAt"] is None
    user = api.create_user()
    assert api.user(user["id"]) == user
    problem(api.get("/me"), 403, "forbidden")
    problem(api.patch("/me", json={"name": "x"}), 403, "forbidden")
    problem(api.get("/sessions/current"), 404, "not_found")
    listed = owner.get(f"/services/{made['id']}/tokens")
    assert api.issued["token"] not in listed.text
    [one] = listed.json()["items"]
    assert set(one) == TOKEN and one["hint"] == api.issued["token"][:8] and one["permissions"] is None
    owner.verified()
    events = owner.all("/audit-events", filter=f'actor.id eq "{made["id"]}"')
    assert [event["action"] for event in events] == ["user.create"] and events[0]["actor"]["kind"] == "service"
    assert api.issued["token"][8:] not in owner.get("/audit-events", params={"limit": 1000}).text


def test_a_token_is_repeated_for_nobody(owner, service):
    path = f"/services/{service()['id']}/tokens"
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert owner.post(path, json={"name": "once"}, headers=key).status_code == 201
    problem(owner.post(path, json={"name": "once"}, headers=key), 409, "conflict")
    assert owner.get(path).json()["page"]["total"] == 1


@pytest.mark.parametrize(
    "body, status",
    [
        ({}, 422), ({"name": "a", "expiresAt": "2020-01-01T00:00:00Z"}, 422), ({"name": "a", "expiresAt": "tomorrow"}, 400),
        ({"name": "a", "permissions": {}}, 400), ({"name": "a", "permissions": [{"resourceType": "none", "actions": ["x"]}]}, 422),
        ({"name": "a", "permissions": [{"resourceType": "user", "actions": ["fly"]}]}, 422), ({"name": "a", "token": "x"}, 400),
        ({"name": "a", "permissions": [{"resourceType": "user", "actions": ["read"], "scopes": ["realm"]}]}, 400),
    ],
)  # fmt: skip
def test_bad_tokens(owner, service, body, status):
    path = f"/services/{service()['id']}/tokens"
    problem(owner.post(path, json=body), status, "malformed" if status == 400 else "invalid")


def test_a_narrowed_token_does_what_both_allow(owner, service, token, person):
    made, ann, ben = service("user-admin"), person(), person()
    permissions = [
        {"resourceType": "user", "match": "id", "resource": ann["id"], "actions": ["read", "update"]},
        {"resourceType": "audit", "actions": ["read"]},
    ]
    narrow = token(made, permissions=permissions)
    [listed] = owner.get(f"/services/{made['id']}/tokens").json()["items"]
    assert [one["resource"] for one in listed["permissions"] if "resource" in one] == [ann["id"]]
    assert [one["id"] for one in narrow.get("/users").json()["items"]] == [ann["id"]]
    assert narrow.patch(f"/users/{ann['id']}", json={"name": "Ann"}).status_code == 200
    problem(narrow.post(f"/users/{ann['id']}/disable"), 403, "forbidden")
    problem(narrow.get(f"/users/{ben['id']}"), 404, "not_found")
    problem(narrow.post("/users", json={"username": unique()}), 403, "forbidden")
    # The service itself may not read the record.
    assert narrow.get("/audit-events").json()["items"] == []
    nothing = token(made, permissions=[])
    assert nothing.get("/users").json()["items"] == []
    problem(nothing.post("/users", json={"username": unique()}), 403, "forbidden")


def test_a_disabled_service_is_out_at_once(owner, service, token):
    made = service("user-admin")
    api = token(made)
    assert api.get("/users").status_code == 200
    for _ in range(2):
        assert owner.patch(f"/services/{made['id']}", json={"status": "disabled"}).status_code == 200
        problem(api.get("/users"), 401, "unauthenticated")
        problem(api.post("/users", json={"username": unique()}), 401, "unauthenticated")
        assert owner.patch(f"/services/{made['id']}", json={"status": "active"}).status_code == 200
        assert api.get("/users").status_code == 200


def test_deleted_tokens_and_tokens_of_deleted_services_are_nobodys(owner, service, token):
    made = service("user-admin")
    first, second = token(made), token(made)
    assert first.get("/users").status_code == second.get("/users").status_code == 200
    assert owner.delete(f"/services/{made['id']}/tokens/{first.issued['id']}").status_code == 204
    problem(first.get("/users"), 401, "unauthenticated")
    problem(owner.delete(f"/services/{made['id']}/tokens/{first.issued['id']}"), 404, "not_found")
    assert second.get("/users").status_code == 200
    assert owner.delete(f"/services/{made['id']}").status_code == 204
    problem(second.get("/users"), 401, "unauthenticated")


def test_an_expired_token_is_nobodys(owner, service, token):
    made = service("user-admin")
    # Far enough away that it is shown to work before, however slow the machine is.
    end = datetime.now(timezone.utc) + timedelta(seconds=12)
    api = token(made, expiresAt=end.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
    first = api.get("/users")
    if datetime.now(timezone.utc) < end:
        assert first.status_code == 200
    while datetime.now(timezone.utc) < end + timedelta(milliseconds=100):
        time.sleep(0.2)
    problem(api.get("/users"), 401, "unauthenticated")
    problem(api.post("/users", json={"username": unique()}), 401, "unauthenticated")


def test_tokens_are_made_by_those_who_hold_what_the_service_holds(owner, service, server, person, password):
    user = person()
    body = {"principal": {"kind": "user", "id": user["id"]}, "role": "user-admin"}
    assert owner.post("/role-assignments", json=body).status_code == 201
    strong, weak = service("owner"), service()
    with server.sign_in(user["username"], password) as admin:
        problem(admin.post(f"/services/{strong['id']}/tokens", json={"name": "x"}), 403, "forbidden")
        problem(admin.patch(f"/services/{strong['id']}", json={"status": "disabled"}), 403, "forbidden")
        problem(admin.delete(f"/services/{strong['id']}"), 403, "forbidden")
        assert admin.post(f"/services/{weak['id']}/tokens", json={"name": "x"}).status_code == 201


def test_a_powerless_user_sees_no_service(powerless, service):
    made = service()
    assert powerless.get("/services").json()["items"] == []
    problem(powerless.get(f"/services/{made['id']}"), 404, "not_found")
    problem(powerless.get(f"/services/{made['id']}/tokens"), 404, "not_found")
    problem(powerless.post(f"/services/{made['id']}/tokens", json={"name": "x"}), 404, "not_found")
    problem(powerless.post("/services", json={"name": unique()}), 403, "forbidden")


def test_other_texts_are_no_token(owner, service, token):
    secret = token(service()).issued["token"]
    for text in ("ghp_" + "A" * 43, "ghs_" + secret[4:], "ghx_" + secret[4:], secret[:-1], secret + "A", secret.upper()):
        with owner.with_token(text) as api:
            problem(api.get("/users"), 401, "unauthenticated")


def test_the_console_takes_no_api_token_for_a_session(owner, server, service, token):
    secret = token(service("owner")).issued["token"]
    page = owner.client.get("/users", headers={"Cookie": f"gatehouse-main-plain={secret}"})
    assert page.status_code == 303 and page.headers["location"].startswith("/sign-in")
