"""The "new enemy": once somebody's access has been taken away on one node, no other node answers from before it."""

import pytest

from support.api import Api, unique
from support.nodes import two_nodes

pytestmark = [pytest.mark.once("is about PostgreSQL"), pytest.mark.timeout(900)]

PASSWORD = "nine copper kettles whistle"
ROUNDS = 40


def made(api: Api, path: str, body: dict, method: str = "POST") -> dict:
    response = api.request(method, path, json=body)
    assert response.status_code in (200, 201), response.text
    return response.json()


def done(response) -> str:
    """The revision of a write that must have succeeded."""
    assert response.status_code in (200, 201, 204), response.text
    return response.headers["gatehouse-revision"]


def reading(role: str, effect: str = "allow") -> dict:
    return {"effect": effect, "resourceType": "role", "match": "id", "resource": role, "actions": ["read"]}


class Way:
    """One way of giving somebody the sight of one role, and of taking it away."""

    def __init__(self, owner: Api, who: dict) -> None:
        self.who = who
        self.secret = unique("secret")
        made(owner, "/roles", {"id": self.secret})
        self.prepare(owner)

    def prepare(self, owner: Api) -> None:
        pass

    def give(self, owner: Api) -> str:
        raise NotImplementedError

    def take(self, owner: Api) -> str:
        raise NotImplementedError


class ByAssignment(Way):
    def prepare(self, owner):
        self.role = made(owner, "/roles", {"id": unique("sees"), "permissions": [reading(self.secret)]})["id"]

    def give(self, owner):
        response = owner.post("/role-assignments", json={"principal": self.who, "role": self.role})
        self.assignment = response.json()["id"]
        return done(response)

    def take(self, owner):
        return done(owner.delete(f"/role-assignments/{self.assignment}"))


class ByRole(ByAssignment):
    """The assignment stays; the role changes."""

    def prepare(self, owner):
        super().prepare(owner)
        super().give(owner)

    def give(self, owner):
        return done(owner.patch(f"/roles/{self.role}", json={"permissions": [reading(self.secret)]}))

    def take(self, owner):
        return done(owner.patch(f"/roles/{self.role}", json={"permissions": []}))


class ByAuthorization(Way):
    def give(self, owner):
        response = owner.post("/authorizations", json={"principal": self.who, "permissions": [reading(self.secret)]})
        self.authorization = response.json()["id"]
        return done(response)

    def take(self, owner):
        return done(owner.delete(f"/authorizations/{self.authorization}"))


class ByDeny(Way):
    def prepare(self, owner):
        made(owner, "/authorizations", {"principal": self.who, "permissions": [reading(self.secret)]})
        self.take(owner)

    def give(self, owner):
        return done(owner.delete(f"/authorizations/{self.deny}"))

    def take(self, owner):
        response = owner.post("/authorizations", json={"principal": self.who, "permissions": [reading(self.secret, "deny")]})
        self.deny = response.json()["id"]
        return done(response)


class ByGroup(Way):
    def prepare(self, owner):
        self.group = made(owner, "/groups", {"name": unique("seers")})["id"]
        outer = made(owner, "/groups", {"name": unique("all-seers")})["id"]
        done(owner.request("PUT", f"/groups/{outer}/members/groups/{self.group}"))
        holder = {"kind": "group", "id": outer}
        made(owner, "/authorizations", {"principal": holder, "permissions": [reading(self.secret)]})
        self.member = f"/groups/{self.group}/members/users/{self.who['id']}"

    def give(self, owner):
        return done(owner.request("PUT", self.member))

    def take(self, owner):
        return done(owner.delete(self.member))


def sees(api: Api, role: str, revision: str) -> bool:
    """What a node says that knows of the revision; one that cannot know in time says so, and is asked again."""
    for _ in range(60):
        response = api.get(f"/roles/{role}", headers={"Gatehouse-At-Least": revision})
        if response.status_code != 503:
            assert response.status_code in (200, 404), response.text
            return response.status_code == 200
    raise AssertionError("the node never caught up")


def test_what_was_taken_away_on_one_node_is_gone_on_the_other():
    with two_nodes() as pair:
        with pair[0].sign_in() as one, pair[1].api(one.token) as two:
            user = one.create_user(password=PASSWORD)
            who = {"kind": "user", "id": user["id"]}
            with pair[0].sign_in(user["username"], PASSWORD) as here, pair[1].api(here.token) as there:
                ways = [way(one, who) for way in (ByAssignment, ByRole, ByAuthorization, ByDeny, ByGroup)]
                asked = 0
                for turn in range(ROUNDS):
                    # Written on either, asked on the other.
                    owner, enemy = ((one, there), (two, here))[turn % 2]
                    for way in ways:
                        given = way.give(owner)
                        assert sees(enemy, way.secret, given), f"{type(way).__name__}, turn {turn}: not given"
                        taken = way.take(owner)
                        assert not sees(enemy, way.secret, taken), f"{type(way).__name__}, turn {turn}: the old answer"
                        asked += 1
                assert asked == ROUNDS * len(ways) >= 200
            assert one.verified()["intact"] is True
