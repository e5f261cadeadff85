"""Groups and what is granted, in the console without JavaScript: forms found in the pages, filled in and sent."""

import pytest

from support.api import unique
from support.html import Browser

PASSWORD = "nine copper kettles whistle"


@pytest.fixture
def group(owner):
    """Makes groups: `group(member, member)` with users."""

    def make(*members: dict, name: str | None = None) -> dict:
        answer = owner.post("/groups", json={"name": name or unique("group"), "description": "made by a test"})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        for member in members:
            put = owner.request("PUT", f"/groups/{made['id']}/members/users/{member['id']}")
            assert put.status_code == 204, put.text
        return made

    return make


def members(owner, group: dict) -> list[str]:
    return [item["name"] for item in owner.all(f"/groups/{group['id']}/members")]


def assignments(owner, kind: str, party: str) -> list[dict]:
    return owner.all("/role-assignments", filter=f'principal.kind eq "{kind}" and principal.id eq "{party}"')


def authorizations(owner, kind: str, party: str) -> list[dict]:
    return owner.all("/authorizations", filter=f'principal.kind eq "{kind}" and principal.id eq "{party}"')


# Groups


def test_a_group_from_its_creation_to_its_end(admin, owner):
    name = unique("plant")
    page = admin.get("/groups/new").ok().form("name", "description").submit({"name": name, "description": "Crew"}).ok()
    assert page.path.startswith("/groups/") and name in page.text and "Crew" in page.text
    [found] = owner.all("/groups", filter=f'name eq "{name}"')

    taken = admin.get("/groups/new").ok().form("name").submit({"name": name, "description": "typed"})
    assert taken.status == 409
    kept = taken.form("name", "description")
    assert kept.control("name").attributes["value"] == name and kept.control("description").attributes["value"] == "typed"

    person = owner.create_user()
    form = admin.get(f"/groups/{found['id']}").ok().form("kind", "principal")
    refused = form.submit({"kind": "user", "principal": person["username"][:-1]})
    assert refused.status == 422 and person["username"] in refused.text, "names that come close are offered"
    assert refused.form("kind", "principal").control("principal").attributes["value"] == person["username"][:-1]
    page = refused.form("kind", "principal").submit({"principal": person["username"].upper()}).ok()
    assert person["username"] in page.text and members(owner, found) == [person["username"]]

    renamed = unique("renamed")
    page = admin.get(f"/groups/{found['id']}/edit").ok().form("name").submit({"name": renamed}).ok()
    assert renamed in page.title
    page = page.form("member", action="/members/remove").submit().ok()
    assert members(owner, found) == []

    question = admin.get(f"/groups/{found['id']}/delete").ok()
    assert renamed in question.text and "no membership" in question.text
    assert question.form("csrf", action="/delete").submit().ok().path == "/groups"
    assert owner.get(f"/groups/{found['id']}").status_code == 404


def test_deleting_a_group_says_what_goes_with_it(admin, owner, group):
    made = group(owner.create_user(), owner.create_user())
    role = {"principal": {"kind": "group", "id": made["id"]}, "role": "auditor"}
    assert owner.post("/role-assignments", json=role).status_code == 201
    page = admin.get(f"/groups/{made['id']}/delete").ok()
    assert "2 memberships" in page.text and "1 role assignment" in page.text and "no authorization" in page.text


def test_groups_nest_and_circles_are_refused(admin, owner, group):
    inner, outer = group(), group()
    form = admin.get(f"/groups/{outer['id']}").ok().form("kind", "principal")
    form.submit({"kind": "group", "principal": inner["name"]}).ok()
    assert members(owner, outer) == [inner["name"]]
    refused = admin.get(f"/groups/{inner['id']}").ok().form("kind", "principal").submit(
        {"kind": "group", "principal": outer["name"]}
    )  # fmt: skip
    assert refused.status == 409 and refused.form("kind", "principal").control("principal").attributes["value"] == outer["name"]
    assert members(owner, inner) == []


def test_many_groups_are_deleted_at_once(admin, owner):
    word = unique("batch").replace("-", "")
    made = [owner.post("/groups", json={"name": f"{word} {number}"}).json() for number in range(3)]
    form = admin.get(f"/groups?q={word}").ok().form("ids[]", button="Delete")
    question = form.submit({"ids[]": [made[0]["id"], made[2]["id"]]}, button="Delete").ok()
    assert f"{word} 0" in question.text and f"{word} 1" not in question.text
    confirm = question.form("csrf", "confirm", action="/groups/bulk")
    assert confirm.submit({"confirm": "no"}).status == 422
    confirm.submit({"confirm": "delete"}).ok()
    assert [item["name"] for item in owner.all("/groups", q=word)] == [f"{word} 1"]


