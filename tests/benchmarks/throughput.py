"""Requests a second of ``docdouble serve``, beside a bare Werkzeug app on granian, and Prism where it is given.

Run by hand: ``python tests/benchmarks/throughput.py [SOURCE] [--prism FOLDER --swagger FILE]``. Needs wrk. All servers
run at once and are loaded in turn, so a machine's other work touches them alike: compare the ratios, not the numbers.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from servers import HEADERS, HOST, NUMBER, Call, Server, add_call, ask, docdouble, serving, tell

HERE = Path(__file__).parent
ANSWERS = 21
"""Answers of which the size is read."""

WARM_UP = 1
"""Seconds of load before anything is measured."""

COUNTED = f"""
local number = 0
local template = wrk.body
function request()
  number = number + 1
  return wrk.format(nil, nil, nil, (string.gsub(template, "{NUMBER}", tostring(number))))
end
"""
"""Makes each call another one: its number stands for the placeholder in the body."""

REPORT = """
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"rate": %f, "p50": %d, "p99": %d, "refused": %d, "broken": %d}\\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One run of wrk: requests a second, latencies in microseconds, statuses from 400 on, and no answers at all."""

    rate: float
    p50: float
    p99: float
    refused: int
    broken: int


def script(call: Call) -> str:
    """Return the Lua script that makes wrk send the call and print one line of JSON."""
    headers = "".join(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}\n" for name, value in HEADERS.items())
    body = f"wrk.body = {json.dumps(call.body)}\n" if call.body else ""
    counted = COUNTED if NUMBER in call.body else ""
    return f"wrk.method = {json.dumps(call.method)}\n{body}{headers}{counted}{REPORT}"


def load(server: Server, call: Call, lua: Path, connections: int, seconds: int) -> Load:
    url = f"http://{HOST}:{server.port}{call.path}"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(lua), url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Load(**json.loads(printed.splitlines()[-1]))


def middle(loads: list[Load]) -> Load:
    """Return the medians of several runs, and all their failures."""
    rate, p50, p99 = (median(getattr(load, name) for load in loads) for name in ("rate", "p50", "p99"))
    return Load(rate, p50, p99, sum(load.refused for load in loads), sum(load.broken for load in loads))


def answer_size(server: Server, call: Call) -> int:
    return int(median(len(ask(server.port, call)[1]) for _ in range(ANSWERS)))


@contextlib.contextmanager
def servers(options: argparse.Namespace, call: Call) -> Iterator[dict[str, Server]]:
    """Start what is compared, by name."""
    with contextlib.ExitStack() as stack:
        command = docdouble("serve", options.source, "--port", "{port}", "--threads", str(options.threads))
        ours = stack.enter_context(serving(command, call))
        size = answer_size(ours, call)
        tell(f"{call.method} {call.path}: status {ours.status}, {size} bytes")
        one_thread = ["--workers", "1", "--blocking-threads", "1", "--log-level", "error"]
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", "{port}"]
        environment = {**os.environ, "SIZE": str(size), "PYTHONPATH": str(HERE)}
        bare = stack.enter_context(serving([*granian, *one_thread, "bare:app"], call, environment))
        started = {"docdouble": ours, "bare": bare}
        if options.prism:
            started["prism"] = stack.enter_context(serving(prism(options.prism, options.swagger), call))
        yield started


def prism(folder: Path, swagger: Path) -> list[str]:
    """Return the command of Prism in dynamic mode; ``folder`` is that of the npm package, or its index.js."""
    index = folder if folder.is_file() else folder / "dist" / "index.js"
    return ["node", str(index), "mock", "--port", "{port}", "--host", HOST, "-v", "silent", "-d", str(swagger)]


def measured(running: dict[str, Server], call: Call, options: argparse.Namespace) -> dict[str, Load]:
    """Load the servers in turn, round after round."""
    loads: dict[str, list[Load]] = {name: [] for name in running}
    with tempfile.TemporaryDirectory() as folder:
        lua = Path(folder) / "call.lua"
        lua.write_text(script(call), encoding="utf-8")
        for server in running.values():
            load(server, call, lua, options.connections, WARM_UP)
        for number in range(options.rounds):
            for name, server in running.items():
                loads[name].append(load(server, call, lua, options.connections, options.seconds))
                tell(f"  round {number + 1}  {name:10} {loads[name][-1].rate:10.0f} requests/s")
    return {name: middle(repeated) for name, repeated in loads.items()}


def report(loads: dict[str, Load]) -> None:
    tell(f"{'':10} {'requests/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'p99/p50':>8} {'4xx, 5xx':>9} {'no answer':>9}")
    for name, load in loads.items():
        times = f"{load.p50 / 1000:8.2f} {load.p99 / 1000:8.2f} {load.p99 / load.p50:8.1f}"
        tell(f"{name:10} {load.rate:10.0f} {times} {load.refused:9} {load.broken:9}")
    for name, load in loads.items():
        if name != "docdouble":
            tell(f"docdouble / {name}: {loads['docdouble'].rate / load.rate:.2f} of the requests a second")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", default="superoffice", help="what docdouble serves")
    add_call(parser)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--threads", type=int, default=1024, help="of docdouble serve")
    parser.add_argument("--seconds", type=int, default=8, help="of each run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--prism", type=Path, help="folder of the npm package @stoplight/prism-cli")
    parser.add_argument("--swagger", type=Path, help="the OpenAPI or Swagger file that Prism serves")
    options = parser.parse_args()
    if bool(options.prism) != bool(options.swagger):
        parser.error("--prism and --swagger go together")
    if not shutil.which("wrk"):
        parser.error("wrk is needed and not installed: apt-get install wrk")
    call = Call(options.path, options.body)
    with servers(options, call) as running:
        report(measured(running, call, options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
