"""The whole run against servers that misbehave: it ends in time, with what it had."""

import os
import signal
import socket
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from docdouble.contracts.cli.exit_codes import SIGNALLED, ExitCode
from docdouble.contracts.cli.verify_modes import RunOutput, print_verification
from docdouble.contracts.config.config import VerifyConfig
from docdouble.contracts.engine.verification import VerifyOptions
from docdouble.contracts.model.budget import Budget
from docdouble.schemas import Contract, extract

from ..client.misbehaving import Behaviour, endlessly, saying, serving

UNREACHABLE = ExitCode.UNREACHABLE

HANGS = 50
"""Seconds that a server hangs unless its client leaves."""


@pytest.fixture(scope="module")
def contacts() -> Contract:
    return extract(str(Path(__file__).parents[2] / "fakeserver" / "contact")).contract


@pytest.fixture(scope="module")
def hotel() -> Contract:
    return extract(str(Path(__file__).parents[2] / "fakeserver" / "hotel.yaml")).contract


def reply(status: str, *fields: str, body: bytes = b"{}") -> bytes:
    head = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(head).encode() + body


def hanging(connection: socket.socket, head: bytes) -> None:
    time.sleep(HANGS)


def after(calls: int, then: Behaviour) -> Behaviour:
    """Answer some calls as a server should, and the others by ``then``."""
    sent = iter(range(calls))

    def behave(connection: socket.socket, head: bytes) -> None:
        if next(sent, None) is None:
            then(connection, head)
        else:
            connection.sendall(reply("404 Not Found", "Connection: close"))

    return behave


class Ran:
    """A run that is over: its exit code, the seconds it took, and its reports."""

    def __init__(self, contract: Contract, url: str, folder: Path, jobs: int = 1, **settings: object) -> None:
        kinds = {"json": "a.json", "junit": "a.xml", "sarif": "a.sarif", "html": "a.html", "pytest": "a.py"}
        self.files = {kind: folder / name for kind, name in kinds.items()}
        budget = Budget(max_examples=1, boundaries=2, max_seconds=float(str(settings.pop("max_time", 0))))
        settings_of_run = VerifyConfig(jobs=jobs, **{"timeout": 0.2, **settings})  # type: ignore[arg-type]
        reports = tuple((kind, str(file)) for kind, file in self.files.items())
        began = time.monotonic()
        self.code = print_verification(
            contract, VerifyOptions(url, budget, settings_of_run), RunOutput(reports, quiet=True)
        )
        self.seconds = time.monotonic() - began
        self.workers = [thread.name for thread in threading.enumerate() if thread.name.startswith("ThreadPool")]
        self.report = orjson.loads(self.files["json"].read_bytes())

    def check(self) -> None:
        """Every report is there, and is what it claims to be."""
        ET.fromstring(self.files["junit"].read_bytes())
        assert orjson.loads(self.files["sarif"].read_bytes())["runs"]
        assert self.files["html"].read_bytes().rstrip().endswith(b"</html>")
        compile(self.files["pytest"].read_bytes(), "a.py", "exec")


@pytest.mark.parametrize("jobs", [1, 4])
@pytest.mark.parametrize(
    ("then", "code", "why"),
    [
        (lambda connection, head: None, UNREACHABLE, "no longer answers: the connection was closed without a reply"),
        (hanging, UNREACHABLE, "no longer answers: no whole reply after 0.2 s"),
        (saying(b"\x00\x1b[31m nonsense\r\n"), UNREACHABLE, "no longer answers: the reply is no HTTP"),
        (endlessly(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 99), UNREACHABLE, "got more than 100 headers"),
        (saying(reply("429 No", "Retry-After: 100000", "Connection: close")), UNREACHABLE, "to come back in 100000 s"),
        (saying(reply("302 Found", "Location: http://127.0.0.2:9/", "Connection: close")), 1, ""),
    ],
    ids=["closes", "hangs", "garbage", "headers", "busy", "elsewhere"],
)
def test_a_server_that_breaks_ends_the_run(
    then: Behaviour, code: int, why: str, jobs: int, contacts: Contract, tmp_path: Path
) -> None:
    with serving(after(4, then)) as url:
        ran = Ran(contacts, url, tmp_path, jobs)
    assert (ran.code, ran.workers) == (code, [])
    assert why in (ran.report.get("stopped") or "")
    ran.check()


@contextmanager
def signals(*moments: float, number: int = signal.SIGINT) -> Iterator[None]:
    """Send a signal to this process after some seconds, each from the one before; too late, it does nothing."""

    def send() -> None:
        for seconds in moments:
            time.sleep(seconds)
            os.kill(os.getpid(), number)

    thread = threading.Thread(target=send)
    before = signal.signal(number, lambda number, frame: None)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        signal.signal(number, before)


@pytest.mark.parametrize("jobs", [1, 4])
@pytest.mark.parametrize(
    ("number", "moments"), [(signal.SIGINT, [0.4]), (signal.SIGINT, [0.4, 0.7]), (signal.SIGTERM, [0.4])]
)
@pytest.mark.parametrize(
    "then", [hanging, saying(reply("429 No", f"Retry-After: {HANGS}", "Connection: close"))], ids=["hangs", "pauses"]
)
def test_a_signal_ends_the_run_with_what_it_had(
    then: Behaviour, number: int, moments: list[float], jobs: int, contacts: Contract, tmp_path: Path
) -> None:
    with serving(after(3, then)) as url, signals(*moments, number=number):
        ran = Ran(contacts, url, tmp_path, jobs, timeout=HANGS)
    assert (ran.code, ran.workers) == (SIGNALLED + number, [])
    assert ran.report["stopped"] == f"interrupted by {signal.Signals(number).name}"
    assert ran.seconds < HANGS / 2
    ran.check()


@pytest.mark.parametrize("jobs", [1, 4])
@pytest.mark.parametrize(
    "then", [hanging, saying(reply("429 No", f"Retry-After: {HANGS}", "Connection: close"))], ids=["hangs", "pauses"]
)
def test_the_time_ends_the_run_whatever_it_waits_for(
    then: Behaviour, jobs: int, contacts: Contract, tmp_path: Path
) -> None:
    with serving(after(3, then)) as url:
        ran = Ran(contacts, url, tmp_path, jobs, timeout=HANGS, max_time=0.5)
    assert ran.report["stopped"] == "the budget of 0.5 seconds is spent"
    assert ran.seconds < HANGS / 2
    assert ran.workers == []


def test_a_run_without_any_reply_is_not_clean(contacts: Contract, tmp_path: Path) -> None:
    with serving(saying(reply("429 No", f"Retry-After: {HANGS}", "Connection: close"))) as url:
        assert Ran(contacts, url, tmp_path, max_time=0.3).code == UNREACHABLE


def slow_to_remove(connection: socket.socket, head: bytes) -> None:
    """Create what is asked for, and remove nothing within the time of a test."""
    if head.startswith(b"DELETE"):
        time.sleep(HANGS)
    made = b'{"GuestId": 7, "RoomId": 7, "BookingId": 7, "Name": "Anna"}'
    connection.sendall(reply("200 OK", "Connection: close", body=made))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 4])
def test_the_time_ends_the_removing_too_and_what_is_left_is_named(jobs: int, hotel: Contract, tmp_path: Path) -> None:
    with serving(slow_to_remove) as url:
        ran = Ran(hotel, url, tmp_path, jobs, timeout=HANGS, max_time=3)
    assert ran.seconds < HANGS / 2
    assert {(call["method"], call["target"]) for call in ran.report["left"]} >= {("DELETE", "/guests/7")}
    assert ran.workers == []
