"""The command line as a process, and the codes it ends with."""

import json
import os
import subprocess
from pathlib import Path

from support.server import OWNER, OWNER_PASSWORD, binary

DONE, FAILED, DENIED, USAGE, INVALID, NOT_FOUND, UNAVAILABLE, CONFLICT, LATER, NOT_PERMITTED = 0, 1, 3, 64, 65, 66, 69, 73, 75, 77


class Shell:
    """Runs the command with a configuration folder of its own."""

    def __init__(self, server, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "LC_ALL": "C.UTF-8",
            "GATEHOUSE_SERVER": server.url if server else "http://127.0.0.1:1",
        }  # fmt: skip

    def run(self, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(binary()), *arguments], input=stdin, capture_output=True, text=True, timeout=60,
            env={**self.environment, **environment}, cwd=self.folder,
        )  # fmt: skip

    def ok(self, *arguments: str, stdin: str = "") -> str:
        result = self.run(*arguments, stdin=stdin)
        assert result.returncode == DONE, f"{arguments}: {result.returncode}\n{result.stdout}{result.stderr}"
        return result.stdout

    def json(self, *arguments: str, stdin: str = ""):
        return json.loads(self.ok(*arguments, "--output", "json", stdin=stdin))

    def fails(self, code: int, *arguments: str, stdin: str = "") -> str:
        result = self.run(*arguments, stdin=stdin)
        assert result.returncode == code, f"{arguments}: {result.returncode}\n{result.stdout}{result.stderr}"
        assert result.stderr.strip(), "it says why"
        assert result.stdout == "" or code == FAILED, "output is for what was asked for"
        return result.stderr

    def answers(self, code: int, *arguments: str, stdin: str = "") -> str:
        """What is printed by a command whose answer lies in the code."""
        result = self.run(*arguments, stdin=stdin)
        assert result.returncode == code, f"{arguments}: {result.returncode}\n{result.stdout}{result.stderr}"
        return result.stdout

    def login(self, username: str = OWNER, password: str = OWNER_PASSWORD) -> None:
        self.ok("login", username, "--password-stdin", stdin=password + "\n")

    @property
    def session_file(self) -> Path:
        [found] = [path for path in (self.folder / "config").rglob("*") if path.is_file()]
        return found
