"""What administrators and users do in the console, step by step, in a real browser."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect
from steps import ATTACKER, OTHER, PASSWORD, WRONG, can_sign_in, lock, names_in_list, path, sign_in, toast
from support.api import unique
from support.server import OWNER, OWNER_PASSWORD

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"


def confirm(page, button: str):
    """Presses the button of the open question."""
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()


# The three procedures


def test_create_a_user(console, open_page, server):
    username = unique("ann")
    page = console("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Users").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Users")
    page.get_by_role("link", name="Create user").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create user")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Name (optional)", exact=True).fill("Ann Berg")
    page.get_by_label("E-mail (optional)").fill(f"{username}@example.org")
    page.get_by_label("Password (optional)", exact=True).fill(PASSWORD)
    page.get_by_label("Password again (optional)").fill(PASSWORD)
    page.get_by_role("button", name="Create user").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ann Berg")
    expect(toast(page)).to_contain_text("Created Ann Berg.")
    expect(page.locator("main")).to_contain_text(f"{username}@example.org")
    expect(page.locator("main")).to_contain_text("Active")

    theirs = sign_in(open_page(), username, PASSWORD)
    assert path(theirs) == "/"
    expect(theirs.locator("body")).to_contain_text("Ann Berg")


def test_update_a_user(console, open_page, server, person):
    user = person(unique("old"), name="Bert Old", email="bert@example.org")
    renamed = unique("new")
    page = console(f"/users?q={user['username']}")
    page.get_by_role("link", name="Bert Old", exact=True).click()
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit Bert Old")
    expect(page.get_by_label("User name")).to_have_value(user["username"])
    page.get_by_label("User name").fill(renamed)
    page.get_by_label("Name (optional)", exact=True).fill("Bert New")
    page.get_by_label("E-mail (optional)").fill("bert.new@example.org")
    page.get_by_label("New password (optional)", exact=True).fill(OTHER)
    page.get_by_label("Password again (optional)").fill(OTHER)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bert New")
    expect(toast(page)).to_contain_text("Saved Bert New with the new password.")
    expect(page.locator("main")).to_contain_text(renamed)
    expect(page.locator("main")).to_contain_text("bert.new@example.org")

    assert not can_sign_in(server, renamed, PASSWORD), "the old password"
    assert not can_sign_in(server, user["username"], OTHER), "the old name"
    theirs = sign_in(open_page(), renamed, OTHER)
    expect(theirs.locator("body")).to_contain_text("Bert New")


def test_delete_a_user(console, open_page, server, person):
    user = person(unique("gone"), name="Carl Gone")
    theirs = sign_in(open_page(), user["username"], PASSWORD)
    theirs.goto("/account")

    page = console(f"/users?q={user['username']}")
    page.get_by_role("link", name="Carl Gone", exact=True).click()
    page.get_by_role("link", name="Delete", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete Carl Gone?")
    expect(dialog).to_contain_text("1 open session")
    expect(dialog.get_by_role("link", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    theirs.reload()
    assert path(theirs) == "/account", "nothing happened yet"

    page.get_by_role("link", name="Delete", exact=True).click()
    confirm(page, "Delete user")
    assert path(page) == "/users"
    expect(toast(page)).to_contain_text("Deleted Carl Gone.")

    theirs.reload()
    assert path(theirs).startswith("/sign-in"), "the open session is out at the next request"
    sign_in(theirs, user["username"], PASSWORD)
    expect(theirs.get_by_role("alert")).to_be_visible()
    assert path(theirs).startswith("/sign-in")
    page.goto(f"/users?q={user['username']}")
    expect(page.locator("main")).to_contain_text("Nobody fits")


def test_the_row_menu_leads_to_the_same(console, person):
    user = person(unique("menu"), name="Mia Menu")
    page = console(f"/users?q={user['username']}")
    dots = page.get_by_role("link", name="Actions for Mia Menu")
    dots.click()
    expect(dots).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".menu-items:visible")).to_have_count(0)
    expect(dots).to_be_focused()
    dots.click()
    page.locator(".menu-items").get_by_text("Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Delete Mia Menu?")
    page.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    dots.click()
    page.locator(".menu-items").get_by_text("Edit", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit Mia Menu")


# Forms help


def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(console, person):
    taken = person(unique("taken"))
    page = console("/users/new")
    page.get_by_label("User name").fill("no good name")
    page.get_by_label("E-mail (optional)").fill("nowhere")
    page.get_by_label("Name (optional)", exact=True).click()
    expect(page.locator("#error-username")).to_be_visible()
    page.get_by_label("User name").fill(taken["username"])
    expect(page.locator("#error-username")).to_be_hidden()
    page.get_by_label("Name (optional)", exact=True).fill("Typed Once")
    page.get_by_label("Password (optional)", exact=True).fill("short")
    expect(page.locator("#advice-password")).to_contain_text("15")
    page.get_by_label("Password (optional)", exact=True).fill(PASSWORD)
    expect(page.locator("#advice-password")).to_contain_text("Good")
    page.get_by_label("Password again (optional)").fill(PASSWORD)
    page.get_by_role("button", name="Create user").click()
    summary = page.locator("#errors")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Name (optional)", exact=True)).to_have_value("Typed Once")
    expect(page.get_by_label("Password (optional)", exact=True)).to_have_value("")
    summary.get_by_role("link").first.click()
    expect(page.locator("input[aria-invalid=true]").first).to_be_focused()

    page.get_by_label("E-mail (optional)").fill("typed.once@example.org")
    page.get_by_role("button", name="Create user").click()
    expect(page.locator("#errors")).to_contain_text("taken")
    page.get_by_label("User name").fill(unique("free"))
    page.get_by_role("button", name="Create user").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Typed Once")


def test_passwords_can_be_looked_at(console):
    page = console("/users/new")
    field = page.locator("#field-password")
    field.fill(PASSWORD)
    button = page.get_by_role("button", name="Show: Password", exact=True)
    button.click()
    assert field.get_attribute("type") == "text"
    page.locator("[data-reveal=field-password]").click()
    assert field.get_attribute("type") == "password"


def test_two_editors_do_not_overwrite_each_other(console, person):
    user = person(unique("both"), name="Before")
    first, second = console(f"/users/{user['id']}/edit"), console(f"/users/{user['id']}/edit")
    first.get_by_label("Name (optional)", exact=True).fill("First")
    first.get_by_role("button", name="Save changes").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("First")
    second.get_by_label("E-mail (optional)").fill("second@example.org")
    second.get_by_role("button", name="Save changes").click()
    expect(second.locator("main")).to_contain_text("Somebody changed this user after you opened the form")
    expect(second.get_by_label("Name (optional)", exact=True)).to_have_value("First")
    expect(second.get_by_label("E-mail (optional)")).to_have_value("second@example.org")
    second.get_by_role("button", name="Save changes").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("First")
    expect(second.locator("main")).to_contain_text("second@example.org")


# Setup, signing in and out


def test_setup_through_the_printed_link(make_server, open_page):
    server = make_server(set_up=False, setup_token=None)
    [link] = server.setup_links()
    page = open_page(url=server.url)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up Gatehouse")
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Name (optional)", exact=True).fill("Ann Berg")
    page.get_by_label("E-mail (optional)").fill("ann@example.org")
    password = page.get_by_label("Password", exact=True)
    advice = page.locator("#advice-password")
    password.fill("short")
    expect(advice).to_contain_text("15")
    password.fill("passwordpassword")
    expect(advice).to_have_class(re.compile("warn"))
    password.fill("ann ann ann ann ann")
    expect(advice).to_have_class(re.compile("warn"))
    password.fill(PASSWORD)
    expect(advice).to_contain_text("Good")
    page.get_by_label("The same again", exact=True).fill(OTHER)
    page.get_by_label("User name").focus()
    expect(page.locator("#error-confirmPassword")).to_contain_text("differ")
    page.get_by_label("The same again", exact=True).fill(PASSWORD)
    expect(page.locator("#error-confirmPassword")).to_be_hidden()
    page.get_by_role("button", name="Create the account and sign in").click()
    page.wait_for_url(server.url + "/")
    expect(page.locator("body")).to_contain_text("Ann Berg")
    page.goto(link)
    assert path(page) == "/", "the link works once"
    with server.sign_in("ann", PASSWORD) as ann:
        assert ann.get("/me").json()["roles"] == ["owner"]


def test_signing_in_leads_back_and_out_again(open_page):
    page = open_page()
    page.goto("/users?status=active")
    assert path(page).startswith("/sign-in")
    expect(page.get_by_label("User name")).to_be_focused()
    page.get_by_label("User name").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(WRONG)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
    expect(page.get_by_label("User name")).to_have_value(OWNER)
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.get_by_label("Password", exact=True).fill(OWNER_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/users?status=active")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    expect(page.locator("main")).to_contain_text("You are signed out")
    page.go_back()
    page.reload()
    assert path(page).startswith("/sign-in"), "going back shows nothing"


def test_a_new_password_is_asked_for(console, open_page, server):
    username = unique("fresh")
    page = console("/users/new")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password (optional)", exact=True).fill(PASSWORD)
    page.get_by_label("Password again (optional)").fill(PASSWORD)
    page.get_by_label("Ask for a new password at the next sign-in").check()
    page.get_by_role("button", name="Create user").click()
    expect(toast(page)).to_contain_text(f"Created {username}.")

    theirs = sign_in(open_page(), username, PASSWORD)
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Choose a new password")
    theirs.get_by_label("New password", exact=True).fill("too short")
    theirs.get_by_label("The same again", exact=True).fill("too short")
    theirs.get_by_role("button", name="Save and sign in").click()
    expect(theirs.locator("#errors")).to_be_visible()
    theirs.get_by_label("New password", exact=True).fill(OTHER)
    theirs.get_by_label("The same again", exact=True).fill(OTHER)
    theirs.get_by_role("button", name="Save and sign in").click()
    theirs.wait_for_url("**/")
    expect(theirs.get_by_role("heading", level=1)).to_contain_text(username)
    assert can_sign_in(server, username, OTHER)
    assert not can_sign_in(server, username, PASSWORD)


# One user


def test_disabling_is_out_at_once_and_enabling_lets_in_again(console, open_page, server, person):
    user = person(unique("held"), name="Dora Held")
    theirs = sign_in(open_page(), user["username"], PASSWORD, at="/sign-in?next=/account")
    page = console(f"/users/{user['id']}")
    page.get_by_role("link", name="Disable", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Disable Dora Held?")
    expect(page.get_by_role("dialog")).to_contain_text("1 session")
    confirm(page, "Disable user")
    expect(toast(page)).to_contain_text("Disabled Dora Held.")
    expect(page.locator("main")).to_contain_text("This user is disabled")
    theirs.reload()
    assert path(theirs).startswith("/sign-in")
    assert not can_sign_in(server, user["username"], PASSWORD)
    page.get_by_role("button", name="Enable").click()
    expect(toast(page)).to_contain_text("Enabled Dora Held.")
    sign_in(theirs, user["username"], PASSWORD)
    assert path(theirs) == "/"


@pytest.mark.parametrize("deed, button", [("Delete", "Delete user"), ("Disable", "Disable user")])
def test_the_last_owner_stays(console, owner, server, deed, button):
    me = owner.get("/me").json()
    page = console(f"/users/{me['id']}")
    page.get_by_role("link", name=deed, exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("This is the account you are signed in with")
    confirm(page, button)
    expect(page.get_by_role("alert")).to_contain_text("last owner")
    assert owner.user(me["id"])["status"] == "active"
    page.goto("/users")
    assert path(page) == "/users", "and is still signed in"


def test_unlocking(console, server, person):
    user = person(unique("locked"), name="Lotte Locked")
    lock(server, user["username"])
    page = console("/users?status=locked")
    assert "Lotte Locked" in names_in_list(page)
    page.get_by_role("link", name="Lotte Locked", exact=True).click()
    expect(page.locator("main")).to_contain_text("Sign-in is held back")
    page.get_by_role("button", name="Unlock").click()
    expect(toast(page)).to_contain_text("Unlocked Lotte Locked.")
    expect(page.locator("main")).not_to_contain_text("Sign-in is held back")
    assert can_sign_in(server, user["username"], PASSWORD)


def test_a_password_can_be_set(console, server, person):
    user = person(unique("reset"), name="Rita Reset")
    page = console(f"/users/{user['id']}")
    page.get_by_role("link", name="Set password").click()
    page.get_by_label("New password", exact=True).fill(OTHER)
    page.get_by_label("Password again", exact=True).fill(OTHER)
    page.get_by_label("Ask for a new password").uncheck()
    page.get_by_role("button", name="Set password").click()
    expect(toast(page)).to_contain_text("Set a new password for Rita Reset.")
    assert can_sign_in(server, user["username"], OTHER) and not can_sign_in(server, user["username"], PASSWORD)


def test_sessions_of_somebody_can_be_ended(console, open_page, person):
    user = person(unique("three"), name="Tom Three")
    theirs = [
        sign_in(open_page(user_agent=agent), user["username"], PASSWORD, at="/sign-in?next=/account")
        for agent in (FIREFOX, SAFARI)
    ]
    page = console(f"/users/{user['id']}")
    sessions = page.locator("#sessions")
    expect(sessions).to_contain_text("Firefox on Linux")
    expect(sessions).to_contain_text("Safari on iPhone")
    expect(sessions).to_contain_text("127.0.0.1")
    sessions.locator("tr", has_text="Firefox").get_by_role("button", name="End").click()
    expect(toast(page)).to_contain_text("Ended one session of Tom Three.")
    for each in theirs:
        each.reload()
    assert [path(each).startswith("/sign-in") for each in theirs] == [True, False]
    page.get_by_role("link", name="End all sessions").click()
    confirm(page, "End all sessions")
    expect(page.locator("#sessions")).to_contain_text("Not signed in anywhere.")
    theirs[1].reload()
    assert path(theirs[1]).startswith("/sign-in")


def test_the_page_of_a_user_tells_what_happened_and_how_to_script_it(console, person):
    user = person(unique("told"), name="Tess Told")
    page = console(f"/users/{user['id']}")
    expect(page.locator(".timeline").first).to_contain_text("Created a user")
    page.get_by_text("The same as", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"gatehouse user show {user['username']}")
    expect(page.locator("main")).to_contain_text(f"/api/v1/users/{user['id']}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert user["username"] in page.evaluate("navigator.clipboard.readText()")


# Many users


def chosen(page, *names: str) -> None:
    for name in names:
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()


def test_many_at_once(console, server, owner):
    group = unique("batch")
    users = [owner.create_user(f"{group}.{letter}", name=f"{group} {letter}", password=PASSWORD) for letter in "abc"]
    first, second, third = (user["name"] for user in users)
    page = console(f"/users?q={group}")
    bar = page.get_by_role("group", name="With the selected")
    expect(bar).to_be_hidden()
    chosen(page, first, second)
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Disable").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Disable 2 users?")
    expect(dialog).to_contain_text(first)
    confirm(page, "Disable 2 users")
    expect(toast(page)).to_contain_text("Disabled 2 users.")
    assert [owner.user(user["id"])["status"] for user in users] == ["disabled", "disabled", "active"]

    page.goto(f"/users?q={group}")
    page.get_by_role("checkbox", name="Select all on this page").check()
    bar.get_by_role("button", name="Enable").click()
    confirm(page, "Enable 3 users")
    assert {owner.user(user["id"])["status"] for user in users} == {"active"}

    page.goto(f"/users?q={group}")
    chosen(page, first, third)
    bar.get_by_role("button", name="Delete").click()
    confirm(page, "Delete 2 users")
    expect(page.locator("#errors")).to_contain_text("Type delete")
    page.get_by_label("Type delete to confirm").fill("delete")
    page.get_by_role("button", name="Delete 2 users").click()
    expect(toast(page)).to_contain_text("Deleted 2 users.")
    page.goto(f"/users?q={group}")
    assert names_in_list(page) == [second]


def test_what_is_refused_of_many_is_named(console, owner, person):
    user = person(unique("along"), name="Alma Along")
    me = owner.get("/me").json()
    page = console(f"/users/bulk?do=disable&ids[]={me['id']}&ids[]={user['id']}")
    expect(page.locator("main")).to_contain_text("You are among them")
    page.get_by_role("button", name="Disable 2 users").click()
    expect(page.locator("main")).to_contain_text("1 user refused")
    expect(page.locator("main")).to_contain_text("last owner")
    assert owner.user(user["id"])["status"] == "disabled" and owner.user(me["id"])["status"] == "active"


# My account


def test_my_profile(open_page, person):
    user = person(unique("me"), name="Me Before")
    page = sign_in(open_page(), user["username"], PASSWORD)
    page.get_by_role("link", name="My account").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    page.get_by_label("Name (optional)", exact=True).fill("Me After")
    page.get_by_label("E-mail (optional)").fill("me@example.org")
    page.get_by_role("button", name="Save the profile").click()
    expect(toast(page)).to_contain_text("Your profile is saved.")
    expect(page.get_by_label("Name (optional)", exact=True)).to_have_value("Me After")
    expect(page.locator(".rail")).to_contain_text("Me After")
    toast(page).get_by_role("link", name="Dismiss").click()
    expect(toast(page)).to_have_count(0)
    page.reload()
    expect(toast(page)).to_have_count(0)


def test_changing_my_password_ends_the_other_sessions(open_page, server, person):
    user = person(unique("own"))
    here = sign_in(open_page(), user["username"], PASSWORD, at="/sign-in?next=/account")
    there = sign_in(open_page(), user["username"], PASSWORD, at="/sign-in?next=/account")
    here.get_by_label("Current password", exact=True).fill(WRONG)
    here.get_by_label("New password", exact=True).fill(OTHER)
    here.get_by_label("The same again", exact=True).fill(OTHER)
    here.get_by_role("button", name="Change the password").click()
    expect(here.locator("#errors")).to_contain_text("not your current password")
    here.get_by_label("Current password", exact=True).fill(PASSWORD)
    here.get_by_label("New password", exact=True).fill(OTHER)
    here.get_by_label("The same again", exact=True).fill(OTHER)
    here.get_by_role("button", name="Change the password").click()
    expect(toast(here)).to_contain_text("Your password is changed")
    there.reload()
    assert path(there).startswith("/sign-in") and path(here) == "/account"
    assert can_sign_in(server, user["username"], OTHER) and not can_sign_in(server, user["username"], PASSWORD)


def test_my_sessions(open_page, person):
    user = person(unique("many"))
    here = sign_in(open_page(user_agent=FIREFOX), user["username"], PASSWORD)
    others = [sign_in(open_page(user_agent=SAFARI), user["username"], PASSWORD) for _ in range(2)]
    here.goto("/account")
    rows = here.locator("#sessions tbody tr")
    expect(rows).to_have_count(3)
    mine = rows.filter(has_text="Firefox on Linux")
    expect(mine).to_contain_text("This one")
    expect(mine).to_contain_text("127.0.0.1")
    expect(mine.get_by_role("button")).to_have_count(0)
    rows.filter(has_text="Safari on iPhone").first.get_by_role("button").click()
    expect(toast(here)).to_contain_text("That session has ended.")
    expect(rows).to_have_count(2)
    here.get_by_role("button", name="Sign out everywhere else").click()
    expect(toast(here)).to_contain_text("You are signed out everywhere else.")
    expect(rows).to_have_count(1)
    for other in others:
        other.reload()
        assert path(other).startswith("/sign-in")
    here.reload()
    assert path(here).startswith("/account")


def test_somebody_without_power_sees_only_what_is_theirs(open_page, person, owner):
    user = person(unique("plain"), name="Paul Plain")
    page = sign_in(open_page(), user["username"], PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Paul Plain")
    links = page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()
    assert [text.strip() for text in links] == ["Home"]
    expect(page.get_by_role("link", name="Create user")).to_have_count(0)
    assert page.goto("/users/new").status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")
    assert page.goto("/audit").status == 403
    assert page.goto(f"/users/{owner.get('/me').json()['id']}").status == 404


# The list of users


@pytest.fixture(scope="module")
def sixty(owner) -> list[str]:
    """Sixty users, by user name; their names sort the other way round."""
    made = []
    for number in range(60):
        user = owner.create_user(f"guest.{number:02}", name=f"Guest {99 - number}", email=f"g{number:02}@example.org")
        made.append(user["username"])
    for number in (3, 30):
        [user] = owner.all("/users", filter=f'username eq "guest.{number:02}"')
        owner.post(f"/users/{user['id']}/disable")
    return made


def usernames(page) -> list[str]:
    return [text.strip() for text in page.locator(".list tbody td code").all_inner_texts()]


def test_paging_both_ways(console, sixty):
    page = console("/users?q=guest")
    pages = [sixty[:25], sixty[25:50], sixty[50:]]
    counts = ["Showing 1 to 25 of 60", "Showing 26 to 50 of 60", "Showing 51 to 60 of 60"]
    pagination = page.get_by_role("navigation", name="Pages")
    for number, way in ((0, "Next"), (1, "Next"), (2, "Previous"), (1, "Previous"), (0, "Next"), (1, None)):
        expect(pagination).to_contain_text(counts[number])
        assert usernames(page) == pages[number]
        expect(pagination.get_by_role("link", name="Next")).to_have_count(1 if number < 2 else 0)
        expect(pagination.get_by_role("link", name="Previous")).to_have_count(1 if number > 0 else 0)
        if way:
            pagination.get_by_role("link", name=way).click()


def test_a_view_can_be_sent(console, sixty):
    page = console("/users?q=guest&sort=-username")
    assert usernames(page) == sixty[:34:-1]
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Next").click()
    page.wait_for_url("**after=**")
    seen = usernames(page)
    assert seen == sixty[34:9:-1]
    other = console(path(page))
    assert usernames(other) == seen
    expect(other.locator(".chips")).to_contain_text("Search: guest")
    expect(other.get_by_role("searchbox", name="Search users")).to_have_value("guest")


def test_search_filter_and_order(console, sixty):
    page = console("/users")
    page.get_by_role("searchbox", name="Search users").fill("guest")
    page.keyboard.press("Enter")
    page.wait_for_url("**/users?q=guest")
    page.locator("main").get_by_label("Status").select_option("disabled")
    page.wait_for_url("**/users?q=guest&status=disabled")
    assert usernames(page) == ["guest.03", "guest.30"]
    assert set(page.locator(".list tbody .status").all_inner_texts()) == {"Disabled"}
    page.get_by_role("link", name="Name", exact=True).click()
    page.wait_for_url("**sort=name**")
    assert usernames(page) == ["guest.30", "guest.03"]
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Name")
    page.get_by_role("link", name="Name", exact=True).click()
    page.wait_for_url("**sort=-name**")
    assert usernames(page) == ["guest.03", "guest.30"]
    page.get_by_role("link", name="Remove the filter Status: Disabled").click()
    expect(page.locator(".list tbody tr")).to_have_count(25)
    assert "status" not in path(page) and "q=guest" in path(page)
    for title, field in (("Status", "status"), ("E-mail", "email"), ("Created", "createdAt"), ("Last sign-in", "lastSignInAt")):
        page.locator("thead").get_by_role("link", name=title).click()
        page.wait_for_url(f"**sort={field}**")
        assert len(usernames(page)) == 25
    page.goto("/users?q=nobody-at-all")
    expect(page.locator("main")).to_contain_text("Nobody fits")
    page.get_by_role("link", name="Show all users").click()
    page.wait_for_url("**/users")


# The audit log


def test_the_audit_log(console, server, owner, person):
    user = person(unique("seen"), name="Sven Seen")
    server.sign_in(user["username"], PASSWORD).close()
    with server.api(address=ATTACKER) as attacker:
        attacker.sign_in(user["username"], WRONG)
    owner.patch(f"/users/{user['id']}", json={"name": "Sven Changed"})

    page = console("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit log").click()
    page.get_by_role("combobox", name="Action").select_option(label="Created a user")
    page.wait_for_url("**/audit?action=user.create")
    assert set(names_in_list(page)) == {"Created a user"}
    page.get_by_label("On", exact=True).fill(user["username"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**target={user['username']}**")
    assert names_in_list(page) == ["Created a user"]
    page.get_by_role("link", name="Remove the filter Action").click()
    expect(page.locator(".chips")).not_to_contain_text("Action")
    found = names_in_list(page)
    assert found[0] == "Edited a user" and "Created a user" in found
    page.get_by_role("combobox", name="Time").select_option(label="Last hour")
    page.wait_for_url("**since=hour**")
    assert names_in_list(page) == found

    page.get_by_role("link", name="Edited a user").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Edited a user")
    main = page.locator("main")
    for words in (OWNER, user["username"], "Sven Seen", "Sven Changed", "127.0.0.1", "user.update"):
        expect(main).to_contain_text(words)
    exact = page.locator("time[data-exact]").first
    assert str(datetime.now().year) in exact.inner_text()
    page.get_by_role("link", name="Everything of this request").click()
    page.wait_for_url("**/audit?request=**")
    assert names_in_list(page) == ["Edited a user"]

    page.goto("/audit?outcome=failure")
    assert "Sign-in refused" in names_in_list(page)
    page.goto("/audit?actor=nobody-at-all")
    expect(main).to_contain_text("Nobody is called nobody-at-all")


def test_verifying_the_record(console):
    page = console("/audit")
    page.get_by_role("link", name="Verify the record").click()
    expect(page.locator("main")).to_contain_text("The record is intact")
    head = page.locator("main pre").first.inner_text().strip()
    page.get_by_label("An earlier head").fill(head)
    page.get_by_role("button", name="Verify again").click()
    expect(page.locator("main")).to_contain_text("still part of it")
    position, _, seal = head.partition(":")
    page.get_by_label("An earlier head").fill(f"{position}:{seal[::-1]}")
    page.get_by_role("button", name="Verify again").click()
    expect(page.locator("main")).to_contain_text("not what was written")


# Everywhere


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_search_from_anywhere(console, person, keys):
    user = person(unique("found"), name="Fred Found")
    page = console("/help")
    page.keyboard.press(keys)
    box = page.get_by_role("searchbox", name="Search everywhere")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.type(user["username"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    page.get_by_role("link", name="Fred Found").click()
    page.wait_for_url(f"**/users/{user['id']}")
    page.goto("/search?q=lock")
    page.get_by_role("link", name="Users who are locked").click()
    page.wait_for_url("**/users?status=locked")


def test_a_slash_can_be_typed(console):
    page = console("/users/new")
    field = page.get_by_label("Name (optional)", exact=True)
    field.click()
    page.keyboard.type("a/b")
    expect(field).to_have_value("a/b")


def test_the_api_page(console):
    page = console("/help")
    page.locator("main").get_by_role("link", name="REST API").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("API reference")
    page.get_by_role("link", name="POST /users", exact=True).click()
    page.wait_for_url("**/help/api?tag=**")
    expect(page.locator("main")).to_contain_text("curl -s -X POST")
    expect(page.locator("main")).to_contain_text("username")
    page.goto("/help/api")
    with page.expect_response("**/api/v1/openapi.yaml") as answer:
        page.evaluate("address => fetch(address)", page.get_by_role("link", name="The description as a file").get_attribute("href"))
    assert answer.value.status == 200 and answer.value.text().startswith("openapi:")


def background(page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_the_colours_are_remembered(open_page, person):
    page = sign_in(open_page(), person(unique("colour"))["username"], PASSWORD, at="/sign-in?next=/account")
    light = background(page)
    page.get_by_label("Name (optional)", exact=True).fill("typed")
    page.get_by_role("button", name="Dark").click()
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    dark = background(page)
    assert dark != light
    expect(page.get_by_label("Name (optional)", exact=True)).to_have_value("typed")
    page.goto("/help")
    assert background(page) == dark
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in**")
    assert background(page) == dark, "also for whoever is not signed in"


def test_the_switch_wins_over_the_system(console):
    page = console("/", dark=True)
    dark = background(page)
    page.get_by_role("button", name="Light").click()
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    light = background(page)
    assert light != dark
    page.reload()
    assert background(page) == light
    page.get_by_role("button", name="Like the system").click()
    expect(page.get_by_role("button", name="Like the system")).to_have_attribute("aria-pressed", "true")
    page.reload()
    assert background(page) == dark


def test_the_narrow_menu(console):
    page = console("/", width=390)
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation).to_be_hidden()
    page.locator("summary", has_text="Menu").click()
    navigation.get_by_role("link", name="Users").click()
    page.wait_for_url("**/users")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search everywhere")).to_be_focused()


def test_a_page_that_is_not_there(console):
    page = console("/")
    answer = page.goto("/nowhere")
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is here")
    page.get_by_role("link", name="Go to Home").click()
    assert path(page) == "/"
