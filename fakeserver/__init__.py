"""A contract → an HTTP server. Needs neither pytest nor Hypothesis nor Schemathesis."""

from .app import FakeServer
from .control.client import ControlClient
from .requests.authentication import Caller
from .responder import Settings
from .serving.servers import running

__all__ = ["Caller", "ControlClient", "FakeServer", "Settings", "running"]
