"""Roles, resource types and what is asked about them, for the pages about decisions."""

from pathlib import Path

from playwright.sync_api import Page, expect
from support.api import Api

CATALOG = Path(__file__).parents[3] / "Catalogs" / "connected-clusters.yaml"

OPERATOR = "plant-operator"
LEAD = "plant-lead"
MACHINE = "machine"


def decide(owner: Api, users: dict[str, dict]) -> None:
    """Makes a resource type with resources, and roles of which one includes others."""

    def made(path: str, **body) -> None:
        answer = owner.post(path, json=body)
        assert answer.status_code == 201, answer.text

    made(
        "/resource-types", id=MACHINE, name="Machine", properties=["level", "owner"],
        actions=[{"id": "view"}, {"id": "stop", "name": "Stop it"}, {"id": "run", "name": "Run it", "includes": ["view", "stop"]}],
    )  # fmt: skip
    for number in range(7):
        answer = owner.request("PUT", f"/resources/{MACHINE}/press-{number}", json={"properties": {"level": number}})
        assert answer.status_code in (200, 201), answer.text
    made(
        "/roles", id=OPERATOR, name="Plant operator", description="Runs the machines of plant 7, and reads what they say",
        permissions=[
            {"resourceType": "mqtt-topic", "match": "pattern", "resource": "plant/7/#", "actions": ["subscribe"]},
            {"resourceType": "mqtt-topic", "match": "pattern", "resource": "plant/7/+/${username}", "actions": ["publish"],
             "condition": "context.assurance ge 2"},
            {"resourceType": MACHINE, "match": "pattern", "resource": "press-*", "actions": ["run"], "condition": "resource.level le 4"},
            {"effect": "deny", "resourceType": "http-endpoint", "match": "id", "resource": "/shutdown", "actions": ["*"],
             "scopes": ["realm", "organization"]},
        ],
    )  # fmt: skip
    made("/roles", id=LEAD, name="Plant lead", includes=[OPERATOR, "help-desk"])
    made("/role-assignments", principal={"kind": "user", "id": users["greta.holm"]["id"]}, role=OPERATOR)
    made("/role-assignments", principal={"kind": "user", "id": users["mei.chen"]["id"]}, role=LEAD, expiresAt="2099-01-01T00:00:00Z")


def asking(action: str, resource: str, kind: str = "mqtt-topic", who: str = "greta.holm", page: str = "explorer") -> str:
    return f"/{page}?kind=user&who={who}&action={action}&type={kind}&resource={resource}"


def opened_permission(page: Page, world):
    """The editor with a row open, which is checked with an example."""
    page.goto(f"/roles/{OPERATOR}/edit")
    page.get_by_role("button", name="Edit permission 3").click()
    field = page.get_by_label("An id to try")
    expect(field).to_be_visible()
    field.fill("press-3")
    with page.expect_navigation() as answer:
        # Without the script, so that the page is one that was asked for.
        page.locator("main form.form").evaluate("form => { form.dataset.plain = '1'; form.requestSubmit(form.querySelector('#step-check')); }")
    return answer.value


def previewed(page: Page, world):
    page.goto(f"/roles/{OPERATOR}/edit")
    page.get_by_role("button", name="Remove permission 1").click()
    expect(page.get_by_role("button", name="Edit permission 4")).to_have_count(0)
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Preview the change", exact=True).click()
    return answer.value


def looked_at_catalog(page: Page, world):
    page.goto("/catalogs")
    page.locator("main [name=text]").fill(CATALOG.read_text())
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Show what would change", exact=True).click()
    return answer.value
