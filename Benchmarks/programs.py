"""What is started to be measured, and what measures: processes on loopback in a temporary folder, and the processor time
that each of them, and everybody else on the machine, takes."""

import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

import seed

PASSWORD = "a-long-enough-pass-phrase"
SETUP_TOKEN = "setup-token-of-the-benchmarks"
CORES = os.cpu_count()
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise SystemExit(f"nothing answers on port {port}")


def processor_seconds(pid):
    """User and system time of a process, with the children it has waited for."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


def busy_seconds():
    """Time that all processors together spent on anything, and time taken from this machine by others on its host."""
    fields = [int(field) for field in open("/proc/stat").readline().split()[1:]]
    return (sum(fields[:8]) - fields[3] - fields[4]) / TICKS


class Ourselves:
    """This process and the load generators it has waited for."""

    @staticmethod
    def processor_seconds():
        return processor_seconds(os.getpid())


class Watch:
    """Measures a stretch of time: how long, and which share of the processors went to processes that are none of ours."""

    def __init__(self, *processes):
        self.processes = [Ourselves(), *processes]
        self.began, self.busy, self.own = time.perf_counter(), busy_seconds(), self.owned()

    def add(self, process):
        """A process of ours that began meanwhile."""
        self.processes.append(process)

    def owned(self):
        return sum(process.processor_seconds() for process in self.processes)

    def foreign(self):
        elapsed = time.perf_counter() - self.began
        return max(0.0, (busy_seconds() - self.busy - (self.owned() - self.own)) / (elapsed * CORES))


def wait_until_quiet(longest):
    """Waits until the processors are idle, at most so many seconds."""
    for _ in range(int(longest * 4)):
        before, began = busy_seconds(), time.perf_counter()
        time.sleep(0.25)
        if (busy_seconds() - before) / ((time.perf_counter() - began) * CORES) < 0.05:
            return


class Program:
    """A process of ours that ends with us."""

    def __init__(self, command, log=None):
        out = open(log, "ab") if log else subprocess.DEVNULL
        # Nothing of the developer's own configuration may reach the server.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GATEHOUSE_")}
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
        self.pid = self.process.pid

    def processor_seconds(self):
        # Once it has ended, its time is among that of our children.
        return processor_seconds(self.pid) if self.process.returncode is None else 0

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Server(Program):
    """A gatehouse on a data folder, with the settings it has by itself: the access log goes to a file.

    `database`: the URL of a PostgreSQL database instead of the SQLite file."""

    def __init__(self, binary, folder, database=None):
        self.folder, self.port, management = folder, free_port(), free_port()
        os.makedirs(folder, exist_ok=True)
        began = time.perf_counter()
        super().__init__(
            [binary, "serve", "--data", f"{folder}/data", "--listen", f"127.0.0.1:{self.port}", "--management",
             f"127.0.0.1:{management}", "--setup-token", SETUP_TOKEN, *(["--database", database] if database else [])],
            f"{folder}/server.log")  # fmt: skip
        while True:
            try:
                if self.call("GET", "/setup")[0] == 200:
                    break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(pathlib.Path(folder, "server.log").read_text()[-2000:])
                time.sleep(0.001)
        self.milliseconds_to_first_answer = (time.perf_counter() - began) * 1000

    def call(self, method, path, body=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, json.loads(data) if data else None

    def get(self, path, token):
        status, answer = self.call("GET", path, token=token)
        if status != 200:
            raise SystemExit(f"GET {path}: {status} {answer}")
        return answer

    def sign_in(self):
        status, answer = self.call("POST", "/sessions", {"username": "root", "password": PASSWORD})
        if status != 201:
            raise SystemExit(f"signing in: {status} {answer}")
        return answer["token"]

    def resident(self):
        """MiB: all, and the part that is not mapped from the binary and libraries."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return tuple(int(re.search(rf"{name}:\s+(\d+)", text).group(1)) / 1024 for name in ("VmRSS", "RssAnon"))

    def most_resident(self):
        """MiB, at any time since the start."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) / 1024


def set_up(binary, folder, database=None):
    """A new installation with an owner."""
    with Server(binary, folder, database) as server:
        status, answer = server.call("POST", "/setup", {
            "setupToken": SETUP_TOKEN, "username": "root", "password": PASSWORD, "name": "Root Admin",
            "email": "root@example.org"})  # fmt: skip
        if status != 201:
            raise SystemExit(f"setup: {status} {answer}")


def prepare(binary, folder, users):
    """A data folder with an owner and so many users."""
    set_up(binary, folder)
    if users:
        seed.seed(f"{folder}/data/gatehouse.db", users)


def request(method, path, token=None, body=None):
    """A whole HTTP request."""
    head = f"{method} /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    data = json.dumps(body).encode() if body is not None else b""
    if data:
        head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
    return head.encode() + b"\r\n" + data


class Tools:
    """The programs that make load, and what they print."""

    def __init__(self, folder, scratch):
        self.folder, self.scratch = folder, scratch
        self.count = 0

    def path(self, name):
        return f"{self.folder}/{name}"

    def start_http(self, port, requests, seconds, connections=1, rate=0, count=None):
        self.count += 1
        file = pathlib.Path(self.scratch, f"requests-{self.count}")
        file.write_bytes(b"\0".join(requests) + b"\0")
        command = [self.path("httprate"), port, connections, rate, seconds, file] + ([count] if count else [])
        return subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)

    def http(self, *arguments, **more):
        return self.finish(self.start_http(*arguments, **more))

    @staticmethod
    def finish(process):
        text, _ = process.communicate(timeout=700)
        if process.returncode != 0:
            raise SystemExit(f"httprate ended with {process.returncode}")
        return json.loads(text)

    def wrk(self, port, paths, seconds, connections, token=None):
        """Requests a second over the paths in turn."""
        header = f'wrk.headers["Authorization"] = "Bearer {token}"\n' if token else ""
        script = pathlib.Path(self.scratch, "paths.lua")
        script.write_text(
            header + "local made, at = {}, 0\nlocal paths = {" + ",".join(f'"{path}"' for path in paths) + "}\n"
            "function init() for i, path in ipairs(paths) do made[i] = wrk.format('GET', path) end end\n"
            "function request() at = at % #made + 1; return made[at] end\n")
        text = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}"],
            capture_output=True, text=True, check=True).stdout  # fmt: skip
        if "Non-2xx" in text or "Socket errors" in text:
            raise SystemExit(text)
        return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))

    def number(self, name, *arguments):
        command = [self.path(name), *(str(argument) for argument in arguments)]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def start_slapd(folder, entries):
    """An OpenLDAP with an mdb database of so many persons, indexed by uid: the program and its port."""
    os.makedirs(f"{folder}/mdb")
    config, ldif, port = pathlib.Path(folder, "slapd.conf"), pathlib.Path(folder, "people.ldif"), free_port()
    config.write_text(
        "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n"
        "include /etc/ldap/schema/inetorgperson.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
        f"pidfile {folder}/slapd.pid\ndatabase mdb\nmaxsize 1073741824\nsuffix \"dc=bench\"\n"
        f"directory {folder}/mdb\nindex uid eq\nindex objectClass eq\naccess to * by * read\n")
    lines = ["dn: dc=bench\nobjectClass: dcObject\nobjectClass: organization\no: bench\ndc: bench\n"]
    for number in range(entries):
        first, last = seed.username(number).rstrip("0123456789").split(".")
        lines.append(
            f"dn: uid=user{number},dc=bench\nobjectClass: inetOrgPerson\nuid: user{number}\ncn: {first} {last}\nsn: {last}\n"
            f"mail: {first}.{last}{number}@acme{number % 500}.example\n")
    ldif.write_text("\n".join(lines))
    subprocess.run(["slapadd", "-q", "-f", str(config), "-l", str(ldif)], check=True, capture_output=True)
    # -d 0: stays in the foreground and says nothing.
    program = Program(["slapd", "-d", "0", "-f", str(config), "-h", f"ldap://127.0.0.1:{port}"])
    wait_for(port)
    return program, port
