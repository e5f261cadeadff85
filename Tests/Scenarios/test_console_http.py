"""The console without JavaScript: forms found in the pages, filled in and sent."""

import re
import threading
from urllib.parse import urljoin, urlsplit

import pytest

from support.api import unique
from support.html import Browser
from support.server import OWNER, OWNER_PASSWORD, SETUP_TOKEN

PASSWORD = "nine copper kettles whistle"
OTHER = "eleven violet lanterns hum"


def only_user(owner, username: str) -> dict:
    [user] = owner.all("/users", filter=f'username eq "{username}"')
    return user


# Setup and signing in


def test_setup_leads_into_the_console(make_server):
    server = make_server(set_up=False)
    with Browser(server.url) as browser:
        assert browser.get("/").path == "/setup", "while setup is open, everything leads to it"
        page = browser.get(f"/setup?token={SETUP_TOKEN}").ok()
        form = page.form("username", "password")
        again = next(name for name in form.names if "confirm" in name.lower() or "repeat" in name.lower())
        for field in ("name", "email"):
            form.control(field)
        assert form.control("password").attributes["type"] == "password"

        values = {"username": "ann", "name": "Ann Berg", "email": "ann@example.org", "password": OWNER_PASSWORD}
        refused = form.submit({**values, again: "something else entirely"})
        assert refused.status == 422 and refused.path == "/setup"
        kept = refused.form("username", "password")
        assert kept.control("username").attributes["value"] == "ann", "what was typed is never lost"
        assert kept.control("password").attributes.get("value", "") == "", "but a password is not sent back"
        refused = kept.submit({**values, "username": "no good", "password": "short", again: "short"})
        assert refused.status == 422

        done = refused.form("username", "password").submit({**values, again: OWNER_PASSWORD}).ok()
        assert done.path == "/" and "Ann Berg" in done.text
        assert browser.get("/setup").path == "/"
    with Browser(server.url) as other:
        assert other.get("/setup").path == "/sign-in"
        page = other.sign_in("ann", OWNER_PASSWORD).ok()
        assert page.path == "/"


def test_a_wrong_setup_link_sets_nothing_up(make_server):
    server = make_server(set_up=False)
    with Browser(server.url) as browser:
        page = browser.get("/setup?token=wrong")
        values = {"username": "eve", "password": OWNER_PASSWORD, "confirmPassword": OWNER_PASSWORD}
        refused = page.form("username", "password").submit(values)
        assert refused.status == 403
    with server.api() as api:
        assert api.get("/setup").json() == {"required": True}


def test_without_a_session_every_page_leads_to_signing_in_and_back(visitor):
    for path in ("/", "/users", "/users/new", "/audit", "/account", "/users?status=disabled&q=a+b"):
        page = visitor.get(path).ok()
        assert page.path == "/sign-in", path
    page = page.form("username", "password").submit({"username": OWNER, "password": OWNER_PASSWORD}).ok()
    assert page.url.endswith("/users?status=disabled&q=a+b") or page.url.endswith("/users?status=disabled&q=a%20b")


def test_refused_sign_ins_look_alike(owner, visitor):
    user = owner.create_user(password=PASSWORD)
    disabled = owner.create_user(password=PASSWORD)
    owner.post(f"/users/{disabled['id']}/disable")
    texts = set()
    for name, password in ((user["username"], "wrong " * 4), (unique("nobody"), PASSWORD), (disabled["username"], PASSWORD)):
        page = visitor.sign_in(name, password)
        assert page.status == 401 and page.path == "/sign-in"
        form = page.form("username", "password")
        assert form.control("username").attributes["value"] == name
        assert form.control("password").attributes.get("value", "") == ""
        texts.add(page.text)
    assert len(texts) == 1


def test_signing_out_ends_the_session(admin, visitor):
    cookies = dict(admin.client.cookies)
    page = admin.get("/").ok().form(action="/sign-out").submit()
    assert page.path == "/sign-in"
    assert admin.get("/users").path == "/sign-in"
    for name, value in cookies.items():
        visitor.client.cookies.set(name, value)
    assert visitor.get("/users").path == "/sign-in", "the cookie of the ended session is worth nothing"


