"""What the generated requests of `test_contract.py` need to know of the server they meet.

Loaded by Schemathesis itself. Keeps the owner alive and signed in: a generated call may end sessions or change passwords,
but not the owner's. Gives calls on one user a real one, so that they get past "not found".
"""

import itertools
import os
import uuid

import requests
import schemathesis

BASE = os.environ["SCENARIO_URL"] + "/api/v1"
OWNER = os.environ.get("SCENARIO_OWNER")
PASSWORD = os.environ.get("SCENARIO_PASSWORD")

_numbers = itertools.count()


@schemathesis.serializer("application/jsonl", "text/csv")
def as_text(context, value):
    """Files go out as they were generated; what is no text at all is no file either, and must not look like one."""
    if isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else b"\0" + repr(value).encode()


@schemathesis.deserializer("application/jsonl", "text/csv")
def from_text(context, response):
    return response.content.decode("utf-8")


def sign_in() -> str:
    answer = requests.post(f"{BASE}/sessions", json={"username": OWNER, "password": PASSWORD}, timeout=30)
    answer.raise_for_status()
    return answer.json()["token"]


class Owner:
    """A session of the owner for the hooks' own calls."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {sign_in()}"
        self.id = self.session.get(f"{BASE}/me", timeout=30).json()["id"]

    def is_absent(self, identifier: str) -> bool:
        try:
            uuid.UUID(identifier)
        except ValueError:
            return False
        return self.session.get(f"{BASE}/users/{identifier}", timeout=30).status_code == 404

    def new_user(self) -> str:
        name = f"generated-{uuid.uuid4().hex[:8]}-{next(_numbers)}"
        answer = self.session.post(f"{BASE}/users", json={"username": name, "name": "Generated"}, timeout=30)
        if answer.status_code == 401:
            self.session.headers["Authorization"] = f"Bearer {sign_in()}"
            answer = self.session.post(f"{BASE}/users", json={"username": name, "name": "Generated"}, timeout=30)
        answer.raise_for_status()
        return answer.json()["id"]


if OWNER:
    owner = Owner()
    token = sign_in()

    @schemathesis.auth(refresh_interval=None)
    class Bearer:
        """The owner's token, or a new one when a generated call ended it."""

        def get(self, case, context):
            global token
            answer = owner.session.get(f"{BASE}/me", headers={"Authorization": f"Bearer {token}"}, timeout=30)
            if answer.status_code == 401:
                token = sign_in()
            return token

        def set(self, case, data, context):
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Bearer {data}"

    def is_good(case) -> bool:
        """Whether the generator meant the request to be a valid one."""
        return case.meta is None or case.meta.generation.mode.is_positive

    def session_of(username: str, password: str) -> str:
        with requests.Session() as session:
            made = session.post(f"{BASE}/sessions", json={"username": username, "password": password}, timeout=30).json()
            session.headers["Authorization"] = f"Bearer {made['token']}"
            return session.get(f"{BASE}/sessions/current", timeout=30).json()["id"]

    @schemathesis.hook
    def before_call(context, case, kwargs):
        """Turns calls on nobody into calls on somebody real, now and then, and keeps the owner unharmed."""
        path, method = case.operation.path, case.method.upper()
        if path == "/sessions" and method == "POST" and is_good(case) and next(_numbers) % 2:
            case.body = {"username": OWNER, "password": PASSWORD}
        if path == "/me/sessions/{sessionId}" and is_good(case) and next(_numbers) % 2:
            case.path_parameters["sessionId"] = session_of(OWNER, PASSWORD)
        identifier = (case.path_parameters or {}).get("id")
        if "/users/{id}" not in path or not isinstance(identifier, str):
            return
        if identifier == owner.id and method != "GET":
            case.path_parameters["id"] = owner.new_user()
        elif is_good(case) and next(_numbers) % 2 and owner.is_absent(identifier):
            case.path_parameters["id"] = owner.new_user()
