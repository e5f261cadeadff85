"""Groups, services, roles, grants, catalogs and questions from the command line."""

import json
import re
import shlex

import pytest
from support.api import unique
from support.shell import CONFLICT, DENIED, DONE, FAILED, INVALID, NOT_FOUND, NOT_PERMITTED, USAGE

PASSWORD = "nine copper kettles whistle"


@pytest.fixture
def sh(signed_in):
    return signed_in


def made(sh, noun: str, *arguments: str) -> dict:
    return sh.json(noun, "create", *arguments)


@pytest.fixture
def record(sh) -> str:
    """A resource type with the actions read, write and manage (which includes both)."""
    name = unique("record")
    made(sh, "resource-type", name, "--name", "Record", "--action", "read", "--action", "write=Write it", "--action", "manage:read,write",
         "--property", "owner")  # fmt: skip
    return name


# Groups


def test_the_life_of_a_group(sh, owner):
    name, other = unique("group"), unique("group")
    assert name in sh.ok("group", "create", name, "--description", "Keeps the plant running")
    group = sh.json("group", "show", name)
    assert group["name"] == name and group["description"] == "Keeps the plant running"
    assert sh.json("group", "show", group["id"]) == group
    assert sh.json("group", "list", "--filter", f'name eq "{name}"') == [group]
    assert group["id"] in sh.ok("group", "list", "--all")
    assert sh.json("group", "list", "--search", name) == [group]
    sh.fails(CONFLICT, "group", "create", name)
    sh.ok("group", "update", name, "--name", other, "--description", "")
    assert sh.json("group", "show", other)["id"] == group["id"]
    assert not sh.json("group", "show", other)["description"]
    sh.fails(USAGE, "group", "update", other)
    sh.fails(USAGE, "group", "delete", other)
    sh.ok("group", "delete", other, "--yes")
    sh.fails(NOT_FOUND, "group", "show", other)
    assert owner.get(f"/groups/{group['id']}").status_code == 404


def test_members_of_every_kind(sh, owner):
    group, inner, service = unique("group"), unique("group"), unique("service")
    for name in (group, inner):
        made(sh, "group", name)
    made(sh, "service", service)
    ann, bob = owner.create_user(), owner.create_user()
    said = sh.ok("group", "add", group, ann["username"], f"user:{bob['id']}", service, f"group:{inner}")
    assert ann["username"] in said and f"group {inner}" in said and f"service {service}" in said
    sh.ok("group", "add", group, ann["username"])  # Again changes nothing.
    members = sh.json("group", "members", group)
    assert {(each["kind"], each["name"]) for each in members} == {
        ("user", ann["username"]), ("user", bob["username"]), ("service", service), ("group", inner),
    }  # fmt: skip
    table = sh.ok("group", "members", group)
    assert ann["username"] in table and service in table

    sh.fails(CONFLICT, "group", "add", inner, f"group:{group}")  # A cycle.
    result = sh.run("group", "remove", group, "nobody.at.all", ann["username"])
    assert result.returncode == NOT_FOUND and "nobody.at.all" in result.stderr, "one that fails keeps no other from being done"
    assert ann["id"] not in {each["id"] for each in sh.json("group", "members", group)}
    sh.ok("group", "delete", group, inner, "--yes")


# Services


def test_a_service_and_its_tokens(sh, server):
    name = unique("service")
    service = made(sh, "service", name, "--description", "Builds things")
    assert sh.json("service", "show", name)["id"] == service["id"]
    assert name in sh.ok("service", "list", "--all")
    sh.ok("service", "update", name, "--description", "Builds and ships")

    result = sh.run("service", "token", "create", name, "--name", "ci", "--expires", "90d")
    assert result.returncode == DONE, result.stderr
    token = result.stdout.strip()
    assert re.fullmatch(r"ghp_[\w-]+", token), "standard output is the token alone"
    assert "expires" in result.stderr and token not in result.stderr
    with server.api(token) as api:
        assert api.get(f"/services/{service['id']}").status_code == 200
    kept = sh.json("service", "tokens", name)
    assert [each["name"] for each in kept] == ["ci"] and kept[0]["expiresAt"]
    assert token not in json.dumps(kept) and "ci" in sh.ok("service", "tokens", name)
    created = sh.json("service", "token", "create", name, "--name", "other")
    assert created["token"].startswith("ghp_") and created["name"] == "other"

    sh.ok("service", "disable", name)
    with server.api(token) as api:
        assert api.get(f"/services/{service['id']}").status_code == 401
    assert sh.json("service", "show", name)["status"] == "disabled"
    sh.ok("service", "enable", name)
    with server.api(token) as api:
        assert api.get(f"/services/{service['id']}").status_code == 200
    sh.fails(NOT_FOUND, "service", "token", "delete", name, "nonesuch", "--yes")
    sh.ok("service", "token", "delete", name, "ci", created["id"], "--yes")
    with server.api(token) as api:
        assert api.get(f"/services/{service['id']}").status_code == 401
    assert sh.json("service", "tokens", name) == []
    sh.ok("service", "delete", name, "--yes")
    sh.fails(NOT_FOUND, "service", "show", name)


