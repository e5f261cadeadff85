"""`gatehouse user import` and `gatehouse user export`."""

import csv
import json
import os
import stat
import subprocess

import pytest

from support.api import unique
from support.server import binary


@pytest.fixture
def run(server, owner, tmp_path):
    """Runs the command as the owner."""

    def call(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GATEHOUSE_")}
        environment |= {"GATEHOUSE_SERVER": server.url, "GATEHOUSE_TOKEN": owner.token, "HOME": str(tmp_path)}
        return subprocess.run(
            [str(binary()), "user", *arguments], input=text, capture_output=True, text=True, env=environment, timeout=120
        )

    return call


def test_a_file_goes_in_and_refused_rows_are_told(run, owner, tmp_path):
    name = unique("file")
    file = tmp_path / "people.csv"
    file.write_text(f"username,name\n{name}-1,One\na b,Two\n{name}-2,Three\n")
    tried = run("import", str(file), "--dry-run")
    assert tried.returncode == 65, tried.stderr
    assert "Nothing was changed" in tried.stdout and "2 created" in tried.stdout
    assert "Row 2: username:" in tried.stderr
    report = tmp_path / "report.jsonl"
    done = run("import", str(file), "--report", str(report))
    assert done.returncode == 65 and "2 created, 0 updated, 0 skipped, 1 refused." in done.stdout, done.stderr
    assert [json.loads(line)["row"] for line in report.read_text().splitlines()] == [2]
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert len(owner.get("/users", params={"q": name}).json()["items"]) == 2
    again = run("import", str(file), "--on-conflict", "skip", "--output", "json")
    assert again.returncode == 65
    assert json.loads(again.stdout[again.stdout.index('{\n') :])["skipped"] == 2


def test_standard_input_of_json_lines(run):
    name = unique("piped")
    done = run("import", "-", "--format", "jsonl", text=json.dumps({"username": name}) + "\n")
    assert done.returncode == 0 and "1 created" in done.stdout, done.stderr
    changed = run(
        "import", "-", "--format", "jsonl", "--on-conflict", "update", text=json.dumps({"username": name, "name": "N"}) + "\n"
    )
    assert changed.returncode == 0 and "1 updated" in changed.stdout, changed.stderr


def test_what_is_no_file_of_users_is_said(run, tmp_path):
    assert run("import", str(tmp_path / "absent.csv")).returncode == 66
    wrong = run("import", "-", text="shoe,size\n1,2\n")
    assert wrong.returncode == 65 and '"shoe"' in wrong.stderr and wrong.stdout == ""
    assert not list(tmp_path.glob("*report*"))


def test_an_export_goes_to_a_file_of_ones_own_or_to_standard_output(run, tmp_path):
    name = unique("out")
    run("create", name)
    file = tmp_path / "users.jsonl"
    done = run("export", "--file", str(file), "--secrets")
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("users")] == ["users.jsonl"]
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert name in [line["username"] for line in lines]
    assert any((line["passwordHash"] or "").startswith("$argon2id$") for line in lines)
    shown = run("export")
    assert shown.returncode == 0
    assert name in [row["username"] for row in csv.DictReader(shown.stdout.splitlines())]
    assert "argon2" not in shown.stdout
    failed = run("export", "--file", str(tmp_path / "absent" / "users.csv"))
    assert failed.returncode == 74
