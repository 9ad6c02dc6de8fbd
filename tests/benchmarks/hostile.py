"""Hostile clients of ``docdouble serve``, and hostile servers for ``docdouble verify``.

Run by hand: ``python tests/benchmarks/hostile.py [--serve [STORE...]] [--verify [SERVER...]] [--requests 100000]``.

``--serve``: valid, mutated, malformed and slow requests at once, with the state in memory, in SQLite and in Redis.
Exits 1 after a 5xx answer (but 501 and 505), a hang, a lost write, or a memory that grows.

``--verify``: every server of ``hostile_servers.py``. Exits 1 where a run ends later than ``--max-time`` and two seconds
after its first connection, without its reports, or with a traceback.
"""

import argparse
import contextlib
import http.client
import json
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from hostile_servers import SERVERS, listening
from servers import HOST, Call, Server, docdouble, free_port, serving, tell

sys.path.insert(0, str(Path(__file__).parent.parent))
from malformed import malformed

HOTEL = Path(__file__).parents[1] / "fakeserver" / "hotel.yaml"
TARGETS = [(method, path) for method in ("GET", "POST", "PUT", "PATCH", "DELETE") for path in ("/rooms/1", "/rooms")]
JSON = {"Content-Type": "application/json"}

BODY_SECONDS = 3
PATIENCE = 15.0
"""Seconds after which an answer counts as one that doesn't come."""

UNANSWERED = 0.05
"""Seconds after which a client stops sending though nothing has come."""

VALID, MUTATED, MALFORMED, SLOW = 0.6, 0.85, 0.997, 1.0
"""Shares of the kinds of requests, added up."""

CLIENTS, MOST_SLOW = 10, 200
WARM = 0.4
"""Share of the requests after which the memory may grow by a tenth: until then pools and caches fill."""

ALLOWED = {"501", "505"}
"""Statuses from 500 on that say what the request was: an unknown method or version."""


@dataclass
class Counts:
    """What was answered, by kind of request."""

    answers: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    sent: int = 0

    def add(self, kind: str, status: str) -> None:
        with self.lock:
            self.answers[f"{kind} {status}"] += 1
            self.sent += 1

    @property
    def bad(self) -> dict[str, int]:
        """What must not come back."""
        return {
            name: count
            for name, count in sorted(self.answers.items())
            if (status := name.split()[1])[0] not in "1234c" and status not in ALLOWED
        }


