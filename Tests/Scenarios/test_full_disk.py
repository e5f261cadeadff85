"""PostgreSQL's disk is full: writes are refused as 507 and reads go on, until there is space again."""

import itertools
import time

import httpx
import pytest

from support.api import Api, problem, unique
from support.postgres import Postgres
from support.probe import readiness, reading, wait_until
from support.server import Server
from support.workload import Workload

pytestmark = [pytest.mark.once("is about PostgreSQL"), pytest.mark.timeout(600)]

BIG = "x" * 2000


def fill(path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 65536, 4096):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


@pytest.fixture
def disks():
    """Starts a PostgreSQL with a small disk, or skips."""
    started = []

    def start(**options) -> Postgres:
        try:
            running = Postgres(**options)
        except PermissionError as error:
            pytest.skip(str(error))
        started.append(running)
        return running.start()

    yield start
    for running in started:
        running.close()


def until_refused(owner: Api, status: int) -> httpx.Response:
    """Makes big users until that is refused."""
    for _ in range(20_000):
        answer = owner.post("/users", json={"username": unique("full"), "name": "x" * 200, "attributes": {"big": BIG}})
        if answer.status_code != 201:
            assert answer.status_code == status, answer.text
            return answer
    raise AssertionError("the disk never became full")


def test_a_full_disk_stops_writes_and_nothing_else(disks):
    postgres = disks(fsync=True)
    try:
        folder = postgres.small_disk("small", "40m")
    except PermissionError as error:
        pytest.skip(str(error))
    postgres.sql(f"CREATE TABLESPACE small LOCATION '{folder}'")
    url = postgres.create_database(tablespace="small")
    with Server(database=url) as server:
        server.start()
        server.set_up()
        with server.sign_in() as owner, server.sign_in() as reader:
            user = owner.create_user(name="Before")
            workload = Workload(owner.token, clients=4, seed=10)
            reads = reading(reader, "/me", "/users?limit=5", f"/users/{user['id']}", "/audit-events?limit=5")
            with workload.running(server.url, patient=True), reads:
                wait_until(lambda: len(workload.acknowledged) > 20 or bool(workload.surprises), "some work")
                fill(folder / "ballast")
                problem(until_refused(owner, 507), 507, "storage_full")
                wait_until(lambda: 507 in workload.statuses() or bool(workload.surprises), "the clients are told")
                full = time.monotonic()
                for number in itertools.count():
                    # What needs no new page may still be written; what is refused is refused in one way.
                    answer = owner.post("/users", json={"username": unique("full"), "attributes": {"big": BIG}})
                    if answer.status_code != 201:
                        problem(answer, 507, "storage_full")
                    assert owner.user(user["id"])["name"] == "Before"
                    if number > 20 and time.monotonic() > full + 4:
                        break
                still = time.monotonic()
                (folder / "ballast").unlink()
                wait_until(
                    lambda: owner.post("/users", json={"username": unique("after"), "attributes": {"big": BIG}}).status_code == 201,
                    "it recovers",
                )
                told = len(workload.acknowledged)
                wait_until(lambda: len(workload.acknowledged) > told + 20 or bool(workload.surprises), "work goes on")
            assert server.process.poll() is None and server.starts == 1
            refused = [answer for answer in reads.between(full, still) if answer.status != 200]
            assert not refused, refused
            workload.check(owner)
            assert owner.patch(f"/users/{user['id']}", json={"name": "After"}).status_code == 200
            assert set(workload.statuses()) <= {200, 201, 204, 503, 507}, workload.statuses()
            print(workload.statuses())
        server.restart()
        with server.sign_in() as owner:
            assert owner.user(user["id"])["name"] == "After"


def test_a_full_disk_of_the_log_takes_postgres_away_until_it_has_space(disks):
    """PostgreSQL gives up when its log finds no space: that is PostgreSQL being away, not a refused write."""
    postgres = disks(fsync=True, wal_disk="64m", settings={"max_wal_size": "32MB", "min_wal_size": "32MB"})
    with postgres.database() as url, Server(database=url) as server:
        server.start()
        server.set_up()
        with server.sign_in() as owner, readiness(server) as ready:
            user = owner.create_user(name="Before")
            workload = Workload(owner.token, clients=4, seed=11)
            with workload.running(server.url, patient=True):
                wait_until(lambda: len(workload.acknowledged) > 20 or bool(workload.surprises), "some work")
                fill(postgres.base / "wal" / "ballast")
                # The segment in use has space left; what needs the next one finds none.
                began = time.monotonic()
                answer = None
                while answer is None or answer.status_code == 201:
                    postgres.ask("SELECT pg_switch_wal()", database="postgres")
                    answer = owner.post("/users", json={"username": unique("log"), "attributes": {"big": BIG}})
                    assert time.monotonic() < began + 60, "the log never became full"
                assert answer.status_code in (503, 507), answer.text
                ready.wait_for(503, after=began)
                # It tries to recover by itself, and without space gives up and ends.
                wait_until(lambda: postgres.process.poll() is not None, "PostgreSQL gives up")
                (postgres.base / "wal" / "ballast").unlink()
                postgres.start()
                back = time.monotonic()
                ready.wait_for(200, after=back)
                told = len(workload.acknowledged)
                wait_until(lambda: len(workload.acknowledged) > told + 20 or bool(workload.surprises), "work goes on")
            assert server.process.poll() is None and server.starts == 1
            assert owner.user(user["id"])["name"] == "Before"
            workload.check(owner)
            assert set(workload.statuses()) <= {200, 201, 204, 503, 507}, workload.statuses()