def test_somebody_is_put_into_a_group_from_their_own_page(admin, owner, group):
    person, made = owner.create_user(name="Joining Jo"), group()
    page = admin.get(f"/users/{person['id']}").ok()
    [address] = page.links("/groups/join")
    form = admin.get(address).ok().form("principal", "group")
    assert form.submit({"group": "nowhere to be found"}).status == 422
    page = form.submit({"group": made["name"]}).ok()
    assert page.path == f"/users/{person['id']}" and made["name"] in page.text
    assert members(owner, made) == [person["username"]]
    page = page.form("member", action=f"/groups/{made['id']}/members/remove").submit().ok()
    assert page.path == f"/users/{person['id']}" and members(owner, made) == []


# Role assignments


def test_a_role_is_given_changed_and_taken_away(admin, owner):
    person = owner.create_user()
    page = admin.get(f"/users/{person['id']}").ok()
    [address] = page.links("/role-assignments/new")
    form = admin.get(address).ok().form("principal", "role")
    assert form.control("principal").attributes["value"] == person["username"]
    refused = form.submit({"role": "", "expiresAt": "soon", "reason": "typed"})
    assert refused.status == 422 and assignments(owner, "user", person["id"]) == []
    form = refused.form("principal", "role")
    assert form.control("reason").attributes["value"] == "typed" and form.control("expiresAt").attributes["value"] == "soon"
    page = form.submit({"role": "auditor", "expiresAt": "2099-01-15T17:00", "reason": "for the audit"}).ok()
    assert "Auditor" in page.text and "for the audit" in page.text
    [made] = assignments(owner, "user", person["id"])
    assert (made["role"], made["expiresAt"][:16], made["reason"]) == ("auditor", "2099-01-15T17:00", "for the audit")
    assert made["scope"] == {"kind": "realm"} and "15 Jan 2099" in page.text

    edit = admin.get(f"/role-assignments/{made['id']}/edit").ok().form("role", "reason")
    owner.patch(f"/role-assignments/{made['id']}", json={"reason": "meanwhile"})
    stale = edit.submit({"reason": "mine"})
    assert stale.status == 412 and stale.form("reason").control("reason").attributes["value"] == "mine"
    page = stale.form("role", "reason").submit({"expiresAt": ""}).ok()
    [changed] = assignments(owner, "user", person["id"])
    assert changed["reason"] == "mine" and not changed.get("expiresAt") and changed["id"] == made["id"]

    question = admin.get(f"/role-assignments/{made['id']}/delete").ok()
    assert person["username"] in question.text and "permissions" in question.text
    assert assignments(owner, "user", person["id"]), "asking takes nothing away"
    question.form("csrf", action="/delete").submit().ok()
    assert assignments(owner, "user", person["id"]) == []


@pytest.mark.parametrize("kind", ["group", "resources", "organization"])
def test_a_role_reaches_what_was_chosen(admin, owner, group, kind):
    person, target = owner.create_user(), group()
    values = {
        "kind": "user", "principal": person["username"], "role": "help-desk", "scope": kind, "group": target["name"],
        "organization": "acme", "type": "user", "ids": f"{person['id']}\n\nsomebody-else\n",
    }  # fmt: skip
    admin.get("/role-assignments/new").ok().form("principal", "role").submit(values).ok()
    [made] = assignments(owner, "user", person["id"])
    expected = {
        "group": {"kind": "group", "id": target["id"]}, "organization": {"kind": "organization", "id": "acme"},
        "resources": {"kind": "resources", "type": "user", "ids": sorted([person["id"], "somebody-else"])},
    }  # fmt: skip
    scope = dict(made["scope"])
    if "ids" in scope:
        scope["ids"] = sorted(scope["ids"])
    assert scope == expected[kind]
    form = admin.get(f"/role-assignments/{made['id']}/edit").ok().form("role", "scope")
    form.submit().ok()
    assert assignments(owner, "user", person["id"])[0]["scope"] == made["scope"], "saving without a change changes nothing"


def test_assignments_are_filtered_by_who_role_scope_and_state(admin, owner, group):
    person, made = owner.create_user(), group()
    for body in (
        {"role": "auditor"}, {"role": "help-desk", "validFrom": "2098-01-01T00:00:00Z"},
        {"role": "help-desk", "scope": {"kind": "group", "id": made["id"]}},
    ):  # fmt: skip
        answer = owner.post("/role-assignments", json={"principal": {"kind": "user", "id": person["id"]}, **body})
        assert answer.status_code == 201, answer.text

    def shown(query: str) -> int:
        page = admin.get(f"/role-assignments?who={person['username']}&{query}").ok()
        return len({link for link in page.links("/role-assignments/0")})

    assert [shown(query) for query in ("", "role=help-desk", "scope=group", "state=upcoming", "state=current", "state=expired")] == [
        3, 2, 1, 1, 2, 0,
    ]  # fmt: skip
    assert admin.get("/role-assignments?state=sometimes").status == 400
    assert "Nobody is called" in admin.get("/role-assignments?who=nobody-of-this-name").ok().text


