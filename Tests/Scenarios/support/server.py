"""The real binary as a process on a data folder, and on PostgreSQL a database, of its own."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import httpx

from support import postgres
from support.api import Api
from support.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
ARTEFACTS = ROOT / "Tests" / "Scenarios" / "artefacts"

OWNER = "olivia"
OWNER_PASSWORD = "seven quiet herons at dusk"
# On which engine servers run when a test does not say: the whole suite can be run on each.
ENGINE = os.environ.get("GATEHOUSE_TEST_DATABASE") or "sqlite"
SETUP_TOKEN = "setup-token-of-the-tests-0123456789abcdef"


def binary() -> Path:
    path = Path(os.environ.get("GATEHOUSE_BINARY") or ".build/debug/gatehouse")
    return path if path.is_absolute() else ROOT / path


class Server:
    """`gatehouse serve`, started, stopped, killed and started again on the same data."""

    running: list["Server"] = []

    def __init__(
        self,
        *flags: str,
        data: Path | None = None,
        database: str | None = None,
        engine: str | None = None,
        setup_token: str | None = SETUP_TOKEN,
        environment: dict[str, str] | None = None,
        scheme: str = "http",
        listen: str = "127.0.0.1",
        under: list[str] | None = None,
    ) -> None:
        """`database`: the URL of one that exists; without it, the engine "postgres" gets one that ends with this server.

        `under`: a command that runs the server's and then is it, such as a tracer's."""
        self.base = Path(tempfile.mkdtemp(prefix="gatehouse-scenario-"))
        self.data = data or self.base / "data"
        self.engine = "postgres" if database else engine or ENGINE
        assert self.engine in ("sqlite", "postgres"), self.engine
        self.owns_database = self.engine == "postgres" and database is None
        self.database = postgres.shared().create_database() if self.owns_database else database
        self.flags = list(flags)
        self.setup_token = setup_token
        self.environment = environment or {}
        self.scheme = scheme
        self.listen = listen
        self.under = under or []
        self.port = free_port()
        self.management_port = free_port()
        self.process: subprocess.Popen | None = None
        self.starts = 0

    # Where it is

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def management(self) -> str:
        return f"http://127.0.0.1:{self.management_port}"

    @property
    def stdout_path(self) -> Path:
        return self.base / "stdout.log"

    @property
    def stderr_path(self) -> Path:
        return self.base / "stderr.log"

    @property
    def stdout(self) -> str:
        return self.stdout_path.read_text(errors="replace") if self.stdout_path.exists() else ""

    @property
    def stderr(self) -> str:
        return self.stderr_path.read_text(errors="replace") if self.stderr_path.exists() else ""

    def command(self) -> list[str]:
        command = [
            *self.under, str(binary()), "serve", "--data", str(self.data),
            "--listen", f"{self.listen}:{self.port}", "--management", f"127.0.0.1:{self.management_port}",
        ]  # fmt: skip
        if self.setup_token is not None:
            command += ["--setup-token", self.setup_token]
        if self.database is not None:
            command += ["--database", self.database]
        return command + self.flags

    # Life

    def launch(self) -> "Server":
        """Starts the process without waiting for anything."""
        assert self.process is None or self.process.poll() is not None
        # Nothing of the developer's own configuration may reach the server.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GATEHOUSE_")}
        environment.update(self.environment)
        self.starts += 1
        with self.stdout_path.open("ab") as out, self.stderr_path.open("ab") as err:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=self.base, env=environment
            )
        Server.running.append(self)
        return self

    def start(self, within: float = 30) -> "Server":
        self.launch()
        self.wait_ready(within)
        return self

    def wait_ready(self, within: float = 30) -> None:
        deadline = time.monotonic() + within
        with httpx.Client(verify=False, trust_env=False) as client:
            while True:
                code = self.process.poll()
                if code is not None:
                    raise AssertionError(f"the server ended with {code} before it was ready\n{self.tail()}")
                try:
                    if client.get(self.management + "/health/ready", timeout=2).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                if time.monotonic() > deadline:
                    raise AssertionError(f"the server was not ready within {within} s\n{self.tail()}")
                time.sleep(0.02)

    def wait_exit(self, within: float = 15) -> int:
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the server did not end within {within} s\n{self.tail()}") from None

    def stop(self, within: float = 20) -> int:
        """SIGTERM; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.wait_exit(within)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def restart(self) -> "Server":
        assert self.stop() == 0, self.tail()
        return self.start()

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            try:
                self.stop(10)
            except AssertionError:
                self.kill()
        if self in Server.running:
            Server.running = [other for other in Server.running if other is not self]
        if self.owns_database:
            postgres.shared().drop_database(self.database)
            self.owns_database = False
        shutil.rmtree(self.base, ignore_errors=True)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    # What it said

    def tail(self, lines: int = 40) -> str:
        parts = []
        for name, text in (("stdout", self.stdout), ("stderr", self.stderr)):
            parts.append(f"--- {name}\n" + "\n".join(text.splitlines()[-lines:]))
        return "\n".join(parts)

    def setup_links(self) -> list[str]:
        return re.findall(r"https?://\S+/setup\?token=[^\s\"']+", self.stdout)

    def keep_logs(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (self.stdout_path, self.stderr_path):
            if path.exists():
                shutil.copy(path, folder / f"{self.port}-{path.name}")

    # Talking to it

    def api(self, token: str | None = None, **options) -> Api:
        return Api(self.url, token, **options)

    def set_up(self, username: str = OWNER, password: str = OWNER_PASSWORD, **more) -> dict:
        """Makes the first administrator."""
        body = {"setupToken": self.setup_token, "username": username, "password": password, **more}
        with self.api() as api:
            response = api.post("/setup", json=body)
            assert response.status_code == 201, response.text
            return response.json()

    def sign_in(self, username: str = OWNER, password: str = OWNER_PASSWORD, **options) -> Api:
        """A client that is signed in."""
        api = self.api(**options)
        response = api.sign_in(username, password)
        assert response.status_code == 201, response.text
        return api.with_token(response.json()["token"])

    def metrics(self) -> str:
        return httpx.get(self.management + "/metrics", trust_env=False).text


def run_to_end(server: Server, within: float = 15) -> int:
    """Launches a server that is expected to refuse to start; returns its exit code."""
    server.launch()
    return server.wait_exit(within)
