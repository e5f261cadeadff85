"""Every page of the console, and how to get there."""

from collections.abc import Callable
from dataclasses import dataclass, field

from decided import LEAD, MACHINE, OPERATOR, asking, decide, looked_at_catalog, opened_permission, previewed
from granted import grant
from playwright.sync_api import Page
from steps import ATTACKER, OTHER, PASSWORD, WRONG, populate
from support.api import Api, unique
from support.server import SETUP_TOKEN, Server

DEVICES = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
]

# Names that would do harm, or at least look broken, if a page were careless.
COMBINING = 'Quote "\u0301 onclick=x'
SCRIPT = "<script>document.title='gone'</script>"
TURNED = "\u202egnp.nimda"
HEBREW = "\u05e9\u05e8\u05d4 (\u05db\u05d4\u05df)"
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 4


@dataclass
class World:
    """A server with people, sessions and a history, and one that nobody has set up yet."""

    server: Server
    fresh: Server
    owner: Api
    somebody: Api
    users: dict[str, dict] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    must_change: str = ""

    def user(self, username: str) -> str:
        return f"/users/{self.users[username]['id']}"

    def filled(self, path: str) -> str:
        """The path with the ids of things in place of their names: `/groups/{plant}`."""
        for name, value in (self.ids | {name: user["id"] for name, user in self.users.items()}).items():
            path = path.replace("{" + name + "}", value)
        return path


def make_world(server: Server, fresh: Server, owner: Api) -> World:
    users = populate(server, owner, signed_in=("amara.okafor", "greta.holm", "mei.chen", "priya.raman"))
    for agent in DEVICES:
        server.sign_in("amara.okafor", PASSWORD, headers={"User-Agent": agent}).close()
        server.sign_in(headers={"User-Agent": agent}).close()
    with server.api(address=ATTACKER) as attacker:
        for name in ("amara.okafor", "administrator", SCRIPT, TURNED):
            attacker.sign_in(name, WRONG)
    owner.patch(f"/users/{users['greta.holm']['id']}", json={"name": "Greta Holm-Berg", "email": "greta.berg@example.org"})
    for username, name in (
        ("odd.combining", COMBINING), ("odd.script", SCRIPT), ("odd.hebrew", HEBREW), ("odd.long", LONG),
    ):  # fmt: skip
        users[username] = owner.create_user(username, name=name, email=f"{username}@example.org")
    users["attributed"] = owner.create_user(
        "attributed", name="Attila Attributed", password=PASSWORD,
        attributes={"department": "Research", "floor": 4, "sites": ["Lund", "Porto"], "onCall": True, "nickname": TURNED},
    )  # fmt: skip
    users["changing"] = owner.create_user("changing", password=PASSWORD)
    answer = owner.post(f"/users/{users['changing']['id']}/password", json={"password": OTHER, "mustChange": True})
    assert answer.status_code == 204, answer.text
    ids = grant(owner, users)
    decide(owner, users)
    somebody = server.sign_in("amara.okafor", PASSWORD)
    events = {event["action"]: event["id"] for event in owner.get("/audit-events?limit=200").json()["items"]}
    return World(server, fresh, owner, somebody, users, events, ids)


@dataclass(frozen=True)
class Place:
    name: str
    go: Callable[[Page, World], object]
    who: str = "owner"
    status: int = 200

    def __str__(self) -> str:
        return self.name


def at(path: str | Callable[[World], str]):
    """Straight to an address."""

    def go(page: Page, world: World):
        return page.goto(path if isinstance(path, str) else path(world))

    return go


def sending(path: str | Callable[[World], str], button: str, **fields: str):
    """To a form, which is filled in and sent; the answer is the page that is meant."""

    def go(page: Page, world: World):
        page.goto(path if isinstance(path, str) else path(world))
        for name, value in fields.items():
            page.locator(f"main [name={name}]:not([type=hidden])").fill(value)
        with page.expect_navigation() as answer:
            page.locator("main").get_by_role("button", name=button, exact=True).click()
        return answer.value

    return go


def on(path: str):
    """Straight to the address of something the world has: `/groups/{plant}`."""
    return at(lambda world: world.filled(path))


def bulk(action: str):
    def path(world: World) -> str:
        ids = "".join(f"&ids[]={world.users[name]['id']}" for name in ("bela.kovacs", "carmen.diaz", "mei.chen"))
        return f"/users/bulk?do={action}{ids}"

    return at(path)


def refused_in_part(page: Page, world: World):
    me = world.owner.get("/me").json()["id"]
    page.goto(f"/users/bulk?do=enable&ids[]={me}&ids[]={world.users['farid']['id']}")
    page.goto(f"/users/bulk?do=disable&ids[]={me}")
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Disable 1 user", exact=True).click()
    return answer.value


ROWS = """username,name,email,status,passwordHash,attributes.department
ida.imported,Ida Imported,ida@example.org,,$2b$06$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2,Research
ivo.imported,"Imported, Ivo",ivo@example.org,disabled,,"[""north"",""south""]"
amara.okafor,Amara Again,,,,
no good,Nobody,nowhere,,,
"""


