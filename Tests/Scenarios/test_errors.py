"""Errors: which one is told when several apply, and that bad input meets a clear answer and no harm."""

import json
import re
import time
import uuid

import httpx
import pytest
import yaml

from support import raw
from support.api import PREFIX, fields_of, problem, unique

JSON = {"Content-Type": "application/json"}
HUGE = b'{"username":"' + b"x" * (1 << 20) + b'"}'
ABSENT = "0190f3c2-7d1e-7abc-8def-0123456789ab"


def healthy(owner) -> None:
    """After bad input the server is as it was."""
    assert owner.get("/me").status_code == 200


# The order of errors


def test_405_comes_before_401(anonymous):
    response = anonymous.request("PUT", "/users", content=b"not json", headers={"Content-Type": "text/plain"})
    problem(response, 405, "method_not_allowed")


def test_401_comes_before_415(anonymous):
    problem(anonymous.post("/users", content=b"x", headers={"Content-Type": "text/plain"}), 401, "unauthenticated")
    problem(anonymous.post("/users", content=HUGE, headers={"Content-Type": "text/plain"}), 401, "unauthenticated")


def test_415_comes_before_413(owner):
    problem(owner.post("/users", content=HUGE, headers={"Content-Type": "text/plain"}), 415, "unsupported_media_type")


def test_413_comes_before_400(owner):
    problem(owner.post("/users", content=b"{" * ((1 << 20) + 1), headers=JSON), 413, "too_large")


def test_400_comes_before_404(owner):
    problem(owner.patch(f"/users/{ABSENT}", content=b"{", headers=JSON), 400, "malformed")
    problem(owner.patch(f"/users/{ABSENT}", json={"nope": 1}), 400, "malformed")
    problem(owner.patch("/users/not-an-id", content=b"{", headers=JSON), 400, "malformed")


def test_404_comes_before_403_412_and_422(owner, powerless):
    stale = {"If-Match": '"12345"'}
    problem(powerless.delete(f"/users/{ABSENT}", headers=stale), 404, "not_found")
    problem(owner.patch(f"/users/{ABSENT}", json={"email": "nobody"}, headers=stale), 404, "not_found")
    problem(owner.post(f"/users/{ABSENT}/password", json={"password": "short"}), 404, "not_found")
    problem(owner.post(f"/users/{ABSENT}/password", json={}), 404, "not_found")


def test_403_comes_before_412_and_422(powerless):
    mine = powerless.user_record["id"]
    problem(powerless.delete(f"/users/{mine}", headers={"If-Match": '"12345"'}), 403, "forbidden")
    problem(powerless.post("/users", json={"username": "no good"}), 403, "forbidden")
    problem(powerless.post(f"/users/{mine}/password", json={"password": "short"}), 403, "forbidden")


def test_412_comes_before_422(owner):
    user = owner.create_user()
    body = {"username": "no good"}
    response = owner.patch(f"/users/{user['id']}", json=body, headers={"If-Match": '"12345"'})
    problem(response, 412, "precondition_failed")


def test_422_comes_before_409(owner):
    user = owner.create_user()
    told = problem(owner.post("/users", json={"username": user["username"], "email": "nobody"}), 422, "invalid")
    assert "email" in fields_of(told)


# Each of them


@pytest.fixture(scope="module")
def contract(server):
    response = httpx.get(server.url + PREFIX + "/openapi.yaml", trust_env=False)
    assert response.status_code == 200
    return yaml.safe_load(response.text)


def test_the_contract_is_public_and_complete(contract):
    assert contract["openapi"].startswith("3.")
    for path in ("/setup", "/sessions", "/sessions/current", "/me", "/users", "/users/{id}", "/audit-events"):
        assert any(known.endswith(path) for known in contract["paths"]), path


METHODS = {"get", "post", "put", "patch", "delete"}


