"""Signing in, staying in, and being out at once."""

import time
from datetime import datetime, timezone

import pytest

from support import database
from support.api import fields_of, problem, unique
from support.server import OWNER, OWNER_PASSWORD

NEW_PASSWORD = "eleven violet lanterns hum"


def moment(text: str) -> datetime:
    assert text.endswith("Z"), text
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_a_sign_in_gives_a_token_that_works(server, person, password, anonymous):
    user = person(name="Ann Berg")
    response = anonymous.sign_in(user["username"], password)
    assert response.status_code == 201, response.text
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert set(body) == {"token", "expiresAt", "user"}
    assert body["token"].startswith("ghs_") and len(body["token"]) >= 4 + 43
    assert moment(body["expiresAt"]) > datetime.now(timezone.utc)
    assert body["user"]["id"] == user["id"] and body["user"]["lastSignInAt"] is not None
    with server.api(body["token"]) as api:
        me = api.get("/me").json()
        assert me["id"] == user["id"] and me["name"] == "Ann Berg"
        assert me["groups"] == [] and me["roles"] == [] and me["organizations"] == []


def test_names_are_compared_without_case(person, password, anonymous):
    user = person(unique("Mixed.Case"))
    assert anonymous.sign_in(user["username"].upper(), password).status_code == 201
    assert anonymous.sign_in(user["username"].lower(), password).status_code == 201


def test_two_sign_ins_are_two_sessions(person, password, anonymous, server):
    user = person()
    tokens = {anonymous.sign_in(user["username"], password).json()["token"] for _ in range(2)}
    assert len(tokens) == 2
    with server.api(tokens.pop()) as one, server.api(tokens.pop()) as other:
        ids = {one.get("/sessions/current").json()["id"], other.get("/sessions/current").json()["id"]}
        assert len(ids) == 2
        listed = one.get("/me/sessions").json()["items"]
        assert {session["id"] for session in listed} == ids
        assert [session["current"] for session in listed].count(True) == 1


def test_the_current_session_shows_itself_and_ends(person, password, server):
    user = person()
    with server.sign_in(user["username"], password, headers={"User-Agent": "scenario/1"}) as api:
        session = api.get("/sessions/current").json()
        assert session["address"] == "127.0.0.1" and session["agent"] == "scenario/1"
        assert moment(session["createdAt"]) <= moment(session["lastSeenAt"]) < moment(session["expiresAt"])
        assert "token" not in session
        ended = api.delete("/sessions/current")
        assert ended.status_code == 204 and ended.content == b""
        problem(api.get("/sessions/current"), 401, "unauthenticated")
        problem(api.get("/me"), 401, "unauthenticated")
        problem(api.delete("/sessions/current"), 401, "unauthenticated")


def shape(response) -> tuple:
    """Everything of an answer but its request id and its date."""
    body = response.json()
    body.pop("requestId")
    headers = {
        name: "" if name in ("x-request-id", "date") else value for name, value in sorted(response.headers.items())
    }
    return response.status_code, body, headers


def test_refusals_look_alike(owner, person, password, anonymous):
    disabled, invited = person(), owner.create_user()
    owner.post(f"/users/{disabled['id']}/disable")
    deleted = person()
    owner.delete(f"/users/{deleted['id']}")
    refusals = {
        "wrong password": anonymous.sign_in(person()["username"], "not the right one at all"),
        "unknown name": anonymous.sign_in(unique("nobody"), password),
        "impossible name": anonymous.sign_in("not a / name", password),
        "huge name": anonymous.sign_in("x" * 5000, password),
        "empty password": anonymous.sign_in(person()["username"], ""),
        "huge password": anonymous.sign_in(person()["username"], "x" * 100_000),
        "disabled, right password": anonymous.sign_in(disabled["username"], password),
        "disabled, wrong password": anonymous.sign_in(disabled["username"], "not the right one at all"),
        "invited": anonymous.sign_in(invited["username"], ""),
        "deleted": anonymous.sign_in(deleted["username"], password),
    }
    problem(refusals["wrong password"], 401, "invalid_credentials")
    expected = shape(refusals.pop("wrong password"))
    for what, response in refusals.items():
        assert shape(response) == expected, what