def test_signing_out_needs_a_form(admin):
    assert admin.get("/sign-out", follow=False).status in (404, 405)
    assert admin.get("/users").ok().path == "/users"


def test_the_cookie_on_plain_loopback(visitor):
    form = visitor.get("/sign-in").ok().form("username", "password")
    answer = form.submit({"username": OWNER, "password": OWNER_PASSWORD}, follow=False)
    assert answer.status == 303
    [cookie] = [value for value in answer.response.headers.get_list("set-cookie") if "ghs_" in value]
    assert not cookie.startswith("__Host-") and "HttpOnly" in cookie and "SameSite=" in cookie and "Path=/" in cookie
    assert "secure" not in cookie.lower()


def test_a_sign_in_starts_a_new_session(server, owner):
    # A cookie planted before the sign-in must not be the one after it.
    with Browser(server.url) as browser:
        browser.client.cookies.set("gatehouse-main-plain", "ghs_" + "A" * 43, domain="127.0.0.1", path="/")
        browser.sign_in(OWNER, OWNER_PASSWORD)
        values = [cookie.value for cookie in browser.client.cookies.jar if cookie.name == "gatehouse-main-plain"]
        assert len(values) == 1 and values[0] != "ghs_" + "A" * 43
        assert browser.get("/users").ok().path == "/users"


NEXT = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/\n/evil.example", "javascript:alert(1)", "data:text/html,x", "http:evil.example", "https:/evil.example", "evil.example",
    "/%09/evil.example", "/..//evil.example", "@evil.example", "/.//evil.example", "\x00/evil.example", " //evil.example",
    "/users\r\nSet-Cookie: a=b", "http://127.0.0.1@evil.example", "?next=//evil.example", "#//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("written", [False, True], ids=["in the address", "in the form"])
@pytest.mark.parametrize("target", NEXT)
def test_signing_in_leads_nowhere_else(visitor, target, written):
    page = visitor.get("/sign-in", params={} if written else {"next": target})
    if page.status == 400:
        return
    form = page.ok().form("username", "password")
    pairs = form.filled({"username": OWNER, "password": OWNER_PASSWORD})
    if written:
        pairs = [(name, value) for name, value in pairs if name != "next"] + [("next", target)]
    answer = visitor.send("post", form.action, pairs, follow=False)
    if written and answer.status == 400:
        return
    assert answer.status == 303, answer.text[:300]
    # Browsers drop tabs and line ends, and take a backslash for a slash.
    location = re.sub(r"[\t\r\n]", "", answer.response.headers["location"]).replace("\\", "/")
    resolved = urlsplit(urljoin(visitor.url + "/sign-in", location))
    assert f"{resolved.scheme}://{resolved.netloc}" == visitor.origin, location
    assert "//" not in resolved.path
    assert "a" not in {cookie.name for cookie in visitor.client.cookies.jar}


# Users


def test_a_user_is_created_and_signs_in(admin, owner, server):
    page = admin.get("/users").ok()
    create = page.links("/users/new")
    assert create, "the list has a way to create"
    form = admin.get(urlsplit(create[0]).path).ok().form("username", "password")
    again = next(name for name in form.names if "confirm" in name.lower())
    name = unique("console")
    values = {"username": name, "name": "Bea Blom", "email": f"{name}@example.org", "password": PASSWORD, again: PASSWORD}
    page = form.submit(values).ok()
    user = only_user(owner, name)
    assert user["name"] == "Bea Blom" and user["status"] == "active"
    assert "Bea Blom" in page.text
    with Browser(server.url) as browser:
        page = browser.sign_in(name, PASSWORD).ok()
        assert page.path == "/" and "Bea Blom" in page.text
        assert browser.get("/users/new").status in (403, 404)


