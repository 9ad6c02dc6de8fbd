"""Services in common frameworks, right and with planted bugs: what ``docdouble verify`` finds in each.

Run by hand: ``python tests/services/run.py [SERVICE...] [--bugs all|none|NAME...] [--with-schemathesis] [--cache DIR]``
Each folder beside this file is a service as the tutorial of its framework would have it; ``bugs.toml`` has the bugs,
one of which is planted by the environment variable ``SERVICE_BUG``. Environments with the frameworks and reports are
below ``--cache``. A bug counts as found when a finding differs in check, operation, place or rule from those of the
right service. ``--with-schemathesis`` adds a table of what ``st run`` finds with the same document and credentials and
its own defaults; a bug counts as found when a failure differs in kind, operation or undocumented status.
Exits 1 when a right service has an error or more than three warnings, or too few of the bugs are found.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from platformdirs import user_cache_path

HERE = Path(__file__).parent
BUGS: Mapping[str, str] = tomllib.loads((HERE / "bugs.toml").read_text())
SEVERITIES = ("note", "warning", "error")
PATIENCE = 60.0
"""Seconds until a service must answer."""

CAP = 600.0
"""Seconds after which a tool is ended, with nothing found."""

MOST_WARNINGS, LEAST_FOUND, LEAST_ERRORS = 3, 0.9, 0.75
RIGHT = ""
"""Stands for the service without a bug."""

Key = tuple[str, ...]
"""A finding without its values: check, operation, place, rule."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a folder: ``start`` has ``{port}``, ``arguments`` are what a user types to verify it.

    ``base`` is the path of the API that isn't in the paths of its document, where the service itself is at ``/``.
    """

    folder: Path
    start: tuple[str, ...]
    document: str
    arguments: tuple[str, ...] = ()
    prepare: tuple[tuple[str, ...], ...] = ()
    base: str = ""

    @property
    def name(self) -> str:
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings of a run with their severities, requests, seconds and the verdict."""

    findings: Mapping[Key, str]
    requests: int
    seconds: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a run has told beyond the run of the right service."""

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

Tool = Callable[[Service, str, Path], Outcome]
"""Service, its URL, and the file for a report → what is found."""


def main() -> int:
    """Run what the command line asks for, print the table, and return the exit status."""
    options = parser().parse_args()
    services = [load(HERE / name) for name in options.services or names()]
    bugs = {"all": [*BUGS], "none": []}.get(options.bugs[0], options.bugs)
    tools: dict[str, Tool] = {"docdouble": verified}
    if options.with_schemathesis:
        tools["schemathesis"] = run_by_schemathesis
    results: dict[str, dict[tuple[str, str], Result]] = {}
    for name, tool in tools.items():
        results[name] = {key: one for service in services for key, one in examine(service, bugs, options.cache, tool)}
    for name in tools:
        tell(f"\n{name}\n\n{table([service.name for service in services], bugs, results[name])}")
    return int(not all(reached(service.name, bugs, results["docdouble"]) for service in services))


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    made = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    made.add_argument("services", nargs="*", choices=[[], *names()], metavar="SERVICE", help=f"of {', '.join(names())}")
    choices = ["all", "none", *BUGS]
    made.add_argument("--bugs", nargs="+", choices=choices, default=["all"], metavar="NAME", help="all, none or names")
    made.add_argument("--with-schemathesis", action="store_true", help="a second table of what `st run` finds")
    cache = user_cache_path("docdouble") / "services"
    made.add_argument("--cache", type=Path, default=cache, help=f"folder of environments and reports, default {cache}")
    return made


def names() -> list[str]:
    """Return the services there are."""
    return sorted(path.parent.name for path in HERE.glob("*/service.toml"))


def load(folder: Path) -> Service:
    """Return the service of a folder."""
    settings = tomllib.loads((folder / "service.toml").read_text())
    return Service(
        folder,
        tuple(settings["start"]),
        settings["document"],
        tuple(settings.get("arguments", ())),
        tuple(tuple(command) for command in settings.get("prepare", ())),
        settings.get("base", ""),
    )


def examine(service: Service, bugs: Sequence[str], cache: Path, tool: Tool) -> Iterator[tuple[tuple[str, str], Result]]:
    """Yield what a tool finds in a service, right and with each of the bugs, and tell it on the way."""
    home = installed(service, cache)
    right: Mapping[Key, str] = {}
    for bug in (RIGHT, *bugs):
        with running(service, bug, home) as url:
            outcome = tool(service, url, cache.absolute() / f"{service.name}-{bug or 'right'}.json")
        result = Result({key: outcome.findings[key] for key in outcome.findings.keys() - right.keys()}, outcome)
        yield (service.name, bug), result
        tell(f"{service.name} {bug or 'right'}: {result.severity} {result.checks()} ({outcome.verdict})")
        right = right or outcome.findings


def installed(service: Service, cache: Path) -> Path:
    """Return the folder with the environment of a service, made anew when its requirements have changed."""
    requirements = next(path for name in REQUIREMENTS if (path := service.folder / name).exists())
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    home = cache.absolute() / f"{service.name}-{digest}"
    done = home / "installed"
    if not done.exists():
        tell(f"{service.name}: installing {requirements.name}")
        shutil.rmtree(home, ignore_errors=True)
        REQUIREMENTS[requirements.name](requirements, home)
        done.touch()
    return home


def install_python(requirements: Path, home: Path) -> None:
    """Make a virtual environment."""
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    subprocess.run([home / "bin" / "python", "-m", "pip", "install", "-q", "-r", requirements], check=True)


def install_node(requirements: Path, home: Path) -> None:
    """Make a folder ``node_modules``."""
    home.mkdir(parents=True)
    shutil.copy(requirements, home)
    subprocess.run(["npm", "install", "--silent", "--no-package-lock"], cwd=home, check=True)


REQUIREMENTS = {"requirements.txt": install_python, "package.json": install_node}


@contextlib.contextmanager
def running(service: Service, bug: str, home: Path) -> Iterator[str]:
    """Run a service with a bug in a new folder, so that it keeps nothing from before; the value is its URL."""
    with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryFile("w+") as output:
        folder = Path(temporary) / service.name
        shutil.copytree(service.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
        if (home / "node_modules").exists():
            (folder / "node_modules").symlink_to(home / "node_modules")
        paths = [str(home / "bin"), str(home / "node_modules" / ".bin"), os.environ["PATH"]]
        environment = {**os.environ, "PATH": os.pathsep.join(paths), "SERVICE_BUG": bug}
        for command in service.prepare:
            if subprocess.run(
                command, cwd=folder, env=environment, stdout=output, stderr=output, check=False
            ).returncode:
                raise SystemExit(failure(service, output))
        port = free_port()
        start = [word.format(port=port) for word in service.start]
        process = subprocess.Popen(
            start, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            url = f"http://127.0.0.1:{port}"
            if not answers(url + service.document, process):
                raise SystemExit(failure(service, output))
            yield url
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def failure(service: Service, output: IO[str]) -> str:
    """Return what to say of a service that doesn't answer: the end of its output."""
    output.seek(0)
    return f"{service.name} doesn't answer:\n{output.read()[-2000:]}"


def answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a service sends its document; False when it doesn't."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=PATIENCE):
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def verified(service: Service, url: str, report: Path) -> Outcome:
    """Return what ``docdouble verify`` finds with its default budget; what it writes stays beside ``report``."""
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "docdouble", "verify", url + service.document, "--url", url + service.base]
    command += service.arguments
    with report.with_suffix(".txt").open("w+") as output:
        command += ["--report", f"json={report}"]
        subprocess.run(command, cwd=report.parent, stdout=output, stderr=output, timeout=CAP, check=False)
        output.seek(0)
        lines = output.read().strip().splitlines()
    if not report.exists():
        raise SystemExit("\n".join([f"{service.name}: no report", *lines]))
    told = json.loads(report.read_text())
    findings: dict[Key, str] = {}
    for one in told["findings"]:
        key = tuple(str(one[part]) for part in ("check", "operation", "pointer", "rule"))
        findings[key] = max(findings.get(key, one["severity"]), one["severity"], key=SEVERITIES.index)
    return Outcome(findings, told["calls"], told["seconds"], lines[-1])


def run_by_schemathesis(service: Service, url: str, report: Path) -> Outcome:
    """Return what ``st run`` finds with its defaults, each failure as an error."""
    report = report.with_suffix(".ndjson")
    report.unlink(missing_ok=True)
    command = [Path(sys.executable).parent / "st", "run", url + service.document, "--url", url + service.base]
    command += [*service.arguments, "--seed", "0", "--report", "ndjson", "--report-ndjson-path", report]
    began = time.monotonic()
    with report.with_suffix(".st.txt").open("w+") as output, contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=report.parent, stdout=output, stderr=output, timeout=CAP, check=False)
    seconds = time.monotonic() - began
    findings: dict[Key, str] = {}
    requests = 0
    for line in report.read_text().splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        requests += len(recorder.get("interactions", ()))
        made = (check for checks in recorder.get("checks", {}).values() for check in checks)
        failures = (check["failure_info"]["failure"] for check in made if check["status"] == "failure")
        findings |= {(one["type"], one["operation"], _status(one)): "error" for one in failures}
    return Outcome(findings, requests, seconds, f"{len(findings)} failures")


def _status(failure: Mapping[str, str]) -> str:
    """Return the status that a failure is about, empty for others: what else messages say differs from call to call."""
    return failure["message"].splitlines()[0] if failure["type"] == "UndefinedStatusCode" else ""


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
    return ", ".join(f"{list(findings.values()).count(one)} {one}s" for one in reversed(SEVERITIES))


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
    return silent and (not bugs or all(share(service, bugs, results, one) >= least for one, least in goals.items()))


def tell(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
