"""PostgreSQL goes away and comes back while clients work: they are told so, nothing is lost, and nobody restarts Gatehouse."""

import contextlib
import random
import time

import httpx
import pytest

from support.api import problem
from support.postgres import Postgres
from support.probe import readiness, reading, wait_until
from support.server import Server
from support.workload import LONGEST_ANSWER, Workload

pytestmark = [pytest.mark.once("is about PostgreSQL"), pytest.mark.timeout(600)]

# For so long what was read before may still be trusted; and a little for the clocks.
TRUSTED = 1.25


@pytest.fixture(scope="module")
def postgres():
    # As in earnest: what it acknowledged survives however it ends.
    with Postgres(fsync=True) as running:
        yield running


@pytest.fixture
def server(postgres):
    with postgres.database() as url, Server(database=url) as running:
        running.start()
        running.set_up()
        yield running


def go_away(postgres: Postgres, how: str) -> None:
    {"stopped": postgres.stop, "immediate": lambda: postgres.stop("immediate"), "killed": postgres.kill, "paused": postgres.pause}[how]()


def come_back(postgres: Postgres, how: str) -> None:
    postgres.resume() if how == "paused" else postgres.start()


@pytest.mark.parametrize("how", ["stopped", "immediate", "killed", "paused"])
def test_while_it_is_away_everything_is_refused_and_then_goes_on(postgres, server, how):
    with server.sign_in() as owner, contextlib.ExitStack() as readers:
        me = owner.get("/me").json()["id"]
        workload = Workload(owner.token, seed=3)
        # One client for each, so that some request of every kind is under way when it happens.
        paths = ("/me", "/sessions/current", "/users?limit=50", f"/users/{me}", f"/users/{me}/sessions", "/audit-events?limit=50")
        reads = [reading(readers.enter_context(server.api(owner.token)), path, pause=0.005) for path in paths]
        ready = readiness(server)
        with workload.running(server.url, patient=True), contextlib.ExitStack() as probes:
            for probe in (*reads, ready):
                probes.enter_context(probe)
            wait_until(lambda: len(workload.acknowledged) > 20 or bool(workload.surprises), "some work")
            for probe in (*reads, ready):
                probe.wait_for(200, after=0)
            go_away(postgres, how)
            gone = time.monotonic()
            try:
                ready.wait_for(503, after=gone, within=30)
                for probe in reads:
                    probe.wait_for(503, after=gone + TRUSTED, within=60, times=3)
                time.sleep(2)
                assert httpx.get(server.management + "/health/live", trust_env=False).status_code == 200
                end = time.monotonic()
            finally:
                come_back(postgres, how)
            back = time.monotonic()
            for probe in (ready, *reads):
                probe.wait_for(200, after=back)
            told = len(workload.acknowledged)
            wait_until(lambda: len(workload.acknowledged) > told + 20 or bool(workload.surprises), "work goes on")
        assert server.process.poll() is None and server.starts == 1, server.tail()
        workload.check(owner)

    assert set(workload.statuses()) <= {200, 201, 204, 503}, workload.statuses()
    assert 503 in workload.statuses()
    for path, probe in zip(paths, reads):
        longest = max(probe.answers, key=lambda answer: answer.ended - answer.began)
        assert longest.ended - longest.began < LONGEST_ANSWER, f"{path}: {longest}"
        assert {answer.status for answer in probe.answers} <= {200, 503}, path
        trusting = [answer for answer in probe.between(gone + TRUSTED, end) if answer.status != 503]
        assert not trusting, (path, [(answer.began - gone, answer.status) for answer in trusting])
    unready = [answer for answer in ready.between(gone + TRUSTED + 1, end) if answer.status != 503]
    assert not unready, [(answer.began - gone, answer.status) for answer in unready]
    print(f"{how}: {workload.statuses()}, {len(workload.happened)} unanswered changes were there")


