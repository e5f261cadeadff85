"""Decisions in the program itself: alone at three sizes, and beside Casbin and Cedar deciding the same questions on the same policies."""

import json
import subprocess
import sys
import tempfile
import time

POLICIES = 10_000
QUESTIONS = 2_000
CASBIN_MODEL = """
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.sub == p.sub && keyMatch(r.obj, p.obj) && r.act == p.act
"""


class Decisions:
    parts = ["decisions"]

    def __init__(self, bench):
        self.bench, self.program = bench, bench.tools.path("decisions")
        self.seconds = 1 if bench.quick else 4
        self.sizes = [10_000, 100_000, 1_000_000]

    def run(self):
        figures = {size: self.ask("measure", size, self.seconds) for size in self.sizes}
        for size, found in figures.items():
            self.bench.show(f"Decisions in the process, {size:,} grants; times in nanoseconds, per decision in batches of 100", found)
        small, large = figures[self.sizes[0]], figures[self.sizes[-1]]
        flat = {f"{kind}: {self.sizes[0]:,} grants, times as fast as {self.sizes[-1]:,}": small[f"{kind} all/s"] / large[f"{kind} all/s"]
                for kind in ("plain", "nested")}  # fmt: skip
        self.bench.show("Flat", flat | self.ask("members", 1_000_000))
        self.beside()

    def ask(self, *arguments):
        return json.loads(self.output(*arguments))

    def output(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], check=True, capture_output=True, text=True).stdout

    # Beside others

    def beside(self):
        lines = [json.loads(line) for line in self.output("write", POLICIES, QUESTIONS).splitlines()]
        # Users only: groups and conditions are not compared, since the engines mean different things by what is absent.
        users = {line["id"] for line in lines if line["what"] == "user" and not line["groups"]}
        policies = [line for line in lines if line["what"] == "policy" and line["id"] in users]
        questions = [line for line in lines if line["what"] == "question" and line["set"] == "plain"]
        others = [line for line in lines if line["what"] == "policy" and line["id"] not in users and line["condition"] is None]
        policies += [line for line in others if line["kind"] == "user"]
        rounds = {"Gatehouse": [], "Casbin": [], "Cedar": []}
        casbin, cedar = Casbin(policies), Cedar(policies, questions)
        for _ in range(3):
            rounds["Gatehouse"].append(self.ask("answer", POLICIES, QUESTIONS, self.seconds)["plain"])
            rounds["Casbin"].append(speed(casbin, questions, self.seconds))
            rounds["Cedar"].append(speed(cedar, questions, self.seconds))
        rates = {name: sorted(found)[1] for name, found in rounds.items()}
        self.bench.show(
            f"Beside others, ids and patterns: {POLICIES:,} grants here, {len(policies):,} policies there; medians of three rounds", {
                "Gatehouse, decisions/s": rates["Gatehouse"], "Casbin, FastEnforcer by subject, decisions/s": rates["Casbin"],
                "Cedar through cedarpy, policies and entities parsed once, decisions/s": rates["Cedar"],
                "Gatehouse, times Casbin": rates["Gatehouse"] / rates["Casbin"],
                "Gatehouse, times Cedar": rates["Gatehouse"] / rates["Cedar"]})  # fmt: skip


class Casbin:
    def __init__(self, policies):
        import casbin

        # Indexed only when it reads the model from a file itself.
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as model:
            model.write(CASBIN_MODEL)
            model.flush()
            self.enforcer = casbin.FastEnforcer(model.name, cache_key_order=[0])
        self.enforcer.add_policies([[one["id"], key(one), one["action"], one["effect"]] for one in policies])

    def allows(self, question):
        return self.enforcer.enforce(question["id"], key(question), question["action"])


class Cedar:
    def __init__(self, policies, questions):
        import cedarpy

        self.cedarpy = cedarpy
        self.policies = cedarpy.PolicySet.from_str("\n".join(map(self.policy, policies)))
        keys = {key(one) for one in questions} | {key(one) for one in policies if not one["resource"].endswith("*")}
        self.entities = cedarpy.Entities.from_json_str(json.dumps(
            [{"uid": {"type": "Thing", "id": one}, "attrs": {"key": one}, "parents": []} for one in sorted(keys)]))  # fmt: skip

    @staticmethod
    def policy(one):
        word = "permit" if one["effect"] == "allow" else "forbid"
        head = f'{word}(principal == User::"{one["id"]}", action == Action::"{one["action"]}", resource'
        if one["resource"].endswith("*"):
            return f'{head}) when {{ resource.key like "{key(one)}" }};'
        return f'{head} == Thing::"{key(one)}");'

    def allows(self, question):
        request = {
            "principal": f'User::"{question["id"]}"', "action": f'Action::"{question["action"]}"',
            "resource": f'Thing::"{key(question)}"', "context": {}}  # fmt: skip
        return self.cedarpy.is_authorized(request, self.policies, self.entities).allowed


def key(one):
    return f"{one['type']}:{one['resource']}"


def speed(engine, questions, seconds):
    """Decisions per second of processor time; every answer must be ours."""
    began, asked = time.process_time(), 0
    while True:
        for question in questions:
            if engine.allows(question) != question["answer"]:
                sys.exit(f"{type(engine).__name__} decides otherwise: {question}")
            asked += 1
            if asked % 10 == 0 and time.process_time() - began > seconds:
                return asked / (time.process_time() - began)
