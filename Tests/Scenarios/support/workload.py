"""Clients that change users and sessions at once and know exactly what they were told.

Each client works with people of its own, so it can say of each what must be true: every acknowledged change is there, and a change
that was not acknowledged is there with all that belongs to it (row, credential, sessions, event), or nothing of it is.
"""

import contextlib
import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from support.api import Api, problem

PASSWORD = "nine copper kettles whistle"
# No request may hang: neither on a dead database nor on a lost connection. The promise is 10 seconds; the rest is for a busy machine.
LONGEST_ANSWER = 15

_marks = itertools.count(1)


@dataclass
class Pending:
    """A change whose answer never came, or said that the server could not."""

    request: str
    kind: str
    apply: Callable[[], None]
    value: str = ""


@dataclass
class Person:
    body: dict
    key: str
    id: str | None = None
    name: str = ""
    password: str | None = None
    status: str = "active"
    deleted: bool = False
    live: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    # Sessions whose tokens nobody was told.
    untold: int = 0
    pending: Pending | None = None

    @property
    def username(self) -> str:
        return self.body["username"]

    def end_sessions(self, except_token: str | None = None) -> None:
        self.dead += [token for token in self.live if token != except_token]
        self.live = [token for token in self.live if token == except_token]
        self.untold = 0


@dataclass
class Answer:
    """One request as its client saw it; `status` None: the connection broke."""

    began: float
    ended: float
    status: int | None
    what: str


class Unanswered(Exception):
    pass


