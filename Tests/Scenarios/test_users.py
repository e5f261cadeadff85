"""Users over the API: the whole life of one, and everything that must be refused."""

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.api import fields_of, problem, unique
from support.server import ENGINE, OWNER, OWNER_PASSWORD

MEMBERS = {
    "id", "username", "name", "email", "emailVerified", "status", "store", "attributes", "createdAt", "updatedAt",
    "lastSignInAt",
}  # fmt: skip
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")


# Creating


def test_a_created_user_is_answered_whole_and_can_sign_in(owner, anonymous, password):
    username = unique("Ann.Berg")
    body = {
        "username": username, "name": "Ann Berg", "email": f"{username}@example.org", "password": password,
        "attributes": {"badge": "A-17", "floor": 3, "remote": True, "teams": ["red", "blue"], "ratio": 0.5},
    }  # fmt: skip
    response = owner.post("/users", json=body)
    assert response.status_code == 201, response.text
    user = response.json()
    assert set(user) == MEMBERS
    for member in ("username", "name", "email", "attributes"):
        assert user[member] == body[member]
    assert user["status"] == "active" and user["emailVerified"] is False and user["store"] == "builtin"
    assert user["lastSignInAt"] is None
    assert TIME.match(user["createdAt"]) and TIME.match(user["updatedAt"])
    assert uuid.UUID(user["id"]).version == 7 and user["id"] == str(uuid.UUID(user["id"]))
    assert response.headers["location"].endswith("/api/v1/users/" + user["id"])
    assert response.headers["gatehouse-revision"]
    read = owner.get(f"/users/{user['id']}")
    assert read.json() == user and read.headers["etag"] == response.headers["etag"]
    assert owner.client.get(response.headers["location"]).json() == user
    assert anonymous.sign_in(username, password).status_code == 201


def test_only_the_user_name_is_needed(owner, anonymous):
    user = owner.create_user()
    assert user["status"] == "invited" and user["name"] is None and user["email"] is None and user["attributes"] == {}
    for guess in ("", user["username"], "null"):
        problem(anonymous.sign_in(user["username"], guess), 401, "invalid_credentials")


GOOD_NAMES = ["a", "0", "~", "A.b-c_d~e@f+g", "ann@example.org", "x" * 256, ".", "-", "aaaaaaaa-bbbb-cccc-dddd"]
BAD_NAMES = [
    "", "x" * 257, "two words", " lead", "trail ", "ä", "a/b", "a\\b", "a'b", 'a"b', "a<b", "a\tb", "a\nb", "a\u200bb", "a%b",
    "ａnn", "аnn", "a\u0301", "a:b", "a,b", "a#b", "a*b",
    "0190f3c2-7d1e-7abc-8def-0123456789ab", "0190F3C2-7D1E-7ABC-8DEF-0123456789AB", "00000000-0000-0000-0000-000000000000",
]  # fmt: skip


@pytest.mark.parametrize("username", GOOD_NAMES)
def test_good_user_names(owner, username):
    user = owner.create_user(username)
    assert user["username"] == username
    assert owner.delete(f"/users/{user['id']}").status_code == 204


@pytest.mark.parametrize("username", BAD_NAMES)
def test_bad_user_names(owner, username):
    assert fields_of(problem(owner.post("/users", json={"username": username}), 422, "invalid")) == {"username"}


@pytest.mark.parametrize(
    "email",
    [
        "a@b.org", "first.last+tag@sub.example.org", "O'Hara@example.org", "x@xn--bcher-kva.example", "a_b-c@example.co",
        "UPPER@Example.ORG", "l" * 64 + "@example.org",
    ],
)  # fmt: skip
def test_good_addresses(owner, email):
    assert owner.create_user(email=email)["email"] == email


@pytest.mark.parametrize(
    "email",
    [
        "", "a", "a@", "@b.org", "a b@example.org", "a@b@c.org", "a@b..org", "a@.b.org", "a@b.org.", "a@-b.org", "a\n@b.org",
        "a@b.org\r\nBcc: x@y.org", "a@b.org, c@d.org", "x" * 300 + "@b.org", "Ann <a@b.org>", "a@b.org\x00", " a@b.org",
        ".a@b.org", "a..b@c.org",
    ],
)  # fmt: skip
def test_bad_addresses(owner, email):
    response = owner.post("/users", json={"username": unique(), "email": email})
    if "\x00" in email:
        assert response.status_code in (400, 422), response.text
    else:
        assert fields_of(problem(response, 422, "invalid")) == {"email"}


