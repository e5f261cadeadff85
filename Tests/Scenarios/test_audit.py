"""The record: what it tells, what it must never tell, and that it cannot be changed unseen."""

import base64
import re
from urllib.parse import quote

import pytest

from support import database
from support.api import problem, unique
from support.html import Browser
from support.server import OWNER, OWNER_PASSWORD, SETUP_TOKEN, Server

MEMBERS = {"id", "time", "realm", "actor", "action", "target", "outcome", "address", "requestId", "changes"}
PASSWORD = "nine copper kettles whistle"


def events_of(owner, target: str, **params) -> list[dict]:
    return owner.all("/audit-events", filter=f'target.id eq "{target}"', **params)


def event_of(owner, request_id: str) -> dict:
    found = owner.all("/audit-events", filter=f'requestId eq "{request_id}"')
    assert len(found) == 1, found
    return found[0]


def changes_of(event: dict) -> dict:
    return {change["field"]: (change["old"], change["new"]) for change in event["changes"]}


def test_every_change_leaves_its_event(owner):
    me = owner.get("/me").json()
    name, mark = unique("audited"), unique("request")

    def headers(step: str) -> dict[str, str]:
        return {"X-Request-ID": f"{mark}-{step}"}

    body = {"username": name, "name": "Ann", "email": "ann@example.org", "password": PASSWORD, "attributes": {"badge": 1}}
    user = owner.post("/users", json=body, headers=headers("create")).json()
    path = f"/users/{user['id']}"
    owner.patch(path, json={"name": "Bea", "email": None, "attributes": {"badge": 2}}, headers=headers("patch"))
    owner.patch(path, json={"username": name + ".x"}, headers=headers("rename"))
    owner.post(path + "/disable", headers=headers("disable"))
    owner.post(path + "/enable", headers=headers("enable"))
    owner.post(path + "/password", json={"password": PASSWORD + "!"}, headers=headers("password"))
    owner.delete(path, headers=headers("delete"))

    actions = {}
    for step in ("create", "patch", "rename", "disable", "enable", "password", "delete"):
        event = event_of(owner, f"{mark}-{step}")
        assert MEMBERS <= set(event), set(event)
        assert event["realm"] == "main" and event["outcome"] == "success" and event["address"] == "127.0.0.1"
        assert event["actor"] == {"kind": "user", "id": me["id"], "name": OWNER}
        assert event["target"]["kind"] == "user" and event["target"]["id"] == user["id"]
        assert PASSWORD not in str(event)
        actions[step] = event["action"]
    assert actions["patch"] == actions["rename"]
    assert len(set(actions.values())) == 6, actions

    assert changes_of(event_of(owner, f"{mark}-rename"))["username"] == (name, name + ".x")
    changed = changes_of(event_of(owner, f"{mark}-patch"))
    assert changed["name"] == ("Ann", "Bea") and changed["email"] == ("ann@example.org", None)
    assert any(field.startswith("attributes") for field in changed)
    assert "username" not in changed
    assert changes_of(event_of(owner, f"{mark}-disable"))["status"] == ("active", "disabled")
    assert changes_of(event_of(owner, f"{mark}-enable"))["status"] == ("disabled", "active")
    created = changes_of(event_of(owner, f"{mark}-create"))
    assert created["username"] == (None, name) and created["name"] == (None, "Ann")
    for step in ("create", "password"):
        for old, new in changes_of(event_of(owner, f"{mark}-{step}")).values():
            assert "argon2" not in f"{old}{new}"


def test_what_changed_nothing_or_was_refused_left_no_success(owner):
    user = owner.create_user(name="Ann")
    before = len(events_of(owner, user["id"]))
    owner.patch(f"/users/{user['id']}", json={"email": "nobody"})
    owner.patch(f"/users/{user['id']}", json={"name": "Bea"}, headers={"If-Match": '"12345"'})
    owner.patch(f"/users/{user['id']}", json={})
    after = events_of(owner, user["id"])
    assert len([event for event in after if event["outcome"] == "success"]) == before


def test_sign_ins_and_outs_are_told(server, owner, person):
    user = person()
    with server.sign_in(user["username"], PASSWORD, headers={"User-Agent": "scenario/7"}, address="127.0.5.5") as api:
        api.post("/me/password", json={"currentPassword": PASSWORD, "newPassword": PASSWORD + "!"})
        api.delete("/sessions/current")
    with server.api(address="127.0.5.6") as api:
        problem(api.sign_in(user["username"], "not the right one at all"), 401, "invalid_credentials")
    events = owner.all("/audit-events", filter=f'actor.id eq "{user["id"]}" or target.id eq "{user["id"]}"')
    by_action = {(event["action"], event["outcome"]): event for event in events}
    assert len([key for key in by_action if key[1] == "success"]) >= 4, by_action.keys()
    assert any(event["address"] == "127.0.5.5" for event in events)
    failures = [event for event in events if event["outcome"] == "failure"]
    assert failures and failures[0]["address"] == "127.0.5.6"


