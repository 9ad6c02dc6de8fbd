"""Sizes of what Hypothesis draws: schemas whose values are all too large for it are refused in words."""

from typing import Any

from docdouble.fakeserver.sampler.no_value import NoValueError
from docdouble.fakeserver.sampler.sizes import least_sizes
from docdouble.schemas import Contract

MOST_DRAWN = 1_000
"""Values of more parts, texts, numbers and so on, are not drawn: Hypothesis gives up on them after many seconds."""


class Drawable:
    """The test of what can be drawn by the schemas of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._least_size = least_sizes(contract)

    def is_drawable(self, schema: Any) -> bool:
        """Tell whether the smallest values of a schema are small enough."""
        return self._least_size(schema) <= MOST_DRAWN

    def demand(self, schema: Any) -> None:
        """Raise ``NoValueError`` for a schema whose values are too large."""
        if not self.is_drawable(schema):
            keywords = ", ".join(word for word in schema if not word.startswith("x-"))
            raise NoValueError(f"a schema asks for more than {MOST_DRAWN:,} values: none is drawn ({keywords})")
