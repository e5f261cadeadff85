"""What the generated requests of `test_contract.py` need to know of the server they meet.

Loaded by Schemathesis itself. Keeps the owner alive and signed in: a generated call may end sessions or change passwords,
but not the owner's. Gives calls on one object a real one, so that they get past "not found", and names real objects in bodies.
"""

import itertools
import os
import uuid
from urllib.parse import quote

import requests
import schemathesis

BASE = os.environ["SCENARIO_URL"] + "/api/v1"
OWNER = os.environ.get("SCENARIO_OWNER")
PASSWORD = os.environ.get("SCENARIO_PASSWORD")

_numbers = itertools.count()


@schemathesis.serializer("application/jsonl", "text/csv", "application/yaml")
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


# A permission that every server knows.
ON_TOPICS = {"resourceType": "mqtt-topic", "match": "pattern", "resource": "plant/#", "actions": ["subscribe"]}


def unique() -> str:
    return f"generated-{uuid.uuid4().hex[:8]}-{next(_numbers)}"


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

    def is_absent_at(self, path: str, parameters: dict) -> bool:
        for name, value in parameters.items():
            if not isinstance(value, str):
                return False
            path = path.replace("{" + name + "}", quote(value, safe=""))
        return self.session.get(BASE + path, timeout=30).status_code == 404

    def send(self, method: str, path: str, body: dict) -> dict:
        answer = self.session.request(method, BASE + path, json=body, timeout=30)
        if answer.status_code == 401:
            self.session.headers["Authorization"] = f"Bearer {sign_in()}"
            answer = self.session.request(method, BASE + path, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def new_user(self) -> str:
        return self.send("POST", "/users", {"username": unique(), "name": "Generated"})["id"]

    def new_role(self) -> str:
        return self.send("POST", "/roles", {"id": unique(), "permissions": [ON_TOPICS]})["id"]

    def new_type(self) -> str:
        return self.send("POST", "/resource-types", {"id": unique(), "actions": ["view"]})["id"]

    def new_resource(self) -> dict:
        name = unique()
        self.send("PUT", f"/resources/mqtt-topic/{name}", {"name": "Generated"})
        return {"type": "mqtt-topic", "id": name}

    def new_assignment(self) -> str:
        body = {"principal": {"kind": "user", "id": self.new_user()}, "role": "help-desk"}
        return self.send("POST", "/role-assignments", body)["id"]

    def new_authorization(self) -> str:
        body = {"principal": {"kind": "user", "id": self.new_user()}, "permissions": [ON_TOPICS]}
        return self.send("POST", "/authorizations", body)["id"]


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
        if is_good(case):
            name_real_objects(path, method, case)
        identifier = (case.path_parameters or {}).get("id")
        if "/users/{id}" not in path or not isinstance(identifier, str):
            return
        if identifier == owner.id and method != "GET":
            case.path_parameters["id"] = owner.new_user()
        elif is_good(case) and next(_numbers) % 2 and owner.is_absent(identifier):
            case.path_parameters["id"] = owner.new_user()

    MAKERS = {
        "/roles/{id}": lambda: {"id": owner.new_role()},
        "/resource-types/{id}": lambda: {"id": owner.new_type()},
        "/resources/{type}/{id}": lambda: owner.new_resource(),
        "/role-assignments/{id}": lambda: {"id": owner.new_assignment()},
        "/authorizations/{id}": lambda: {"id": owner.new_authorization()},
    }

    def name_real_objects(path, method, case) -> None:
        """Three of four times something real in the path; in the body somebody real, and a role and types that exist."""
        number = next(_numbers)
        if path in MAKERS and number % 4 and owner.is_absent_at(path, case.path_parameters or {}):
            case.path_parameters.update(MAKERS[path]())
        body = case.body if isinstance(case.body, dict) else {}
        for member in ("id", "type"):
            # A replacement may repeat what the path says, but not gainsay it.
            if method == "PUT" and member in (case.path_parameters or {}) and body.get(member) is not None:
                body[member] = case.path_parameters[member]
        if isinstance(body.get("principal"), dict) and number % 3:
            body["principal"] = {"kind": "user", "id": owner.new_user()}
        if isinstance(body.get("role"), str) and number % 3:
            body["role"] = "help-desk"
        for permission in body.get("permissions") or []:
            if isinstance(permission, dict) and number % 3:
                permission.update(ON_TOPICS)