def test_a_token_in_the_environment_is_whose_it_is(sh, record):
    name, role = unique("service"), unique("role")
    made(sh, "service", name)
    made(sh, "role", role, "--allow", "group read")
    made(sh, "assignment", f"service:{name}", role)
    token = sh.ok("service", "token", "create", name, "--name", "ci").strip()
    result = sh.run("group", "list", "--output", "json", GATEHOUSE_TOKEN=token)
    assert result.returncode == DONE, result.stderr
    assert sh.run("group", "create", unique("group"), GATEHOUSE_TOKEN=token).returncode == NOT_PERMITTED
    narrow = sh.ok("service", "token", "create", name, "--name", "narrow", "--allow", "user read").strip()
    result = sh.run("group", "list", "--output", "json", GATEHOUSE_TOKEN=narrow)
    assert result.returncode == NOT_PERMITTED or json.loads(result.stdout) == [], "a token does no more than it was made for"


# Roles and types


def test_the_life_of_a_role(sh, record):
    role = unique("role")
    made(sh, "role", role, "--name", "Operator", "--description", "Operates", "--allow", f"{record}/4* read", "--allow",
         f"{record}/=a*b read, write", "--deny", f"{record}/@owner=username write", "--allow",
         f'{record} manage if resource.owner eq subject.username')  # fmt: skip
    shown = sh.json("role", "show", role)
    assert shown["name"] == "Operator" and shown["description"] == "Operates"
    told = {
        (each["effect"], each["match"], each.get("resource") or each.get("property"), tuple(each["actions"]), each.get("condition"))
        for each in shown["permissions"]
    }
    assert told == {
        ("allow", "pattern", "4*", ("read",), None), ("allow", "id", "a*b", ("read", "write"), None),
        ("deny", "property", "owner", ("write",), None), ("allow", "any", None, ("manage",), "resource.owner eq subject.username"),
    }  # fmt: skip
    table = sh.ok("role", "show", role)
    assert f"allow read on {record} 4*" in table and f"allow manage on {record} if resource.owner" in table
    assert role in sh.ok("role", "list", "--all")
    assert "owner" in {each["id"] for each in sh.json("role", "list", "--filter", "builtIn eq true")}

    sh.ok("role", "update", role, "--allow", f"{record} read", "--remove-deny", f"{record}/@owner=username write", "--description", "")
    changed = sh.json("role", "show", role)
    assert len(changed["permissions"]) == 4 and not [each for each in changed["permissions"] if each["effect"] == "deny"]
    assert not changed["description"] and changed["name"] == "Operator"
    assert "There is:" in sh.fails(NOT_FOUND, "role", "update", role, "--remove-allow", f"{record}/nothing read")

    copy = unique("role")
    sh.ok("role", "create", copy, "--permissions", "-", stdin=json.dumps(changed["permissions"]))
    assert sh.json("role", "show", copy)["permissions"] == changed["permissions"]
    sh.ok("role", "update", copy, "--permissions", "-", "--include", role, stdin="[]")
    assert sh.json("role", "show", copy)["permissions"] == [] and sh.json("role", "show", copy)["includes"] == [role]
    sh.fails(CONFLICT, "role", "update", role, "--include", copy)  # A cycle.
    sh.ok("role", "update", copy, "--remove-include", role)
    assert sh.json("role", "show", copy)["includes"] == []
    sh.ok("role", "delete", copy, role, "--yes")
    sh.fails(NOT_FOUND, "role", "show", role)


