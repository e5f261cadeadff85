"""Every page: sound, light, steady, and harmless whatever people are called."""

import pytest
from places import COMBINING, HEBREW, LONG, PLACES, SCRIPT, TURNED, Place
from playwright.sync_api import expect

WEIGHT = 60 * 1024
WIDE, NARROW = 1280, 390

# Runs before anything of the page: what the policy forbade, and what moved after the first paint.
WATCH = """
window.violations = [];
window.shifts = [];
document.addEventListener("securitypolicyviolation", event =>
    window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(
        [entry.value, entry.sources.map(source => source.node?.nodeName + "." + source.node?.className).join(" ")]);
}).observe({ type: "layout-shift", buffered: true });
"""

# What is fetched for a page, as it crosses the wire.
WEIGH = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map(entry => [entry.name, entry.encodedBodySize])"""

# Everything that can be pressed and is seen, smaller than 40 px either way. Links within text are text: they have lines.
SMALL = """() => {
    const small = [];
    for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, textarea")) {
        if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".skip, .unseen")) continue;
        const head = element.closest("thead");
        if (head && getComputedStyle(head).clipPath !== "none") continue;
        const box = element.getBoundingClientRect();
        if (box.width === 0 || box.height === 0) continue;
        let { width, height } = box;
        if (element.matches("input[type=checkbox]")) {
            const label = element.closest("label")?.getBoundingClientRect();
            const around = getComputedStyle(element, "::before");
            width = Math.max(label?.width ?? 0, around.content === "none" ? 0 : parseFloat(around.width), width);
            height = Math.max(label?.height ?? 0, around.content === "none" ? 0 : parseFloat(around.height), height);
        }
        if (height >= 39.5 && width >= 39.5) continue;
        const isText = element.matches("a") && getComputedStyle(element).display === "inline";
        if (isText) continue;
        small.push(`${element.nodeName} ${element.className} "${element.textContent.trim().slice(0, 30)}" ${width} x ${height}`);
    }
    return small;
}"""


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page(place: Place, visit, screenshot):
    page, answer = visit(place, width=WIDE, watch=WATCH)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        if width == NARROW and answer.request.method == "GET":
            page.reload()
        # Before the pictures, for which the window is stretched.
        shifts = page.evaluate("window.shifts")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            screenshot(page, f"{place}-{scheme}-{width}")
        assert page.evaluate("window.violations") == []
        assert sum(value for value, _ in shifts) < 0.01, f"at {width}: {shifts}"
        loaded = page.evaluate(WEIGH)
        assert sum(size for _, size in loaded) < WEIGHT, loaded
        sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{sideways} px to scroll sideways at {width}"
        if width == NARROW:
            small = page.evaluate(SMALL)
            assert not small, "\n".join(small)


ODD = {"odd.combining": COMBINING, "odd.script": SCRIPT, "odd.hebrew": HEBREW, "odd.long": LONG}


@pytest.mark.parametrize("username", ODD)
def test_odd_names_do_no_harm(username, console, world):
    name, user = ODD[username], world.user(username)
    page = console(user)
    for path in ("/users?q=odd", user, user + "/edit", user + "/delete", user + "/disable", user + "/password",
                 f"/search?q={username}", f"/audit?target={username}", f"/users/bulk?do=delete&ids[]={user[7:]}"):  # fmt: skip
        page.goto(path)
        assert "gone" != page.title() and "Gatehouse" in page.title()
        assert page.locator("[onclick]").count() == 0
        assert page.locator("body script").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        if path == user + "/edit":
            expect(page.locator("#field-name")).to_have_value(name)
        elif "audit" not in path:
            assert name in page.locator("body").inner_text(), path


# Elements whose text is laid out by itself: the direction of what is inside cannot reach what is beside it.
TURNING = """turned => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const open = [];
    while (walker.nextNode()) {
        if (!walker.currentNode.data.includes(turned)) continue;
        let element = walker.currentNode.parentElement, isolated = false;
        for (; element && !isolated; element = element.parentElement) {
            const style = getComputedStyle(element);
            isolated = style.unicodeBidi.includes("isolate") || style.unicodeBidi === "plaintext";
            if (style.display !== "inline") break;
        }
        if (!isolated) open.push(walker.currentNode.parentElement.outerHTML);
    }
    return open;
}"""


def test_text_that_turns_the_direction_of_writing_turns_nothing_else(console, world):
    page = console("/")
    for path in ("/audit?action=session.refused", "/", world.user("attributed")):
        page.goto(path)
        assert page.evaluate(TURNING, TURNED) == [], path
    page.goto("/users/new")
    page.locator("#field-username").fill(TURNED)
    page.locator("#field-name").fill(TURNED)
    page.get_by_role("button", name="Create user").click()
    expect(page.locator("#errors")).to_be_visible()
    assert page.evaluate(TURNING, TURNED) == []


@pytest.mark.parametrize("username", ["odd.hebrew"])
def test_a_name_written_from_right_to_left_stays_in_its_place(username, console, world):
    page = console("/")
    for path in ("/users?q=odd", world.user(username), world.user(username) + "/delete", "/search?q=odd"):
        page.goto(path)
        open_elements = page.evaluate(TURNING, HEBREW)
        # A heading of its own is a line of its own.
        assert [html for html in open_elements if not html.startswith(("<h1", "<h2"))] == [], path


def opened_dialog(page, world):
    page.goto(world.user("amara.okafor"))
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def opened_row_menu(page, world):
    page.goto("/users")
    page.get_by_role("link", name="Actions for Béla Kovács").click()
    expect(page.locator(".menu-items")).to_be_visible()


def selected_rows(page, world):
    page.goto("/users")
    for name in ("Béla Kovács", "Carmen Díaz"):
        page.get_by_role("checkbox", name=f"Select {name}").check()
    page.get_by_role("link", name="Béla Kovács", exact=True).focus()


def said_what_was_done(page, world):
    page.goto(world.user("yusuf.demir") + "/edit")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("[data-toast]")).to_be_visible()


def opened_menu(page, world):
    page.goto("/users")
    if page.viewport_size["width"] == NARROW:
        page.locator("summary", has_text="Menu").click()


def opened_same_as(page, world):
    page.goto(world.user("amara.okafor"))
    page.locator(".same > summary").click()
    page.locator(".same pre").last.scroll_into_view_if_needed()


@pytest.mark.parametrize(
    "arrange", [opened_dialog, opened_row_menu, selected_rows, said_what_was_done, opened_menu, opened_same_as],
    ids=lambda function: function.__name__,
)  # fmt: skip
def test_what_opens_fits_the_screen(arrange, console, world, screenshot):
    for width in (WIDE, NARROW):
        page = console(width=width)
        arrange(page, world)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            screenshot(page, f"{arrange.__name__}-{scheme}-{width}", full_page=False)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        if width == NARROW:
            small = page.evaluate(SMALL)
            assert not small, "\n".join(small)