def test_an_event_can_be_read_alone(owner):
    event = owner.get("/audit-events", params={"limit": 1}).json()["items"][0]
    response = owner.get(f"/audit-events/{event['id']}")
    assert response.status_code == 200 and response.json() == event
    problem(owner.get("/audit-events/0190f3c2-7d1e-7abc-8def-0123456789ab"), 404, "not_found")
    for method in ("PUT", "PATCH", "DELETE", "POST"):
        problem(owner.request(method, f"/audit-events/{event['id']}"), 405, "method_not_allowed")


def test_the_chain_holds(owner):
    first = owner.verified()
    assert first["events"] > 0, first
    owner.create_user()
    second = owner.verified(head=first["head"])
    assert second["events"] == first["events"] + 1 and second["head"] != first["head"]
    assert owner.get("/audit-events", params={"limit": 1}).json()["page"]["total"] in (second["events"], None)
    forged = re.sub(r"[0-9a-zA-Z]$", lambda last: "0" if last[0] != "0" else "1", first["head"])
    assert owner.get("/audit-events/verify", params={"head": forged}).json()["intact"] is False
    for head in ("nonsense", "1:", ":", "-1:00", "99999999999999999999:00"):
        problem(owner.get("/audit-events/verify", params={"head": head}), 400, "malformed")


# Nothing secret, anywhere


def test_no_secret_is_ever_written_down(make_server):
    server = make_server()
    secrets = {SETUP_TOKEN, OWNER_PASSWORD, PASSWORD}
    with server.sign_in() as owner, server.api() as anonymous:
        secrets.add(owner.token)
        user = owner.create_user(password=PASSWORD, name="Ann")
        guess = "a guess that is quite wrong 17"
        secrets.add(guess)
        anonymous.sign_in(user["username"], guess)
        anonymous.sign_in(guess.replace(" ", "."), guess)  # A password typed into the wrong field is one, too.
        body = anonymous.sign_in(user["username"], PASSWORD).json()
        secrets.add(body["token"])
        changed = "seventeen bronze bells toll"
        secrets.add(changed)
        with server.api(body["token"]) as mine:
            mine.post("/me/password", json={"currentPassword": guess, "newPassword": changed})
            mine.post("/me/password", json={"currentPassword": PASSWORD, "newPassword": changed})
        reset = "twenty marble statues nod"
        secrets.add(reset)
        owner.post(f"/users/{user['id']}/password", json={"password": reset, "mustChange": True})
        challenge = anonymous.sign_in(user["username"], reset).json()["challenge"]
        final = "thirty velvet curtains sway"
        secrets |= {challenge, final}
        token = anonymous.post("/sessions/challenge", json={"challenge": challenge, "newPassword": final}).json()["token"]
        secrets.add(token)
        owner.post("/users", content=b'{"username":"x","password":"refused but secret", }', headers={"Content-Type": "application/json"})
        owner.post("/users", json={"username": "no good", "password": "refused and secret"})
        secrets |= {"refused but secret", "refused and secret"}
        with Browser(server.url) as browser:
            browser.sign_in(OWNER, OWNER_PASSWORD)
            for cookie in browser.client.cookies.jar:
                secrets.add(cookie.value)
        with Browser(server.url) as browser:
            browser.get("/users?token=" + token)
            browser.get("/setup?token=" + SETUP_TOKEN)
        record = "".join(str(event) for event in owner.all("/audit-events", limit=1000))
        metrics = server.metrics()
    server.stop()
    for secret in secrets:
        spelled = {
            secret, quote(secret), secret.replace(" ", "+"), base64.b64encode(secret.encode()).decode().rstrip("="),
            secret.removeprefix("ghs_"),
        }  # fmt: skip
        for text in spelled:
            assert text not in record, f"{secret!r} in the record"
            assert text not in server.stderr, f"{secret!r} in the log"
            # The link to set up with is printed for the person at the terminal.
            assert secret == SETUP_TOKEN or text not in server.stdout, f"{secret!r} printed"
            assert text not in metrics
            assert database.places_with(server, text.encode()) == [], f"{secret!r} is kept"


def test_the_data_folder_is_for_its_owner_only(server):
    assert server.data.stat().st_mode & 0o077 == 0
    for path in server.data.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, f"{path} {oct(path.stat().st_mode)}"


# Changed behind the server's back


