"""What hostile clients do to connections: answers that get out of step, bodies and readers that never end, who is believed."""

import os
import socket
import time

import httpx
import pytest

from support import raw
from support.raw import Raw
from support.server import run_to_end

pytestmark = pytest.mark.once("storage plays no part")

SETUP = "/api/v1/setup"


def descriptors(server) -> int:
    """How many sockets the server holds."""
    folder = f"/proc/{server.process.pid}/fd"
    return sum(os.readlink(f"{folder}/{name}").startswith("socket:") for name in os.listdir(folder))


def request(method: str, path: str, *lines: str) -> str:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: a", *lines, "", ""])


# Answers stay in step


@pytest.mark.parametrize(
    "path",
    ["/nope", "/%00", "//", "/sign-out", "/sign-in", "/users", "/api/v1/nope", "/api/v1/users/x/enable", "/api/v1/users", SETUP,
     "/realms/nope/api/v1/me", "/realms/nope/"],
)  # fmt: skip
def test_head_never_has_a_body(server, path):
    with Raw(server.port) as connection:
        connection.send(request("HEAD", path) + request("GET", SETUP))
        status, _, rest = connection.answer(bodiless=True)
        assert status in (200, 303, 401, 404, 405)
        # What follows the head is the next answer, or has not come yet.
        assert rest == b"" or rest.startswith(b"HTTP/1.1 200 "), rest[:200]


def test_head_never_has_a_body_on_the_management_listener(server):
    for path in ("/nope", "/metrics", "/health/live"):
        with Raw(server.management_port) as connection:
            connection.send(request("HEAD", path, "Connection: close"))
            assert connection.answer(bodiless=True)[2] == b""


def test_a_request_has_one_host(server):
    with Raw(server.port) as connection:
        connection.send(request("GET", SETUP, "Host: b"))
        assert connection.answer()[0] == 400
        # A refusal of words, not of framing: the connection goes on in step.
        connection.send(request("GET", SETUP))
        assert connection.answer()[0] == 200


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (["Content-Length: 2", "Content-Length: 2"], "{}"),
        (["Content-Length: 2, 2"], "{}"),
        (["Content-Length: +2"], "{}"),
        (["Content-Length : 2"], "{}"),
        (["Content-Length:", " 2"], "{}"),
        (["Content-Length: 3", "Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\n\r\n"),
        (["Transfer-Encoding: chunked, identity"], "2\r\n{}\r\n0\r\n\r\n"),
        (["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], "2\r\n{}\r\n0\r\n\r\n"),
        (["Transfer-Encoding: \x0bchunked"], "2\r\n{}\r\n0\r\n\r\n"),
        (["Transfer-Encoding: chunked"], "2\n{}\n0\n\n"),
        (["Transfer-Encoding: chunked"], "2\r\n{}XX0\r\n\r\n"),
        (["Transfer-Encoding: chunked"], "2\r\n{}\r\n0\r\nContent-Length: 40\r\n\r\n"),
    ],
)
def test_what_two_servers_could_read_differently_is_read_by_none(server, framing, body):
    """Whatever is smuggled behind a body of doubtful length is never answered."""
    with Raw(server.port) as connection:
        head = request("POST", "/api/v1/sessions", "Content-Type: application/json", *framing)
        connection.send((head + body + request("GET", SETUP)).encode("latin-1"))
        status, _, rest = connection.answer()
        assert status == 400
        assert b'"required"' not in rest and connection.closed_within(5)


# Bodies and readers that never end


def test_a_reader_that_has_gone_to_sleep_is_cut_off(make_server):
    server = make_server()
    with server.sign_in() as owner:
        for number in range(120):
            owner.create_user(f"long-{number}", attributes={"text": ["x" * 500] * 8})
        token = owner.token
    time.sleep(0.5)
    # Counted while no other client is connected: one that idles is closed too, and would be taken for the sleeper.
    before = descriptors(server)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall((request("GET", "/api/v1/users?limit=1000", f"Authorization: Bearer {token}") * 20).encode())
        time.sleep(2)
        assert descriptors(server) == before + 1
        # The end of the connection cannot reach somebody who reads nothing, so the server's own side is looked at.
        deadline = time.monotonic() + 120
        while descriptors(server) > before:
            assert time.monotonic() < deadline, "a client may hold an answer for ever"
            time.sleep(1)
    server.sign_in().close()


# Who is believed


@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0"])
def test_everybody_is_no_proxy(make_server, everybody):
    server = make_server("--behind-proxy", everybody, start=False)
    assert run_to_end(server) != 0
    assert everybody in server.stderr and "--behind-proxy" in server.stderr


def test_no_header_of_a_stranger_gets_past_the_throttle(make_server):
    server = make_server()
    answers = []
    for number in range(25):
        spoofed = f"10.0.{number}.1"
        headers = {"X-Forwarded-For": spoofed, "Forwarded": f"for={spoofed}", "X-Real-IP": spoofed}
        with server.api(headers=headers) as api:
            answers.append(api.sign_in(["Olivia", "OLIVIA", "olivia"][number % 3], "not the password of anybody").status_code)
    assert 429 in answers


def test_open_permissions_are_warned_of(make_server):
    server = make_server()
    server.stop()
    assert "Other accounts" not in server.stderr
    [key] = server.data.glob("*.key")
    key.chmod(0o644)
    server.start()
    server.sign_in().close()
    # The log is written a moment later than it is told, and whole at the end.
    server.stop()
    assert "Other accounts" in server.stderr and str(key) in server.stderr


def test_management_answers_no_other_method(server):
    for method in ("POST", "DELETE", "PUT"):
        assert httpx.request(method, server.management + "/metrics", trust_env=False).status_code == 405
    assert raw.request(server.management_port, "POST", "/nope")[0] == 404
