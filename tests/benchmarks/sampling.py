"""How many full samples of one type a second, in process on one core: another entity each time, nothing null.

What stands inside it are entities of the same world, of which there are a few hundred of each kind.

Run by hand: ``python tests/benchmarks/sampling.py SOURCE [--type AppointmentEntity]``. The ratio is to the standard
library's ``json.dumps`` of samples of the type. Exits 1 when two samples that follow each other are the same.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import Any

import orjson
from servers import tell

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.schemas import DocdoubleError, extract
from docdouble.schemas.contract.model import reference

LOOKED_AT = 500
"""Samples whose size and differences are looked at."""


def rate(work: Callable[[int], object], seconds: float) -> float:
    """Return how often a second ``work`` is done, each time with a new key."""
    done, started = 0, time.perf_counter()
    until = started + seconds
    while time.perf_counter() < until:
        for _ in range(10):
            work(LOOKED_AT + done)
            done += 1
    return done / (time.perf_counter() - started)


def nulls(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(nulls, value.values()))
    return sum(map(nulls, value)) if isinstance(value, list) else int(value is None)


def looked_at(name: str, samples: list[Any]) -> bool:
    """Tell the size of samples and how many hold null; return whether each differs from the one before."""
    texts = [orjson.dumps(sample) for sample in samples]
    same = sum(first == second for first, second in pairwise(texts))
    holding = sum(nulls(sample) > 0 for sample in samples)
    tell(f"{name}: {median(map(len, texts)):.0f} bytes of JSON (median of {len(samples)})")
    tell(f"{same} like the one before, {holding} with null, {sum(map(nulls, samples))} nulls in all")
    return not same


def measure(sample: Callable[[int], Any], samples: list[Any], rounds: int, seconds: float) -> None:
    rates = []
    for number in range(rounds):
        drawn = rate(sample, seconds)
        written = rate(lambda key: json.dumps(samples[key % len(samples)]), seconds)
        rates.append((drawn, drawn / written))
        tell(f"  round {number + 1}  {drawn:8.0f} samples/s, {drawn / written:5.2f} x json.dumps")
    drawn, ratio = (median(column) for column in zip(*rates, strict=True))
    tell(f"median     {drawn:8.0f} samples/s, {ratio:5.2f} x json.dumps")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("--type", default="AppointmentEntity", help="name of a type of the contract")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each run")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    try:
        contract = extract(options.source).contract
    except DocdoubleError as error:
        parser.error(str(error))
    if options.type not in contract.schemas:
        parser.error(f"--type {options.type!r} is none of {', '.join(sorted(contract.schemas)[:10])}, ...")
    sampler, schema = Sampler(contract, Sampling(nulls="never")), reference(options.type)

    def sample(number: int) -> Any:
        return sampler.sample(schema, number, {"id": number})

    samples = [sample(number) for number in range(LOOKED_AT)]
    differ = looked_at(options.type, samples)
    measure(sample, samples, options.rounds, options.seconds)
    return 0 if differ else 1


if __name__ == "__main__":
    sys.exit(main())
