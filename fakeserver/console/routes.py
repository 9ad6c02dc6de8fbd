"""Routes of the console: its pages, their style and scripts; all other calls are those of the control API.

Nothing of the pages is imported before the first of them is asked for.
"""

from collections.abc import Callable
from urllib.parse import unquote

from docdouble.schemas import Call, ConfigError, Reply
from docdouble.schemas.http import Headers

from ..control.admission import PREFIX
from ..control.api import Control
from ..http.problem import problem
from .served import CONSOLE, Served

START = f"{CONSOLE}operations"
"""The page that is shown first."""

POLICY: Headers = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
"""Header fields of all replies: a page runs, shows and asks for nothing but what this server sends."""

_CHALLENGE = ("WWW-Authenticate", 'Bearer realm="docdouble control"')


class WebConsole:
    """Console under ``PREFIX``, which answers the calls of its pages itself, and through ``control`` all others."""

    def __init__(self, control: Control, served: Callable[[], Served]) -> None:
        self._control = control
        self._served = served

    def handle(self, call: Call) -> Reply:
        """Return the reply to a call."""
        path = unquote(call.path)
        if path.rstrip("/") in (PREFIX.rstrip("/"), CONSOLE.rstrip("/")) and _shows_pages(call):
            return Reply((("Location", START), *POLICY), status=303)
        if not path.startswith(CONSOLE):
            return self._control.handle(call)
        reply = self._answer(call, path.removeprefix(CONSOLE))
        return Reply((*reply.headers, *POLICY), reply.body, reply.status)

    def _answer(self, call: Call, name: str) -> Reply:
        from .console_pages import asset_reply, page_reply, sign_in_reply  # here because Jinja2 takes 50 ms to import

        if call.method not in ("GET", "HEAD"):
            return problem(405, f"{call.method} is not possible here; GET, HEAD are", ("Allow", "GET, HEAD"))
        admission = self._control.admission
        if _comes_from_elsewhere(call):
            call = call.with_headers(drop=("Sec-Fetch-Site", "Cookie"))
        is_asset = name.startswith("assets/")
        if refused := admission.refuse_page(call, before_session=is_asset):
            return refused
        if is_asset:
            return asset_reply(name.removeprefix("assets/"))
        served = self._served()
        if admission.refuse_caller(call):
            return sign_in_reply(served, _CHALLENGE)
        try:
            return page_reply(served, name, call.query)
        except ConfigError as error:
            return page_reply(served, "missing", error=error)


def _shows_pages(call: Call) -> bool:
    """Tell whether a call comes from the address bar of a browser, and not from a tool."""
    return (
        call.method in ("GET", "HEAD")
        and "text/html" in (call.header("Accept") or "")
        and call.header("Authorization") is None
    )


def _comes_from_elsewhere(call: Call) -> bool:
    """Tell whether somebody followed a link of another site, which may show nothing but how to sign in."""
    is_navigation = call.header("Sec-Fetch-Mode") == "navigate" and call.header("Sec-Fetch-Dest") == "document"
    return is_navigation and (call.header("Sec-Fetch-Site") or "none") not in ("none", "same-origin")
