"""Clients of small APIs, as a front end calls them: in process and over a socket."""

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from werkzeug.test import Client

from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import extract

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Answer:
    """An answer: ``body`` is JSON, ``None`` where there is none; header fields by names in lower case."""

    status: int
    headers: dict[str, str]
    body: Any


Transport = Callable[[str, str, bytes, dict[str, str]], tuple[int, dict[str, str], bytes]]


class Api:
    """An API that is called by path, with JSON bodies."""

    def __init__(self, send: Transport, media_type: str) -> None:
        self._send, self._media_type = send, media_type

    def __call__(self, label: str, body: Any = None, media_type: str = "", **query: Any) -> Answer:
        method, path = label.split(" ")
        target = f"{path}?{urlencode(query)}" if query else path
        headers = {"Accept": self._media_type, **({"Content-Type": media_type or self._media_type} if body else {})}
        status, fields, text = self._send(method, target, json.dumps(body).encode() if body else b"", headers)
        return Answer(status, {name.lower(): value for name, value in fields.items()}, json.loads(text or b"null"))


def in_process(app: FakeServer) -> Transport:
    def send(method: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        reply = Client(app).open(target, method=method, data=body, headers=headers, base_url="http://shop.test")
        return reply.status_code, dict(reply.headers), reply.data

    return send


def over_a_socket(url: str) -> Transport:
    def send(method: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request(method, target, body, headers)
        reply = connection.getresponse()
        answered = reply.status, dict(reply.getheaders()), reply.read()
        connection.close()
        return answered

    return send


def api(document: str, media_type: str = "application/json") -> Callable[..., Iterator[Api]]:
    """Return the fixture of an API: a new one for each test, in process and over a socket."""

    @pytest.fixture(params=["in process", pytest.param("socket", marks=pytest.mark.sockets)])
    def served(request: pytest.FixtureRequest) -> Iterator[Api]:
        app = FakeServer(extract(str(HERE / document)).contract, Settings(auth=False))
        if request.param == "in process":
            yield Api(in_process(app), media_type)
        else:
            with running(app) as url:
                yield Api(over_a_socket(url), media_type)

    return served
