"""The three catalogs that come with Gatehouse: what they declare, applying them again, and what their roles then allow."""

import pytest
import yaml

from support.api import problem, unique
from support.decisions import Pdp, World, action, resource, subject
from support.server import ROOT

NAMES = ("orchestration-cluster", "connected-clusters", "industrial-data-hub")
CATALOGS = {name: ROOT / "Catalogs" / f"{name}.yaml" for name in NAMES}
TASK, CLUSTER = "orchestration-cluster:USER_TASK", "connected-clusters:cluster"


def apply(owner, content: bytes | str, type: str = "application/yaml", **params):
    return owner.post("/catalogs", content=content, headers={"Content-Type": type}, params=params)


def declared(owner, prefix: str) -> tuple[dict[str, dict], dict[str, dict]]:
    """Types and roles whose ids begin so."""
    lists = (owner.all(path, limit=200) for path in ("/resource-types", "/roles"))
    types, roles = ({item["id"]: item for item in items if item["id"].startswith(prefix + ":")} for items in lists)
    return types, roles


@pytest.fixture(scope="module")
def world(owner):
    for path in CATALOGS.values():
        response = apply(owner, path.read_bytes())
        assert response.status_code == 200, response.text
    return World(owner)


@pytest.fixture(scope="module")
def pdp(server, world):
    with server.api(world.asker()) as api:
        yield Pdp(api)


@pytest.mark.parametrize("name", CATALOGS)
def test_what_a_catalog_declares_is_there(owner, world, name):
    catalog = yaml.safe_load(CATALOGS[name].read_text())
    assert catalog["catalog"] == name
    types, roles = declared(owner, name)
    assert set(types) == {f"{name}:{type['id']}" for type in catalog["resourceTypes"]}
    assert set(roles) == {f"{name}:{role['id']}" for role in catalog["roles"]}
    for type in catalog["resourceTypes"]:
        assert [one["id"] for one in types[f"{name}:{type['id']}"]["actions"]] == [one["id"] for one in type["actions"]]
    for role in catalog["roles"]:
        kept = owner.get(f"/roles/{name}:{role['id']}").json()
        assert len(kept["permissions"]) == len(role.get("permissions", []))
        assert kept["includes"] == [f"{name}:{included}" for included in role.get("includes", [])]


def test_the_orchestration_cluster_is_whole(owner, world):
    types, roles = declared(owner, "orchestration-cluster")
    assert len(types) == 23 and sum(len(type["actions"]) for type in types.values()) == 89
    assert {id.partition(":")[2] for id in roles} == {
        "admin", "readonly-admin", "connectors", "app-integrations", "rpa", "task-worker",
    }  # fmt: skip


@pytest.mark.parametrize("name", CATALOGS)
def test_applying_again_changes_nothing(owner, world, name):
    def versions() -> dict[str, str]:
        types, roles = declared(owner, name)
        paths = [f"/resource-types/{id}" for id in types] + [f"/roles/{id}" for id in roles]
        return {path: owner.get(path).headers["etag"] for path in paths}

    before = versions()
    assert before and apply(owner, CATALOGS[name].read_bytes()).status_code == 200
    assert versions() == before


def test_a_dry_run_and_a_refused_file_change_nothing(owner):
    name = unique("shop")
    text = f"""
    catalog: {name}
    name: Shop
    resourceTypes:
      - {{id: order, name: Order, syntax: name, actions: [{{id: read, name: Read}}]}}
    roles:
      - id: reader
        name: Reader
        permissions:
          - {{effect: allow, resourceType: order, match: any, actions: [read]}}
    """
    assert apply(owner, text, dryRun="true").status_code == 200
    assert declared(owner, name) == ({}, {})
    for broken in (
        text.replace("actions: [read]}", "actions: [write]}"),
        text.replace("resourceType: order", "resourceType: orchestration-cluster:USER"),
    ):
        problem(apply(owner, broken), 422, "invalid")
        assert declared(owner, name) == ({}, {})
    problem(apply(owner, text + "\n    surprise: 1\n"), 400, "malformed")
    problem(apply(owner, "catalog: ["), 400, "malformed")
    assert declared(owner, name) == ({}, {})
    assert apply(owner, text).status_code == 200
    types, roles = declared(owner, name)
    assert set(types) == {f"{name}:order"} and set(roles) == {f"{name}:reader"}
    changed = text.replace("actions: [{id: read, name: Read}]", "actions: [{id: read, name: Read}, {id: ship, name: Ship}]")
    assert changed != text and apply(owner, changed).status_code == 200
    assert [one["id"] for one in declared(owner, name)[0][f"{name}:order"]["actions"]] == ["read", "ship"]


def holder(world: World, role: str, **scope) -> dict:
    user = world.user()
    world.assign(role, "user", user["id"], **({"scope": scope} if scope else {}))
    return subject(user["username"])


