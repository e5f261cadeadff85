"""Two nodes on one PostgreSQL: whatever one does holds on the other, and no race between them breaks a rule."""

import statistics
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import postgres
from support.api import Api, problem, unique
from support.html import Browser
from support.nodes import two_nodes
from support.postgres import rows
from support.probe import reading, wait_until
from support.server import OWNER, OWNER_PASSWORD
from support.workload import Workload

pytestmark = [pytest.mark.once("is about PostgreSQL"), pytest.mark.timeout(600)]

PASSWORD = "nine copper kettles whistle"
OTHER = "eleven violet lanterns hum"
# The promise is a second from the answer on; the rest is for the clocks of a busy machine.
REVOKED_WITHIN = 1.5


@pytest.fixture(scope="module")
def pair():
    with two_nodes() as both:
        yield both


@pytest.fixture(scope="module")
def owners(pair):
    """The owner's clients, one for each node, with one session."""
    with pair[0].sign_in() as one, pair[1].api(one.token) as other:
        yield one, other


def at_once(*calls):
    """Runs them at the same moment; their results in order."""
    barrier = threading.Barrier(len(calls))

    def start(call):
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(start, call) for call in calls]]


# Starting


def test_both_start_at_once_on_an_empty_database():
    for _ in range(4):
        with two_nodes(set_up=False) as (one, other):
            numbers = rows(one.database, "SELECT number, COUNT(*) FROM schema_migration GROUP BY number ORDER BY number")
            assert numbers and all(count == 1 for _, count in numbers), numbers
            assert rows(one.database, "SELECT COUNT(*) FROM realm") == [(1,)]
            for server in (one, other):
                with server.api() as api:
                    assert api.get("/setup").json() == {"required": True}
            one.set_up()
            with other.sign_in() as owner:
                assert owner.get("/me").json()["roles"] == ["owner"]


def test_a_setup_raced_on_both_makes_one_owner():
    for _ in range(4):
        with two_nodes(set_up=False) as (one, other), one.api() as here, other.api() as there:

            def set_up(api: Api, name: str):
                body = {"setupToken": one.setup_token, "username": name, "password": OWNER_PASSWORD}
                return lambda: api.post("/setup", json=body)

            answers = at_once(set_up(here, "ann"), set_up(there, "bob"))
            assert sorted(answer.status_code for answer in answers) == [201, 403], [answer.text for answer in answers]
            first = next(answer for answer in answers if answer.status_code == 201).json()["username"]
            for server in (one, other):
                with server.sign_in(first) as owner:
                    assert [user["username"] for user in owner.all("/users")] == [first]
                    assert owner.verified()["intact"] is True


# What one does, the other sees


def test_a_session_of_one_is_good_on_the_other(pair, owners):
    for here, there in (pair, pair[::-1]):
        for _ in range(20):
            with here.sign_in() as mine, there.api(mine.token) as same:
                assert same.get("/me").json()["username"] == OWNER


def test_what_one_wrote_the_other_shows_when_asked(pair, owners):
    """Hundreds of times, from several clients on both nodes at once, in both directions."""
    late = []

    def write_and_read(number: int) -> None:
        token = owners[0].token
        with pair[number % 2].api(token) as here, pair[1 - number % 2].api(token) as there:
            for turn in range(75):
                name = unique("seen")
                if turn % 3 == 0:
                    written = here.post("/users", json={"username": name, "name": name})
                    assert written.status_code == 201, written.text
                    identifier = written.json()["id"]
                else:
                    written = here.patch(f"/users/{identifier}", json={"name": name})
                    assert written.status_code == 200, written.text
                headers = {"Gatehouse-At-Least": written.headers["gatehouse-revision"]}
                for path, found in (
                    (f"/users/{identifier}", lambda answer: answer.json()["name"]),
                    (f"/users?filter=id eq \"{identifier}\"", lambda answer: answer.json()["items"][0]["name"]),
                ):  # fmt: skip
                    deadline = time.monotonic() + 30
                    while (answer := there.get(path, headers=headers)).status_code == 503:
                        late.append(path)
                        assert time.monotonic() < deadline, answer.text
                    assert answer.status_code == 200 and found(answer) == name, answer.text

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(write_and_read, number) for number in range(4)]:
            future.result()
    print(f"600 reads, {len(late)} of them told to come again")


