"""Links to other pages of a list: their URLs, and the ``Link`` header field (RFC 8288) with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from docdouble.schemas import Call
from docdouble.schemas.http import Headers
from docdouble.schemas.resources.page_members import Direction

RELATIONS: Mapping[Direction, str] = {"first": "first", "previous": "prev", "next": "next", "last": "last"}
"""Direction of a link → its relation type (RFC 8288, section 3.3)."""


@dataclass(frozen=True, slots=True)
class PageLinks:
    """The links from the page that a call asks for; ``dropped`` are the parameters that only that page has."""

    call: Call
    base_url: str
    dropped: frozenset[str]

    def url(self, parameters: Mapping[str, str], *, relative: bool = False) -> str:
        """Return the URL of a page, with all other parameters as the call has them."""
        pairs = parse_qsl(self.call.query, keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if not parameters or name.lower() not in self.dropped]
        query = urlencode([*kept, *parameters.items()], safe="$/,:", quote_via=quote)
        base = urlsplit(self.base_url).path if relative else self.base_url
        return f"{base}{self.call.path}{f'?{query}' if query else ''}"

    def header(self, pages: Mapping[Direction, Mapping[str, str] | None]) -> Headers:
        """Return the ``Link`` header field, none where there is no other page."""
        links = [
            f'<{self.url(parameters)}>; rel="{RELATIONS[direction]}"'
            for direction, parameters in pages.items()
            if parameters and direction in RELATIONS
        ]
        return (("Link", ", ".join(links)),) if links else ()