def test_good_passwords(owner, anonymous):
    for password in ("fifteen letters"[:15], "x9 Kp" * 51 + "z", "Öl auf Brot im März", "🦊🦔🦉 three wild animals"):
        user = owner.create_user(password=password)
        assert anonymous.sign_in(user["username"], password).status_code == 201, password


@pytest.mark.parametrize(
    "password",
    [
        "", "x", "fourteen chars", "q7 Kp" * 51 + "zz",
        "passwordpassword", "1234567890987654321", "qwertyuiopqwertyuiop", "letmeinletmeinletmein", "dragondragondragon",
        "I love gatehouse so much", "GateHouse-2026-summer",
        "my name is zebediah ok", "MY NAME IS ZEBEDIAH OK", "quokka.mail is my address",
    ],
)  # fmt: skip
def test_bad_passwords(owner, password):
    body = {"username": "zebediah", "email": "quokka.mail@example.org", "password": password}
    told = problem(owner.post("/users", json=body), 422, "invalid")
    assert fields_of(told) == {"password"}
    assert not password or password not in str(told), "a refused password is not repeated"


def test_passwords_are_compared_after_nfc(owner, anonymous):
    composed, decomposed = "caf\u00e9 au lait \u00e0 Orl\u00e9ans", "cafe\u0301 au lait a\u0300 Orle\u0301ans"
    user = owner.create_user(password=decomposed)
    assert anonymous.sign_in(user["username"], composed).status_code == 201
    assert anonymous.sign_in(user["username"], decomposed).status_code == 201
    problem(anonymous.sign_in(user["username"], composed + " "), 401, "invalid_credentials")
    problem(anonymous.sign_in(user["username"], composed.upper()), 401, "invalid_credentials")


@pytest.mark.parametrize(
    "name", ["Ann", "Ånn Bërg", "安", 'quote " quote', "<b>bold</b>", "x" * 200, "\u202eevil", 'a"\u0301b', "O'Hara & Sons"]
)
def test_names_are_kept_as_written(owner, name):
    response = owner.post("/users", json={"username": unique(), "name": name})
    if response.status_code == 201:
        assert response.json()["name"] == name
        assert owner.user(response.json()["id"])["name"] == name
    else:
        # Control characters that turn text around may be refused; nothing else here.
        assert name.startswith("\u202e"), response.text
        assert fields_of(problem(response, 422, "invalid")) == {"name"}


@pytest.mark.parametrize("name", ["a\u0000b", "a\u0007b", "line\nbreak", "x" * 10_000])
def test_names_that_are_none(owner, name):
    response = owner.post("/users", json={"username": unique(), "name": name})
    assert response.status_code in (400, 422), response.text
    assert fields_of(response.json()) <= {"name"}


def test_all_that_is_wrong_is_told_at_once(owner):
    body = {"username": "no good", "email": "nobody", "password": "short"}
    assert fields_of(problem(owner.post("/users", json=body), 422, "invalid")) == {"username", "email", "password"}


@pytest.mark.parametrize(
    "attributes", [{"a": {"b": 1}}, {"a": [{"b": 1}]}, {"a": [[1]]}, {"": "x"}, {"a" * 200: 1}, {"a": "x" * 200_000}]
)
def test_attributes_are_plain_values(owner, attributes):
    response = owner.post("/users", json={"username": unique(), "attributes": attributes})
    assert response.status_code in (400, 422), response.text
    fields = fields_of(response.json())
    assert fields and all(field.split(".")[0] == "attributes" for field in fields), response.text


@pytest.mark.parametrize(
    "body",
    [
        {"username": 5}, {"username": ["a"]}, {"username": "a", "name": 5}, {"username": "a", "email": {}},
        {"username": "a", "attributes": []}, {"username": "a", "attributes": "x"}, {"username": "a", "password": 12345678901234567},
        {"username": "a", "status": "active"}, {"username": "a", "id": str(uuid.uuid4())}, {"username": "a", "roles": ["owner"]},
        {"username": "a", "emailVerified": True}, {"username": "a", "userName": "b"}, {"Username": "a"},
    ],
)  # fmt: skip
def test_wrong_types_and_unknown_fields(owner, body):
    told = problem(owner.post("/users", json=body), 400, "malformed")
    assert fields_of(told), told


