"""Backups of a running server, and what comes back from them: on each engine, and from one to the other."""

import json
import os
import pty
import resource
import shutil
import signal
import subprocess
import threading
import uuid
from pathlib import Path

import pytest

from support import backups, database
from support.api import problem, unique
from support.backups import backup, command, place, restore
from support.server import Server, binary

PASSWORD = "nine copper kettles whistle"
ENGINES = ["sqlite", "postgres"]


@pytest.fixture
def target():
    """Makes servers that have no data yet: `target()`, `target(engine="postgres")`."""
    made = []

    def make(*flags, **options) -> Server:
        made.append(Server(*flags, **options))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """A good backup of a small server that is gone."""
    path = tmp_path_factory.mktemp("kept") / "kept.backup"
    with Server() as server:
        server.start()
        server.set_up(name="Olivia Owner")
        with server.sign_in() as owner:
            for name in ("ann", "ben"):
                owner.create_user(name, password=PASSWORD)
        backup(server, path)
    return path


def count(server: Server, table: str) -> int:
    [(found,)] = database.rows(server, f"SELECT COUNT(*) FROM {table}")
    return int(found)


def refused(server: Server, path: Path, code: int, *flags: str) -> str:
    """The sentence with which a restore is refused; it must not have touched anything."""
    before = sorted(server.data.rglob("*")) if server.data.exists() else None
    done = command("restore", path, *place(server), *flags)
    assert done.returncode == code, (done.returncode, done.stderr)
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("Error: "), done.stderr
    assert (sorted(server.data.rglob("*")) if server.data.exists() else None) == before
    return done.stderr


# There and back


@pytest.mark.once("runs on both engines itself")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("destination", ENGINES)
@pytest.mark.parametrize("source", ENGINES)
def test_everything_that_lasts_comes_back(source, destination, target, tmp_path):
    with Server(engine=source) as server:
        server.start()
        server.set_up(name="Olivia Owner", email="olivia@example.org")
        with server.sign_in() as owner:
            ann = owner.create_user("ann", password=PASSWORD, name="Änn \U0001f511 \"B\"", attributes={"level": 3, "a": ["x", "y"]})
            dora = owner.create_user("dora", password=PASSWORD)
            assert owner.post(f"/users/{dora['id']}/disable").status_code == 200
            gone = owner.create_user("gone", password=PASSWORD)
            assert owner.delete(f"/users/{gone['id']}").status_code == 204
            session = server.sign_in("ann", PASSWORD).token
            assert owner.post("/sessions", json={"username": "ann", "password": "wrong wrong wrong"}).status_code == 401
            head = owner.verified()["head"]
            written = owner.patch(f"/users/{ann['id']}", json={"email": "ann@example.org"})
            revision = written.headers["gatehouse-revision"]
            owner.verified()
            before = {name: owner.all(path) for name, path in (("users", "/users"), ("events", "/audit-events"))}
            path = tmp_path / "all.backup"
            made = backup(server, path)
            assert made["epoch"] == 1 and made["tables"]["principal"] == 3 and made["bytes"] == path.stat().st_size
            assert count(server, "session") >= 2
        # A sealed end, and then a second backup, of a server that does not run.
        assert server.stop() == 0
        stopped = backup(server, tmp_path / "stopped.backup")
        assert stopped["rows"] >= made["rows"] and stopped["tables"]["audit_seal"] >= 1
        server.start()

        restored = target(engine=destination)
        assert restore(restored, path)["epoch"] == 2
        for table in ("session", "one_time_token", "idempotency_key", "change_feed"):
            assert count(restored, table) == 0, table
        restored.start()
        problem(restored.api(session).get("/me"), 401, "unauthenticated")
        with restored.sign_in("ann", PASSWORD) as someone:
            assert someone.get("/me").status_code == 200
        assert restored.api().sign_in("dora", PASSWORD).status_code == 401
        with restored.sign_in() as again:
            known = {user["id"]: user for user in again.all("/users")}
            for user in before["users"]:
                found = known.pop(user["id"])
                for name in ("username", "name", "email", "status", "attributes", "createdAt", "updatedAt", "version"):
                    assert found.get(name) == user.get(name), name
            assert known == {}
            events = {event["id"]: event for event in again.all("/audit-events")}
            for event in before["events"]:
                assert events[event["id"]] == event
            told = [event for event in events.values() if event["action"] == "database.restore"]
            assert len(told) == 1
            assert told[0]["actor"]["kind"] == "system" and told[0]["target"] == {"kind": "realm", "id": "main", "name": "main"}
            assert made["sha256"] in told[0]["detail"]
            again.verified()
            again.verified(head=head)
            # What was known of the old database's revisions is worth nothing here.
            problem(again.get("/me", headers={"Gatehouse-At-Least": revision}), 503, "unavailable")
            fresh = again.patch(f"/users/{ann['id']}", json={"name": "Ann"}).headers["gatehouse-revision"]
            assert fresh != revision
            assert again.get("/me", headers={"Gatehouse-At-Least": fresh}).status_code == 200
        # The old one is as it was, and a restore of a restore goes on counting.
        with server.sign_in() as owner:
            assert owner.get("/me", headers={"Gatehouse-At-Least": revision}).status_code == 200
        backup(restored, tmp_path / "second.backup")
        third = target(engine=source)
        assert restore(third, tmp_path / "second.backup")["epoch"] == 3
        third.start()
        with third.sign_in() as last:
            last.verified(head=head)


