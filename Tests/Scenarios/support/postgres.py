"""A private PostgreSQL in a temporary folder: started, stopped, killed, paused, and gone for sure at the end.

Run as a program, this file is the guard that ends a server whose test run was killed: `postgres.py guard FOLDER`.
"""

import atexit
import contextlib
import functools
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support.ports import free_port

SUPERUSER = "postgres"
# Whom Gatehouse connects as: owns its database and may nothing else.
ROLE = "gatehouse"


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs; Debian keeps those of the server out of the search path."""
    debian = Path("/usr/lib/postgresql/15/bin") / name
    found = str(debian) if debian.exists() else shutil.which(name)
    if found is None:
        raise RuntimeError(f"PostgreSQL's {name} is missing; Scripts/install.sh test installs it")
    return found


def standing_of(process: int) -> tuple[str, int] | None:
    """The state of a process, such as `S` or `Z`, and its parent; `None` when there is no such process."""
    try:
        # The name in parentheses may hold anything.
        state, parent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return state, int(parent)


def children_of(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        standing = standing_of(int(path.name))
        if standing is not None and standing[1] == parent:
            found.append(int(path.name))
    return found


def send(process: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)


def halt(process: int) -> None:
    """SIGSTOP; returns when it stands still."""
    send(process, signal.SIGSTOP)
    while (standing := standing_of(process)) is not None and standing[0] not in "TtZX":
        time.sleep(0.001)


def kill_all(postmaster: int) -> None:
    """SIGKILL to a server and all its processes, even if they are paused; returns when none of them is at work any more."""
    halt(postmaster)  # So that it makes no more.
    processes = [*children_of(postmaster), postmaster]
    for process in processes:
        send(process, signal.SIGKILL)
    # As long as one is there, its memory is, and no other server may start on the folder.
    for process in processes:
        while (standing := standing_of(process)) is not None and standing[0] not in "ZX":
            time.sleep(0.01)


def unmount_below(folder: Path) -> None:
    for line in reversed(Path("/proc/self/mounts").read_text().splitlines()):
        place = line.split()[1]
        if place.startswith(f"{folder}/"):
            subprocess.run(["umount", "-l", place], check=False, capture_output=True)


class Postgres:
    """One server on a free loopback port. Use it in a `with` statement, or call `close`."""

    def __init__(
        self,
        *,
        fsync: bool = False,
        max_connections: int = 100,
        settings: dict[str, str] | None = None,
        tls: bool = False,
        wal_disk: str | None = None,
    ) -> None:
        """`wal_disk`: the size of a disk of its own for the write-ahead log, such as "40m" (needs root)."""
        self.base = Path(tempfile.mkdtemp(prefix="gatehouse-postgres-"))
        self.data = self.base / "data"
        self.port = free_port()
        self.password = secrets.token_hex(16)
        self.process: subprocess.Popen | None = None
        self.guard = subprocess.Popen(
            [sys.executable, __file__, "guard", str(self.base)],
            stdin=subprocess.PIPE, start_new_session=True, cwd="/",
        )  # fmt: skip
        self.settings = {
            "port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.base),
            "max_connections": str(max_connections), "shared_buffers": "64MB", "timezone": "UTC",
            "log_line_prefix": "%m [%p] %d ", "log_min_messages": "warning",
            "password_encryption": "scram-sha-256", **(self.fast if not fsync else {}), **(settings or {}),
        }  # fmt: skip
        try:
            self.make(tls, wal_disk)
        except BaseException:
            self.close()
            raise

    # Nothing needs to outlive the machine, only the server.
    fast = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "on"}

    def make(self, tls: bool, wal_disk: str | None) -> None:
        self.own(self.base)
        wal = []
        if wal_disk is not None:
            wal = [f"--waldir={self.small_disk('wal', wal_disk)}"]
        secret = self.base / "password"
        secret.write_text(self.password + "\n")
        self.own(secret)
        # A locale that sorts as people do: what must be sorted by bytes has to say so.
        self.as_server(
            program("initdb"), "--no-sync", f"--pgdata={self.data}", f"--username={SUPERUSER}", f"--pwfile={secret}", "--encoding=UTF8",
            "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", "--auth=scram-sha-256", *wal,
        )  # fmt: skip
        secret.unlink()
        if tls:
            self.make_certificate()
        with (self.data / "postgresql.conf").open("a") as file:
            for name, value in self.settings.items():
                file.write(f"{name} = '{value}'\n")

    def make_certificate(self) -> None:
        """A certificate for 127.0.0.1 and localhost that vouches for itself; `certificate` is what clients should trust."""
        self.certificate, key = self.base / "server.crt", self.base / "server.key"
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout", str(key), "-out", str(self.certificate),
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        for path in (self.certificate, key):
            self.own(path)
        key.chmod(0o600)
        self.settings |= {"ssl": "on", "ssl_cert_file": str(self.certificate), "ssl_key_file": str(key)}

    def small_disk(self, name: str, size: str) -> Path:
        """A disk of this size below the server's folder, gone with it. Raises PermissionError where that is not allowed."""
        folder = self.base / name
        folder.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "none", str(folder)], capture_output=True, text=True
        )
        if mounted.returncode != 0:
            raise PermissionError(f"no small disk can be made here: {mounted.stderr.strip()}")
        self.own(folder)
        return folder

    # Whom it runs as: PostgreSQL refuses to run as root.

    @staticmethod
    def account() -> pwd.struct_passwd | None:
        if os.geteuid() != 0:
            return None
        try:
            return pwd.getpwnam("postgres")
        except KeyError:
            return pwd.getpwnam("nobody")

    def own(self, path: Path) -> None:
        if account := self.account():
            os.chown(path, account.pw_uid, account.pw_gid)

    def command(self, *command: str) -> list[str]:
        if account := self.account():
            identity = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
            return ["setpriv", *identity, "--", *command]
        return list(command)

    def as_server(self, *command: str) -> None:
        done = subprocess.run(self.command(*command), capture_output=True, text=True, cwd=self.base)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")

    # Life

    @property
    def log_path(self) -> Path:
        return self.base / "log"

    def log(self, lines: int = 40) -> str:
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:]) if self.log_path.exists() else ""

    def launch(self) -> "Postgres":
        """Starts it without waiting until it answers."""
        assert self.process is None or self.process.poll() is not None
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(program("postgres"), "-D", str(self.data)),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.base, start_new_session=True,
            )  # fmt: skip
        return self

    def start(self, within: float = 60) -> "Postgres":
        """Starts it, also again, on the same port."""
        first = self.process is None
        self.launch().wait_ready(within)
        if first:
            self.sql(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{self.password}'")
        return self

    def wait_ready(self, within: float = 60) -> None:
        deadline = time.monotonic() + within
        while self.ask("SELECT 1", database="postgres").returncode != 0:
            code = self.process.poll()
            assert code is None, f"PostgreSQL ended with {code}\n{self.log()}"
            assert time.monotonic() < deadline, f"PostgreSQL does not answer\n{self.log()}"
            time.sleep(0.05)

    def stop(self, mode: str = "fast", within: float = 60) -> None:
        """`smart` waits for clients, `fast` cuts them off, `immediate` leaves everything as it is."""
        number = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode]
        self.process.send_signal(number)
        self.process.wait(within)

    def kill(self) -> None:
        """SIGKILL to all its processes at once."""
        kill_all(self.process.pid)
        self.process.wait()

    def pause(self) -> None:
        """Stops all its processes where they are; connections stay open and nobody answers."""
        halt(self.process.pid)
        for process in children_of(self.process.pid):
            halt(process)

    def resume(self) -> None:
        for process in [*children_of(self.process.pid), self.process.pid]:
            send(process, signal.SIGCONT)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        # The guard finds no server any more and removes the folder.
        self.guard.stdin.close()
        self.guard.wait()

    def __enter__(self) -> "Postgres":
        if self.process is None:
            self.start()
        return self

    def __exit__(self, *_) -> None:
        self.close()

    # Talking to it

    def url(self, database: str = "postgres", role: str = SUPERUSER, port: int | None = None) -> str:
        return f"postgres://{role}:{self.password}@127.0.0.1:{port or self.port}/{database}"

    def ask(self, statement: str, database: str) -> subprocess.CompletedProcess:
        return ask(self.url(database), statement)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What psql prints of one statement, as the superuser."""
        return run(self.url(database), statement)

    def create_database(self, name: str | None = None, template: str | None = None, tablespace: str | None = None) -> str:
        """A database for Gatehouse, empty or a copy of another; returns the URL to connect with."""
        name = name or f"gatehouse_{secrets.token_hex(6)}"
        more = (f" TEMPLATE {template}" if template else "") + (f" TABLESPACE {tablespace}" if tablespace else "")
        self.sql(f"CREATE DATABASE {name} OWNER {ROLE}{more}")
        return self.url(name, ROLE)

    def drop_database(self, url: str) -> None:
        self.sql(f"DROP DATABASE IF EXISTS {name_of(url)} WITH (FORCE)")

    @contextlib.contextmanager
    def database(self, **options) -> Iterator[str]:
        """A database that is dropped at the end; gives its URL."""
        url = self.create_database(**options)
        try:
            yield url
        finally:
            self.drop_database(url)


class Elsewhere(Postgres):
    """A server like that of another process, which will end it; known by its superuser's URL."""

    def __init__(self, url: str) -> None:
        credentials, _, place = url.removeprefix("postgres://").partition("@")
        self.password = credentials.partition(":")[2]
        self.port = int(place.partition("/")[0].partition(":")[2])
        self.process = None

    def start(self, within: float = 60) -> Postgres:
        return self

    def close(self) -> None:
        pass


