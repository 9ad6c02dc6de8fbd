"""Client of the control API, for tests: calls that were received, answers that are to be sent."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import orjson

from docdouble.schemas import Call, ConfigError, Reply, TargetError
from docdouble.schemas.http import Headers

from ..http.problem import without_none
from .admission import PREFIX as ROOT
from .matching import ABSENT, shown

if TYPE_CHECKING:
    import requests

PREFIX = f"{ROOT}api/"
_NOTHING: Mapping[str, Any] = {}

TIMEOUT_SECONDS = 30.0
"""Seconds that the server may take for one reply."""


class ControlClient:
    """Client of the control API of a fake server at a base URL, which was started with ``token``.

    ``send`` takes the place of the network for a server in the same process: a ``FakeServer``'s ``handle``. With a
    ``world``, only the calls of that one are shown, and what is set is set for that one; without, calls of all
    worlds, answers and faults for all worlds, and the state of the usual one are meant.
    Every method raises ``ConfigError`` for what the server doesn't know, and ``TargetError`` when it can't be
    reached or refuses the token.
    """

    def __init__(self, url: str, token: str, send: Callable[[Call], Reply] | None = None, *, world: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise ConfigError("url", parts.hostname or url, expected="an http:// or https:// URL, without a user")
        self.url = url.rstrip("/")
        self._headers: Headers = (("Host", parts.netloc), ("Authorization", f"Bearer {token}"))
        self.world = world
        self._send = send or _sender(self.url)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"

    def calls(
        self,
        operation: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        last: int | None = None,
    ) -> list[dict[str, Any]]:
        """Return the calls that the server remembers, the oldest first, secrets masked; ``last`` at most so many."""
        wanted = {"operation": operation, "method": method, "path": path, "status": status, "last": last}
        calls: list[dict[str, Any]] = self._ask("GET", "calls", query=without_none(wanted))["calls"]
        return calls

    def assert_called(
        self,
        operation: str,
        *,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        body: Any = ABSENT,
    ) -> None:
        """Raise ``AssertionError`` unless an operation was called so often, at least once where no count is given.

        ``body`` is a JSON value that the call's body must contain; secrets in it are not compared.
        """
        __tracebackhide__ = True  # pytest then shows the line of the test
        wanted = without_none({"operation": operation, "times": times, "at_least": at_least, "at_most": at_most})
        result = self._ask("POST", "assertions", wanted if body is ABSENT else {**wanted, "body": body})
        if not result["holds"]:
            raise AssertionError("\n".join(_failure_lines(result)))

    def set_answer(self, operation: str | None = None, **answer: Any) -> int:
        """Set what an operation, or the calls of ``method`` and ``path``, are answered; return its number.

        Keywords: ``method``, ``path``, ``query``, ``headers`` and ``body`` (which calls), ``status``, ``answer``,
        ``answer_headers`` (what they get) and ``times`` (how many of them).
        """
        which = without_none({"operation": operation})
        return int(self._ask("POST", "answers", {**which, **answer})["id"])

    def add_fault(self, **fault: Any) -> None:
        """Add a fault: its keywords are those of ``POST faults``."""
        self._ask("POST", "faults", fault)

    def clear_answers(self) -> None:
        """Forget the answers that were set."""
        self._ask("DELETE", "answers")

    def clear_faults(self) -> None:
        """End all faults."""
        self._ask("DELETE", "faults")

    def reset(self, *resources: str) -> None:
        """Forget the calls, the answers that were set, and the faults, or the ``resources`` that are named.

        They are ``calls``, ``answers``, ``faults``, ``state`` (what callers changed) and ``use``.
        """
        self._ask("POST", "reset", {"resources": list(resources)} if resources else None)

    def save_state(self) -> dict[str, Any]:
        """Return what callers changed: a JSON value to be compared, or loaded again."""
        saved: dict[str, Any] = self._ask("GET", "state")
        return saved

    def load_state(self, saved: Mapping[str, Any]) -> None:
        """Put what was saved in place of all that callers changed."""
        self._ask("PUT", "state", saved)

    def reset_state(self) -> None:
        """Undo all that callers changed."""
        self._ask("DELETE", "state")

    def entities(self, resource: str) -> list[Any]:
        """Return the first 1000 entities of a resource, as the API shows them; its name is that in a saved state."""
        entities = self._ask("GET", "entities", query={"resource": resource, "limit": 1000})["entities"]
        return [entity["values"] for entity in entities]

    def add_entity(self, resource: str, values: Mapping[str, Any] = _NOTHING) -> Any:
        """Add an entity, of which what isn't given is made up, and return it as the API shows it."""
        return self._ask("POST", "entities", values, {"resource": resource})["values"]

    def put_entity(self, resource: str, key: str | int, values: Mapping[str, Any]) -> Any:
        """Put an entity in place of that of a key, and return it as the API shows it."""
        return self._ask("PUT", f"entities/{quote(str(key), safe='')}", values, {"resource": resource})["values"]

    def delete_entity(self, resource: str, key: str | int) -> None:
        """Delete the entity of a key."""
        self._ask("DELETE", f"entities/{quote(str(key), safe='')}", query={"resource": resource})

    def _ask(
        self,
        method: str,
        resource: str,
        value: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] = _NOTHING,
    ) -> Any:
        wanted = {**query, "world": self.world} if self.world else query
        target = f"{resource}?{urlencode(wanted)}" if wanted else resource
        try:
            reply = self._send(self._call(method, target, value))
        except OSError as error:
            raise TargetError(self.url, _reason(error)) from None  # its frames and its request hold the token
        body = _reply_object(reply)
        if reply.status in (200, 201, 204):
            return body
        if reply.status == 400 and "key" in body:
            raise ConfigError(body["key"], body.get("value"), body.get("nearest", ()), body.get("expected", ""))
        raise TargetError(self.url, f"{reply.status} {body.get('detail') or reply.reason}")

    def _call(self, method: str, target: str, value: Mapping[str, Any] | None) -> Call:
        if value is None:
            return Call(self._headers, b"", method, PREFIX + target)
        headers = (*self._headers, ("Content-Type", "application/json"))
        return Call(headers, _dumped(value), method, PREFIX + target)