def test_a_form_with_errors_comes_back_with_what_was_typed(admin, owner):
    taken = owner.create_user()["username"]
    form = admin.get("/users/new").ok().form("username", "password")
    for username, password, status in (("no good", "short", 422), (taken, "", 409)):
        values = {"username": username, "name": "Typed Name", "email": "typed@example.org", "password": password, "confirmPassword": password}
        page = form.submit(values)
        assert page.status == status, page.text[:500]
        form = page.form("username", "password")
        assert form.control("username").attributes["value"] == username
        assert form.control("name").attributes["value"] == "Typed Name"
        invalid = form.control("username").attributes
        assert invalid.get("aria-invalid") == "true" and invalid.get("aria-describedby")
        described = {element.attributes.get("id") for element in page.root.walk()}
        assert set(invalid["aria-describedby"].split()) <= described
        assert any("#" in link for link in page.links("#")), "the summary links to the fields"


def test_a_user_is_edited(admin, owner, server):
    user = owner.create_user(name="Before", email="before@example.org", password=PASSWORD)
    page = admin.get(f"/users/{user['id']}").ok()
    assert "Before" in page.text and "before@example.org" in page.text
    form = admin.get(urlsplit(page.links("/edit")[0]).path).ok().form("name", "email")
    name = unique("edited")
    values = {"username": name, "name": "After", "email": "after@example.org"}
    if "password" in form.names:
        values |= {"password": OTHER, "confirmPassword": OTHER}
    form.submit(values).ok()
    changed = owner.user(user["id"])
    assert (changed["username"], changed["name"], changed["email"]) == (name, "After", "after@example.org")
    if "password" not in values:
        form = admin.get(f"/users/{user['id']}/password").ok().form("password")
        form.submit({"password": OTHER, "confirmPassword": OTHER}).ok()
    with server.api() as api:
        assert api.sign_in(name, OTHER).status_code == 201
        assert api.sign_in(name, PASSWORD).status_code == 401


def test_two_people_who_edit_at_once_are_told(admin, owner):
    user = owner.create_user(name="First")
    form = admin.get(f"/users/{user['id']}/edit").ok().form("name", "email")
    owner.patch(f"/users/{user['id']}", json={"name": "Meanwhile"})
    page = form.submit({"name": "Mine"})
    assert page.status in (409, 412), page.text[:300]
    assert owner.user(user["id"])["name"] == "Meanwhile"
    assert page.form("name", "email").control("name").attributes["value"] == "Mine", "what was typed is never lost"


def test_a_user_is_disabled_and_enabled(admin, owner, server):
    user = owner.create_user(name="Dora", password=PASSWORD)
    with Browser(server.url) as browser:
        browser.sign_in(user["username"], PASSWORD).ok()
        question = admin.get(f"/users/{user['id']}/disable").ok()
        assert "Dora" in question.text
        question.form("csrf", action="/disable").submit().ok()
        assert owner.user(user["id"])["status"] == "disabled"
        assert browser.get("/account").path == "/sign-in", "out at once"
    admin.get(f"/users/{user['id']}").ok().form("csrf", action="/enable").submit().ok()
    assert owner.user(user["id"])["status"] == "active"


def test_a_user_is_deleted_after_a_question(admin, owner, server):
    user = owner.create_user(name="Ella Quist", password=PASSWORD)
    with server.sign_in(user["username"], PASSWORD) as api:
        question = admin.get(f"/users/{user['id']}/delete").ok()
        assert "Ella Quist" in question.text and user["username"] in question.text
        assert re.search(r"\b1 (open )?session\b", question.text), question.text
        assert owner.user(user["id"]), "asking deletes nothing"
        page = question.form("csrf", action="/delete").submit().ok()
        assert page.path == "/users"
        assert owner.get(f"/users/{user['id']}").status_code == 404
        assert api.get("/me").status_code == 401
        assert api.sign_in(user["username"], PASSWORD).status_code == 401
    assert admin.get(f"/users/{user['id']}").status == 404
    assert admin.get(f"/users/{user['id']}/delete").status == 404


def test_the_last_owner_stays(admin, owner):
    me = owner.get("/me").json()["id"]
    for action in ("delete", "disable"):
        page = admin.get(f"/users/{me}/{action}").ok().form("csrf", action=f"/{action}").submit()
        assert page.status == 409 and "owner" in page.text.lower()
    assert owner.get("/me").status_code == 200