def test_a_cursor_of_one_goes_on_on_the_other(pair, owners):
    names = sorted(owners[0].create_user(unique("paged"))["username"] for _ in range(5))
    seen, cursor = [], None
    for turn in range(5):
        query = {"limit": 1, "filter": 'username sw "paged-"', "sort": "username"} | ({"after": cursor} if cursor else {})
        body = owners[turn % 2].get("/users", params=query).json()
        seen += [user["username"] for user in body["items"]]
        cursor = body["page"]["nextCursor"]
    assert seen == names


def test_the_console_may_be_served_by_both_in_turn(pair):
    with Browser(pair[0].url) as here, Browser(pair[1].url) as there:
        here.sign_in(OWNER, OWNER_PASSWORD)
        there.client.cookies = here.client.cookies
        page = there.get("/users/new").ok()
        name = unique("console")
        # The form of one, sent to the other.
        form = page.form("username")
        form.page.browser = here
        form.action = form.action.replace(there.url, here.url)
        sent = form.submit({"username": name})
        assert sent.status == 200 and name in sent.text, sent.text[:500]


# What one revokes, the other refuses


def end_this_session(owner: Api, user: dict, session: Api) -> int:
    identifier = session.get("/sessions/current").json()["id"]
    return owner.delete(f"/users/{user['id']}/sessions/{identifier}").status_code


REVOCATIONS = {
    "signing out": lambda owner, user, session: session.delete("/sessions/current").status_code,
    "ending the session": end_this_session,
    "ending all sessions": lambda owner, user, session: owner.delete(f"/users/{user['id']}/sessions").status_code,
    "disabling": lambda owner, user, session: owner.post(f"/users/{user['id']}/disable").status_code,
    "deleting": lambda owner, user, session: owner.delete(f"/users/{user['id']}").status_code,
    "a new password from an administrator": lambda owner, user, session: owner.post(
        f"/users/{user['id']}/password", json={"password": OTHER}
    ).status_code,
    "a password changed elsewhere": lambda owner, user, session: change_elsewhere(owner, user),
}