def test_every_path_tells_which_methods_it_has(contract, server, owner, anonymous):
    for path, operations in contract["paths"].items():
        path = path.removeprefix(PREFIX)
        concrete = re.sub(r"\{[^}]+\}", ABSENT, path)
        known = METHODS & set(operations)
        for method in METHODS - known:
            for api in (anonymous, owner):
                response = api.request(method.upper(), concrete)
                problem(response, 405, "method_not_allowed")
                allowed = {each.strip().lower() for each in response.headers["allow"].split(",")}
                assert known <= allowed and not (METHODS & allowed) - known, (path, allowed, known)


@pytest.mark.parametrize("path", ["/nope", "/users/x/nope", "/", "/users/", "//users", "/sessions/current/x"])
def test_what_is_not_there(anonymous, owner, path):
    assert owner.get(path).status_code in (404, 308, 301), owner.get(path).text
    assert anonymous.get(path).status_code in (401, 404, 308, 301)
    problem(owner.get("/nope"), 404, "not_found")


@pytest.mark.parametrize(
    "media",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "", None,
     "application/jsonx", "json", "application/json, text/plain", "application/vnd.api+json", "application/merge-patch+json"],
)  # fmt: skip
def test_only_json_creates(owner, media):
    headers = {} if media is None else {"Content-Type": media}
    body = json.dumps({"username": unique()}).encode()
    problem(owner.post("/users", content=body, headers=headers), 415, "unsupported_media_type")