def test_locked_users_are_unlocked(admin, owner, server):
    user = owner.create_user(password=PASSWORD)
    with server.api(address="127.0.4.4") as api:
        while api.sign_in(user["username"], "not the right one at all").status_code != 429:
            pass
        admin.get(f"/users/{user['id']}").ok().form("csrf", action="/unlock").submit().ok()
        assert api.sign_in(user["username"], PASSWORD).status_code == 201


def test_sessions_are_shown_and_ended(admin, owner, server):
    user = owner.create_user(password=PASSWORD)
    with server.sign_in(user["username"], PASSWORD) as one, server.sign_in(user["username"], PASSWORD) as other:
        page = admin.get(f"/users/{user['id']}").ok()
        first = one.get("/sessions/current").json()["id"]
        page.form("csrf", action=f"/sessions/{first}/end").submit().ok()
        assert one.get("/me").status_code == 401 and other.get("/me").status_code == 200
        admin.get(f"/users/{user['id']}/sessions/end").ok().form("csrf", action="/sessions/end").submit().ok()
        assert other.get("/me").status_code == 401


def bulk(admin, users: list[dict], button: str):
    page = admin.get("/users?q=" + users[0]["name"].split()[0]).ok()
    form = page.form("ids[]", button=button)
    return form.submit({"ids[]": [user["id"] for user in users]}, button=button)


def test_many_at_once(admin, owner):
    word = unique("Bulk").replace("-", "")
    users = [owner.create_user(name=f"{word} Person {number}") for number in range(3)]
    question = bulk(admin, users, "Disable").ok()
    for user in users:
        assert user["username"] in question.text
    question.form("csrf", action="/users/bulk").submit().ok()
    assert {owner.user(user["id"])["status"] for user in users} == {"disabled"}
    bulk(admin, users, "Enable").ok().form("csrf", action="/users/bulk").submit().ok()
    assert {owner.user(user["id"])["status"] for user in users} == {"invited"}

    question = bulk(admin, users, "Delete").ok()
    form = question.form("csrf", "confirm", action="/users/bulk")
    assert form.submit({"confirm": "something else"}).status == 422
    assert len(owner.all("/users", q=word)) == 3
    control = form.control("confirm")
    label = next(
        element for element in question.root.all("label") if element.attributes.get("for") == control.attributes.get("id")
    )
    typed = re.findall(r"[\w-]+", label.text)
    assert any(form.submit({"confirm": word}).status == 200 for word in reversed(typed)), label.text
    assert owner.all("/users", q=word) == []


def test_many_at_once_spares_the_last_owner(admin, owner):
    me, user = owner.get("/me").json(), owner.create_user(name="Olivia Bulk")
    question = bulk(admin, [{**me, "name": "Olivia"}, user], "Disable").ok()
    page = question.form("csrf", action="/users/bulk").submit()
    assert page.status in (200, 409) and "owner" in page.text.lower()
    assert owner.user(user["id"])["status"] == "disabled" and owner.get("/me").status_code == 200


# The list


def test_the_list_is_searched_sorted_and_paged_by_its_address(admin, owner):
    word = unique("Listed").replace("-", "")
    users = [owner.create_user(name=f"{word} {number:02}") for number in range(30)]
    page = admin.get(f"/users?q={word}").ok()
    assert "30" in page.text and f"{word} 00" in page.text
    shown = [link for link in page.links("/users/") if re.search(r"/users/[0-9a-f-]{36}$", link)]
    assert len(set(shown)) == 25
    following = [element for element in page.root.all("a") if element.attributes.get("rel") == "next" or "after=" in element.attributes.get("href", "")]
    assert following, "a link to the next page"
    second = admin.get(following[-1].attributes["href"]).ok()
    assert f"{word} 29" in second.text and f"{word} 00" not in second.text
    ordered = admin.get(f"/users?q={word}&sort=-name").ok()
    assert ordered.text.index(f"{word} 29") < ordered.text.index(f"{word} 28")
    owner.post(f"/users/{users[7]['id']}/disable")
    filtered = admin.get(f"/users?q={word}&status=disabled").ok()
    assert f"{word} 07" in filtered.text and f"{word} 08" not in filtered.text
    nothing = admin.get("/users?q=nobodyatallhasthisname").ok()
    assert "nobodyatallhasthisname" in nothing.text
    search = admin.get("/users").ok().form("q")
    assert search.method == "get"
    assert f"{word} 07" in search.submit({"q": word}).ok().text


