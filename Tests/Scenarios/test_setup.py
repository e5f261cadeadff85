"""The first administrator: a one-time link, and no default account."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest

from support.api import fields_of, problem
from support.server import OWNER, OWNER_PASSWORD, SETUP_TOKEN

NEW_OWNER = {"username": "ann", "password": OWNER_PASSWORD, "name": "Ann Berg", "email": "ann@example.org"}


@pytest.fixture
def fresh(make_server):
    return make_server(set_up=False)


def test_it_prints_one_link_that_sets_up_once(make_server):
    server = make_server(set_up=False, setup_token=None)
    links = server.setup_links()
    assert len(links) == 1, server.stdout
    assert links[0].startswith(server.url + "/setup?token=")
    token = parse_qs(urlsplit(links[0]).query)["token"][0]
    assert len(token) >= 43, "256 bits as base64url are 43 characters"
    with server.api() as api:
        assert api.get("/setup").json() == {"required": True}
        response = api.post("/setup", json={"setupToken": token, **NEW_OWNER})
        assert response.status_code == 201, response.text
        user = response.json()
        assert response.headers["location"].endswith("/api/v1/users/" + user["id"])
        assert response.headers["etag"]
        assert user["username"] == "ann" and user["email"] == "ann@example.org" and user["status"] == "active"
        assert user["emailVerified"] is False and user["store"] == "builtin" and user["attributes"] == {}
        assert "password" not in response.text
        assert api.get("/setup").json() == {"required": False}
    with server.sign_in("ann") as ann:
        assert ann.get("/me").json()["roles"] == ["owner"]
    server.restart()
    assert len(server.setup_links()) == 1, "a server that is set up prints no link"
    assert token not in server.stderr, "the token is for the terminal, not for the log"


def test_the_link_of_the_newest_start_works(make_server):
    server = make_server(set_up=False, setup_token=None)
    server.restart()
    links = server.setup_links()
    assert len(links) == 2
    token = parse_qs(urlsplit(links[1]).query)["token"][0]
    with server.api() as api:
        assert api.post("/setup", json={"setupToken": token, **NEW_OWNER}).status_code == 201


@pytest.mark.parametrize("username", ["admin", "root", "owner", "gatehouse"])
def test_there_is_no_default_account(fresh, username):
    with fresh.api() as api:
        for password in ("admin", username, "password", "gatehouse"):
            problem(api.sign_in(username, password), 401, "invalid_credentials")


@pytest.mark.parametrize("token", ["", "wrong", SETUP_TOKEN + "x", SETUP_TOKEN[:-1], SETUP_TOKEN.upper(), None])
def test_a_wrong_token_makes_nobody(fresh, token):
    body = dict(NEW_OWNER) if token is None else {"setupToken": token, **NEW_OWNER}
    with fresh.api() as api:
        problem(api.post("/setup", json=body), 403, "forbidden")
        assert api.get("/setup").json() == {"required": True}
        problem(api.sign_in("ann", OWNER_PASSWORD), 401, "invalid_credentials")


def test_a_wrong_token_hides_what_else_is_wrong(fresh):
    with fresh.api() as api:
        body = {"setupToken": "wrong", "username": "", "password": "x"}
        assert "errors" not in problem(api.post("/setup", json=body), 403, "forbidden")


def test_the_token_works_once(fresh):
    fresh.set_up()
    with fresh.api() as api:
        again = {"setupToken": SETUP_TOKEN, "username": "eve", "password": OWNER_PASSWORD}
        problem(api.post("/setup", json=again), 403, "forbidden")
    fresh.restart()
    with fresh.api() as api:
        problem(api.post("/setup", json=again), 403, "forbidden")
    with fresh.sign_in() as owner:
        assert [user["username"] for user in owner.all("/users")] == [OWNER]


def test_bad_fields_are_told_together_and_do_not_use_the_token_up(fresh):
    with fresh.api() as api:
        body = {"setupToken": SETUP_TOKEN, "username": "no spaces", "password": "short", "email": "nobody"}
        told = problem(api.post("/setup", json=body), 422, "invalid")
        assert fields_of(told) == {"username", "password", "email"}
        assert "short" not in str([error["message"] for error in told["errors"] if error["field"] != "password"])
        told = problem(api.post("/setup", json={"setupToken": SETUP_TOKEN}), 422, "invalid")
        assert fields_of(told) == {"username", "password"}
        assert api.post("/setup", json={"setupToken": SETUP_TOKEN, **NEW_OWNER}).status_code == 201


def test_unknown_fields_are_refused(fresh):
    with fresh.api() as api:
        body = {"setupToken": SETUP_TOKEN, **NEW_OWNER, "role": "owner"}
        assert "role" in fields_of(problem(api.post("/setup", json=body), 400, "malformed"))
        assert api.get("/setup").json() == {"required": True}


@pytest.mark.parametrize("clients", [2, 8])
def test_of_clients_that_race_one_wins(fresh, clients):
    barrier, statuses, codes = threading.Barrier(clients), [], set()

    def race(number: int) -> None:
        with fresh.api() as api:
            api.get("/setup")  # The connection is open before the race.
            barrier.wait()
            body = {"setupToken": SETUP_TOKEN, "username": f"racer{number}", "password": OWNER_PASSWORD}
            response = api.post("/setup", json=body)
            statuses.append(response.status_code)
            if response.status_code != 201:
                codes.add(response.json()["code"])

    threads = [threading.Thread(target=race, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] + [403] * (clients - 1)
    assert codes == {"forbidden"}
    with fresh.api() as api:
        winners = [api.sign_in(f"racer{number}", OWNER_PASSWORD) for number in range(clients)]
        tokens = [answer.json()["token"] for answer in winners if answer.status_code == 201]
        assert len(tokens) == 1
        assert len(api.with_token(tokens[0]).all("/users")) == 1


def test_the_token_is_kept_nowhere_readable(fresh):
    fresh.set_up()
    fresh.stop()
    for path in fresh.data.rglob("*"):
        if path.is_file():
            assert SETUP_TOKEN.encode() not in path.read_bytes(), path
    assert SETUP_TOKEN not in fresh.stderr


def test_the_token_can_come_from_a_file(make_server, tmp_path):
    secret = tmp_path / "token"
    secret.write_text("a-token-from-a-file-0123456789abcdefghijklm\n")
    server = make_server(set_up=False, setup_token=None, environment={"GATEHOUSE_SETUP_TOKEN_FILE": str(secret)})
    with server.api() as api:
        body = {"setupToken": "a-token-from-a-file-0123456789abcdefghijklm", **NEW_OWNER}
        assert api.post("/setup", json=body).status_code == 201
