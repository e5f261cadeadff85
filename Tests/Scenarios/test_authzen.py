"""The OpenID Foundation's certification scenario for AuthZEN 1.0, whole: Basic, Batch, Search and Discovery, Core and Properties.

Numbers in the names of the sections are those of the scenario. What Gatehouse promises beyond it is in test_authzen_more.py."""

import pytest

from support.api import Api
from support.decisions import (
    ENDPOINTS, WELL_KNOWN, Pdp, action, certification_world, checked, question, refused, resource, subject,
)  # fmt: skip

ALICE, BOB, ADMIN = subject("alice"), subject("bob"), subject("bob", role="admin")
READ, WRITE = action("read"), action("write")
RECORD_1, RECORD_2 = resource("record-1"), resource("record-2")
ACTIVE, ARCHIVED = resource("record-1", status="active"), resource("record-2", status="archived")
READS = question(ALICE, READ, RECORD_1)
SEARCHES = {
    "subject": {"subject": {"type": "user"}, "action": READ, "resource": RECORD_1},
    "resource": {"subject": ALICE, "action": READ, "resource": {"type": "record"}},
    "action": {"subject": ALICE, "resource": RECORD_1},
}
CALLS = {"evaluation": READS, "evaluations": READS} | {f"search/{kind}": body for kind, body in SEARCHES.items()}
TIME = {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}


@pytest.fixture(scope="module")
def world(owner):
    return certification_world(owner)


@pytest.fixture(scope="module")
def pdp(server, world):
    with server.api(world.asker()) as api:
        yield Pdp(api)


def without(body: dict, path: str) -> dict:
    """`body` without the member at `path`, such as `subject.id`."""
    first, _, rest = path.partition(".")
    if rest:
        return body | {first: without(body[first], rest)}
    return {name: value for name, value in body.items() if name != first}


# Basic: 2.2 decisions


RULES = [
    (ALICE, READ, RECORD_1, True),
    (ALICE, WRITE, RECORD_1, True),
    (BOB, READ, RECORD_1, True),
    (BOB, WRITE, RECORD_1, False),
    (ALICE, WRITE, ARCHIVED, False),
    (ADMIN, WRITE, ARCHIVED, True),
    (ALICE, action("delete", soft=True), RECORD_1, True),
    (ALICE, action("delete", soft=False), RECORD_1, False),
]


@pytest.mark.parametrize("rule", range(len(RULES)), ids=lambda index: f"rule {index + 1}")
@pytest.mark.parametrize("more", [{}, {"context": TIME}, {"context": {}}], ids=["bare", "with context", "with empty context"])
def test_rules(pdp, rule, more):
    who, what, on, expected = RULES[rule]
    assert pdp.decide(who, what, on, **more) is expected


def test_further_properties_are_accepted(pdp):
    who, what = subject("alice", department="Sales", role="manager"), action("read", method="GET")
    assert pdp.decide(who, what, resource("record-1", status="active", owner="bob")) is True
    nested = {"deep": {"list": [1, "two", None, {"three": 3.5}]}, "nothing": None, "big": 1e300}
    who, what, on = subject("alice", **nested), action("read", **nested), resource("record-1", **nested)
    assert pdp.decide(who, what, on, context=nested) is True


def test_unknown_members_are_ignored(pdp):
    assert checked(pdp.ok("evaluation", READS | {"foo": "bar", "futureField": {"nested": True}})) is True
    for member in ("subject", "action", "resource"):
        assert checked(pdp.ok("evaluation", READS | {member: READS[member] | {"future": [1, 2]}})) is True, member
    for kind, body in SEARCHES.items():
        more = body | {"foo": "bar", "page": {"limit": 10, "future": 1, "properties": {"sort": "id"}}}
        assert sorted(pdp.found(kind, more)) == sorted(pdp.found(kind, body)), kind
    batch = {"subject": ALICE, "resource": RECORD_1, "evaluations": [{"action": READ, "foo": 1}]}
    assert pdp.batch(batch | {"options": {"other": True}, "bar": 2}) == [True]


# Basic: 2.4 errors, which are those of all calls


def members(path: str) -> list[str]:
    """What a request of this call must have."""
    needed = ["subject", "subject.type", "subject.id", "action", "action.name", "resource", "resource.type", "resource.id"]
    left_out = {"search/subject": ["subject.id"], "search/resource": ["resource.id"], "search/action": ["action", "action.name"]}
    return [name for name in needed if name not in left_out.get(path, [])]


