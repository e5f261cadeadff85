"""The command line as a process: what it prints, what it ends with, and where secrets do not go."""

import json
import re
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest

from support.api import unique
from support.server import OWNER, OWNER_PASSWORD, binary, free_port
from support.shell import CONFLICT, DONE, FAILED, INVALID, LATER, NOT_FOUND, NOT_PERMITTED, UNAVAILABLE, USAGE, Shell

PASSWORD = "nine copper kettles whistle"
OTHER = "eleven violet lanterns hum"


def test_signing_in_and_out(shell):
    assert "gatehouse login" in shell.fails(NOT_PERMITTED, "whoami")
    assert OWNER in shell.ok("login", OWNER, "--password-stdin", stdin=OWNER_PASSWORD + "\n")
    mode = stat.S_IMODE(shell.session_file.stat().st_mode)
    assert mode == 0o600, oct(mode)
    assert stat.S_IMODE(shell.session_file.parent.stat().st_mode) == 0o700
    assert OWNER in shell.ok("whoami")
    me = shell.json("whoami")
    assert me["username"] == OWNER and me["roles"] == ["owner"]
    token = re.search(r"ghs_[\w-]+", shell.session_file.read_text())[0]
    shell.ok("logout")
    assert not list((shell.folder / "config").rglob("session*"))
    shell.fails(NOT_PERMITTED, "whoami")
    with shell.server.api(token) as api:
        assert api.get("/me").status_code == 401, "the server forgot it, too"


def test_a_wrong_password_signs_nobody_in(shell):
    said = shell.fails(NOT_PERMITTED, "login", OWNER, "--password-stdin", stdin="not the right one at all\n")
    assert "not the right one at all" not in said
    assert not list((shell.folder / "config").rglob("session*.json"))
    shell.fails(NOT_PERMITTED, "login", unique("nobody"), "--password-stdin", stdin=PASSWORD + "\n")
    assert shell.run("login", OWNER, "--password-stdin", stdin="").returncode in (USAGE, INVALID)


def test_passwords_are_no_arguments(shell):
    for arguments in (
        ("login", OWNER, "--password", OWNER_PASSWORD), ("login", OWNER, OWNER_PASSWORD), ("user", "create", "a", "--password", PASSWORD),
        ("user", "password", "a", PASSWORD),
    ):  # fmt: skip
        shell.fails(USAGE, *arguments)
    for command in (["login"], ["user", "create"], ["user", "password"]):
        text = shell.ok(*command, "--help")
        assert "--password-stdin" in text and not re.search(r"--password[ =]<", text)


def test_passwords_are_never_in_the_process_list(shell, server):
    seen, stop = [], threading.Event()

    def watch() -> None:
        while not stop.is_set():
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    text = path.read_bytes()
                except OSError:
                    continue
                if OWNER_PASSWORD.encode() in text:
                    seen.append(text)
            time.sleep(0.005)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        shell.login()
    finally:
        stop.set()
        thread.join()
    assert seen == []


def test_a_token_from_the_environment(shell, owner):
    result = shell.run("whoami", "--output", "json", GATEHOUSE_TOKEN=owner.token)
    assert result.returncode == DONE and json.loads(result.stdout)["username"] == OWNER
    assert shell.run("whoami", GATEHOUSE_TOKEN="ghs_wrong").returncode == NOT_PERMITTED


def test_a_session_file_that_others_can_read_is_not_used(signed_in):
    signed_in.session_file.chmod(0o644)
    assert "chmod 600" in signed_in.fails(FAILED, "whoami")


