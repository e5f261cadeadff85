"""Guessing passwords: stopped soon, alike for every name, and never a way to lock somebody out."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.api import problem, unique

WRONG = "not the right one at all"
PASSWORD = "nine copper kettles whistle"
FEWEST, MOST = 5, 20

ATTACKER = "127.0.9.9"
HOME = "127.0.7.7"


def fail_until_throttled(api, username: str, most: int = MOST + 1) -> int:
    """How many failures were answered 401 before the first 429."""
    for failures in range(most + 1):
        response = api.sign_in(username, WRONG)
        if response.status_code == 429:
            problem(response, 429, "rate_limited")
            return failures
        problem(response, 401, "invalid_credentials")
    raise AssertionError(f"{username}: not throttled after {most} failures in a row")


@pytest.fixture
def fresh(make_server):
    return make_server()


@pytest.fixture
def owner(fresh):
    with fresh.sign_in() as api:
        yield api


def test_an_account_is_throttled_after_some_failures_in_a_row(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    with fresh.api(address=ATTACKER) as attacker:
        failures = fail_until_throttled(attacker, user["username"])
        assert FEWEST <= failures <= MOST
        started = time.perf_counter()
        response = attacker.sign_in(user["username"], WRONG)
        took = time.perf_counter() - started
        problem(response, 429, "rate_limited")
        assert took < 1, "the answer is never held back"
        # The right password is not found out either.
        problem(attacker.sign_in(user["username"], PASSWORD), 429, "rate_limited")
        # Case does not make another account of it.
        problem(attacker.sign_in(user["username"].upper(), WRONG), 429, "rate_limited")
    assert owner.user(user["id"])["status"] == "locked"


def test_unknown_names_are_throttled_alike(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    disabled = owner.create_user(password=PASSWORD)
    owner.post(f"/users/{disabled['id']}/disable")
    counts, bodies = {}, {}
    for number, name in enumerate([user["username"], unique("nobody"), disabled["username"]]):
        with fresh.api(address=f"127.0.8.{number + 1}") as api:
            counts[name] = fail_until_throttled(api, name)
            response = api.sign_in(name, WRONG)
            body = response.json()
            body.pop("requestId")
            bodies[name] = (response.status_code, body, sorted(set(response.headers) - {"date"}))
    assert len(set(counts.values())) == 1, counts
    assert len({str(body) for body in bodies.values()}) == 1, bodies


def test_an_address_gets_fifty_failures_a_minute(fresh):
    with fresh.api(address=ATTACKER) as attacker, fresh.api(address=HOME) as other:

        def fail(number: int) -> int:
            return attacker.sign_in(f"guessed-{number}", WRONG).status_code

        started = time.monotonic()
        with ThreadPoolExecutor(2) as pool:
            first = list(pool.map(fail, range(50)))
        if time.monotonic() - started < 55:
            assert first == [401] * 50
        with ThreadPoolExecutor(4) as pool:
            later = list(pool.map(fail, range(50, 400)))
        assert set(later) <= {401, 429, 503}
        assert 429 in later, "an address that guesses on and on is throttled"
        problem(other.sign_in("somebody-else", WRONG), 401, "invalid_credentials")


def test_a_restart_does_not_forget(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    with fresh.api(address=ATTACKER) as attacker:
        fail_until_throttled(attacker, user["username"])
    fresh.restart()
    with fresh.api(address=ATTACKER) as attacker:
        problem(attacker.sign_in(user["username"], WRONG), 429, "rate_limited")


def test_a_crash_does_not_forget(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    with fresh.api(address=ATTACKER) as attacker:
        fail_until_throttled(attacker, user["username"])
    fresh.kill()
    fresh.start()
    with fresh.api(address=ATTACKER) as attacker:
        problem(attacker.sign_in(user["username"], WRONG), 429, "rate_limited")


def test_success_clears_the_count(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    with fresh.api(address=HOME) as api:
        for _ in range(6):
            for _ in range(FEWEST - 1):
                problem(api.sign_in(user["username"], WRONG), 401, "invalid_credentials")
            assert api.sign_in(user["username"], PASSWORD).status_code == 201


def test_unlocking_clears_the_count(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    with fresh.api(address=ATTACKER) as api:
        fail_until_throttled(api, user["username"])
        unlocked = owner.post(f"/users/{user['id']}/unlock")
        assert unlocked.status_code == 200 and unlocked.json()["status"] == "active", unlocked.text
        assert api.sign_in(user["username"], PASSWORD).status_code == 201


def test_a_victim_gets_in_from_where_it_is_known(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    with fresh.api(address=HOME) as home, fresh.api(address=ATTACKER) as attacker:
        assert home.sign_in(user["username"], PASSWORD).status_code == 201
        fail_until_throttled(attacker, user["username"])
        for _ in range(30):
            assert attacker.sign_in(user["username"], WRONG).status_code == 429
        assert home.sign_in(user["username"], PASSWORD).status_code == 201
        # And that success is no help to the attacker.
        problem(attacker.sign_in(user["username"], WRONG), 429, "rate_limited")


def test_parallel_guesses_do_not_slip_through(fresh, owner):
    user = owner.create_user(password=PASSWORD)

    def guess(number: int) -> int:
        with fresh.api(address=f"127.0.6.{number + 1}") as api:
            return api.sign_in(user["username"], WRONG).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(guess, range(60)))
    assert set(statuses) <= {401, 429, 503}
    assert statuses.count(401) <= MOST, "a burst gets no more guesses than a row"


def test_my_own_password_change_cannot_be_used_to_guess(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    with fresh.sign_in(user["username"], PASSWORD, address=HOME) as api:
        statuses = []
        for _ in range(MOST + 2):
            body = {"currentPassword": WRONG, "newPassword": "eleven violet lanterns hum"}
            statuses.append(api.post("/me/password", json=body).status_code)
            if statuses[-1] == 429:
                break
        assert 429 in statuses, statuses


def test_failures_are_audited_and_counted(fresh, owner):
    user = owner.create_user(password=PASSWORD)
    with fresh.api(address=ATTACKER) as attacker:
        fail_until_throttled(attacker, user["username"])
    events = owner.all("/audit-events", filter=f'target.id eq "{user["id"]}" and outcome eq "failure"')
    if not events:
        events = owner.all("/audit-events", filter='outcome eq "failure"')
    assert events, "failed sign-ins leave events"
    assert len(events) < FEWEST + 1, "floods are counted per minute, not one event each"
    assert ATTACKER in {event["address"] for event in events}
    lines = [line for line in fresh.metrics().splitlines() if "sign" in line and not line.startswith("#")]
    counted = sum(float(line.rsplit(" ", 1)[1]) for line in lines if "fail" in line or "throttl" in line or "refus" in line)
    assert counted >= FEWEST, lines
