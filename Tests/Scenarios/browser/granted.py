"""Groups and what was granted, for the pages about them."""

from support.api import Api


def grant(owner: Api, users: dict[str, dict]) -> dict[str, str]:
    """Makes groups, role assignments and authorizations in every state; answers ids by name."""

    def made(path: str, **body) -> str:
        answer = owner.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    ids = {
        "plant": made("/groups", name="plant-7", description="Crew of plant 7, all shifts"),
        "operations": made("/groups", name="operations", description="Whoever keeps things running"),
        "empty": made("/groups", name="auditors-2026"),
        "odd": made("/groups", name="<script>document.title='gone'</script>", description='Quote "\u0301 onclick=x'),
    }
    for username in ("elif.yildiz", "bela.kovacs", "carmen.diaz", "greta.holm"):
        join(owner, ids["plant"], "users", users[username]["id"])
    join(owner, ids["operations"], "groups", ids["plant"])
    ids["service"] = made("/services", name="reporting", description="Nightly reports for everybody who asks")
    ids["disabled-service"] = made("/services", name="retired")
    answer = owner.patch(f"/services/{ids['disabled-service']}", json={"status": "disabled"})
    assert answer.status_code == 200, answer.text
    tokens = f"/services/{ids['service']}/tokens"
    ids["token"] = made(tokens, name="nightly", expiresAt="2099-01-01T00:00:00Z")
    made(tokens, name="narrow", permissions=[{"effect": "allow", "resourceType": "mqtt-topic", "match": "any", "actions": ["publish"]}])
    join(owner, ids["operations"], "services", ids["service"])
    person = {"kind": "user", "id": users["carmen.diaz"]["id"]}
    other = {"kind": "user", "id": users["bela.kovacs"]["id"]}
    ids["assigned"] = made(
        "/role-assignments", principal=person, role="user-admin", expiresAt="2099-01-15T17:00:00Z",
        reason="Runs the service desk while Greta is on leave",
    )  # fmt: skip
    ids["upcoming"] = made("/role-assignments", principal=other, role="auditor", validFrom="2098-01-01T00:00:00Z")
    ids["narrow"] = made(
        "/role-assignments", principal=other, role="help-desk",
        scope={"kind": "resources", "type": "user", "ids": [user["id"] for user in list(users.values())[:5]]},
    )  # fmt: skip
    ids["by-group"] = made(
        "/role-assignments", principal={"kind": "group", "id": ids["operations"]}, role="help-desk",
        scope={"kind": "group", "id": ids["plant"]}, reason="night shift",
    )  # fmt: skip
    ids["authorized"] = made(
        "/authorizations", principal={"kind": "group", "id": ids["plant"]}, reason="until there is a role",
        permissions=[
            {"effect": "allow", "resourceType": "mqtt-topic", "match": "pattern", "resource": "plant/7/#", "actions": ["subscribe"]},
            {"effect": "deny", "resourceType": "mqtt-topic", "match": "pattern", "resource": "plant/7/secret/#", "actions": ["*"]},
        ],
    )  # fmt: skip
    ids["authorized-person"] = made(
        "/authorizations", principal=person,
        permissions=[{"effect": "allow", "resourceType": "http-endpoint", "match": "id", "resource": "/reports", "actions": ["read"]}],
    )  # fmt: skip
    return ids


def join(owner: Api, group: str, kind: str, member: str) -> None:
    answer = owner.request("PUT", f"/groups/{group}/members/{kind}/{member}")
    assert answer.status_code == 204, answer.text