def test_who_asks_while_it_is_away_is_told_when_to_come_again(postgres, server):
    with server.sign_in() as owner, server.api() as nobody:
        postgres.stop()
        try:
            began = time.monotonic()
            wait_until(lambda: owner.get("/me").status_code == 503, "it notices")
            time.sleep(max(0, began + TRUSTED - time.monotonic()))
            for method, path, body in (
                ("GET", "/me", None), ("GET", "/users", None), ("GET", "/sessions/current", None), ("GET", "/audit-events", None),
                ("POST", "/users", {"username": "nobody-new"}), ("DELETE", "/sessions/current", None),
            ):  # fmt: skip
                problem(owner.request(method, path, json=body), 503, "unavailable")
            problem(nobody.sign_in("olivia", "not the right one at all"), 503, "unavailable")
            # Without a session too: an unknown token is not known to be unknown.
            problem(nobody.with_token("ghs_" + "A" * 43).get("/me"), 503, "unavailable")
            # What needs no data is answered all the same.
            assert nobody.get("/openapi.yaml").status_code == 200
        finally:
            postgres.start()
        wait_until(lambda: owner.get("/me").status_code == 200, "it recovers")
        assert owner.post("/users", json={"username": "somebody-new"}).status_code == 201
        assert owner.all("/users", filter='username eq "nobody-new"') == []


def test_it_starts_when_postgres_is_there_again(postgres):
    """A node that starts while PostgreSQL is away either waits for it or ends with words; nothing is left half made."""
    with postgres.database() as url, Server(database=url) as server:
        postgres.stop()
        try:
            server.launch()
            time.sleep(2)
            with pytest.raises(httpx.HTTPError):
                # Not ready in any case.
                httpx.get(server.management + "/health/ready", trust_env=False).raise_for_status()
        finally:
            postgres.start()
        try:
            server.wait_ready(60)
        except AssertionError:
            assert server.process.poll() not in (None, 0), "it hangs"
            assert "postgres" in server.stderr.lower(), server.stderr
            server.start()
        server.set_up()
        server.sign_in().close()


def restarts_under_load(postgres: Postgres, server: Server, rounds: int, seed: int) -> None:
    chosen = random.Random(seed)
    with server.sign_in() as owner:
        workload = Workload(owner.token, seed=seed)
        for _ in range(rounds):
            how = chosen.choice(["stopped", "immediate", "killed", "paused"])
            with workload.running(server.url, patient=True):
                for _ in range(2):
                    told = len(workload.acknowledged)
                    wait_until(lambda: len(workload.acknowledged) > told + 10, f"work goes on before it is {how}", within=120)
                    time.sleep(chosen.uniform(0, 0.1))
                    go_away(postgres, how)
                    time.sleep(chosen.uniform(0, 2.5))
                    come_back(postgres, how)
                told = len(workload.acknowledged)
                wait_until(lambda: len(workload.acknowledged) > told + 10, f"work goes on after it was {how}", within=120)
            server.wait_ready(60)
            workload.check(owner)
        assert server.process.poll() is None and server.starts == 1
        assert set(workload.statuses()) <= {200, 201, 204, 503}, workload.statuses()
        print(f"{rounds} rounds: {workload.statuses()}, {len(workload.happened)} unanswered changes were there")


def test_restarts_under_load_lose_nothing(postgres, server):
    restarts_under_load(postgres, server, rounds=2, seed=4)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_many_restarts_under_load_lose_nothing(postgres, server):
    restarts_under_load(postgres, server, rounds=40, seed=5)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_kills_of_both_lose_nothing(postgres, server):
    """Gatehouse and PostgreSQL end at the same moment, as when the power goes."""
    chosen = random.Random(6)
    with server.sign_in() as owner:
        workload = Workload(owner.token, seed=6)
        for _ in range(25):
            enough = len(workload.acknowledged) + chosen.randrange(10, 60)
            with workload.running(server.url):
                wait_until(lambda: len(workload.acknowledged) > enough, "enough work", within=120)
                postgres.kill()
                server.kill()
            postgres.start()
            server.start()
            workload.check(owner)