def test_nobody_gives_what_they_do_not_hold(server, owner):
    admin = owner.create_user(password=PASSWORD)
    body = {"principal": {"kind": "user", "id": admin["id"]}, "role": "access-admin"}
    assert owner.post("/role-assignments", json=body).status_code == 201
    with Browser(server.url) as browser:
        browser.sign_in(admin["username"], PASSWORD).ok()
        form = browser.get("/role-assignments/new").ok().form("principal", "role")
        refused = form.submit({"kind": "user", "principal": admin["username"], "role": "owner", "reason": "typed"})
        assert refused.status == 403 and "Nobody gives what they do not hold" in refused.text
        assert refused.form("principal", "role").control("reason").attributes["value"] == "typed"
    assert [item["role"] for item in assignments(owner, "user", admin["id"])] == ["access-admin"]


def test_the_last_owner_stays(admin, owner):
    me = owner.get("/me").json()["id"]
    [mine] = [item for item in assignments(owner, "user", me) if item["role"] == "owner"]
    question = admin.get(f"/role-assignments/{mine['id']}/delete").ok()
    assert "This role is yours" in question.text
    refused = question.form("csrf", action="/delete").submit()
    assert refused.status == 409 and "owner" in refused.text.lower()
    assert [item["id"] for item in assignments(owner, "user", me) if item["role"] == "owner"] == [mine["id"]]


# Authorizations


def test_a_permission_is_given_directly_and_taken_away(admin, owner, group):
    made = group()
    form = admin.get("/authorizations/new").ok().form("principal", "permission.resourceType")
    values = {
        "kind": "group", "principal": made["name"], "reason": "no role yet", "permission.resourceType": "mqtt-topic",
        "permission.match": "pattern", "permission.resource": "plant/#/7", "permission.actions[]": ["subscribe"],
    }  # fmt: skip
    # Without script the actions of a type come after a look at it.
    values.pop("permission.actions[]")
    page = form.submit(values, button="Show its actions").ok()
    form = page.form("principal", "permission.resourceType")
    assert form.control("reason").attributes["value"] == "no role yet", "what was typed is never lost"
    refused = form.submit({"permission.actions[]": ["subscribe"]}, button="Permit it")
    assert refused.status == 422 and authorizations(owner, "group", made["id"]) == [], refused.text[:300]
    form = refused.form("principal", "permission.resourceType")
    form.submit({"permission.resource": "plant/7/#"}, button="Permit it").ok()
    [given] = authorizations(owner, "group", made["id"])
    [permission] = given["permissions"]
    assert (permission["resource"], permission["actions"], given["reason"]) == ("plant/7/#", ["subscribe"], "no role yet")

    page = admin.get(f"/authorizations/{given['id']}").ok()
    assert "plant/7/#" in page.text and made["name"] in page.text
    edit = admin.get(f"/authorizations/{given['id']}/edit").ok().form("scope", "reason")
    edit.submit({"reason": "still no role"}, button="Save changes").ok()
    [changed] = authorizations(owner, "group", made["id"])
    assert changed["reason"] == "still no role" and changed["permissions"] == given["permissions"]
    question = admin.get(f"/authorizations/{given['id']}/delete").ok()
    assert "plant/7/#" in question.text
    question.form("csrf", action="/delete").submit().ok()
    assert authorizations(owner, "group", made["id"]) == []


# Services and their tokens


