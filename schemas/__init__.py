"""Documents and data: reading reference pages, the contract, JSON Schemas, validation. No server, no generator."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .contract.model import (
    Behaviour,
    Body,
    Contract,
    Evidence,
    Grade,
    MediaType,
    Operation,
    Parameter,
    Response,
    Schema,
)
from .contract.resources import Resource, Role
from .diff import diff
from .errors import ConfigError, ContractError, DocdoubleError, PageError, PluginError, TargetError
from .extraction import Contradiction, Extraction
from .http import Call, Reply
from .jsonschema.validator import Validator
from .jsonschema.violation import Violation
from .lint import lint
from .source import extract, shipped

if TYPE_CHECKING:
    from .dialects.base import Dialect
    from .diff.change import Change, Judgement
    from .openapi.convert import to_openapi
    from .openapi.reader import from_openapi

__all__ = [
    "Behaviour",
    "Body",
    "Call",
    "Change",
    "ConfigError",
    "Contract",
    "ContractError",
    "Contradiction",
    "Dialect",
    "DocdoubleError",
    "Evidence",
    "Extraction",
    "Grade",
    "Judgement",
    "MediaType",
    "Operation",
    "PageError",
    "Parameter",
    "PluginError",
    "Reply",
    "Resource",
    "Response",
    "Role",
    "Schema",
    "TargetError",
    "Validator",
    "Violation",
    "diff",
    "extract",
    "from_openapi",
    "lint",
    "shipped",
    "to_openapi",
]

_LATER = {
    "Change": ".diff.change",
    "Dialect": ".dialects.base",
    "Judgement": ".diff.change",
    "from_openapi": ".openapi.reader",
    "to_openapi": ".openapi.convert",
}
"""Modules of names that take long to import: a stored contract is read without any of them."""


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
