"""Fakes of a test run, and one test's part of each: calls, prepared answers, faults and changes of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.test import Client

from docdouble.fakeserver import ControlClient, FakeServer
from docdouble.fakeserver.state.worlds import HEADER

_WORLD = f"HTTP_{HEADER.upper().replace('-', '_')}"
_IN_PROCESS = "http://localhost"


@dataclass(frozen=True, slots=True)
class FakeApi:
    """The fake at an address of one test's own; ``url`` is its base URL, without a slash at the end.

    ``control`` tells what was asked there, prepares answers and faults, and saves, loads and resets what was written.
    """

    url: str
    control: ControlClient


@dataclass(frozen=True, slots=True)
class CalledServer:
    """Server that a test calls at ``url``: the fake, which has a ``control``, or a real server, which has none."""

    url: str
    control: ControlClient | None = None

    @property
    def is_fake(self) -> bool:
        """Whether it is the fake."""
        return self.control is not None


class FakeView:
    """A fake as a WSGI application of one test's own: a call that names no world is about that of the test."""

    def __init__(self, app: FakeServer) -> None:
        self._app = app
        self._world = f"test-{uuid4().hex}"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request (PEP 3333)."""
        environ.setdefault(_WORLD, self._world)
        return self._app(environ, start_response)

    def control(self, url: str = _IN_PROCESS) -> ControlClient:
        """Return the control client of the test's part of the fake."""
        return ControlClient(url, self._app.token, self._app.handle, world=self._world)

    def close(self) -> None:
        """Forget what the test did."""
        self._app.forget(self._world)


class FakeClient(Client):
    """A Werkzeug test client of the fake; ``control`` tells what the test asked, and prepares answers and faults."""

    def __init__(self, view: FakeView, response_wrapper: Any = None) -> None:
        super().__init__(view, response_wrapper)
        self.control = view.control()
