"""Decisions over AuthZEN beyond the certification scenario: whose word counts, revisions, paging, the built-in types, realms."""

import pytest

from support.api import unique
from support.decisions import (
    ENDPOINTS, WELL_KNOWN, Pdp, World, action, allow, checked, deny, question, refused, resource, subject,
)  # fmt: skip

READ, WRITE = action("read"), action("write")


@pytest.fixture(scope="module")
def world(owner):
    """A type `folder` with seven folders of two colours."""
    world = World(owner)
    world.type("folder", "read", "write", properties=("colour", "owner"))
    for number in range(1, 8):
        world.resource("folder", f"folder-{number}", colour="red" if number % 2 else "blue", owner=f"owner-{number}")
    reader(world, username="flora")
    return world


@pytest.fixture(scope="module")
def pdp(server, world):
    with server.api(world.asker()) as api:
        yield Pdp(api)


def folder(id: str, **properties) -> dict:
    return resource(id, "folder", **properties)


def reader(world: World, *permissions: dict, **more) -> dict:
    """A user who holds a role of these permissions; without any: may read all folders."""
    user = world.user(**more)
    world.assign(world.role(*(permissions or [allow("folder", "read")])), "user", user["id"])
    return user


# Who


def test_a_subject_is_named_by_user_name_or_id(world, pdp):
    user = reader(world)
    assert pdp.decide(subject(user["username"]), READ, folder("folder-1")) is True
    assert pdp.decide(subject(user["id"]), READ, folder("folder-1")) is True
    assert pdp.decide(subject(user["username"].upper()), READ, folder("folder-1")) is True
    assert pdp.decide(subject(user["username"], "service"), READ, folder("folder-1")) is False


def test_services_are_subjects(world, pdp):
    id, _ = world.service()
    assert pdp.decide(subject(id, "service"), READ, folder("folder-1")) is False
    world.assign(world.role(allow("folder", "read")), "service", id)
    assert pdp.decide(subject(id, "service"), READ, folder("folder-1")) is True
    assert id in pdp.found("subject", {"subject": {"type": "service"}, "action": READ, "resource": folder("folder-1")})


@pytest.mark.parametrize(
    "who, what, on",
    [
        (subject("nobody-of-this-name"), READ, folder("folder-1")),
        (subject("rocket", "spaceship"), READ, folder("folder-1")),
        (subject("flora"), action("launch"), folder("folder-1")),
        (subject("flora"), READ, resource("x", "spaceship")),
        (subject("x" * 5000), READ, folder("folder-1")),
        (subject("flora' or 1=1 --"), READ, folder("folder-1")),
        (subject("FLORA\u0301"), READ, folder("folder-1")),
    ],
)
def test_what_is_unknown_is_denied_and_no_error(pdp, who, what, on):
    assert pdp.decide(who, what, on) is False


def test_the_disabled_are_denied_and_not_found(world, pdp):
    user = reader(world)
    search = {"subject": {"type": "user"}, "action": READ, "resource": folder("folder-1"), "page": {"limit": 1000}}
    assert pdp.decide(subject(user["username"]), READ, folder("folder-1")) is True
    assert user["username"] in pdp.found("subject", search)
    assert world.owner.post(f"/users/{user['id']}/disable").status_code == 200
    assert pdp.decide(subject(user["username"]), READ, folder("folder-1")) is False
    assert user["username"] not in pdp.found("subject", search)


def test_groups_hand_down_what_they_hold(world, pdp):
    user = world.user()
    inner = world.group(("user", user["id"]))
    outer = world.group(("group", inner))
    world.assign(world.role(allow("folder", "write")), "group", outer)
    assert pdp.decide(subject(user["username"]), WRITE, folder("folder-3")) is True
    search = {"subject": {"type": "user"}, "action": WRITE, "resource": folder("folder-3"), "page": {"limit": 1000}}
    assert user["username"] in pdp.found("subject", search)
    assert world.owner.delete(f"/groups/{outer}/members/groups/{inner}").status_code == 204
    assert pdp.decide(subject(user["username"]), WRITE, folder("folder-3")) is False
    assert user["username"] not in pdp.found("subject", search)


# Whose word counts


