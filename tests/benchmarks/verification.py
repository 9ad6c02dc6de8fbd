"""How many calls a second of processor time ``docdouble verify`` makes to the fake in process, on one core.

Run by hand: ``python tests/benchmarks/verification.py SOURCE [--every 12] [--calls FILE]``. With ``--calls``, each call
with its reply, and each finding, is a line of FILE: two versions that verify the same write the same but for moments of
today.
"""

import argparse
import hashlib
import re
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from servers import tell

from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.config.config import VerifyConfig
from docdouble.contracts.engine.garbage import rare_collection
from docdouble.contracts.engine.verification import Verification, VerifyOptions
from docdouble.contracts.model.budget import Budget
from docdouble.schemas import Call, Reply, extract

_TODAY = re.compile(rf"{time.strftime('%Y-%m-%d')}T[-0-9:.+Z]*")
_MOMENTS = ("date", "etag", "last-modified")


def fingerprint(*parts: object) -> str:
    return hashlib.sha256(_TODAY.sub("", repr(parts)).encode()).hexdigest()[:16]


def recording(send: Callable[[WsgiTarget, Call], Reply], lines: list[str]) -> Callable[[WsgiTarget, Call], Reply]:
    """Return what sends a call and keeps a line of it."""

    def sent(target: WsgiTarget, call: Call) -> Reply:
        reply = send(target, call)
        fields = [field for field in reply.headers if field[0].lower() not in _MOMENTS]
        asked, answered = fingerprint(call.headers, call.target, call.body), fingerprint(fields, reply.body)
        lines.append(f"{call.method} {call.path} {asked} {reply.status} {answered}")
        return reply

    return sent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("--every", type=int, default=12, help="verify one in so many operations")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--calls", type=Path, metavar="FILE")
    wanted = parser.parse_args()
    lines: list[str] = []
    # Hypothesis also draws constants of the source text of what is imported and not installed: here that is docdouble
    providers._get_local_constants = Constants
    if wanted.calls:
        WsgiTarget.send = recording(WsgiTarget.send, lines)  # type: ignore[method-assign]
    contract = extract(wanted.source).contract
    only = tuple(operation.id for operation in contract.operations[:: wanted.every])
    started = time.process_time()
    verification = Verification.of(contract, VerifyOptions("", Budget(seed=wanted.seed), VerifyConfig(only=only)))
    prepared = time.process_time()
    with rare_collection():
        run = verification.run()
    seconds, calls = time.process_time() - prepared, sum(result.calls for result in run.results)
    tell(f"{len(only)} operations, {calls} calls in {seconds:.1f} s of processor time, {calls / seconds:.0f} a second")
    tell(f"{prepared - started:.1f} s before the first call")
    if wanted.calls:
        findings = [
            str((finding.severity, finding.fingerprint)) for result in run.results for finding in result.findings
        ]
        wanted.calls.write_text("\n".join([*lines, *sorted(findings), ""]))


if __name__ == "__main__":
    main()
