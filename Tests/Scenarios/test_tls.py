"""Encrypted connections, and who may speak for whom behind a proxy."""

import shutil
import signal
import socket
import ssl
import subprocess
import time

import h2.connection
import h2.events
import httpx
import pytest

from support.api import Api
from support.html import Browser
from support.server import OWNER, OWNER_PASSWORD, Server, run_to_end

pytestmark = pytest.mark.once("storage plays no part")


def openssl(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, input=stdin, timeout=30)


class Authority:
    """A certificate authority for one test run."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.certificate = folder / "ca.pem"
        made = openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-keyout", str(folder / "ca.key"), "-out", str(self.certificate), "-subj", "/CN=Scenario authority",
        )  # fmt: skip
        assert made.returncode == 0, made.stderr

    def issue(self, name: str):
        key, request, certificate = (self.folder / f"{name}.{ending}" for ending in ("key", "csr", "pem"))
        openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(key),
            "-out", str(request), "-subj", f"/CN={name}",
        )  # fmt: skip
        extensions = self.folder / "extensions.cnf"
        extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        made = openssl(
            "x509", "-req", "-in", str(request), "-CA", str(self.certificate), "-CAkey", str(self.folder / "ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", str(extensions), "-out", str(certificate),
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        return certificate, key

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = authority.issue("first")
    shutil.copy(certificate, folder / "server.pem")
    shutil.copy(key, folder / "server.key")
    with Server(
        "--tls-certificate", str(folder / "server.pem"), "--tls-key", str(folder / "server.key"), scheme="https",
        listen="0.0.0.0",
    ) as running:  # fmt: skip
        running.certificate_folder = folder
        running.start()
        with running.api(verify=authority.trust()) as api:
            body = {"setupToken": running.setup_token, "username": OWNER, "password": OWNER_PASSWORD}
            assert api.post("/setup", json=body).status_code == 201
        yield running


@pytest.mark.parametrize("http2", [False, True])
def test_both_versions_of_http_work(server, authority, http2):
    with Api(server.url, verify=authority.trust(), http2=http2) as api:
        response = api.sign_in(OWNER, OWNER_PASSWORD)
        assert response.status_code == 201
        assert response.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
        with api.with_token(response.json()["token"]) as signed_in:
            assert signed_in.get("/me").json()["username"] == OWNER
            big = signed_in.post("/users", json={"username": "x" * 2_000_000})
            assert big.status_code == 413 and big.json()["code"] == "too_large"
            for number in range(30):
                assert signed_in.get("/users", params={"limit": number + 1}).status_code == 200


@pytest.mark.parametrize("path", ["/nope", "/nope-at-all", "/users/x/enable", "/users"])
def test_head_over_http2_never_has_a_body(server, authority, path):
    with Api(server.url, verify=authority.trust(), http2=True) as api:
        for _ in range(3):
            response = api.request("HEAD", path)
            assert response.status_code in (401, 404, 405) and response.content == b""
        assert api.get("/setup").status_code == 200


def test_a_dripping_body_over_http2_is_cut_off(server):
    """Without a length in its head too: over HTTP/2 nothing announces that a body follows."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    with context.wrap_socket(socket.create_connection(("127.0.0.1", server.port)), server_hostname="localhost") as connection:
        client = h2.connection.H2Connection()
        client.initiate_connection()
        head = [(":method", "POST"), (":scheme", "https"), (":authority", "localhost"), (":path", "/api/v1/sessions")]
        client.send_headers(1, [*head, ("content-type", "application/json")])
        connection.settimeout(0.5)
        deadline = time.monotonic() + 60
        ended = False
        while not ended:
            assert time.monotonic() < deadline, "a body may drip for ever"
            client.send_data(1, b" ")
            connection.sendall(client.data_to_send())
            try:
                data = connection.recv(65536)
            except TimeoutError:
                continue
            events = client.receive_data(data) if data else []
            ends = (h2.events.StreamReset, h2.events.ResponseReceived, h2.events.ConnectionTerminated)
            ended = not data or any(isinstance(event, ends) for event in events)


def handshake(server, *flags: str) -> bool:
    result = openssl("s_client", "-connect", f"127.0.0.1:{server.port}", *flags, stdin="")
    return "Cipher is (NONE)" not in result.stdout and "BEGIN CERTIFICATE" in result.stdout


def test_old_versions_of_tls_are_refused(server):
    weak = ["-cipher", "DEFAULT@SECLEVEL=0"]
    assert handshake(server, "-tls1_2", *weak)
    assert handshake(server, "-tls1_3")
    assert not handshake(server, "-tls1_1", *weak)
    assert not handshake(server, "-tls1", *weak)
    assert not handshake(server, "-tls1_2", "-cipher", "NULL:RC4:3DES:EXPORT@SECLEVEL=0")


def test_plain_http_on_the_tls_port_does_no_harm(server, authority):
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"http://127.0.0.1:{server.port}/", trust_env=False, timeout=5)
    with Api(server.url, verify=authority.trust()) as api:
        assert api.get("/setup").status_code == 200