def test_what_roles_refuse(sh, record, tmp_path):
    sh.fails(CONFLICT, "role", "update", "owner", "--description", "x")
    sh.fails(CONFLICT, "role", "delete", "owner", "--yes")
    sh.fails(INVALID, "role", "create", unique("role"), "--allow", "no-such-type read")
    sh.fails(INVALID, "role", "create", unique("role"), "--allow", f"{record} no-such-action")
    sh.fails(USAGE, "role", "create", unique("role"), "--allow", record)
    sh.fails(INVALID, "role", "create", unique("role"), "--permissions", "-", stdin="nonsense")
    sh.fails(NOT_FOUND, "role", "create", unique("role"), "--permissions", str(tmp_path / "absent.json"))
    sh.fails(NOT_FOUND, "role", "show", "no-such-role")


def test_resource_types_and_resources(sh, record):
    shown = sh.json("resource-type", "show", record)
    assert shown["plane"] == "runtime" and shown["syntax"] == "name" and shown["properties"] == ["owner"]
    assert "manage includes read, write" in sh.ok("resource-type", "show", record)
    sh.ok("resource-type", "update", record, "--action", "copy", "--remove-action", "write", "--action", "manage:read", "--property", "level")
    shown = sh.json("resource-type", "show", record)
    assert [each["id"] for each in shown["actions"]] == ["read", "manage", "copy"]
    assert shown["properties"] == ["owner", "level"] and shown["name"] == "Record"
    table = sh.ok("resource-type", "list", "--all")
    assert record in table and "mqtt-topic" in table
    assert sh.run("resource-type", "delete", "user", "--yes").returncode != DONE
    sh.fails(CONFLICT, "resource-type", "create", record, "--action", "read")

    thing = f"{record}/eu/42 a"
    sh.ok("resource", "put", thing, "--name", "The answer", "--property", "owner=ann", "--property", "level:=3")
    stored = sh.json("resource", "show", thing)
    assert stored["id"] == "eu/42 a" and stored["type"] == record and stored["properties"] == {"owner": "ann", "level": 3}
    sh.ok("resource", "put", thing, "--name", "Less")
    assert not sh.json("resource", "show", thing).get("properties")
    assert [each["id"] for each in sh.json("resource", "list", "--type", record)] == ["eu/42 a"]
    assert "Less" in sh.ok("resource", "list", "--type", record)
    sh.fails(USAGE, "resource", "show", record)
    sh.fails(USAGE, "resource", "delete", thing)
    sh.ok("resource", "delete", thing, "--yes")
    sh.fails(NOT_FOUND, "resource", "show", thing)
    sh.ok("resource-type", "delete", record, "--yes")
    sh.fails(NOT_FOUND, "resource-type", "show", record)


# Grants and questions


def test_assignments_from_creation_to_deletion(sh, owner, record):
    role, group = unique("role"), unique("group")
    made(sh, "role", role, "--allow", f"{record} read")
    made(sh, "group", group)
    user = owner.create_user()
    assert user["username"] in sh.ok("assignment", "create", user["username"], role, "--until", "8h", "--reason", "night shift")
    [assignment] = sh.json("assignment", "list", "--role", role)
    assert assignment["principal"]["id"] == user["id"] and assignment["reason"] == "night shift" and assignment["expiresAt"]
    assert assignment["scope"]["kind"] == "realm"
    assert sh.json("assignment", "list", "--principal", user["username"], "--role", role) == [assignment]
    assert sh.json("assignment", "list", "--principal", f"group:{group}") == []
    table = sh.ok("assignment", "list", "--role", role)
    assert f"user:{user['username']}" in table and "night shift" in table, "people read names"
    assert f"user:{user['username']}" in sh.ok("assignment", "show", assignment["id"])
    sh.ok("assignment", "update", assignment["id"], "--until", "", "--reason", "for good")
    changed = sh.json("assignment", "show", assignment["id"])
    assert not changed["expiresAt"] and changed["reason"] == "for good"

    scoped = made(sh, "assignment", f"group:{group}", role, "--scope", f"{record}/a,b", "--from", "2027-01-01", "--until", "8h")
    assert scoped["scope"] == {"kind": "resources", "type": record, "ids": ["a", "b"]}
    assert scoped["validFrom"].startswith("2027-01-01T00:00") and scoped["expiresAt"].startswith("2027-01-01T08:00")
    inside = made(sh, "assignment", user["id"], "help-desk", "--scope", f"group:{group}")
    assert inside["scope"]["kind"] == "group"

    sh.fails(INVALID, "assignment", "create", user["username"], "no-such-role")
    sh.fails(NOT_FOUND, "assignment", "create", "nobody.at.all", role)
    sh.fails(USAGE, "assignment", "create", user["username"], role, "--until", "tomorrow")
    sh.fails(USAGE, "assignment", "delete", assignment["id"])
    sh.ok("assignment", "delete", assignment["id"], scoped["id"], inside["id"], "--yes")
    assert sh.json("assignment", "list", "--role", role) == []