def test_stored_attributes_win_over_claims_key_by_key(world, pdp):
    condition = 'subject.team eq "red" and subject.floor eq 3 and resource.colour eq "red"'
    user = reader(world, allow("folder", "read", condition=condition), attributes={"team": "red"})
    name = user["username"]
    assert pdp.decide(subject(name), READ, folder("folder-1")) is False, "the floor is unknown"
    assert pdp.decide(subject(name, floor=3), READ, folder("folder-1")) is True, "the question may add what is not stored"
    assert pdp.decide(subject(name, floor="3"), READ, folder("folder-1")) is False, "of another type"
    assert pdp.decide(subject(name, floor=3, team="blue"), READ, folder("folder-1")) is True, "what is stored wins"
    assert pdp.decide(subject(name, floor=3), READ, folder("folder-2")) is False
    assert pdp.decide(subject(name, floor=3), READ, folder("folder-2", colour="red")) is False, "what is stored wins"
    assert pdp.decide(subject(name, floor=3), READ, folder("not-registered", colour="red")) is True
    assert pdp.decide(subject(name, floor=3), READ, folder("not-registered")) is False


def test_what_a_subject_is_cannot_be_claimed(world, pdp):
    group = world.group()
    condition = f'subject.groups eq "{group}" or subject.roles eq "owner" or subject.kind eq "service"'
    user = reader(world, allow("folder", "read", condition=condition))
    claimed = subject(user["username"], groups=[group], roles=["owner"], kind="service")
    assert pdp.decide(claimed, READ, folder("folder-1")) is False
    assert world.owner.request("PUT", f"/groups/{group}/members/users/{user['id']}").status_code == 204
    assert pdp.decide(subject(user["username"]), READ, folder("folder-1")) is True


def test_the_context_is_read_and_its_time_is_not_the_clock(world, pdp):
    user = reader(world, allow("folder", "read", condition='context.network eq "plant"'))
    name = user["username"]
    assert pdp.decide(subject(name), READ, folder("folder-1")) is False
    assert pdp.decide(subject(name), READ, folder("folder-1"), context={"network": "plant"}) is True
    assert pdp.decide(subject(name), READ, folder("folder-1"), context={"network": "Plant"}) is False, "compared exactly"
    later = world.user()
    world.assign(world.role(allow("folder", "read")), "user", later["id"], validFrom="2099-01-01T00:00:00Z")
    for time in ("2100-01-01T00:00:00Z", "nonsense", 5_000_000_000):
        assert pdp.decide(subject(later["username"]), READ, folder("folder-1"), context={"time": time}) is False


def test_a_deny_wins_also_when_its_condition_is_unknown(world, pdp):
    forbids = deny("folder", "write", condition='resource.colour eq "blue"')
    user = reader(world, allow("folder", "write"), forbids)
    assert pdp.decide(subject(user["username"]), WRITE, folder("folder-1")) is True
    assert pdp.decide(subject(user["username"]), WRITE, folder("folder-2")) is False
    assert pdp.decide(subject(user["username"]), WRITE, folder("without-colour")) is False


def test_a_property_match(world, pdp):
    mine = {"effect": "allow", "resourceType": "folder", "match": "property", "property": "owner", "subject": "username"}
    user = reader(world, mine | {"actions": ["write"]}, username="owner-4")
    assert pdp.decide(subject(user["username"]), WRITE, folder("folder-4")) is True
    assert pdp.decide(subject(user["username"]), WRITE, folder("folder-5")) is False
    found = pdp.found("resource", {"subject": subject("owner-4"), "action": WRITE, "resource": {"type": "folder"}})
    assert found == ["folder-4"]


# Revisions


def test_a_revision_may_be_sent_back(world, pdp):
    user = reader(world)
    asked = question(subject(user["username"]), READ, folder("folder-1"))
    answer = pdp.ok("evaluation", asked)
    assert checked(answer) is True
    again = pdp.ok("evaluation", asked, headers={"Gatehouse-At-Least": answer["context"]["revision"]})
    assert checked(again) is True