def test_the_cookie_is_bound_to_the_host(server, authority):
    with Browser(server.url, verify=authority.trust()) as browser:
        form = browser.get("/sign-in").ok().form("username", "password")
        answer = form.submit({"username": OWNER, "password": OWNER_PASSWORD}, follow=False)
        assert answer.status == 303
        cookies = [value for value in answer.response.headers.get_list("set-cookie") if "ghs_" in value]
        assert len(cookies) == 1
        name, _, rest = cookies[0].partition("=")
        assert name.startswith("__Host-") and "main" in name
        flags = {part.strip().lower() for part in rest.split(";")[1:]}
        assert {"secure", "httponly", "path=/"} <= flags
        assert flags & {"samesite=lax", "samesite=strict"}
        assert not any(flag.startswith("domain") for flag in flags)
        assert browser.get("/users").ok().path == "/users"


def test_the_plain_cookie_is_no_cookie_here(server, authority):
    with Api(server.url, verify=authority.trust()) as api:
        token = api.sign_in(OWNER, OWNER_PASSWORD).json()["token"]
        for name in ("gatehouse-main-plain", "gatehouse-main"):
            response = api.client.get("/users", headers={"Cookie": f"{name}={token}"})
            assert response.status_code == 303, name


def serial(server) -> str:
    with ssl.create_connection(("127.0.0.1", server.port)) as plain:
        context = ssl._create_unverified_context()
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            return secure.getpeercert(binary_form=True).hex()


def replace(server, certificate, key) -> None:
    for source, name in ((key, "server.key"), (certificate, "server.pem")):
        shutil.copy(source, server.certificate_folder / (name + ".new"))
        (server.certificate_folder / (name + ".new")).rename(server.certificate_folder / name)


def wait_for_another(server, old: str, seconds: float) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = serial(server)
        if now != old:
            return now
        time.sleep(0.2)
    raise AssertionError(f"still the old certificate after {seconds} s")


def test_a_new_certificate_is_taken_up(server, authority):
    first = serial(server)
    with Api(server.url, verify=authority.trust()) as kept:
        assert kept.get("/setup").status_code == 200
        replace(server, *authority.issue("second"))
        server.process.send_signal(signal.SIGHUP)
        second = wait_for_another(server, first, 5)
        assert kept.get("/setup").status_code == 200, "open connections stay"
    # A broken file leaves the good certificate in use.
    (server.certificate_folder / "server.pem").write_text("this is no certificate\n")
    server.process.send_signal(signal.SIGHUP)
    time.sleep(1)
    assert serial(server) == second and server.process.poll() is None
    # And without a signal it is noticed in a while.
    replace(server, *authority.issue("third"))
    wait_for_another(server, second, 25)


# Without TLS


@pytest.mark.parametrize("listen", ["0.0.0.0", "[::]"])
def test_plain_http_is_for_loopback_only(make_server, listen):
    server = make_server(start=False, set_up=False, listen=listen)
    assert run_to_end(server) != 0
    said = server.stderr + server.stdout
    assert "TLS" in said or "tls" in said
    assert "--behind-proxy" in said


@pytest.fixture(scope="module")
def proxied():
    """A server behind a proxy at 127.0.0.2."""
    with Server("--behind-proxy", "127.0.0.2/32", "--public-url", "https://gatehouse.example", listen="0.0.0.0") as running:
        running.start()
        running.set_up()
        yield running


def address_seen(server, local: str, headers: dict[str, str]) -> str:
    with server.sign_in(address=local, headers=headers) as api:
        return api.get("/sessions/current").json()["address"]


def test_only_the_proxy_says_who_the_client_is(proxied):
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert address_seen(proxied, "127.0.0.2", forwarded) == "203.0.113.9"
    assert address_seen(proxied, "127.0.0.2", {}) == "127.0.0.2"
    assert address_seen(proxied, "127.0.0.3", forwarded) == "127.0.0.3"
    # Only what the proxy itself added counts; what a client wrote in front of it does not.
    assert address_seen(proxied, "127.0.0.2", {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}) == "203.0.113.9"
    for nonsense in ("", "nonsense", "203.0.113.9, nonsense", "999.1.1.1", ",,,", "x" * 5000):
        assert address_seen(proxied, "127.0.0.2", {"X-Forwarded-For": nonsense}) == "127.0.0.2", nonsense


def test_only_the_proxy_says_that_it_is_encrypted(proxied):
    def cookie(local: str, proto: str) -> str:
        headers = {"X-Forwarded-Proto": proto, "X-Forwarded-For": "203.0.113.9", "Host": "gatehouse.example"}
        with Browser(proxied.url, address=local, headers=headers) as browser:
            return browser.get("/sign-in", follow=False).response.headers["set-cookie"]

    assert cookie("127.0.0.2", "https").startswith("__Host-")
    assert not cookie("127.0.0.3", "https").startswith("__Host-")


def test_no_header_decides_a_link(proxied):
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    with Browser(proxied.url, address="127.0.0.2", headers=headers) as browser:
        for path in ("/sign-in", "/", "/users"):
            response = browser.client.get(path)
            assert "evil.example" not in response.text and "evil.example" not in str(response.headers)


def test_the_setup_link_is_of_the_public_url(make_server):
    server = make_server("--public-url", "https://gatehouse.example", set_up=False, setup_token=None)
    assert server.setup_links()[0].startswith("https://gatehouse.example/setup?token=")
