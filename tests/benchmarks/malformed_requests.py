"""Sends malformed requests to ``docdouble serve`` and to the app in process, and reports what was answered.

Run by hand: ``python tests/benchmarks/malformed_requests.py [--calls 10000] [--seed 7]``. Exits 1 after a 5xx answer
(but 505), a hang or an exception.
"""

import argparse
import re
import select
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import psutil
from werkzeug.test import run_wsgi_app

from docdouble.fakeserver import FakeServer
from docdouble.schemas import extract

sys.path.insert(0, str(Path(__file__).parent.parent))
from malformed import Target, malformed, malformed_environ

SECONDS = 5
PATIENCE = 0.2
MEGABYTE = 2**20


def outcome(host: str, port: int, request: bytes) -> str:
    """Send one request; return its status, ``closed`` for a connection without an answer, or ``hang``."""
    received = b""
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as connection:
            connection.sendall(request)
            if not select.select([connection], [], [], PATIENCE)[0]:
                connection.shutdown(socket.SHUT_WR)  # the server waits for the rest, which never comes
            while chunk := connection.recv(65536):
                received += chunk
    except TimeoutError:
        return "hang"
    except OSError:
        pass  # closed before all was sent or read
    return received[9:12].decode("ascii", "replace") if received.startswith(b"HTTP/") else "closed"


def in_process(app: FakeServer, random: Random, targets: Sequence[Target]) -> str:
    try:
        chunks, status, _ = run_wsgi_app(app, malformed_environ(random, targets))
        b"".join(chunks)
    except Exception as error:  # noqa: BLE001 - what is counted here
        return f"raised {type(error).__name__}: {error}"[:80]
    return status[:3]


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def resident(process: psutil.Process) -> str:
    processes = [process, *process.children(recursive=True)]
    return ", ".join(f"{process.memory_info().rss / MEGABYTE:.0f} MB" for process in processes)


def over_sockets(calls: int, seed: int, targets: Sequence[Target]) -> Counter[str]:
    """Send to a granian of its own."""
    command = [sys.executable, "-m", "docdouble", "serve", "superoffice", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            match = None
            while match is None:
                match = re.search(r"http://[\w.:]+", server.stdout.readline())
            address = urlsplit(match.group())
            tell(f"resident before: {resident(psutil.Process(server.pid))}")
            random = Random(seed)
            requests = (malformed(random, targets) for _ in range(calls))
            counted = Counter(outcome(address.hostname or "", address.port or 0, request) for request in requests)
            tell(f"resident after: {resident(psutil.Process(server.pid))}")
        finally:
            server.terminate()
        printed = server.stdout.read()
    if printed.strip():
        tell(f"the server said: {printed[:2000]}")
    return counted


def report(title: str, counted: Counter[str], started: float) -> bool:
    """Print the counts; tell whether all is well."""
    bad = [
        outcome
        for outcome in counted
        if outcome == "hang" or outcome.startswith("raised") or (outcome[0] == "5" and outcome != "505")
    ]
    tell(f"{title}: {counted.total()} requests in {time.perf_counter() - started:.1f} s")
    for outcome, count in sorted(counted.items()):
        tell(f"  {outcome:8} {count:6}{'   <-- bad' if outcome in bad else ''}")
    return not bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    contract = extract("superoffice").contract
    targets = [(operation.method, operation.path) for operation in contract.operations]
    started = time.perf_counter()
    well = report("granian", over_sockets(options.calls, options.seed, targets), started)
    app, random, started = FakeServer(contract), Random(options.seed), time.perf_counter()
    counted = Counter(in_process(app, random, targets) for _ in range(options.calls))
    return 0 if report("in process", counted, started) and well else 1


if __name__ == "__main__":
    sys.exit(main())
