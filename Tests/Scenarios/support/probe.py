"""Waiting for something, and asking one thing over and over."""

import itertools
import threading
import time
from collections.abc import Callable

import httpx

from support.api import Api
from support.server import Server
from support.workload import Answer


def wait_until(condition: Callable[[], bool], what: str, within: float = 60, pause: float = 0.02) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(pause)


class Probe:
    """Asks again and again while its block runs, and remembers every answer with its time."""

    def __init__(self, ask: Callable[[], int], pause: float = 0.02) -> None:
        self.ask = ask
        self.pause = pause
        self.answers: list[Answer] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self) -> None:
        while not self.over.is_set():
            began = time.monotonic()
            try:
                status = self.ask()
            except httpx.HTTPError as error:
                self.answers.append(Answer(began, time.monotonic(), None, f"{error.request.url}: {error!r}"))
            else:
                self.answers.append(Answer(began, time.monotonic(), status, ""))
            self.over.wait(self.pause)

    def __enter__(self) -> "Probe":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        self.thread.join(60)

    def between(self, start: float, end: float) -> list[Answer]:
        """Answers to what was asked and answered in this time."""
        return [answer for answer in list(self.answers) if answer.began >= start and answer.ended <= end]

    def wait_for(self, status: int, after: float, within: float = 60, times: int = 1) -> None:
        """Until that many requests that began after this moment were answered so."""

        def seen() -> bool:
            return sum(answer.began >= after and answer.status == status for answer in list(self.answers)) >= times

        try:
            wait_until(seen, "", within)
        except AssertionError:
            found = [(round(answer.began - after, 2), answer.status, answer.what) for answer in self.answers if answer.began >= after]
            raise AssertionError(f"not answered {status} within {within} s, but {found[-5:]}") from None


def readiness(server: Server) -> Probe:
    return Probe(lambda: httpx.get(server.management + "/health/ready", timeout=30, trust_env=False).status_code)


def reading(api: Api, *paths: str, pause: float = 0.02) -> Probe:
    """A signed-in client that reads one path after the other."""
    turns = itertools.cycle(paths)
    return Probe(lambda: api.get(next(turns)).status_code, pause)