# Names are unique


def test_a_taken_name_is_a_conflict_whatever_its_case(owner):
    user = owner.create_user(unique("Taken"))
    for name in (user["username"], user["username"].upper(), user["username"].lower()):
        told = problem(owner.post("/users", json={"username": name}), 409, "conflict")
        assert "username" in fields_of(told) or name in told["detail"] or "name" in told["detail"].lower()
    other = owner.create_user()
    problem(owner.patch(f"/users/{other['id']}", json={"username": user["username"].upper()}), 409, "conflict")
    assert owner.user(other["id"])["username"] == other["username"]
    problem(owner.post("/users", json={"username": OWNER.upper()}), 409, "conflict")


def test_a_name_is_free_again_after_deleting(owner):
    user = owner.create_user()
    owner.delete(f"/users/{user['id']}")
    again = owner.create_user(user["username"])
    assert again["id"] != user["id"]
    problem(owner.get(f"/users/{user['id']}"), 404, "not_found")


def test_of_two_creates_at_once_one_wins(server, owner):
    for _ in range(5):
        name, barrier = unique("Race"), threading.Barrier(4)

        def create(number: int) -> int:
            with server.api(owner.token) as api:
                api.get("/me")
                barrier.wait()
                spelled = name.upper() if number % 2 else name
                return api.post("/users", json={"username": spelled}).status_code

        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(pool.map(create, range(4)))
        assert statuses == [201, 409, 409, 409]
        assert len(owner.all("/users", filter=f'username eq "{name}"')) == 1


# Changing


def test_a_merge_patch_changes_what_it_names(owner):
    user = owner.create_user(
        name="Ann", email="merge@example.org", attributes={"keep": 1, "drop": 2, "change": [1, 2]}
    )
    path = f"/users/{user['id']}"
    patched = owner.patch(path, json={"name": "Ann Berg"}).json()
    assert patched["name"] == "Ann Berg" and patched["email"] == "merge@example.org"
    assert patched["updatedAt"] >= user["updatedAt"] and patched["createdAt"] == user["createdAt"]
    patched = owner.patch(path, json={"attributes": {"drop": None, "change": ["x"], "new": True, "absent": None}}).json()
    assert patched["attributes"] == {"keep": 1, "change": ["x"], "new": True} and patched["name"] == "Ann Berg"
    patched = owner.patch(path, json={"name": None, "email": None}).json()
    assert patched["name"] is None and patched["email"] is None
    patched = owner.patch(path, json={"attributes": None}).json()
    assert patched["attributes"] == {}
    patched = owner.patch(path, json={"emailVerified": True, "email": "again@example.org"})
    assert patched.status_code == 200 and patched.json()["emailVerified"] is True
    assert owner.user(user["id"]) == patched.json()


def test_a_new_address_is_not_a_verified_one(owner):
    user = owner.create_user(email="first@example.org")
    owner.patch(f"/users/{user['id']}", json={"emailVerified": True})
    changed = owner.patch(f"/users/{user['id']}", json={"email": "second@example.org"}).json()
    assert changed["emailVerified"] is False


def test_both_media_types_patch(owner):
    user = owner.create_user()
    for media in ("application/json", "application/merge-patch+json", "application/merge-patch+json; charset=utf-8"):
        response = owner.patch(f"/users/{user['id']}", content=b'{"name":"x"}', headers={"Content-Type": media})
        assert response.status_code == 200, response.text


def test_an_empty_patch_changes_nothing(owner):
    user = owner.create_user(name="Ann")
    etag = owner.get(f"/users/{user['id']}").headers["etag"]
    response = owner.patch(f"/users/{user['id']}", json={})
    assert response.status_code == 200 and response.json() == user and response.headers["etag"] == etag


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ({"username": "no good"}, {422}), ({"username": None}, {400, 422}), ({"username": ""}, {422}),
        ({"username": str(uuid.uuid4())}, {422}), ({"email": "nobody"}, {422}), ({"emailVerified": "yes"}, {400}),
        ({"emailVerified": None}, {400, 422}), ({"id": str(uuid.uuid4())}, {400}), ({"status": "disabled"}, {400}),
        ({"createdAt": "2020-01-01T00:00:00Z"}, {400}), ({"password": "a good long password"}, {400}),
        ({"store": "ldap"}, {400}), ({"attributes": {"a": {"b": 1}}}, {400, 422}), ({"attributes": 5}, {400}), ({"name": 5}, {400}),
    ],
)  # fmt: skip
def test_patches_that_are_refused_change_nothing(owner, patch, status):
    user = owner.create_user(name="Ann", attributes={"a": 1})
    response = owner.patch(f"/users/{user['id']}", json={"name": "Changed", **patch})
    assert response.status_code in status, response.text
    assert owner.user(user["id"]) == user


