"""Documents and data: reading reference pages, the contract, JSON Schemas, validation. No server, no generator."""

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
from .errors import ConfigError, ContractError, DocdoubleError, PageError, PluginError, TargetError
from .extraction import Extraction
from .http import Call, Reply
from .jsonschema.validator import Validator
from .jsonschema.violation import Violation
from .source import extract, shipped

__all__ = [
    "Behaviour",
    "Body",
    "Call",
    "ConfigError",
    "Contract",
    "ContractError",
    "DocdoubleError",
    "Evidence",
    "Extraction",
    "Grade",
    "MediaType",
    "Operation",
    "PageError",
    "Parameter",
    "PluginError",
    "Reply",
    "Response",
    "Schema",
    "TargetError",
    "Validator",
    "Violation",
    "extract",
    "shipped",
]