@pytest.mark.parametrize("path, member", [(path, member) for path in CALLS for member in members(path)])
def test_a_missing_member_is_refused(pdp, path, member):
    refused(pdp.post(path, without(CALLS[path], member)))


@pytest.mark.parametrize("path, member", [(path, member) for path in CALLS for member in members(path)])
@pytest.mark.parametrize("value", [123, ["x"], True], ids=["number", "list", "boolean"])
def test_a_member_of_the_wrong_type_is_refused(pdp, path, member, value):
    first, _, second = member.partition(".")
    body = CALLS[path]
    refused(pdp.post(path, body | {first: body[first] | {second: value} if second else value}))


@pytest.mark.parametrize("path", CALLS)
def test_optional_members_of_the_wrong_type_are_refused(pdp, path):
    body = CALLS[path]
    refused(pdp.post(path, body | {"subject": "alice"}))
    refused(pdp.post(path, body | {"subject": body["subject"] | {"properties": "role"}}))
    refused(pdp.post(path, body | {"resource": body["resource"] | {"properties": ["status"]}}))
    refused(pdp.post(path, body | {"context": "now"}))


@pytest.mark.parametrize("path", CALLS)
def test_other_content_types_are_refused(pdp, path):
    url = f"/access/v1/{path}"
    body = pdp.client.build_request("POST", url, json=CALLS[path]).content
    for type in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "application/jsonp"):
        refused(pdp.client.post(url, content=body, headers={"Content-Type": type}))
    refused(pdp.client.post(url, content=body))
    accepted = pdp.client.post(url, content=body, headers={"Content-Type": "Application/JSON; charset=utf-8"})
    assert accepted.status_code == 200, accepted.text


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("body", ["", "{", '{"subject": }', "not json", "[]", '"alice"', "7", "null", "[{}]", b"\xff\xfe{}"])
def test_what_is_no_json_object_is_refused(pdp, path, body):
    refused(pdp.client.post(f"/access/v1/{path}", content=body, headers={"Content-Type": "application/json"}))


@pytest.mark.parametrize("path", CALLS)
def test_other_methods_are_refused(pdp, path):
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        response = pdp.client.request(method, f"/access/v1/{path}", json=CALLS[path])
        refused(response, 405)
        assert "POST" in response.headers["allow"]


@pytest.mark.parametrize("path", CALLS)
def test_callers_without_credentials_are_refused(server, pdp, path):
    for token in (None, "invalid-bogus-credential", "ghp_invalid", "ghs_invalid"):
        with server.api(token) as api:
            refused(Pdp(api).post(path, CALLS[path]), 401)
            refused(Pdp(api).post(path, {}), 401)


@pytest.mark.parametrize("path", CALLS)
def test_callers_need_the_permission_to_ask(server, world, powerless, path):
    refused(Pdp(powerless).post(path, CALLS[path]), 403)
    _, token = world.service()
    with server.api(token) as api:
        refused(Pdp(api).post(path, CALLS[path]), 403)


def test_the_owner_may_ask(owner, world):
    assert Pdp(owner).decide(ALICE, READ, RECORD_1) is True


# Basic: 2.5 headers, 2.6 idempotency


@pytest.mark.parametrize("path", CALLS)
def test_the_request_id_comes_back(pdp, anonymous, powerless, path):
    sent = {"X-Request-ID": "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"}
    whole = CALLS[path]
    for client, body, status in ((pdp, whole, 200), (pdp, {}, 400), (Pdp(anonymous), {}, 401), (Pdp(powerless), whole, 403)):
        response = client.post(path, body, headers=sent)
        assert response.status_code == status, response.text
        assert response.headers["x-request-id"] == sent["X-Request-ID"]
    assert pdp.post(path, CALLS[path]).status_code == 200


@pytest.mark.parametrize("path", CALLS)
def test_asking_again_gives_the_same_answer(pdp, path):
    answers = [pdp.ok(path, CALLS[path]) for _ in range(4)]
    assert all(answer == answers[0] for answer in answers), answers


# Batch: 3.2 decisions


