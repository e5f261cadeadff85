"""Kept data of every schema version that was ever released, and how they are made.

Run as a program (Scripts/keep-schema.sh does) this file keeps data of the binary's schema version:

    Tests/Data/Schemas/NUMBER/facts.json     what must be true of them after an upgrade
    Tests/Data/Schemas/NUMBER/sqlite/        a data folder: gatehouse.db and gatehouse.key
    Tests/Data/Schemas/NUMBER/postgres/      dump.sql of a database, and gatehouse.key of the data folder beside it
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import database, postgres
from support.server import ROOT, Server

KEPT = ROOT / "Tests" / "Data" / "Schemas"
PASSWORD = "nine copper kettles whistle"


def numbers() -> list[int]:
    """The kept schema versions, the oldest first."""
    return sorted(int(path.name) for path in KEPT.iterdir() if path.is_dir())


def facts(number: int) -> dict:
    return json.loads((KEPT / str(number) / "facts.json").read_text())


def engines(number: int) -> list[str]:
    """The engines of which that version has data; PostgreSQL begins at 6."""
    return [engine for engine in ("sqlite", "postgres") if (KEPT / str(number) / engine).is_dir()]


def reopened(number: int, engine: str, folder: Path) -> Server:
    """A server, not started, on a copy of what is kept."""
    kept = KEPT / str(number) / engine
    folder.mkdir(mode=0o700)
    for name in ("gatehouse.db", "gatehouse.key"):
        if (kept / name).exists():
            shutil.copy(kept / name, folder / name)
            (folder / name).chmod(0o600)
    server = Server(data=folder, engine=engine)
    if engine == "postgres":
        subprocess.run(
            [postgres.program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={kept / 'dump.sql'}", server.database],
            check=True, capture_output=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    return server


# Making them


def fill(server: Server) -> dict:
    """Does some of everything there is, and tells what must be true of it ever after."""
    server.set_up(name="Olivia Owner", email="olivia@example.org")
    with server.sign_in() as owner:
        ann = owner.create_user(
            "ann", password=PASSWORD, name='Änn "B" \U0001f511', email="ann@example.org",
            attributes={"department": "Research", "floor": 3, "sites": ["north", "harbour"]},
        )  # fmt: skip
        dora = owner.create_user("dora", password=PASSWORD)
        assert owner.post(f"/users/{dora['id']}/disable").status_code == 200
        owner.create_user("ivan", name="Ivan Invited")
        gone = owner.create_user("gone", password=PASSWORD)
        assert owner.delete(f"/users/{gone['id']}").status_code == 204
        assert owner.patch(f"/users/{ann['id']}", json={"name": "Ann Berg"}).status_code == 200
        assert owner.sign_in("ann", "not the password at all").status_code == 401
        server.sign_in("ann", PASSWORD).close()
        # The end is sealed whenever a server stops.
        server.restart()
        head = owner.verified()["head"]
        assert owner.patch(f"/users/{ann['id']}", json={"email": "ann.berg@example.org"}).status_code == 200
        owner.verified()
        access = grant(owner, ann)
        users = [
            {name: user.get(name) for name in ("id", "username", "name", "email", "status", "attributes", "createdAt")}
            for user in owner.all("/users", sort="username")
        ]
    assert server.stop() == 0, server.tail()
    [(schema,)] = database.rows(server, "SELECT MAX(number) FROM schema_migration")
    return {"schema": int(schema), "head": head, "users": users, "access": access}


def grant(owner, ann: dict) -> dict:
    """Some of everything that gives or takes, a token, and what is decided from it."""

    def made(path: str, body: dict, status: int = 201) -> dict:
        answer = owner.put(path, json=body) if path.startswith("/resources/") else owner.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    made("/resource-types", {"id": "record", "actions": [{"id": "view"}, {"id": "edit", "includes": ["view"]}], "properties": ["owner"]})
    made("/resources/record/r1", {"name": "First", "properties": {"owner": ann["id"]}})
    edit = {"resourceType": "record", "match": "any", "actions": ["edit"], "condition": "resource.owner eq subject.id"}
    made("/roles", {"id": "writer", "name": "Writer", "permissions": [edit]})
    reads = {"resourceType": "mqtt-topic", "match": "pattern", "resource": "plant/+/temp", "actions": ["subscribe"]}
    made("/roles", {"id": "reader", "includes": ["writer"], "permissions": [reads]})
    outer, inner = made("/groups", {"name": "Staff"}), made("/groups", {"name": "Night shift", "description": "After ten"})
    assert owner.put(f"/groups/{outer['id']}/members/groups/{inner['id']}").status_code == 204
    assert owner.put(f"/groups/{inner['id']}/members/users/{ann['id']}").status_code == 204
    made("/role-assignments", {"principal": {"kind": "group", "id": outer["id"]}, "role": "reader", "reason": "for the plant"})
    made("/authorizations", {
        "principal": {"kind": "user", "id": ann["id"]}, "scope": {"kind": "resources", "type": "record", "ids": ["r2"]},
        "permissions": [{"effect": "deny", "resourceType": "record", "match": "any", "actions": ["*"]}],
    })  # fmt: skip
    service = made("/services", {"name": "shop", "description": "Asks"})
    made("/authorizations", {
        "principal": {"kind": "service", "id": service["id"]},
        "permissions": [{"resourceType": "decision", "match": "any", "actions": ["evaluate"]}],
    })  # fmt: skip
    token = made(f"/services/{service['id']}/tokens", {"name": "kept"})["token"]
    made("/catalogs", {"catalog": "kept", "roles": [{"id": "nothing"}]}, 200)
    decisions = [
        ["edit", "record", "r1", {}, True], ["view", "record", "r1", {}, True], ["view", "record", "r3", {}, False],
        ["view", "record", "r2", {"owner": ann["id"]}, False], ["view", "record", "r4", {"owner": ann["id"]}, True],
        ["subscribe", "mqtt-topic", "plant/7/temp", {}, True], ["subscribe", "mqtt-topic", "plant/#", {}, False],
    ]  # fmt: skip
    return {"token": token, "decisions": decisions, "roles": ["kept:nothing", "reader", "writer"], "groups": ["Night shift", "Staff"]}


def keep(engine: str, replace: bool) -> int:
    with Server(engine=engine, setup_token="the-setup-token-of-kept-data") as server:
        server.start()
        made = fill(server)
        number = made["schema"]
        folder = KEPT / str(number) / engine
        if folder.exists():
            if not replace:
                sys.exit(f"{folder} exists: what has landed stays as it was. --replace is for a version that has not landed yet.")
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        shutil.copy(server.data / "gatehouse.key", folder / "gatehouse.key")
        if engine == "sqlite":
            with closing(sqlite3.connect(server.data / "gatehouse.db")) as connection:
                connection.execute("VACUUM INTO ?", [str(folder / "gatehouse.db")])
        else:
            dump = subprocess.run(
                [postgres.program("pg_dump"), "--no-owner", "--no-privileges", "--inserts", server.database],
                check=True, capture_output=True, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            (folder / "dump.sql").write_bytes(dump.stdout)
        path = KEPT / str(number) / "facts.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        known["schema"] = number
        known[engine] = {name: made[name] for name in ("head", "users", "access")}
        path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n")
        return number


def main() -> None:
    parser = argparse.ArgumentParser(description="Keep data of the current schema version for the tests of later ones.")
    parser.add_argument("--replace", action="store_true", help="make the data of a version that has not landed yet anew")
    parser.add_argument("--engine", choices=["sqlite", "postgres"], help="only this one")
    options = parser.parse_args()
    for engine in [options.engine] if options.engine else ["sqlite", "postgres"]:
        number = keep(engine, options.replace)
        print(f"Kept: schema {number}, {engine}")


if __name__ == "__main__":
    main()
