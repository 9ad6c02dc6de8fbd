"""Parameters of sampled requests: header fields and query parameters that are neither HTTP's nor credentials."""

from collections.abc import Iterable, Iterator

from ..contract.credential_schemes import FIELD_NAME, OF_HTTP, is_secret_field, is_secret_query
from ..contract.model import Evidence
from .exchanges import SampledParameter


def header_parameters(headers: Iterable[tuple[str, str]], evidence: Evidence) -> Iterator[SampledParameter]:
    """Yield the header fields that are of the API: neither of HTTP, nor of a client, nor credentials."""
    for name, value in headers:
        is_known = OF_HTTP.fullmatch(name) or not FIELD_NAME.fullmatch(name)
        if not is_known and not is_secret_field(name):
            yield SampledParameter(name, "header", None if "{{" in value else value, evidence)


def query_parameters(query: Iterable[tuple[str, str | None]], evidence: Evidence) -> Iterator[SampledParameter]:
    """Yield the query parameters that are no credentials."""
    for name, value in query:
        if name and not is_secret_query(name):
            yield SampledParameter(name, "query", None if value is None or "{{" in value else value, evidence)
