"""The server held against the contract that it serves, with generated requests."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from support.server import ARTEFACTS, OWNER, OWNER_PASSWORD, Server

HERE = Path(__file__).parent


def contract_of(server: Server) -> str:
    return server.url + "/api/v1/openapi.yaml"


def generate(server: Server, name: str, *flags: str, signed_in: bool, examples: int, seed: int = 20261121) -> None:
    """Runs Schemathesis; fails with what it found."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GATEHOUSE_")}
    environment |= {"SCENARIO_URL": server.url, "SCHEMATHESIS_HOOKS": "contract_hooks", "PYTHONPATH": str(HERE)}
    if signed_in:
        environment |= {"SCENARIO_OWNER": OWNER, "SCENARIO_PASSWORD": OWNER_PASSWORD}
    folder = ARTEFACTS / "contract"
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"), "--no-color", "run",
        contract_of(server), "--origin", server.url,
        "--seed", str(seed), "--max-examples", str(examples), "--checks", "all", "--workers", "1",
        "--suppress-health-check", "all", "--request-timeout", "20", "--continue-on-failure",
        "--report", "junit", "--report-junit-path", str(folder / f"{name}.xml"), *flags,
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=6 * 3600)
    (folder / f"{name}.log").write_text(result.stdout + result.stderr)
    assert server.process.poll() is None, f"the server ended\n{server.tail()}"
    assert result.returncode == 0, f"{result.stdout[-12_000:]}\n{result.stderr[-3000:]}"


@pytest.fixture(scope="module")
def contract(server):
    response = httpx.get(contract_of(server), trust_env=False)
    assert response.status_code == 200
    assert "yaml" in response.headers["content-type"]
    return yaml.safe_load(response.text)


def test_every_operation_says_what_it_answers(contract):
    seen = set()
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            where = f"{method.upper()} {path}"
            assert operation.get("summary") and operation.get("operationId"), where
            assert operation["operationId"] not in seen, where
            seen.add(operation["operationId"])
            answers = set(operation["responses"])
            assert any(status.startswith("2") for status in answers), where
            public = operation.get("security") == []
            assert public or "401" in answers, where
            if "{" in path:
                assert "404" in answers, where
            if method in ("post", "patch") and "requestBody" in operation:
                assert "400" in answers and "422" in answers and "415" in answers and "413" in answers, where
    assert len(seen) >= 25


def test_the_page_about_the_api_tells_every_operation(server, admin, contract):
    page = admin.get("/").ok()
    [link] = {link for link in page.links() if re.search(r"/help/api$", link)} or {server.url + "/help/api"}
    reference = admin.get(link.removeprefix(server.url)).ok()
    shown = reference.text
    for other in sorted({link.split("#")[0] for link in reference.links("/help/api?")}):
        shown += admin.get(other.removeprefix(server.url)).ok().text
    for path, item in contract["paths"].items():
        assert path in shown, path
        for operation in item.values():
            if isinstance(operation, dict) and "summary" in operation:
                assert operation["summary"].rstrip(".") in shown, operation["summary"]


@pytest.mark.timeout(900)
def test_as_the_owner(server):
    generate(server, "owner", "--phases", "examples,coverage,fuzzing", signed_in=True, examples=20)


@pytest.mark.timeout(900)
def test_as_the_owner_step_after_step(server):
    generate(server, "owner-steps", "--phases", "stateful", signed_in=True, examples=10)


@pytest.mark.timeout(900)
def test_as_nobody(make_server):
    # A server of its own: generated sign-ins get this address throttled.
    generate(make_server(), "anonymous", "--phases", "examples,coverage,fuzzing", signed_in=False, examples=10)


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_thousands_of_requests(make_server, seed):
    server = make_server()
    generate(server, f"soak-owner-{seed}", signed_in=True, examples=1500, seed=seed)
    generate(server, f"soak-anonymous-{seed}", signed_in=False, examples=500, seed=seed)
    with server.sign_in(address="127.0.2.2") as owner:
        assert owner.get("/audit-events/verify").json()["intact"] is True
