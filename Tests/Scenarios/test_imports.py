"""Many users at once: imports and exports over the API and by the command line."""

import csv
import io
import json
import time

import pytest

from support.api import PREFIX, problem, unique
from support.raw import Raw

BCRYPT = "$2b$06$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2"
BCRYPT_PASSWORD = "correct horse battery"


def send(api, content, kind: str = "text/csv", **params):
    response = api.post("/user-imports", content=content, headers={"Content-Type": kind}, params=params, timeout=120)
    return response


def report(response) -> tuple[list[dict], dict]:
    """The refused rows, and the counts."""
    assert response.status_code == 200, response.text[:500]
    assert response.headers["content-type"] == "application/jsonl" and response.headers["cache-control"] == "no-store"
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert all(set(line) == {"row", "errors"} for line in lines[:-1])
    return lines[:-1], lines[-1]


def counts(created=0, updated=0, skipped=0, failed=0) -> dict:
    return {"created": created, "updated": updated, "skipped": skipped, "failed": failed}


def test_people_come_with_the_passwords_they_had(owner, anonymous):
    name = unique("moved")
    response = send(owner, f"username,name,passwordHash\n{name},Moved,{BCRYPT}\n")
    assert report(response) == ([], counts(created=1))
    assert response.headers["gatehouse-revision"]
    for _ in range(2):
        assert anonymous.sign_in(name, BCRYPT_PASSWORD).status_code == 201
    assert owner.get("/users", params={"filter": f'username eq "{name}"'}).json()["items"][0]["status"] == "active"


def test_refused_rows_are_told_with_field_and_reason(owner):
    name = unique("told")
    refused, last = report(send(owner, f"username,email\n{name},{name}@example.org\na b,nowhere\n{name},\n"))
    assert last == counts(created=1, failed=2)
    assert [row["row"] for row in refused] == [2, 3]
    assert [(error["field"], error["code"]) for error in refused[0]["errors"]] == [
        ("username", "characters"), ("email", "invalid_email"),
    ]  # fmt: skip
    assert all(error["message"] for row in refused for error in row["errors"])


def test_a_dry_run_answers_the_same_and_changes_nothing(owner):
    name = unique("dry")
    text = f"username\n{name}\n{name}\na b\n"
    first = send(owner, text, dryRun="true")
    assert report(first)[1] == counts(created=1, failed=2)
    assert owner.get("/users", params={"filter": f'username eq "{name}"'}).json()["items"] == []
    assert send(owner, text).text == first.text


def test_what_cannot_be_understood_is_refused_before_anything_happens(owner, anonymous, server):
    assert problem(send(owner, "name\nx\n"), 400, "malformed")["errors"][0]["field"] == "username"
    assert problem(send(owner, "username,shoe\nx,1\n"), 400, "malformed")["errors"][0]["field"] == "shoe"
    problem(send(owner, b"\x89PNG\r\n\x1a\n"), 400, "malformed")
    problem(send(owner, ""), 400, "malformed")
    problem(send(owner, "username\n", kind="application/jsonl"), 400, "malformed")
    problem(send(owner, "username\n", kind="application/json"), 415, "unsupported_media_type")
    problem(send(owner, "username\n", dryRun="perhaps"), 400, "malformed")
    problem(send(owner, "username\n", onConflict="replace"), 400, "malformed")
    problem(send(owner, "username\n", more="1"), 400, "malformed")
    problem(send(anonymous, "username\n"), 401, "unauthenticated")
    problem(owner.get("/user-exports", params={"format": "xml"}), 400, "malformed")


def test_an_export_is_what_an_import_takes(owner):
    name = unique("there")
    body = {"username": name, "name": '=cmd|" /c calc"!A1', "attributes": {"digits": "0123", "n": 5, "list": ["a", 1]}}
    owner.create_user(**body)
    answer = owner.get("/user-exports")
    assert answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    rows = {row["username"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert rows[name]["name"] == body["name"] and rows[name]["attributes.n"] == "5" and rows[name]["status"] == "invited"
    assert "passwordHash" not in rows[name] and "argon2" not in answer.text
    lines = [json.loads(line) for line in owner.get("/user-exports", params={"format": "jsonl"}).text.splitlines()]
    assert [line["attributes"] for line in lines if line["username"] == name] == [body["attributes"]]
    refused, last = report(send(owner, answer.text, onConflict="update"))
    assert refused == [] and last["updated"] == len(rows)
    with_secrets = owner.get("/user-exports", params={"secrets": "true"})
    assert "$argon2id$" in with_secrets.text


def test_a_hundred_thousand_bad_rows_are_told_to_a_client_that_reads_at_the_end(server, owner):
    good = unique("good")
    body = ("username\n" + "a b\n" * 100_000 + good + "\n").encode()
    with Raw(server.port, timeout=300) as raw:
        assert raw.send(
            f"POST {PREFIX}/user-imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {owner.token}\r\n"
            f"Content-Type: text/csv\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        assert raw.send(body)
        status, _, answer = raw.answer(within=300)
    assert status == 200
    lines = answer.decode().splitlines()
    assert len(lines) == 100_001
    assert json.loads(lines[-2])["row"] == 100_000
    assert json.loads(lines[-1]) == counts(created=1, failed=100_000)
    assert not list(server.data.glob("spool*"))


def head(owner) -> str:
    return (
        f"POST {PREFIX}/user-imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {owner.token}\r\n"
        "Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"
    )


def test_a_body_that_is_cut_off_leaves_no_half_row(server, owner):
    name = unique("cut")
    with Raw(server.port) as raw:
        raw.send(head(owner))
        piece = f"username,name\n{name}-1,One\n{name}-2,Tw".encode()
        raw.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        time.sleep(0.2)
    # Another import is answered after the first one has been taken notice of.
    report(send(owner, f"username\n{name}-after\n"))
    for _ in range(20):
        found = owner.get("/users", params={"q": name}).json()["items"]
        assert f"{name}-2" not in [user["username"] for user in found]
        time.sleep(0.05)


def test_a_slow_body_may_take_longer_than_other_bodies(server, owner):
    name = unique("slow")
    filler = "x" * 250
    with Raw(server.port, timeout=60) as raw:
        raw.send(head(owner))
        for number in range(-1, 26):
            text = "username,name\n" if number < 0 else "".join(f"{name}-{number}-{row},{filler}\n" for row in range(20))
            assert raw.send(b"%x\r\n%s\r\n" % (len(text), text.encode()))
            time.sleep(0.9)
        raw.send(b"0\r\n\r\n")
        status, _, answer = raw.answer(within=60)
    assert status == 200 and json.loads(answer.decode().splitlines()[-1]) == counts(created=520)


@pytest.mark.timeout(120)
def test_a_body_that_stops_is_not_waited_for(server, owner):
    with Raw(server.port, timeout=90) as raw:
        raw.send(head(owner))
        raw.send(b"9\r\nusername\n\r\n")
        status, _, _ = raw.answer(within=90)
    assert status == 408