@pytest.mark.parametrize("media", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON;charset=UTF-8"])
def test_json_is_json(owner, media):
    body = json.dumps({"username": unique()}).encode()
    assert owner.post("/users", content=body, headers={"Content-Type": media}).status_code == 201


def test_other_charsets_are_refused(owner):
    body = json.dumps({"username": unique()}).encode("utf-16")
    response = owner.post("/users", content=body, headers={"Content-Type": "application/json; charset=utf-16"})
    assert response.status_code in (400, 415), response.text


def test_compressed_bodies_are_refused(owner):
    import gzip

    body = gzip.compress(json.dumps({"username": unique()}).encode())
    response = owner.post("/users", content=body, headers={**JSON, "Content-Encoding": "gzip"})
    assert response.status_code in (400, 415), response.text


def bearer(owner) -> dict[str, str]:
    return {"Authorization": f"Bearer {owner.token}", **JSON}


def told(answer: tuple[int, dict, bytes], status: int, code: str) -> None:
    assert answer[0] == status, answer
    assert json.loads(answer[2])["code"] == code


def test_big_bodies_with_a_length(server, owner):
    limit = 1 << 20
    fits = b'{"username":"' + b"x" * (limit - 15) + b'"}'
    assert len(fits) == limit
    told(raw.request(server.port, "POST", PREFIX + "/users", bearer(owner), fits), 422, "invalid")
    told(raw.request(server.port, "POST", PREFIX + "/users", bearer(owner), b" " + fits), 413, "too_large")
    # Refused by its length alone, before it is sent.
    headers = {**bearer(owner), "Content-Length": "10000000000"}
    told(raw.request(server.port, "POST", PREFIX + "/users", headers, b""), 413, "too_large")
    healthy(owner)


def test_big_bodies_without_a_length(server, owner):
    piece = b" " * 65536
    told(raw.request(server.port, "POST", PREFIX + "/users", bearer(owner), [piece] * 17), 413, "too_large")
    fits = [b'{"username":"' + unique().encode() + b'"}', b" " * 1000]
    assert raw.request(server.port, "POST", PREFIX + "/users", bearer(owner), fits)[0] == 201
    healthy(owner)


def test_a_body_nobody_may_send_is_not_read(server):
    # Somebody anonymous gets 401, whatever the size, and cannot make the server read it all.
    answer = raw.request(server.port, "POST", PREFIX + "/users", {**JSON, "Content-Length": "10000000000"}, b"x")
    told(answer, 401, "unauthenticated")


MALFORMED = {
    "empty": b"",
    "blank": b"   ",
    "open object": b"{",
    "array": b"[]",
    "array of objects": b'[{"username":"a"}]',
    "string": b'"x"',
    "number": b"1",
    "null": b"null",
    "true": b"true",
    "text": b"username=a",
    "trailing comma": b'{"username":"a",}',
    "trailing text": b'{"username":"a"} x',
    "two objects": b'{"username":"a"}{"username":"b"}',
    "single quotes": b"{'username':'a'}",
    "no quotes": b"{username:1}",
    "comment": b'{"username":"a"/* */}',
    "NaN": b'{"username":"a","attributes":{"a":NaN}}',
    "Infinity": b'{"username":"a","attributes":{"a":Infinity}}',
    "leading zero": b'{"username":"a","attributes":{"a":01}}',
    "leading plus": b'{"username":"a","attributes":{"a":+1}}',
    "hexadecimal": b'{"username":"a","attributes":{"a":0x1}}',
    "bare point": b'{"username":"a","attributes":{"a":1.}}',
    "duplicate": b'{"username":"a","username":"b"}',
    "duplicate by escape": b'{"username":"a","\\u0075sername":"b"}',
    "duplicate inside": b'{"username":"a","attributes":{"x":1,"x":2}}',
    "invalid UTF-8": b'{"username":"a","name":"\xff\xfe"}',
    "overlong UTF-8": b'{"username":"a","name":"\xc0\xaf"}',
    "cut UTF-8": b'{"username":"a","name":"\xe2\x82"}',
    "surrogate as UTF-8": b'{"username":"a","name":"\xed\xa0\x80"}',
    "beyond Unicode": b'{"username":"a","name":"\xf5\x80\x80\x80"}',
    "UTF-16": '{"username":"a"}'.encode("utf-16"),
    "raw NUL": b'{"username":"a","name":"x\x00y"}',
    "NUL after": b'{"username":"a"}\x00',
    "raw newline": b'{"username":"a","name":"x\ny"}',
    "lone surrogate": b'{"username":"a","name":"\\ud800"}',
    "reversed surrogates": b'{"username":"a","name":"\\udc00\\ud800"}',
    "bad escape": b'{"username":"a","name":"\\x41"}',
    "cut escape": b'{"username":"a","name":"\\u12"}',
    "deep arrays": b'{"username":"a","attributes":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "open arrays": b"[" * 500_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep but closed": b'{"username":"a","attributes":' + b'{"a":' * 600 + b"1" + b"}" * 600 + b"}",
    "huge exponent": b'{"username":"a","attributes":{"a":1e999999999}}',
    "huge number": b'{"username":"a","attributes":{"a":' + b"9" * 400_000 + b"}}",
    "unknown member": b'{"username":"a","nope":1}',
    "very many members": b'{"username":"a",' + b",".join(b'"m%d":1' % n for n in range(60_000)) + b"}",
}
# Well formed for a tolerant reader, so that 422 for the field is as clear.
ALSO_INVALID = {"huge exponent", "huge number", "deep but closed"}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_json(owner, what):
    response = owner.post("/users", content=MALFORMED[what], headers=JSON)
    if what in ALSO_INVALID and response.status_code == 422:
        problem(response, 422, "invalid")
    else:
        problem(response, 400, "malformed")
    assert len(response.content) < 20_000, "a problem does not repeat what was sent"
    healthy(owner)


@pytest.mark.parametrize("what", ["deep objects", "duplicate", "invalid UTF-8", "array", "huge number"])
@pytest.mark.parametrize("path", ["/sessions", "/setup", "/sessions/challenge"])
def test_malformed_json_of_somebody_unknown(anonymous, owner, path, what):
    problem(anonymous.post(path, content=MALFORMED[what], headers=JSON), 400, "malformed")
    healthy(owner)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/sessions", {"username": "a", "password": "b"}),
        ("POST", "/sessions/challenge", {"challenge": "a", "newPassword": "b"}),
        ("PATCH", "/me", {"name": "a"}),
        ("POST", "/me/password", {"currentPassword": "a", "newPassword": "b"}),
        ("POST", "/users", {"username": "a"}),
        ("PATCH", f"/users/{ABSENT}", {"name": "a"}),
        ("POST", f"/users/{ABSENT}/password", {"password": "a"}),
    ],
)
def test_unknown_fields_are_named(owner, method, path, body):
    response = owner.request(method, path, json={**body, "surprise": 1})
    assert "surprise" in fields_of(problem(response, 400, "malformed"))
    first = next(iter(body))
    response = owner.request(method, path, json={**body, first: ["wrong type"]})
    assert first in fields_of(problem(response, 400, "malformed"))


@pytest.mark.parametrize("path", ["/sessions", "/sessions/challenge", "/me/password"])
def test_missing_fields_are_named(owner, path):
    told = problem(owner.post(path, json={}), 422, "invalid")
    assert len(fields_of(told)) == 2 and {error["code"] for error in told["errors"]} == {"required"}


# Headers


def test_a_request_id_is_echoed_or_made(anonymous, owner):
    assert owner.get("/me", headers={"X-Request-ID": "abc-123.DEF_4"}).headers["x-request-id"] == "abc-123.DEF_4"
    told = problem(anonymous.get("/me", headers={"X-Request-ID": "mine-42"}), 401, "unauthenticated")
    assert told["requestId"] == "mine-42"
    made = {owner.get("/me").headers["x-request-id"] for _ in range(5)}
    assert len(made) == 5 and all(len(each) >= 8 for each in made)


@pytest.mark.parametrize("bad", ["", "x" * 1000, 'with "quotes" and spaces', "<script>", "a\tb", "ü".encode("latin-1"), "a,b;c{d}"])
def test_a_bad_request_id_is_replaced(owner, bad):
    made = owner.get("/me", headers={"X-Request-ID": bad}).headers["x-request-id"]
    assert made and len(made) <= 200 and re.match(r"^[\x21-\x7e]+$", made), made
    assert "<" not in made and '"' not in made


def test_every_answer_carries_its_headers(server, owner, anonymous):
    user = owner.create_user()
    answers = [
        owner.get("/users"), owner.get(f"/users/{user['id']}"), owner.get("/me"), owner.get("/audit-events"),
        owner.get("/sessions/current"), owner.post("/users", json={"username": "no good"}), owner.get("/nope"),
        owner.request("PUT", "/users"), owner.patch(f"/users/{user['id']}", json={"name": "x"}), anonymous.get("/setup"),
        anonymous.get("/me"), owner.delete(f"/users/{user['id']}"), anonymous.client.get("/"),
        anonymous.client.get("/sign-in"), anonymous.client.get("/nope"), anonymous.get("/openapi.yaml"),
        owner.post("/users", content=b"x", headers={"Content-Type": "text/plain"}),
    ]  # fmt: skip
    for answer in answers:
        where = f"{answer.request.method} {answer.request.url} {answer.status_code}"
        assert answer.headers["x-content-type-options"] == "nosniff", where
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin", "strict-origin"), where
        assert answer.headers["x-request-id"], where
        assert "server" not in answer.headers and "x-powered-by" not in answer.headers, where
        if not answer.request.url.path.endswith("openapi.yaml"):
            assert "no-store" in answer.headers["cache-control"], where
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], where