@pytest.mark.parametrize("query", ["status=nope", "sort=nope", "after=nope", "q=%00", "q=%ff", "status=active&status=disabled"])
def test_bad_addresses_meet_a_page(admin, query):
    page = admin.get("/users?" + query)
    assert page.status == 400 and page.root.all("h1")


@pytest.mark.parametrize("path", ["/nope", "/users/nobody", "/users/0190f3c2-7d1e-7abc-8def-0123456789ab", "/audit/x", "/users/%ff"])
def test_what_is_not_there_meets_a_page(admin, path):
    page = admin.get(path)
    assert page.status == 404 and page.root.all("h1") and f"{admin.url}/" in page.links()
    assert page.response.headers["x-request-id"] in page.response.text


# Forged forms


def forged(form, **more):
    return [(name, more.get(name, value)) for name, value in form.pairs()]


def test_forged_forms_are_refused(admin, owner, server):
    user = owner.create_user(name="Target")
    form = admin.get(f"/users/{user['id']}/delete").ok().form("csrf", action="/delete")
    with Browser(server.url) as other:
        other.sign_in(OWNER, OWNER_PASSWORD)
        foreign = other.get(f"/users/{user['id']}/delete").ok().form("csrf", action="/delete").control("csrf").attributes["value"]
        anonymous = Browser(server.url).get("/sign-in").form("username").control("csrf").attributes["value"]
    own = form.control("csrf").attributes["value"]
    assert own != foreign
    for token in ("", "wrong", foreign, anonymous, own[:-1], own + "A"):
        assert admin.send("post", form.action, [("csrf", token)]).status == 403, token
    assert admin.send("post", form.action, []).status == 403
    for headers in (
        {"Origin": "https://evil.example"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"}, {"Origin": f"http://127.0.0.1.evil.example:{server.port}"},
        {"Origin": f"http://127.0.0.1:{server.port + 1}"},
    ):  # fmt: skip
        assert admin.send("post", form.action, form.pairs(), headers=headers).status == 403, headers
    assert owner.user(user["id"])["name"] == "Target"
    assert admin.send("get", form.action, form.pairs()).status in (200, 400), "reading deletes nothing"
    assert owner.user(user["id"])["name"] == "Target"
    assert form.submit().status == 200
    assert owner.get(f"/users/{user['id']}").status_code == 404


def test_every_posting_form_has_its_token(admin, owner, visitor):
    user = owner.create_user(password=PASSWORD)
    paths = ["/", "/users", "/users/new", "/audit", "/account"]
    paths += [f"/users/{user['id']}" + end for end in ("", "/edit", "/password", "/delete", "/disable")]
    seen = 0
    for browser, some in ((admin, paths), (visitor, ["/sign-in"])):
        for path in some:
            for form in browser.get(path).ok().forms:
                if form.method == "post":
                    assert len(form.control("csrf").attributes["value"]) >= 43, (path, form.path)
                    seen += 1
                else:
                    assert "csrf" not in form.names, "a token does not belong into an address"
    assert seen > 10


def test_forged_sign_ins_are_refused(visitor, server):
    values = [("username", OWNER), ("password", OWNER_PASSWORD)]
    assert visitor.send("post", server.url + "/sign-in", values).status == 403
    form = visitor.get("/sign-in").ok().form("username", "password")
    pairs = form.filled({"username": OWNER, "password": OWNER_PASSWORD})
    assert visitor.send("post", form.action, pairs, headers={"Origin": "https://evil.example"}).status == 403
    visitor.client.cookies.clear()
    assert visitor.send("post", form.action, pairs).status == 403, "the token belongs to a cookie"


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"csrf=a&csrf=b", "application/x-www-form-urlencoded"), (b"username=%ff&csrf=a", "application/x-www-form-urlencoded"),
        (b"username=%zz&csrf=a", "application/x-www-form-urlencoded"), (b"username=%00&csrf=a", "application/x-www-form-urlencoded"),
        (b'{"csrf":"a"}', "application/json"), (b"csrf=a", "text/plain"), (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"a=1&" * 400 + b"csrf=a", "application/x-www-form-urlencoded"), (b"name=" + b"x" * 2_000_000, "application/x-www-form-urlencoded"),
    ],
)  # fmt: skip
def test_bad_forms_meet_a_page(admin, body, media):
    response = admin.client.post("/users", content=body, headers={"Content-Type": media})
    assert response.status_code in (400, 403, 413, 415), response.status_code
    assert response.headers["content-type"].startswith("text/html")


