"""Every page for everybody: named, ordered, readable, reachable with the keyboard, at any size."""

from pathlib import Path

import axe_playwright_python
import pytest
from places import PLACES, Place
from playwright.sync_api import expect
from steps import COOKIE, PASSWORD, can_sign_in
from support.api import unique
from support.server import OWNER, OWNER_PASSWORD

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What axe finds, in words; colours alone when only they can have changed.
CHECK = """async ({ rules, only, except }) => {
    const options = { resultTypes: ["violations"], runOnly: only ? { type: "rule", values: only } : { type: "tag", values: rules } };
    if (except) options.rules = Object.fromEntries(except.map(rule => [rule, { enabled: false }]));
    const { violations } = await axe.run(document, options);
    return violations.flatMap(violation => violation.nodes.map(node =>
        `${violation.id}: ${node.html.slice(0, 160)} ${node.any.concat(node.all).map(check => check.message).join("; ").slice(0, 200)}`));
}"""

# What axe leaves to a person, or judges mildly.
ORDER = """() => {
    const wrong = [];
    const seen = element => element.checkVisibility({ visibilityProperty: true });
    let level = 0;
    for (const heading of [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen)) {
        const next = Number(heading.nodeName[1]);
        if (next > level + 1) wrong.push(`h${next} after h${level}: ${heading.textContent}`);
        level = next;
    }
    if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
    if (document.querySelectorAll("main").length !== 1) wrong.push("not one main");
    if (!document.documentElement.lang) wrong.push("no language");
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`twice: #${id}`);
    for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "for"])
        for (const element of document.querySelectorAll(`[${name}]`))
            for (const id of element.getAttribute(name).split(/\\s+/).filter(Boolean))
                if (!document.getElementById(id)) wrong.push(`${name} of ${element.outerHTML.slice(0, 120)} leads nowhere`);
    for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
        if (seen(field) && !field.labels?.length && !field.getAttribute("aria-label")) wrong.push(`no label: ${field.outerHTML}`);
    for (const field of document.querySelectorAll("[aria-invalid=true]"))
        if (!field.getAttribute("aria-describedby")?.split(" ").some(id => document.getElementById(id)?.matches(".error:not([hidden])")))
            wrong.push(`its error is not said: ${field.outerHTML}`);
    return wrong;
}"""


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page(place: Place, visit):
    page, _ = visit(place)
    page.evaluate(AXE)
    found = page.evaluate(ORDER)
    for width, scheme, only in (
        (1280, "light", None), (1280, "dark", ["color-contrast"]), (390, "dark", None), (390, "light", ["color-contrast"]),
    ):  # fmt: skip
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme}: {each}" for each in page.evaluate(CHECK, {"rules": RULES, "only": only})]
    # 200 % on a screen of 1280 px is 640 px wide; 400 %, or the smallest telephone, is 320 px.
    for width in (640, 320):
        page.set_viewport_size({"width": width, "height": 640})
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found.append(f"{wider} px to scroll sideways at {width}: {page.evaluate(WIDEST)}")
    assert not found, "\n".join(found)


# Who sticks out.
WIDEST = """() => {
    const elements = [...document.querySelectorAll("body *")].filter(element =>
        element.checkVisibility() && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    return elements.slice(-1).map(element => element.outerHTML.slice(0, 200)).join();
}"""


# Things that open


def test_an_open_dialog_and_an_open_menu(console, world):
    page = console(world.user("amara.okafor"))
    page.evaluate(AXE)
    page.get_by_role("link", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog", name="Delete Amara Okafor?")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(CHECK, {"rules": RULES, "only": None}) == []
    page.goto("/users")
    page.evaluate(AXE)
    page.get_by_role("link", name="Actions for Amara Okafor").click()
    page.get_by_role("checkbox", name="Select Amara Okafor").check()
    page.get_by_role("link", name="Actions for Amara Okafor").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # The menu lies over the dots of the rows below, as menus do.
        assert page.evaluate(CHECK, {"rules": RULES, "except": ["target-size"]}) == []


def test_a_dialog_keeps_the_focus_and_gives_it_back(console, world):
    page = console(world.user("amara.okafor"))
    opener = page.get_by_role("link", name="Disable", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


# With the keyboard alone


def press_until(page, inside: str, key: str = "Tab", most: int = 60) -> None:
    """Goes on with the key until the focus is on what fits the selector, as a person would."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", inside):
            return
    raise AssertionError(f"{inside} cannot be reached with {key}")


def test_create_a_user_with_the_keyboard(open_page, server):
    username = unique("keys")
    page = open_page()
    page.goto("/sign-in")
    page.keyboard.type(OWNER)
    press_until(page, "input[name=password]")
    page.keyboard.type(OWNER_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    press_until(page, "nav a[href='/users']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/users")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    press_until(page, "main a[href='/users/new']", most=4)
    page.keyboard.press("Enter")
    page.wait_for_url("**/users/new")
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type(username)
    press_until(page, "[name=name]")
    page.keyboard.type("Kai Keys")
    press_until(page, "[name=email]")
    page.keyboard.type("kai@example.org")
    press_until(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    press_until(page, "[name=confirmPassword]")
    page.keyboard.type(PASSWORD)
    press_until(page, "[name=mustChange]")
    press_until(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kai Keys")
    assert can_sign_in(server, username, PASSWORD)


# The focus is seen where it is: a ring around the element that was not there before.
RING = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const rings = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const shown = box.width > 2 && box.height > 2 && box.bottom > 0 && box.right > 0 && box.left < innerWidth;
    return [rings && shown, element.outerHTML.slice(0, 160)];
}"""


@pytest.mark.parametrize("address", ["/", "/users?q=o&status=active", "/users/new", "/audit", "/account", "/help/parts", "/sign-in"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_focus_is_always_seen(console, open_page, address, width):
    page = console(address, width=width) if address != "/sign-in" else open_page(width=width)
    if address == "/sign-in":
        page.goto(address)
    page.evaluate("document.activeElement.blur()")
    hidden, seen = [], 0
    for _ in range(45):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        good, html = page.evaluate(RING)
        seen += 1
        if not good:
            hidden.append(html)
    assert not hidden, "\n".join(hidden)
    assert seen >= 5


# People who want less


def test_less_motion_is_less_motion(chromium, server, owner):
    moving = """() => [...document.querySelectorAll("*")].filter(element => {
        const style = getComputedStyle(element);
        return parseFloat(style.transitionDuration) > 0.01 || (style.animationName !== "none" && parseFloat(style.animationDuration) > 0.01);
    }).length"""
    counts = {}
    for motion in ("reduce", "no-preference"):
        context = chromium.new_context(base_url=server.url, reduced_motion=motion)
        context.add_cookies([{"name": COOKIE, "value": owner.token, "url": server.url}])
        page = context.new_page()
        page.goto("/help/parts")
        counts[motion] = page.evaluate(moving)
        context.close()
    assert counts["reduce"] == 0
    assert counts["no-preference"] > 0, "otherwise this shows nothing"


def test_forced_colours_keep_the_states(chromium, server, world, owner):
    context = chromium.new_context(base_url=server.url, forced_colors="active")
    context.add_cookies([{"name": COOKIE, "value": owner.token, "url": server.url}])
    page = context.new_page()
    page.goto("/users?q=example")
    words = set(page.locator(".list tbody .status").all_inner_texts())
    assert {"Active", "Disabled", "Locked", "Invited"} >= words and len(words) > 1, "the word says it, not the colour"
    context.close()
