"""Behaviours: what a documentation says in prose, acted on by the fake."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from docdouble.schemas.contract.behaviour_names import BehaviourName
from docdouble.schemas.dialects.base import Dialect

from .odata_filter import parse_filter, parse_order
from .output_format import output_format


def readers(dialect: Dialect) -> Mapping[str, Callable[[str], Any]]:
    """Return by behaviour what reads the text of its parameter; it raises ``ValueError`` for what means nothing."""
    return {
        BehaviourName.LIST_FILTER: partial(parse_filter, words=dialect.filter_operators),
        BehaviourName.LIST_ORDER: parse_order,
        BehaviourName.FORMAT_OVERRIDE: output_format,
    }
