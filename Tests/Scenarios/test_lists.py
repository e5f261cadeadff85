"""Lists: filters, words, orders and cursors, checked against the same done in Python."""

import base64
from urllib.parse import quote

import pytest

from support.api import problem
from support.server import Server

PEOPLE = [
    ("ann", "Ann Berg", "ann@example.org"), ("anna.k", "Anna Karlsson", "anna.k@example.org"), ("Bert", "Bert Blom", None),
    ("bea", None, "bea@mail.example.com"), ("c_under", "100% Wool", "c@example.org"), ("cxunder", "Half Wool", None),
    ("dora", "Dora d'Arc", "dora@example.com"), ("ELLA", "Ella \"Q\" Quist", "ELLA@Example.org"), ("émile"[1:], "Émile Zola", None),
    ("fay", "Fay  Double", "fay+tag@example.org"), ("gil", "Ångström Gil", None), ("hugo", "hugo", "hugo@hugo.se"),
    ("ida", "Ida Back\\Slash", None), ("jon~", "Jón", None), ("k-1", "Key One", "k1@example.org"), ("k-10", "Key Ten", None),
    ("k-2", "Key Two", None), ("lee@corp", "Lee", "lee@corp.example"), ("z.last", "Zoe Last", "zoe@example.org"),
]  # fmt: skip


@pytest.fixture(scope="module")
def server():
    """Nobody but the owner and the people above."""
    with Server() as running:
        running.start()
        running.set_up(name="Olivia Owner", email="olivia@example.org")
        with running.sign_in() as owner:
            for username, name, email in PEOPLE:
                body = {"username": username, "email": email, "name": name}
                owner.create_user(**{key: value for key, value in body.items() if value is not None})
            disabled = owner.all("/users", filter='username sw "k-"')
            for user in disabled:
                assert owner.post(f"/users/{user['id']}/disable").status_code == 200
            ann = owner.all("/users", filter='username eq "ann"')[0]
            owner.patch(f"/users/{ann['id']}", json={"emailVerified": True})
        yield running


@pytest.fixture
def everybody(owner):
    users = owner.all("/users", limit=1000)
    assert len(users) >= len(PEOPLE) + 1
    return users


def low(value) -> str:
    return (value or "").lower()


FILTERS = {
    'username eq "ann"': lambda u: low(u["username"]) == "ann",
    'username eq "ANN"': lambda u: low(u["username"]) == "ann",
    'userName eq "ann"': lambda u: low(u["username"]) == "ann",
    'username ne "ann"': lambda u: low(u["username"]) != "ann",
    'username sw "an"': lambda u: low(u["username"]).startswith("an"),
    'username ew ".k"': lambda u: low(u["username"]).endswith(".k"),
    'username co "n"': lambda u: "n" in low(u["username"]),
    'username co "_"': lambda u: "_" in u["username"],
    'username sw "c_"': lambda u: low(u["username"]).startswith("c_"),
    'name co "%"': lambda u: "%" in (u["name"] or ""),
    'name co "\\\\"': lambda u: "\\" in (u["name"] or ""),
    'name co "\\"q\\""': lambda u: '"q"' in low(u["name"]),
    'name co "d\'arc"': lambda u: "d'arc" in low(u["name"]),
    'name sw "å"': lambda u: low(u["name"]).startswith("å"),
    'name sw "\\u00e9"': lambda u: low(u["name"]).startswith("é"),
    'name sw ""': lambda u: u["name"] is not None,
    'email ew "@example.org"': lambda u: low(u["email"]).endswith("@example.org"),
    'username gt "k"': lambda u: low(u["username"]) > "k",
    'username ge "k-10" and username lt "k-2"': lambda u: "k-10" <= low(u["username"]) < "k-2",
    "email pr": lambda u: u["email"] is not None,
    "not (email pr)": lambda u: u["email"] is None,
    "NOT (email PR)": lambda u: u["email"] is None,
    "lastSignInAt pr": lambda u: u["lastSignInAt"] is not None,
    "emailVerified eq true": lambda u: u["emailVerified"],
    "emailVerified eq false": lambda u: not u["emailVerified"],
    'status eq "disabled"': lambda u: u["status"] == "disabled",
    'status ne "disabled" and email pr': lambda u: u["status"] != "disabled" and u["email"] is not None,
    'store eq "builtin"': lambda u: True,
    'username eq "ann" or username eq "bea" and status eq "disabled"': lambda u: low(u["username"]) == "ann",
    '(username eq "ann" or username eq "bea") and status eq "invited"': lambda u: low(u["username"]) in ("ann", "bea"),
    'not (username eq "ann" or username sw "k")': lambda u: low(u["username"]) != "ann" and low(u["username"])[0] != "k",
    'not (not (username eq "ann"))': lambda u: low(u["username"]) == "ann",
    'createdAt gt "2020-01-01T00:00:00Z"': lambda u: True,
    'createdAt lt "2020-01-01T00:00:00Z"': lambda u: False,
    'createdAt gt "2020-01-01T00:00:00+02:00"': lambda u: True,
    '  username   eq   "ann"  ': lambda u: low(u["username"]) == "ann",
}