# Hostile names


HOSTILE = [
    '"', '"\u0301', "'\u0301", "<\u0301script>alert(1)</script>", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)", '"\u0338 autofocus onfocus=alert(1) x="', "</title><script>alert(1)</script>", "&lt;b&gt; &amp;",
    "</textarea><svg onload=alert(1)>", "javascript:alert(1)", "{{7*7}} ${7*7} <%= 7 %>", "`onclick=alert(1)`", "--><script>1</script>",
    "\u2028</script><script>alert(1)</script>", '&quot onerror=x', "<\u20ddb>", "=\u0338\"", ">\u0338",
]  # fmt: skip


def handlers(page) -> list:
    found = []
    for element in page.root.walk():
        names = [name for name in element.attributes if name.startswith("on") or name == "style"]
        hrefs = [element.attributes.get(name, "") for name in ("href", "src", "action", "formaction")]
        if names or any(re.match(r"\s*(javascript|data|vbscript):", href, re.I) for href in hrefs):
            found.append((element.tag, element.attributes))
        if element.tag == "script" and (element.text or not element.attributes.get("src", "").startswith("/")):
            found.append((element.tag, element.text[:100]))
        if element.tag in ("style", "object", "embed", "base", "iframe"):
            found.append((element.tag, element.attributes))
        if element.tag == "img" and element.attributes.get("src") == "x":
            found.append((element.tag, element.attributes))
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(admin, owner, name):
    word = unique("xss").replace("-", "")
    shown = f"{word} {name}"
    response = owner.post("/users", json={"username": word, "name": shown, "attributes": {"note": name}})
    if response.status_code == 422:
        pytest.skip("such a name is refused")
    user = response.json()
    for path in (f"/users?q={word}", f"/users/{user['id']}", f"/users/{user['id']}/edit", f"/users/{user['id']}/delete", "/audit"):
        page = admin.get(path).ok()
        assert handlers(page) == [], path
        if path != "/audit":
            flat = re.sub(r"\s+", " ", shown.replace("\u2028", " ")).strip()
            everything = page.text.replace("\u2028", " ") + " ".join(
                value.replace("\u2028", " ") for element in page.root.walk() for value in element.attributes.values()
            )
            assert flat in re.sub(r"\s+", " ", everything), path
    form = admin.get(f"/users/{user['id']}/edit").ok().form("name", "email")
    assert form.control("name").attributes["value"] == shown
    form.submit().ok()
    assert owner.user(user["id"])["name"] == shown, "saving without a change changes nothing"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_input_stays_text(admin, visitor, text):
    for browser, path, name in ((admin, "/users", "q"), (admin, "/audit", "q"), (visitor, "/sign-in", "next")):
        page = browser.get(path, params={name: text})
        assert page.status in (200, 400) and handlers(page) == [], path
    page = visitor.sign_in(text, "a wrong password " + text)
    assert page.status in (400, 401, 422, 429) and handlers(page) == []
    if page.status == 401:
        assert page.form("username", "password").control("username").attributes["value"] == text
    page = admin.get("/users/new").ok().form("username").submit({"username": text, "name": text, "email": text})
    assert page.status in (400, 422) and handlers(page) == []


# What every page is


PAGES = ["/", "/users", "/users/new", "/audit", "/account", "/users?q=zzz", "/nope"]