def change_elsewhere(owner: Api, user: dict) -> int:
    with Api(owner.url) as api:
        token = api.sign_in(user["username"], PASSWORD).json()["token"]
        body = {"currentPassword": PASSWORD, "newPassword": OTHER}
        return api.post("/me/password", json=body, headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.mark.parametrize("what", REVOCATIONS)
def test_what_is_revoked_on_one_is_refused_on_the_other(pair, owners, what):
    times = []
    for turn in range(6):
        owner, there = owners[turn % 2], pair[1 - turn % 2]
        user = owner.create_user(password=PASSWORD)
        with pair[turn % 2].sign_in(user["username"], PASSWORD) as here, there.api(here.token) as session:
            # One path only: what is read from memory may be believed a little longer than what is asked of the database.
            with reading(session, "/me") as reads:
                reads.wait_for(200, after=0, times=3)
                assert REVOCATIONS[what](owner, user, here) in (200, 204)
                told = time.monotonic()
                reads.wait_for(401, after=told)
                refused = next(answer for answer in reads.answers if answer.began >= told and answer.status == 401)
                reads.wait_for(401, after=refused.ended, times=10)
                assert session.get("/sessions/current").status_code == 401
            after = [answer for answer in reads.answers if answer.began >= told]
            believed = [answer.began - told for answer in after if answer.status == 200]
            times.append(max(believed, default=0))
            assert max(believed, default=0) < REVOKED_WITHIN, believed
            later = {answer.status for answer in after if answer.began > refused.ended}
            assert later == {401}, f"refused, and then not: {later}"
    print(f"{what}: believed for {statistics.median(times) * 1000:.0f} ms (median), {max(times) * 1000:.0f} ms at most")


# Owners


@pytest.fixture
def realm_of_owners():
    """Two nodes, the owner's client on the first, and sixteen more owners who are disabled."""
    with two_nodes() as both:
        one, other = both
        with one.sign_in() as owner:
            spare = [owner.create_user(password=PASSWORD) for _ in range(16)]
            # There is no route yet that gives a role, so it is done while nobody runs.
            for server in both:
                assert server.stop() == 0
            values = ", ".join(
                f"('main', '{uuid.uuid4()}', 'user', '{user['id']}', 'owner', 'realm', '', 'test', 'local', '', 1, 0)" for user in spare
            )
            postgres.run(
                one.database,
                "INSERT INTO role_assignment (realm_id, id, principal_kind, principal_id, role_id, scope_kind, scope_id, reason,"
                f" source, granted_by, version, created_at) VALUES {values}",
            )
            for server in both:
                server.start()
            for user in spare:
                assert owner.post(f"/users/{user['id']}/disable").status_code == 200
            yield one, other, owner, spare


@pytest.mark.parametrize("how", ["disable", "delete"])
def test_two_owners_who_remove_each_other_leave_one(realm_of_owners, how):
    one, other, owner, spare = realm_of_owners
    left = owner.token
    for turn, user in enumerate(spare):
        with one.api(left) as first:
            assert first.post(f"/users/{user['id']}/enable").status_code == 200
            with other.sign_in(user["username"], PASSWORD) as second:
                ids = [api.get("/me").json()["id"] for api in (first, second)]

                def remove(api: Api, identifier: str):
                    if how == "disable":
                        return lambda: api.post(f"/users/{identifier}/disable")
                    return lambda: api.delete(f"/users/{identifier}")

                answers = at_once(remove(first, ids[1]), remove(second, ids[0]))
                statuses = [answer.status_code for answer in answers]
                told = f"turn {turn}: {[answer.text for answer in answers]}"
                assert sum(status in (200, 204) for status in statuses) == 1, told
                # The other one is nobody any more, or came upon the last owner.
                assert set(statuses) <= {200, 204, 401, 404, 409}, told
                left = (first if statuses[0] in (200, 204) else second).token
        for server in (one, other):
            with server.api(left) as api:
                assert api.get("/me").json()["roles"] == ["owner"]
                active = api.all("/users", filter='status eq "active"')
                assert len(active) == 1, active
    with one.api(left) as api:
        assert api.verified()["intact"] is True
        problem(api.post(f"/users/{api.get('/me').json()['id']}/disable"), 409, "conflict")


def test_an_owner_who_is_removed_has_no_last_second(realm_of_owners):
    one, other, owner, spare = realm_of_owners
    for turn, user in enumerate(spare[:10]):
        assert owner.post(f"/users/{user['id']}/enable").status_code == 200
        with one.sign_in(user["username"], PASSWORD) as here, other.api(here.token) as there:
            assert there.post("/users", json={"username": unique("in-time")}).status_code == 201
            removed = owner.delete(f"/users/{user['id']}") if turn % 2 else owner.post(f"/users/{user['id']}/disable")
            assert removed.status_code in (200, 204)
            # A write is decided from the database, never from a cache.
            name = unique("too-late")
            refused = there.post("/users", json={"username": name})
            # Taking away the grants and the session are two steps in the node's memory: a request between them has a session
            # that holds nothing.
            assert refused.status_code in (401, 403), refused.text
            assert owner.all("/users", filter=f'username eq "{name}"') == []


# Races


def test_a_name_raced_on_both_is_taken_once(pair, owners):
    for _ in range(25):
        name = unique("raced")
        calls = [
            lambda owner=owner, each=each: owner.post("/users", json={"username": each})
            for owner in owners
            for each in (name, name.upper())
        ]
        answers = at_once(*calls)
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409], [answer.text for answer in answers]
        assert len(owners[0].all("/users", filter=f'username eq "{name}"')) == 1


def test_an_idempotency_key_raced_on_both_makes_one_user(pair, owners):
    for _ in range(25):
        body, headers = {"username": unique("once")}, {"Idempotency-Key": str(uuid.uuid4())}
        with pair[0].api(owners[0].token) as one, pair[1].api(owners[0].token) as other:
            clients = [*owners, one, other]
            answers = at_once(*[lambda api=api: api.post("/users", json=body, headers=headers) for api in clients])
        assert [answer.status_code for answer in answers] == [201] * 4, [answer.text for answer in answers]
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert len(owners[1].all("/users", filter=f'username eq "{body["username"]}"')) == 1


