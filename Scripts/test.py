#!/usr/bin/env python3
"""Runs every test of Gatehouse and ends with one line, `N passed, N failed`.

Exit code 0 means: something ran, and all of it passed. A runner that crashed, or ran no test, counts as a failure.

    Scripts/test.py            the Swift tests, then the scenarios against the debug binary; both on SQLite, then on PostgreSQL
    Scripts/test.py --soak     only the long scenarios, against $GATEHOUSE_BINARY

The PostgreSQL is one that this command starts for itself and ends.
"""

import argparse
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "Tests" / "Scenarios"
ARTEFACTS = SCENARIOS / "artefacts"

sys.path.insert(0, str(SCENARIOS))

from support.postgres import Postgres  # Found by the line above.

# What the second run of the Swift tests leaves out: nothing in these suites depends on where data is kept. Whatever is not named
# runs on both engines, so that a new suite cannot be forgotten.
ENGINE_PLAYS_NO_PART = [
    "BackupFormatTests", "CommandLineTests", "ConfigurationTests", "ConfigurationDocumentTests", "ContractTests", "CoversTests", "DecisionTests",
    "EntityIDTests", "FilterParserTests", "FormFieldsTests", "HTMLTests", "JSONFieldsTests", "JSONParserTests", "JSONValueTests", "KeptSchemaTests",
    "JSONWriterTests", "LayeringTests", "PasswordHasherTests", "PasswordPolicyTests", "TextTests", "TimestampTests", "WorkerPoolTests",
]  # fmt: skip


class Count:
    """What a runner did."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0
        self.skipped = 0
        self.notes: list[str] = []

    def fail(self, note: str) -> None:
        self.failed += 1
        self.notes.append(note)


def say(text: str) -> None:
    print(f"--- {text}", flush=True)


def lines_of(command: list[str], environment: dict[str, str] | None = None):
    """Yields the lines a command prints, then its exit code as an int."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        bufsize=1,
    )
    assert process.stdout is not None
    for line in process.stdout:
        yield line.rstrip("\n")
    yield process.wait()


class SwiftCounter:
    """Counts tests (a parameterised one once) in what Swift Testing and XCTest print."""

    # With a pipe as output, Swift Testing writes a sign, a space and a sentence.
    single = re.compile(r"^\S Test (?!run with)(?!case )(.+?)(?: with \d+ test cases?)? (passed|failed) after ")
    skipped = re.compile(r"^\S Test (.+?) skipped")
    total = re.compile(r"^\S Test run with (\d+) tests?\b.* (passed|failed) after ")
    xctest = re.compile(r"^Test Case '(.+)' (passed|failed|skipped) \(")
    noise = re.compile(r"^(◇ |Test Case .* started|Test Suite |\t Executed|\S Test case passing|\[\d+/\d+\])")

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.failed: list[str] = []
        self.skips = 0
        self.summaries: list[tuple[int, bool]] = []

    def read(self, line: str) -> None:
        if match := self.total.match(line):
            self.summaries.append((int(match[1]), match[2] == "passed"))
        elif match := self.single.match(line) or self.xctest.match(line):
            if match[2] == "skipped":
                self.skips += 1
            else:
                (self.passed if match[2] == "passed" else self.failed).append(match[1])
        elif self.skipped.match(line):
            self.skips += 1

    def result(self, exit_code: int, runner: str) -> Count:
        count = Count()
        count.skipped = self.skips
        count.passed, count.failed = len(self.passed), len(self.failed)
        count.notes = [f"{runner}: {name}" for name in self.failed]
        if not self.summaries:
            count.fail(f"{runner}: the test runner ended before it had run all tests")
            return count
        # What tests print may tear a line apart; the summary knows how many there were.
        told = sum(number for number, _ in self.summaries)
        seen = count.passed + count.failed + self.skips
        if told > seen:
            count.passed += told - seen
        if not all(passed for _, passed in self.summaries) and count.failed == 0:
            count.passed = max(0, count.passed - 1)
            count.fail(f"{runner}: a test failed")
        if exit_code != 0 and count.failed == 0:
            count.fail(f"{runner}: the test runner ended with {exit_code}")
        if count.passed + count.failed == 0:
            count.fail(f"{runner}: no test ran")
        return count


def run_build() -> bool:
    say("swift build --build-tests")
    code = 1
    for line in lines_of(["swift", "build", "--build-tests"]):
        if isinstance(line, int):
            code = line
        elif not re.match(r"^\[\d+/\d+\]", line):
            print(line, flush=True)
    return code == 0


