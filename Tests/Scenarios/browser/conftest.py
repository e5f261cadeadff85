"""What the tests in a real browser share."""

import pytest
from places import Place, World, make_world
from steps import carry
from support.server import Server


@pytest.fixture
def console(open_page, server, owner):
    """A desktop page of the owner, without the detour through the sign-in page; `console(width=390)` for others."""

    def open_as_owner(path: str = "/", **options):
        page = open_page(**options)
        carry(page, server, owner.token)
        page.goto(path)
        return page

    return open_as_owner


@pytest.fixture(scope="module")
def world(server, owner) -> World:
    with Server() as fresh:
        fresh.start()
        made = make_world(server, fresh, owner)
        yield made
        made.somebody.close()


@pytest.fixture
def visit(open_page, server, world):
    """Opens a place as whoever it is for: `page, answer = visit(place, width=390)`; `watch` runs before the page's own script."""

    def go(place: Place, watch: str | None = None, **options):
        page = open_page(**options)
        if watch:
            page.add_init_script(watch)
        token = {"owner": world.owner.token, "somebody": world.somebody.token, "nobody": None}[place.who]
        if token:
            carry(page, server, token)
        answer = place.go(page, world)
        page.wait_for_load_state("load")
        assert answer.status == place.status, f"{place}: {answer.status}"
        return page, answer

    return go
