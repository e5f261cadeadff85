"""What all scenarios share: servers, clients, a browser, and what is kept of a failure."""

import re
import shutil

import pytest

from support.api import Api
from support.html import Browser
from support.server import ARTEFACTS, ENGINE, OWNER, OWNER_PASSWORD, Server, binary
from support.shell import Shell


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        return
    for folder in ("logs", "screenshots"):
        shutil.rmtree(ARTEFACTS / folder, ignore_errors=True)


def pytest_sessionstart(session):
    if not session.config.option.collectonly and not binary().exists():
        pytest.exit(f"{binary()} does not exist; build it first (make test does)", returncode=3)


def pytest_collection_modifyitems(config, items):
    if ENGINE == "sqlite":
        return
    once = [item for item in items if item.get_closest_marker("once") or "browser" in item.path.parts]
    config.hook.pytest_deselected(items=once)
    items[:] = [item for item in items if item not in once]


def artefact_name(item) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", item.nodeid.removeprefix("Tests/Scenarios/"))[:150].strip("-")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if not report.failed:
        return
    for server in list(Server.running):
        server.keep_logs(ARTEFACTS / "logs" / artefact_name(item))
    for page in getattr(item, "open_pages", []):
        try:
            folder = ARTEFACTS / "screenshots" / "failures"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{artefact_name(item)}.png", full_page=True)
            (folder / f"{artefact_name(item)}.html").write_text(page.content())
        except Exception as error:  # The page may be gone; the failure itself is what counts.
            report.sections.append(("screenshot", f"none: {error}"))


# Servers


@pytest.fixture(scope="module")
def server():
    """A server of this file's own, set up with the owner."""
    with Server() as running:
        running.start()
        running.set_up(name="Olivia Owner", email="olivia@example.org")
        yield running


@pytest.fixture
def make_server():
    """Starts servers for one test: `make_server("--flag", "value")`; set up unless `set_up=False`."""
    made: list[Server] = []

    def make(*flags, set_up: bool = True, start: bool = True, **options) -> Server:
        running = Server(*flags, **options)
        made.append(running)
        if start:
            running.start()
            if set_up:
                running.set_up(name="Olivia Owner", email="olivia@example.org")
        return running

    yield make
    for running in made:
        running.close()


# Clients


@pytest.fixture(scope="module")
def owner(server) -> Api:
    """The owner's client."""
    with server.sign_in() as api:
        yield api


@pytest.fixture
def anonymous(server) -> Api:
    with server.api() as api:
        yield api


PASSWORD = "nine copper kettles whistle"


@pytest.fixture
def password() -> str:
    """A good password for made-up people."""
    return PASSWORD


@pytest.fixture
def person(owner):
    """Makes users who can sign in: `person(name="Ann")`."""

    def make(username: str | None = None, **more) -> dict:
        return owner.create_user(username, **{"password": PASSWORD, **more})

    return make


@pytest.fixture(scope="module")
def powerless(server, owner) -> Api:
    """A signed-in user who may do nothing but look after itself; `.user` is that user."""
    user = owner.create_user(password=PASSWORD)
    with server.sign_in(user["username"], PASSWORD) as api:
        api.user_record = user
        yield api


@pytest.fixture
def visitor(server) -> Browser:
    """The console without JavaScript, not signed in."""
    with Browser(server.url) as browser:
        yield browser


@pytest.fixture
def admin(server) -> Browser:
    """The console without JavaScript, signed in as the owner."""
    with Browser(server.url) as browser:
        page = browser.sign_in(OWNER, OWNER_PASSWORD)
        assert page.status == 200 and page.path != "/sign-in", page.text[:500]
        yield browser


@pytest.fixture
def shell(server, tmp_path) -> Shell:
    """The command line, not signed in."""
    return Shell(server, tmp_path)


@pytest.fixture
def signed_in(shell) -> Shell:
    """The command line of the owner."""
    shell.login()
    return shell


# A real browser


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, driven by Playwright; one for all tests of a worker."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is missing; Scripts/install.sh test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--force-color-profile=srgb"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, server, request):
    """Opens pages: `open_page(width=390, dark=True, javascript=False)`. Errors in the page's console fail the test."""
    contexts, complaints = [], []
    request.node.open_pages = []

    def make(
        url: str | None = None, width: int = 1280, height: int = 900, dark: bool = False, javascript: bool = True, **options
    ):
        context = chromium.new_context(
            base_url=url or server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=javascript,
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
        page.on("console", lambda message: complaints.append(message.text) if blames_page(message) else None)
        request.node.open_pages.append(page)
        return page

    def blames_page(message) -> bool:
        # A page that answers 422 or 404 is reported as a failed load: the tests check the status themselves.
        return message.type == "error" and "Failed to load resource" not in message.text

    yield make
    # Before the contexts go, so that the report still finds the pages open.
    request.node.open_pages = [page for page in request.node.open_pages if not page.is_closed()]
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def page(open_page):
    """A desktop page, light, with JavaScript."""
    return open_page()


@pytest.fixture
def signed_in_page(open_page):
    """A desktop page of the owner."""
    page = open_page()
    page.goto("/sign-in")
    page.fill("input[name=username]", OWNER)
    page.fill("input[name=password]", OWNER_PASSWORD)
    page.click("main form button[type=submit], form[action*=sign-in] button[type=submit]")
    page.wait_for_load_state()
    return page


@pytest.fixture
def screenshot():
    """Keeps a picture as an artefact: `screenshot(page, "users-dark")`."""

    def take(page, name: str, full_page: bool = True) -> None:
        folder = ARTEFACTS / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=full_page)

    return take