class Client:
    """Sends requests of all kinds; its valid writes go to a world of its own, which no other can name by chance."""

    def __init__(self, number: int, port: int, counts: Counts, seed: int) -> None:
        self._random = Random(f"{seed} {number}")
        self._port, self._counts = port, counts
        self._world = {"Docdouble-World": f"writer-{number}", **JSON}
        self._connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        self._slow: list[tuple[float, socket.socket]] = []
        self.answered: dict[int, str] = {}
        self.lost = 0

    def work(self, requests: int) -> None:
        """Send so many requests, and look at the end whether all that was answered is kept."""
        for number in range(requests):
            kind = self._random.random()
            if kind < VALID:
                self._send_valid(number)
            elif kind < MUTATED:
                self._exchange("mutated", self._mutated(number))
            elif kind < MALFORMED:
                self._exchange("malformed", malformed(self._random, TARGETS))
            elif len(self._slow) < MOST_SLOW // CLIENTS:
                self._send_slowly()
            self._end_slow(time.monotonic() - BODY_SECONDS - PATIENCE)
        for room, text in self.answered.items():
            status, shown = self._valid("GET", f"/rooms/{room}")
            self.lost += status == 200 and shown.get("Name") != text  # what isn't answered is counted as that
        self._end_slow(time.monotonic() + PATIENCE)
        self._connection.close()

    def _valid(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
        sent = None if body is None else json.dumps(body)
        try:
            self._connection.request(method, path, sent, self._world)
            response = self._connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            self._counts.add("valid", "hang" if isinstance(error, TimeoutError) else f"raised-{type(error).__name__}")
            return 0, {}
        self._counts.add("valid", str(response.status))
        shown = json.loads(text) if text and response.status < 300 else {}
        return response.status, shown if isinstance(shown, dict) else {}

    def _send_valid(self, number: int) -> None:
        room = self._random.randrange(1, 200)
        chance = self._random.random()
        if chance < 0.4:
            status, _ = self._valid("PUT", f"/rooms/{room}", {"Name": f"{number}"})
            if status == 200:
                self.answered[room] = f"{number}"
            else:
                self.answered.pop(room, None)
        elif chance < 0.8:
            status, shown = self._valid("GET", f"/rooms/{room}")
            self.lost += status == 200 and room in self.answered and shown.get("Name") != self.answered[room]
        else:
            self._valid("GET", self._random.choice(["/rooms", "/guests", "/guests/3", f"/rooms/{room}"]))

    def _mutated(self, number: int) -> bytes:
        """Return a valid request in which some octets are others, missing or repeated."""
        body = json.dumps({"Name": f"{number}"}).encode()
        head = f"PUT /rooms/{number % 99 + 1} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        whole = bytearray(f"{head}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        for _ in range(self._random.randint(1, 4)):
            at = self._random.randrange(len(whole))
            change = self._random.choice([b"", bytes([self._random.randrange(256)]), whole[at : at + 8] * 2])
            whole[at : at + len(change or b"x")] = change
        return bytes(whole)

    def _exchange(self, kind: str, request: bytes) -> None:
        """Send octets, and read until the connection is closed."""
        received = b""
        try:
            with socket.create_connection((HOST, self._port), timeout=PATIENCE) as connection:
                connection.sendall(request)
                select.select([connection], [], [], UNANSWERED)
                connection.shutdown(socket.SHUT_WR)  # the server may wait for the rest, or for another request
                while chunk := connection.recv(65536):
                    received += chunk
        except TimeoutError:
            self._counts.add(kind, "hang")
            return
        except OSError:
            pass  # closed before all was sent or read
        status = received[9:12].decode("ascii", "replace") if received.startswith(b"HTTP/") else "closed"
        self._counts.add(kind, status)

    def _send_slowly(self) -> None:
        half = b"PUT /rooms/1 HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        connection = socket.create_connection((HOST, self._port), timeout=PATIENCE)
        connection.sendall(half)
        self._slow.append((time.monotonic(), connection))

    def _end_slow(self, until: float) -> None:
        """Read the answers to the slow requests that were sent before a moment."""
        while self._slow and self._slow[0][0] <= until:
            _, connection = self._slow.pop(0)
            with connection:
                try:
                    status = connection.recv(65536)[9:12].decode() or "closed"
                except TimeoutError:
                    status = "hang"
                except OSError:
                    status = "closed"
                self._counts.add("slow", status)


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """Run a Redis server of our own and yield its URL."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = ["redis-server", "--port", str(port), "--dir", folder, "--save", ""]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                time.sleep(1)
                yield f"redis://{HOST}:{port}/0"
            finally:
                process.terminate()


@contextlib.contextmanager
def place_of(store: str) -> Iterator[str]:
    """Yield what ``--state`` says of a store."""
    if store == "redis":
        with redis_server() as url:
            yield url
    elif store == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield str(Path(folder) / "state.db")
    else:
        yield store


def watch(server: Server, counts: Counts, requests: int, stop: threading.Event) -> list[tuple[int, float]]:
    """Return the requests that were sent and the megabytes that the server held at several moments."""
    samples = [(0, server.memory())]
    while not stop.wait(0.2):
        if counts.sent >= samples[-1][0] + requests // 20:
            samples.append((counts.sent, server.memory()))
    return [*samples, (counts.sent, server.memory())]


def serve(store: str, requests: int, seed: int) -> bool:
    """Send hostile requests to a server with a store; tell whether all is well."""
    counts, stop = Counts(), threading.Event()
    with place_of(store) as place:
        options = ("--state", place, "--population", "200", "--body-timeout", str(BODY_SECONDS), "--port", "{port}")
        with serving(docdouble("serve", str(HOTEL), *options), Call("/rooms/1", "")) as server:
            started = time.monotonic()
            clients = [Client(number, server.port, counts, seed) for number in range(CLIENTS)]
            threads = [threading.Thread(target=client.work, args=(requests // CLIENTS,)) for client in clients]
            memory: list[tuple[int, float]] = []
            watching = threading.Thread(target=lambda: memory.extend(watch(server, counts, requests, stop)))
            for thread in (*threads, watching):
                thread.start()
            for thread in threads:
                thread.join()
            stop.set()
            watching.join()
            seconds = time.monotonic() - started
    lost, kept = sum(client.lost for client in clients), sum(len(client.answered) for client in clients)
    tell(f"{store}: {counts.sent} requests in {seconds:.0f} s, {kept} writes looked up at the end, {lost} lost")
    for name, count in sorted(counts.answers.items()):
        tell(f"  {name:20} {count:7}{'   <-- bad' if name in counts.bad else ''}")
    warm = next((held for sent, held in memory if sent >= requests * WARM), memory[0][1])
    tell("  MB: " + ", ".join(f"{held:.0f} after {sent}" for sent, held in memory[:: max(1, len(memory) // 8)]))
    is_flat = memory[-1][1] <= warm * 1.1
    tell(f"  MB: {warm:.0f} when warm, {memory[-1][1]:.0f} at the end{'' if is_flat else '   <-- bad'}")
    return not lost and not counts.bad and is_flat


def verify(name: str, seconds: float) -> bool:
    """Verify a hostile server; tell whether that ends in time, with reports and without a traceback."""
    with tempfile.TemporaryDirectory() as folder, listening(SERVERS[name]) as hostile:
        reports = {kind: Path(folder) / f"report.{kind}" for kind in ("json", "junit", "html")}
        wanted = [part for kind, path in reports.items() for part in ("--report", f"{kind}={path}")]
        options = ("--url", hostile.url, "--max-time", str(seconds), "--no-cache", *wanted)
        with (Path(folder) / "output").open("w+", encoding="utf-8", errors="replace") as output:
            process = subprocess.Popen(
                docdouble("verify", str(HOTEL), *options), cwd=folder, stdout=output, stderr=output
            )
            ended = ""
            try:
                code = process.wait(seconds * 4 + 60)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                code, ended = process.wait(), "killed"
            taken = time.monotonic() - hostile.first if hostile.first else 0.0
            output.seek(0)
            printed = output.read()
        missing = [kind for kind, path in reports.items() if not path.exists() or not path.stat().st_size]
    faults = [ended, "traceback" if "Traceback" in printed else "", "" if code in (0, 1, 3) else f"exit {code}"]
    faults += [f"late: {taken:.1f} s" if taken > seconds + 2 else ""]
    faults += [f"no {kind}" for kind in missing]
    bad = ", ".join(filter(None, faults))
    tell(f"  {name:24} exit {code}  {taken:5.1f} s  {hostile.connections:6} connections{'   <-- ' if bad else ''}{bad}")
    if "Traceback" in printed:
        tell(printed[-3000:])
    return not bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", nargs="*", choices=["memory", "sqlite", "redis"], metavar="STORE")
    parser.add_argument("--verify", nargs="*", choices=sorted(SERVERS), metavar="SERVER")
    parser.add_argument("--requests", type=int, default=100_000, help="to each store")
    parser.add_argument("--max-time", type=float, default=5.0, help="of each run of verify, in seconds")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    both = options.serve is None and options.verify is None
    stores = options.serve or (["memory", "sqlite", "redis"] if both or options.serve is not None else [])
    names = options.verify or (list(SERVERS) if both or options.verify is not None else [])
    if "redis" in stores and not shutil.which("redis-server"):
        tell("redis: left out, redis-server is not installed")
        stores.remove("redis")
    well = [serve(store, options.requests, options.seed) for store in stores]
    if names:
        tell(f"verify --max-time {options.max_time:g}: exit code, seconds since the first connection")
    well += [verify(name, options.max_time) for name in names]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