def test_renaming_moves_the_sign_in(owner, person, password, anonymous):
    user, name = person(), unique("renamed")
    assert owner.patch(f"/users/{user['id']}", json={"username": name}).json()["username"] == name
    assert anonymous.sign_in(name, password).status_code == 201
    problem(anonymous.sign_in(user["username"], password), 401, "invalid_credentials")
    # Its own name in another case is no conflict.
    shouted = owner.patch(f"/users/{user['id']}", json={"username": name.upper()})
    assert shouted.status_code == 200 and shouted.json()["username"] == name.upper()


def test_a_set_password_is_the_one_that_counts(owner, person, password, anonymous):
    user, new = person(), "eleven violet lanterns hum"
    response = owner.post(f"/users/{user['id']}/password", json={"password": new})
    assert response.status_code == 204 and response.content == b""
    problem(anonymous.sign_in(user["username"], password), 401, "invalid_credentials")
    assert anonymous.sign_in(user["username"], new).status_code == 201
    invited = owner.create_user()
    owner.post(f"/users/{invited['id']}/password", json={"password": new})
    assert owner.user(invited["id"])["status"] == "active"
    assert anonymous.sign_in(invited["username"], new).status_code == 201
    told = problem(owner.post(f"/users/{user['id']}/password", json={"password": "short"}), 422, "invalid")
    assert fields_of(told) == {"password"}
    named = {"password": f"me is {user['username']} here"}
    assert fields_of(problem(owner.post(f"/users/{user['id']}/password", json=named), 422, "invalid")) == {"password"}
    for body in ({}, {"password": None}):
        assert owner.post(f"/users/{user['id']}/password", json=body).status_code == 422
    for body in ({"password": new, "mustChange": "yes"}, {"password": 1}, {"password": new, "force": True}):
        problem(owner.post(f"/users/{user['id']}/password", json=body), 400, "malformed")


# Status


def test_disabling_and_enabling(owner, person, password, anonymous):
    user = person()
    for _ in range(2):
        response = owner.post(f"/users/{user['id']}/disable")
        assert response.status_code == 200 and response.json()["status"] == "disabled" and response.headers["etag"]
    problem(anonymous.sign_in(user["username"], password), 401, "invalid_credentials")
    for _ in range(2):
        response = owner.post(f"/users/{user['id']}/enable")
        assert response.status_code == 200 and response.json()["status"] == "active"
    assert anonymous.sign_in(user["username"], password).status_code == 201
    assert owner.post(f"/users/{user['id']}/unlock").json()["status"] == "active"


def test_an_invited_user_stays_invited(owner):
    user = owner.create_user()
    assert owner.post(f"/users/{user['id']}/disable").json()["status"] == "disabled"
    assert owner.post(f"/users/{user['id']}/enable").json()["status"] == "invited"


def test_the_last_owner_stays(server, owner):
    me = owner.get("/me").json()["id"]
    problem(owner.delete(f"/users/{me}"), 409, "conflict")
    problem(owner.post(f"/users/{me}/disable"), 409, "conflict")
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _: owner.delete(f"/users/{me}").status_code, range(4)))
    assert statuses == [409] * 4
    assert owner.get("/me").json()["status"] == "active"
    server.sign_in(OWNER, OWNER_PASSWORD).close()