@functools.cache
def shared() -> Postgres:
    """The server for all tests of this process that do nothing bad to it: the test command's, or one of our own."""
    if url := os.environ.get("GATEHOUSE_TEST_POSTGRES"):
        return Elsewhere(url)
    server = Postgres(max_connections=300).start()
    atexit.register(server.close)
    return server


def name_of(url: str) -> str:
    """The database in a URL."""
    return url.rpartition("/")[2].partition("?")[0]


def ask(url: str, statement: str, *flags: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PGCONNECT_TIMEOUT": "10", "PGOPTIONS": "-c client_min_messages=warning"}
    return subprocess.run(
        ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", *flags, "--command", statement, url],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment, timeout=120,
    )  # fmt: skip


def run(url: str, statement: str, *flags: str) -> str:
    done = ask(url, statement, *flags)
    if done.returncode != 0:
        raise RuntimeError(f"{statement}: {done.stderr.strip()}")
    return done.stdout.strip()


def rows(url: str, query: str) -> list[tuple]:
    """The rows of a query, with numbers as numbers."""
    text = run(url, f"SELECT COALESCE(json_agg(to_json(q)), '[]') FROM ({query}) q")
    # Pairs, because columns of one name would be lost in a dictionary.
    found = json.loads(text, object_pairs_hook=lambda pairs: tuple(value for _, value in pairs))
    return [tuple(row) for row in found]


def dump(url: str) -> bytes:
    """Everything that is in a database, as text."""
    done = subprocess.run([program("pg_dump"), "--inserts", url], capture_output=True, stdin=subprocess.DEVNULL, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout


def guard(base: Path) -> None:
    """Waits until the test run ends, however it ends; then ends the server and removes its folder."""
    sys.stdin.buffer.read()
    with contextlib.suppress(OSError, ValueError, IndexError):
        postmaster = int((base / "data" / "postmaster.pid").read_text().split()[0])
        # The number may be somebody else's by now.
        if str(base).encode() in Path(f"/proc/{postmaster}/cmdline").read_bytes():
            kill_all(postmaster)
    unmount_below(base)
    shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    if sys.argv[1:2] != ["guard"] or len(sys.argv) != 3:
        sys.exit("usage: postgres.py guard FOLDER")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    guard(Path(sys.argv[2]))
