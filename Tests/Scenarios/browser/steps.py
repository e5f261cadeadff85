"""What people do in the console, in their words, and whom the tests make up."""

from urllib.parse import urlsplit

from support.api import Api
from support.server import OWNER, OWNER_PASSWORD, Server

PASSWORD = "nine copper kettles whistle"
OTHER = "eleven violet lanterns hum"
WRONG = "not the right one at all"
COOKIE = "gatehouse-main-plain"

# Somebody else's address, so that wrong guesses throttle nobody but the account they are meant for.
ATTACKER = "127.0.9.9"

# Plausible people: user name, name, e-mail, what became of them.
PEOPLE = [
    ("amara.okafor", "Amara Okafor", "amara.okafor@example.org", "active"),
    ("bela.kovacs", "Béla Kovács", "bela.kovacs@example.org", "active"),
    ("carmen.diaz", "Carmen Díaz", "carmen.diaz@example.org", "active"),
    ("d.lindqvist", "Dag Lindqvist", "dag.lindqvist@example.org", "disabled"),
    ("elif.yildiz", "Elif Yıldız", "elif.yildiz@example.org", "active"),
    ("farid", "Farid Haddad", "farid.haddad@partner.example", "invited"),
    ("greta.holm", "Greta Holm", "greta.holm@example.org", "active"),
    ("hiroshi.tanaka", "Hiroshi Tanaka", "h.tanaka@example.org", "active"),
    ("ines.marques", "Inês Marques", "ines.marques@example.org", "locked"),
    ("jonas.weber", "Jonas Weber", "jonas.weber@example.org", "active"),
    ("kateryna.bondar", "Kateryna Bondar", "kateryna.bondar@example.org", "active"),
    ("liam.obrien", "Liam O'Brien", "liam.obrien@example.org", "active"),
    ("mei.chen", "Mei Chen", "mei.chen@example.org", "active"),
    ("nadia.rossi", "Nadia Rossi", "nadia.rossi@example.org", "disabled"),
    ("oscar.nilsen", "Oscar Nilsen", None, "active"),
    ("priya.raman", "Priya Raman", "priya.raman@example.org", "active"),
    ("quentin.moreau", "Quentin Moreau", "quentin.moreau@partner.example", "invited"),
    ("rosa.jimenez", "Rosa Jiménez", "rosa.jimenez@example.org", "active"),
    ("sofia.papadaki", "Sofia Papadaki", "sofia.papadaki@example.org", "active"),
    ("thandiwe.nkosi", "Thandiwe Nkosi", "thandiwe.nkosi@example.org", "active"),
    ("umar.farooq", "Umar Farooq", "umar.farooq@example.org", "active"),
    ("vera.novak", "Věra Nováková", "vera.novakova@example.org", "active"),
    ("william.ashe", "William Ashe", "william.ashe@example.org", "invited"),
    ("yusuf.demir", "Yusuf Demir", "yusuf.demir@example.org", "active"),
    ("zofia.wojcik", "Zofia Wójcik", "zofia.wojcik@example.org", "active"),
]


def populate(server: Server, owner: Api, signed_in: tuple[str, ...] = ()) -> dict[str, dict]:
    """Makes `PEOPLE`; the named ones have signed in."""
    made = {}
    for username, name, email, state in PEOPLE:
        more = {} if email is None else {"email": email}
        if state != "invited":
            more["password"] = PASSWORD
        made[username] = owner.create_user(username, name=name, **more)
        if username in signed_in:
            server.sign_in(username, PASSWORD).close()
        if state == "disabled":
            assert owner.post(f"/users/{made[username]['id']}/disable").status_code == 200
        if state == "locked":
            lock(server, username)
    return made


def lock(server: Server, username: str) -> None:
    """Guesses wrongly until the account is held back."""
    with server.api(address=ATTACKER) as attacker:
        for _ in range(25):
            if attacker.sign_in(username, WRONG).status_code == 429:
                return
    raise AssertionError(f"{username} was not locked")


def can_sign_in(server: Server, username: str, password: str) -> bool:
    with server.api() as api:
        status = api.sign_in(username, password).status_code
        assert status in (201, 401), status
        return status == 201


def sign_in(page, username: str = OWNER, password: str = OWNER_PASSWORD, at: str = "/sign-in"):
    """Through the page itself."""
    page.goto(at)
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    return page


def carry(page, server: Server, token: str) -> None:
    """Gives a page's browser the session of `token`, where signing in is not what is tested."""
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": server.url, "httpOnly": True, "sameSite": "Lax"}])


def path(page) -> str:
    """Where the page is, with its query."""
    parts = urlsplit(page.url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def toast(page):
    return page.locator("[data-toast]")


def names_in_list(page) -> list[str]:
    """The names of a list, top to bottom."""
    return [text.strip() for text in page.locator(".list tbody td.main a").all_inner_texts()]
