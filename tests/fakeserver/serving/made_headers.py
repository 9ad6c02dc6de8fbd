"""Header fields of requests as granian's RSGI shows them to tests."""

from collections.abc import Sequence
from dataclasses import dataclass

Fields = Sequence[tuple[str, str | None]]
"""Header fields; granian hides a value that is no ASCII text, which stands as ``None``."""


@dataclass(frozen=True)
class MadeHeaders:
    """Header fields as granian shows them."""

    fields: Fields

    def keys(self) -> list[str]:
        return list(dict.fromkeys(name for name, _ in self.fields))

    def items(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.fields if value is not None]
