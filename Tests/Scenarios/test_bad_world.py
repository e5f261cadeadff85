"""The world around the server: taken ports, full disks, clients that drip, kills in the middle of work."""

import os
import shutil
import signal
import socket
import subprocess
import time

import httpx
import pytest

from support import database
from support.api import PREFIX, problem, unique
from support.raw import Raw
from support.server import OWNER, SETUP_TOKEN, Server, binary, free_port, run_to_end


def complaint(server: Server) -> str:
    """What a server that refused to start said; short enough to be read."""
    said = server.stderr + server.stdout
    for word in ("Fatal error", "crashed", "Illegal instruction"):
        assert word not in said, said
    assert "--- stack" not in said
    return said


# Starting


def test_a_port_in_use_is_told(make_server):
    server = make_server(set_up=False)
    second = make_server(start=False, set_up=False)
    second.port = server.port
    assert run_to_end(second) not in (0, -signal.SIGKILL)
    assert str(server.port) in complaint(second)
    assert "in use" in complaint(second).lower()

    third = make_server(start=False, set_up=False)
    third.management_port = server.management_port
    assert run_to_end(third) != 0
    assert str(server.management_port) in complaint(third)
    with server.api() as api:
        assert api.get("/setup").status_code == 200


def test_a_folder_of_a_newer_version_is_left_alone(make_server):
    server = make_server()
    server.stop()
    [(known,)] = database.rows(server, "SELECT MAX(number) FROM schema_migration")
    database.change(server, "INSERT INTO schema_migration (number, name, applied_at) VALUES (9876, 'from the future', 1)")
    assert run_to_end(server) != 0
    said = complaint(server)
    assert "9876" in said and str(known) in said and "newer" in said
    database.change(server, "DELETE FROM schema_migration WHERE number = 9876")
    server.start()
    server.sign_in().close()


@pytest.mark.once("two servers on one PostgreSQL are two nodes")
def test_a_folder_has_one_server(make_server):
    server = make_server()
    second = make_server(start=False, set_up=False, data=server.data)
    assert run_to_end(second) != 0
    assert str(server.data) in complaint(second)
    server.sign_in().close()
    server.kill()
    server.start()  # A killed server leaves nothing that is in the way.
    server.sign_in().close()


@pytest.mark.once("damages the file")
def test_a_file_that_is_no_database_is_told(make_server):
    server = make_server()
    server.stop()
    path = database.database_file(server.data)
    for other in path.parent.glob(path.name + "-*"):
        other.unlink()
    path.write_bytes(b"this is no database at all\n" * 1000)
    assert run_to_end(server) != 0
    complaint(server)


