"""What a dialect says in prose, acted on by the fake."""

from collections.abc import Callable, Mapping
from typing import Any

from docdouble.schemas.contract.behaviour_names import BehaviourName

from .odata_filter import parse_filter, parse_order
from .output_format import output_format

READERS: Mapping[str, Callable[[str], Any]] = {
    BehaviourName.LIST_FILTER: parse_filter,
    BehaviourName.LIST_ORDER: parse_order,
    BehaviourName.FORMAT_OVERRIDE: output_format,
}
"""Behaviour → what reads the text of the parameter that asks for it; raises ``ValueError`` for what means nothing."""