def test_no_other_origin_is_let_in(owner):
    response = owner.get("/me", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in response.headers


# HTTP that is none


@pytest.mark.parametrize(
    "target",
    ["/api/v1/users/%zz", "/api/v1/users/%", "/%00", "/api/v1/../../etc/passwd", "/api/v1/%2e%2e/%2e%2e/etc/passwd",
     "/api/v1/users/%c0%af", "http://evil.example/api/v1/me", "*", "api/v1/me", "/" + "a" * 7000, "/" + "a/" * 3000,
     "/api/v1/users?" + "&".join(f"a{n}=1" for n in range(800)), "/realms/%00/api/v1/me", "/realms//api/v1/me", "/a?b#c"],
)  # fmt: skip
def test_odd_targets_meet_a_clear_answer(server, owner, target):
    status, _, body = raw.request(server.port, "GET", target)
    assert status in (0, 200, 301, 302, 303, 308, 400, 401, 404, 414, 431), (status, body[:200])
    assert b"root:" not in body
    healthy(owner)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"\r\n\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 5000,
        b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
        b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
        b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    ],
)  # fmt: skip
def test_no_http_at_all(server, owner, data):
    with raw.Raw(server.port) as connection:
        connection.send(data)
        connection.socket.shutdown(1)
        status, _, body = connection.answer()
        assert status in (0, 400, 401, 404, 411, 413, 415, 422, 501, 505) or 300 <= status < 400 or status == 200, (status, body[:200])
    healthy(owner)


