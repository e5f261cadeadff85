"""System calls of processes, in the order in which they happened, as strace tells them.

One tracer sees all processes, and none of them goes on before the tracer has written down what it did: when one call had to
return before another was made, it stands before it.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.probe import wait_until

CALLS = (
    "fsync,fdatasync,sync_file_range,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,recvfrom,recvmsg,read,"
    "openat,open,creat,rename,renameat,renameat2,mkdir,mkdirat"
)
SYNCS = {"fsync", "fdatasync"}
WRITES = {"write", "pwrite64", "writev", "pwritev", "pwritev2"}
SENDS = {"write", "writev", "sendto", "sendmsg", "sendmmsg"}
RECEIVES = {"recvfrom", "recvmsg", "read"}


@dataclass
class Call:
    """`begin` and `end`: places in the order of everything; `file`: what the descriptor, if any, stands for."""

    thread: int
    name: str
    begin: int
    end: int
    file: str
    data: bytes
    text: str

    @property
    def worked(self) -> bool:
        return not re.search(r"\) += (-1|\?)", self.text)

    @property
    def is_socket(self) -> bool:
        return self.file.startswith(("TCP", "UNIX"))


def bytes_of(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def parse(path: Path) -> list[Call]:
    """All calls that came to an end, in the order of their beginnings."""
    line_of = re.compile(r"(\d+) +\d+\.\d+ (.*)", re.DOTALL)
    begun: dict[int, tuple[int, str]] = {}
    calls = []
    with path.open(errors="replace") as file:
        for number, line in enumerate(file):
            matched = line_of.match(line)
            if matched is None:
                continue
            thread, text = int(matched[1]), matched[2].rstrip()
            if text.endswith("<unfinished ...>"):
                begun[thread] = (number, text.removesuffix("<unfinished ...>"))
                continue
            begin = number
            if resumed := re.match(r"<\.\.\. \w+ resumed>", text):
                if thread not in begun:
                    continue  # It was under way when the tracer came.
                begin, start = begun.pop(thread)
                text = start + text[resumed.end() :]
            if called := re.match(r"(\w+)\(", text):
                descriptor = re.match(r"\w+\(\d+<((?:\\x[0-9a-f]{2})+|[A-Z0-9]+:\[[^\]]*\])", text)
                file_name = descriptor[1] if descriptor else ""
                if file_name.startswith("\\x"):
                    file_name = bytes_of(file_name).decode(errors="replace")
                data = b"".join(bytes_of(found) for found in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', text))
                calls.append(Call(thread, called[1], begin, number, file_name, data, re.sub(r"(\\x[0-9a-f]{2})+", "…", text)))
    return sorted(calls, key=lambda call: call.begin)


def flags(output: Path) -> list[str]:
    return ["-f", "-ttt", "-yy", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-e", "signal=none", "-qq", "-o", str(output)]


def need_tracing() -> None:
    """Skips the test where strace is missing or tracing is forbidden."""
    if shutil.which("strace") is None:
        pytest.skip("strace is missing; Scripts/install.sh test installs it")
    tried = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"tracing is not permitted here: {tried.stderr.strip()}")


def tracer_of(process: int) -> int:
    return int(re.search(r"^TracerPid:\s*(\d+)", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)[1])


@contextlib.contextmanager
def attached(output: Path, *processes: int) -> Iterator[None]:
    """Traces running processes, and what they start, while the block runs."""
    targets = [f"--attach={process}" for process in processes]
    tracer = subprocess.Popen(
        ["strace", *flags(output), *targets], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        def all_traced() -> bool:
            if tracer.poll() is not None:
                pytest.skip(f"tracing is not permitted here: {tracer.stderr.read().strip()}")
            threads = [int(thread) for process in processes for thread in os.listdir(f"/proc/{process}/task")]
            return all(tracer_of(thread) == tracer.pid for thread in threads)

        wait_until(all_traced, "the tracer is at work")
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(60)
        tracer.stderr.close()