BATCHES = {
    "two resources": (
        {"subject": ALICE, "action": READ, "evaluations": [{"resource": RECORD_1}, {"resource": RECORD_2}]},
        [True, True],
    ),
    "two actions": ({"subject": BOB, "resource": RECORD_1, "evaluations": [{"action": READ}, {"action": WRITE}]}, [True, False]),
    "resource properties": (
        {"subject": ALICE, "action": WRITE, "evaluations": [{"resource": ACTIVE}, {"resource": ARCHIVED}]},
        [True, False],
    ),
    "subject properties": (
        {"action": WRITE, "resource": ARCHIVED, "evaluations": [{"subject": ALICE}, {"subject": ADMIN}]},
        [False, True],
    ),
    "no defaults": ({"evaluations": [READS, question(BOB, WRITE, RECORD_1)]}, [True, False]),
    "a default context": (
        {
            "subject": ALICE, "action": READ, "context": TIME,
            "evaluations": [{"resource": RECORD_1}, {"resource": RECORD_2, "context": TIME | {"source": "batch-override"}}],
        },
        [True, True],
    ),
    "a default type": (
        {
            "subject": ALICE, "action": WRITE, "resource": {"type": "record"},
            "evaluations": [{"resource": {"id": "record-1", "properties": {"status": "active"}}}, {"resource": ARCHIVED}],
        },
        [True, False],
    ),
    "a default replaced": (
        {"subject": ALICE, "action": READ, "evaluations": [{"resource": ARCHIVED}, {"resource": ARCHIVED, "action": WRITE}]},
        [True, False],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BATCHES)
def test_batches(pdp, name):
    body, expected = BATCHES[name]
    assert pdp.batch(body) == expected
    assert pdp.batch(body | {"options": {"evaluations_semantic": "execute_all"}}) == expected


# Batch: 3.4 errors


def test_one_broken_question_is_denied_and_the_others_are_decided(pdp):
    common = {"subject": ALICE, "action": READ}
    assert pdp.batch(common | {"evaluations": [{"resource": RECORD_1}, {}]}) == [True, False]
    assert pdp.batch(common | {"evaluations": [{}, {"resource": RECORD_1}]}) == [False, True]
    assert pdp.batch({"action": READ, "evaluations": [{"resource": RECORD_1}]}) == [False]
    broken = [{"resource": "record-1"}, {"resource": {"type": "record"}}, {"resource": RECORD_1, "action": {"name": 123}}]
    assert pdp.batch(common | {"evaluations": [*broken, {"resource": RECORD_1}]}) == [False, False, False, True]
    answer = pdp.ok("evaluations", common | {"evaluations": [{}]})
    error = answer["evaluations"][0]["context"]["error"]
    assert error["status"] == 400 and error["message"]


@pytest.mark.parametrize("more", [{}, {"evaluations": []}], ids=["no list", "an empty list"])
def test_without_questions_a_batch_is_a_single_question(pdp, more):
    answer = pdp.ok("evaluations", READS | more)
    assert checked(answer) is True and "evaluations" not in answer
    answer = pdp.ok("evaluations", question(BOB, WRITE, RECORD_1) | more)
    assert checked(answer) is False and "evaluations" not in answer
    for member in members("evaluations"):
        refused(pdp.post("evaluations", without(READS, member) | more))


def test_the_list_of_questions_must_be_one(pdp):
    for value in ({}, "all", 3, True):
        refused(pdp.post("evaluations", READS | {"evaluations": value}))
    for value in ("execute_all", ["execute_all"], 1):
        refused(pdp.post("evaluations", READS | {"evaluations": [{}], "options": value}))


# Batch: the three semantics


@pytest.mark.parametrize(
    "semantic, actions, expected",
    [
        ("execute_all", "rwr", [True, False, True]),
        ("deny_on_first_deny", "rwr", [True, False]),
        ("deny_on_first_deny", "rrr", [True, True, True]),
        ("deny_on_first_deny", "wrr", [False]),
        ("deny_on_first_deny", "r?r", [True, False]),
        ("permit_on_first_permit", "wrw", [False, True]),
        ("permit_on_first_permit", "www", [False, False, False]),
        ("permit_on_first_permit", "rww", [True]),
        ("permit_on_first_permit", "?rw", [False, True]),
    ],
)
def test_semantics(pdp, semantic, actions, expected):
    items = {"r": {"action": READ}, "w": {"action": WRITE}, "?": {}}
    body = {"subject": BOB, "resource": RECORD_1, "evaluations": [items[letter] for letter in actions]}
    assert pdp.batch(body | {"options": {"evaluations_semantic": semantic}}) == expected


@pytest.mark.parametrize("value", ["bogus_value", "EXECUTE_ALL", "", 1, ["execute_all"], {}])
def test_an_unknown_semantic_is_refused(pdp, value):
    body = {"subject": ALICE, "action": READ, "evaluations": [{"resource": RECORD_1}]}
    refused(pdp.post("evaluations", body | {"options": {"evaluations_semantic": value}}))


# Search


def test_who_can(pdp):
    assert {"alice", "bob"} <= set(pdp.found("subject", SEARCHES["subject"]))
    assert {"alice", "bob"} <= set(pdp.found("subject", SEARCHES["subject"] | {"context": TIME}))
    named = SEARCHES["subject"] | {"subject": {"type": "user", "id": "alice"}}
    assert sorted(pdp.found("subject", named)) == sorted(pdp.found("subject", SEARCHES["subject"])), "the id is ignored"
    archivists = pdp.found("subject", {"subject": {"type": "user"}, "action": WRITE, "resource": ARCHIVED})
    assert "bob" in archivists and "alice" not in archivists


def test_what_can(pdp):
    assert "record-1" in pdp.found("resource", SEARCHES["resource"])
    assert "record-1" in pdp.found("resource", SEARCHES["resource"] | {"context": TIME})
    named = SEARCHES["resource"] | {"resource": {"type": "record", "id": "nothing"}}
    assert sorted(pdp.found("resource", named)) == sorted(pdp.found("resource", SEARCHES["resource"])), "the id is ignored"
    writable = pdp.found("resource", {"subject": ADMIN, "action": WRITE, "resource": {"type": "record"}})
    assert "record-2" in writable and "record-1" not in writable
    assert "record-2" not in pdp.found("resource", {"subject": ALICE, "action": WRITE, "resource": {"type": "record"}})


def test_which_actions(pdp):
    assert sorted(pdp.found("action", SEARCHES["action"])) == ["read", "write"]
    assert sorted(pdp.found("action", SEARCHES["action"] | {"context": TIME})) == ["read", "write"]
    assert sorted(pdp.found("action", {"subject": ADMIN, "resource": ARCHIVED})) == ["read", "write"]
    assert pdp.found("action", {"subject": BOB, "resource": RECORD_1}) == ["read"]
    named = SEARCHES["action"] | {"action": {"name": "read"}}
    assert sorted(pdp.found("action", named)) == ["read", "write"], "an action is ignored"


@pytest.mark.parametrize("kind", SEARCHES)
def test_a_limit_and_the_tokens_that_follow(pdp, kind):
    whole = sorted(pdp.found(kind, SEARCHES[kind]))
    for repeat_limit in (True, False):
        pages = pdp.pages(kind, SEARCHES[kind], limit=1, repeat_limit=repeat_limit)
        assert sorted(found for page in pages for found in page) == whole
        assert len(pages) >= len(whole)


@pytest.mark.parametrize(
    "kind, body",
    [
        ("action", {"subject": subject("nonexistent-user"), "resource": RECORD_1}),
        ("action", {"subject": subject("rocket", "spaceship"), "resource": RECORD_1}),
        ("action", {"subject": ALICE, "resource": resource("x", "spaceship")}),
        ("subject", {"subject": {"type": "spaceship"}, "action": READ, "resource": RECORD_1}),
        ("subject", {"subject": {"type": "user"}, "action": action("launch"), "resource": RECORD_1}),
        ("subject", {"subject": {"type": "user"}, "action": READ, "resource": resource("x", "spaceship")}),
        ("resource", {"subject": subject("nonexistent-user"), "action": READ, "resource": {"type": "record"}}),
        ("resource", {"subject": ALICE, "action": READ, "resource": {"type": "spaceship"}}),
        ("resource", {"subject": ALICE, "action": action("launch"), "resource": {"type": "record"}}),
    ],
)
def test_what_is_unknown_finds_nothing(pdp, kind, body):
    answer = pdp.search(kind, body)
    assert answer["results"] == [] and answer.get("page", {}).get("next_token", "") == ""


# Discovery: 6


def test_the_metadata(server, pdp):
    with Api(server.url) as anybody:
        response = anybody.client.get(WELL_KNOWN)
        assert response.status_code == 200 and response.headers["content-type"].split(";")[0] == "application/json"
        metadata = response.json()
        assert metadata["policy_decision_point"] == server.url
        for member, path in ENDPOINTS.items():
            assert metadata[member] == server.url + path
        assert all(value not in (None, [], "") for value in metadata.values()), "members without values are left out"
    for member, body in zip(ENDPOINTS, CALLS.values()):
        assert pdp.client.post(metadata[member], json=body).status_code == 200, member


def test_the_metadata_names_the_public_address(make_server):
    server = make_server("--public-url", "https://access.example.org", set_up=False)
    with server.api() as anybody:
        metadata = anybody.client.get(WELL_KNOWN).json()
    assert metadata["policy_decision_point"] == "https://access.example.org"
    for member, path in ENDPOINTS.items():
        assert metadata[member] == "https://access.example.org" + path