class Client:
    """One of the clients at once."""

    def __init__(self, workload: "Workload", number: int) -> None:
        self.workload = workload
        self.random = random.Random(f"{workload.seed}-{number}")
        self.number = number
        self.people: list[Person] = []
        self.counter = itertools.count(1)
        self.options = {"address": f"127.0.40.{number + 1}"}

    def run(self, url: str, stop: threading.Event, patient: bool) -> None:
        """Works until told to stop; a patient client goes on when it gets no answer."""
        with Api(url, self.workload.token, **self.options) as api, Api(url, **self.options) as nobody:
            self.api, self.nobody = api, nobody
            while not stop.is_set():
                try:
                    self.step()
                except Unanswered:
                    if not patient:
                        return
                    stop.wait(0.5)

    def step(self) -> None:
        able = [person for person in self.people[-40:] if person.pending is None and not person.deleted]
        person = self.random.choice(able) if able else None
        choices: list[tuple[int, Callable]] = [(22, lambda: self.create())]
        if person is not None:
            choices += [(30, lambda: self.edit(person))]
            if person.status == "active":
                choices += [(4, lambda: self.delete(person))]
            if person.password and person.status == "active":
                choices += [(14, lambda: self.sign_in(person)), (6, lambda: self.disable(person))]
            if person.password and person.status == "disabled":
                choices += [(25, lambda: self.enable(person))]
            if person.live:
                choices += [(12, lambda: self.sign_out(person)), (5, lambda: self.change_password(person))]
        weights = [weight for weight, _ in choices]
        self.random.choices([action for _, action in choices], weights)[0]()

    # What they do

    def create(self) -> None:
        name = f"{self.workload.mark}-{self.number}-{next(self.counter)}"
        body = {"username": name, "name": f"Made {name}", "email": f"{name}@example.org", "attributes": {"made": name}}
        if self.random.random() < 0.4:
            body["password"] = PASSWORD
        status = "active" if "password" in body else "invited"
        person = Person(body, f"key-{name}", name=body["name"], password=body.get("password"), status=status)
        self.people.append(person)
        answer = self.send(person, "create", "POST", "/users", json=body, headers={"Idempotency-Key": person.key})
        person.id = answer.json()["id"]

    def edit(self, person: Person) -> None:
        name = f"Edited {self.workload.mark}.{self.number}.{next(self.counter)}"

        def apply() -> None:
            person.name = name

        # Three tables: what people are found by lies beside what is shown.
        body = {"name": name, "attributes": {"made": name}}
        self.send(person, "edit", "PATCH", f"/users/{person.id}", apply, value=name, json=body)

    def delete(self, person: Person) -> None:
        def apply() -> None:
            person.end_sessions()
            person.deleted = True

        self.send(person, "delete", "DELETE", f"/users/{person.id}", apply)

    def disable(self, person: Person) -> None:
        def apply() -> None:
            person.end_sessions()
            person.status = "disabled"

        self.send(person, "disable", "POST", f"/users/{person.id}/disable", apply)

    def enable(self, person: Person) -> None:
        def apply() -> None:
            person.status = "active"

        self.send(person, "enable", "POST", f"/users/{person.id}/enable", apply)

    def sign_in(self, person: Person) -> None:
        def apply() -> None:
            person.untold += 1

        body = {"username": person.username, "password": person.password}
        answer = self.send(person, "sign-in", "POST", "/sessions", apply, api=self.nobody, json=body)
        person.untold -= 1
        person.live.append(answer.json()["token"])

    def sign_out(self, person: Person) -> None:
        token = self.random.choice(person.live)

        def apply() -> None:
            person.live.remove(token)
            person.dead.append(token)

        headers = {"Authorization": f"Bearer {token}"}
        self.send(person, "sign-out", "DELETE", "/sessions/current", apply, api=self.nobody, value=token, headers=headers)

    def change_password(self, person: Person) -> None:
        token, new = self.random.choice(person.live), f"{PASSWORD} {next(self.counter)}"

        def apply() -> None:
            person.end_sessions(except_token=token)
            person.password = new

        headers = {"Authorization": f"Bearer {token}"}
        body = {"currentPassword": person.password, "newPassword": new}
        self.send(person, "password", "POST", "/me/password", apply, api=self.nobody, value=new, json=body, headers=headers)

    def send(
        self, person: Person, kind: str, method: str, path: str, apply: Callable[[], None] = lambda: None,
        *, api: Api | None = None, value: str = "", headers: dict[str, str] | None = None, **options,
    ) -> httpx.Response:  # fmt: skip
        request = self.workload.request_id()
        self.workload.touched[person.key] = person
        person.pending = Pending(request, kind, apply, value)
        began = time.monotonic()
        what = f"{method} {path} {request}"
        try:
            answer = (api or self.api).request(method, path, headers={"X-Request-ID": request, **(headers or {})}, **options)
        except httpx.HTTPError as error:
            self.workload.answers.append(Answer(began, time.monotonic(), None, f"{what}: {error!r}"))
            raise Unanswered from None
        self.workload.answers.append(Answer(began, time.monotonic(), answer.status_code, what))
        if answer.is_success:
            person.pending = None
            self.workload.acknowledged.add(request)
            self.workload.revision = answer.headers.get("gatehouse-revision", self.workload.revision)
            apply()
            return answer
        if answer.status_code == 503:
            assert problem(answer, 503, answer.json()["code"])["code"] in ("unavailable", "overloaded"), answer.text
        elif answer.status_code == 507:
            problem(answer, 507, "storage_full")
            self.workload.full.add(request)
        else:
            self.workload.surprises.append(f"{what}: {answer.status_code} {answer.text[:300]}")
        raise Unanswered