def test_a_stale_version_raced_on_both_is_written_once(pair, owners):
    user = owners[0].create_user(name="Version 0")
    for turn in range(25):
        tag = owners[0].get(f"/users/{user['id']}").headers["etag"]
        answers = at_once(
            *[
                lambda owner=owner: owner.patch(
                    f"/users/{user['id']}", json={"name": f"Version {turn} {owner.url}"}, headers={"If-Match": tag}
                )
                for owner in owners
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412], [answer.text for answer in answers]


def test_guesses_count_on_both(pair, owners):
    user = owners[0].create_user(password=PASSWORD)
    with pair[0].api(address="127.0.51.1") as one, pair[1].api(address="127.0.51.1") as other:
        failures = 0
        while (answer := (one, other)[failures % 2].sign_in(user["username"], "not the right one at all")).status_code == 401:
            failures += 1
            assert failures <= 20, "each node counts for itself"
        problem(answer, 429, "rate_limited")
        assert failures >= 5
        for api in (one, other):
            problem(api.sign_in(user["username"], PASSWORD), 429, "rate_limited")
    wait_until(lambda: owners[1].user(user["id"])["status"] == "locked", "it is shown on the other node")


def test_a_burst_of_guesses_on_both_gets_no_more_than_a_row(pair, owners):
    user = owners[0].create_user(password=PASSWORD)

    def guess(number: int) -> int:
        with pair[number % 2].api(address=f"127.0.52.{number + 1}") as api:
            return api.sign_in(user["username"], "not the right one at all").status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(guess, range(60)))
    assert set(statuses) <= {401, 429, 503}
    assert statuses.count(401) <= 20, statuses


# The record


def test_writers_on_both_make_one_chain():
    with two_nodes() as (one, other), one.sign_in() as owner, other.api(owner.token) as same:
        workload = Workload(owner.token, clients=8, seed=7)
        with workload.running(one.url, other.url):
            wait_until(lambda: len(workload.acknowledged) > 300 or bool(workload.surprises), "enough work", within=120)
        stopped = time.monotonic()
        here, there = owner.verified(), same.verified()
        print(f"every event had its place {time.monotonic() - stopped:.2f} s after the last write")
        assert time.monotonic() - stopped < 10
        assert here["events"] == there["events"] and here["head"] == there["head"]
        workload.check(owner)
        workload.check(same)
        assert set(workload.statuses()) <= {200, 201, 204}, workload.statuses()
        positions = [position for (position,) in rows(one.database, "SELECT position FROM audit_event ORDER BY position")]
        assert positions == list(range(1, len(positions) + 1))


def kills_of_one_of_two(rounds: int, seed: int) -> None:
    with two_nodes() as (one, other), one.sign_in() as owner:
        workload = Workload(owner.token, clients=8, seed=seed)
        for number in range(rounds):
            victim, survivor = (one, other) if number % 2 else (other, one)
            enough = len(workload.acknowledged) + 40 + 17 * (number % 5)
            with workload.running(one.url, other.url, patient=True):
                wait_until(lambda: len(workload.acknowledged) > enough or bool(workload.surprises), "enough work", within=120)
                victim.kill()
                # The other goes on, and takes over whatever the killed one was at.
                told = len(workload.acknowledged)
                wait_until(lambda: len(workload.acknowledged) > told + 30 or bool(workload.surprises), "it goes on", within=120)
            with survivor.api(owner.token) as api:
                began = time.monotonic()
                api.verified(within=60)
                print(f"the survivor chained everything after {time.monotonic() - began:.1f} s")
                workload.check(api)
            victim.start()
        workload.check(owner)


def test_a_killed_node_does_not_stop_the_other():
    kills_of_one_of_two(3, seed=8)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_many_killed_nodes_do_not_stop_the_other():
    kills_of_one_of_two(50, seed=9)
