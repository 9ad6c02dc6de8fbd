"""Processor time of a request to the fake in process, with the request log of ``serve`` and without.

Run by hand: ``python tests/benchmarks/request_log.py [SOURCE] 2> /dev/null``: the log goes to stderr. Both are measured
in turn, by processor time, that of the thread which writes included; a socket in between makes the share smaller.
"""

import argparse
import sys
import time
from statistics import median

from servers import HEADERS, NUMBER, add_call, tell

from docdouble.contracts.client.target import wsgi_environ
from docdouble.contracts.output.request_log import RequestLines
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, extract


def microseconds(app: FakeServer, log: RequestLines | None, options: argparse.Namespace) -> float:
    """Return the processor time of one request."""
    app.log = log
    method = "POST" if options.body else "GET"
    started = time.process_time()
    for number in range(options.calls):
        body = options.body.replace(NUMBER, str(number)).encode()
        app(wsgi_environ(Call(tuple(HEADERS.items()), body, method, options.path)), lambda status, headers: None)
    if log:
        log.flush()
    return (time.process_time() - started) / options.calls * 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", default="superoffice", help="what docdouble serves")
    add_call(parser)
    parser.add_argument("--calls", type=int, default=1000, help="of each round")
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--log-format", default="text", choices=["text", "json"])
    options = parser.parse_args()
    app, log = FakeServer(extract(options.source).contract), RequestLines(options.log_format)
    microseconds(app, log, options)
    pairs = [(microseconds(app, None, options), microseconds(app, log, options)) for _ in range(options.rounds)]
    quiet, logged = median(quiet for quiet, _ in pairs), median(logged for _, logged in pairs)
    share = median(logged / quiet for quiet, logged in pairs)
    tell(f"{quiet:.1f} µs without, {logged:.1f} µs with the log: {(share - 1) * 100:.1f} % more")
    return 0


if __name__ == "__main__":
    sys.exit(main())
