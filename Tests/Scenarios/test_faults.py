"""Gatehouse is killed in the middle of work, again and again: what was acknowledged is there, and nothing is half done."""

import random
import time

import pytest

from support.probe import wait_until
from support.server import Server
from support.workload import Workload

pytestmark = pytest.mark.once("runs on both engines itself")


def survives_kills(server: Server, kills: int, seed: int) -> None:
    chosen = random.Random(seed)
    with server.sign_in() as owner:
        workload = Workload(owner.token, seed=seed)
        for number in range(kills):
            # So much work, then a moment more: a slow machine is killed in the middle of it, too.
            enough = len(workload.acknowledged) + chosen.randrange(20, 120)
            with workload.running(server.url):
                wait_until(lambda: len(workload.acknowledged) >= enough or bool(workload.surprises), "enough work", within=120)
                time.sleep(chosen.uniform(0, 0.05))
                server.kill()
            server.start()
            workload.check(owner)
        told = workload.statuses()
        print(f"{server.engine}: {kills} kills, {told}, {len(workload.happened)} unanswered changes were there")
        assert None in told, "the server was never killed in the middle of a request"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_kills_lose_nothing_that_was_acknowledged(make_server, engine):
    survives_kills(make_server(engine=engine), kills=5, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_many_kills_lose_nothing_that_was_acknowledged(make_server, engine):
    survives_kills(make_server(engine=engine), kills=60, seed=2)
