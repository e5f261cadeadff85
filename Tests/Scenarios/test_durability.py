"""An acknowledged write is on the disk: its fsync had returned before the first byte of its answer was sent.

Shown from the system calls. Every request has an id of its own, which is in its audit event, so in the write-ahead log, and in its answer.
"""

import dataclasses
import functools
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support import trace
from support.api import Api
from support.postgres import Postgres, children_of
from support.server import SETUP_TOKEN, Server
from support.trace import RECEIVES, SENDS, SYNCS, WRITES, Call

pytestmark = [pytest.mark.once("runs on both engines itself"), pytest.mark.timeout(600)]

PASSWORD = "nine copper kettles whistle"
OTHER = "eleven violet lanterns hum"


class Writer:
    """Makes writes and remembers the ids of those that were acknowledged."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.numbers = itertools.count(1)
        self.ids: list[str] = []

    def write(self, api: Api, method: str, path: str, **options):
        request = f"durable-{next(self.numbers)}-{id(self)}"
        headers = {"X-Request-ID": request, **options.pop("headers", {})}
        answer = api.request(method, path, headers=headers, **options)
        assert answer.is_success, answer.text
        self.ids.append(request)
        return answer

    def live_a_life(self, owner: Api, name: str) -> None:
        user = self.write(owner, "POST", "/users", json={"username": name, "password": PASSWORD}).json()
        self.write(owner, "PATCH", f"/users/{user['id']}", json={"name": f"Name of {name}"})
        with self.server.api() as api:
            token = self.write(api, "POST", "/sessions", json={"username": name, "password": PASSWORD}).json()["token"]
        with self.server.api(token) as mine:
            self.write(mine, "POST", "/me/password", json={"currentPassword": PASSWORD, "newPassword": OTHER})
            self.write(mine, "DELETE", "/sessions/current")
        self.write(owner, "POST", f"/users/{user['id']}/disable")
        self.write(owner, "POST", f"/users/{user['id']}/enable")
        self.write(owner, "DELETE", f"/users/{user['id']}")

    def work(self, owner: Api) -> None:
        """One after the other, then many at once: their commits share an fsync."""
        self.live_a_life(owner, "alone")
        with ThreadPoolExecutor(8) as pool:

            def several(number: int) -> None:
                with self.server.api(owner.token) as api:
                    for turn in range(3):
                        self.live_a_life(api, f"crowd-{number}-{turn}")

            for future in [pool.submit(several, number) for number in range(8)]:
                future.result()


def answer_to(request: str, calls: list[Call]) -> Call:
    """The call that sent the first byte of the answer."""
    wanted = f"x-request-id: {request}\r\n".encode()
    found = [call for call in calls if call.name in SENDS and call.is_socket and wanted in call.data.lower()]
    assert found, f"no answer to {request} in the trace"
    assert found[0].data.startswith(b"HTTP/1.1 2"), found[0].data[:100]
    return found[0]


# SQLite


def sync_of_sqlite(request: str, calls: list[Call]) -> Call:
    """The first fsync that was begun after the log held the whole commit with this request's event."""
    log = [call for call in calls if call.file.endswith("-wal") and call.name in WRITES | SYNCS]
    held = next(number for number, call in enumerate(log) if call.name in WRITES and request.encode() in call.data)
    # A frame is a header of 24 bytes and a page; the header of a transaction's last frame names the size of the database.
    assert len(log[held].data) == 4096 and len(log[held - 1].data) == 24, "the log is not written as expected"
    for number in range(held - 1, len(log)):
        if len(log[number].data) == 24 and any(log[number].data[4:8]):
            page = log[number + 1]
            assert len(page.data) == 4096 and page.worked
            return next(call for call in log[number + 2 :] if call.name in SYNCS and call.worked and call.begin > page.end)
    raise AssertionError(f"the commit of {request} is not in the trace")


def check_order(ids: list[str], calls: list[Call], sync_of: Callable[[str, list[Call]], Call]) -> int:
    """Every answer was begun after its fsync had ended; returns how many different fsyncs there were."""
    syncs = set()
    for request in ids:
        sync, answer = sync_of(request, calls), answer_to(request, calls)
        assert sync.end < answer.begin, f"{request} was answered before it was on the disk:\n{sync.text}\n{answer.text[:300]}"
        syncs.add(sync.begin)
    return len(syncs)


@pytest.fixture
def output(tmp_path) -> Path:
    trace.need_tracing()
    return tmp_path / "trace"


