"""Requests a second through ``docdouble proxy``, beside the server alone and ``prism proxy`` where it is given.

Run by hand: ``python tests/benchmarks/proxying.py SOURCE --path /guests/1 --body "" [--prism FOLDER]``. Needs wrk. The
server is the fake of SOURCE; all run at once and are loaded in turn: compare the ratios, not the numbers. Processor
time is that of a request in the processes of the one that is loaded.
"""

import argparse
import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from servers import HOST, Call, Server, add_call, docdouble, serving, tell
from throughput import Load, load, script


def seconds_spent(server: Server) -> float:
    """Return the processor time of a server's processes until now."""
    family = (server.process, *server.process.children(recursive=True))
    return sum(process.cpu_times().user + process.cpu_times().system for process in family)


@contextlib.contextmanager
def servers(options: argparse.Namespace, call: Call) -> Iterator[dict[str, Server]]:
    """Start what is compared, by name."""
    with contextlib.ExitStack() as stack:
        serve = docdouble("serve", options.source, "--port", "{port}", "--auth", "off", "--state", "off", "--quiet")
        alone = stack.enter_context(serving(serve, call))
        url = f"http://{HOST}:{alone.port}"
        ours = docdouble("proxy", options.source, "--url", url, "--port", "{port}", "--quiet")
        started = {"alone": alone, "docdouble": stack.enter_context(serving(ours, call))}
        if options.prism:
            index = options.prism / "dist" / "index.js"
            prism = ["node", str(index), "proxy", "--port", "{port}", "--host", HOST, "-v", "silent"]
            started["prism"] = stack.enter_context(serving([*prism, options.source, url], call))
        yield started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", help="the OpenAPI document of the server")
    add_call(parser)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=4, help="of each run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--prism", type=Path, help="folder of the npm package @stoplight/prism-cli")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        parser.error("wrk is needed and not installed: apt-get install wrk")
    call = Call(options.path, options.body)
    loads: dict[str, list[Load]] = {}
    times: dict[str, list[float]] = {}
    with servers(options, call) as running, tempfile.TemporaryDirectory() as folder:
        lua = Path(folder) / "call.lua"
        lua.write_text(script(call), encoding="utf-8")
        for server in running.values():
            load(server, call, lua, options.connections, 1)
        for _ in range(options.rounds):
            for name, server in running.items():
                before = seconds_spent(server)
                done = load(server, call, lua, options.connections, options.seconds)
                loads.setdefault(name, []).append(done)
                spent = seconds_spent(server) - before
                times.setdefault(name, []).append(spent / (done.rate * options.seconds) * 1e6)
                tell(f"  {name:10} {done.rate:8.0f} requests/s, {times[name][-1]:7.0f} µs of processor time each")
        memory = {name: server.memory() for name, server in running.items()}
    for name, done in loads.items():
        failed = sum(load.refused + load.broken for load in done)
        rate, time = median(load.rate for load in done), median(times[name])
        tell(f"{name:10} {rate:8.0f} requests/s {time:7.0f} µs {memory[name]:6.0f} MB, {failed} without success")
    return 0


if __name__ == "__main__":
    sys.exit(main())
