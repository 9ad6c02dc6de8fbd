"""What ``docdouble load`` costs beside plain Locust, what it finds that one caller alone doesn't see, and lost workers.

Run by hand: ``python tests/benchmarks/load.py [--rounds 3] [--seconds 8] [--only cost|faults|lost]``; needs
redis-server, and fastapi and uvicorn for the faults. All have a master and three workers on this machine:

* cost: on the fake with two workers and its state in Redis, ``docdouble load`` and a locustfile without checks in turn;
* faults: on a FastAPI service with a lost update and a shared variable, which ``docdouble verify`` doesn't find;
* lost: a worker is killed in the middle; what is left of what was created.
"""

import argparse
import contextlib
import json
import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servers import HOST, Call, docdouble, free_port, serving, tell

HERE = Path(__file__).parent
HOTEL = HERE.parent / "docs" / "openapi.yaml"
USERS = ("--headless", "--users", "12", "--spawn-rate", "12")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of a load: requests a second, processor time for each, and what was printed."""

    code: int
    rps: float
    microseconds: float
    text: str


def loaded(command: list[str], seconds: float) -> Loaded:
    """Run a load for some seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    timed = [*command, *USERS, "--run-time", f"{seconds:g}s"]
    done = subprocess.run(timed, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    text = done.stdout + done.stderr
    totals = re.findall(r"Aggregated +(\d+) .*\| +([\d.]+) +[\d.]+ *$", text, re.MULTILINE)
    if not totals:
        sys.exit(text)
    return Loaded(done.returncode, float(totals[-1][1]), 1e6 * used / max(int(totals[-1][0]), 1), text)


def load_command(source: Path | str, url: str) -> list[str]:
    """Return the command of a load by three workers, without think times."""
    ports = ("--processes", "3", "--master-port", str(free_port()))
    return docdouble("load", str(source), "--url", url, *ports, "--think-time", "0", "--locust=--only-summary")


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Run a Redis server, and yield its URL."""
    program = shutil.which("redis-server") or sys.exit("redis-server is not installed")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        quiet = ("--save", "", "--appendonly", "no", "--loglevel", "warning", "--dir", folder)
        with subprocess.Popen([program, "--port", str(port), "--bind", HOST, *quiet]) as process:
            time.sleep(0.5)
            try:
                yield f"redis://{HOST}:{port}/0"
            finally:
                process.terminate()


@contextlib.contextmanager
def fake(*arguments: str) -> Iterator[str]:
    """Serve the fake of the hotel with two workers, its state in Redis, and yield its URL."""
    with redis() as state:
        options = ("--workers", "2", "--state", state, "--port", "{port}", "--quiet")
        with serving([*docdouble("serve", str(HOTEL)), *options, *arguments], Call("/guests", "")) as server:
            yield f"http://{HOST}:{server.port}"


def measure_cost(rounds: int, seconds: float) -> None:
    """Print requests a second and processor time of both, and their ratios."""
    plain_file = ["-f", str(HERE / "plain_locustfile.py"), "--processes", "3", "--only-summary"]
    ratios = []
    for number in range(rounds):
        with fake() as url:
            port = str(free_port())
            ports = ("--master-bind-port", port, "--master-port", port)
            plain = loaded([sys.executable, "-m", "locust", *plain_file, *ports, "--host", url], seconds)
            checked = loaded(load_command(HOTEL, url), seconds)
        if checked.code:
            sys.exit(checked.text)
        ratios.append(checked.rps / plain.rps)
        share = re.findall(r"judged: .*", checked.text)[0]
        for name, result in (("plain Locust", plain), ("docdouble load", checked)):
            costs = f"{result.rps:6.0f} requests/s, {result.microseconds:5.0f} us of processor time each"
            tell(f"round {number + 1}: {name:14} {costs}")
        tell(f"round {number + 1}: {ratios[-1]:.0%} of the requests of plain Locust, {share}")
    tell(f"median of {rounds} rounds: {statistics.median(ratios):.0%} of the requests of plain Locust")


def find_faults(seconds: float) -> None:
    """Print what ``verify`` and ``load`` find of a service whose faults need several callers."""
    command = [sys.executable, "-m", "uvicorn", "racing_service:app", "--port", "{port}", "--log-level", "error"]
    served = serving(command, Call("/openapi.json", ""), {**os.environ, "PYTHONPATH": str(HERE)})
    with served as server, tempfile.TemporaryDirectory() as work:
        url, document = f"http://{HOST}:{server.port}", Path(work) / "harbour.json"
        with urllib.request.urlopen(f"{url}/openapi.json") as reply:
            document.write_text(json.dumps(json.load(reply), indent=1), encoding="utf-8")
        verified = subprocess.run(
            docdouble("verify", str(document), "--url", url), capture_output=True, text=True, check=False
        )
        tell(f"verify: {verified.stdout.splitlines()[-1]}")
        there = entities(url)
        result = loaded(load_command(document, url), seconds)
        for line in result.text.splitlines():
            if re.match(r"(error|warning)\s+[A-Z]+ /|  (error|warning): |failed|passed|judged", line):
                tell(f"load:   {line}")
        tell(f"load:   left of what was created: {len(entities(url) - there)}")


def entities(url: str) -> frozenset[tuple[str, int]]:
    """Return the berths and boats that there are."""
    keys = set()
    for kind in ("berths", "boats"):
        with urllib.request.urlopen(f"{url}/{kind}") as reply:
            keys |= {(kind, entity["id"]) for entity in json.load(reply)}
    return frozenset(keys)


def lose_worker(seconds: float) -> None:
    """Kill one of three workers in the middle of a run, and print what the master says."""
    with fake() as url:
        with urllib.request.urlopen(f"{url}/guests") as reply:
            before = len(json.load(reply))
        port = str(free_port())
        common = docdouble("load", str(HOTEL), "--url", url, "--master-port", port, "--think-time", "0")
        with contextlib.ExitStack() as stack:
            workers = [stack.enter_context(silent([*common, "--worker"])) for _ in range(3)]
            master = [*common, "--master", "--expect-workers", "3", *USERS, "--run-time", f"{seconds + 8:g}s"]
            process = stack.enter_context(
                subprocess.Popen(master, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            )
            assert process.stdout
            lines: list[str] = []
            for line in process.stdout:
                lines.append(line)
                if "All users spawned" in line and len(lines) and workers[0].poll() is None:
                    time.sleep(seconds / 2)
                    workers[0].send_signal(signal.SIGKILL)
            code = process.wait()
        with urllib.request.urlopen(f"{url}/guests") as reply:
            after = len(json.load(reply))
    for line in lines:
        if re.search(r"lost|missing|passed|failed:|judged", line):
            tell(f"lost:   {line.rstrip()[:150]}")
    tell(f"lost:   exit code {code}, left of what was created: {after - before}")


@contextlib.contextmanager
def silent(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process whose output nobody reads; it is ended at the end."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--only", choices=["cost", "faults", "lost"])
    wanted = parser.parse_args()
    if wanted.only in (None, "cost"):
        measure_cost(wanted.rounds, wanted.seconds)
    if wanted.only in (None, "faults"):
        find_faults(wanted.seconds)
    if wanted.only in (None, "lost"):
        lose_worker(wanted.seconds)


if __name__ == "__main__":
    main()
