"""Roles, resource types, catalogs and the access explorer in the console without JavaScript."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from support.api import unique
from support.html import Browser

PASSWORD = "nine copper kettles whistle"
CATALOG = Path(__file__).parents[2] / "Catalogs" / "connected-clusters.yaml"


def made(response) -> dict:
    assert response.status_code == 201, response.text
    return response.json()


@pytest.fixture
def role(owner):
    """Makes roles: `role({"resourceType": ...}, includes=[...])`."""

    def make(*permissions: dict, **more) -> str:
        return made(owner.post("/roles", json={"id": unique("role"), "permissions": list(permissions), **more}))["id"]

    return make


def topics(pattern: str, *actions: str, **more) -> dict:
    return {"resourceType": "mqtt-topic", "match": "pattern", "resource": pattern, "actions": list(actions), **more}


def assign(owner, role: str, user: dict) -> dict:
    return made(owner.post("/role-assignments", json={"principal": {"kind": "user", "id": user["id"]}, "role": role}))


def stored(owner, role: str) -> dict:
    response = owner.get(f"/roles/{role}")
    assert response.status_code == 200, response.text
    return response.json()


# Roles and their permissions


def test_a_role_is_made_with_the_permission_editor(admin, owner):
    identifier = unique("role")
    form = admin.get("/roles/new").ok().form("id", "permission.resourceType")
    assert "permission.actions[]" not in form.names, "actions come with their type"
    page = form.submit({"id": identifier, "name": "Line worker", "permission.resourceType": "mqtt-topic"}, button="Show its actions")
    form = page.ok().form("id", "permission.actions[]")
    assert form.control("id").attributes["value"] == identifier and form.control("name").attributes["value"] == "Line worker"
    assert owner.get(f"/roles/{identifier}").status_code == 404, "nothing is saved by the editor's own buttons"

    typed = {
        "permission.match": "pattern", "permission.resource": "line/+/speed", "permission.actions[]": ["subscribe"],
        "permission.probe": "line/3/speed",
    }  # fmt: skip
    page = form.submit(typed, button="Check").ok()
    assert "Matches line/3/speed" in page.text
    page = page.form("id").submit({"permission.probe": "line/3/4/speed"}, button="Check").ok()
    assert "Does not match line/3/4/speed : the id does not fit" in page.text
    page = page.form("id").submit({"permission.probe": "line/3/speed", "permission.probeAction": "publish"}, button="Check").ok()
    assert "the action is not among those chosen" in page.text

    page = page.form("id").submit(button="Add permission").ok()
    assert "May subscribe on every MQTT topic that matches line/+/speed ." in page.text
    page = page.form("id").submit({"permission.resourceType": "http-endpoint"}, button="Show its actions").ok()
    values = {"permission.effect": "deny", "permission.match": "id", "permission.resource": "/stop", "permission.actions[]": ["*"]}
    page = page.form("id").submit(values, button="Done with this one").ok()
    assert "May never do anything at all on the HTTP endpoint /stop" in page.text

    done = page.form("id").submit(button="Create role").ok()
    assert done.path == f"/roles/{identifier}" and "Line worker" in done.text
    role = stored(owner, identifier)
    assert role["name"] == "Line worker"
    assert [(each["effect"], each["resource"], each["actions"]) for each in role["permissions"]] == [
        ("allow", "line/+/speed", ["subscribe"]), ("deny", "/stop", ["*"]),
    ]  # fmt: skip


def test_a_permission_that_breaks_a_rule_is_opened_again_with_what_was_typed(admin, owner):
    identifier = unique("role")
    page = admin.get("/roles/new").ok()
    form = page.form("id").submit({"id": identifier, "permission.resourceType": "mqtt-topic"}, button="Show its actions").form("id")
    typed = {"permission.match": "pattern", "permission.resource": "a/#/b", "permission.actions[]": ["publish"]}
    page = form.submit(typed, button="Create role")
    assert page.status == 422
    field = page.form("id").control("permission.resource").attributes
    assert field["value"] == "a/#/b" and field["aria-invalid"] == "true"
    assert page.form("id").control("id").attributes["value"] == identifier
    page.form("id").submit({"permission.resource": "a/#"}, button="Create role").ok()
    assert stored(owner, identifier)["permissions"][0]["resource"] == "a/#"


def test_registered_resources_show_what_a_permission_would_match(admin, owner):
    kind = unique("type")
    made(owner.post("/resource-types", json={"id": kind, "actions": ["read"], "properties": ["level"]}))
    for number in range(3):
        answer = owner.request("PUT", f"/resources/{kind}/crane-{number}", json={"properties": {"level": number}})
        assert answer.status_code in (200, 201), answer.text
    form = admin.get("/roles/new").ok().form("id").submit({"permission.resourceType": kind}, button="Show its actions").form("id")
    page = form.submit({"permission.actions[]": ["read"], "permission.condition": "resource.level ge 1"}, button="Check").ok()
    assert "Matches 2 of 3 registered: crane-1 crane-2" in page.text


def test_a_role_is_changed_after_a_look_at_who_gains_and_loses(admin, owner):
    identifier = unique("role")
    permissions = [topics("hall/#", "publish"), topics("hall/1/#", "subscribe")]
    made(owner.post("/roles", json={"id": identifier, "permissions": permissions}))
    user = owner.create_user(password=PASSWORD)
    assign(owner, identifier, user)
    form = admin.get(f"/roles/{identifier}/edit").ok().form("name", "version")
    page = form.submit(button="Remove").ok()
    assert page.form("version").control("permission.rows").attributes["value"].count("resourceType") == 1
    preview = page.form("version").submit({"name": "Hall"}, button="Preview the change").ok()
    assert "Who gains, who loses" in preview.text and user["username"] in preview.text and "hall/#" in preview.text
    assert "Lose (1)" in preview.text and "Gain (0)" in preview.text
    assert len(stored(owner, identifier)["permissions"]) == 2, "looking changes nothing"
    back = preview.form("version").submit(button="Back to editing").ok()
    assert back.form("version").control("name").attributes["value"] == "Hall"
    preview = back.form("version").submit(button="Preview the change").ok()
    page = preview.form("version").submit(button="Save the change").ok()
    assert page.path == f"/roles/{identifier}"
    role = stored(owner, identifier)
    assert role["name"] == "Hall" and [each["resource"] for each in role["permissions"]] == ["hall/1/#"]


def test_two_people_who_edit_one_role_are_told(admin, owner, role):
    identifier = role(topics("a/#", "publish"))
    form = admin.get(f"/roles/{identifier}/edit").ok().form("name", "version")
    assert owner.patch(f"/roles/{identifier}", json={"name": "Meanwhile"}).status_code == 200
    page = form.submit({"name": "Mine"}, button="Save changes")
    assert page.status == 412 and stored(owner, identifier)["name"] == "Meanwhile"
    assert page.form("version").control("name").attributes["value"] == "Mine"
    page.form("version").submit(button="Save changes").ok()
    assert stored(owner, identifier)["name"] == "Mine"


def test_a_roles_page_says_what_it_allows_and_who_holds_it(admin, owner, role):
    inner = role(topics("inner/#", "publish"))
    outer = role(topics("outer/${username}", "publish"), includes=[inner], name="Outer role")
    user = owner.create_user()
    assign(owner, outer, user)
    page = admin.get(f"/roles/{outer}").ok()
    assert "outer/${username}" in page.text and "inner/#" in page.text and user["username"] in page.text
    assert page.links(f"/roles/{inner}")
    flat = admin.get("/permissions", params={"role": inner}).ok()
    assert user["username"] in flat.text and "inner/#" in flat.text and "outer/" not in flat.text


def test_built_in_roles_are_protected(admin):
    page = admin.get("/roles/auditor").ok()
    assert "built in" in page.text and not page.links("/edit") and not page.links("/delete")
    assert admin.get("/roles/auditor/edit").status == 409


def test_a_role_is_deleted_after_a_question(admin, owner, role):
    identifier = role(topics("a/#", "publish"))
    user = owner.create_user()
    assign(owner, identifier, user)
    question = admin.get(f"/roles/{identifier}/delete").ok()
    assert "1 assignment" in question.text
    assert question.form(action="/delete").submit().ok().path == "/roles"
    assert owner.get(f"/roles/{identifier}").status_code == 404


# Types and catalogs


def test_a_resource_type_from_its_creation_to_its_end(admin, owner):
    identifier = unique("type")
    values = {"id": identifier, "name": "Press", "syntax": "path", "actions": "read\nwrite Write includes read, stop", "properties": "owner"}
    page = admin.get("/resource-types/new").ok().form("id", "actions").submit(values)
    assert page.status == 422 and "stop" in page.text
    kept = page.form("id", "actions")
    assert kept.control("id").attributes["value"] == identifier
    page = kept.submit({"actions": "read\nstop Stop it\nwrite Write includes read, stop"}).ok()
    assert page.path == f"/resource-types/{identifier}" and "Stop it" in page.text
    found = owner.get(f"/resource-types/{identifier}").json()
    assert [each["id"] for each in found["actions"]] == ["read", "stop", "write"] and found["actions"][2]["includes"] == ["read", "stop"]
    form = admin.get(f"/resource-types/{identifier}/edit").ok().form("actions", "version")
    form.submit({"name": "Presses"}).ok()
    changed = owner.get(f"/resource-types/{identifier}").json()
    assert changed["name"] == "Presses" and changed["actions"] == found["actions"], "what is not touched stays"
    question = admin.get(f"/resource-types/{identifier}/delete").ok()
    assert question.form(action="/delete").submit().ok().path == "/resource-types"
    assert owner.get(f"/resource-types/{identifier}").status_code == 404
    assert admin.get("/resource-types/user/edit").status == 409, "built-in ones stay"


def catalog_form(page, **fields):
    form = page.ok().form("csrf", "text")
    parts = {name: (None, value) for name, value in {**dict(form.pairs()), **fields}.items()}
    return form, parts


def send(admin, form, parts):
    from support.html import Page

    response = admin.client.post(form.path, files=parts)
    return Page(admin, response) if response.status_code != 303 else admin.get(response.headers["location"])


def test_a_catalog_is_looked_at_and_applied(admin, owner):
    form, parts = catalog_form(admin.get("/catalogs"), text=CATALOG.read_text())
    page = send(admin, form, parts).ok()
    assert "connected-clusters:cluster-admin" in page.text and "Nothing is changed yet" in page.text
    assert owner.get("/roles/connected-clusters:cluster-admin").status_code == 404
    form, parts = catalog_form(page, do="apply")
    page = send(admin, form, parts).ok()
    assert page.path == "/catalogs" and "Connected clusters" in page.text
    assert owner.get("/roles/connected-clusters:cluster-admin").status_code == 200
    form, parts = catalog_form(admin.get("/catalogs"))
    parts["file"] = ("catalog.yaml", CATALOG.read_bytes().replace(b"name: Cluster admin", b"name: Cluster administrator"))
    page = send(admin, form, parts).ok()
    assert "Cluster administrator" in page.text and "Changed" in page.text
    form, parts = catalog_form(admin.get("/catalogs"), text="catalog: [broken")
    page = send(admin, form, parts)
    assert page.status == 400 and "catalog: [broken" in "".join(page.form("text").control("text").children)


# The explorer


def explore(admin, user: dict, action: str, resource: str, kind: str = "mqtt-topic", **more):
    return admin.get("/explorer", params={"kind": "user", "who": user["username"], "action": action, "type": kind, "resource": resource, **more})


def test_the_explorer_says_why_and_makes_the_smallest_change(admin, owner, role):
    user = owner.create_user(password=PASSWORD)
    identifier = role(topics("crane/+/load", "subscribe", condition="context.shift eq \"day\""))
    assign(owner, identifier, user)
    page = explore(admin, user, "subscribe", "crane/7/load", context="shift=day").ok()
    assert "Allowed" in page.text and page.links(f"/roles/{identifier}") and page.links(f"/users/{user['id']}")
    page = explore(admin, user, "subscribe", "crane/7/load", context="shift=night").ok()
    assert "Denied" in page.text and "its condition does not hold" in page.text
    page = explore(admin, user, "publish", "crane/7/load", context="shift=day").ok()
    assert "Denied" in page.text and "the action differs" in page.text

    [link] = page.links("/explorer/change")
    change = admin.get(urlsplit(link).path + "?" + urlsplit(link).query).ok()
    assert "Gain (1)" in change.text and user["username"] in change.text
    assert owner.all("/authorizations", filter=f'principal.id eq "{user["id"]}"') == [], "looking changes nothing"
    form = change.form("change", action="/explorer/change")
    forged = form.submit({"change": json.dumps(["create", "/role-assignments", {"role": "owner"}])})
    assert forged.status == 409 and owner.all("/role-assignments", filter=f'principal.id eq "{user["id"]}" and role eq "owner"') == []
    page = form.submit().ok()
    assert page.path == "/explorer" and "Allowed" in page.text
    assert parse_qs(urlsplit(page.url).query)["who"] == [user["username"]], "back at the question"


def test_the_explorer_helps_with_what_it_does_not_know(admin, owner):
    user = owner.create_user()
    page = explore(admin, {"username": user["username"][:-1]}, "subscribe", "x")
    assert page.status == 422 and user["username"] in page.text
    page = explore(admin, user, "eat", "x")
    assert page.status == 422 and "publish, subscribe" in page.text
    page = explore(admin, user, "publish", "x", context="nonsense")
    assert page.status == 422 and "no name=value" in page.text


def test_who_can_and_what_can_they(admin, owner, role):
    user, other = owner.create_user(password=PASSWORD), owner.create_user(password=PASSWORD)
    identifier = role(topics("dock/#", "publish"))
    assign(owner, identifier, user)
    params = {"kind": "user", "action": "publish", "type": "mqtt-topic", "resource": "dock/3"}
    page = admin.get("/explorer/who", params=params).ok()
    assert user["username"] in page.text and other["username"] not in page.text
    [why] = [link for link in page.links("/explorer?") if f"who={user['username']}" in link]
    assert "Allowed" in admin.get("/explorer?" + urlsplit(why).query).ok().text
    page = admin.get("/explorer/what", params={"kind": "user", "who": user["username"]}).ok()
    assert "dock/#" in page.text and "MQTT topic" in page.text and page.links(f"/roles/{identifier}")
    assert "dock/#" in admin.get(f"/users/{user['id']}").ok().text, "also on the user's page"
    flat = admin.get("/permissions", params={"type": "mqtt-topic", "action": "publish"}).ok()
    assert user["username"] in flat.text


# Whoever may not


def test_whoever_may_not_is_offered_nothing_and_refused(server, owner, role):
    identifier = role(topics("secret-place/#", "publish"))
    user, victim = owner.create_user(password=PASSWORD), owner.create_user(name="Somebody Else")
    assign(owner, identifier, user)
    with Browser(server.url) as browser:
        home = browser.sign_in(user["username"], PASSWORD).ok()
        for path in ("/roles", "/permissions", "/explorer", "/resource-types", "/catalogs"):
            assert not home.links(path), path
        for path in ("/roles/new", f"/roles/{identifier}", f"/roles/{identifier}/edit", "/resource-types/new", "/catalogs"):
            assert browser.get(path).status in (403, 404), path
        for path in ("/roles", "/permissions", "/resource-types"):
            assert identifier not in browser.get(path).ok().text
        mine = explore(browser, user, "publish", "secret-place/1").ok()
        assert "Allowed" in mine.text, "everybody may ask about themselves"
        assert explore(browser, victim, "publish", "secret-place/1").status in (403, 404, 422)
        assert victim["username"] not in browser.get("/explorer/who", params={"kind": "user", "action": "read", "type": "user", "resource": victim["id"]}).text


def test_nobody_confers_more_by_the_console_than_by_the_api(server, owner, role):
    admin = owner.create_user(password=PASSWORD)
    assign(owner, "access-admin", admin)
    identifier = role(topics("a/#", "publish"))
    with Browser(server.url) as browser:
        browser.sign_in(admin["username"], PASSWORD).ok()
        form = browser.get(f"/roles/{identifier}/edit").ok().form("name", "version")
        page = form.submit(button="Add permission").ok()
        page = page.form("version").submit({"permission.resourceType": "user"}, button="Show its actions").ok()
        page = page.form("version").submit({"permission.actions[]": ["delete"]}, button="Save changes")
        assert page.status == 403 and "You may not give what you do not hold" in page.text
        assert "May delete" in page.text or page.form("version").names >= {"permission.actions[]"}, "what was typed is never lost"
    assert len(stored(owner, identifier)["permissions"]) == 1