class Workload:
    """The clients, what they were told, and the comparison with what is there."""

    def __init__(self, token: str, clients: int = 6, seed: int = 1) -> None:
        self.token = token
        self.seed = seed
        self.mark = f"w{next(_marks)}x{random.SystemRandom().randrange(1_000_000)}"
        self.numbers = itertools.count(1)
        self.clients = [Client(self, number) for number in range(clients)]
        self.acknowledged: set[str] = set()
        # What was refused for want of space did certainly not happen.
        self.full: set[str] = set()
        self.answers: list[Answer] = []
        self.surprises: list[str] = []
        self.revision: str | None = None
        # Requests whose change is there though nobody was told.
        self.happened: set[str] = set()
        self.counted: dict[str, str] = {}
        # Who was worked on since the last comparison.
        self.touched: dict[str, Person] = {}
        self.since = time.time()

    def request_id(self) -> str:
        return f"{self.mark}-{next(self.numbers)}"

    @property
    def people(self) -> list[Person]:
        return [person for client in self.clients for person in client.people]

    @contextlib.contextmanager
    def running(self, *urls: str, patient: bool = False) -> Iterator[None]:
        """Works while the body runs, the clients spread over the nodes."""
        stop = threading.Event()
        with ThreadPoolExecutor(len(self.clients)) as pool:
            futures = [
                pool.submit(client.run, urls[number % len(urls)], stop, patient) for number, client in enumerate(self.clients)
            ]
            try:
                yield
            finally:
                stop.set()
            for future in futures:
                future.result()

    # The comparison

    def check(self, api: Api) -> None:
        """Compares everything with what the server now says, and settles what was open."""
        assert not self.surprises, self.surprises[:5]
        slow = [answer for answer in self.answers if answer.ended - answer.began > LONGEST_ANSWER]
        assert not slow, [(answer.what, answer.ended - answer.began, answer.status) for answer in slow[:5]]
        if self.revision is not None:
            seen = api.get("/users?limit=1", headers={"Gatehouse-At-Least": self.revision})
            assert seen.status_code == 200, f"an acknowledged revision was taken back: {seen.text}"
        for person in self.people:
            if person.pending is not None:
                self.settle(api, person)
        touched, self.touched = list(self.touched.values()), {}
        self.check_keys(api, touched)
        self.check_record(api)
        self.check_people(api, touched)

    def settle(self, api: Api, person: Person) -> None:
        """Finds out whether an unanswered change happened, from the data alone; the record is asked afterwards."""
        pending, person.pending = person.pending, None
        did_happen = getattr(self, "settle_" + pending.kind.replace("-", "_"))(api, person, pending)
        assert not (did_happen and pending.request in self.full), f"507, and yet it happened: {pending.kind} {pending.request}"
        if did_happen:
            self.happened.add(pending.request)
            pending.apply()

    def settle_create(self, api: Api, person: Person, pending: Pending) -> bool:
        found = api.all("/users", filter=f'username eq "{person.username}"')
        assert len(found) <= 1, found
        # The client tries again, as it should: there is one in the end, and the key knows whether it is the first.
        request = self.request_id()
        again = api.post("/users", json=person.body, headers={"Idempotency-Key": person.key, "X-Request-ID": request})
        assert again.status_code == 201, f"{'there' if found else 'not there'}: {again.text}"
        if not found:
            self.acknowledged.add(request)
        person.id = again.json()["id"]
        assert not found or found[0]["id"] == person.id
        now = api.all("/users", filter=f'username eq "{person.username}"')
        assert [user["id"] for user in now] == [person.id], now
        if person.password:
            self.enter(api, person, person.password)
        return bool(found)

    def settle_edit(self, api: Api, person: Person, pending: Pending) -> bool:
        user = api.user(person.id)
        assert user["name"] in (person.name, pending.value), user
        return user["name"] == pending.value

    def settle_delete(self, api: Api, person: Person, pending: Pending) -> bool:
        found = api.get(f"/users/{person.id}")
        assert found.status_code in (200, 404), found.text
        return found.status_code == 404

    def settle_disable(self, api: Api, person: Person, pending: Pending) -> bool:
        return api.user(person.id)["status"] == "disabled"

    def settle_enable(self, api: Api, person: Person, pending: Pending) -> bool:
        return api.user(person.id)["status"] != "disabled"

    def settle_sign_in(self, api: Api, person: Person, pending: Pending) -> bool:
        more = len(self.sessions(api, person)) - len(person.live) - person.untold
        assert more in (0, 1), (more, person)
        return more == 1

    def settle_sign_out(self, api: Api, person: Person, pending: Pending) -> bool:
        return self.status_of(api, pending.value) == 401

    def settle_password(self, api: Api, person: Person, pending: Pending) -> bool:
        request = self.request_id()
        with Api(api.url, **api.options) as nobody:
            body = {"username": person.username, "password": pending.value}
            answer = nobody.post("/sessions", json=body, headers={"X-Request-ID": request})
            assert answer.status_code in (201, 401), answer.text
            if answer.status_code == 401:
                self.enter(api, person, person.password)
                return False
            self.acknowledged.add(request)
            # Ended again, so that the count of sessions is the same whether it happened or not.
            request = self.request_id()
            headers = {"Authorization": f"Bearer {answer.json()['token']}", "X-Request-ID": request}
            assert nobody.delete("/sessions/current", headers=headers).status_code == 204
            self.acknowledged.add(request)
        return True

    def enter(self, api: Api, person: Person, password: str) -> None:
        """Signs in, which must work."""
        request = self.request_id()
        with Api(api.url, **api.options) as nobody:
            body = {"username": person.username, "password": password}
            answer = nobody.post("/sessions", json=body, headers={"X-Request-ID": request})
        assert answer.status_code == 201, f"{person}: {answer.text}"
        self.acknowledged.add(request)
        person.live.append(answer.json()["token"])

    @staticmethod
    def status_of(api: Api, token: str) -> int:
        return api.get("/me", headers={"Authorization": f"Bearer {token}"}).status_code

    @staticmethod
    def sessions(api: Api, person: Person) -> list[dict]:
        return api.get(f"/users/{person.id}/sessions").json()["items"]

    def check_record(self, api: Api) -> None:
        """Every change that happened has its one event, and no event is of a change that did not."""
        api.verified()
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.since - 5))
        self.since = time.time()
        for event in api.all("/audit-events", limit=1000, filter=f'time ge "{when}" and outcome eq "success"', sort="time"):
            if event["requestId"].startswith(self.mark + "-"):
                self.counted.setdefault(event["requestId"], event["id"])
                assert self.counted[event["requestId"]] == event["id"], f"two events of one request: {event}"
        told, there = self.acknowledged | self.happened, set(self.counted)
        assert told <= there, f"changes without their event: {sorted(told - there)[:5]}"
        assert there <= told, f"events without their change: {sorted(there - told)[:5]}"

    def check_keys(self, api: Api, touched: list[Person]) -> None:
        """Whoever creates again with the same key gets who was made, and nobody is made."""
        made = [person for person in touched if not person.deleted]
        for person in random.Random(self.seed).sample(made, min(10, len(made))):
            headers = {"Idempotency-Key": person.key, "X-Request-ID": self.request_id()}
            again = api.post("/users", json=person.body, headers=headers)
            assert again.status_code == 201 and again.json()["id"] == person.id, f"{person}: {again.text}"

    def check_people(self, api: Api, touched: list[Person]) -> None:
        """Lists and single reads say what they should; those touched, and some others, are looked at from all sides."""
        listed = {user["id"]: user for user in api.all("/users", limit=1000, filter=f'username sw "{self.mark}-"')}
        expected = {person.id: person for person in self.people if not person.deleted}
        assert set(listed) == set(expected), "the list is not who was made and not deleted"
        for identifier, person in expected.items():
            user = listed[identifier]
            assert (user["username"], user["name"], user["status"]) == (person.username, person.name, person.status), user
            assert user["attributes"] == {"made": person.name.removeprefix("Made ")}, user
        others = random.Random(self.seed).sample(self.people, min(10, len(self.people)))
        for person in {person.key: person for person in [*touched, *others]}.values():
            for token in person.dead[-5:]:
                assert self.status_of(api, token) == 401, f"an ended session works: {person}"
            for token in person.live[-5:]:
                assert self.status_of(api, token) == 200, f"a session is lost: {person}"
            if person.deleted:
                assert api.get(f"/users/{person.id}").status_code == 404
                continue
            assert api.user(person.id) == listed[person.id]
            assert len(self.sessions(api, person)) == len(person.live) + person.untold
            found = api.all("/users", q=person.name.split()[-1])
            assert person.id in [user["id"] for user in found], f"not found by its name: {person}"

    # What is told of a run

    def statuses(self) -> dict[int | None, int]:
        counts: dict[int | None, int] = {}
        for answer in list(self.answers):
            counts[answer.status] = counts.get(answer.status, 0) + 1
        return counts