def pages(admin, owner, visitor):
    user = owner.create_user(name="Paged", password=PASSWORD)
    for path in PAGES + [f"/users/{user['id']}" + end for end in ("", "/edit", "/password", "/delete", "/disable")]:
        yield admin.get(path)
    yield visitor.get("/sign-in")


def directives(page) -> dict[str, str]:
    policy = page.response.headers["content-security-policy"]
    found = {}
    for directive in policy.split(";"):
        name, _, value = directive.strip().partition(" ")
        assert name not in found
        found[name] = value
    return found


def test_pages_carry_their_headers(admin, owner, visitor):
    for page in pages(admin, owner, visitor):
        headers = page.response.headers
        assert headers["content-type"].lower() == "text/html; charset=utf-8"
        policy = directives(page)
        assert policy["frame-ancestors"] == "'none'" and policy["default-src"] in ("'none'", "'self'")
        assert policy["form-action"] == "'self'" and policy["base-uri"] in ("'none'", "'self'")
        assert "unsafe" not in headers["content-security-policy"] and "*" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and "no-store" in headers["cache-control"]
        assert headers["referrer-policy"] in ("no-referrer", "same-origin", "strict-origin")


def test_pages_are_sound_html(admin, owner, visitor):
    for page in pages(admin, owner, visitor):
        assert page.response.text.lstrip().lower().startswith("<!doctype html>")
        html = page.root.all("html")[0]
        assert html.attributes.get("lang")
        assert page.title and len(page.root.all("h1")) == 1, page.url
        ids = [element.attributes["id"] for element in page.root.walk() if element.attributes.get("id")]
        assert len(ids) == len(set(ids)), (page.url, sorted(each for each in ids if ids.count(each) > 1))
        for element in page.root.walk():
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                for target in element.attributes.get(name, "").split():
                    assert target in ids, (page.url, element.tag, name, target)
        labelled = {element.attributes.get("for") for element in page.root.all("label")}
        for control in page.root.all("input", "select", "textarea"):
            if control.attributes.get("type") in ("hidden", "submit", "button") or "hidden" in control.attributes:
                continue
            assert (
                control.attributes.get("id") in labelled or control.inside("label") or control.attributes.get("aria-label")
                or control.attributes.get("aria-labelledby")
            ), (page.url, control.attributes)  # fmt: skip
        assert handlers(page) == []


def test_pages_are_light(admin, owner, visitor):
    for number in range(25):
        owner.create_user(name=f"Weight {number}", email=f"weight{number}@example.org")
    fetched = {}
    for page in pages(admin, owner, visitor):
        total = len(page.response.content)
        for element in page.root.walk():
            address = element.attributes.get("src") or (element.attributes.get("href") if element.tag == "link" else None)
            if not address:
                continue
            if address not in fetched:
                asset = admin.client.get(urljoin(page.url, address))
                assert asset.status_code == 200, address
                assert asset.headers["x-content-type-options"] == "nosniff"
                # What goes over the wire: style and script are sent compressed.
                fetched[address] = int(asset.headers["content-length"])
            total += fetched[address]
        assert total < 60 * 1024, f"{page.url}: {total} bytes with style and script {fetched}"


def test_assets_are_kept_by_the_browser(admin):
    page = admin.get("/").ok()
    addresses = {element.attributes.get("href") or element.attributes.get("src") for element in page.root.all("link", "script")}
    for address in addresses:
        response = admin.client.get(urljoin(page.url, address))
        kept = response.headers.get("cache-control", "")
        assert "max-age" in kept or response.headers.get("etag"), (address, kept)
        if response.headers.get("etag"):
            again = admin.client.get(urljoin(page.url, address), headers={"If-None-Match": response.headers["etag"]})
            assert again.status_code == 304
    assert admin.client.get("/assets/../../etc/passwd").status_code in (303, 400, 404)


