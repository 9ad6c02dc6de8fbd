"""Documents and data: reading reference pages, the contract, JSON Schemas, validation. No server, no generator."""

from .contract import (
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
from .message import Call, Reply
from .source import Extraction, extract, shipped
from .validate import Validator
from .violation import Violation

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
