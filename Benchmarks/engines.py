"""SQLite and PostgreSQL side by side: requests, durable writes, import, several nodes, backups.

PostgreSQL runs with `fsync=on` and its own default settings, on the disk that SQLite's file lies on."""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.parse

from databases import Cluster, PostgresData, SQLiteData
from programs import Watch, request
from rounds import median, rounds_of
from seed import person, user_id, username

SMALL = 10_000
CLIENTS = 32
# The tables that an import fills with users.
TABLES = ["principal", "user_profile", "sign_in_activity", "user_word", "credential"]


class Engines:
    parts = ["engines", "durable", "import", "nodes", "backup"]

    def __init__(self, bench):
        self.bench, self.tools, self.binary, self.quick = bench, bench.tools, bench.binary, bench.quick
        self.made = 0
        # Answers 503 to what was asked, which are in no other figure.
        self.refusals = {}
        self.many = 100_000 if bench.quick else 1_000_000
        self.seconds, self.rounds = (2, 3) if bench.quick else (6, 5)

    def run(self):
        self.cluster = Cluster()
        try:
            print(f"bench: PostgreSQL {self.cluster.version}", file=sys.stderr)
            only = self.bench.only
            if only & {"engines", "durable", "nodes"}:
                with_users = self.both("small", SMALL)
                if "engines" in only:
                    self.requests(with_users, SMALL)
                if "durable" in only:
                    self.durable(with_users)
                if "nodes" in only:
                    self.nodes(with_users[1])
                for data in with_users:
                    data.drop()
            if "import" in only:
                self.imports(100_000 if self.quick else 1_000_000)
            if only & {"engines", "backup"}:
                with_users = self.both("many", self.many)
                if "engines" in only:
                    self.requests(with_users, self.many)
                if "backup" in only:
                    self.backups(with_users, self.many)
        finally:
            self.cluster.stop()

    def both(self, name, users=0):
        """A new installation on each engine, with so many users."""
        found = []
        for data in (
            SQLiteData(self.binary, self.bench.folder(f"{name}-sqlite")),
            PostgresData(self.binary, self.bench.folder(f"{name}-postgres"), self.cluster),
        ):
            began = time.perf_counter()
            found.append(data.make(users))
            if users:
                print(f"bench: {users:,} users in {data.name} after {time.perf_counter() - began:.0f} s", file=sys.stderr)
        return found

    def in_turns(self, once, count=None):
        """Rounds in which now one engine is the first, now the other."""
        turn = [0]

        def alternating():
            turn[0] += 1
            return once(turn[0] % 2 == 0)

        return rounds_of(count or self.rounds, alternating, self.bench.patience)

    def show(self, title, figures, disturbance):
        refused = {f"refused with 503, in all rounds: {what}": count for what, count in self.refusals.items() if count}
        self.refusals = {}
        self.bench.show(title, figures | refused, disturbance)

    # Requests

    def creations(self, token, count):
        """Requests that each make a user nobody has made yet."""
        self.made += count
        found = []
        for number in range(self.made - count, self.made):
            display, email = person(number)
            body = {"username": f"new.{number}", "name": display, "email": f"new-{email}"}
            found.append(request("POST", "/users", token, body))
        return found

    def load(self, what, server, requests, status, connections, once=False):
        """Requests in a closed loop, with `once` each of them once at most; see `answered`."""
        return self.answered(self.start(server, requests, connections, once), status, what)

    def start(self, server, requests, connections, once):
        return self.tools.start_http(
            server.port, requests, self.seconds, connections=connections, count=len(requests) if once else None)

    def answered(self, process, status, what):
        """How many were answered with success, how many per second, their percentiles, and which share of all was refused."""
        result = self.tools.finish(process)
        good, refused = (result.get(str(code), {"count": 0}) for code in (status, 503))
        if result["failed"] or result["unanswered"] or not good["count"] or (
                good["count"] + refused["count"] != result["all"]["count"]):
            raise SystemExit(f"{what}: {result}")
        self.refusals[what] = self.refusals.get(what, 0) + refused["count"]
        return good["count"], good["count"] / result["seconds"], good["p50"], good["p99"]

    def deep_cursor(self, server, token, users):
        cursor, depth = None, 0
        while depth < users * 0.9:
            after = f"&after={urllib.parse.quote(cursor)}" if cursor else ""
            cursor = server.get(f"/users?limit=1000{after}", token)["page"]["nextCursor"]
            depth += 1000
        return urllib.parse.quote(cursor)

    def kinds(self, server, token, users):
        """What is asked of a server: the name, the requests, the status expected, how many at once."""
        def get(paths):
            return [request("GET", path, token) for path in paths]

        numbers = [number * 7919 % users for number in range(1000)]
        names = [person(number)[0].lower().replace(" ", "%20") for number in numbers[:200]]
        return {
            "user create": (None, 201, CLIENTS),
            "user read": (get(f"/users/{user_id(number)}" for number in numbers), 200, CLIENTS),
            "search, one match": (get(f"/users?limit=50&q={username(number)}" for number in numbers), 200, 4),
            "search, first and last name": (get(f"/users?limit=50&q={name}" for name in names), 200, 4),
            "first page": (get(["/users?limit=50"]), 200, 4),
            "deep page": (get([f"/users?limit=50&after={self.deep_cursor(server, token, users)}"]), 200, 4),
        }

    def requests(self, both, users):
        servers = [data.serve() for data in both]
        try:
            tokens = [server.sign_in() for server in servers]
            asked = [self.kinds(server, token, users) for server, token in zip(servers, tokens)]
            kinds = list(asked[0])

            def once(swapped):
                watch, figures = Watch(self.cluster, *servers), {}
                for kind in kinds:
                    for engine in (1, 0) if swapped else (0, 1):
                        requests, status, connections = asked[engine][kind]
                        new = requests is None
                        if new:
                            requests = self.creations(tokens[engine], self.seconds * 5000)
                        name = f"{both[engine].name}: {kind}"
                        _, rate, p50, p99 = self.load(name, servers[engine], requests, status, connections, once=new)
                        figures |= {name: rate, name + " p50": p50, name + " p99": p99}
                return figures, watch.foreign()

            rounds, disturbance = self.in_turns(once)
            memory = [server.resident()[0] for server in servers]
        finally:
            for server in servers:
                server.stop()
        figures = {}
        for kind in kinds:
            connections = asked[0][kind][2]
            for data in both:
                name = f"{data.name}: {kind}"
                figures |= {
                    f"{name} ({connections} clients), per second": median(rounds, name),
                    f"{name}, median ms": median(rounds, name + " p50"),
                    f"{name}, 99th percentile ms": median(rounds, name + " p99"),
                }
            figures[f"{kind}: PostgreSQL / SQLite"] = statistics.median(
                one[f"PostgreSQL: {kind}"] / one[f"SQLite: {kind}"] for one in rounds)
        for data, resident in zip(both, memory):
            figures[f"{data.name}: server resident afterwards, MiB"] = resident
            figures[f"{data.name}: database, MiB"] = data.size()
        self.show(f"Both engines, {users:,} users", figures, disturbance)

    # Durable writes

    def raw_syncs(self):
        """How often per second the disk takes 8 KiB for good, one after the other."""
        return self.tools.number("syncrate", self.bench.folder("raw"), self.seconds / 2)

    def durable(self, both):
        servers = [data.serve() for data in both]
        clients = [1, 8, 32]
        try:
            tokens = [server.sign_in() for server in servers]

            def once(swapped):
                watch, figures = Watch(self.cluster, *servers), {}
                for connections in clients:
                    for engine in (1, 0) if swapped else (0, 1):
                        raw = self.raw_syncs()
                        requests = self.creations(tokens[engine], self.seconds * 5000)
                        before = both[engine].syncs()
                        name = f"{both[engine].name}, {connections}"
                        count, rate, _, p99 = self.load(name, servers[engine], requests, 201, connections, once=True)
                        # PostgreSQL's processes tell what they counted when they have nothing to do.
                        time.sleep(1.5)
                        syncs = both[engine].syncs() - before
                        figures |= {
                            name + " raw": raw, name + " rate": rate, name + " batch": count / syncs, name + " p99": p99,
                            name + " per raw": rate / raw, name + " share": rate / (raw * count / syncs)}
                return figures, watch.foreign()

            rounds, disturbance = self.in_turns(once)
        finally:
            for server in servers:
                server.stop()
        figures = {}
        for connections in clients:
            for data in both:
                name, title = f"{data.name}, {connections}", f"{data.name}, {connections} clients"
                figures |= {
                    f"{title}: raw fsyncs/s in turn with it": median(rounds, name + " raw"),
                    f"{title}: durable writes/s": median(rounds, name + " rate"),
                    f"{title}: 99th percentile ms": median(rounds, name + " p99"),
                    f"{title}: writes per fsync of its own (batch)": median(rounds, name + " batch"),
                    f"{title}: share of raw fsyncs x batch": median(rounds, name + " share"),
                    f"{title}: writes per raw fsync": median(rounds, name + " per raw"),
                }
        self.show("Durable writes (user create)", figures, disturbance)

    # Import

    def csv(self, rows, secret):
        path = self.bench.folder("import.csv")
        with open(path, "w") as file:
            file.write("username,name,email,passwordHash\n")
            for number in range(rows):
                display, email = person(number)
                file.write(f'{username(number)},{display},{email},"{secret}"\n')
        return path

    def take(self, server, path, rows):
        """Sends the file: seconds until the answer, MiB before it and at most."""
        token, idle = server.sign_in(), server.resident()[0]
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=3600, blocksize=1 << 16)
        began = time.perf_counter()
        with open(path, "rb") as file:
            connection.request("POST", "/api/v1/user-imports", file, {
                "Authorization": f"Bearer {token}", "Content-Type": "text/csv", "Content-Length": str(os.path.getsize(path))})
            answer = connection.getresponse()
            text = answer.read()
        seconds = time.perf_counter() - began
        connection.close()
        if answer.status != 200 or json.loads(text.splitlines()[-1])["created"] != rows:
            raise SystemExit(f"import: {answer.status} {text[-1000:]}")
        return seconds, idle, server.most_resident()

    def copy(self, source, rows):
        """The rows that an import made, by COPY into the same tables of a new installation, with their indexes: the seconds."""
        target = PostgresData(self.binary, self.bench.folder("copy"), self.cluster).make()
        seconds = 0
        for table in TABLES:
            place = self.bench.folder(table)
            owner = "principal_id" if table in ("sign_in_activity", "credential") else "user_id" if table == "user_word" else "id"
            with open(place, "wb") as file:
                source.psql(
                    f"COPY (SELECT * FROM {table} WHERE {owner} <> (SELECT id FROM principal WHERE name = 'root')) TO STDOUT",
                    target=file)
            self.cluster.server.sql("CHECKPOINT")
            began = time.perf_counter()
            with open(place, "rb") as file:
                target.psql(f"COPY {table} FROM STDIN", source=file)
            seconds += time.perf_counter() - began
            os.unlink(place)
        if int(target.ask("SELECT COUNT(*) FROM principal")) != rows + 1:
            raise SystemExit("COPY did not take all rows")
        target.drop()
        return seconds

    def imports(self, rows):
        # Any hash will do: an import takes it as it is.
        secret = "$2b$12$WApznUOJfkEGSmYRfnkrPOr466oFDCaj4b6HY3EXGvfxm43seyhgC"
        path = self.csv(rows, secret)

        def once(swapped):
            watch, figures = Watch(self.cluster), {}
            both = self.both("import")
            for engine in (1, 0) if swapped else (0, 1):
                name = both[engine].name
                with both[engine].serve() as server:
                    watch.add(server)
                    seconds, idle, most = self.take(server, path, rows)
                    figures |= {name: rows / seconds, name + " idle": idle, name + " most": most}
            figures["copy"] = rows / self.copy(both[1], rows)
            for data in both:
                data.drop()
            return figures, watch.foreign()

        rounds, disturbance = self.in_turns(once, 2 if self.quick else 1)
        figures = {"PostgreSQL's COPY of the same rows, users/s": median(rounds, "copy")}
        for name in ("SQLite", "PostgreSQL"):
            figures |= {
                f"{name}: import, users/s": median(rounds, name),
                f"{name}: COPY / import": statistics.median(one["copy"] / one[name] for one in rounds),
                f"{name}: server resident before, MiB": median(rounds, name + " idle"),
                f"{name}: server resident at most, MiB": median(rounds, name + " most"),
            }
        figures["bytes of CSV a user"] = os.path.getsize(path) / rows
        self.bench.show(f"Import of {rows:,} users with their hashes", figures, disturbance)

    # Nodes

    def nodes(self, data):
        """Requests per second of processor time, of all servers and PostgreSQL together, with one node and with two."""
        numbers = [number * 7919 % SMALL for number in range(1000)]

        def measured(servers, token, kind):
            processes = [self.cluster, *servers]
            loads = []
            for server in servers:
                requests = (
                    [request("GET", f"/users/{user_id(number)}", token) for number in numbers]
                    if kind == "read" else self.creations(token, self.seconds * 5000))  # fmt: skip
                loads.append((server, requests))
            spent, began = sum(process.processor_seconds() for process in processes), time.perf_counter()
            running = [
                self.start(server, requests, CLIENTS // len(servers), kind == "write") for server, requests in loads]
            status = 200 if kind == "read" else 201
            count = sum(self.answered(process, status, f"{kind} on {len(servers)}")[0] for process in running)
            elapsed = time.perf_counter() - began
            return count / elapsed, count / (sum(process.processor_seconds() for process in processes) - spent)

        def once(swapped):
            watch, figures = Watch(self.cluster), {}
            for nodes in (2, 1) if swapped else (1, 2):
                servers = [data.serve(node) for node in ("", "-second")[:nodes]]
                try:
                    for server in servers:
                        watch.add(server)
                    token = servers[0].sign_in()
                    time.sleep(1)
                    for kind in ("read", "write"):
                        # What a server does for the first time is not what is compared.
                        for _ in range(2):
                            rate, per_core = measured(servers, token, kind)
                        figures |= {f"{kind} {nodes}": rate, f"{kind} {nodes} per core": per_core}
                finally:
                    for server in servers:
                        server.stop()
            return figures, watch.foreign()

        rounds, disturbance = self.in_turns(once)
        figures = {}
        for kind, title in (("read", "user reads"), ("write", "user creates")):
            for nodes in (1, 2):
                name = f"{nodes} node{'s' if nodes > 1 else ''}, {title}"
                figures |= {
                    f"{name}, per second": median(rounds, f"{kind} {nodes}"),
                    f"{name}, per second of processor time": median(rounds, f"{kind} {nodes} per core"),
                }
            figures[f"{title} per core, two nodes / one"] = statistics.median(
                one[f"{kind} 2 per core"] / one[f"{kind} 1 per core"] for one in rounds)
        self.show(f"Nodes on one PostgreSQL ({CLIENTS} clients together, 10,000 users)", figures, disturbance)

    # Backup

    def backups(self, both, users):
        def timed(command):
            began = time.perf_counter()
            done = subprocess.run([self.binary, *command], capture_output=True, text=True)
            if done.returncode != 0:
                raise SystemExit(f"{command}: {done.stderr[-2000:]}")
            return time.perf_counter() - began

        def once(swapped):
            watch, figures = Watch(self.cluster), {}
            for engine in (1, 0) if swapped else (0, 1):
                data, file = both[engine], self.bench.folder("backup")
                with data.serve() as server:
                    watch.add(server)
                    figures[data.name + " backup"] = timed(["backup", file, *data.options()])
                figures[data.name + " size"] = os.path.getsize(file) / 2**20
                if data.name == "SQLite":
                    target = SQLiteData(self.binary, self.bench.folder("restored"))
                    os.makedirs(target.folder)
                else:
                    target = PostgresData(self.binary, self.bench.folder("restored"), self.cluster)
                figures[data.name + " restore"] = timed(["restore", file, *target.options()])
                with target.serve() as server:
                    watch.add(server)
                    server.get(f"/users/{user_id(users - 1)}", server.sign_in())
                target.drop()
                os.unlink(file)
            return figures, watch.foreign()

        rounds, disturbance = self.in_turns(once, 2 if self.quick else 1)
        figures = {}
        for data in both:
            figures |= {
                f"{data.name}: database, MiB": data.size(),
                f"{data.name}: backup, s": median(rounds, data.name + " backup"),
                f"{data.name}: backup, MiB": median(rounds, data.name + " size"),
                f"{data.name}: restore, s": median(rounds, data.name + " restore"),
            }
        self.bench.show(f"Backup and restore of {users:,} users, beside a running server", figures, disturbance)