@pytest.mark.timeout(300)
def test_a_backup_under_load_is_one_state(make_server, target, tmp_path):
    server = make_server()
    ended = threading.Event()
    errors = []

    def work(number: int) -> None:
        try:
            with server.sign_in() as owner:
                while not ended.is_set():
                    user = owner.create_user(password=PASSWORD)
                    if number % 2:
                        answer = owner.patch(f"/users/{user['id']}", json={"name": unique("name")})
                        assert answer.status_code == 200, answer.text
                    else:
                        assert owner.delete(f"/users/{user['id']}").status_code == 204
        except BaseException as error:
            errors.append(error)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    paths = [tmp_path / f"{number}.backup" for number in range(4)]
    try:
        for path in paths:
            backup(server, path)
    finally:
        ended.set()
        for worker in workers:
            worker.join()
    assert not errors, errors
    for path in paths:
        found = backups.tables(backups.read(path))
        people = {row["id"] for row in found["principal"]}
        for table, column in (("credential", "principal_id"), ("user_profile", "id"), ("sign_in_activity", "principal_id")):
            assert {row[column] for row in found[table]} == people, table
        created = {row["target_id"] for row in found["audit_event"] if row["action"] in ("user.create", "setup.complete")}
        deleted = {row["target_id"] for row in found["audit_event"] if row["action"] == "user.delete"}
        assert created - deleted == people
    restored = target()
    restore(restored, paths[-1])
    restored.start()
    with restored.sign_in() as owner:
        owner.verified()


def test_a_backup_of_a_killed_server(make_server, target, tmp_path):
    server = make_server()
    with server.sign_in() as owner:
        owner.create_user("ann", password=PASSWORD)
    server.kill()
    assert backup(server, tmp_path / "killed.backup")["tables"]["principal"] == 2
    server.start()
    restored = target()
    restore(restored, tmp_path / "killed.backup")
    restored.start()
    restored.sign_in("ann", PASSWORD).close()


# The file


