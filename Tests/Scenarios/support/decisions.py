"""Asking for decisions over AuthZEN, and the certification scenario's fixture in Gatehouse's own terms."""

import httpx

from support.api import Api, unique

PASSWORD = "nine copper kettles whistle"
ENDPOINTS = {
    "access_evaluation_endpoint": "/access/v1/evaluation",
    "access_evaluations_endpoint": "/access/v1/evaluations",
    "search_subject_endpoint": "/access/v1/search/subject",
    "search_resource_endpoint": "/access/v1/search/resource",
    "search_action_endpoint": "/access/v1/search/action",
}
WELL_KNOWN = "/.well-known/authzen-configuration"


def subject(name: str, kind: str = "user", **properties) -> dict:
    return {"type": kind, "id": name} | ({"properties": properties} if properties else {})


def action(name: str, **properties) -> dict:
    return {"name": name} | ({"properties": properties} if properties else {})


def resource(name: str, kind: str = "record", **properties) -> dict:
    return {"type": kind, "id": name} | ({"properties": properties} if properties else {})


def question(who: dict, what: dict, on: dict, **more) -> dict:
    return {"subject": who, "action": what, "resource": on, **more}


def checked(decision: dict) -> bool:
    """The decision of one answer, which must have the standard's shape and what Gatehouse promises beyond it."""
    assert isinstance(decision.get("decision"), bool), decision
    context = decision.get("context")
    assert isinstance(context, dict) and isinstance(context.get("revision"), str) and context["revision"], decision
    if not decision["decision"]:
        assert isinstance(context.get("reason"), str) and context["reason"], decision
    return decision["decision"]


def refused(response: httpx.Response, status: int = 400) -> None:
    """Checks that the call was refused with `status` and a message."""
    assert response.status_code == status, f"expected {status}, got {response.status_code}: {response.text[:500]}"
    body = response.json()
    assert isinstance(body, dict) and isinstance(body.get("detail"), str) and body["detail"], response.text
    if status == 401:
        assert response.headers["www-authenticate"].startswith("Bearer")


class Pdp:
    """The decision point as an application sees it: a base address and a token."""

    def __init__(self, api: Api, base: str = "") -> None:
        self.api = api
        self.client = api.client
        self.base = base

    def post(self, path: str, body, **options) -> httpx.Response:
        return self.client.post(f"{self.base}/access/v1/{path}", json=body, **options)

    def ok(self, path: str, body, **options) -> dict:
        response = self.post(path, body, **options)
        assert response.status_code == 200, f"{response.status_code}: {response.text[:500]}"
        assert response.headers["content-type"].split(";")[0].strip() == "application/json"
        answer = response.json()
        assert isinstance(answer, dict)
        return answer

    def decide(self, who: dict, what: dict, on: dict, **more) -> bool:
        answer = self.ok("evaluation", question(who, what, on, **more))
        assert "evaluations" not in answer
        return checked(answer)

    def batch(self, body: dict, **options) -> list[bool]:
        answer = self.ok("evaluations", body, **options)
        assert "decision" not in answer, "with a list of evaluations there is no decision of all"
        return [checked(item) for item in answer["evaluations"]]

    def search(self, kind: str, body: dict, **options) -> dict:
        """A search's answer, checked for its form."""
        answer = self.ok(f"search/{kind}", body, **options)
        assert isinstance(answer["results"], list)
        for result in answer["results"]:
            members = ("name",) if kind == "action" else ("type", "id")
            assert all(isinstance(result.get(member), str) and result[member] for member in members), result
            if kind != "action":
                assert result["type"] == body[kind]["type"]
        if "page" in answer:
            assert next(iter(answer)) == "page", "the page comes first, as the standard recommends"
            page = answer["page"]
            assert isinstance(page["next_token"], str)
            for member in ("count", "total"):
                assert member not in page or type(page[member]) is int and page[member] >= 0, page
            assert page.get("count", len(answer["results"])) == len(answer["results"])
        return answer

    def found(self, kind: str, body: dict, **options) -> list[str]:
        """What one page of a search holds: ids, or names of actions."""
        return [found.get("id") or found["name"] for found in self.search(kind, body, **options)["results"]]

    def pages(self, kind: str, body: dict, limit: int, repeat_limit: bool = True) -> list[list[str]]:
        """All pages of a search."""
        pages, page = [], {"limit": limit}
        while True:
            answer = self.search(kind, body | {"page": page})
            assert len(answer["results"]) <= limit
            pages.append([found.get("id") or found["name"] for found in answer["results"]])
            token = answer.get("page", {}).get("next_token", "")
            if not token:
                return pages
            assert len(pages) < 200, "the pages do not end"
            page = {"token": token} | ({"limit": limit} if repeat_limit else {})


