"""Data of every schema version that was ever released, opened by this program: served, and backed up and restored."""

import subprocess

import httpx
import pytest

from support import postgres, schemas
from support.api import unique
from support.backups import backup, restore
from support.schemas import PASSWORD
from support.server import Server

pytestmark = pytest.mark.once("runs on both engines itself")

KEPT = [(number, engine) for number in schemas.numbers() for engine in schemas.engines(number)]


def test_something_is_kept():
    assert (5, "sqlite") in KEPT and any(engine == "postgres" for _, engine in KEPT)


def check_access(server: Server, owner, facts: dict) -> None:
    """Groups and roles are there, the token still counts, and everything is decided as it was."""
    assert sorted(group["name"] for group in owner.all("/groups")) == facts["groups"]
    assert sorted(role["id"] for role in owner.all("/roles") if not role["builtIn"]) == facts["roles"]
    for action, type, id, properties, expected in facts["decisions"]:
        answer = httpx.post(
            f"{server.url}/access/v1/evaluation", headers={"Authorization": f"Bearer {facts['token']}"}, timeout=60,
            json={
                "subject": {"type": "user", "id": "ann"}, "action": {"name": action},
                "resource": {"type": type, "id": id, "properties": properties},
            },
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        assert answer.json()["decision"] is expected, (action, type, id)


def check(server: Server, facts: dict) -> None:
    """What was true of the data is true of them still, and they can be worked with."""
    with server.sign_in() as owner:
        users = {user["id"]: user for user in owner.all("/users", sort="username")}
        assert [user["id"] for user in users.values()] == [user["id"] for user in facts["users"]]
        for user in facts["users"]:
            for name, value in user.items():
                assert users[user["id"]].get(name) == value, (user["username"], name)
        owner.verified(head=facts["head"])
        if access := facts.get("access"):
            check_access(server, owner, access)
        assert [user["username"] for user in owner.get("/users", params={"q": "berg"}).json()["items"]] == ["ann"]
        listed = owner.get("/users", params={"filter": 'status eq "disabled"'}).json()["items"]
        assert [user["username"] for user in listed] == ["dora"]
        actions = {event["action"] for event in owner.all("/audit-events")}
        assert {"setup.complete", "user.create", "user.disable", "user.delete", "session.refused"} <= actions
        server.sign_in("ann", PASSWORD).close()
        assert server.api().sign_in("dora", PASSWORD).status_code == 401
        added = owner.create_user(unique("added"), password=PASSWORD)
        assert owner.delete(f"/users/{added['id']}").status_code == 204
        owner.verified(head=facts["head"])


@pytest.mark.parametrize(("number", "engine"), KEPT)
def test_kept_data_are_upgraded(number, engine, tmp_path):
    facts = schemas.facts(number)
    with schemas.reopened(number, engine, tmp_path / "data") as server:
        server.start()
        check(server, facts[engine])
        # Once is enough.
        server.restart()
        with server.sign_in() as owner:
            owner.verified(head=facts[engine]["head"])


@pytest.mark.parametrize(("number", "engine"), KEPT)
def test_kept_data_are_backed_up_as_they_are_and_upgraded_by_the_restore(number, engine, tmp_path):
    facts = schemas.facts(number)
    with schemas.reopened(number, engine, tmp_path / "data") as server:
        assert backup(server, tmp_path / "kept.backup")["schema"] == number
    with Server(engine="sqlite" if engine == "postgres" else "postgres") as restored:
        assert restore(restored, tmp_path / "kept.backup")["schema"] == schemas.numbers()[-1]
        restored.start()
        check(restored, facts[engine])


def definitions(server: Server) -> str:
    """What PostgreSQL would need to make the tables anew."""
    command = [postgres.program("pg_dump"), "--schema-only", "--no-owner", "--no-privileges", server.database]
    text = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    # Some releases of pg_dump begin and end with a key of the moment.
    return "\n".join(line for line in text.splitlines() if not line.startswith("\\"))


@pytest.mark.parametrize("number", [number for number, engine in KEPT if engine == "postgres"])
def test_a_kept_postgresql_becomes_exactly_what_a_new_one_is(number, tmp_path):
    with schemas.reopened(number, "postgres", tmp_path / "data") as old, Server(engine="postgres") as fresh:
        for server in (old, fresh):
            server.start()
            server.stop()
        assert definitions(old) == definitions(fresh)
