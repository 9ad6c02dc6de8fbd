"""The text of a ``schemathesis.toml`` for a server that others use, too."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = """\
# Run in this folder: st run openapi.json --url https://staging.example.com
# Or elsewhere: st --config-file schemathesis.toml run openapi.json --url https://staging.example.com
# Needs Schemathesis 4.32; credentials come from the environment variables below.
"""

_CAREFUL = """\

seed = 0
continue-on-failure = true
rate-limit = "50/s"
request-timeout = 30
max-redirects = 0

# nothing but documented calls: no other methods, no invalid data, nothing learned from replies or from source files
generation.mode = "positive"
generation.max-examples = 25
generation.allow-x00 = false
generation.database = "none"
phases.coverage.generation.mode = "positive"
phases.fuzzing.generation.mode = "positive"
phases.coverage.unexpected-methods = []
phases.fuzzing.error-feedback.enabled = false
phases.fuzzing.extra-data-sources.responses = false
phases.stateful.enabled = false
analysis.constants.enabled = false
cache.enabled = false
auth.auto-signup = false

[checks]
# a server may know better than the documentation what a value means, and which ids exist
positive_data_acceptance.expected-statuses = ["2xx", "3xx", 400, 404, 409, 410, 412, 422, 429, "5xx"]
# "docdouble serve" lets in everybody whose credentials are well formed: for servers that know their callers, say true
ignored_auth.enabled = false
negative_data_rejection.enabled = false
unsupported_method.enabled = false
allow_header_conformance.enabled = false
"""

_WITHOUT_WRITES = """\

# what may change something is not sent; true where the server is yours to write to
[[operations]]
include-tag = {tag}
enabled = false
"""

_NO_NAME = re.compile(r"\W+", re.ASCII)


def schemathesis_settings(schemes: Mapping[str, Mapping[str, Any]], *, writes: bool, tag: str) -> str:
    """Return the settings; without ``writes``, operations with the ``tag`` are not sent."""
    parts = [_HEAD, _CAREFUL, *_credentials(schemes)]
    return "".join(parts if writes else [*parts, _WITHOUT_WRITES.format(tag=_quoted(tag))])


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
        yield "\n".join(["", f"[auth.openapi.{_quoted(name)}]", *lines, ""])


def _quoted(text: str) -> str:
    return json.dumps(text)