def test_the_file_says_what_it_is_and_is_for_its_owner_only(make_server, tmp_path):
    server = make_server()
    path = tmp_path / "first.backup"
    done = command("backup", path, *place(server))
    assert done.returncode == 0, done.stderr
    assert "SHA-256" in done.stdout and "as secret as the data folder" in done.stderr
    assert "principal: 1 row\n" in done.stderr
    assert path.stat().st_mode & 0o777 == 0o600
    header, *_, end = backups.read(path)
    assert header["gatehouse"] == "backup" and header["format"] == 1 and end["rows"]["principal"] == 1
    # An existing file is spared.
    before = path.read_bytes()
    done = command("backup", path, *place(server))
    assert done.returncode == 73 and "--force" in done.stderr
    assert path.read_bytes() == before
    assert command("backup", path, *place(server), "--force").returncode == 0
    assert path.read_bytes() != before
    assert [entry.name for entry in tmp_path.iterdir()] == ["first.backup"]
    for wrong, code in ((tmp_path, 73), (tmp_path / "no" / "folder", 74)):
        assert command("backup", wrong, *place(server), "--force").returncode == code


def test_there_is_no_backup_of_nothing(target, tmp_path):
    nothing = target()
    done = command("backup", tmp_path / "x.backup", *place(nothing))
    assert done.returncode == 66, done.stderr
    assert not nothing.data.exists() and list(tmp_path.iterdir()) == []


def test_of_a_newer_database_there_is_no_backup(make_server, tmp_path):
    server = make_server()
    server.stop()
    [(known,)] = database.rows(server, "SELECT MAX(number) FROM schema_migration")
    database.change(server, "INSERT INTO schema_migration (number, name, applied_at) VALUES (9876, 'from the future', 1)")
    done = command("backup", tmp_path / "x.backup", *place(server))
    assert done.returncode == 69
    assert "9876" in done.stderr and str(known) in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_settings_may_come_from_the_environment_and_a_file(make_server, target, tmp_path):
    server = make_server()
    config = tmp_path / "gatehouse.yaml"
    config.write_text(f"data: {server.data}\n" + (f"database: {server.database}\n" if server.database else ""))
    done = command("backup", tmp_path / "a.backup", "--config", config)
    assert done.returncode == 0, done.stderr
    restored = target()
    variables = {"GATEHOUSE_DATA": str(restored.data), "GATEHOUSE_DATABASE": restored.database or ""}
    done = command("restore", tmp_path / "a.backup", env={**backups.environment(), **variables})
    assert done.returncode == 0, done.stderr
    restored.start()
    restored.sign_in().close()


@pytest.mark.once("storage plays no part")
def test_a_terminal_gets_a_bar(make_server, tmp_path):
    server = make_server()
    reader, writer = pty.openpty()
    try:
        done = command("backup", tmp_path / "x.backup", *place(server), stdout=subprocess.PIPE, stderr=writer, capture_output=False)
        assert done.returncode == 0
        shown = os.read(reader, 65_536).decode()
    finally:
        os.close(reader)
        os.close(writer)
    assert "Backing up  [" in shown and "100%" in shown and "rows\n" not in shown


# Refused


