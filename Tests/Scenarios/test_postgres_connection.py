"""How Gatehouse comes to its PostgreSQL: URLs, passwords, certificates, and what it says when it does not."""

import shutil
from urllib.parse import quote

import pytest

from support import postgres
from support.postgres import ROLE, Postgres, rows
from support.server import Server, run_to_end

pytestmark = [pytest.mark.once("is about PostgreSQL"), pytest.mark.timeout(300)]

UNAVAILABLE, USAGE = 69, 64


@pytest.fixture(scope="module")
def encrypted():
    """Offers TLS, with a certificate for 127.0.0.1 that vouches for itself; listens at 127.0.0.2, too."""
    with Postgres(tls=True, settings={"listen_addresses": "127.0.0.1,127.0.0.2"}) as running:
        yield running


def refusal(url: str, code: int = UNAVAILABLE, secret: str | None = None, **options) -> str:
    """What a server that cannot start with this URL says; never the password."""
    with Server(database=url, **options) as server:
        assert run_to_end(server, within=60) == code, server.tail()
        said = server.stderr + server.stdout
    for word in ("Fatal error", "crashed"):
        assert word not in said, said
    assert (secret or postgres.shared().password) not in said
    return said


def encryption(running: Postgres, url: str) -> set[bool]:
    """Whether the connections of Gatehouse are encrypted."""
    found = rows(
        running.url(),
        "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
        f" WHERE usename = '{ROLE}' AND datname = '{postgres.name_of(url)}'",
    )
    return {ssl for (ssl,) in found}


def test_whoever_cannot_connect_is_told_why():
    running = postgres.shared()
    with running.database() as url:
        assert "password authentication failed" in refusal(url.replace(running.password, "wr0ng-and-secret"), secret="wr0ng-and-secret")
        assert "does not exist" in refusal(url + "x")
        assert "refused" in refusal(running.url(postgres.name_of(url), ROLE, port=1)).lower()
        for wrong in ("mysql://a@b/c", url + "?sslmodus=on", "postgres://%zz@127.0.0.1/x", "nonsense"):
            assert "--database" in refusal(wrong, code=USAGE)


def test_a_role_that_may_make_no_tables_is_told():
    running = postgres.shared()
    with running.database() as url:
        name = postgres.name_of(url)
        running.sql(f"ALTER DATABASE {name} OWNER TO {postgres.SUPERUSER}")
        assert "permission denied" in refusal(url)


def test_a_password_may_hold_anything():
    running = postgres.shared()
    secret = "p@ss/w:rd?#%&= ü"
    with running.database() as url:
        role = f"odd_{postgres.name_of(url)}"
        running.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{secret}'")
        try:
            running.sql(f"ALTER DATABASE {postgres.name_of(url)} OWNER TO {role}")
            with Server(database=url.replace(f"{ROLE}:{running.password}", f"{role}:{quote(secret, safe='')}")) as server:
                server.start()
                server.set_up()
                server.sign_in().close()
                assert server.stop() == 0
                assert secret not in server.stderr + server.stdout and quote(secret, safe="") not in server.stderr + server.stdout
        finally:
            running.sql(f"ALTER DATABASE {postgres.name_of(url)} OWNER TO {postgres.SUPERUSER}")
            running.sql(f"DROP OWNED BY {role}", database=postgres.name_of(url))
            running.sql(f"DROP ROLE {role}")


def test_the_url_may_come_from_a_file(tmp_path):
    running = postgres.shared()
    with running.database() as url:
        secret = tmp_path / "url"
        secret.write_text(url + "\n")
        with Server(engine="sqlite", environment={"GATEHOUSE_DATABASE_FILE": str(secret)}) as server:
            server.start()
            server.set_up()
            assert rows(url, "SELECT COUNT(*) FROM principal") == [(1,)]
            assert not (server.data / "gatehouse.db").exists()


def test_a_certificate_is_verified_when_asked_for(encrypted, tmp_path):
    with encrypted.database() as url:
        trusting = f"{url}?sslmode=verify-full&sslrootcert={encrypted.certificate}"
        with Server(database=trusting) as server:
            server.start()
            server.set_up()
            server.sign_in().close()
            assert encryption(encrypted, url) == {True}
            assert server.stop() == 0
        # Issued by nobody we know, or for another name.
        other = tmp_path / "other.crt"
        with Postgres(tls=True) as stranger:
            shutil.copy(stranger.certificate, other)
        said = refusal(f"{url}?sslmode=verify-full&sslrootcert={other}", secret=encrypted.password)
        assert "certificate" in said
        said = refusal(trusting.replace("127.0.0.1", "127.0.0.2"), secret=encrypted.password)
        assert "does not match" in said
        with Server(database=trusting.replace("127.0.0.1", "127.0.0.2").replace("verify-full", "verify-ca")) as server:
            server.start()


def test_encryption_can_be_required_or_forbidden(encrypted):
    running = postgres.shared()
    with running.database() as url:
        assert "SSL" in refusal(url + "?sslmode=require")
    with encrypted.database() as url:
        for mode, expected in (("", {True}), ("?sslmode=require", {True}), ("?sslmode=disable", {False})):
            with Server(database=url + mode) as server:
                server.start()
                assert encryption(encrypted, url) == expected


def test_a_lost_encrypted_connection_is_made_again(encrypted):
    with encrypted.database() as url, Server(database=f"{url}?sslmode=require") as server:
        server.start()
        server.set_up()
        with server.sign_in() as owner:
            for _ in range(3):
                encrypted.sql(
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{postgres.name_of(url)}'"
                )
                # A lost connection is noticed, and what had not begun is done on a new one.
                assert owner.get("/me").status_code in (200, 503)
                server.wait_ready(60)
                owner.create_user()
            assert encryption(encrypted, url) == {True}
