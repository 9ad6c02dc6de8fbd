"""Requests as a person writes them, in a request file or as a curl command, before variables have their values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..contract.credential_schemes import Scheme
from ..contract.model import Evidence
from ..http import MULTIPART
from .exchanges import SampledBody, form_body


@dataclass(frozen=True, slots=True)
class WrittenRequest:
    """A request: ``line`` and ``body_line`` are those of its first line and of its body's.

    ``fields`` are those of a multipart form, and ``files`` the names of them that hold files. ``replies`` are the lines
    of replies that are written below it.
    """

    method: str
    url: str
    line: int
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    body_line: int = 0
    media_type: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    schemes: tuple[tuple[str, Scheme], ...] = ()
    replies: tuple[tuple[tuple[int, str], ...], ...] = ()
    name: str = ""
    description: str = ""

    def form(self, evidence: Evidence) -> SampledBody | None:
        """Return the multipart form that is sent, ``None`` where none is."""
        return form_body(MULTIPART, self.fields, evidence, self.files) if self.fields else None