def test_deleting(owner, person, password, anonymous):
    user = person()
    response = owner.delete(f"/users/{user['id']}")
    assert response.status_code == 204 and response.content == b"" and response.headers["gatehouse-revision"]
    for call in (
        owner.get(f"/users/{user['id']}"), owner.delete(f"/users/{user['id']}"), owner.patch(f"/users/{user['id']}", json={}),
        owner.post(f"/users/{user['id']}/disable"), owner.post(f"/users/{user['id']}/unlock"),
        owner.get(f"/users/{user['id']}/sessions"), owner.delete(f"/users/{user['id']}/sessions"),
        owner.post(f"/users/{user['id']}/password", json={"password": password}),
    ):  # fmt: skip
        problem(call, 404, "not_found")
    problem(anonymous.sign_in(user["username"], password), 401, "invalid_credentials")
    assert owner.all("/users", filter=f'username eq "{user["username"]}"') == []


@pytest.mark.parametrize("user_id", ["nobody", "0", "x" * 300, "%00", "..%2fme", "%ff", "0190f3c2-7d1e-7abc-8def-0123456789ab"])
def test_absent_users_look_alike(owner, user_id):
    told = problem(owner.get(f"/users/{user_id}"), 404, "not_found")
    expected = problem(owner.get(f"/users/{uuid.uuid4()}"), 404, "not_found")
    assert {**told, "requestId": ""} == {**expected, "requestId": ""}


# Versions


def test_if_match_protects_against_lost_updates(owner):
    user = owner.create_user(name="Ann")
    path = f"/users/{user['id']}"
    first = owner.get(path).headers["etag"]
    assert re.match(r'^"[^"]+"$', first), "a strong tag"
    changed = owner.patch(path, json={"name": "Bea"}, headers={"If-Match": first})
    assert changed.status_code == 200 and changed.headers["etag"] != first
    problem(owner.patch(path, json={"name": "Cid"}, headers={"If-Match": first}), 412, "precondition_failed")
    problem(owner.delete(path, headers={"If-Match": first}), 412, "precondition_failed")
    problem(owner.post(path + "/disable", headers={"If-Match": first}), 412, "precondition_failed")
    assert owner.user(user["id"])["name"] == "Bea"
    for tag in ("W/" + changed.headers["etag"], '"foreign"', "unquoted", '""', '"999999999999999999999999"', '"-1"'):
        response = owner.patch(path, json={"name": "Dora"}, headers={"If-Match": tag})
        assert response.status_code in (400, 412), (tag, response.text)
    assert owner.user(user["id"])["name"] == "Bea"
    assert owner.patch(path, json={"name": "Eve"}, headers={"If-Match": "*"}).status_code == 200
    last = owner.get(path).headers["etag"]
    assert owner.patch(path, json={"name": "Fay"}, headers={"If-Match": f'"foreign", {last}'}).status_code == 200
    last = owner.get(path).headers["etag"]
    assert owner.delete(path, headers={"If-Match": last}).status_code == 204


def test_of_two_changes_from_one_version_one_wins(server, owner):
    user = owner.create_user(name="Ann")
    path, barrier = f"/users/{user['id']}", threading.Barrier(4)
    etag = owner.get(path).headers["etag"]

    def change(number: int) -> int:
        with server.api(owner.token) as api:
            api.get("/me")
            barrier.wait()
            return api.patch(path, json={"name": f"Ann {number}"}, headers={"If-Match": etag}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, range(4))) == [200, 412, 412, 412]


def test_a_version_that_is_known_is_not_sent_again(owner):
    user = owner.create_user()
    path = f"/users/{user['id']}"
    etag = owner.get(path).headers["etag"]
    for tag in (etag, "W/" + etag, "*", f'"foreign", {etag}'):
        response = owner.get(path, headers={"If-None-Match": tag})
        assert response.status_code == 304 and response.content == b"" and response.headers["etag"] == etag, tag
    assert owner.get(path, headers={"If-None-Match": '"foreign"'}).status_code == 200


def test_signing_in_is_no_change(owner, person, password, anonymous):
    user = person()
    etag = owner.get(f"/users/{user['id']}").headers["etag"]
    anonymous.sign_in(user["username"], password)
    after = owner.get(f"/users/{user['id']}")
    assert after.headers["etag"] == etag and after.json()["lastSignInAt"] is not None
    assert after.json()["updatedAt"] == user["updatedAt"]


# Idempotency