def test_what_was_taken_away_is_denied_from_the_revision_on(world, pdp):
    user = world.user()
    assignment = world.assign(world.role(allow("folder", "read")), "user", user["id"])
    asked = question(subject(user["username"]), READ, folder("folder-1"))
    assert checked(pdp.ok("evaluation", asked)) is True
    taken = world.owner.delete(f"/role-assignments/{assignment['id']}")
    assert taken.status_code == 204
    headers = {"Gatehouse-At-Least": taken.headers["gatehouse-revision"]}
    assert checked(pdp.ok("evaluation", asked, headers=headers)) is False
    assert pdp.batch({"evaluations": [asked]}, headers=headers) == [False]
    search = asked | {"subject": {"type": "user"}, "page": {"limit": 1000}}
    assert user["username"] not in pdp.found("subject", search, headers=headers)


def test_a_batch_is_decided_on_one_revision(world, pdp):
    user = reader(world)
    body = {"subject": subject(user["username"]), "action": READ, "resource": {"type": "folder"}}
    items = [{"resource": {"id": f"folder-{number}"}} for number in range(1000)]
    answer = pdp.ok("evaluations", body | {"evaluations": items})
    assert [checked(item) for item in answer["evaluations"]] == [True] * 1000
    assert len({item["context"]["revision"] for item in answer["evaluations"]}) == 1
    mixed = [{"action": READ if number % 3 else WRITE, "resource": folder("folder-1")} for number in range(1000)]
    assert pdp.batch(body | {"evaluations": mixed}) == [bool(number % 3) for number in range(1000)]


# Searches


def test_every_result_is_allowed_when_asked_for(world, pdp):
    red = allow("folder", "read", condition='resource.colour eq "red"')
    user = reader(world, red, allow("folder", "write", match="id", resource="folder-2"))
    who = subject(user["username"])
    assert sorted(pdp.found("resource", {"subject": who, "action": READ, "resource": {"type": "folder"}})) == [
        "folder-1", "folder-3", "folder-5", "folder-7",
    ]  # fmt: skip
    assert pdp.found("resource", {"subject": who, "action": WRITE, "resource": {"type": "folder"}}) == ["folder-2"]
    for what in (READ, WRITE):
        found = pdp.search("resource", {"subject": who, "action": what, "resource": {"type": "folder"}})["results"]
        items = [{"resource": on} for on in found]
        assert pdp.batch({"subject": who, "action": what, "evaluations": items}) == [True] * len(found)
    for name in pdp.found("action", {"subject": who, "resource": folder("folder-2")}):
        assert pdp.decide(who, action(name), folder("folder-2")) is True


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 1000])
def test_resources_come_page_by_page(world, pdp, limit):
    user = reader(world)
    body = {"subject": subject(user["username"]), "action": READ, "resource": {"type": "folder"}}
    pages = pdp.pages("resource", body, limit)
    found = [id for page in pages for id in page]
    assert sorted(found) == [f"folder-{number}" for number in range(1, 8)], "all, and each once"


def test_a_page_token_belongs_to_its_search(world, pdp):
    user, other = reader(world), reader(world)
    body = {"subject": subject(user["username"]), "action": READ, "resource": {"type": "folder"}}
    token = pdp.search("resource", body | {"page": {"limit": 2}})["page"]["next_token"]
    assert token
    for changed in (
        body | {"subject": subject(other["username"])},
        body | {"action": WRITE},
        body | {"resource": {"type": "folder", "properties": {"colour": "red"}}},
        body | {"context": {"network": "plant"}},
    ):
        refused(pdp.post("search/resource", changed | {"page": {"token": token, "limit": 2}}))
    refused(pdp.post("search/resource", body | {"page": {"token": token, "limit": 3}}))
    refused(pdp.post("search/subject", body | {"resource": folder("folder-1"), "page": {"token": token, "limit": 2}}))
    assert len(pdp.found("resource", body | {"page": {"token": token, "limit": 2}})) == 2


@pytest.mark.parametrize(
    "page",
    [
        {"token": "garbage"}, {"token": "AAAA"}, {"token": 5}, {"token": ["x"]}, {"limit": -1}, {"limit": 1.5}, {"limit": "10"},
        {"limit": [1]}, "next", [1], 7,
    ],
)  # fmt: skip
def test_pages_that_are_none(world, pdp, page):
    body = {"subject": subject("olivia"), "action": READ, "resource": {"type": "folder"}}
    refused(pdp.post("search/resource", body | {"page": page}))