@pytest.mark.skipif(os.geteuid() == 0 and not os.path.ismount("/proc"), reason="needs /proc")
def test_a_folder_that_cannot_be_made_is_told(make_server, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    server = make_server(start=False, set_up=False, data=blocked / "data")
    assert run_to_end(server) != 0
    assert str(blocked) in complaint(server)


@pytest.mark.parametrize(
    "flags",
    [
        ["--listen", "nonsense"], ["--listen", "127.0.0.1:99999"], ["--listen", "127.0.0.1:-1"], ["--nope"],
        ["--behind-proxy", "10.0.0.0/99"], ["--public-url", "not a url"], ["--tls-certificate", "/nonexistent.pem"],
        ["--config", "/nonexistent.yaml"], ["--session-idle-seconds", "-5"], ["--session-idle-seconds", "99999999999999999999"],
        ["--tls-certificate", "/dev/null", "--tls-key", "/dev/null"],
    ],
)  # fmt: skip
def test_bad_flags_are_told(make_server, flags):
    server = make_server(start=False, set_up=False)
    server.flags = flags
    assert run_to_end(server) not in (0, -signal.SIGILL, -signal.SIGTRAP, -signal.SIGSEGV)
    assert complaint(server).strip()


def test_flags_beat_the_environment_which_beats_the_file(make_server, tmp_path):
    config = tmp_path / "gatehouse.yaml"
    config.write_text("setup-token: from-the-file-0123456789abcdefghijklmnop\npublic-url: https://file.example\n")
    body = {"username": OWNER, "password": "seven quiet herons at dusk"}

    def who_wins(**options) -> str:
        server = make_server("--config", str(config), set_up=False, **options)
        with server.api() as api:
            for token in (SETUP_TOKEN, "from-the-environment-0123456789abcdefgh", "from-the-file-0123456789abcdefghijklmnop"):
                if api.post("/setup", json={"setupToken": token, **body}).status_code == 201:
                    return token
        raise AssertionError("no token worked")

    environment = {"GATEHOUSE_SETUP_TOKEN": "from-the-environment-0123456789abcdefgh"}
    assert who_wins(environment=environment) == SETUP_TOKEN
    assert who_wins(environment=environment, setup_token=None).startswith("from-the-environment")
    assert who_wins(setup_token=None).startswith("from-the-file")


def test_an_unknown_key_in_the_file_is_told(make_server, tmp_path):
    config = tmp_path / "gatehouse.yaml"
    config.write_text("lisen: 127.0.0.1:8080\n")
    server = make_server("--config", str(config), start=False, set_up=False)
    assert run_to_end(server) != 0
    assert "lisen" in complaint(server)


# A full disk


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m,mode=0700", "none", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be made here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def until_full(owner) -> httpx.Response:
    for _ in range(3000):
        response = owner.post("/users", json={"username": unique("full"), "name": "x" * 200})
        if response.status_code != 201:
            return response
    raise AssertionError("the disk never became full")


@pytest.mark.once("test_full_disk.py fills PostgreSQL's")
def test_a_full_disk_stops_writes_and_nothing_else(make_server, small_disk):
    server = make_server(data=small_disk / "data")
    with server.sign_in() as owner:
        user = owner.create_user(name="Before")
        fill(small_disk / "ballast")
        problem(until_full(owner), 507, "storage_full")
        for _ in range(3):
            problem(owner.patch(f"/users/{user['id']}", json={"name": "x" * 200}), 507, "storage_full")
            assert owner.get("/users").status_code == 200
            assert owner.user(user["id"])["name"] == "Before"
            assert owner.get("/me").status_code == 200
        (small_disk / "ballast").unlink()
        deadline = time.monotonic() + 10
        while owner.patch(f"/users/{user['id']}", json={"name": "After"}).status_code != 200:
            assert time.monotonic() < deadline, "it does not recover"
            time.sleep(0.2)
        assert owner.user(user["id"])["name"] == "After"
        assert owner.verified()["intact"] is True
    server.restart()
    with server.sign_in() as owner:
        assert owner.user(user["id"])["name"] == "After"


@pytest.mark.once("limits the process that has the file")
def test_a_file_that_may_not_grow_stops_writes_and_nothing_else(make_server):
    server = make_server()
    with server.sign_in() as owner:
        user = owner.create_user(name="Before")
        biggest = max(path.stat().st_size for path in server.data.rglob("*") if path.is_file())
        limit = ["prlimit", "--pid", str(server.process.pid)]
        subprocess.run([*limit, f"--fsize={biggest + 40_000}:unlimited"], check=True)
        problem(until_full(owner), 507, "storage_full")
        assert server.process.poll() is None, "the signal for a file too big must not end the server"
        assert owner.user(user["id"])["name"] == "Before"
        subprocess.run([*limit, "--fsize=unlimited:unlimited"], check=True)
        deadline = time.monotonic() + 10
        while owner.patch(f"/users/{user['id']}", json={"name": "After"}).status_code != 200:
            assert time.monotonic() < deadline, "it does not recover"
            time.sleep(0.2)
        assert owner.verified()["intact"] is True


# Slow clients


def drip(server, first: bytes, then: bytes, connections: int, seconds: float) -> list[float]:
    """Opens connections that send a byte now and then; returns how long other requests took meanwhile."""
    raws = [Raw(server.port) for _ in range(connections)]
    try:
        for each in raws:
            each.send(first)
        times, ends = [], time.monotonic() + seconds
        with server.api() as api:
            while time.monotonic() < ends:
                for each in raws:
                    each.send(then)
                started = time.perf_counter()
                assert api.get("/setup").status_code == 200
                times.append(time.perf_counter() - started)
                time.sleep(0.2)
        return times
    finally:
        for each in raws:
            each.socket.close()


@pytest.mark.once("storage plays no part")
@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", b" "),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", b"x"),
        (b"", b""),
    ],
    ids=["bodies", "headers", "silence"],
)
def test_dripping_clients_hold_nobody_up(server, first, then):
    times = drip(server, first, then, connections=150, seconds=3)
    assert sorted(times)[len(times) // 2] < 0.2 and max(times) < 2, times


@pytest.mark.once("storage plays no part")
@pytest.mark.parametrize("what", ["body", "headers"])
def test_a_dripping_client_is_cut_off(server, what):
    first = {
        "body": b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
        "headers": b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    }[what]
    with Raw(server.port) as raw:
        raw.send(first)
        started = time.monotonic()
        while time.monotonic() - started < 100:
            raw.send(b" " if what == "body" else b"x")
            if raw.closed_within(1):
                break
        else:
            raise AssertionError("a client may drip for ever")


def test_half_a_request_and_gone(server, owner):
    for _ in range(50):
        with Raw(server.port) as raw:
            raw.send("POST /api/v1/users HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                     f"Authorization: Bearer {owner.token}\r\nContent-Length: 1000\r\n\r\n" '{"username":"half')  # fmt: skip
    assert owner.get("/me").status_code == 200
    assert owner.all("/users", filter='username sw "half"') == []


# Ending


def test_sigterm_finishes_what_was_begun(make_server):
    server = make_server()
    with server.sign_in() as owner:
        name = unique("inflight")
        body = f'{{"username":"{name}"}}'.encode()
        head = (
            f"POST {PREFIX}/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {owner.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        with Raw(server.port) as raw:
            raw.send(head + body[:5])
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            raw.send(body[5:])
            status, headers, _ = raw.answer()
            assert status == 201, status
        assert server.wait_exit(15) == 0
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port), timeout=1)
    server.start()
    with server.sign_in() as owner:
        assert len(owner.all("/users", filter=f'username eq "{name}"')) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order_with_idle_connections_open(make_server, number):
    server = make_server(set_up=False)
    idle = [Raw(server.port) for _ in range(5)]
    with server.api() as api:
        api.get("/setup")
        started = time.monotonic()
        server.process.send_signal(number)
        assert server.wait_exit(15) == 0
        assert time.monotonic() - started < 10
    for raw in idle:
        raw.socket.close()


def test_it_is_not_ready_when_it_ends(make_server):
    server = make_server()
    with Raw(server.port) as raw:
        raw.send(b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        try:
            assert httpx.get(server.management + "/health/ready", trust_env=False).status_code == 503
        except httpx.TransportError:
            pass  # The listener may be gone already: that says the same.
    server.wait_exit(40)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_long_run_does_not_grow(make_server):
    server = make_server()

    def resident() -> int:
        status = open(f"/proc/{server.process.pid}/status").read()
        return int(status.split("VmRSS:")[1].split()[0])

    with server.sign_in() as owner:

        def work(rounds: int) -> None:
            for _ in range(rounds):
                user = owner.create_user(name="x" * 50)
                owner.get("/users", params={"q": "user", "limit": 100})
                owner.patch(f"/users/{user['id']}", json={"name": "y"})
                owner.delete(f"/users/{user['id']}")

        work(1000)
        before = resident()
        work(5000)
        assert resident() < before + 40_000, "kB"


@pytest.mark.once("on PostgreSQL the folder is not all")
def test_a_copy_of_the_folder_is_a_whole_installation(make_server, tmp_path):
    server = make_server()
    with server.sign_in() as owner:
        user = owner.create_user(name="Carried")
    server.stop()
    shutil.copytree(server.data, tmp_path / "data")
    moved = make_server(set_up=False, data=tmp_path / "data", setup_token=None)
    assert moved.setup_links() == []
    with moved.sign_in() as owner:
        assert owner.user(user["id"])["name"] == "Carried"


@pytest.mark.once("without flags there is no PostgreSQL")
def test_without_flags_it_starts_in_the_folder_it_is_in(tmp_path):
    port, management = free_port(), free_port()
    process = subprocess.Popen(
        [str(binary()), "serve", "--listen", f"127.0.0.1:{port}", "--management", f"127.0.0.1:{management}"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("GATEHOUSE_")},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{management}/health/ready", trust_env=False).status_code == 200:
                    break
            except httpx.HTTPError:
                assert time.monotonic() < deadline and process.poll() is None
                time.sleep(0.05)
        assert (tmp_path / "data").is_dir()
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    assert out.count("/setup?token=") == 1
    assert process.returncode == 0
