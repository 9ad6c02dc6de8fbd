"""Responses of real clients and test clients, all to the same call."""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
import requests
from werkzeug.test import Client
from werkzeug.wrappers import Response as WerkzeugResponse

from docdouble.contracts.conformance.client_responses import exchanged
from docdouble.fakeserver import FakeServer, running
from docdouble.schemas import Contract, Reply

PATH = "/api/v1/Agents/Appointment/AssignTo"
QUERY = "?$select=Title"
BODY = {"AppointmentId": 3}
ANSWER = {"Title": "Lunch", "AppointmentId": 3}

Send = Callable[[], Any]


def from_werkzeug() -> Any:
    app = WerkzeugResponse(
        json.dumps(ANSWER), headers=[("X-Twice", "a"), ("X-Twice", "b")], mimetype="application/json"
    )
    return Client(app).post(PATH + QUERY, json=BODY)


@cache
def django() -> Any:
    """Return Django, set up with views of its own."""
    package = pytest.importorskip("django")
    from django.conf import settings
    from django.http import JsonResponse, StreamingHttpResponse
    from django.urls import path

    def streaming(request: Any) -> Any:
        return StreamingHttpResponse(iter([json.dumps(ANSWER).encode()]), content_type="application/json")

    class Urls:
        urlpatterns = (
            path(PATH[1:], lambda request: JsonResponse(ANSWER)),
            path("streaming" + PATH, streaming),
        )

    settings.configure(ROOT_URLCONF=Urls, ALLOWED_HOSTS=["*"], SECRET_KEY="of no use", USE_TZ=True)
    package.setup()
    return package


def django_client() -> Any:
    django()
    from django.test import Client as DjangoClient

    return DjangoClient()


def from_django() -> Any:
    return django_client().post(PATH + QUERY, data=json.dumps(BODY), content_type="application/json")


def from_starlette() -> Any:
    pytest.importorskip("starlette.testclient", exc_type=ImportError)
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route
    from starlette.testclient import TestClient

    async def view(request: Any) -> JSONResponse:
        return JSONResponse(ANSWER)

    return TestClient(Starlette(routes=[Route(PATH, view, methods=["POST"])])).post(PATH + QUERY, json=BODY)


def from_httpx() -> Any:
    httpx = pytest.importorskip("httpx")
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=ANSWER))
    return httpx.Client(transport=transport).post("http://localhost" + PATH + QUERY, json=BODY)


def from_httpx_stream() -> Any:
    httpx = pytest.importorskip("httpx")
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=ANSWER))
    client = httpx.Client(transport=transport)
    return client.send(client.build_request("POST", "http://localhost" + PATH + QUERY, json=BODY), stream=True)


class _Answering(requests.adapters.BaseAdapter):
    """Answers without a network, with a body that is packed on the wire."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        import io

        from urllib3 import HTTPResponse

        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        packed = HTTPResponse(
            io.BytesIO(gzip.compress(json.dumps(ANSWER).encode())), headers, 200, preload_content=False
        )
        return requests.adapters.HTTPAdapter().build_response(request, packed)

    def close(self) -> None:
        pass


def from_requests() -> Any:
    session = requests.Session()
    session.mount("http://", _Answering())
    return session.post("http://localhost" + PATH + QUERY, json=BODY)


@pytest.mark.parametrize(
    "send", [from_requests, from_httpx, from_httpx_stream, from_werkzeug, from_django, from_starlette]
)
def test_a_response_tells_what_was_asked_and_answered(send: Send) -> None:
    seen = exchanged(send())
    assert seen.reply.status == 200
    assert seen.reply.media_type == "application/json"
    assert json.loads(seen.reply.body) == ANSWER
    assert seen.reply.header("Content-Encoding") is None
    assert seen.call is not None
    assert (seen.call.method, seen.call.path) == ("POST", PATH)
    assert seen.call.query in ("$select=Title", "%24select=Title")
    assert seen.call.media_type == "application/json"
    if seen.is_whole:
        assert json.loads(seen.call.body) == BODY


@pytest.mark.parametrize("send", [from_requests, from_httpx, from_django])
def test_the_body_that_was_sent_is_known(send: Send) -> None:
    assert exchanged(send()).is_whole


def test_header_fields_that_come_twice_are_kept() -> None:
    assert exchanged(from_werkzeug()).reply.header("X-Twice") == "a, b"


def test_a_streaming_response_of_django_can_still_be_read() -> None:
    response = django_client().post("/streaming" + PATH, data="{}", content_type="application/json")
    assert json.loads(exchanged(response).reply.body) == ANSWER
    assert json.loads(b"".join(response.streaming_content)) == ANSWER


def test_what_a_view_returns_has_no_request() -> None:
    django()
    from django.http import HttpResponse

    assert exchanged(HttpResponse("x")).call is None
    pytest.importorskip("starlette")
    from starlette.responses import PlainTextResponse

    assert exchanged(PlainTextResponse("x")).reply.body == b"x"


def test_a_response_made_by_hand_has_no_request() -> None:
    httpx = pytest.importorskip("httpx")
    assert exchanged(httpx.Response(200, content=b"x")).call is None
    assert exchanged(WerkzeugResponse("x")).call is None
    reply = Reply((), b"x", 201)
    assert exchanged(reply).reply is reply


def test_an_asynchronous_stream_is_refused_by_name() -> None:
    httpx = pytest.importorskip("httpx")

    async def answer() -> Any:
        transport = httpx.MockTransport(lambda request: httpx.Response(200, content=_parts()))
        async with (
            httpx.AsyncClient(transport=transport) as client,
            client.stream("GET", "http://localhost/") as response,
        ):
            exchanged(response)

    async def _parts() -> Any:
        yield b"x"

    with pytest.raises(TypeError, match=r"httpx.*its body can't be read here"):
        asyncio.run(answer())


@pytest.mark.parametrize("value", [None, {}, 200, b"", requests.Response, object(), ANSWER])
def test_anything_else_is_refused_with_what_was_expected(value: Any) -> None:
    with pytest.raises(TypeError, match=r"expected a response of requests, httpx, Werkzeug, .*; got "):
        exchanged(value)


@pytest.fixture(scope="module")
def url(contract: Contract) -> Iterator[str]:
    with running(FakeServer(contract)) as url:
        yield url


@pytest.mark.sockets
def test_a_response_from_a_network_knows_where_it_was_sent(url: str) -> None:
    seen = exchanged(requests.post(url + PATH, json=BODY, timeout=10))
    assert seen.base_url == url
