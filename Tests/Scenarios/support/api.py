"""A client of the REST API that says what it expects."""

import itertools
import ssl
import time

import httpx

PREFIX = "/api/v1"
_names = itertools.count(1)


def unique(prefix: str = "user") -> str:
    """A name that no other test of this process uses."""
    return f"{prefix}-{next(_names)}"


def problem(response: httpx.Response, status: int, code: str) -> dict:
    """Checks that `response` is the problem that the contract fixes, and returns it."""
    assert response.status_code == status, f"expected {status} {code}, got {response.status_code}: {response.text[:500]}"
    assert response.headers["content-type"].split(";")[0].strip() == "application/problem+json"
    body = response.json()
    assert body["code"] == code, body
    assert body["status"] == status
    for member in ("type", "title", "detail", "requestId"):
        assert isinstance(body[member], str) and body[member], (member, body)
    assert response.headers["x-request-id"] == body["requestId"]
    for error in body.get("errors", []):
        assert set(error) == {"field", "code", "message"}, error
    if status == 401:
        assert response.headers.get("www-authenticate", "").startswith("Bearer")
    if status in (429, 503):
        assert int(response.headers["retry-after"]) >= 1
    return body


def fields_of(body: dict) -> set[str]:
    """The names of the fields a problem complains about."""
    return {error["field"] for error in body.get("errors", [])}


class Api:
    """Calls below `/api/v1`, with a bearer token, from a loopback address of choice."""

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        address: str | None = None,
        verify: ssl.SSLContext | bool = False,
        http2: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.url = url
        self.token = token
        self.options = {"address": address, "verify": verify, "http2": http2, "headers": headers}
        transport = httpx.HTTPTransport(local_address=address, verify=verify, http2=http2, retries=0)
        headers = dict(headers or {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self.client = httpx.Client(
            base_url=url, transport=transport, headers=headers, timeout=30, trust_env=False, follow_redirects=False
        )

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.client.close()

    def with_token(self, token: str | None) -> "Api":
        return Api(self.url, token, **self.options)

    def request(self, method: str, path: str, **options) -> httpx.Response:
        return self.client.request(method, PREFIX + path, **options)

    def get(self, path: str, **options) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options) -> httpx.Response:
        return self.request("POST", path, **options)

    def patch(self, path: str, **options) -> httpx.Response:
        return self.request("PATCH", path, **options)

    def put(self, path: str, **options) -> httpx.Response:
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options) -> httpx.Response:
        return self.request("DELETE", path, **options)

    # What tests say often

    def sign_in(self, username: str, password: str) -> httpx.Response:
        return self.post("/sessions", json={"username": username, "password": password})

    def create_user(self, username: str | None = None, **more) -> dict:
        response = self.post("/users", json={"username": username or unique(), **more})
        assert response.status_code == 201, response.text
        return response.json()

    def user(self, user_id: str) -> dict:
        response = self.get(f"/users/{user_id}")
        assert response.status_code == 200, response.text
        return response.json()

    def all(self, path: str, **params) -> list[dict]:
        """Every item of a list, page by page."""
        items, cursor = [], None
        while True:
            query = dict(params) if cursor is None else {**params, "after": cursor}
            response = self.get(path, params=query)
            assert response.status_code == 200, response.text
            body = response.json()
            items += body["items"]
            cursor = body["page"]["nextCursor"]
            if cursor is None:
                return items

    def verified(self, within: float = 30, **params) -> dict:
        """What the verification of the record says once every event has its place in the chain: it must be intact."""
        deadline = time.monotonic() + within
        while True:
            response = self.get("/audit-events/verify", params=params)
            assert response.status_code == 200, response.text
            found = response.json()
            assert found["intact"] is True, found
            if found["unsealed"] == 0:
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