def test_a_service_from_its_creation_to_its_end(admin, owner, server):
    name = unique("reporting")
    page = admin.get("/services/new").ok().form("name", "description").submit({"name": name, "description": "Nightly"}).ok()
    assert page.path.startswith("/services/") and name in page.text and "cannot sign in" in page.text
    [service] = owner.all("/services", filter=f'name eq "{name}"')
    at = f"/services/{service['id']}"
    taken = admin.get("/services/new").ok().form("name").submit({"name": name, "description": "typed"})
    assert taken.status == 409 and taken.form("name").control("description").attributes["value"] == "typed"

    form = admin.get(f"{at}/tokens/new").ok().form("name", "expiresAt")
    refused = form.submit({"name": "", "expiresAt": "2099-01-01T00:00"}, button="Create token")
    assert refused.status == 422 and refused.form("name").control("expiresAt").attributes["value"] == "2099-01-01T00:00"
    shown = refused.form("name", "expiresAt").submit({"name": "night"}, button="Create token").ok()
    [token] = {word for word in shown.text.split() if word.startswith("ghp_")}
    with server.api() as api:
        api = api.with_token(token)
        assert api.get("/services").status_code == 200
        page = admin.get(at).ok()
        assert "night" in page.text and token not in page.text, "it is shown once"
        assert "1 Jan 2099" in page.text

        admin.get(f"{at}/disable").ok().form("csrf", action="/disable").submit().ok()
        assert api.get("/services").status_code == 401
        page = admin.get(at).ok()
        assert "This service is disabled" in page.text
        page.form("csrf", action="/enable").submit().ok()
        assert api.get("/services").status_code == 200

        [address] = [link for link in admin.get(at).ok().links("/tokens/") if link.endswith("/delete")]
        question = admin.get(address).ok()
        assert "night" in question.text
        question.form("csrf", action="/delete").submit().ok()
        assert api.get("/services").status_code == 401

    renamed = unique("renamed")
    page = admin.get(f"{at}/edit").ok().form("name").submit({"name": renamed, "description": ""}).ok()
    assert renamed in page.title
    question = admin.get(f"{at}/delete").ok()
    assert renamed in question.text and "no token" in question.text
    assert question.form("csrf", action="/delete").submit().ok().path == "/services"
    assert owner.get(f"/services/{service['id']}").status_code == 404


def test_a_token_is_narrowed(admin, owner):
    service = owner.post("/services", json={"name": unique("narrowed")}).json()
    form = admin.get(f"/services/{service['id']}/tokens/new").ok().form("name", "permission.resourceType")
    page = form.submit({"name": "narrow", "permission.resourceType": "mqtt-topic"}, button="Show its actions").ok()
    form = page.form("name", "permission.resourceType")
    assert form.control("name").attributes["value"] == "narrow", "what was typed is never lost"
    form.submit({"permission.actions[]": ["publish"]}, button="Create token").ok()
    [token] = owner.all(f"/services/{service['id']}/tokens")
    assert [(each["resourceType"], each["actions"]) for each in token["permissions"]] == [("mqtt-topic", ["publish"])]
    assert "publish" in admin.get(f"/services/{service['id']}").ok().text


# What the viewer may not do


def test_what_the_viewer_may_not_do_is_not_offered(server, owner, group):
    auditor = owner.create_user(password=PASSWORD)
    made = group(auditor)
    body = {"principal": {"kind": "user", "id": auditor["id"]}, "role": "auditor"}
    answer = owner.post("/role-assignments", json=body)
    assert answer.status_code == 201, answer.text
    powerless = owner.create_user(password=PASSWORD)
    with Browser(server.url) as browser:
        browser.sign_in(auditor["username"], PASSWORD).ok()
        for path in ("/groups", f"/groups/{made['id']}", "/role-assignments", f"/role-assignments/{answer.json()['id']}", "/authorizations"):
            page = browser.get(path).ok()
            forms = [form.path for form in page.forms if form.element.attributes.get("method") == "post"]
            assert set(forms) <= {"/sign-out", "/theme"}, (path, forms)
            assert not [link for link in page.links() if link.endswith(("/new", "/edit", "/delete")) or "/join" in link], path
        for path in ("/groups/new", f"/groups/{made['id']}/edit", "/role-assignments/new", "/authorizations/new"):
            assert browser.get(path).status == 403, path
    with Browser(server.url) as browser:
        page = browser.sign_in(powerless["username"], PASSWORD).ok()
        assert not page.links("/groups") and not page.links("/role-assignments") and not page.links("/authorizations")
        assert browser.get(f"/groups/{made['id']}").status == 404
        assert made["name"] not in browser.get("/groups").ok().text


def test_search_finds_groups_roles_and_whatever_has_an_id(admin, owner, group):
    made = group(name=unique("Findable").replace("-", ""))
    assert made["name"] in admin.get(f"/search?q={made['name'][:6]}").ok().text
    assert "/roles/auditor" in " ".join(admin.get("/search?q=audit").ok().links("/roles/"))
    page = admin.get(f"/search?q={made['id']}").ok()
    assert page.links(f"/groups/{made['id']}")


def test_names_are_offered_while_they_are_typed(admin, owner, group, visitor):
    made = group(name=unique("Offered").replace("-", ""))
    answer = admin.client.get(admin.url + "/find", params={"kind": "group", "q": made["name"][:5]})
    assert answer.status_code == 200 and made["name"] in [item["value"] for item in answer.json()["items"]]
    assert admin.client.get(admin.url + "/find", params={"kind": "planet", "q": "x"}).status_code == 400
    assert visitor.get("/find?kind=group&q=x").path == "/sign-in"