def test_all_links_of_the_console_work(admin, owner):
    owner.create_user(name="Linked")
    waiting, seen = ["/"], set()
    while waiting and len(seen) < 150:
        path = waiting.pop(0)
        # One page of each shape is enough.
        shape = re.sub(r"[0-9a-f-]{36}", "ID", path.split("?")[0]) + ("?" if "?" in path else "")
        if shape in seen:
            continue
        seen.add(shape)
        page = admin.get(path)
        assert page.status == 200, f"{page.status} {path}"
        for link in page.links():
            parts = urlsplit(link)
            if f"{parts.scheme}://{parts.netloc}" == admin.origin:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
            else:
                assert "noreferrer" in str(page.response.headers.get("referrer-policy")) or parts.scheme in ("https", "mailto", ""), link
    assert {"/", "/users", "/audit", "/account"} <= seen


# The account and the record


def test_my_account(server, owner):
    user = owner.create_user(name="Me", password=PASSWORD)
    with Browser(server.url) as here, Browser(server.url) as there:
        here.sign_in(user["username"], PASSWORD).ok()
        there.sign_in(user["username"], PASSWORD).ok()
        page = here.get("/account").ok()
        page.form("name", "email").submit({"name": "Myself", "email": "me@example.org"}).ok()
        assert owner.user(user["id"])["name"] == "Myself"
        here.get("/account").ok().form(action="/end-others").submit().ok()
        assert there.get("/account").path == "/sign-in"
        there.sign_in(user["username"], PASSWORD).ok()
        form = here.get("/account").ok().form("currentPassword", "newPassword")
        again = next(name for name in form.names if "confirm" in name.lower())
        wrong = form.submit({"currentPassword": "not the right one at all", "newPassword": OTHER, again: OTHER})
        assert wrong.status in (401, 403, 422)
        form = wrong.form("currentPassword", "newPassword")
        form.submit({"currentPassword": PASSWORD, "newPassword": OTHER, again: OTHER}).ok()
        assert here.get("/account").ok().path == "/account"
        assert there.get("/account").path == "/sign-in", "a new password ends the other sessions"
        listed = here.get("/users").ok()
        assert user["username"] in listed.text and OWNER not in listed.text


def test_a_password_that_must_change(server, owner):
    user = owner.create_user(password=PASSWORD)
    owner.post(f"/users/{user['id']}/password", json={"password": OTHER, "mustChange": True})
    with Browser(server.url) as browser:
        page = browser.sign_in(user["username"], OTHER).ok()
        form = page.form("challenge", "newPassword")
        again = next(name for name in form.names if "confirm" in name.lower())
        assert browser.get("/account").path == "/sign-in"
        weak = form.submit({"newPassword": "short", again: "short"})
        assert weak.status == 422
        final = "three amber foxes leap high"
        done = weak.form("challenge", "newPassword").submit({"newPassword": final, again: final}).ok()
        assert done.path == "/"


def test_the_record_is_shown_and_verified(admin, owner):
    user = owner.create_user(name="Recorded")
    owner.patch(f"/users/{user['id']}", json={"name": "Rerecorded"})
    page = admin.get("/audit").ok()
    assert user["username"] in page.text or "Rerecorded" in page.text
    events = [link for link in page.links("/audit/") if re.search(r"/audit/[0-9a-f-]{36}$", link)]
    assert events
    alone = admin.get(urlsplit(events[0]).path).ok()
    assert "Rerecorded" in alone.text and "Recorded" in alone.text
    verify = admin.get("/audit/verify").ok()
    assert "intact" in verify.text.lower()


def test_the_dashboard_counts(admin, owner):
    owner.create_user(name="Counted")
    total = owner.get("/users", params={"limit": 1}).json()["page"]["total"]
    page = admin.get("/").ok()
    assert re.search(rf"\b{total:,}\b", page.text), page.text[:500]


def test_two_clicks_on_one_button_make_one_user(admin, owner):
    form = admin.get("/users/new").ok().form("username", "password")
    name, statuses, barrier = unique("clicked"), [], threading.Barrier(2)
    pairs = form.filled({"username": name})
    cookies = dict(admin.client.cookies)

    def click() -> None:
        with Browser(admin.url) as browser:
            for key, value in cookies.items():
                browser.client.cookies.set(key, value)
            barrier.wait()
            statuses.append(browser.send("post", form.action, pairs, follow=False).status)

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409], statuses
    only_user(owner, name)