def test_limits_at_the_edges(world, pdp):
    user = reader(world)
    body = {"subject": subject(user["username"]), "action": READ, "resource": {"type": "folder"}}
    assert pdp.found("resource", body | {"page": {"limit": 0}}) == []
    assert len(pdp.found("resource", body | {"page": {"limit": 10_000_000}})) == 7, "a limit is a most, not a wish to fulfil"
    assert len(pdp.found("resource", body | {"page": {}})) == 7


def test_resources_that_were_just_registered_or_removed(world, pdp):
    user = reader(world)
    body = {"subject": subject(user["username"]), "action": READ, "resource": {"type": "folder"}, "page": {"limit": 1000}}
    id = unique("extra")
    world.resource("folder", id, colour="green")
    try:
        assert id in pdp.found("resource", body)
    finally:
        assert world.owner.delete(f"/resources/folder/{id}").status_code == 204
    assert id not in pdp.found("resource", body)
    assert pdp.decide(subject(user["username"]), READ, folder(id)) is True, "what is not registered is decided all the same"


# Built-in types


@pytest.mark.parametrize(
    "name, path, expected",
    [
        ("GET", "/plant/line-1", True), ("HEAD", "/plant/line-1/", True), ("read", "/plant/line-1", True),
        ("POST", "/plant/line-1", False), ("GET", "/plant", False), ("GET", "/plant/x/../line-1", True),
        ("GET", "/other/line-1", False), ("GET", "/plant/%2e%2e/other", False), ("GET", "/plant/line%2f1", False),
        ("GET", "/plant/line-1/deep", False), ("GET", "plant/line-1", False),
    ],
)  # fmt: skip
def test_http_endpoints(world, pdp, name, path, expected):
    user = reader(world, allow("http-endpoint", "read", match="pattern", resource="/plant/*"))
    assert pdp.decide(subject(user["username"]), action(name), resource(path, "http-endpoint")) is expected


def test_topics(world, pdp):
    own = allow("mqtt-topic", "publish", match="pattern", resource="plant/${username}/#")
    user = reader(world, own, allow("mqtt-topic", "subscribe", match="pattern", resource="plant/+/temp"))
    name = user["username"]
    asked = [
        ("publish", f"plant/{name}/speed", True), ("publish", "plant/somebody/speed", False),
        ("publish", f"plant/{name}/+", False), ("subscribe", "plant/press/temp", True), ("subscribe", "plant/+/temp", True),
        ("subscribe", "plant/#", False), ("subscribe", "$share/workers/plant/press/temp", True),
        ("subscribe", "plant/press/#", False), ("subscribe", "$SYS/temp", False),
    ]  # fmt: skip
    items = [{"action": action(what), "resource": resource(topic, "mqtt-topic")} for what, topic, _ in asked]
    assert pdp.batch({"subject": subject(name), "evaluations": items}) == [expected for _, _, expected in asked]


def test_gatehouse_asks_the_same_engine_about_itself(world, pdp):
    user = world.user()
    assert pdp.decide(subject("olivia"), action("delete"), resource(user["id"], "user")) is True
    assert pdp.decide(subject(user["username"]), action("delete"), resource(user["id"], "user")) is False


# Realms


def test_every_realm_answers_below_its_own_address(server, pdp, world):
    user = reader(world)
    below = Pdp(pdp.api, "/realms/main")
    assert below.decide(subject(user["username"]), READ, folder("folder-1")) is True
    base = server.url + "/realms/main"
    for address in (f"{WELL_KNOWN}/realms/main", f"/realms/main{WELL_KNOWN}"):
        response = pdp.client.get(address)
        assert response.status_code == 200, address
        assert response.json()["policy_decision_point"] == base
        for member, path in ENDPOINTS.items():
            assert response.json()[member] == base + path
    for address in (f"{WELL_KNOWN}/realms/nowhere", f"/realms/nowhere{WELL_KNOWN}", f"{WELL_KNOWN}/nonsense"):
        assert pdp.client.get(address).status_code == 404, address
    assert pdp.client.post("/realms/nowhere/access/v1/evaluation", json={}).status_code in (401, 404)