def test_a_repeated_create_answers_the_same_user(owner, password):
    body, key = {"username": unique(), "name": "Once", "password": password}, {"Idempotency-Key": str(uuid.uuid4())}
    first = owner.post("/users", json=body, headers=key)
    again = owner.post("/users", json=body, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"] and again.headers["location"] == first.headers["location"]
    other = owner.post("/users", json={**body, "username": unique()}, headers=key)
    assert other.status_code in (409, 422), other.text
    assert owner.all("/users", filter=f'username eq "{body["username"]}"')[0]["id"] == first.json()["id"]


def test_a_refused_create_does_not_use_the_key_up(owner):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    problem(owner.post("/users", json={"username": "no good"}, headers=key), 422, "invalid")
    assert owner.post("/users", json={"username": unique()}, headers=key).status_code == 201


def test_repeats_at_once_make_one_user(server, owner):
    body, key, barrier = {"username": unique()}, {"Idempotency-Key": str(uuid.uuid4())}, threading.Barrier(4)

    def create(_: int):
        with server.api(owner.token) as api:
            api.get("/me")
            barrier.wait()
            return api.post("/users", json=body, headers=key)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(create, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4, [answer.text for answer in answers]
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.parametrize("key", ["x" * 256, "tab\there", "ümlaut".encode()])
def test_bad_idempotency_keys(owner, key):
    problem(owner.post("/users", json={"username": unique()}, headers={"Idempotency-Key": key}), 400, "malformed")


# Revisions


def test_a_revision_can_be_asked_for(owner):
    revision = owner.post("/users", json={"username": unique()}).headers["gatehouse-revision"]
    assert owner.get("/users", headers={"Gatehouse-At-Least": revision}).status_code == 200
    later = owner.post("/users", json={"username": unique()}).headers["gatehouse-revision"]
    # With several nodes a change is answered before it has a number of its own: two may say the same, "all until now".
    assert later != revision or ENGINE == "postgres"
    assert owner.get("/me", headers={"Gatehouse-At-Least": revision}).status_code == 200
    for wrong in ("nonsense", "", "-1", "1.2.3", "1.99999999999999999999999"):
        problem(owner.get("/me", headers={"Gatehouse-At-Least": wrong}), 400, "malformed")
    future = re.sub(r"\d+(?=\+?$)", lambda found: str(int(found[0]) + 1_000_000), later)
    assert future != later
    response = owner.get("/me", headers={"Gatehouse-At-Least": future})
    problem(response, 503, "unavailable")
    assert response.elapsed.total_seconds() < 3


# Somebody without any permission


def test_somebody_powerless_sees_itself_and_changes_nobody(powerless, owner):
    mine, other = powerless.user_record["id"], owner.create_user(name="Somebody else")
    items = powerless.all("/users")
    assert [item["id"] for item in items] == [mine]
    assert powerless.get("/users", params={"filter": f'id eq "{other["id"]}"'}).json()["items"] == []
    assert powerless.get("/users").json()["page"]["total"] in (1, None)
    told = problem(powerless.post("/users", json={"username": unique()}), 403, "forbidden")
    assert "user:create" in told["detail"]
    path = f"/users/{other['id']}"
    absent = problem(powerless.get(f"/users/{uuid.uuid4()}"), 404, "not_found")
    for call in (
        powerless.get(path), powerless.patch(path, json={"name": "x"}), powerless.delete(path), powerless.post(path + "/disable"),
        powerless.post(path + "/enable"), powerless.post(path + "/unlock"), powerless.get(path + "/sessions"),
        powerless.delete(path + "/sessions"), powerless.post(path + "/password", json={"password": "a very good long one"}),
    ):  # fmt: skip
        assert {**problem(call, 404, "not_found"), "requestId": ""} == {**absent, "requestId": ""}
    for call, permission in (
        (powerless.delete(f"/users/{mine}"), "user:delete"),
        (powerless.post(f"/users/{mine}/disable"), "user:disable"),
        (powerless.post(f"/users/{mine}/unlock"), "user:unlock"),
        (powerless.patch(f"/users/{mine}", json={"username": unique()}), "user:update"),
        (powerless.patch(f"/users/{mine}", json={"attributes": {"admin": True}}), "user:update"),
        (powerless.post(f"/users/{mine}/password", json={"password": "a very good long one"}), "user:reset-password"),
    ):
        assert permission in problem(call, 403, "forbidden")["detail"]
    assert powerless.get("/audit-events").json()["items"] == []
    assert powerless.get("/audit-events/verify").status_code == 403
    assert owner.user(other["id"]) == other
