"""Decisions over HTTP: one question at a time beside a bare program that answers a constant, and a thousand in one request."""

import json
import random

from programs import Program, Watch, free_port, processor_seconds, wait_for
from rounds import median, rounds_of
from seed import is_disabled, user_id, username

TYPE = {
    "id": "record", "name": "Record", "properties": ["status"],
    "actions": [{"id": "read"}, {"id": "write", "includes": ["read"]}, {"id": "delete"}]}  # fmt: skip
DEPARTMENTS = 20
PEOPLE = 400
QUESTIONS = 1000


class Evaluation:
    parts = ["evaluation"]

    def __init__(self, bench):
        self.bench, self.tools, self.quick = bench, bench.tools, bench.quick
        self.seconds, self.rounds, self.connections = (2, 3, 32) if bench.quick else (6, 5, 32)
        self.chance = random.Random(4)

    def run(self, server):
        """On a server with at least 10,000 users."""
        token = server.sign_in()
        self.people = [number for number in range(1, 10_000) if not is_disabled(number)][:PEOPLE]
        self.grant(server, token)
        self.token = self.application(server, token)
        port = free_port()
        bare = Program([self.tools.path("bare"), str(port)])
        wait_for(port)
        try:
            self.single(server, bare, port)
            self.batches(server)
        finally:
            bare.stop()

    # What is granted

    def made(self, server, token, path, body, method="POST"):
        status, answer = server.call(method, path, body, token)
        if status not in (200, 201, 204):
            raise SystemExit(f"{method} {path}: {status} {answer}")
        return answer

    def grant(self, server, token):
        """Twenty departments: a group of twenty people each, who read its records by a pattern and write those that are open; and
        everybody may delete one record, by its id."""
        self.made(server, token, "/resource-types", TYPE)
        groups = []
        for number in range(DEPARTMENTS):
            reads = {"resourceType": "record", "match": "pattern", "resource": f"d{number}-*", "actions": ["read"]}
            writes = reads | {"actions": ["write"], "condition": 'resource.status eq "open"'}
            self.made(server, token, "/roles", {
                "id": f"department-{number}", "name": f"Department {number}", "permissions": [reads, writes]})  # fmt: skip
            group = self.made(server, token, "/groups", {"name": f"department-{number}"})["id"]
            groups.append(group)
            self.made(server, token, "/role-assignments", {
                "principal": {"kind": "group", "id": group}, "role": f"department-{number}"})  # fmt: skip
        for place, number in enumerate(self.people):
            id = user_id(number)
            self.made(server, token, f"/groups/{groups[place % DEPARTMENTS]}/members/users/{id}", None, "PUT")
            self.made(server, token, "/authorizations", {"principal": {"kind": "user", "id": id}, "permissions": [
                {"resourceType": "record", "match": "id", "resource": f"own-{place}", "actions": ["delete"]}]})  # fmt: skip

    def application(self, server, token):
        """The token of a service that may ask."""
        service = self.made(server, token, "/services", {"name": "benchmark"})["id"]
        self.made(server, token, "/roles", {
            "id": "asker", "name": "Asks", "permissions": [{"resourceType": "decision", "actions": ["evaluate"]}]})  # fmt: skip
        self.made(server, token, "/role-assignments", {"principal": {"kind": "service", "id": service}, "role": "asker"})
        return self.made(server, token, f"/services/{service}/tokens", {"name": "benchmark"})["token"]

    def question(self, place=None):
        """One of many kinds, most allowed, some not: by pattern through a group, with a condition, by id."""
        place = self.chance.randrange(PEOPLE) if place is None else place
        department, kind = place % DEPARTMENTS, self.chance.randrange(5)
        if kind == 4:
            department = self.chance.randrange(DEPARTMENTS)
        resource = {"type": "record", "id": f"d{department}-{self.chance.randrange(100_000)}"}
        action = "read"
        if kind == 2:
            action, resource = "write", resource | {"properties": {"status": self.chance.choice(["open", "closed"])}}
        if kind == 3:
            action, resource = "delete", {"type": "record", "id": f"own-{place}"}
        return {"subject": {"type": "user", "id": username(self.people[place])}, "action": {"name": action}, "resource": resource}

    # Measurements

    def request(self, path, body):
        data = json.dumps(body, separators=(",", ":")).encode()
        head = (
            f"POST /access/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n")
        return head.encode() + data

    def timed(self, program, port, requests, connections):
        watch, before = Watch(program), processor_seconds(program.pid)
        result = self.tools.http(port, requests, self.seconds, connections=connections)
        spent = processor_seconds(program.pid) - before
        if result["failed"] or result["all"]["count"] != result.get("200", {}).get("count"):
            raise SystemExit(f"asking for decisions: {result}")
        count = result["all"]["count"]
        return {
            "rate": count / result["seconds"], "cost": spent / count, "p50": result["200"]["p50"], "p99": result["200"]["p99"],
        }, watch.foreign()  # fmt: skip

    def single(self, server, bare, port):
        requests = [self.request("evaluation", self.question()) for _ in range(1000)]

        def once():
            constant, first = self.timed(bare, port, requests, self.connections)
            decided, second = self.timed(server, server.port, requests, self.connections)
            figures = {"bare " + name: value for name, value in constant.items()} | decided
            return figures | {"share": decided["rate"] / constant["rate"], "cost share": constant["cost"] / decided["cost"]}, \
                max(first, second)

        rounds, disturbance = rounds_of(self.rounds, once, self.bench.patience)
        self.bench.show(f"One question a request ({self.connections} connections, POST /access/v1/evaluation)", {
            "bare Hummingbird, answers/s": median(rounds, "bare rate"),
            "decisions/s": median(rounds, "rate"),
            "decisions as a share of bare": median(rounds, "share"),
            "bare Hummingbird, processor µs per answer": median(rounds, "bare cost") * 1e6,
            "decision, processor µs": median(rounds, "cost") * 1e6,
            "processor time of bare as a share of a decision's": median(rounds, "cost share"),
            "bare Hummingbird, median ms": median(rounds, "bare p50"),
            "bare Hummingbird, 99th percentile ms": median(rounds, "bare p99"),
            "decision, median ms": median(rounds, "p50"),
            "decision, 99th percentile ms": median(rounds, "p99"),
        }, disturbance)  # fmt: skip

    def batches(self, server):
        """A thousand questions about one person, and a thousand that have nothing in common."""

        def about_one():
            place = self.chance.randrange(PEOPLE)
            whole = [self.question(place) for _ in range(QUESTIONS)]
            items = [{name: value for name, value in one.items() if name == "resource" or value != {"name": "read"} and name == "action"}
                     for one in whole]  # fmt: skip
            return {"subject": whole[0]["subject"], "action": {"name": "read"}, "evaluations": items}

        def mixed():
            return {"evaluations": [self.question() for _ in range(QUESTIONS)]}

        for title, make in (("about one person", about_one), ("of all kinds", mixed)):
            requests = [self.request("evaluations", make()) for _ in range(20)]

            def once():
                return self.timed(server, server.port, requests, 4)

            rounds, disturbance = rounds_of(self.rounds, once, self.bench.patience)
            self.bench.show(f"{QUESTIONS:,} questions a request, {title} (4 connections, POST /access/v1/evaluations)", {
                "decisions/s": median(rounds, "rate") * QUESTIONS,
                "decisions per second of processor time": QUESTIONS / median(rounds, "cost"),
                "processor µs per decision": median(rounds, "cost") / QUESTIONS * 1e6,
                "request, median ms": median(rounds, "p50"),
                "request, 99th percentile ms": median(rounds, "p99"),
                "KiB of a request": sum(map(len, requests)) / len(requests) / 1024,
            }, disturbance)  # fmt: skip
