"""A contract → an HTTP server. Needs neither pytest nor Hypothesis nor Schemathesis."""

from .app import FakeServer
from .control.client import ControlClient
from .requests.security import Caller
from .responder import Settings
from .serving.serve import running

__all__ = ["Caller", "ControlClient", "FakeServer", "Settings", "running"]
