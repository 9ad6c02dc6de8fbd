"""Services of the folders beside this file: what they are, their environments, and how they run."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HERE = Path(__file__).parent
PATIENCE = 60.0
"""Seconds until a service must answer."""


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
    with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryFile("w+", encoding="utf-8") as output:
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


def document(service: Service, url: str) -> object:
    """Return the document of a running service, without its URL: no bug may change it."""
    with urllib.request.urlopen(url + service.document, timeout=PATIENCE) as reply:
        text = reply.read().decode().replace(url, "")
    return json.loads(text) if text.startswith("{") else text


def tell(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
