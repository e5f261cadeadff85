"""Several nodes on one database."""

import contextlib
from collections.abc import Iterator

from support import postgres
from support.postgres import Postgres
from support.server import Server


@contextlib.contextmanager
def nodes(*urls: str) -> Iterator[list[Server]]:
    """Servers, not started, one for each URL of the same database; they share nothing else."""
    servers = [Server(database=url) for url in urls]
    try:
        yield servers
    finally:
        for server in servers:
            server.close()


@contextlib.contextmanager
def two_nodes(running: Postgres | None = None, set_up: bool = True) -> Iterator[tuple[Server, Server]]:
    """Two servers that were started at the same moment on an empty database."""
    with (running or postgres.shared()).database() as url, nodes(url, url) as (one, other):
        for server in (one, other):
            server.launch()
        for server in (one, other):
            server.wait_ready(60)
        if set_up:
            one.set_up(name="Olivia Owner", email="olivia@example.org")
        yield one, other