def importing(rows: str, then: str | None = None):
    """To the page that says what would come of these rows, or, with a button to press, what did."""

    def go(page: Page, world: World):
        page.goto("/user-imports")
        # Names of each visit's own: a second visit would find the first one's taken.
        page.locator("main [name=text]").fill(rows.replace(".imported", "." + unique("imported")))
        with page.expect_navigation() as answer:
            page.get_by_role("button", name="Check the rows", exact=True).click()
        if then is not None:
            with page.expect_navigation() as answer:
                page.get_by_role("button", name=then, exact=True).click()
        return answer.value

    return go


PLACES = [
    Place("setup", lambda page, world: page.goto(f"{world.fresh.url}/setup?token={SETUP_TOKEN}"), who="nobody"),
    Place("setup-wrong-link", lambda page, world: page.goto(f"{world.fresh.url}/setup?token=old"), who="nobody"),
    Place(
        "setup-refused",
        lambda page, world: sending(
            f"{world.fresh.url}/setup?token={SETUP_TOKEN}", "Create the account and sign in", username="no good",
            email="nowhere", password="short", confirmPassword="short",
        )(page, world),
        who="nobody",
        status=422,
    ),  # fmt: skip
    Place("sign-in", at("/sign-in"), who="nobody"),
    Place("sign-in-refused", sending("/sign-in", "Sign in", username="nobody", password=WRONG), who="nobody", status=401),
    Place("signed-out", at("/sign-in?signed=out"), who="nobody"),
    Place("new-password", sending("/sign-in", "Sign in", username="changing", password=OTHER), who="nobody"),
    Place("home", at("/")),
    Place("home-of-somebody", at("/"), who="somebody"),
    Place("users", at("/users")),
    Place("users-page-2", lambda page, world: (page.goto("/users"), page.goto(page.locator("a[rel=next]").get_attribute("href")))[1]),
    Place("users-filtered", at("/users?q=example&status=disabled&sort=-lastSignInAt")),
    Place("users-none", at("/users?q=nobody-at-all")),
    Place("users-odd-names", at("/users?q=odd")),
    Place("user-create", at("/users/new")),
    Place(
        "user-create-refused",
        sending(
            "/users/new", "Create user", username="greta.holm", name="Greta Second", email="nowhere", password="short",
            confirmPassword="other",
        ),
        status=422,
    ),  # fmt: skip
    Place("user", at(lambda world: world.user("amara.okafor"))),
    Place("user-granted", at(lambda world: world.user("carmen.diaz"))),
    Place("user-changed", at(lambda world: world.user("greta.holm"))),
    Place("user-attributes", at(lambda world: world.user("attributed"))),
    Place("user-locked", at(lambda world: world.user("ines.marques"))),
    Place("user-disabled", at(lambda world: world.user("d.lindqvist"))),
    Place("user-invited", at(lambda world: world.user("farid"))),
    Place("user-long-name", at(lambda world: world.user("odd.long"))),
    Place("user-edit", at(lambda world: world.user("amara.okafor") + "/edit")),
    Place("user-password", at(lambda world: world.user("amara.okafor") + "/password")),
    Place("user-delete", at(lambda world: world.user("amara.okafor") + "/delete")),
    Place("user-disable", at(lambda world: world.user("amara.okafor") + "/disable")),
    Place("user-end-sessions", at(lambda world: world.user("amara.okafor") + "/sessions/end")),
    Place("bulk-disable", bulk("disable")),
    Place("bulk-delete", bulk("delete")),
    Place("bulk-refused", refused_in_part),
    Place("users-import", at("/user-imports")),
    Place("users-import-nothing", sending("/user-imports", "Check the rows"), status=422),
    Place("users-import-checked", importing(ROWS)),
    Place("users-import-no-rows", importing("shoe,size\n1,2\n")),
    Place("users-import-done", importing(ROWS, "Import 2 users")),
    Place("users-export", at("/user-exports")),
    Place("groups", at("/groups")),
    Place("groups-none", at("/groups?q=nothing-at-all")),
    Place("group-create", at("/groups/new")),
    Place("group-create-refused", sending("/groups/new", "Create group", name="plant-7", description="Again"), status=409),
    Place("group", on("/groups/{plant}")),
    Place("group-empty", on("/groups/{empty}")),
    Place("group-odd-name", on("/groups/{odd}")),
    Place("group-edit", on("/groups/{plant}/edit")),
    Place("group-delete", on("/groups/{operations}/delete")),
    Place("group-member-unknown", sending(lambda world: world.filled("/groups/{empty}"), "Add", principal="amar"), status=422),
    Place("groups-delete", on("/groups/bulk?ids[]={plant}&ids[]={operations}")),
    Place("group-join", on("/groups/join?principal=user:{greta.holm}")),
    Place("services", at("/services")),
    Place("services-none", at("/services?q=nothing-at-all&status=disabled")),
    Place("service-create", at("/services/new")),
    Place("service-create-refused", sending("/services/new", "Create service", name="01a1ff24-8afd-71ac-a787-66d8299e7385"), status=422),
    Place("service", on("/services/{service}")),
    Place("service-disabled", on("/services/{disabled-service}")),
    Place("service-edit", on("/services/{service}/edit")),
    Place("service-disable", on("/services/{service}/disable")),
    Place("service-delete", on("/services/{service}/delete")),
    Place("token-create", on("/services/{service}/tokens/new")),
    Place("token-created", sending(lambda world: world.filled("/services/{service}/tokens/new"), "Create token", name="shown")),
    Place("token-create-refused", sending(lambda world: world.filled("/services/{service}/tokens/new"), "Create token"), status=422),
    Place("token-delete", on("/services/{service}/tokens/{token}/delete")),
    Place("assignments", at("/role-assignments")),
    Place("assignments-filtered", on("/role-assignments?principal=user:{bela.kovacs}&scope=resources&state=current")),
    Place("assignments-of-nobody", at("/role-assignments?who=nobody-at-all")),
    Place("assignment", on("/role-assignments/{assigned}")),
    Place("assignment-create", on("/role-assignments/new?principal=user:{greta.holm}")),
    Place("assignment-create-refused", sending("/role-assignments/new", "Give the role", principal="nobody"), status=422),
    Place("assignment-edit", on("/role-assignments/{narrow}/edit")),
    Place("assignment-delete", on("/role-assignments/{by-group}/delete")),
    Place("authorizations", at("/authorizations")),
    Place("authorization", on("/authorizations/{authorized}")),
    Place("authorization-create", on("/authorizations/new?principal=group:{plant}")),
    Place("authorization-create-refused", sending("/authorizations/new", "Permit it", principal="amar"), status=422),
    Place("authorization-edit", on("/authorizations/{authorized}/edit")),
    Place("authorization-delete", on("/authorizations/{authorized}/delete")),
    Place("audit", at("/audit")),
    Place("audit-filtered", at("/audit?action=session.refused&outcome=failure&since=day")),
    Place("audit-none", at("/audit?actor=nobody-at-all")),
    Place("audit-event", at(lambda world: "/audit/" + world.events["user.update"])),
    Place("audit-event-refused", at(lambda world: "/audit/" + world.events["session.refused"])),
    Place("audit-verify", at("/audit/verify")),
    Place("audit-verify-unreadable", at("/audit/verify?head=1:0000"), status=400),
    Place("audit-verify-broken", at(lambda world: f"/audit/verify?head=2:{'0' * 64}")),
    Place("account", at("/account"), who="somebody"),
    Place("search", at("/search?q=a")),
    Place("roles", at("/roles")),
    Place("roles-none", at("/roles?q=nothing-at-all&kind=own")),
    Place("role", at(f"/roles/{LEAD}")),
    Place("role-built-in", at("/roles/owner")),
    Place("role-create", at("/roles/new")),
    Place("role-create-refused", sending("/roles/new", "Create role", id="no good"), status=422),
    Place("role-edit", at(f"/roles/{LEAD}/edit")),
    Place("role-edit-open", opened_permission),
    Place("role-preview", previewed),
    Place("role-delete", at(f"/roles/{OPERATOR}/delete")),
    Place("permissions", at("/permissions")),
    Place("permissions-of-role", at(f"/permissions?role={OPERATOR}")),
    Place("permissions-of-nobody", at("/permissions?kind=user&who=nobody-at-all"), status=422),
    Place("explorer", at("/explorer")),
    Place("explorer-allowed", at(asking("view", "press-2&properties=level%3D2", MACHINE, "mei.chen"))),
    Place("explorer-denied", at(asking("publish", "plant/7/press"))),
    Place("explorer-forbidden", at(asking("GET", "/shutdown", "http-endpoint"))),
    Place("explorer-refused", at(asking("eat", "plant/7/press", who="greta.hol")), status=422),
    Place("explorer-change", at(asking("publish", "plant/7/press", page="explorer/change"))),
    Place("explorer-who", at(asking("subscribe", "plant/7/press", page="explorer/who"))),
    Place("explorer-what", at("/explorer/what?kind=user&who=mei.chen")),
    Place("explorer-of-somebody", at(asking("subscribe", "plant/7/press", who="amara.okafor")), who="somebody"),
    Place("resource-types", at("/resource-types")),
    Place("resource-type", at(f"/resource-types/{MACHINE}")),
    Place("resource-type-create-refused", sending("/resource-types/new", "Create resource type", id="No", actions="run\nrun"), status=422),
    Place("resource-type-edit", at(f"/resource-types/{MACHINE}/edit")),
    Place("resource-type-delete", at(f"/resource-types/{MACHINE}/delete")),
    Place("catalogs", at("/catalogs")),
    Place("catalog-checked", looked_at_catalog),
    Place("search-groups", at("/search?q=plant")),
    Place("search-none", at("/search?q=zzzz")),
    Place("help", at("/help")),
    Place("api", at("/help/api")),
    Place("api-users", at("/help/api?tag=Users")),
    Place("parts", at("/help/parts")),
    Place("not-found", at("/nowhere"), status=404),
    Place("forbidden", at("/users/new"), who="somebody", status=403),
]
