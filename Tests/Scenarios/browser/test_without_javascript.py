"""The same main paths in a browser that runs no script."""

import pytest
from playwright.sync_api import expect
from steps import OTHER, PASSWORD, WRONG, can_sign_in, carry, lock, names_in_list, path, sign_in, toast
from support.api import unique
from support.server import OWNER, OWNER_PASSWORD, SETUP_TOKEN


@pytest.fixture
def plain(open_page, server, owner):
    """A page of the owner without script."""

    def open_as_owner(path: str = "/", **options):
        page = open_page(javascript=False, **options)
        carry(page, server, owner.token)
        page.goto(path)
        return page

    return open_as_owner


def press(page, role: str, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role(role, name=name, exact=True).click()


def test_setup_then_out_and_in_again(make_server, open_page):
    server = make_server(set_up=False)
    page = open_page(url=server.url, javascript=False)
    page.goto(f"/setup?token={SETUP_TOKEN}")
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password", exact=True).fill(OWNER_PASSWORD)
    page.get_by_label("The same again", exact=True).fill(WRONG)
    press(page, "button", "Create the account and sign in")
    expect(page.locator("#errors")).to_contain_text("differ")
    expect(page.get_by_label("User name")).to_have_value("ann")
    page.get_by_label("Password", exact=True).fill(OWNER_PASSWORD)
    page.get_by_label("The same again", exact=True).fill(OWNER_PASSWORD)
    press(page, "button", "Create the account and sign in")
    assert path(page) == "/"
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    assert path(page) == "/sign-in?signed=out"
    sign_in(page, "ann", OWNER_PASSWORD, at="/users")
    assert path(page) == "/users"


def test_create_update_and_delete_a_user(plain, server, open_page):
    username = unique("plainly")
    page = plain("/users")
    press(page, "link", "Create user")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Name (optional)", exact=True).fill("Ann Berg")
    page.get_by_label("Password (optional)", exact=True).fill("short")
    page.get_by_label("Password again (optional)").fill("short")
    press(page, "button", "Create user")
    expect(page.locator("#errors")).to_be_visible()
    expect(page.get_by_label("Name (optional)", exact=True)).to_have_value("Ann Berg")
    page.get_by_label("Password (optional)", exact=True).fill(PASSWORD)
    page.get_by_label("Password again (optional)").fill(PASSWORD)
    press(page, "button", "Create user")
    expect(toast(page)).to_contain_text("Created Ann Berg.")
    theirs = sign_in(open_page(javascript=False), username, PASSWORD)
    assert path(theirs) == "/"

    press(page, "link", "Edit")
    page.get_by_label("Name (optional)", exact=True).fill("Ann Changed")
    page.get_by_label("E-mail (optional)").fill("changed@example.org")
    page.get_by_label("New password (optional)", exact=True).fill(OTHER)
    page.get_by_label("Password again (optional)").fill(OTHER)
    press(page, "button", "Save changes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ann Changed")
    assert can_sign_in(server, username, OTHER) and not can_sign_in(server, username, PASSWORD)
    sign_in(theirs, username, OTHER)

    page.goto(f"/users?q={username}")
    press(page, "link", "Ann Changed")
    press(page, "link", "Delete")
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete Ann Changed?")
    press(page, "link", "Cancel")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ann Changed")
    press(page, "link", "Delete")
    press(page, "button", "Delete user")
    expect(toast(page)).to_contain_text("Deleted Ann Changed.")
    with page.expect_navigation():
        toast(page).get_by_role("link", name="Dismiss").click()
    expect(toast(page)).to_have_count(0)
    theirs.reload()
    assert path(theirs).startswith("/sign-in")
    assert not can_sign_in(server, username, OTHER)


def test_disable_enable_and_unlock(plain, server, person):
    user = person(unique("held"), name="Dora Held")
    page = plain(f"/users/{user['id']}")
    press(page, "link", "Disable")
    press(page, "button", "Disable user")
    expect(page.locator("main")).to_contain_text("This user is disabled")
    assert not can_sign_in(server, user["username"], PASSWORD)
    press(page, "button", "Enable")
    assert can_sign_in(server, user["username"], PASSWORD)
    lock(server, user["username"])
    page.reload()
    press(page, "button", "Unlock")
    assert can_sign_in(server, user["username"], PASSWORD)


def test_the_last_owner_stays(plain, owner):
    page = plain(f"/users/{owner.get('/me').json()['id']}/delete")
    press(page, "button", "Delete user")
    expect(page.get_by_role("alert")).to_contain_text("last owner")


def test_many_at_once(plain, owner):
    group = unique("batch")
    users = [owner.create_user(f"{group}.{letter}", name=f"{group} {letter}") for letter in "abc"]
    page = plain(f"/users?q={group}")
    expect(page.locator(".bulk")).to_be_hidden()
    for user in users[:2]:
        page.get_by_role("checkbox", name=f"Select {user['name']}", exact=True).check()
    expect(page.locator(".bulk")).to_contain_text("selected")
    with page.expect_navigation():
        page.locator(".bulk").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete 2 users?")
    page.get_by_label("Type delete to confirm").fill("delete")
    press(page, "button", "Delete 2 users")
    page.goto(f"/users?q={group}")
    assert names_in_list(page) == [users[2]["name"]]


def test_lists(plain, owner):
    for number in range(30):
        owner.create_user(f"lots.{number:02}")
    page = plain("/users")
    page.get_by_role("searchbox", name="Search users").fill("lots")
    page.locator("main").get_by_label("Status").select_option("invited")
    press(page, "button", "Filter")
    expect(page.get_by_role("navigation", name="Pages")).to_contain_text("Showing 1 to 25 of 30")
    press(page, "link", "Next")
    assert names_in_list(page) == [f"lots.{number}" for number in range(25, 30)]
    press(page, "link", "Previous")
    press(page, "link", "User name")
    assert names_in_list(page)[0] == "lots.29"
    press(page, "link", "Actions for lots.29")
    expect(page.get_by_role("heading", level=1)).to_have_text("lots.29")
    page.goto("/audit")
    page.get_by_role("combobox", name="Action").select_option("user.create")
    press(page, "button", "Filter")
    assert set(names_in_list(page)) == {"Created a user"}
    with page.expect_navigation():
        page.locator(".list td.main a").first.click()
    expect(page.locator("main")).to_contain_text("user.create")
    expect(page.locator("time[data-exact]").first).to_contain_text("UTC")


def test_my_account(open_page, server, person):
    user = person(unique("own"))
    here, there = (
        sign_in(open_page(javascript=False), user["username"], PASSWORD, at="/sign-in?next=/account") for _ in range(2)
    )
    here.get_by_label("Name (optional)", exact=True).fill("My Own")
    press(here, "button", "Save the profile")
    expect(here.locator(".rail")).to_contain_text("My Own")
    press(here, "button", "Sign out everywhere else")
    there.reload()
    assert path(there).startswith("/sign-in")
    here.get_by_label("Current password", exact=True).fill(PASSWORD)
    here.get_by_label("New password", exact=True).fill(OTHER)
    here.get_by_label("The same again", exact=True).fill(OTHER)
    press(here, "button", "Change the password")
    expect(toast(here)).to_contain_text("Your password is changed")
    assert can_sign_in(server, user["username"], OTHER)


def test_a_new_password_is_asked_for(open_page, owner, server):
    user = owner.create_user(password=PASSWORD)
    owner.post(f"/users/{user['id']}/password", json={"password": PASSWORD + " again", "mustChange": True})
    page = sign_in(open_page(javascript=False), user["username"], PASSWORD + " again")
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("The same again", exact=True).fill(OTHER)
    press(page, "button", "Save and sign in")
    assert path(page) == "/" and can_sign_in(server, user["username"], OTHER)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_frame(plain, width):
    page = plain("/", width=width)
    if width == 390:
        page.locator("summary", has_text="Menu").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark" and path(page) == "/"
    if width == 390:
        page.locator("summary", has_text="Menu").click()
    page.get_by_role("searchbox", name="Search everywhere").fill("audit")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "link", "Audit log")
    assert path(page) == "/audit"
    assert page.locator("[data-reveal]:visible, [data-copy]:visible, [data-pick-all]:visible").count() == 0


def test_nothing_is_offered_that_needs_script(plain):
    page = plain("/users/new")
    assert page.locator("[data-reveal]:visible").count() == 0
    page.goto("/help/api?tag=Users")
    assert page.locator("[data-copy]:visible").count() == 0


def test_signing_in_says_what_was_wrong(open_page):
    page = open_page(javascript=False)
    sign_in(page, OWNER, WRONG)
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
    expect(page.get_by_label("User name")).to_have_value(OWNER)