@pytest.mark.parametrize("text", FILTERS)
def test_filters(owner, everybody, text):
    found = {user["username"] for user in owner.all("/users", filter=text, limit=1000)}
    assert found == {user["username"] for user in everybody if FILTERS[text](user)}


def test_a_filter_by_id(owner, everybody):
    user = everybody[3]
    assert owner.all("/users", filter=f'id eq "{user["id"]}"') == [user]
    assert owner.all("/users", filter=f'id eq "{user["id"].upper()}"') in ([user], [])
    assert owner.all("/users", filter='id eq "nobody"') == []


@pytest.mark.parametrize(
    "text",
    [
        "username", "username eq", 'eq "ann"', 'username xx "a"', 'nope eq "a"', 'password eq "a"', 'passwordHash sw "a"',
        'username eq "a" and', 'and username eq "a"', '(username eq "a"', 'username eq "a")', "username eq 'a'", "username eq ann",
        'username eq "a', 'username eq "a" username eq "b"', 'not username eq "a"', "emailVerified gt true",
        'emailVerified eq "yes"', 'createdAt gt "yesterday"', "createdAt gt 5", 'username[type eq "x"]', 'username eq "\\q"',
        'username eq "\\ud800"', "()", "(" * 500 + 'username eq "a"' + ")" * 500, "not (" * 500 + "email pr" + ")" * 500,
        'username eq "a"\x00', "\x00", "username pr pr", 'username eq "a" or', "; DROP TABLE principal",
        " or ".join(['username eq "a"'] * 1500), "attributes.badge", "username eq null and",
    ],
)  # fmt: skip
def test_bad_filters(owner, text):
    response = owner.get("/users", params={"filter": text})
    if len(quote(text)) > 8000:
        assert response.status_code in (400, 414, 431), response.status_code
    else:
        problem(response, 400, "malformed")


def test_an_empty_filter_or_search_is_none_or_refused(owner, everybody):
    for name in ("filter", "q"):
        response = owner.get("/users", params={name: "", "limit": 1000})
        assert response.status_code in (200, 400)
        if response.status_code == 200:
            assert response.json()["page"]["total"] == len(everybody)


WORDS = {
    "ann": {"ann", "anna.k"}, "Ann Berg": {"ann"}, "be an": {"ann"}, "nn": set(), "berg ann": {"ann"}, "an ka": {"anna.k"},
    "hugo": {"hugo"}, "wool": {"c_under", "cxunder"}, "half wool": {"cxunder"}, "100%": {"c_under"},
    "%": set(), "_": set(), "c_": {"c_under"}, "zzz": set(), "ÉMILE": {"mile"}, "émi": {"mile"}, "ång": {"gil"},
    "  ann   berg  ": {"ann"}, "k-1": {"k-1", "k-10"}, "zoe": {"z.last"}, "lee": {"lee@corp"},
}  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_words(owner, words):
    found = {user["username"] for user in owner.all("/users", q=words, limit=1000)}
    assert found == WORDS[words], words


def test_words_and_a_filter_together(owner):
    found = owner.all("/users", q="key", filter='username ew "0"')
    assert [user["username"] for user in found] == ["k-10"]


