"""A contract → an HTTP server. Needs neither pytest nor Hypothesis nor Schemathesis."""

from .app import FakeServer
from .serve import Application, running, serve

__all__ = ["Application", "FakeServer", "running", "serve"]
