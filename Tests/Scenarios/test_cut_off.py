"""A node that does not reach PostgreSQL refuses; it never answers from what it knew before."""

import time

import pytest

from support import postgres
from support.nodes import nodes
from support.probe import readiness, reading
from support.relay import Relay

pytestmark = [pytest.mark.once("is about PostgreSQL"), pytest.mark.timeout(600)]

PASSWORD = "nine copper kettles whistle"
TRUSTED = 1.25


@pytest.mark.parametrize("how", ["stall", "cut"])
def test_a_node_that_is_cut_off_trusts_nothing(how):
    running = postgres.shared()
    with running.database() as url, Relay(running.port) as relay:
        through = running.url(postgres.name_of(url), postgres.ROLE, port=relay.port)
        with nodes(url, through) as (one, other):
            for server in (one, other):
                server.start()
            one.set_up()
            with one.sign_in() as owner:
                user = owner.create_user(password=PASSWORD)
                with one.sign_in(user["username"], PASSWORD) as mine, other.api(mine.token) as session, other.api(owner.token) as same:
                    reads, ready = reading(session, "/me", "/sessions/current"), readiness(other)
                    lists = reading(same, "/users?limit=3", f"/users/{user['id']}")
                    with reads, lists, ready:
                        for probe in (reads, lists, ready):
                            probe.wait_for(200, after=0, times=3)
                        getattr(relay, how)()
                        gone = time.monotonic()
                        assert owner.post(f"/users/{user['id']}/disable").status_code == 200
                        for probe in (reads, lists):
                            probe.wait_for(503, after=gone + TRUSTED, times=5)
                        ready.wait_for(503, after=gone)
                        time.sleep(1)
                        end = time.monotonic()
                        relay.heal()
                        ready.wait_for(200, after=end)
                        reads.wait_for(401, after=end, times=5)
                        lists.wait_for(200, after=end, times=5)
                    for probe in (reads, lists):
                        believed = [answer for answer in probe.between(gone + TRUSTED, end) if answer.status != 503]
                        assert not believed, [(answer.began - gone, answer.status) for answer in believed]
                        assert max(answer.ended - answer.began for answer in probe.answers) < 15
                    # Disabled while the node could not know: it must not learn of it after it believes again.
                    late = [answer for answer in reads.answers if answer.began > end and answer.status == 200]
                    assert not late, [answer.began - end for answer in late]
                    assert other.starts == 1 and other.process.poll() is None
                    assert one.api(owner.token).get("/me").status_code == 200, "the other node never noticed"
