"""Several processes write to one state under load: no answer is an error, and no update is lost.

Run by hand: ``python tests/benchmarks/writers.py [--seconds 10]``. Needs wrk, and redis-server for the second half.
Every other call adds an item to one of a few guests, the others create rooms; afterwards the items and the rooms are
counted. wrk stops in the middle of a call on each connection, so there may be that many more than it saw answers to.
"""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from servers import HOST, Call, Server, ask, docdouble, free_port, serving, tell

HOTEL = Path(__file__).parents[1] / "fakeserver" / "hotel.yaml"
GUESTS = 8
CONNECTIONS = 16

LUA = f"""
local patch = '[{{"op": "add", "path": "/Tags/-", "value": "vip"}}]'
local number = 0
local threads = {{}}
patched, created, refused = 0, 0, 0
function setup(thread) table.insert(threads, thread) end
function request()
  number = number + 1
  if number % 2 == 0 then
    return wrk.format("POST", "/rooms", {{["Content-Type"] = "application/json"}}, '{{"Name": "Attic"}}')
  end
  local guest = 1 + math.floor(number / 2) % {GUESTS}
  return wrk.format("PATCH", "/guests/" .. guest, {{["Content-Type"] = "application/json-patch+json"}}, patch)
end
function response(status, headers, body)
  if status ~= 200 then refused = refused + 1
  elseif string.find(body, "RoomId", 1, true) == 2 or string.sub(body, 1, 9) == '{{"RoomId"' then created = created + 1
  else patched = patched + 1 end
end
function done(summary, latency, requests)
  local told = {{0, 0, 0}}
  for _, thread in ipairs(threads) do
    told[1] = told[1] + thread:get("patched")
    told[2] = told[2] + thread:get("created")
    told[3] = told[3] + thread:get("refused")
  end
  local errors = summary.errors
  io.write(string.format('{{"patched": %d, "created": %d, "refused": %d, "broken": %d, "rate": %f, "p99": %d}}\\n',
    told[1], told[2], told[3], errors.connect + errors.read + errors.write + errors.timeout,
    summary.requests / (summary.duration / 1e6), latency:percentile(99)))
end
"""


def kept(server: Server) -> tuple[int, int]:
    """Return how many items the guests have, and how many rooms there are."""
    guests = [json.loads(ask(server.port, Call(f"/guests/{number}", ""))[1]) for number in range(1, GUESTS + 1)]
    rooms = json.loads(ask(server.port, Call("/rooms", ""))[1])
    numbers = [room["RoomId"] for room in rooms]
    if len(set(numbers)) < len(numbers):
        raise SystemExit("two rooms have the same id")
    return sum(len(guest["Tags"]) for guest in guests), len(rooms)


def loaded(server: Server, seconds: int, folder: Path) -> dict[str, float]:
    lua = folder / "writers.lua"
    lua.write_text(LUA, encoding="utf-8")
    url = f"http://{HOST}:{server.port}/"
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(lua), url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    counts: dict[str, float] = json.loads(printed.splitlines()[-1])
    return counts


def check(name: str, state: str, workers: int, seconds: int, folder: Path) -> bool:
    """Serve, load and count; tell whether all is as it has to be."""
    call = Call("/guests/1", "")
    command = docdouble("serve", str(HOTEL), "--port", "{port}", "--state", state, "--workers", str(workers))
    with serving(command, call) as server:
        items, rooms = kept(server)
        counts = loaded(server, seconds, folder)
        time.sleep(1)  # the calls that wrk left in the middle come to an end
        more_items, more_rooms = (after - before for after, before in zip(kept(server), (items, rooms), strict=True))
    surplus = more_items + more_rooms - counts["patched"] - counts["created"]
    lost = max(counts["patched"] - more_items, 0) + max(counts["created"] - more_rooms, 0)
    tell(
        f"{name:8} {workers} workers: {counts['patched']:.0f} items added, {counts['created']:.0f} rooms created, "
        f"{counts['rate']:.0f} writes/s, p99 {counts['p99'] / 1000:.0f} ms; lost {lost:.0f}, errors "
        f"{counts['refused']:.0f}, no answer {counts['broken']:.0f}, unanswered but kept {surplus:.0f}"
    )
    return lost == counts["refused"] == counts["broken"] == 0 and 0 <= surplus <= CONNECTIONS


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis server and yield its URL."""
    port = free_port()
    options = ["--port", str(port), "--bind", HOST, "--save", "", "--dir", str(folder)]
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            any(b"Ready to accept connections" in line for line in server.stdout)
            yield f"redis://{HOST}:{port}/0"
        finally:
            server.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        parser.error("wrk is needed and not installed: apt-get install wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fine = check("SQLite", str(folder / "state.db"), options.workers, options.seconds, folder)
        if shutil.which("redis-server"):
            with redis(folder) as url:
                fine &= check("Redis", url, options.workers, options.seconds, folder)
        else:
            tell("Redis: redis-server is not installed")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
