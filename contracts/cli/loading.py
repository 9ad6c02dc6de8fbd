"""Start of Locust for ``docdouble load``: its command line, and the process that becomes it."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from docdouble.schemas import ConfigError

from ..load.load_options import VARIABLE, LoadOptions
from ..load.load_result import check_result

__all__ = ["check_result", "locust_arguments", "require_locust", "run_locust"]

_LOCUSTFILE = Path(__file__).parent.parent / "load" / "packaged_locustfile.py"
_VALUES = (
    "users",
    "spawn_rate",
    "run_time",
    "web_host",
    "web_port",
    "processes",
    "expect_workers",
    "master_host",
)
_FLAGS = ("headless", "master", "worker")


def require_locust() -> None:
    """Raise ``ConfigError`` where Locust is not installed."""
    if find_spec("locust") is None:
        raise ConfigError("load", "locust", expected="installed: pip install 'docdouble[load]'")


def locust_arguments(url: str, values: Mapping[str, Any], locustfile: Path = _LOCUSTFILE) -> list[str]:
    """Return Locust's command line for the options that were given."""
    arguments = ["-f", str(locustfile), "--host", url, *(f"--{name}" for name in _FLAGS if values[name])]
    for name in _VALUES:
        if values[name] is not None:
            arguments += [f"--{name.replace('_', '-')}", str(values[name])]
    arguments += _of_master(values)
    for option, name in (("--csv", "csv_prefix"), ("--html", "html_file")):
        arguments += [option, str(values[name])] if values[name] else []
    return [*arguments, *values["more"]]


def _of_master(values: Mapping[str, Any]) -> list[str]:
    """Return where a master listens, and where workers find it: those of the same command at a port of their own."""
    port = values["master_port"]
    is_alone = values["processes"] and not values["worker"]
    if not (values["master"] or is_alone):
        return ["--master-port", str(port)] if port else []
    port = port or (_free_port() if is_alone else None)
    host = ["--master-bind-host", values["master_bind_host"] or "127.0.0.1"]
    return [*host, *(("--master-bind-port", str(port), "--master-port", str(port)) if port else ())]


def _free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_locust(arguments: list[str], options: LoadOptions) -> NoReturn:
    """Become Locust, whose exit code is that of the command."""
    command = [sys.executable, "-m", "locust", *arguments]
    environment = {**os.environ, VARIABLE: options.as_variable()}
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(sys.executable, command, environment)
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)