def test_direct_authorizations(sh, owner, record):
    user = owner.create_user(password=PASSWORD)
    created = made(sh, "authorization", user["username"], "--allow", f"{record}/42 read", "--deny", f"{record} write", "--until", "2w")
    assert len(created["permissions"]) == 2 and created["expiresAt"]
    [listed] = sh.json("authorization", "list", "--principal", user["username"])
    assert listed["id"] == created["id"]
    assert f"allow read on {record} 42" in sh.ok("authorization", "list", "--principal", user["username"])
    assert f"deny write on {record}" in sh.ok("authorization", "show", created["id"])
    sh.answers(DONE, "check", user["username"], "read", f"{record}/42")
    sh.ok("authorization", "update", created["id"], "--reason", "because")
    assert sh.json("authorization", "show", created["id"])["reason"] == "because"
    sh.ok("authorization", "delete", created["id"], "--yes")
    sh.answers(DENIED, "check", user["username"], "read", f"{record}/42")


@pytest.fixture
def operator(sh, owner, record) -> tuple[dict, str, str]:
    """Somebody in a group that holds a role on records: the user, the group's name and the role."""
    role, group = unique("role"), unique("group")
    made(sh, "role", role, "--allow", f"{record}/4* manage", "--deny", f"{record}/@owner=username write")
    made(sh, "group", group)
    user = owner.create_user(password=PASSWORD)
    sh.ok("group", "add", group, user["username"])
    made(sh, "assignment", f"group:{group}", role)
    return user, group, role


def test_may_somebody_do_it(sh, record, operator):
    user, _, _ = operator
    name = user["username"]
    assert sh.answers(DONE, "check", name, "read", f"{record}/42").strip() == "allowed"
    assert sh.answers(DONE, "check", user["id"], "read", f"{record}/42").strip() == "allowed"
    assert sh.answers(DENIED, "check", name, "read", f"{record}/5").startswith("denied: ")
    assert sh.answers(DENIED, "check", name, "write", f"{record}/42", "--property", f"owner={name}").startswith("denied")
    answer = json.loads(sh.answers(DENIED, "check", "nobody.at.all", "read", f"{record}/42", "--output", "json"))
    assert answer["decision"] is False and answer["context"]["reason"]


def test_who_may_do_it(sh, record, operator):
    user, _, _ = operator
    found = sh.json("who-can", "read", f"{record}/42", "--kind", "user", "--all")
    assert {"type": "user", "id": user["username"]} in found
    assert user["username"] in sh.ok("who-can", "read", f"{record}/42", "--all")
    assert user["username"] not in sh.ok("who-can", "read", f"{record}/5", "--all")


def test_services_are_asked_about_and_found_by_name(sh, record, operator):
    _, group, _ = operator
    service = made(sh, "service", unique("service"))
    sh.ok("group", "add", group, f"service:{service['name']}")
    assert sh.answers(DONE, "check", f"service:{service['name']}", "read", f"{record}/42").strip() == "allowed"
    assert sh.json("who-can", "read", f"{record}/42", "--kind", "service") == [{"type": "service", "id": service["id"]}]
    assert service["name"] in sh.ok("who-can", "read", f"{record}/42", "--kind", "service")