def test_the_whole_life_of_a_user(signed_in, owner, server):
    name = unique("cli")
    created = signed_in.json(
        "user", "create", name, "--name", "Ann Berg", "--email", f"{name}@example.org", "--password-stdin", stdin=PASSWORD + "\n"
    )
    assert created["username"] == name and created["status"] == "active" and created["name"] == "Ann Berg"
    with server.api() as api:
        assert api.sign_in(name, PASSWORD).status_code == 201

    table = signed_in.ok("user", "list", "--search", name)
    assert name in table and "Ann Berg" in table
    listed = signed_in.json("user", "list", "--filter", f'username eq "{name}"')
    assert [user["id"] for user in listed] == [created["id"]]
    for who in (name, name.upper(), created["id"]):
        assert signed_in.json("user", "show", who)["id"] == created["id"]

    edited = signed_in.json("user", "edit", name, "--name", "Ann Blom", "--email", "", "--username", name + ".x")
    assert edited["name"] == "Ann Blom" and edited["email"] is None and edited["username"] == name + ".x"
    name = name + ".x"

    signed_in.ok("user", "password", name, "--password-stdin", stdin=OTHER + "\n")
    with server.api() as api:
        assert api.sign_in(name, OTHER).status_code == 201
        assert api.sign_in(name, PASSWORD).status_code == 401

    assert name in signed_in.ok("user", "disable", name)
    assert owner.user(created["id"])["status"] == "disabled"
    signed_in.ok("user", "enable", name)
    assert owner.user(created["id"])["status"] == "active"
    signed_in.ok("user", "unlock", name)
    with server.sign_in(name, OTHER) as api:
        assert "127.0.0.1" in signed_in.ok("user", "sessions", name)
        signed_in.ok("user", "sessions", name, "--end-all")
        assert api.get("/me").status_code == 401
    assert owner.get(f"/users/{created['id']}/sessions").json()["items"] == []

    signed_in.fails(USAGE, "user", "delete", name)  # Nobody is there to be asked.
    assert owner.user(created["id"])
    signed_in.ok("user", "delete", name, "--yes")
    signed_in.fails(NOT_FOUND, "user", "show", name)
    assert owner.get(f"/users/{created['id']}").status_code == 404


def test_a_new_password_that_is_asked_for(shell, owner, server):
    user = owner.create_user(password=PASSWORD)
    owner.post(f"/users/{user['id']}/password", json={"password": OTHER, "mustChange": True})
    shell.fails(NOT_PERMITTED, "login", user["username"], "--password-stdin", stdin=OTHER + "\n")
    final = "three amber foxes leap high"
    shell.ok("login", user["username"], "--password-stdin", "--new-password-stdin", stdin=f"{OTHER}\n{final}\n")
    assert shell.json("whoami")["id"] == user["id"]


def test_what_it_ends_with(signed_in, owner, server, tmp_path):
    taken = owner.create_user()["username"]
    signed_in.fails(CONFLICT, "user", "create", taken)
    said = signed_in.fails(INVALID, "user", "create", "no good", "--email", "nobody")
    assert "username" in said and "email" in said
    signed_in.fails(INVALID, "user", "create", unique(), "--password-stdin", stdin="short\n")
    signed_in.fails(INVALID, "user", "list", "--filter", "nonsense")
    for command in ("show", "disable", "enable", "unlock"):
        signed_in.fails(NOT_FOUND, "user", command, "nobody.at.all")
    signed_in.fails(NOT_FOUND, "user", "edit", "nobody.at.all", "--name", "x")
    signed_in.fails(NOT_FOUND, "user", "delete", "0190f3c2-7d1e-7abc-8def-0123456789ab", "--yes")
    signed_in.fails(CONFLICT, "user", "delete", OWNER, "--yes")
    signed_in.fails(CONFLICT, "user", "disable", OWNER)
    for arguments in (("nope",), ("user", "nope"), ("user", "create"), ("user", "list", "--nope"), ("user", "list", "--limit", "0")):
        signed_in.fails(USAGE, *arguments)
    nowhere = Shell(None, tmp_path / "nowhere")
    nowhere.folder.mkdir()
    nowhere.environment["GATEHOUSE_SERVER"] = f"http://127.0.0.1:{free_port()}"
    nowhere.fails(UNAVAILABLE, "login", OWNER, "--password-stdin", stdin=PASSWORD + "\n")


def test_somebody_powerless_is_told(shell, owner):
    user = owner.create_user(password=PASSWORD)
    shell.login(user["username"], PASSWORD)
    assert "user:create" in shell.fails(NOT_PERMITTED, "user", "create", unique())
    shell.fails(NOT_FOUND, "user", "show", OWNER)
    assert [each["id"] for each in shell.json("user", "list")] == [user["id"]]


def test_a_throttled_sign_in_says_later(shell, owner, server):
    user = owner.create_user(password=PASSWORD)
    with server.api() as api:
        while api.sign_in(user["username"], "not the right one at all").status_code != 429:
            pass
    shell.fails(LATER, "login", user["username"], "--password-stdin", stdin=PASSWORD + "\n")


def test_several_at_once(signed_in, owner):
    names = [owner.create_user()["username"] for _ in range(3)]
    result = signed_in.run("user", "disable", names[0], "nobody.at.all", names[1], names[2])
    assert result.returncode == NOT_FOUND and "nobody.at.all" in result.stderr
    for name in names:
        assert signed_in.json("user", "show", name)["status"] == "disabled"
    signed_in.ok("user", "delete", *names, "--yes")


