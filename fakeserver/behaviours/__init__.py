"""What a dialect says in prose, acted on by the fake: behaviour name → function of the answer and the parameters."""

from collections.abc import Callable, Mapping
from typing import Any

from .select import select_projection

BEHAVIOURS: Mapping[str, Callable[[Any, Mapping[str, Any]], Any]] = {"select-projection": select_projection}
"""Functions from the full answer and the call's parameters to the answer that is sent."""