@pytest.fixture(scope="module")
def recorded():
    """A stopped server with some events, and the head and the events that it had."""
    with Server() as server:
        server.start()
        server.set_up()
        with server.sign_in() as owner:
            for number in range(6):
                user = owner.create_user(name=f"Person {number}")
                owner.patch(f"/users/{user['id']}", json={"name": f"Renamed {number}"})
            verified = owner.verified()
        assert server.stop() == 0
        events = database.rows(server, "SELECT position, id FROM audit_event ORDER BY position")
        assert [position for position, _ in events] == list(range(1, len(events) + 1))
        yield server, verified, dict(events)


TAMPERED = {
    "another action": ("UPDATE audit_event SET action = 'user.read' WHERE position = 5", 5),
    "another actor": ("UPDATE audit_event SET actor_id = 'somebody' WHERE position = 6", 6),
    "another time": ("UPDATE audit_event SET time = time + 1 WHERE position = 4", 4),
    "another outcome": ("UPDATE audit_event SET outcome = 'failure' WHERE position = 7", 7),
    "another target": ("UPDATE audit_event SET target_id = 'somebody' WHERE position = 3", 3),
    "another hash": ("UPDATE audit_event SET hash = 'x' WHERE position = 5", 5),
    "the first removed": ("DELETE FROM audit_event WHERE position = 1", 1),
    "one removed": ("DELETE FROM audit_event WHERE position = 6", 6),
    "many removed": ("DELETE FROM audit_event WHERE position BETWEEN 4 AND 8", 4),
    "one unnumbered": ("UPDATE audit_event SET position = NULL WHERE position = 6", 6),
    "two changed places": (
        "UPDATE audit_event SET position = -5 WHERE position = 5",
        "UPDATE audit_event SET position = 5 WHERE position = 8",
        "UPDATE audit_event SET position = 8 WHERE position = -5",
        5,
    ),
    "one removed and the others moved up": (
        "DELETE FROM audit_event WHERE position = 6",
        "UPDATE audit_event SET position = -position WHERE position > 6",
        "UPDATE audit_event SET position = -position - 1 WHERE position < 0",
        6,
    ),
    "another value": (
        "UPDATE audit_personal SET body = REPLACE(body, 'Renamed 2', 'Renamed X') WHERE body LIKE '%Renamed 2%'",
        None,
    ),
    "a value removed": (
        "DELETE FROM audit_personal WHERE event_id = (SELECT id FROM audit_event WHERE position = 6) AND part = 'target'",
        6,
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found_where_it_begins(recorded, tmp_path, what):
    original, verified, ids = recorded
    *statements, position = TAMPERED[what]
    with database.copy_of(original, tmp_path / "data") as server:
        if position is None:
            position = database.rows(
                server,
                "SELECT position FROM audit_event e JOIN audit_personal p ON p.event_id = e.id WHERE p.body LIKE '%Renamed 2%'",
            )[0][0]
        database.change(server, *statements)
        server.start()
        with server.sign_in() as owner:
            found = owner.get("/audit-events/verify").json()
            assert found["intact"] is False, found
            assert found["firstBreak"]["position"] == position, found
            assert found["firstBreak"]["reason"]
            remaining = dict(database.rows(server, "SELECT position, id FROM audit_event WHERE position IS NOT NULL"))
            assert found["firstBreak"]["event"] in (remaining.get(position), None)
            if position in remaining and not what.startswith(("one removed", "many removed", "the first removed")):
                assert found["firstBreak"]["event"] == remaining[position]
            assert owner.get("/audit-events/verify", params={"head": verified["head"]}).json()["intact"] is False


@pytest.mark.parametrize("thorough", [False, True])
def test_a_cut_tail_shows(recorded, tmp_path, thorough):
    original, verified, _ = recorded
    with database.copy_of(original, tmp_path / "data") as server:
        [(sealed,)] = database.rows(server, "SELECT COALESCE(MAX(position), 0) FROM audit_seal")
        database.change(server, "DELETE FROM audit_event WHERE position > 9")
        if not thorough:
            assert sealed >= verified["events"], "an orderly end seals the record"
        elif sealed > 9:
            # Somebody who also removes the seals is found out by whoever kept a head.
            database.change(server, "DELETE FROM audit_seal WHERE position > 9")
        server.start()
        with server.sign_in() as owner:
            kept = {"head": verified["head"]} if thorough else {}
            found = owner.get("/audit-events/verify", params=kept).json()
            assert found["intact"] is False and found["firstBreak"]["reason"], found


def test_an_untouched_copy_is_intact(recorded, tmp_path):
    original, verified, _ = recorded
    with database.copy_of(original, tmp_path / "data") as server:
        server.start()
        with server.sign_in() as owner:
            found = owner.get("/audit-events/verify", params={"head": verified["head"]}).json()
            assert found["intact"] is True, found