class World:
    """What tests make before they ask: types, resources, roles, groups, assignments."""

    def __init__(self, owner: Api) -> None:
        self.owner = owner

    def made(self, path: str, body: dict, method: str = "POST") -> dict:
        response = self.owner.request(method, path, json=body)
        assert response.status_code in (200, 201), f"{method} {path}: {response.status_code} {response.text[:500]}"
        return response.json()

    def type(self, id: str, *actions: str, syntax: str = "name", properties: tuple[str, ...] = ()) -> str:
        declared = [{"id": name, "name": name.capitalize(), "includes": []} for name in actions]
        body = {"id": id, "name": id.capitalize(), "syntax": syntax, "actions": declared, "properties": list(properties)}
        return self.made("/resource-types", body)["id"]

    def resource(self, type: str, id: str, **properties) -> None:
        self.made(f"/resources/{type}/{id}", {"name": id, "properties": properties}, "PUT")

    def role(self, *permissions: dict, id: str | None = None) -> str:
        id = id or unique("role")
        return self.made("/roles", {"id": id, "name": id, "permissions": list(permissions)})["id"]

    def assign(self, role: str, kind: str, id: str, **more) -> dict:
        return self.made("/role-assignments", {"principal": {"kind": kind, "id": id}, "role": role, **more})

    def user(self, username: str | None = None, **more) -> dict:
        return self.owner.create_user(username, **{"password": PASSWORD, **more})

    def group(self, *members: tuple[str, str], name: str | None = None) -> str:
        id = self.made("/groups", {"name": name or unique("group")})["id"]
        for kind, member in members:
            response = self.owner.request("PUT", f"/groups/{id}/members/{kind}s/{member}")
            assert response.status_code == 204, response.text
        return id

    def service(self) -> tuple[str, str]:
        """A program and a token of it: id, token."""
        id = self.made("/services", {"name": unique("service")})["id"]
        return id, self.made(f"/services/{id}/tokens", {"name": "tests"})["token"]

    def asker(self) -> str:
        """The token of a program that may ask for decisions, and nothing else."""
        id, token = self.service()
        self.assign(self.role(allow("decision", "evaluate")), "service", id)
        return token


def allow(type: str, *actions: str, condition: str | None = None, **more) -> dict:
    body = {"effect": "allow", "resourceType": type, "match": "any", "actions": list(actions), **more}
    return body | ({"condition": condition} if condition else {})


def deny(type: str, *actions: str, **more) -> dict:
    return allow(type, *actions, **more) | {"effect": "deny"}


def certification_world(owner: Api) -> World:
    """The fixture of the public certification scenario: two users, two records, eight decisions."""
    world = World(owner)
    world.type("record", "read", "write", "delete", properties=("status",))
    world.resource("record", "record-1", status="active")
    world.resource("record", "record-2", status="archived")
    alice = world.user("alice")
    bob = world.user("bob", attributes={"role": "admin"})
    staff = world.group(("user", alice["id"]), ("user", bob["id"]), name="staff")
    archivist = 'subject.role eq "admin" and resource.status eq "archived"'
    everyone = world.role(allow("record", "read"), allow("record", "write", condition=archivist), id="record-reader")
    world.assign(everyone, "group", staff)
    writer = world.role(
        allow("record", "write", condition='resource.status ne "archived"'),
        allow("record", "delete", condition="action.soft eq true"),
        id="record-writer",
    )
    world.assign(writer, "user", alice["id"])
    return world
