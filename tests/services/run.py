"""Services in common frameworks, right and with planted bugs: what ``docdouble verify`` finds in each.

Run by hand: ``python tests/services/run.py [SERVICE...] [--bugs all|none|NAME...] [--with-proxy]
[--with-schemathesis] [--cache DIR]``
Each folder beside this file is a service as the tutorial of its framework would have it; ``bugs.toml`` has the bugs,
one of which is planted by the environment variable ``SERVICE_BUG``. Environments with the frameworks and reports are
below ``--cache``. A bug counts as found when a finding differs in check, operation, place or rule from those of the
right service. ``--with-proxy`` adds a table of what ``docdouble proxy`` finds of the same calls as they pass it, and
tells whether ``verify --har`` judges its recording alike. ``--with-schemathesis`` adds a table of what ``st run`` finds
with the same document and credentials and its own defaults; a bug counts as found when a failure differs in kind,
operation or undocumented status.
Exits 1 when a right service has an error or more than three warnings, or too few of the bugs are found.
"""

import argparse
import statistics
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path
from services import HERE, Service, document, installed, load, names, running, tell
from tools import SEVERITIES, Key, Outcome, Tool, proxied, run_by_schemathesis, verified

BUGS: Mapping[str, str] = tomllib.loads((HERE / "bugs.toml").read_text())
MOST_WARNINGS, LEAST_FOUND, LEAST_ERRORS = 3, 0.9, 0.75
RIGHT = ""
"""Stands for the service without a bug."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run has reported beyond the run of the right service."""

    new: Mapping[Key, str]
    outcome: Outcome

    @property
    def severity(self) -> str:
        """The gravest severity, or ``not found``."""
        return max(self.new.values(), key=SEVERITIES.index, default="not found")

    def checks(self) -> str:
        """Return the checks that found it so gravely."""
        return ", ".join(sorted({key[0] for key, severity in self.new.items() if severity == self.severity}))


Results = Mapping[tuple[str, str], Result]
"""By service and bug."""


def main() -> int:
    """Run what the command line asks for, print the table, and return the exit status."""
    options = parser().parse_args()
    services = [load(HERE / name) for name in options.services or names()]
    bugs = {"all": [*BUGS], "none": []}.get(options.bugs[0], options.bugs)
    tools: dict[str, Tool] = {"docdouble": verified}
    if options.with_proxy:
        tools["docdouble proxy"] = proxied
    if options.with_schemathesis:
        tools["schemathesis"] = run_by_schemathesis
    results: dict[str, dict[tuple[str, str], Result]] = {}
    for name, tool in tools.items():
        results[name] = {
            key: severity for service in services for key, severity in examine(service, bugs, options.cache, tool)
        }
    for name in tools:
        tell(f"\n{name}\n\n{table([service.name for service in services], bugs, results[name])}")
    return int(not all(reached(service.name, bugs, results["docdouble"]) for service in services))


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    made.add_argument("services", nargs="*", choices=[[], *names()], metavar="SERVICE", help=f"of {', '.join(names())}")
    choices = ["all", "none", *BUGS]
    made.add_argument("--bugs", nargs="+", choices=choices, default=["all"], metavar="NAME", help="all, none or names")
    made.add_argument("--with-proxy", action="store_true", help="a second table of what `docdouble proxy` finds")
    made.add_argument("--with-schemathesis", action="store_true", help="a further table of what `st run` finds")
    cache = user_cache_path("docdouble") / "services"
    made.add_argument("--cache", type=Path, default=cache, help=f"folder of environments and reports, default {cache}")
    return made


def examine(service: Service, bugs: Sequence[str], cache: Path, tool: Tool) -> Iterator[tuple[tuple[str, str], Result]]:
    """Yield what a tool finds in a service, right and with each of the bugs, and tell it on the way."""
    home = installed(service, cache)
    right: Mapping[Key, str] = {}
    documented: object = None
    for bug in (RIGHT, *bugs):
        with running(service, bug, home) as url:
            documented = documented or document(service, url)
            if document(service, url) != documented:
                raise SystemExit(f"{service.name}: {bug} changes the document")
            outcome = tool(service, url, cache.absolute() / f"{service.name}-{bug or 'right'}.json")
        result = Result({key: outcome.findings[key] for key in outcome.findings.keys() - right.keys()}, outcome)
        yield (service.name, bug), result
        tell(f"{service.name} {bug or 'right'}: {result.severity} {result.checks()} ({outcome.verdict})")
        right = right or outcome.findings


def table(services: Sequence[str], bugs: Sequence[str], results: Results) -> str:
    """Return the table by bug and service, as Markdown."""
    rows = [["bug", *services], ["---"] * (len(services) + 1)]
    rows.append(["none", *(counts(results[name, RIGHT].outcome.findings) for name in services)])
    rows += [[bug, *(cell(results[name, bug]) for name in services)] for bug in bugs]
    if bugs:
        rows.append(["found", *(f"{share(name, bugs, results, 'warning'):.0%}" for name in services)])
        rows.append(["as errors", *(f"{share(name, bugs, results, 'error'):.0%}" for name in services)])
    for figure in ("requests", "seconds"):
        rows.append([f"{figure} a run", *(mean(name, bugs, results, figure) for name in services)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def counts(findings: Mapping[Key, str]) -> str:
    """Return how many findings of each severity there are."""
    return ", ".join(f"{list(findings.values()).count(severity)} {severity}s" for severity in reversed(SEVERITIES))


def mean(service: str, bugs: Sequence[str], results: Results, figure: str) -> str:
    """Return a figure of a service's runs on the average."""
    return f"{statistics.mean(getattr(results[service, bug].outcome, figure) for bug in (RIGHT, *bugs)):.0f}"


def cell(result: Result) -> str:
    """Return how gravely a bug was found, and by which checks."""
    return f"{result.severity} {result.checks()}".strip()


def share(service: str, bugs: Sequence[str], results: Results, severity: str) -> float:
    """Return the share of the bugs that were found so gravely."""
    enough = SEVERITIES[SEVERITIES.index(severity) :]
    return sum(results[service, bug].severity in enough for bug in bugs) / len(bugs)


def reached(service: str, bugs: Sequence[str], results: Results) -> bool:
    """Tell whether a service has no false error, few warnings, and its bugs are found."""
    severities = list(results[service, RIGHT].outcome.findings.values())
    silent = "error" not in severities and severities.count("warning") <= MOST_WARNINGS
    goals = {"warning": LEAST_FOUND, "error": LEAST_ERRORS}
    return silent and (not bugs or all(share(service, bugs, results, goal) >= least for goal, least in goals.items()))


if __name__ == "__main__":
    sys.exit(main())