def test_damaged_files_are_refused(kept, target, tmp_path):
    empty = target()
    whole = kept.read_bytes()
    for number, damaged in enumerate(
        [whole[:-1], whole[: len(whole) // 2], whole[:5], whole + b"\0", whole[:200] + bytes([whole[200] ^ 1]) + whole[201:]]
    ):
        path = tmp_path / f"{number}.backup"
        path.write_bytes(damaged)
        assert "Nothing was changed" in refused(empty, path, 65)


def test_foreign_files_are_refused(target, tmp_path):
    empty = target()
    contents = {
        "empty": b"", "text": b"hello\n", "database": b"SQLite format 3\0" + bytes(5000), "dump": b"-- PostgreSQL database dump\n",
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        assert "no backup of Gatehouse" in refused(empty, tmp_path / name, 65)
    foreign = tmp_path / "foreign.gz"
    subprocess.run(["gzip", "-c"], input=b'{"a":1}\n', stdout=foreign.open("wb"), check=True)
    assert "no backup of Gatehouse" in refused(empty, foreign, 65)
    refused(empty, tmp_path / "nowhere", 66)
    refused(empty, tmp_path, 65)


def test_a_newer_backup_is_refused_with_both_versions(kept, target, tmp_path):
    empty = target()
    lines = backups.read(kept)
    known = lines[0]["schema"]
    backups.write(tmp_path / "newer.backup", [{**lines[0], "schema": 4711}, *lines[1:]])
    said = refused(empty, tmp_path / "newer.backup", 65)
    assert "4711" in said and str(known) in said
    backups.write(tmp_path / "format.backup", [{**lines[0], "format": 2}, *lines[1:]])
    assert "format 2" in refused(empty, tmp_path / "format.backup", 65)


def test_a_place_that_is_not_empty_is_refused(kept, make_server, target):
    server = make_server()
    with server.sign_in() as owner:
        mine = owner.create_user("mine", password=PASSWORD)
        assert "empty" in refused(server, kept, 73)
        server.stop()
        assert "empty" in refused(server, kept, 73)
        server.start()
    with server.sign_in() as owner:
        assert owner.user(mine["id"])["username"] == "mine"
        owner.verified()
    # Once is enough.
    restored = target()
    restore(restored, kept)
    assert "empty" in refused(restored, kept, 73)


def test_a_restore_without_room_leaves_nothing(kept, target, tmp_path):
    lines = many_users(backups.read(kept), 2000)
    path = tmp_path / "many.backup"
    backups.write(path, lines)
    restored = target(engine="sqlite")
    done = command("restore", path, *place(restored), preexec_fn=lambda: limit_files(200_000))
    assert done.returncode == 74, done.stderr
    assert "full" in done.stderr
    assert {entry.name for entry in restored.data.iterdir()} <= {"lock"}
    restore(restored, path)
    assert count(restored, "principal") == 2003


def test_a_backup_without_room_leaves_nothing(make_server, tmp_path):
    server = make_server()
    with server.sign_in() as owner:
        for _ in range(50):
            owner.create_user(name=uuid.uuid4().hex, attributes={"a": uuid.uuid4().hex})
    path = tmp_path / "big.backup"
    done = command("backup", path, *place(server), preexec_fn=lambda: limit_files(3000))
    assert done.returncode == 74, done.stderr
    assert "no room" in done.stderr
    assert list(tmp_path.iterdir()) == []


def limit_files(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# The key file


def test_a_key_in_the_data_folder_goes_with_the_backup(make_server, target, tmp_path):
    server = make_server()
    key = server.data / "gatehouse.key"
    path = tmp_path / "x.backup"
    assert backup(server, path)["includesKey"] is True
    restored = target()
    restore(restored, path)
    assert (restored.data / "gatehouse.key").read_text() == key.read_text()
    assert (restored.data / "gatehouse.key").stat().st_mode & 0o777 == 0o600

    # One that is there is spared: it may be the same, and must not be another.
    same, other = target(), target()
    for server_, text in ((same, key.read_text()), (other, "A" * 43 + "\n")):
        server_.data.mkdir(mode=0o700)
        (server_.data / "gatehouse.key").write_text(text)
    restore(same, path)
    assert "another key" in refused(other, path, 69)
    assert (other.data / "gatehouse.key").read_text() == "A" * 43 + "\n"
    # A file elsewhere gets the key as well.
    elsewhere = target("--key-file", str(tmp_path / "new.key"))
    restore(elsewhere, path, "--key-file", str(tmp_path / "new.key"))
    assert (tmp_path / "new.key").read_text() == key.read_text()
    assert not (elsewhere.data / "gatehouse.key").exists()
    elsewhere.start()
    elsewhere.sign_in().close()


def test_a_key_kept_elsewhere_stays_there(make_server, target, tmp_path):
    key = tmp_path / "kept apart.key"
    server = make_server("--key-file", str(key))
    with server.sign_in() as owner:
        owner.create_user("ann", password=PASSWORD)
    server.restart()  # So that there is a signed head.
    path = tmp_path / "x.backup"
    assert backup(server, path, "--key-file", str(key))["includesKey"] is False
    lines = backups.read(path)
    assert "key" not in lines[0] and key.read_text().strip() not in json.dumps(lines)

    restored = target("--key-file", str(key))
    assert "--key-file" in refused(restored, path, 69)
    wrong = tmp_path / "wrong.key"
    wrong.write_text("A" * 43 + "\n")
    assert "does not open" in refused(restored, path, 69, "--key-file", str(wrong))
    (tmp_path / "no.key").write_text("no key at all")
    refused(restored, path, 69, "--key-file", str(tmp_path / "no.key"))
    restore(restored, path, "--key-file", str(key))
    restored.start()
    with restored.sign_in() as owner:
        owner.verified()
    assert not (restored.data / "gatehouse.key").exists()


# Killed in the midst


def many_users(lines: list, number: int) -> list:
    """A backup with so many people more, who cannot sign in."""
    more = {"principal": [], "user_profile": [], "user_word": [], "sign_in_activity": []}
    for index in range(number):
        # In the order of time, as all ids are.
        key = f"019a0000-{index >> 16 & 0xFFFF:04x}-7{index >> 4 & 0xFFF:03x}-8000-{index:012x}"
        name = f"copy{index:08}"
        more["principal"].append(
            {"id": key, "kind": "user", "store_id": "builtin", "organization_id": None, "name": name, "name_key": name,
             "status": "active", "version": 1, "created_at": 1_790_000_000_000, "updated_at": 1_790_000_000_000}
        )  # fmt: skip
        more["user_profile"].append(
            {"id": key, "display_name": "", "display_key": "", "email": "", "email_key": "", "email_verified": 0,
             "attributes": "{}", "search": "\n" + name}
        )  # fmt: skip
        more["user_word"].append({"word": name, "user_id": key})
        more["sign_in_activity"].append({"principal_id": key, "last_at": 0})
    result = []
    for line in lines:
        result.append(line)
        if isinstance(line, dict) and line.get("table") in more:
            result += [[{"realm_id": "main", **row}[column] for column in line["columns"]] for row in more[line["table"]]]
    return result


@pytest.mark.timeout(600)
def test_a_killed_restore_leaves_nothing_and_can_be_repeated(kept, target, tmp_path):
    path = tmp_path / "many.backup"
    backups.write(path, many_users(backups.read(kept), 20_000))
    restored = target()
    for table in ("sealed_secret", "principal", "user_profile"):
        process = subprocess.Popen(
            [str(binary()), "restore", str(path), *place(restored)],
            env=backups.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        for line in process.stderr:
            if line.startswith(table + ":"):
                break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL, f"it had ended before it could be killed at {table}"
        assert not (restored.data / "gatehouse.db").exists()
        if restored.database is not None:
            assert database.rows(restored, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()") == []
    done = restore(restored, path)
    assert done["tables"]["principal"] == 20_003
    assert count(restored, "principal") == 20_003 and count(restored, "user_word") >= 20_003
    assert not [entry for entry in restored.data.iterdir() if "restoring" in entry.name]
    restored.start()
    with restored.sign_in() as owner:
        owner.verified()
        found = owner.get("/users", params={"q": "copy00019999"}).json()["items"]
        assert [user["username"] for user in found] == ["copy00019999"]
    restored.sign_in("ann", PASSWORD).close()
    assert restored.stop() == 0


def test_a_killed_backup_is_written_over(make_server, tmp_path):
    server = make_server()
    path = tmp_path / "x.backup"
    (tmp_path / "x.backup.partial").write_bytes(b"half of a backup" * 10_000)
    made = backup(server, path)
    assert path.stat().st_size == made["bytes"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.backup"]
    shutil.copy(path, tmp_path / "copy")
    assert command("restore", tmp_path / "copy", "--data", tmp_path / "new").returncode == 0
