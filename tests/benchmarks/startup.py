"""How long ``docdouble serve`` takes from process start to first answer, and how much memory it holds then.

Run by hand: ``python tests/benchmarks/startup.py [SOURCE...]``. The shipped contract, ``import docdouble``,
``docdouble --help`` and a bare Python are measured beside each SOURCE, round after round; the ratios are to the bare
Python. A folder of pages is read once before.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median

from servers import Call, add_call, docdouble, serving, tell

SHIPPED = "superoffice"
BARE = "python -c pass"
COMMANDS = {
    BARE: [sys.executable, "-c", "pass"],
    "import docdouble": [sys.executable, "-c", "import docdouble"],
    "docdouble --help": docdouble("--help"),
}


@dataclass(frozen=True, slots=True)
class Start:
    """One start: its seconds; of a server also the megabytes it held then, and the status of its first answer."""

    seconds: float
    megabytes: float = 0.0
    status: int = 0


def run(command: list[str]) -> Start:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return Start(time.perf_counter() - started)


def serve(source: str, call: Call) -> Start:
    with serving(docdouble("serve", source, "--port", "{port}"), call) as server:
        return Start(server.seconds, server.memory(), server.status)


def report(name: str, starts: list[Start], bare: float) -> None:
    seconds = [start.seconds for start in starts]
    middle = median(seconds)
    line = f"{middle * 1000:6.0f} ms, worst {max(seconds) * 1000:6.0f} ms, {middle / bare:6.1f} x bare Python"
    held = (
        f", {median(start.megabytes for start in starts):4.0f} MB, status {starts[0].status}"
        if starts[0].status
        else ""
    )
    tell(f"{name:24} {line}{held}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    add_call(parser)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    call = Call(options.path, options.body)
    measured: dict[str, Callable[[], Start]] = {name: partial(run, command) for name, command in COMMANDS.items()}
    measured |= {f"serve {source}": partial(serve, source, call) for source in (SHIPPED, *options.sources)}
    for once in measured.values():
        once()
    measurements = [{name: once() for name, once in measured.items()} for _ in range(options.rounds)]
    bare = median(starts[BARE].seconds for starts in measurements)
    for name in measured:
        report(name, [starts[name] for starts in measurements], bare)
    return 0


if __name__ == "__main__":
    sys.exit(main())
