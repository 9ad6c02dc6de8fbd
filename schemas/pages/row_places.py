"""Places of an operation's rows: path, query, header, body or response, by section, name and method."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..dialects.family_settings import LocationSettings
from ..extraction import Contradiction
from ..words import words_of
from .operation_samples import WITH_BODY
from .page_samples import PageSample, sample_names
from .parameter_rows import DocumentedRow
from .request_lines import path_templates, soft_name
from .row_methods import required_by

_GOOD_PART = 0.25
_HEADER_NAME = re.compile(r"[A-Z][A-Za-z0-9]*(?:-[A-Z][A-Za-z0-9]*)+")
"""A name that is spelled as those of header fields are: ``X-Trace``, ``If-Match``."""
PLACES = ("path", "query", "header", "cookie", "body", "response")


@dataclass(frozen=True)
class RowPlaces:
    """Facts that decide where the rows of an operation go.

    ``own`` are its path variables and ``variables`` those of all operations that share its section, both as
    ``soft_name`` has them. A ``whole_body`` leaves the query to what is open.
    """

    method: str
    own: frozenset[str]
    variables: frozenset[str]
    takes_body: bool
    shares_parameters: bool
    settings: LocationSettings
    whole_body: bool

    def placed(self, sections: Mapping[str, Iterable[DocumentedRow]]) -> dict[str, list[DocumentedRow]]:
        """Return the rows of an operation by where they go; what is open is decided by name and method."""
        placed: dict[str, list[DocumentedRow]] = {name: [] for name in PLACES}
        for place, listed in sections.items():
            rows = list(listed)
            undescribed = place == "url" and self.own and self.own.isdisjoint(soft_name(row.name) for row in rows)
            least = 2 if any(row.name[:1].islower() for row in rows) else 3
            for row in rows:
                if undescribed and row.required:
                    continue  # an example in place of a variable's name
                field = self._header_field(row.name, least) if place == "parameters" else ""
                location = self._location(place, row, field) if not row.methods or self.method in row.methods else ""
                if location:
                    required = required_by(self.method, row.text, row.required)
                    name = field if location == "header" and field else row.name
                    placed[location].append(replace(row, name=name, required=required))
        return placed

    def _location(self, place: str, row: DocumentedRow, field: str) -> str:
        name = soft_name(row.name)
        if place in ("header", "cookie", "response"):
            return place
        if place in ("path", "url", "parameters", "body") and name in self.own:
            return "path"
        if place in ("path", "url"):
            return "query" if place == "url" and name not in self.variables and self.shares_parameters else ""
        if place == "schema":
            return "body" if self.method in WITH_BODY else "response" if self.method == "GET" else ""
        if field:
            return "header"
        if place == "parameters":
            return "" if name in self.variables or not self.shares_parameters else self._open()
        if place == "body":
            return "body" if self.takes_body else ""
        return place

    def _header_field(self, name: str, least: int) -> str:
        """Return the header field that a name is sure to be, however it is spelled, empty for none.

        One that begins with a capital X is from so many words on: two among names in small letters.
        """
        if _HEADER_NAME.fullmatch(name):
            return name
        words = words_of(name)
        field = "-".join(word.capitalize() for word in words)
        is_own = words[:1] == ("x",) and len(words) >= (least if name.startswith("X") else 3)
        return field if is_own or field.lower() in self.settings.header_fields else ""

    def _open(self) -> str:
        goes_into_body = self.method in WITH_BODY and self.takes_body
        stated = "query" if self.whole_body else self.settings.default
        return stated if stated != "auto" else "body" if goes_into_body else "query"


def sent_in_body(placed: Mapping[str, Sequence[DocumentedRow]], samples: Iterable[PageSample]) -> bool:
    """Tell whether rows that a heading puts into the query are those of the body.

    They are where nothing else describes a body, samples send a good part of them and nothing else, and none sends
    them in its URL.
    """
    names = {row.name for row in placed["query"]}
    sent = [
        sample
        for sample in samples
        if sample.side == "request" and sample.lines is not None and sample_names(sample.value)
    ]
    queried = {name for sample in sent for template in path_templates(sample.target[1]) for name, _ in template.query}
    shown = {name for sample in sent for name in sample_names(sample.value)}
    return not placed["body"] and len(shown) >= _GOOD_PART * len(names) > 0 and shown <= names - queried


def misplaced(page: str, rows: Sequence[DocumentedRow]) -> Contradiction:
    """Return the contradiction of a heading that calls properties of the body query parameters."""
    message = f"{rows[0].name} stands among the query parameters, and the samples send it in the body"
    return Contradiction("sample-location", page, rows[0].line, message, "head them as properties of the body")
