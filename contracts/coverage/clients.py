"""HTTP clients whose JSON notes what is read of it: Werkzeug's, ``requests``, ``httpx``, by hand any other."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

from werkzeug.test import TestResponse

from docdouble.schemas import Call, Operation
from docdouble.schemas.contract.router import Router

from ..conformance.client_responses import exchanged
from .reading import ReadingDict, ReadingList
from .use_recorder import UseRecorder

ReadJson = Callable[[Any], Any]
"""Function that returns the JSON value of a client's response."""

_PATCHED = ("requests", "httpx")
"""Modules whose ``Response.json`` notes while a recording lasts."""


class ResponseReader:
    """Reader of clients' responses, which finds their operation and notes what is read of their JSON.

    ``base_url`` is where the documented paths start. The calls to a fake are known to its observer; those to any other
    server are noted here, once for each response.
    """

    def __init__(self, recorder: UseRecorder, base_url: str, *, is_fake: bool = True) -> None:
        self._recorder = recorder
        self._base_url = base_url.rstrip("/")
        self._is_fake = is_fake
        self._router = Router(recorder.contract)
        self._noted: WeakSet[Any] = WeakSet()

    def is_meant(self, url: str) -> bool:
        """Tell whether a URL is one of the server."""
        return url.startswith((f"{self._base_url}/", f"{self._base_url}?")) or url == self._base_url

    def json(self, response: Any) -> Any:
        """Return the JSON value of a response; raises what its client raises for none."""
        value = plain_json(response)
        return value if isinstance(value, ReadingDict | ReadingList) else self.noting(response, value)

    def noting(self, response: Any, value: Any) -> Any:
        """Return the JSON value of a response as one that notes, if an operation answered it."""
        try:
            return self._noting(response, value)
        except Exception:  # noqa: BLE001 - no test may depend on whether something could be noted
            self._recorder.add_problem()
            return value

    def _noting(self, response: Any, value: Any) -> Any:
        exchange = exchanged(response)
        operation = self._operation(exchange.call, exchange.base_url) if exchange.call else None
        if exchange.call is None or operation is None:
            return value
        if not self._is_fake and response not in self._noted:
            self._noted.add(response)
            self._recorder(operation, exchange.call, exchange.reply)
        media_type = exchange.reply.header("Content-Type") or ""
        return self._recorder.readable(operation, exchange.reply.status, media_type, value)

    def _operation(self, call: Call, base_url: str) -> Operation | None:
        url = f"{base_url}{call.target}"
        path = urlsplit(url.removeprefix(self._base_url) if self.is_meant(url) else url).path
        route = self._router.destination(replace(call, target=path)).route
        match = route.answering(call.method) if route else None
        return match.operation if match else None


def readable_response(recorder: UseRecorder) -> type[TestResponse]:
    """Return the class of the responses of a Werkzeug test client of a fake: their JSON notes what is read of it."""
    reader = ResponseReader(recorder, "")

    class ReadableResponse(TestResponse):
        """A response of a fake."""

        def get_json(self, *args: Any, **options: Any) -> Any:
            """Return the JSON value, as one that notes what is read of it."""
            return reader.noting(self, super().get_json(*args, **options))

    return ReadableResponse


@contextmanager
def recording_client_use(recorder: UseRecorder, base_url: str, *, is_fake: bool) -> Iterator[ReadJson]:
    """Note what is read of the JSON of ``requests`` and ``httpx``, as far as they are imported.

    Yield what returns the JSON of any other client. Only responses of the server at ``base_url`` are meant.
    """
    reader = ResponseReader(recorder, base_url, is_fake=is_fake)
    with ExitStack() as stack:
        for name in _PATCHED:
            if kind := getattr(sys.modules.get(name), "Response", None):
                stack.enter_context(_patched(kind, reader))
        yield reader.json


@contextmanager
def _patched(kind: Any, reader: ResponseReader) -> Iterator[None]:
    original = kind.json

    def json(self: Any, *args: Any, **options: Any) -> Any:
        value = original(self, *args, **options)
        return reader.noting(self, value) if reader.is_meant(str(self.url)) else value

    kind.json = json
    try:
        yield
    finally:
        kind.json = original


def plain_json(response: Any) -> Any:
    """Return the JSON value of a response, without noting what is read."""
    value = response.json
    return value() if callable(value) else value
