"""Runs every measurement of Documentation/Performance.md on loopback, in temporary folders; prints a table and writes JSON.

Nothing here judges: it prints figures, with what each is compared to in the same run. Comparisons alternate, round by round,
and are given as medians. Other work on the machine spoils a round; its share of the processors is measured, disturbed rounds
are repeated a few times, the quietest count, and the worst of those is printed with the figures.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from decisions import Decisions  # noqa: E402
from engines import Engines  # noqa: E402
from evaluation import Evaluation  # noqa: E402
from programs import CORES, PASSWORD, Program, Server, Tools, Watch, free_port, prepare, processor_seconds  # noqa: E402
from programs import request, start_slapd, wait_for  # noqa: E402
from rounds import median, rounds_of  # noqa: E402
from seed import is_disabled, user_id, username  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent
SMALL = 10_000


PARTS = ["start", "reads", "lists", "sign-ins", "large", *Evaluation.parts, *Decisions.parts, *Engines.parts]


class Bench:
    def __init__(self, given, scratch):
        self.binary, self.quick, self.patience = given.gatehouse, given.quick, given.patience
        self.only = set(given.only.split(",")) if given.only else set(PARTS)
        self.scratch, self.tools = scratch, Tools(os.path.abspath(given.tools), scratch)
        self.results = {}

    def folder(self, name):
        return os.path.join(self.scratch, name)

    def show(self, title, figures, disturbance=None):
        if disturbance is not None:
            figures = figures | {"others' share of the processors, worst round": disturbance}
        self.results[title] = {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
        print(f"\n{title}")
        for name, value in figures.items():
            print(f"  {name:60} {value:>12,.3f}" if isinstance(value, float) else f"  {name:60} {value:>12,}")
        sys.stdout.flush()

    # Start and memory

    def start_and_memory(self, title, folder, count):
        def once():
            watch = Watch()
            with Server(self.binary, folder) as server:
                watch.add(server)
                return {"ms": server.milliseconds_to_first_answer}, watch.foreign()

        rounds, disturbance = rounds_of(count, once, self.patience)
        with Server(self.binary, folder) as server:
            time.sleep(3)
            resident, anonymous = server.resident()
            token = server.sign_in()
            for _ in range(3):
                server.get("/users?limit=50", token)
            time.sleep(1)
            used, _ = server.resident()
        self.show(title, {
            "start to first answer, ms": median(rounds, "ms"),
            "resident idle after start, MiB": resident,
            "of it not mapped from files, MiB": anonymous,
            "resident after a sign-in and a list, MiB": used,
        }, disturbance)  # fmt: skip

    # One user

    def reads(self, server):
        """Single user reads beside a bare Hummingbird program and OpenLDAP, in turns."""
        seconds, count, connections = (2, 3, 32) if self.quick else (6, 5, 32)
        token = server.sign_in()
        paths = [f"/api/v1/users/{user_id(number * 7 % SMALL)}" for number in range(1000)]
        port = free_port()
        slapd, ldap = start_slapd(self.folder("ldap"), SMALL) if shutil.which("slapd") else (None, 0)
        bare = Program([self.tools.path("bare"), str(port)])
        wait_for(port)

        def timed(program, name, run):
            watch, before = Watch(program), processor_seconds(program.pid)
            rate = run()
            elapsed = time.perf_counter() - watch.began
            cost = (processor_seconds(program.pid) - before) / (rate * elapsed) * 1e6
            return {name: rate, name + " cost": cost}, watch.foreign()

        def once():
            parts = [
                timed(bare, "bare", lambda: self.tools.wrk(port, paths, seconds, connections)),
                timed(server, "read", lambda: self.tools.wrk(server.port, paths, seconds, connections, token)),
            ]
            if slapd:
                url = f"ldap://127.0.0.1:{ldap}"
                parts.append(timed(
                    slapd, "ldap", lambda: self.tools.number("ldaprate", url, "dc=bench", SMALL, connections, seconds)))
            figures = {name: value for part, _ in parts for name, value in part.items()}
            return figures, max(foreign for _, foreign in parts)

        try:
            rounds, disturbance = rounds_of(count, once, self.patience)
        finally:
            bare.stop()
            if slapd:
                slapd.stop()
        figures = {
            "bare Hummingbird, answers/s": median(rounds, "bare"),
            "user read, answers/s": median(rounds, "read"),
            "user read as a share of bare": statistics.median(one["read"] / one["bare"] for one in rounds),
            "bare Hummingbird, processor µs per answer": median(rounds, "bare cost"),
            "user read, processor µs per answer": median(rounds, "read cost"),
        }
        if slapd:
            figures |= {
                "OpenLDAP, searches/s": median(rounds, "ldap"),
                "user reads per OpenLDAP search": statistics.median(one["read"] / one["ldap"] for one in rounds),
                "OpenLDAP, processor µs per search": median(rounds, "ldap cost"),
            }
        else:
            print("bench: no slapd here, so nothing is compared to OpenLDAP (Debian: apt-get install slapd)", file=sys.stderr)
        self.show("One user read (32 connections, 10,000 users)", figures, disturbance)

    # Lists

    def lists(self, server, users):
        token = server.sign_in()
        cursor, depth = None, 0
        while depth < users * 0.9:
            after = f"&after={urllib.parse.quote(cursor)}" if cursor else ""
            cursor = server.get(f"/users?limit=1000{after}", token)["page"]["nextCursor"]
            depth += 1000
        one = username(users // 2 + 1)
        first, last = one.rstrip("0123456789").split(".")
        paths = {
            "first page": "/users?limit=50",
            "deep page, nine tenths in": f"/users?limit=50&after={urllib.parse.quote(cursor)}",
            "newest first": "/users?limit=50&sort=-createdAt",
            "by last sign-in": "/users?limit=50&sort=-lastSignInAt",
            "search, one match": f"/users?limit=50&q={one}",
            "search, first and last name": f"/users?limit=50&q={first}%20{last}",
            "search, a first name": f"/users?limit=50&q={first}",
            "search, a letter": "/users?limit=50&q=m",
            "search, everybody": "/users?limit=50&q=example",
            "filter, disabled": "/users?limit=50&filter=" + urllib.parse.quote('status eq "disabled"'),
            "filter, by user name": "/users?limit=50&filter=" + urllib.parse.quote(f'username eq "{one}"'),
            "filter, part of an e-mail, no match": "/users?limit=50&filter=" + urllib.parse.quote('email co "nowhere"'),
        }
        count, repeats = (3, 20) if self.quick else (5, 60)

        def run_once():
            figures, watch = {}, Watch(server)
            for name, path in paths.items():
                # A second and a half at most: what is slow is slow enough to be measured by a few.
                result = self.tools.http(server.port, [request("GET", path, token)], 1.5, count=repeats)
                if result["failed"] or result["all"]["count"] != result.get("200", {}).get("count"):
                    raise SystemExit(f"GET {path}: {result}")
                figures[name] = result["200"]["p50"]
                figures[name + " p99"] = result["200"]["p99"]
            return figures, watch.foreign()

        run_once()
        rounds, disturbance = rounds_of(count, run_once, self.patience)
        figures = {f"{name}, ms": median(rounds, name) for name in paths}
        figures["deep page / first page"] = statistics.median(
            one["deep page, nine tenths in"] / one["first page"] for one in rounds)
        self.show(f"Lists of {users:,} users, one at a time (median)", figures, disturbance)

    # Sign-in

    def sign_ins(self, server):
        seconds, count = (4, 2) if self.quick else (8, 5)
        token = server.sign_in()
        able = [number for number in range(SMALL) if not is_disabled(number)]
        state = {"at": 0}

        def attempts(how_many):
            """Everybody signs in once before anybody does again: attempts on one account at once are held back."""
            state["at"] += how_many
            return [
                request("POST", "/sessions", body={"username": username(able[n % len(able)]), "password": PASSWORD})
                for n in range(state["at"] - how_many, state["at"])]

        def throughput():
            watch = Watch(server)
            raw = self.tools.number("argon2rate", seconds)
            before = processor_seconds(server.pid)
            # As many at once as keep every core hashing while others wait for the disk, and few enough for the queue to take them.
            result = self.tools.http(server.port, attempts(2000), seconds, connections=CORES * 8)
            done = result.get("201", {"count": 0})["count"] / result["seconds"]
            spent = (processor_seconds(server.pid) - before) / max(1, result.get("201", {"count": 0})["count"])
            if result["all"]["count"] != result.get("201", {"count": 0})["count"]:
                raise SystemExit(f"signing in: {result}")
            return {"raw": raw, "done": done, "share": done / raw, "cost": spent * 1000}, watch.foreign()

        rounds, disturbance = rounds_of(count, throughput, self.patience)
        self.show(f"Sign-ins ({CORES * 8} at once, different users)", {
            "raw Argon2id verifications/s, all cores": median(rounds, "raw"),
            "sign-ins/s": median(rounds, "done"),
            "share of raw": median(rounds, "share"),
            "processor ms per sign-in": median(rounds, "cost"),
            "processor ms per raw verification": CORES * 1000 / median(rounds, "raw"),
        }, disturbance)  # fmt: skip

        offered = 2 * median(rounds, "raw")
        reads = [request("GET", f"/users/{user_id(number)}", token) for number in range(500)]
        lists = [request("GET", "/users?limit=50", token)]

        def probe():
            """Other routes at a steady, low rate: the median and the 99th percentile of each."""
            both = [
                self.tools.start_http(server.port, reads, seconds, connections=4, rate=100),
                self.tools.start_http(server.port, lists, seconds, connections=2, rate=10)]
            read, listed = (self.tools.finish(process) for process in both)
            for result in (read, listed):
                if result["failed"] or result["all"]["count"] != result["200"]["count"]:
                    raise SystemExit(f"reading beside sign-ins: {result}")
            return {"read": read["200"]["p50"], "read p99": read["200"]["p99"], "list": listed["200"]["p50"],
                    "list p99": listed["200"]["p99"]}  # fmt: skip

        def overload():
            watch = Watch(server)
            calm = probe()
            load = self.tools.start_http(
                server.port, attempts(int(offered * (seconds + 2)) + 1), seconds + 2, connections=256, rate=offered)
            time.sleep(1)
            under = probe()
            result = self.tools.finish(load)
            figures = {"calm " + name: value for name, value in calm.items()}
            figures |= {"under " + name: value for name, value in under.items()}
            taken, refused = result.get("201", {"count": 0}), result.get("503", {"count": 0})
            figures |= {
                "offered": result["sent"] / (seconds + 2), "taken": taken["count"] / result["seconds"],
                "refused share": refused["count"] / result["sent"],
                "other": result["sent"] - taken["count"] - refused["count"],
                "taken p50": taken.get("p50", 0.0), "taken p99": taken.get("p99", 0.0),
                "refused p50": refused.get("p50", 0.0), "refused p99": refused.get("p99", 0.0), "all p99": result["all"]["p99"],
            }
            return figures, watch.foreign()

        rounds, disturbance = rounds_of(count, overload, self.patience)
        self.show("Sign-ins at twice the raw rate", {
            "offered/s": median(rounds, "offered"),
            "taken/s": median(rounds, "taken"),
            "share refused with 503": median(rounds, "refused share"),
            "answered otherwise, or not at all": median(rounds, "other"),
            "taken, median ms": median(rounds, "taken p50"),
            "taken, 99th percentile ms": median(rounds, "taken p99"),
            "refused, median ms": median(rounds, "refused p50"),
            "refused, 99th percentile ms": median(rounds, "refused p99"),
            "all, 99th percentile ms": median(rounds, "all p99"),
        } | {
            f"{what}, {point} ms, {when}": median(rounds, f"{state} {name}{suffix}")
            for name, what in (("read", "user read meanwhile"), ("list", "first page meanwhile"))
            for suffix, point in (("", "median"), (" p99", "99th percentile"))
            for state, when in (("calm", "without sign-ins"), ("under", "beside them"))
        } | {
            "user read beside sign-ins / without (median)": statistics.median(
                one["under read"] / one["calm read"] for one in rounds),
            "first page beside sign-ins / without (median)": statistics.median(
                one["under list"] / one["calm list"] for one in rounds),
        }, disturbance)  # fmt: skip

    def run(self):
        starts = 5 if self.quick else 9
        if "start" in self.only:
            prepare(self.binary, self.folder("empty"), 0)
            self.start_and_memory("Start and memory, no users", self.folder("empty"), starts)
        if self.only & {"start", "reads", "lists", "sign-ins", *Evaluation.parts}:
            self.run_small(self.folder("small"), starts)
        if "large" in self.only:
            self.run_large(self.folder("large"), 100_000 if self.quick else 1_000_000, starts)
        if self.only & set(Decisions.parts):
            Decisions(self).run()
        if self.only & set(Engines.parts):
            Engines(self).run()

    def run_small(self, folder, starts):
        prepare(self.binary, folder, SMALL)
        if "start" in self.only:
            self.start_and_memory(f"Start and memory, {SMALL:,} users", folder, starts)
        with Server(self.binary, folder) as server:
            if "reads" in self.only:
                self.reads(server)
            if self.only & set(Evaluation.parts):
                Evaluation(self).run(server)
            if "lists" in self.only:
                self.lists(server, SMALL)
            if "sign-ins" in self.only:
                self.sign_ins(server)
            time.sleep(3)
            self.show("Memory after all that", {"resident, MiB": server.resident()[0]})

    def run_large(self, folder, users, starts):
        began = time.perf_counter()
        prepare(self.binary, folder, users)
        print(f"bench: {users:,} users seeded in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        if "start" in self.only:
            self.start_and_memory(f"Start and memory, {users:,} users", folder, starts)
        with Server(self.binary, folder) as server:
            self.lists(server, users)
            self.show(f"After the lists of {users:,} users", {
                "resident, MiB": server.resident()[0],
                "database, MiB": os.path.getsize(f"{folder}/data/gatehouse.db") / 2**20})  # fmt: skip


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--gatehouse", required=True, help="the release binary")
    options.add_argument("--tools", required=True, help="the folder of this package's built programs")
    options.add_argument("--quick", action="store_true", help="shorter rounds, and 100,000 instead of 1,000,000 users")
    options.add_argument("--patience", type=float, default=20, help="seconds to wait before a round for a quiet machine; 0: take the rounds as they come")
    options.add_argument("--only", help="words, separated by commas: just these of " + ", ".join(PARTS))
    given = options.parse_args()
    if unknown := set((given.only or "").split(",")) - {"", *PARTS}:
        options.error(f"--only knows {', '.join(PARTS)}, not {', '.join(sorted(unknown))}")
    given.gatehouse = os.path.abspath(given.gatehouse)
    began = datetime.datetime.now(datetime.timezone.utc)
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as scratch:
        bench = Bench(given, scratch)
        bench.results["machine"] = {
            "processor": next(
                (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine()),
            "cores": CORES, "memory, GiB": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
            "system": platform.platform(), "time": began.isoformat(timespec="seconds"), "quick": given.quick}  # fmt: skip
        bench.run()
    target = ROOT / "results"
    target.mkdir(exist_ok=True)
    path = target / f"{began:%Y%m%dT%H%M%S}{'-quick' if given.quick else ''}.json"
    path.write_text(json.dumps(bench.results, indent=2, ensure_ascii=False) + "\n")
    print(f"\nWritten to {path}")


if __name__ == "__main__":
    main()