def test_sqlite_answers_when_the_log_is_on_the_disk(output):
    # The tracer watches from aside, so that the server is what is started and stopped.
    with Server(engine="sqlite", under=["strace", "-D", *trace.flags(output)]) as server:
        server.start(within=60)
        writer = Writer(server)
        with server.api() as api:
            body = {"setupToken": SETUP_TOKEN, "username": "olivia", "password": "seven quiet herons at dusk"}
            writer.write(api, "POST", "/setup", json=body)
        with server.sign_in() as owner:
            writer.work(owner)
        assert server.stop() == 0
        calls = trace.parse(output)
        data = str(server.data)
    syncs = check_order(writer.ids, calls, sync_of_sqlite)
    assert len(writer.ids) == 201
    print(f"{len(writer.ids)} acknowledged writes, {syncs} fsyncs")
    check_folder(data, calls, before=answer_to(writer.ids[0], calls))

    # The check itself would notice: the same calls, with one answer sent while its fsync was under way.
    early = answer_to(writer.ids[100], calls)
    changed = [dataclasses.replace(call, begin=sync_of_sqlite(writer.ids[100], calls).begin) if call is early else call for call in calls]
    with pytest.raises(AssertionError, match="before it was on the disk"):
        check_order(writer.ids, changed, sync_of_sqlite)


def check_folder(data: str, calls: list[Call], before: Call) -> None:
    """The entries of new files are on the disk, too, and so is that of the folder itself."""
    made = [
        call
        for call in calls
        if call.begin < before.begin and call.worked and call.name in ("openat", "open") and "O_CREAT" in call.text
        and call.data.startswith(data.encode() + b"/")
    ]  # fmt: skip
    synced = [call for call in calls if call.name in SYNCS and call.worked and call.file == data and call.end < before.begin]
    for name in ("gatehouse.db", "gatehouse.db-wal", "gatehouse.key"):
        first = next(call for call in made if call.data == f"{data}/{name}".encode())
        assert any(sync.begin > first.end for sync in synced), f"{name} may be gone after a power cut"
    folder = next(call for call in calls if call.name in ("mkdir", "mkdirat") and call.worked and call.data == data.encode())
    parent = data.rpartition("/")[0]
    assert any(
        call.name in SYNCS and call.worked and call.file == parent and folder.end < call.begin and call.end < before.begin
        for call in calls
    ), "the new data folder may be gone after a power cut"


# PostgreSQL


def sync_of_postgres(port: int, request: str, calls: list[Call]) -> Call:
    """The fsync of PostgreSQL's log that made this request's transaction durable: begun after the COMMIT came in and its record was
    written, ended before the COMMIT was confirmed."""
    answer = answer_to(request, calls)
    mentions = [
        call for call in calls
        if call.begin < answer.begin and call.name in RECEIVES and call.file.startswith(f"TCP:[127.0.0.1:{port}->")
        and request.encode() in call.data
    ]  # fmt: skip
    assert mentions, f"no backend was told of {request}"
    backend = mentions[-1].thread
    talk = [call for call in calls if call.thread == backend and call.is_socket and mentions[-1].end <= call.begin < answer.begin]
    confirmed = next(call for call in talk if call.name in SENDS and b"COMMIT\0" in call.data)
    asked = [call for call in [mentions[-1], *talk] if call.name in RECEIVES and call.data and call.end < confirmed.begin][-1]
    log = [call for call in calls if "/pg_wal/" in call.file and asked.end < call.begin and call.end < confirmed.begin and call.worked]
    written = [call for call in log if call.name in WRITES]
    syncs = [call for call in log if call.name in SYNCS and any(write.end < call.begin for write in written)]
    assert syncs, f"the commit of {request} was confirmed without an fsync of its record"
    return syncs[0]


def test_postgres_answers_when_the_log_is_on_the_disk(output):
    # What others may have chosen as the default for this server is nothing that an answer may depend on.
    with Postgres(fsync=True, settings={"synchronous_commit": "off"}) as postgres, postgres.database() as url:
        with Server(database=url) as server:
            server.start()
            server.set_up()
            writer = Writer(server)
            with server.sign_in() as owner:
                owner.create_user("warm")
                processes = [postgres.process.pid, *children_of(postgres.process.pid), server.process.pid]
                with trace.attached(output, *processes):
                    writer.work(owner)
    calls = trace.parse(output)
    syncs = check_order(writer.ids, calls, functools.partial(sync_of_postgres, postgres.port))
    assert len(writer.ids) == 200
    print(f"{len(writer.ids)} acknowledged writes, {syncs} fsyncs")
