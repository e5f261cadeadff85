"""Importing and exporting in the console, without JavaScript."""

import json

from support.api import unique
from support.html import Browser, Page
from support.raw import request
from support.server import OWNER, OWNER_PASSWORD

ROWS = "username,name\n{0}-1,One\n{0}-2,Two\na b,Three\n"


def upload(admin, rows: bytes, filename: str = "people.csv", on_conflict: str = "fail", csrf: str | None = None):
    form = admin.get("/user-imports").ok().form("csrf", "text", "file")
    token = dict(form.pairs())["csrf"] if csrf is None else csrf
    return admin.client.post(
        form.path, data={"csrf": token, "onConflict": on_conflict, "text": ""}, files={"file": (filename, rows, "text/csv")}
    )


def landed(admin, answer) -> Page:
    assert answer.status_code == 303, answer.text[:500]
    for _ in range(100):
        page = admin.get(answer.headers["location"]).ok()
        if "refresh" not in page.response.headers:
            return page
    raise AssertionError("still working")


def test_a_file_is_looked_at_first_and_then_goes_in(server, admin, owner):
    name = unique("console")
    page = landed(admin, upload(admin, ROWS.format(name).encode()))
    assert "Nothing has been changed yet" in page.text and f"{name}-1" in page.text and "Use letters, digits" in page.text
    assert owner.get("/users", params={"q": name}).json()["items"] == []
    [link] = set(page.links("/report"))
    assert [json.loads(line)["row"] for line in admin.get(link.removeprefix(server.url)).ok().response.text.splitlines()] == [3]
    result = page.form("csrf", button="Import 2 users").submit(button="Import 2 users")
    for _ in range(100):
        if "refresh" not in result.response.headers:
            break
        result = admin.get(result.path)
    assert "What was imported" in result.text and "Use letters, digits" in result.text
    assert len(owner.get("/users", params={"q": name}).json()["items"]) == 2
    # Sent again, it changes nothing: the page after a reload is the same.
    assert "What was imported" in admin.get(result.path).ok().text


def test_rows_can_be_pasted_and_changed_by_another_file(admin, owner):
    name = unique("pasted")
    form = admin.get("/user-imports").ok().form("csrf", "text", "file")
    token = dict(form.pairs())["csrf"]
    parts = {"csrf": (None, token), "onConflict": (None, "fail"), "text": (None, f"username\r\n{name}\r\n"), "file": ("", b"")}
    page = landed(admin, admin.client.post(form.path, files=parts))
    page.form("csrf", button="Import 1 user").submit(button="Import 1 user")
    lines = json.dumps({"username": name, "name": "Changed"}).encode()
    page = landed(admin, upload(admin, lines, filename="people.jsonl", on_conflict="update"))
    result = page.form("csrf", button="Import 1 user").submit(button="Import 1 user")
    assert result.response.status_code == 200
    for _ in range(100):
        [user] = owner.get("/users", params={"q": name}).json()["items"]
        if user["name"] == "Changed":
            break
    assert user["name"] == "Changed"


def test_what_is_no_file_of_users_is_said_and_a_form_that_is_not_ours_is_refused(server, admin):
    page = landed(admin, upload(admin, b"shoe,size\n1,2\n"))
    assert "Nothing was imported" in page.text and "shoe" in page.text
    assert upload(admin, b"username\n", csrf="x" * 43).status_code == 403
    assert upload(admin, b"").status_code == 422
    status, _, _ = request(server.port, "POST", "/user-imports", {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--\r\n")
    assert status == 303


def test_an_import_belongs_to_the_session_it_was_made_in(server, admin, owner):
    answer = upload(admin, b"username\nsomebody-else\n")
    path = answer.headers["location"]
    landed(admin, answer)
    with Browser(server.url) as other:
        other.sign_in(OWNER, OWNER_PASSWORD)
        assert other.get(path).response.status_code == 404
        assert other.get(path + "/report").response.status_code == 404


def test_an_export_is_downloaded(admin):
    form = admin.get("/user-exports").ok().form("csrf", "format")
    plain = form.submit({"format": "csv"})
    assert plain.response.headers["content-type"].startswith("text/csv")
    assert "attachment" in plain.response.headers["content-disposition"]
    assert plain.response.text.startswith("username,name,email,status\r\n") or ",attributes." in plain.response.text
    assert "argon2" not in plain.response.text
    secret = form.submit({"format": "jsonl", "secrets": "true"})
    assert any("argon2id" in (json.loads(line)["passwordHash"] or "") for line in secret.response.text.splitlines())