def test_task_workers_work_on_what_is_theirs(world, pdp):
    user = world.user()
    group = world.group(("user", user["id"]))
    outer = unique("approvers")
    world.group(("group", group), name=outer)
    world.assign("orchestration-cluster:task-worker", "user", user["id"])
    name = user["username"]
    tasks = [
        ({"assignee": name}, True), ({"assignee": "somebody"}, False), ({}, False), ({"assignee": name.upper()}, False),
        ({"candidateUsers": ["somebody", name]}, True), ({"candidateUsers": ["somebody"]}, False), ({"candidateUsers": [outer]}, False),
        ({"candidateGroups": ["sales", outer]}, True), ({"candidateGroups": [group]}, True), ({"candidateGroups": ["sales"]}, False),
    ]  # fmt: skip
    for what, may in (("READ", True), ("CLAIM", True), ("COMPLETE", True), ("UPDATE", False)):
        items = [{"resource": resource(str(number), TASK, **task)} for number, (task, _) in enumerate(tasks)]
        expected = [fits and may for _, fits in tasks]
        assert pdp.batch({"subject": subject(name), "action": action(what), "evaluations": items}) == expected, what


@pytest.mark.parametrize(
    "role, allowed, denied",
    [
        ("admin", ["PROCESS_DEFINITION DELETE_PROCESS_INSTANCE", "SECRET REVEAL", "USER CREATE", "USER_TASK COMPLETE"], []),
        (
            "readonly-admin",
            ["AUDIT_LOG READ", "COMPONENT ACCESS", "SECRET READ", "SYSTEM READ_USAGE_METRIC", "USER_TASK READ"],
            ["SECRET REVEAL", "USER UPDATE", "PROCESS_DEFINITION CLAIM_USER_TASK", "EXPRESSION EVALUATE", "EXPORTER PAUSE"],
        ),
        (
            "connectors",
            ["PROCESS_DEFINITION UPDATE_PROCESS_INSTANCE", "MESSAGE CREATE", "DOCUMENT DELETE"],
            ["PROCESS_DEFINITION CANCEL_PROCESS_INSTANCE", "MESSAGE READ", "USER READ"],
        ),
        ("app-integrations", ["PROCESS_DEFINITION COMPLETE_USER_TASK", "DOCUMENT CREATE"], ["DOCUMENT READ", "RESOURCE READ"]),
        ("rpa", ["RESOURCE READ", "PROCESS_DEFINITION UPDATE_PROCESS_INSTANCE"], ["RESOURCE CREATE", "DOCUMENT CREATE"]),
    ],
)
def test_roles_of_the_orchestration_cluster(world, pdp, role, allowed, denied):
    who = holder(world, f"orchestration-cluster:{role}")
    items = []
    for text in allowed + denied:
        type, what = text.split()
        items.append({"action": action(what), "resource": resource("x", f"orchestration-cluster:{type}")})
    expected = [True] * len(allowed) + [False] * len(denied)
    assert pdp.batch({"subject": who, "evaluations": items}) == expected


def test_who_administers_selected_clusters_disconnects_none(world, pdp):
    selected = {"kind": "resources", "type": CLUSTER, "ids": ["c1", "c2"]}
    viewer, admin = (holder(world, f"connected-clusters:{role}", **selected) for role in ("cluster-viewer", "cluster-admin"))
    owner = holder(world, "connected-clusters:organization-owner")
    table = {
        "view-events": [True, True, True], "view-metrics": [True, True, True], "edit-customizations": [False, True, True],
        "edit-notifications": [False, True, True], "connect": [False, True, True], "disconnect": [False, False, True],
    }  # fmt: skip
    for what, expected in table.items():
        asked = [pdp.decide(who, action(what), resource("c1", CLUSTER)) for who in (viewer, admin, owner)]
        assert asked == expected, what
        asked = [pdp.decide(who, action(what), resource("c3", CLUSTER)) for who in (viewer, admin)]
        assert asked == [False, False], what


@pytest.mark.parametrize(
    "role, topics, endpoints",
    [
        ("connectware-admin", "sS pP $", ""),
        ("minimum-access", "", "GET /admin/pages"),
        ("topics-read", "sS", ""),
        ("topics-write", "pP", ""),
        ("topics-read-write", "sS pP", ""),
        ("endpoints-read", "", "GET /api/x"),
        ("endpoints-write", "", "POST /api/x"),
        ("endpoints-read-write", "", "GET /api/x POST /api/x"),
        ("own-topics", "o", ""),
    ],
)
def test_roles_of_the_data_hub(world, pdp, role, topics, endpoints):
    who = holder(world, f"industrial-data-hub:{role}")
    questions = {
        "s": ("subscribe", "plant/press"), "S": ("subscribe", "#"), "p": ("publish", "plant/press"), "P": ("publish", "a/b/c"),
        "$": ("subscribe", "$SYS/uptime"), "o": ("publish", f"clients/{who['id']}/speed"),
    }  # fmt: skip
    everywhere = {"connectware-admin", "topics-write", "topics-read-write"}
    for letter, (what, topic) in questions.items():
        expected = letter in topics or (letter == "o" and role in everywhere)
        assert pdp.decide(who, action(what), resource(topic, "mqtt-topic")) is expected, (what, topic)
    parts = endpoints.split()
    allowed = set(zip(parts[::2], parts[1::2]))
    asked = [("GET", "/api/x"), ("POST", "/api/x"), ("GET", "/admin/pages"), ("POST", "/admin/pages"), ("GET", "/other")]
    for what, path in asked:
        expected = (what, path) in allowed or role == "connectware-admin"
        assert pdp.decide(who, action(what), resource(path, "http-endpoint")) is expected, (what, path)
