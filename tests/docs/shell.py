"""A shell for the commands on a page: docdouble and pytest run in this process, curl against a running fake."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import PurePath
from shutil import which

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli import console_link, proxying, serving
from docdouble.contracts.cli.main import main
from docdouble.fakeserver import FakeServer, running
from docdouble.fakeserver.serving.servers import Address, Application, Load

from .blocks import Command, assert_shown

TOKEN = "the-token-of-the-control-api"
ADDRESS = re.compile(r"(127\.0\.0\.1|localhost):(?:4010|8080)")
NOT_RUN = {
    "python3": "makes a virtual environment",
    "pip": "installs from a package index",
    "docker": "needs a daemon",
    "st": "is another tool, whose files tests/contracts/export/test_narrowed_openapi.py checks",
}
# each planted fault is a process of its own, which tests/contracts/plugin/test_planted_fakes.py has
ONLY_PARSED = "--contract-mutate"


@dataclass
class Shell:
    """Runs commands in the folder of ``pytester``; what a fake is asked goes to the one that was served last."""

    pytester: pytest.Pytester
    monkeypatch: pytest.MonkeyPatch
    fakes: ExitStack
    app: FakeServer
    port: int = 0
    tools: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.monkeypatch.setattr(serving, "serve", self.serve)
        self.monkeypatch.setattr(proxying, "until_signal", lambda: nullcontext(lambda: True))
        self.monkeypatch.setattr(console_link, "open_console", lambda url, token: None)
        self.monkeypatch.setenv("TOKEN", TOKEN)

    def serve(self, application: Application, address: Address, load: Load, ready: Callable[[str], None]) -> None:
        """Stand in for what serves until interrupted: it goes on in a thread while further commands run."""
        self.use(replace(application, log=None).made())
        ready(f"http://{address.host}:{self.port}")

    def use(self, app: FakeServer) -> str:
        url = self.fakes.enter_context(running(app))
        self.app, self.port = app, int(url.rpartition(":")[2])
        self.monkeypatch.setenv("URL", url)
        return url

    def addressed(self, text: str) -> str:
        """The text with the port of the running fake, which is made now if there is none."""
        if ADDRESS.search(text) and not self.port:
            self.use(self.app)
        return ADDRESS.sub(rf"\1:{self.port}", text)

    def run(self, command: Command) -> None:
        """Run it, and compare its output with what is shown."""
        output = "".join(self.run_part(part) for part in command.text.split(" && "))
        assert ("about:blank" in output) == ("about:blank" in command.shown), (
            output
        )  # a problem only where one is shown
        if ONLY_PARSED not in command.text:
            assert_shown(command.shown, output)

    def run_part(self, text: str) -> str:
        if re.fullmatch(r"\w+=\S+", text):
            return self.assign(text)
        if text.startswith("curl "):
            return self.curl(self.addressed(text))
        words = shlex.split(text, comments=True)
        while re.match(r"[A-Z_]+=", words[0]):
            self.assign(words.pop(0))
        tool = PurePath(words.pop(0)).name
        self.tools.append(tool)
        if tool in NOT_RUN:
            return ""
        return {"docdouble": self.docdouble, "pytest": self.pytest}[tool](words)

    def assign(self, text: str) -> str:
        name, _, value = text.partition("=")
        self.monkeypatch.setenv(name, self.addressed(value))
        return ""

    def docdouble(self, words: list[str]) -> str:
        if words[0] == "verify" and "$URL" in words and not self.port:
            self.use(self.app)
        if words[0] == "proxy":
            words += ["--port", "0"]
        elif words[0] != "serve":
            words = [self.addressed(word) for word in words]
        if words[0] == "load":
            return self.load(words)
        result = CliRunner().invoke(main, [os.path.expandvars(word) for word in words if word != "&"])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code in (0, 1), result.output
        return result.output

    def load(self, words: list[str]) -> str:
        """Run a load in a process of its own, which becomes Locust."""
        if not find_spec("locust"):
            pytest.skip("Locust, of docdouble[load], is not installed")
        command = [sys.executable, "-m", "docdouble", *words]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert result.returncode in (0, 1), result.stderr
        return result.stderr + result.stdout

    def pytest(self, words: list[str]) -> str:
        arguments = [self.addressed(word) for word in words]
        if ONLY_PARSED in words:
            self.pytester.parseconfig(*arguments)
            return ""
        result = self.pytester.runpytest_inprocess(*arguments)
        allowed = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} if "DOCDOUBLE_MUTANT" in os.environ else {0}
        assert result.ret in allowed
        return result.stdout.str()

    def curl(self, text: str) -> str:
        self.tools.append("curl")
        shell = which("sh")
        if not shell or not which("curl"):
            pytest.skip("sh and curl are not installed")
        process = subprocess.run([shell, "-ec", text], capture_output=True, text=True, timeout=60, check=True)
        return process.stdout