def test_huge_headers_are_refused(server, owner):
    for headers in ({"X-Big": "x" * 200_000}, {f"X-{n}": "x" * 50 for n in range(4000)}, {"Cookie": "a=b; " * 40_000}):
        status, _, _ = raw.request(server.port, "GET", PREFIX + "/me", headers)
        assert status in (0, 400, 413, 431), status
        healthy(owner)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "PROPFIND", "PURGE"])
def test_odd_methods_meet_a_clear_answer(server, owner, method):
    for path in ("/users", "/me", "/setup"):
        status, headers, body = raw.request(server.port, method, PREFIX + path, {"Authorization": f"Bearer {owner.token}"})
        assert status == (200 if method == "HEAD" else status) and status in (200, 400, 405, 501), (path, status)
        assert owner.token.encode() not in body, "nothing is sent back"
        assert method == "HEAD" or status != 200
        if status == 405:
            assert "GET" in headers["allow"]
    healthy(owner)


def test_a_refused_method_leaves_a_connection_that_works_or_ends(server):
    for method in ("CONNECT", "TRACE", "OPTIONS", "BREW"):
        with raw.Raw(server.port) as connection:
            connection.send(f"{method} {PREFIX}/users HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.answer()[0] in (400, 405, 501)
            connection.send(f"GET {PREFIX}/setup HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.answer(within=5)[0] in (0, 200), method


def test_problems_tell_nothing_of_the_inside(owner):
    text = owner.get(f"/users/{uuid.uuid4()}").text + owner.get("/users", params={"filter": "x"}).text
    for word in ("SQL", "swift", "Swift", "GRDB", "/work", ".build", "fatal"):
        assert word not in text


# The management listener


def test_health_and_metrics_are_apart(server, anonymous):
    with httpx.Client(base_url=server.management, trust_env=False) as management:
        assert management.get("/health/live").status_code == 200
        assert management.get("/health/ready").status_code == 200
        metrics = management.get("/metrics")
        assert metrics.status_code == 200 and metrics.headers["content-type"].startswith("text/plain")
        assert "# TYPE" in metrics.text and "/api/v1/users" in metrics.text
        assert management.get("/api/v1/setup").status_code == 404
        assert management.get("/nope").status_code == 404
        assert management.post("/health/live").status_code == 405
    assert anonymous.client.get("/metrics").status_code in (303, 302, 404)
    assert anonymous.client.get("/health/ready").status_code in (303, 302, 404)


def test_the_access_log_tells_the_route_and_not_the_query(server, owner):
    user = owner.create_user()
    mark = "needle" + uuid.uuid4().hex
    owner.get(f"/users/{user['id']}", headers={"X-Request-ID": "logged-" + mark[-8:]})
    owner.get("/users", params={"q": mark})
    deadline = time.monotonic() + 5
    while "logged-" + mark[-8:] not in server.stderr:
        assert time.monotonic() < deadline, "the request is not in the log"
        time.sleep(0.05)
    log = server.stderr + server.stdout
    assert mark not in log
    assert "/api/v1/users/{id}" in log and user["id"] not in log
    assert owner.token not in log