def test_a_search_finds_what_was_changed_and_not_what_was(owner):
    user = owner.create_user("mover", name="Before Name", email="before@example.org")
    path = f"/users/{user['id']}"
    try:
        owner.patch(path, json={"name": "After Name", "email": "after@example.org"})
        assert owner.all("/users", q="before") == []
        assert [each["id"] for each in owner.all("/users", q="after")] == [user["id"]]
        owner.patch(path, json={"name": None})
        assert [each["id"] for each in owner.all("/users", q="after")] == [user["id"]]
        owner.patch(path, json={"email": None})
        assert owner.all("/users", q="after") == []
    finally:
        owner.delete(path)
    assert owner.all("/users", q="mover") == []


# Orders


@pytest.mark.parametrize("field", ["username", "name", "email", "status", "createdAt", "updatedAt", "lastSignInAt"])
def test_every_order_holds_and_turns_around(owner, everybody, field):
    up = owner.all("/users", sort=field, limit=1000)
    down = owner.all("/users", sort="-" + field, limit=1000)
    assert sorted(user["id"] for user in up) == sorted(user["id"] for user in everybody)
    assert sorted(user["id"] for user in down) == sorted(user["id"] for user in everybody)

    def keys(users):
        return [user[field] if field.endswith("At") else low(user[field]) for user in users if user[field] is not None]

    if field in ("username", "email", "status") or field.endswith("At"):
        assert keys(up) == sorted(keys(up))
        assert keys(down) == sorted(keys(down), reverse=True)
    # People without a value stand together at one end.
    marks = [user[field] is None for user in up]
    assert marks == sorted(marks) or marks == sorted(marks, reverse=True)


def test_the_default_order_is_by_user_name(owner, everybody):
    names = [low(user["username"]) for user in everybody]
    assert names == sorted(names)


def test_a_second_field_decides_between_equals(owner):
    users = owner.all("/users", sort="status,-username", limit=1000)
    expected = sorted(users, key=lambda user: low(user["username"]), reverse=True)
    expected.sort(key=lambda user: user["status"])
    assert [user["username"] for user in users] == [user["username"] for user in expected]


@pytest.mark.parametrize("sort", ["nope", "password", "-", ",", "username,", "--username", "username desc", "attributes", "username;x"])
def test_bad_orders(owner, sort):
    problem(owner.get("/users", params={"sort": sort}), 400, "malformed")


# Pages


@pytest.mark.parametrize("sort", ["username", "-username", "name", "-email", "lastSignInAt", "-lastSignInAt", "status,-name", "-createdAt"])
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_forwards_and_backwards(owner, sort, limit):
    whole = owner.get("/users", params={"sort": sort, "limit": 1000}).json()
    assert whole["page"]["nextCursor"] is None and whole["page"]["previousCursor"] is None
    ids = [user["id"] for user in whole["items"]]
    pages, cursor = [], None
    while True:
        params = {"sort": sort, "limit": limit, **({"after": cursor} if cursor else {})}
        body = owner.get("/users", params=params).json()
        page = body["page"]
        assert page["limit"] == limit
        assert page["total"] in (len(ids), None) and page["position"] in (sum(len(each) for each in pages), None)
        pages.append([user["id"] for user in body["items"]])
        assert len(pages) <= len(ids), "the cursors go in a circle"
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert [each for page in pages for each in page] == ids
    for expected in reversed(pages[:-1]):
        cursor = body["page"]["previousCursor"]
        assert cursor is not None
        body = owner.get("/users", params={"sort": sort, "limit": limit, "after": cursor}).json()
        assert [user["id"] for user in body["items"]] == expected
    assert body["page"]["previousCursor"] is None
    # And forwards again from where going back ended.
    cursor = body["page"]["nextCursor"]
    body = owner.get("/users", params={"sort": sort, "limit": limit, "after": cursor}).json()
    assert [user["id"] for user in body["items"]] == pages[1]


def test_pages_of_a_filtered_list(owner, everybody):
    params = {"filter": 'email ew "@example.org"', "limit": 2}
    found = owner.all("/users", **params)
    assert {user["id"] for user in found} == {user["id"] for user in everybody if low(user["email"]).endswith("@example.org")}
    assert owner.get("/users", params=params).json()["page"]["total"] in (len(found), None)