def test_the_path_to_a_permission_is_drawn(sh, record, operator):
    user, group, role = operator
    name = user["username"]
    told = sh.answers(DONE, "explain", name, "read", f"{record}/42")
    assert told.startswith(f"allowed: {name} may read on {record} 42\n")
    assert re.search(rf"^  {re.escape(name)} -> group {group} -> role {role} -> allow manage on {record} 4\*$", told, re.MULTILINE), told
    answer = json.loads(sh.answers(DONE, "explain", name, "read", f"{record}/42", "--output", "json"))
    assert answer["decision"] is True and answer["reasons"][0]["role"] == role
    told = sh.answers(DENIED, "explain", name, "write", f"{record}/42", "--property", f"owner={name}")
    assert told.startswith("denied: ") and "-> deny write" in told
    sh.fails(NOT_FOUND, "explain", "nobody.at.all", "read", f"{record}/42")


def test_what_somebody_may_do(sh, record, operator):
    user, group, role = operator
    listed = sh.json("what-can", user["username"], record)
    assert listed and all(each["permission"]["resourceType"] == record for each in listed)
    table = sh.ok("what-can", user["username"], record)
    assert f"allow manage on {record} 4*" in table and f"group {group} -> role {role}" in table
    assert f"allow manage on {record} 4*" in sh.ok("what-can", f"group:{group}", record)


def test_the_smallest_change_is_a_command_to_copy(sh, owner, record):
    name = owner.create_user(password=PASSWORD)["username"]
    told = sh.answers(DENIED, "explain", name, "read", f"{record}/42")
    [command] = [line.strip() for line in told.splitlines() if line.startswith("  gatehouse ")]
    sh.ok(*shlex.split(command)[1:])
    sh.answers(DONE, "check", name, "read", f"{record}/42")


def test_somebody_powerless_is_told_what_is_missing(shell, owner, record):
    user = owner.create_user(password=PASSWORD)
    shell.login(user["username"], PASSWORD)
    for arguments, permission in (
        (("group", "create", unique("group")), "group:create"),
        (("role", "create", unique("role")), "role:create"),
        (("check", user["username"], "read", f"{record}/42"), "decision:evaluate"),
        (("who-can", "read", f"{record}/42"), "decision:evaluate"),
    ):
        assert permission in shell.fails(NOT_PERMITTED, *arguments)
    assert shell.json("role", "list") == [] or all(each["builtIn"] for each in shell.json("role", "list"))
    assert shell.json("assignment", "list") == []


# Catalogs


CATALOG = """
catalog: {name}
name: Shop
description: What a shop protects.
version: "1.0"
resourceTypes:
  - id: order
    name: Order
    syntax: name
    actions: [{{id: read, name: Read}}]
roles:
  - id: clerk
    name: Clerk
    description: Reads orders.
    permissions:
      - {{effect: allow, resourceType: order, match: any, actions: [read]}}
"""


def test_catalogs_show_and_apply_their_difference(sh, tmp_path):
    name = unique("shop")
    file = tmp_path / "shop.yaml"
    file.write_text(CATALOG.format(name=name))
    assert f"{name}:order" in sh.answers(FAILED, "catalog", "diff", str(file))
    sh.fails(NOT_FOUND, "role", "show", f"{name}:clerk")
    told = sh.ok("catalog", "apply", str(file))
    assert f"+ resource type {name}:order" in told and f"+ role {name}:clerk" in told
    assert sh.json("role", "show", f"{name}:clerk")["name"] == "Clerk"
    assert "no difference" in sh.answers(DONE, "catalog", "diff", str(file))

    file.write_text(file.read_text().replace("{id: read, name: Read}", "{id: read, name: Read}, {id: ship, name: Ship}"))
    told = sh.answers(FAILED, "catalog", "diff", str(file))
    assert f"~ resource type {name}:order" in told and f"role {name}:clerk" not in told
    assert f"~ resource type {name}:order" in sh.ok("catalog", "apply", str(file))
    assert json.loads(sh.answers(DONE, "catalog", "diff", "-", "--output", "json", stdin=file.read_text()))
    sh.fails(INVALID, "catalog", "apply", "-", stdin="catalog: [")
    sh.fails(NOT_FOUND, "catalog", "apply", str(file), str(tmp_path / "absent.yaml"))
