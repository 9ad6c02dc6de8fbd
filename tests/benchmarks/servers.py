"""Starts the servers that benchmarks measure, asks them and ends them: only what was started here."""

import argparse
import contextlib
import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

import psutil

HOST = "127.0.0.1"
PATIENCE = 120.0
"""Seconds until a server must have given its first answer."""

MEGABYTE = 2**20
NUMBER = "NUMBER"
"""Stands in a body for the number of the call: no two ask for the same entity."""

HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": "Basic YW55OmFueQ=="}


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent: a POST where there is a body, a GET where there is none."""

    path: str
    body: str

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has given its first answer, ``seconds`` after its process was started."""

    port: int
    process: psutil.Process
    seconds: float
    status: int

    def memory(self) -> float:
        """Return the megabytes that the processes hold; on Linux, what they share is divided among them."""
        used = [process.memory_full_info() for process in (self.process, *self.process.children(recursive=True))]
        return sum(getattr(memory, "pss", memory.rss) for memory in used) / MEGABYTE


def add_call(parser: argparse.ArgumentParser) -> None:
    """Add ``--path`` and ``--body`` to a command line."""
    parser.add_argument("--path", default="/api/v1/Agents/Appointment/AssignTo", help="what is asked for")
    help_text = f"JSON, in which {NUMBER} stands for the number of the call; empty: a GET"
    parser.add_argument("--body", default=f'{{"AppointmentId": {NUMBER}, "UpdateMode": "OnlyThis"}}', help=help_text)


def docdouble(*arguments: str) -> list[str]:
    """Return the command of this environment's docdouble."""
    return [sys.executable, "-m", "docdouble", *arguments]


def ask(port: int, call: Call, method: str = "") -> tuple[int, bytes]:
    """Return the status and body of one answer; raises ``OSError`` or ``HTTPException`` without one.

    ``method`` stands for the call's own.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request(method or call.method, call.path, call.body.replace(NUMBER, "1") or None, HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()


@contextlib.contextmanager
def serving(command: Sequence[str], call: Call, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server, ``{port}`` standing for its port, from its first answer to ``call`` on; it is gone when left.

    Raises ``SystemExit`` with what it wrote when it doesn't answer.
    """
    port = free_port()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [word.format(port=port) for word in command], stdout=output, stderr=output, env=environment
        )
        try:
            status = _first_answer(process, port, call, output)
            yield Server(port, psutil.Process(process.pid), time.perf_counter() - started, status)
        finally:
            _end(process)


def _first_answer(process: subprocess.Popen[bytes], port: int, call: Call, output: IO[str]) -> int:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return ask(port, call)[0]
        time.sleep(0.002)
    output.seek(0)
    raise SystemExit(f"{process.args!r} doesn't answer:\n{output.read()[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    family = [psutil.Process(process.pid)] if process.poll() is None else []
    family += [child for parent in family for child in parent.children(recursive=True)]
    process.terminate()
    _, staying = psutil.wait_procs(family, timeout=5)
    for survivor in staying:
        with contextlib.suppress(psutil.NoSuchProcess):
            survivor.kill()
    process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def tell(text: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
