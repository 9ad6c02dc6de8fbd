"""Costs of a unit of work, and plans for larger loads that are calculated from them, as ``docs/capacity.md`` has them.

Run by hand: ``python tests/benchmarks/capacity.py {requests,document,night}``. Costs are processor time, so that other
work of the machine touches them little. ``requests`` needs wrk, and redis-server for Redis. ``night`` is a simulation:
the costs of an operation are those that ``verification.py`` prints.
"""

import argparse
import contextlib
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psutil
from servers import Call, Server, docdouble, free_port, serving, tell
from throughput import load, script

KINDS = 5
"""Operations of a resource."""

BUSY = 0.7
"""Share of a core that is planned with: beyond it, calls wait for each other."""

NIGHTS = 21
SET_UP, USUAL, LARGEST = 30.0, 40, 3000
"""Seconds until a service is up, and the operations of one in the middle and of the largest."""


def document(operations: int) -> dict[str, object]:
    """Return an OpenAPI document of resources with five operations and a type of ten properties each."""
    paths: dict[str, object] = {}
    schemas: dict[str, object] = {}
    for number in range(operations // KINDS):
        name = f"Boat{number}"
        fields = {f"field{index}": {"type": ("string", "integer", "boolean")[index % 3]} for index in range(9)}
        schemas[name] = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, **fields}}
        ref = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        many = {"application/json": {"schema": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}}}
        body = {"required": True, "content": ref}
        key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
        single, listed, none = ({"description": "", "content": content} for content in (ref, many, {}))
        paths[f"/boats{number}"] = {
            "get": {"operationId": f"list{name}", "responses": {"200": listed}},
            "post": {"operationId": f"create{name}", "requestBody": body, "responses": {"201": single}},
        }
        paths[f"/boats{number}/{{id}}"] = {
            "parameters": [key],
            "get": {"operationId": f"read{name}", "responses": {"200": single, "404": none}},
            "put": {"operationId": f"update{name}", "requestBody": body, "responses": {"200": single, "404": none}},
            "delete": {"operationId": f"delete{name}", "responses": {"204": none, "404": none}},
        }
    info = {"title": "Harbour", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def measure_document(counts: list[int]) -> None:
    """Print what a contract of so many operations costs: to be read, kept, and served."""
    tell(f"{'operations':>10} {'file MB':>8} {'read s':>8} {'read MB':>8} {'start s':>8} {'serve MB':>9}")
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            source, contract = Path(folder) / "openapi.json", Path(folder) / "contract.json"
            source.write_text(json.dumps(document(count)), encoding="utf-8")
            process = subprocess.Popen(
                docdouble("extract", str(source), "-o", str(contract)), stderr=subprocess.DEVNULL
            )
            _, status, used = os.wait4(process.pid, 0)
            if status:
                raise SystemExit(f"docdouble extract ended with {status}")
            command = docdouble("serve", str(contract), "--port", "{port}")
            with serving(command, Call("/boats0", "")) as server:
                read, started = used.ru_utime + used.ru_stime, spent(server)
                megabytes = contract.stat().st_size / 2**20, used.ru_maxrss / 2**10, server.memory()
        size, peak, held = megabytes
        tell(f"{count:10} {size:8.1f} {read:8.1f} {peak:8.0f} {started:8.2f} {held:9.0f}")


def spent(server: Server) -> float:
    """Return the seconds of processor time of a server's processes."""
    family = (server.process, *server.process.children(recursive=True))
    return sum(sum(process.cpu_times()[:2]) for process in family)


@contextlib.contextmanager
def redis() -> Iterator[tuple[str, psutil.Process]]:
    """Run a Redis and yield its URL and process."""
    port = free_port()
    process = subprocess.Popen(["redis-server", "--port", str(port), "--save", ""], stdout=subprocess.DEVNULL)
    try:
        time.sleep(1)
        yield f"redis://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def measure_requests(rate: int, seconds: int) -> None:
    """Print what a request costs by store, and how many cores so many requests a second need."""
    if not shutil.which("wrk"):
        raise SystemExit("wrk is needed and not installed: apt-get install wrk")
    calls = {"answers": Call("/boats0", ""), "an entity that was written": Call("/boats0/1", "")}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        source = Path(folder) / "openapi.json"
        source.write_text(json.dumps(document(100)), encoding="utf-8")
        stores: dict[str, tuple[str, psutil.Process | None]] = {"memory": ("memory", None)}
        if shutil.which("redis-server"):
            stores["redis"] = stack.enter_context(redis())
        for store, (state, keeper) in stores.items():
            command = docdouble("serve", str(source), "--port", "{port}", "--state", state)
            with serving(command, calls["answers"]) as server:
                for name, call in calls.items():
                    ours, its = cost(server, keeper, call, Path(folder) / "call.lua", seconds)
                    cores = math.ceil(rate * ours / 1e6 / BUSY)
                    tell(f"{store:7} {name:27} {ours:6.0f} us a request: {cores} cores for {rate} a second")
                    if its:
                        share = 100 * rate * its / 1e6
                        tell(f"{'':7} {'its Redis':27} {its:6.0f} us a request: {share:.0f} % of its one core")


def cost(server: Server, keeper: psutil.Process | None, call: Call, lua: Path, seconds: int) -> tuple[float, float]:
    """Return the microseconds of processor time that a request takes of the server, and of what keeps its state."""
    lua.write_text(script(call), encoding="utf-8")
    load(server, call, lua, 16, 1)
    before, kept = spent(server), sum(keeper.cpu_times()[:2]) if keeper else 0.0
    requests = load(server, call, lua, 16, seconds).rate * seconds
    its = (sum(keeper.cpu_times()[:2]) - kept) / requests if keeper else 0.0
    return (spent(server) - before) / requests * 1e6, its * 1e6


def simulate_night(services: int, calls: int, rate: float, latency: float) -> None:
    """Print how long a night's verification takes by the count of shards, over random sizes of services.

    An operation takes ``calls`` calls; each takes ``1 / rate`` seconds of a core here, and ``latency`` of waiting.
    """
    tell(f"{services} services, {calls} calls an operation, {rate:.0f} calls a second, {latency * 1000:.0f} ms a reply")
    for shards in (1, 5, 10, 20, 50, 100):
        nights = [night(services, calls * (1 / rate + latency), shards, seed) for seed in range(NIGHTS)]
        longest, sums = (median(times) for times in zip(*nights, strict=True))
        tell(f"{shards:4} shards: {longest / 60:7.1f} minutes, {sums / 3600:5.1f} hours of machines")


def night(services: int, seconds: float, shards: int, seed: int) -> tuple[float, float]:
    """Return the seconds of the longest shard and of all; the longest services are given out first.

    A service has 40 operations in the middle, few have many, and takes half a minute to be set up.
    """
    drawn = random.Random(seed)
    took = [SET_UP + seconds * min(drawn.lognormvariate(math.log(USUAL), 1), LARGEST) for _ in range(services)]
    loads = [0.0] * shards
    for duration in sorted(took, reverse=True):
        loads[loads.index(min(loads))] += duration
    return max(loads), sum(loads)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    requests = commands.add_parser("requests")
    requests.add_argument("--rate", type=int, default=10_000)
    requests.add_argument("--seconds", type=int, default=5)
    documents = commands.add_parser("document")
    documents.add_argument("operations", nargs="*", type=int, default=[1_000, 10_000, 100_000])
    nights = commands.add_parser("night")
    nights.add_argument("--services", type=int, default=500)
    nights.add_argument("--calls", type=int, default=40, help="of an operation, as verification.py prints")
    nights.add_argument("--rate", type=float, default=500.0, help="calls a second, as verification.py prints")
    nights.add_argument("--latency", type=float, default=0.02, help="seconds of a reply")
    wanted = vars(parser.parse_args())
    run = {"requests": measure_requests, "document": measure_document, "night": simulate_night}[wanted.pop("command")]
    run(*wanted.values())
    return 0


if __name__ == "__main__":
    sys.exit(main())