def test_the_record(signed_in, owner):
    user = owner.create_user(name="Recorded")
    table = signed_in.ok("audit", "list", "--limit", "5")
    assert user["username"] in table
    events = signed_in.json("audit", "list", "--filter", f'target.id eq "{user["id"]}"')
    assert events and events[0]["target"]["id"] == user["id"]
    lines = signed_in.ok("audit", "list", "--limit", "3", "--output", "jsonl").splitlines()
    assert len(lines) == 3 and all(json.loads(line)["id"] for line in lines)
    verified = signed_in.json("audit", "verify")
    assert verified["intact"] is True
    assert "intact" in signed_in.ok("audit", "verify", "--head", verified["head"])
    position, _, text = verified["head"].partition(":")
    forged = position + ":" + ("0" if text[0] != "0" else "1") + text[1:]
    assert signed_in.run("audit", "verify", "--head", forged).returncode == FAILED
    signed_in.fails(INVALID, "audit", "verify", "--head", "nonsense")


def test_long_lists_come_whole(signed_in, owner):
    word = unique("many").replace("-", "")
    for number in range(12):
        owner.create_user(name=f"{word} {number}")
    assert len(signed_in.json("user", "list", "--search", word, "--limit", "5")) == 5
    assert len(signed_in.json("user", "list", "--search", word, "--all", "--limit", "5")) == 12
    assert signed_in.json("user", "list", "--search", "nobodyatall") == []


def test_hostile_text_does_not_reach_the_terminal(signed_in, owner):
    word = unique("esc").replace("-", "")
    response = owner.post("/users", json={"username": word, "name": "a\u202eb\u009bc\u2066d"})
    if response.status_code != 201:
        response = owner.post("/users", json={"username": word, "name": "a\u202eb"})
    if response.status_code == 201:
        for arguments in (("user", "show", word), ("user", "list", "--search", word), ("user", "show", word, "--output", "json")):
            text = signed_in.ok(*arguments)
            assert not re.search("[\u0080-\u009f\u202a-\u202e\u2066-\u2069\x1b]", text), arguments
    # What is wrong is not echoed raw either.
    said = signed_in.fails(NOT_FOUND, "user", "show", "a\x1b[31mb")
    assert "\x1b" not in said


def test_output_that_nobody_reads_is_no_crash(signed_in):
    with subprocess.Popen(
        [str(binary()), "user", "list", "--output", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=signed_in.environment,
    ) as process:  # fmt: skip
        process.stdout.close()
        error = process.stderr.read()
        process.wait(30)
    assert b"Fatal" not in error
    with open("/dev/full", "w") as full:
        result = subprocess.run([str(binary()), "user", "list"], stdout=full, stderr=subprocess.PIPE, env=signed_in.environment)
    assert result.returncode == 74


@pytest.mark.parametrize("kind", ["bash", "zsh", "fish"])
def test_completion_scripts(shell, kind, tmp_path):
    script = shell.ok("completion", kind)
    for word in ("login", "whoami", "user", "audit", "create", "group", "assignment", "who-can", "remove-allow"):
        assert word in script
    if kind == "bash":
        path = tmp_path / "completion.bash"
        path.write_text(script)
        assert subprocess.run(["bash", "-n", str(path)]).returncode == 0


def test_help_is_there_for_every_command(shell):
    text = shell.ok("--help")
    for command in ("serve", "login", "whoami", "user", "audit", "completion"):
        assert command in text
    assert "77" in text, "the exit codes are told"
    for noun in ("group", "service", "role", "assignment", "authorization", "resource-type", "resource", "catalog"):
        assert noun in text
        commands = re.findall(r"^  ([a-z]+) ", shell.ok(noun, "--help").split("SUBCOMMANDS:")[1], re.MULTILINE)
        assert commands
        for command in commands:
            assert "USAGE" in shell.ok(noun, command, "--help")
    for command in ("check", "explain", "who-can", "what-can"):
        assert command in text and "USAGE" in shell.ok(command, "--help")
    for command in ("create", "list", "show", "edit", "password", "disable", "enable", "unlock", "delete"):
        assert "USAGE" in shell.ok("user", command, "--help")
    assert re.match(r"^\d+\.\d+", shell.ok("--version"))
    flags = shell.ok("serve", "--help")
    for flag in ("--data", "--listen", "--management", "--setup-token", "--public-url", "--tls-certificate", "--behind-proxy"):
        assert flag in flags
