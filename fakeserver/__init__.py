"""A contract → an HTTP server. Needs neither pytest nor Hypothesis nor Schemathesis."""

from .app import FakeServer
from .client import ControlClient
from .responder import Settings
from .security import Caller
from .serve import running

__all__ = ["Caller", "ControlClient", "FakeServer", "Settings", "running"]
