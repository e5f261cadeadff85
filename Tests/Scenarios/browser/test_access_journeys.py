"""Groups and what is granted, step by step, in a real browser."""

import re

import pytest
from playwright.sync_api import expect
from steps import COOKIE, carry, names_in_list, path, toast
from support.api import unique


def confirm(page, button: str):
    """Presses the button of the open question."""
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()


def press(page, name: str):
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()


def test_a_group_gets_its_members_and_its_role(console, owner):
    person = owner.create_user(unique("member"), name="Mina Member")
    name = unique("crew")
    page = console("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Groups").click()
    page.get_by_role("link", name="Create group").first.click()
    page.get_by_label("Name", exact=True).fill(name)
    press(page, "Create group")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main")).to_contain_text("Nobody is in this group yet.")

    field = page.get_by_label("Name", exact=True)
    field.press_sequentially(person["username"][:8])
    offered = page.locator(f"datalist option[value='{person['username']}']")
    expect(offered).to_have_count(1, timeout=30_000)
    field.fill(person["username"])
    press(page, "Add")
    expect(toast(page)).to_contain_text(f"Added {person['username']} to {name}.")
    assert names_in_list(page)[0] == person["username"]

    page.get_by_role("link", name="Give a role").click()
    expect(page.get_by_label("To whom")).to_have_value(name)
    page.get_by_label("Role").select_option("auditor")
    page.get_by_label("Reason").fill("to see for themselves")
    press(page, "Give the role")
    expect(page.locator(".list")).to_contain_text("to see for themselves")
    assert path(page).startswith("/role-assignments?principal=group")

    page.goto(f"/users/{person['id']}")
    expect(page.locator("#groups")).to_contain_text(name)
    with page.expect_navigation():
        page.get_by_role("button", name=f"Remove from {name}").click()
    expect(page.locator("#groups")).to_contain_text("In no group.")


def test_a_role_is_taken_away_from_the_row(console, owner):
    person = owner.create_user(unique("holder"))
    body = {"principal": {"kind": "user", "id": person["id"]}, "role": "auditor"}
    assert owner.post("/role-assignments", json=body).status_code == 201
    page = console(f"/role-assignments?who={person['username']}")
    page.get_by_role("link", name=f"Actions for Auditor for {person['username']}").click()
    page.locator(".menu-items").get_by_role("link", name="Take away").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"Take Auditor from {person['username']}?")
    confirm(page, "Take the role away")
    expect(toast(page)).to_contain_text(f"Took Auditor from {person['username']}.")
    page.goto(f"/role-assignments?who={person['username']}")
    expect(page.locator("main")).to_contain_text("Nothing fits")


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_the_fields_of_a_scope_follow_its_kind(open_page, server, owner, javascript):
    page = open_page(javascript=javascript)
    carry(page, server, owner.token)
    page.goto("/role-assignments/new")
    fields = {"organization": "#field-organization", "group": "#field-group", "resources": "#field-ids"}
    for kind in ("realm", *fields):
        page.locator("#field-scope").select_option(kind)
        for other, field in fields.items():
            (expect(page.locator(field)).to_be_visible if other == kind else expect(page.locator(field)).to_be_hidden)()


def test_times_are_the_viewers_own(chromium, server, owner):
    person = owner.create_user(unique("timed"))
    context = chromium.new_context(base_url=server.url, timezone_id="Asia/Tokyo", locale="en-GB")
    context.add_cookies([{"name": COOKIE, "value": owner.token, "url": server.url}])
    page = context.new_page()
    page.goto(f"/role-assignments/new?principal=user:{person['id']}")
    page.get_by_label("Role").select_option("auditor")
    expect(page.locator("#hint-expiresAt")).to_have_text("In your time zone.")
    page.locator("#field-expiresAt").fill("2099-01-15T09:00")
    press(page, "Give the role")
    [made] = owner.all("/role-assignments", filter=f'principal.id eq "{person["id"]}"')
    assert made["expiresAt"].startswith("2099-01-15T00:00"), "nine in Tokyo is midnight in UTC"
    page.goto(f"/role-assignments/{made['id']}/edit")
    expect(page.locator("#field-expiresAt")).to_have_value("2099-01-15T09:00")
    press(page, "Save changes")
    assert owner.get(f"/role-assignments/{made['id']}").json()["expiresAt"] == made["expiresAt"]
    context.close()


def test_many_groups_at_once(console, owner):
    word = unique("several").replace("-", "")
    for number in range(3):
        assert owner.post("/groups", json={"name": f"{word} {number}"}).status_code == 201
    page = console(f"/groups?q={word}")
    for number in (0, 1):
        page.get_by_role("checkbox", name=f"Select {word} {number}", exact=True).check()
    page.locator(".bulk").get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete 2 groups?")
    dialog.get_by_label("Type delete to confirm").fill("delete")
    confirm(page, "Delete 2 groups")
    page.goto(f"/groups?q={word}")
    assert names_in_list(page) == [f"{word} 2"]


def test_search_everywhere_finds_groups_and_roles(console, owner):
    name = unique("Sought").replace("-", "")
    assert owner.post("/groups", json={"name": name}).status_code == 201
    page = console("/")
    page.keyboard.press("Control+k")
    page.keyboard.type(name[:6])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=name, exact=True).click()
    assert re.fullmatch(r"/groups/[0-9a-f-]{36}", path(page))
    page.goto("/search?q=help")
    expect(page.locator("main")).to_contain_text("Help desk")
