"""The calls that an operation is verified with, in their order; made one by one, so that earlier replies can help."""

from .generate import Maker
from .order import operations_in_order

__all__ = ["Maker", "operations_in_order"]
