"""What state costs: requests a second for a changed entity, with its state kept nowhere, in memory, in a file.

Run by hand: ``python tests/benchmarks/stateful.py [SOURCE]``. Needs wrk, and redis-server for the last one. All servers
run at once and are loaded in turn: compare the ratios, not the numbers.
"""

import argparse
import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

from servers import Call, ask, docdouble, serving, tell
from throughput import measured
from writers import HOTEL, redis

CHANGE = "PUT"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", default=str(HOTEL), help="what docdouble serves")
    parser.add_argument("--path", default="/guests/7", help="what is asked for, and changed beforehand with PUT")
    parser.add_argument("--change", default='{"Name": "Ada"}', help="the body of that")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--threads", type=int, default=256, help="of docdouble serve")
    parser.add_argument("--seconds", type=int, default=5, help="of each run")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        parser.error("wrk is needed and not installed: apt-get install wrk")
    call = Call(options.path, "")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        states = {"off": "off", "memory": "memory", "SQLite": str(folder / "state.db")}
        if shutil.which("redis-server"):
            states["Redis"] = stack.enter_context(redis(folder))
        running = {}
        for name, state in states.items():
            command = ("--port", "{port}", "--state", state, "--threads", str(options.threads))
            running[name] = stack.enter_context(serving(docdouble("serve", options.source, *command), call))
            status, body = ask(running[name].port, Call(options.path, options.change), CHANGE)
            tell(f"{name:8} {CHANGE} {options.path}: {status}, {len(body)} bytes")
        results = measured(running, call, options)
        for name, load in results.items():
            ratio = load.rate / results["off"].rate
            tell(
                f"{name:8} {load.rate:8.0f} requests/s, {ratio:.2f} of off; "
                f"refused {load.refused}, broken {load.broken}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
