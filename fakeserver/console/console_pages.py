"""Pages of the console: which there are, and the replies that show them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from docdouble.schemas import ConfigError, Reply

from ..http.problem import problem
from .answers_page import answers_context
from .coverage_page import coverage_map
from .journal_page import call_context, journal_context
from .lint_page import contradictions_by_page
from .one_operation_page import operation_page
from .operation_list_page import operation_list
from .page_templates import FOLDER, rendered
from .served import Served
from .state_page import entity_context, state_context

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """A page at ``name`` below the console, whose ``template`` is filled with what ``context`` returns.

    ``scripts`` are modules in ``assets/``. A page ``of`` another one stands not in the navigation, but below that.
    ``context`` raises ``ConfigError`` for a query that names what isn't there.
    """

    name: str
    title: str
    template: str
    context: Callable[[Served, Query], Mapping[str, Any]]
    scripts: tuple[str, ...] = ()
    of: str = ""


def _missing(served: Served, query: Query) -> Mapping[str, Any]:
    return {}


PAGES = (
    ConsolePage("operations", "Operations", "operations.html", operation_list, ("search.js",)),
    ConsolePage("operation", "Operation", "operation.html", operation_page, ("trial.js",), of="operations"),
    ConsolePage("journal", "Journal", "journal.html", journal_context, ("journal.js",)),
    ConsolePage("call", "Call", "call.html", call_context, ("call.js", "copy.js"), of="journal"),
    ConsolePage("state", "State", "state.html", state_context, ("state.js",)),
    ConsolePage("entity", "Entity", "entity.html", entity_context, ("entity.js",), of="state"),
    ConsolePage("answers", "Faults and answers", "answers.html", answers_context, ("answers.js", "copy.js")),
    ConsolePage("coverage", "Coverage", "coverage.html", coverage_map),
    ConsolePage("lint", "Lint", "lint.html", contradictions_by_page, ("search.js", "waiting.js")),
)
"""All pages, in the order of the navigation."""

_MISSING = ConsolePage("missing", "Not found", "missing.html", _missing, of="missing")
_SIGN_IN = ConsolePage("sign-in", "Sign in", "sign_in.html", _missing, ("sign_in.js",), of="sign-in")

_ASSET = re.compile(r"[a-z_]+\.(?P<kind>css|js|svg)")
_KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


def page_reply(served: Served, name: str, query: str = "", error: ConfigError | None = None) -> Reply:
    """Return a page, one with status 404 where there is none of that name.

    Raises ``ConfigError`` for a query that names what isn't there.
    """
    page = next((page for page in PAGES if page.name == name), _MISSING)
    context = page.context(served, dict(parse_qsl(query, keep_blank_values=True)))
    return _reply(served, page, 404 if page is _MISSING else 200, {**context, "error": error})


def sign_in_reply(served: Served, challenge: tuple[str, str]) -> Reply:
    """Return the page that opens a session, with the token of the address or one that is typed."""
    reply = _reply(served, _SIGN_IN, 401, {})
    return Reply((*reply.headers, challenge), reply.body, reply.status)


def asset_reply(name: str) -> Reply:
    """Return a style, a script or a drawing of ours, for which nobody needs a session."""
    match = _ASSET.fullmatch(name)
    path = FOLDER / "assets" / name
    if match is None or not path.is_file():
        return problem(404, "the console has no such file")
    return Reply((("Content-Type", _KINDS[match["kind"]]),), path.read_bytes())


def _reply(served: Served, page: ConsolePage, status: int, context: Mapping[str, Any]) -> Reply:
    body = rendered(
        page.template,
        page=page,
        scripts=("session.js", *page.scripts),
        navigation=[] if page is _SIGN_IN else [console_page for console_page in PAGES if not console_page.of],
        api="" if page is _SIGN_IN else served.contract.title,
        **context,
    )
    return Reply((("Content-Type", "text/html; charset=utf-8"),), body, status)