def _sender(url: str) -> Callable[[Call], Reply]:
    """Return what sends calls to a base URL: no redirects, and no proxies or credentials from the environment."""

    @cache
    def session() -> "requests.Session":
        import requests  # here because most tests run in process and needn't wait for it

        opened = requests.Session()
        opened.trust_env = False
        return opened

    def send(call: Call) -> Reply:
        response = session().request(
            call.method,
            url + call.target,
            headers=dict(call.headers),
            data=call.body,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        return Reply(tuple(response.headers.items()), response.content, response.status_code)

    return send


def _dumped(value: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise ConfigError("value", type(value).__name__, expected=f"a JSON value: {error}") from error


def _reason(error: BaseException) -> str:
    """Return the innermost cause: what the operating system reported, not three layers of wrapping."""
    while cause := error.__cause__ or error.__context__:
        error = cause
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _reply_object(reply: Reply) -> Any:
    """Return the JSON object of a reply; an empty one when it is none, as another server's may be."""
    try:
        body = orjson.loads(reply.body) if reply.body else {}
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _failure_lines(result: Mapping[str, Any]) -> Iterable[str]:
    yield f"expected {result['expected']}, but the count is {result['count']}"
    if count := result["unknown"]:
        yield f"  {count} more may have been: the journal has dropped them or cut their bodies; reset earlier"
    for near in result["nearest"]:
        yield f"  nearest: call {near['number']}, {near['method']} {near['target']}, answered {near['status']}"
        yield f"    body {shown(near['body'])}{' ' * bool(near['body_note'])}{near['body_note']}"
        yield from (f"    {difference}" for difference in near["differences"])
