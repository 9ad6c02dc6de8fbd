"""The text of a ``schemathesis.toml`` for a server that others use, too."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..output.quoted_values import toml_string

_CAREFUL = Path(__file__).with_name("schemathesis.toml")
"""The settings but for credentials, and for what may change something."""

_WITHOUT_WRITES = """\

# what may change something is not sent; true where the server is yours to write to
[[operations]]
include-tag = {tag}
enabled = false
"""

_NO_NAME = re.compile(r"\W+", re.ASCII)


def schemathesis_settings(schemes: Mapping[str, Mapping[str, Any]], *, writes: bool, tag: str) -> str:
    """Return the settings; without ``writes``, operations with the ``tag`` are not sent."""
    parts = [_CAREFUL.read_text(encoding="utf-8"), *_credentials(schemes)]
    return "".join(parts if writes else [*parts, _WITHOUT_WRITES.format(tag=toml_string(tag))])


def _credentials(schemes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name, scheme in schemes.items():
        variable = _NO_NAME.sub("_", name).strip("_").upper() or "CREDENTIALS"
        match scheme["type"], scheme.get("scheme"):
            case "http", "basic":
                lines = [f'username = "${{{variable}_USERNAME}}"', f'password = "${{{variable}_PASSWORD}}"']
            case "http", _:
                lines = [f'bearer = "${{{variable}_TOKEN}}"']
            case _:
                lines = [f'api_key = "${{{variable}_KEY}}"']
        yield "\n".join(["", f"[auth.openapi.{toml_string(name)}]", *lines, ""])