def run_swift(runner: str, arguments: list[str], environment: dict[str, str]) -> Count:
    say(runner)
    counter, code = SwiftCounter(), 1
    for line in lines_of(["swift", "test", "--skip-build", *arguments], environment):
        if isinstance(line, int):
            code = line
            continue
        counter.read(line)
        if not counter.noise.match(line):
            print(line, flush=True)
    return counter.result(code, runner)


def run_scenarios(runner: str, arguments: list[str], environment: dict[str, str]) -> Count:
    say(f"{runner}, {environment['GATEHOUSE_BINARY']}")
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    report = ARTEFACTS / (re.sub(r"\W+", "-", runner) + ".xml")
    report.unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "pytest", "-c", str(SCENARIOS / "pytest.ini"), "--color=no", "-q",
        f"--junitxml={report}", *arguments,
    ]  # fmt: skip
    code = 1
    for line in lines_of(command, environment):
        if isinstance(line, int):
            code = line
        # One line counts at the very end, not one per runner.
        elif not re.search(r"\b\d+ (passed|failed|errors?|skipped|deselected)\b.* in [\d.]+s", line):
            print(line, flush=True)

    count = Count()
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        count.fail(f"{runner}: the test runner ended without a report")
        return count
    for suite in suites:
        for case in suite.iter("testcase"):
            name = f"{case.get('classname', '')}::{case.get('name', '')}"
            if case.find("failure") is not None or case.find("error") is not None:
                count.fail(f"{runner}: {name}")
            elif case.find("skipped") is not None:
                count.skipped += 1
            else:
                count.passed += 1
    if count.passed + count.failed == 0:
        count.fail(f"{runner}: no test ran")
    elif code != 0 and count.failed == 0:
        count.fail(f"{runner}: the test runner ended with {code}")
    return count


def run_all(options: argparse.Namespace, binary: dict[str, str]) -> list[Count]:
    """Both suites on both engines."""
    if not run_build():
        failed = Count()
        failed.fail("the build failed")
        return [failed]
    counts: list[Count] = []
    # Every world has connections of its own: not all of them at once.
    skip = ["--experimental-maximum-parallelization-width", "4", *(f"--skip={suite}/" for suite in ENGINE_PLAYS_NO_PART)]
    scenarios = ["-n", "2", "--dist", "loadfile", *(options.rest or [str(SCENARIOS)])]
    try:
        # Every test world has a database, and with it some connections, of its own.
        postgres = Postgres(max_connections=500).start()
    except (OSError, RuntimeError, AssertionError) as error:
        failed = Count()
        failed.fail(f"no PostgreSQL for the tests: {error}")
        return [failed]
    with postgres:
        on_postgres = {"GATEHOUSE_TEST_POSTGRES": postgres.url(), "GATEHOUSE_TEST_DATABASE": "postgres"}
        for engine, environment in (("SQLite", {}), ("PostgreSQL", on_postgres)):
            if options.engine not in (None, engine.lower()):
                continue
            if options.only != "scenarios":
                counts.append(run_swift(f"swift test on {engine}", skip if environment else [], environment))
            if options.only != "swift":
                counts.append(run_scenarios(f"scenarios on {engine}", scenarios, {**binary, **environment}))
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the tests of Gatehouse.")
    parser.add_argument("--soak", action="store_true", help="only the long scenarios")
    parser.add_argument("--only", choices=["swift", "scenarios"], help="only one of the runners")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only on one engine")
    parser.add_argument("rest", nargs="*", help="arguments for pytest, after --")
    options = parser.parse_args()

    for name in ("GATEHOUSE_TEST_POSTGRES", "GATEHOUSE_TEST_DATABASE"):
        os.environ.pop(name, None)  # This command decides.
    started = time.monotonic()
    binary = {
        "GATEHOUSE_BINARY": os.environ.get("GATEHOUSE_BINARY") or str(ROOT / ".build" / "debug" / "gatehouse"),
    }
    if options.soak:
        arguments = ["-m", "soak", "-p", "no:xdist", *(options.rest or [str(SCENARIOS)])]
        counts = [run_scenarios("long scenarios", arguments, binary)]
    else:
        counts = run_all(options, binary)

    passed = sum(count.passed for count in counts)
    failed = sum(count.failed for count in counts)
    skipped = sum(count.skipped for count in counts)
    for count in counts:
        for note in count.notes:
            print(f"FAILED {note}")
    if skipped:
        print(f"{skipped} skipped")
    print(f"took {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