def test_refusals_take_alike_long(server, owner, person):
    known = [person()["username"] for _ in range(9)]
    disabled = [person() for _ in range(9)]
    for user in disabled:
        owner.post(f"/users/{user['id']}/disable")
    best: dict[str, float] = {}

    def alike() -> bool:
        return all(0.5 < best[kind] / best["wrong"] < 2 for kind in ("disabled", "unknown"))

    # A busy machine may slow one kind down by chance, so there are several rounds; a real difference stays. Each is from an address of
    # its own, and no name fails five times: nothing is throttled.
    for turn in range(4):
        with server.api(address=f"127.0.3.{turn + 1}") as api:
            # In turns, and the best of each: what else the machine does falls on all alike.
            for names in zip(known, [user["username"] for user in disabled], [unique("nobody") for _ in known]):
                for kind, name in zip(("wrong", "disabled", "unknown"), names):
                    started = time.perf_counter()
                    problem(api.sign_in(name, "not the right one at all"), 401, "invalid_credentials")
                    best[kind] = min(best.get(kind, 60), time.perf_counter() - started)
        if alike():
            break
    assert alike(), best


@pytest.mark.parametrize(
    "authorization",
    [
        None, "", "Bearer", "Bearer wrong", "Bearer ghs_", "Bearer ghs_" + "A" * 43, "Basic b2xpdmlhOng=",
        "Bearer ghp_" + "A" * 43, "ghs_" + "A" * 43, "Bearer " + "x" * 6000,
    ],
)  # fmt: skip
def test_without_a_good_token_it_is_401(anonymous, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    problem(anonymous.get("/me", headers=headers), 401, "unauthenticated")


def test_a_token_counts_only_where_it_belongs(server, owner, anonymous):
    token = owner.token
    problem(anonymous.get("/me", headers={"Authorization": "Bearer " + token[:-1]}), 401, "unauthenticated")
    problem(anonymous.get("/me", headers={"Authorization": "Bearer " + token.removeprefix("ghs_")}), 401, "unauthenticated")
    problem(anonymous.get("/me", headers={"Authorization": "Basic " + token}), 401, "unauthenticated")
    problem(anonymous.get("/me", params={"access_token": token}), 401, "unauthenticated")
    problem(anonymous.get("/me", headers={"Cookie": f"gatehouse-main-plain={token}"}), 401, "unauthenticated")
    assert anonymous.get("/me", headers={"Authorization": "bearer " + token}).status_code == 200, "RFC 9110: case does not matter"


def test_a_token_of_one_realm_opens_no_other(server, owner):
    response = owner.client.get("/realms/other/api/v1/me")
    assert response.status_code in (401, 404), response.text
    assert owner.client.get("/realms/main/api/v1/me").status_code == 200


def test_an_idle_session_ends_and_a_used_one_stays(make_server):
    server = make_server("--session-idle-seconds", "2")
    with server.sign_in() as idle, server.sign_in() as used:
        ends = time.monotonic() + 4
        while time.monotonic() < ends:
            assert used.get("/me").status_code == 200
            time.sleep(0.4)
        problem(idle.get("/me"), 401, "unauthenticated")
        assert used.get("/me").status_code == 200


def test_no_session_outlives_its_lifetime(make_server):
    server = make_server("--session-idle-seconds", "2", "--session-lifetime-seconds", "2")
    with server.sign_in() as api:
        limit = moment(api.get("/sessions/current").json()["expiresAt"])
        assert (limit - datetime.now(timezone.utc)).total_seconds() <= 2
        started, refused = time.monotonic(), None
        while refused is None and time.monotonic() < started + 5:
            if api.get("/me").status_code == 401:
                refused = time.monotonic()
            time.sleep(0.1)
        assert refused is not None and 1 < refused - started < 3.5


def test_sessions_survive_a_restart_and_are_stored_hashed(make_server):
    server = make_server()
    with server.sign_in() as api:
        server.restart()
        assert api.get("/me").json()["username"] == OWNER
        token = api.token
    server.stop()
    assert database.places_with(server, token.removeprefix("ghs_").encode()) == []
    assert token not in server.stderr + server.stdout


def test_a_password_that_must_change_asks_for_a_new_one(owner, person, password, anonymous, server):
    user = person()
    response = owner.post(f"/users/{user['id']}/password", json={"password": NEW_PASSWORD, "mustChange": True})
    assert response.status_code == 204, response.text
    problem(anonymous.sign_in(user["username"], password), 401, "invalid_credentials")

    response = anonymous.sign_in(user["username"], NEW_PASSWORD)
    assert response.status_code == 202, response.text
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert set(body) == {"challenge", "methods"} and body["methods"] == ["new_password"]
    with server.api(body["challenge"]) as api:
        problem(api.get("/me"), 401, "unauthenticated")

    final = "three amber foxes leap high"
    weak = {"challenge": body["challenge"], "newPassword": "short"}
    assert fields_of(problem(anonymous.post("/sessions/challenge", json=weak), 422, "invalid")) == {"newPassword"}
    same = {"challenge": body["challenge"], "newPassword": NEW_PASSWORD}
    problem(anonymous.post("/sessions/challenge", json=same), 422, "invalid")
    good = {"challenge": body["challenge"], "newPassword": final}
    answered = anonymous.post("/sessions/challenge", json=good)
    assert answered.status_code == 201, answered.text
    with server.api(answered.json()["token"]) as api:
        assert api.get("/me").json()["id"] == user["id"]
    problem(anonymous.post("/sessions/challenge", json=good), 401, "invalid_credentials")
    assert anonymous.sign_in(user["username"], final).status_code == 201


def test_a_challenge_of_somebody_disabled_is_worth_nothing(owner, person, anonymous):
    user = person()
    owner.post(f"/users/{user['id']}/password", json={"password": NEW_PASSWORD, "mustChange": True})
    challenge = anonymous.sign_in(user["username"], NEW_PASSWORD).json()["challenge"]
    owner.post(f"/users/{user['id']}/disable")
    body = {"challenge": challenge, "newPassword": "three amber foxes leap high"}
    problem(anonymous.post("/sessions/challenge", json=body), 401, "invalid_credentials")


@pytest.mark.parametrize("challenge", ["", "wrong", "ghs_" + "A" * 43])
def test_made_up_challenges_are_refused(anonymous, challenge):
    body = {"challenge": challenge, "newPassword": NEW_PASSWORD}
    response = anonymous.post("/sessions/challenge", json=body)
    assert response.status_code in ((401, 422) if challenge == "" else (401,)), response.text


def test_changing_the_password_ends_the_other_sessions(server, person, password, anonymous):
    user = person()
    with server.sign_in(user["username"], password) as here, server.sign_in(user["username"], password) as there:
        wrong = {"currentPassword": "not the right one at all", "newPassword": NEW_PASSWORD}
        response = here.post("/me/password", json=wrong)
        assert response.status_code in (401, 403, 422), response.text
        assert there.get("/me").status_code == 200
        weak = {"currentPassword": password, "newPassword": "short"}
        assert fields_of(problem(here.post("/me/password", json=weak), 422, "invalid")) == {"newPassword"}
        good = {"currentPassword": password, "newPassword": NEW_PASSWORD}
        assert here.post("/me/password", json=good).status_code == 204
        assert here.get("/me").status_code == 200
        problem(there.get("/me"), 401, "unauthenticated")
    problem(anonymous.sign_in(user["username"], password), 401, "invalid_credentials")
    assert anonymous.sign_in(user["username"], NEW_PASSWORD).status_code == 201


def test_my_other_sessions_end_when_i_say_so(server, person, password):
    user = person()
    with server.sign_in(user["username"], password) as here, server.sign_in(user["username"], password) as there:
        assert here.delete("/me/sessions").status_code == 204
        assert here.get("/me").status_code == 200
        problem(there.get("/me"), 401, "unauthenticated")


def test_somebody_elses_session_is_not_mine_to_end(server, owner, person, password):
    user = person()
    session = owner.get("/sessions/current").json()["id"]
    with server.sign_in(user["username"], password) as api:
        problem(api.delete(f"/me/sessions/{session}"), 404, "not_found")
    assert owner.get("/me").status_code == 200


OUT = {
    "disabling": lambda owner, user: owner.post(f"/users/{user['id']}/disable"),
    "deleting": lambda owner, user: owner.delete(f"/users/{user['id']}"),
    "a new password": lambda owner, user: owner.post(f"/users/{user['id']}/password", json={"password": NEW_PASSWORD}),
    "ending the sessions": lambda owner, user: owner.delete(f"/users/{user['id']}/sessions"),
}


@pytest.mark.parametrize("how", OUT)
def test_out_is_out_at_once(server, owner, person, password, how):
    user = person()
    with server.sign_in(user["username"], password) as api:
        assert api.get("/me").status_code == 200
        assert OUT[how](owner, user).status_code in (200, 204)
        problem(api.get("/me"), 401, "unauthenticated")
        problem(api.patch("/me", json={"name": "Still here"}), 401, "unauthenticated")
    server.restart()
    with server.api(api.token) as again:
        problem(again.get("/me"), 401, "unauthenticated")


def test_enabling_does_not_bring_sessions_back(server, owner, person, password, anonymous):
    user = person()
    with server.sign_in(user["username"], password) as api:
        owner.post(f"/users/{user['id']}/disable")
        owner.post(f"/users/{user['id']}/enable")
        problem(api.get("/me"), 401, "unauthenticated")
    assert anonymous.sign_in(user["username"], password).status_code == 201


def test_an_administrator_sees_and_ends_sessions(server, owner, person, password):
    user = person()
    with server.sign_in(user["username"], password) as one, server.sign_in(user["username"], password) as other:
        listed = owner.get(f"/users/{user['id']}/sessions").json()
        assert listed["page"]["total"] == 2
        first = one.get("/sessions/current").json()["id"]
        assert first in {session["id"] for session in listed["items"]}
        assert owner.delete(f"/users/{user['id']}/sessions/{first}").status_code == 204
        problem(one.get("/me"), 401, "unauthenticated")
        assert other.get("/me").status_code == 200
        assert owner.delete(f"/users/{user['id']}/sessions").status_code == 204
        problem(other.get("/me"), 401, "unauthenticated")
        assert owner.get(f"/users/{user['id']}/sessions").json()["items"] == []


def test_my_profile_is_mine_to_change(server, person, password):
    user = person(name="Ann", email="ann.before@example.org")
    with server.sign_in(user["username"], password) as api:
        changed = api.patch("/me", json={"name": "Ann Berg", "email": None})
        assert changed.status_code == 200, changed.text
        assert changed.json()["name"] == "Ann Berg" and changed.json()["email"] is None
        for body in ({"username": "other"}, {"status": "active"}, {"roles": ["owner"]}, {"attributes": {"admin": True}}):
            response = api.patch("/me", json=body)
            assert response.status_code in (400, 403), (body, response.text)
        assert api.get("/me").json()["username"] == user["username"]


def test_the_owner_is_still_there(owner, server):
    # Whatever the tests above did to others, nobody but the others was touched.
    assert owner.get("/me").json()["username"] == OWNER
    server.sign_in(OWNER, OWNER_PASSWORD).close()
