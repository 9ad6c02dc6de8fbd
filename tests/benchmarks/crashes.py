"""Kills a server again and again while clients write: after each start, every answered write has to be there.

Run by hand: ``python tests/benchmarks/crashes.py [--rounds 100]``. The server and its worker get SIGKILL at a random
moment of a writing load, on one SQLite file that is used from the first round to the last.
"""

import argparse
import contextlib
import http.client
import json
import sqlite3
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil
from servers import HOST, Call, Server, docdouble, serving, tell

HOTEL = Path(__file__).parents[1] / "fakeserver" / "hotel.yaml"
CLIENTS = 4
LONGEST = 0.4
"""Seconds of load before a server is killed, at most."""


@dataclass
class Client:
    """Writes to rooms of its own, one after the other; ``answered`` is the last text that each of them got.

    ``doubtful`` is what was sent last, without an answer: it may be there or not.
    """

    number: int
    answered: dict[int, str] = field(default_factory=dict)
    doubtful: tuple[int, str] | None = None
    writes: int = 0

    def work(self, port: int) -> None:
        """Write until the server is gone."""
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            while True:
                self.write(connection)

    def write(self, connection: http.client.HTTPConnection) -> None:
        self.writes += 1
        room, text = 1 + self.number * 100 + self.writes % 50, f"{self.number}/{self.writes}"
        self.doubtful = (room, text)
        connection.request("PUT", f"/rooms/{room}", json.dumps({"Name": text}), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        shown = json.loads(answer.read())
        if answer.status != 200 or shown["Name"] != text:
            raise SystemExit(f"room {room}: {answer.status} {shown}")
        self.answered[room] = text
        self.doubtful = None


def check(server: Server, clients: list[Client]) -> int:
    """Count the answered writes that are there; raises ``SystemExit`` for one that isn't."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=10)
    with contextlib.closing(connection):
        for client in clients:
            for room, text in client.answered.items():
                connection.request("GET", f"/rooms/{room}")
                name = json.loads(connection.getresponse().read())["Name"]
                if name != text and client.doubtful != (room, name):
                    raise SystemExit(f"room {room} is {name!r}, and the last answered write was {text!r}")
                client.answered[room] = name
    return sum(len(client.answered) for client in clients)


def kill(server: Server, clients: list[Client], seconds: float) -> None:
    threads = [threading.Thread(target=client.work, args=(server.port,)) for client in clients]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    for process in (*server.process.children(recursive=True), server.process):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    for thread in threads:
        thread.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    random, clients = Random(options.seed), [Client(number) for number in range(CLIENTS)]
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.db"
        command = docdouble("serve", str(HOTEL), "--port", "{port}", "--state", str(state), "--population", "500")
        checked = 0
        for number in range(options.rounds + 1):
            with serving(command, Call("/rooms/1", "")) as server:
                checked += check(server, clients)
                if number < options.rounds:
                    kill(server, clients, random.uniform(0.01, LONGEST))
            with contextlib.closing(sqlite3.connect(state)) as file:
                (sound,) = file.execute("PRAGMA integrity_check").fetchone()
            if sound != "ok":
                raise SystemExit(f"round {number}: {sound}")
        writes = sum(client.writes for client in clients)
        tell(f"killed {options.rounds} times: {writes} writes sent, {checked} looked up, none lost, the file is sound")
    return 0


if __name__ == "__main__":
    sys.exit(main())