def test_pages_go_on_when_the_mark_is_deleted(owner):
    people = [owner.create_user(f"page-mark-{number}") for number in range(6)]
    try:
        params = {"q": "page-mark", "limit": 3}
        first = owner.get("/users", params=params).json()
        assert [user["username"] for user in first["items"]] == [user["username"] for user in people[:3]]
        owner.delete(f"/users/{people[2]['id']}")
        owner.delete(f"/users/{people[3]['id']}")
        body = owner.get("/users", params={**params, "after": first["page"]["nextCursor"]}).json()
        assert [user["username"] for user in body["items"]] == [user["username"] for user in people[4:]]
    finally:
        for user in people:
            owner.delete(f"/users/{user['id']}")


@pytest.fixture(scope="module")
def cursor(owner):
    return owner.get("/users", params={"limit": 3}).json()["page"]["nextCursor"]


def test_a_cursor_belongs_to_its_list(owner, cursor, powerless):
    def after(api, path="/users", **params):
        return api.get(path, params={"limit": 3, "after": cursor, **params})

    assert after(owner).status_code == 200
    problem(after(owner, sort="-username"), 400, "malformed")
    problem(after(owner, sort="name"), 400, "malformed")
    problem(after(owner, filter="email pr"), 400, "malformed")
    problem(after(owner, q="a"), 400, "malformed")
    problem(after(owner, path="/audit-events"), 400, "malformed")
    problem(after(powerless), 400, "malformed")


def test_a_tampered_cursor_is_refused(owner, cursor):
    tampered = {cursor[:-1], cursor + "A", cursor[1:], "x", "null", "A" * 64, "A" * 5000, "%00", "é"}
    for place in range(0, len(cursor), 5):
        other = "A" if cursor[place] != "A" else "B"
        tampered.add(cursor[:place] + other + cursor[place + 1 :])
    tampered.add(base64.urlsafe_b64encode(b'{"username":"a","id":"b"}').decode())
    for text in tampered - {cursor}:
        problem(owner.get("/users", params={"limit": 3, "after": text}), 400, "malformed")


def test_a_cursor_needs_no_escaping(cursor):
    assert all(character.isalnum() or character in "-_.~" for character in cursor)


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "abc", "1e2", "", "1.5", " 5", "99999999999999999999", "0x10", "١"])
def test_bad_limits(owner, limit):
    problem(owner.get("/users", params={"limit": limit}), 400, "malformed")


def test_good_limits(owner, everybody):
    assert len(owner.get("/users", params={"limit": 1}).json()["items"]) == 1
    assert owner.get("/users", params={"limit": 1000}).json()["page"]["limit"] == 1000
    assert owner.get("/users").json()["page"]["limit"] == 50


@pytest.mark.parametrize("query", ["nope=1", "limit=1&limit=2", "filter=email+pr&filter=name+pr", "Limit=5", "q=%ff", "q=%zz", "q=%00"])
def test_bad_queries(owner, query):
    problem(owner.client.get("/api/v1/users?" + query), 400, "malformed")


# The audit list


def test_audit_events_are_listed_newest_first_and_paged(owner):
    whole = owner.all("/audit-events", limit=1000)
    times = [event["time"] for event in whole]
    assert times == sorted(times, reverse=True) and len(whole) > len(PEOPLE)
    paged = owner.all("/audit-events", limit=7)
    assert [event["id"] for event in paged][-len(whole) :] == [event["id"] for event in whole]
    oldest = owner.all("/audit-events", sort="time", limit=1000)
    assert [event["time"] for event in oldest] == sorted(event["time"] for event in oldest)


def test_audit_filters(owner, everybody):
    ann = next(user for user in everybody if user["username"] == "ann")
    events = owner.all("/audit-events", filter=f'target.id eq "{ann["id"]}"')
    assert events and all(event["target"]["id"] == ann["id"] for event in events)
    actions = {event["action"] for event in events}
    some = owner.all("/audit-events", filter=f'action eq "{events[0]["action"]}" and outcome eq "success"')
    assert some and {event["action"] for event in some} == {events[0]["action"]} and actions
    assert owner.all("/audit-events", filter='time lt "2020-01-01T00:00:00Z"') == []
    for text in ('changes eq "x"', 'nope pr', 'time gt "x"', "address"):
        problem(owner.get("/audit-events", params={"filter": text}), 400, "malformed")
