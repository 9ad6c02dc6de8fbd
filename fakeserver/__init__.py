"""Fake server: a contract served over HTTP. It needs neither pytest nor Hypothesis nor Schemathesis."""

from docdouble.schemas.dialects.base import SampleRule

from .app import FakeServer, Observer
from .control.client import ControlClient
from .control.faults import Fault
from .control.logged_request import LoggedRequest, RequestLog
from .requests.authentication import Caller
from .sampler import Sampler, Sampling
from .sampler.meaning.user_rules import check_user_samples
from .serving.servers import Address, Application, Load, network_urls, running, serve
from .serving.tls import Certificate
from .settings import Settings

__all__ = [
    "Address",
    "Application",
    "Caller",
    "Certificate",
    "ControlClient",
    "FakeServer",
    "Fault",
    "Load",
    "LoggedRequest",
    "Observer",
    "RequestLog",
    "SampleRule",
    "Sampler",
    "Sampling",
    "Settings",
    "check_user_samples",
    "network_urls",
    "running",
    "serve",
]
