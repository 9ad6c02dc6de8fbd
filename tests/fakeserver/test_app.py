"""The WSGI rim: what PEP 3333 asks for, and what goes over it unharmed."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode
from wsgiref.validate import validator

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, EnvironBuilder, TestResponse, run_wsgi_app

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.http.body_limits import MAX_BODY_BYTES
from docdouble.schemas import Call, Contract, Reply

Send = Callable[..., Reply]

BASIC = ("Authorization", "Basic ZGVzazpib29rcw==")
JSON = ("Content-Type", "application/json")
LEND = "/api/v1/Agents/Loan/LendBook"


@pytest.fixture(scope="module")
def client(app: FakeServer) -> Client:
    """A client of the app with a checker in between that raises where either side breaks PEP 3333."""
    return Client(validator(app))


def closed(response: TestResponse) -> TestResponse:
    """Return a response read to its end: the checker wants that."""
    response.get_data()
    response.close()
    return response


@pytest.mark.parametrize(
    ("label", "headers", "body", "status"),
    [
        pytest.param(f"POST {LEND}", [BASIC, JSON], b'{"CopyId": 7}', 200, id="answer"),
        pytest.param(f"POST {LEND}?$select=title", [BASIC, JSON], b"{}", 200, id="selection"),
        pytest.param("GET /api/v1/Book/7", [], b"", 200, id="get"),
        pytest.param("HEAD /api/v1/Book/7", [], b"", 200, id="head"),
        pytest.param("DELETE /api/v1/Book/7", [], b"", 204, id="no content"),
        pytest.param("OPTIONS /api/v1/Book/7", [], b"", 204, id="options"),
        pytest.param(
            "OPTIONS /api/v1/Book/7",
            [("Access-Control-Request-Method", "GET"), ("Origin", "http://a")],
            b"",
            204,
            id="cors",
        ),
        pytest.param(f"POST {LEND}", [BASIC, JSON], b"{", 400, id="syntax"),
        pytest.param("GET /api/v1/Book", [], b"", 400, id="missing parameter"),
        pytest.param(f"POST {LEND}", [JSON], b"{}", 401, id="anonymous"),
        pytest.param("GET /nowhere", [], b"", 404, id="nowhere"),
        pytest.param("PUT /api/v1/Book/7", [JSON], b"{}", 405, id="method"),
        pytest.param("GET /api/v1/Book/7", [("Accept", "image/png")], b"", 406, id="accept"),
        pytest.param(f"POST {LEND}", [BASIC, ("Content-Type", "text/plain")], b"{}", 415, id="content type"),
    ],
)
def test_every_reply_keeps_to_pep_3333_and_is_that_of_the_call(
    client: Client, app: FakeServer, label: str, headers: list[tuple[str, str]], body: bytes, status: int
) -> None:
    method, target = label.split(" ")
    response = closed(client.open(target, method=method, headers=headers, data=body))
    reply = app.handle(Call(tuple(headers), body, method, target))
    assert (response.status_code, reply.status) == (status, status)
    assert response.data == (b"" if method == "HEAD" else reply.body)
    assert set(reply.headers) <= set(response.headers.items())
    assert response.content_length in ({None} if status == 204 else {len(reply.body)})


def test_a_sent_body_comes_in_whole(client: Client) -> None:
    response = closed(client.post(LEND, headers=[BASIC, JSON], data=orjson.dumps({"Title": "å" * 100_000})))
    assert response.get_json()["Title"] == "å" * 100_000


def test_a_body_that_is_too_large_is_413(app: FakeServer) -> None:
    response = Client(app).post(LEND, headers=[BASIC, JSON], data=b" " * (MAX_BODY_BYTES + 5))
    assert response.status_code == 413


def environ(**overrides: Any) -> dict[str, Any]:
    built = EnvironBuilder(LEND, method="POST", headers=[BASIC, JSON], data=b'{"CopyId": 7}').get_environ()
    return {**built, **overrides}


def status_and_body(app: FakeServer, environ: dict[str, Any]) -> tuple[str, Any]:
    chunks, status, _ = run_wsgi_app(app, environ)
    return status, orjson.loads(b"".join(chunks))


def test_a_body_that_ends_too_soon_is_400(app: FakeServer) -> None:
    status, problem = status_and_body(app, environ(CONTENT_LENGTH="1000"))
    assert (status, problem["detail"]) == (
        "400 BAD REQUEST",
        "the body ends before its Content-Length, or its chunks can't be read",
    )


class Trickle(io.BytesIO):
    """A stream that never gives more than a few bytes at once."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(4, size) if size and size > 0 else 4)


def test_a_body_that_comes_in_pieces_is_read_to_its_end(app: FakeServer) -> None:
    pieces = {"wsgi.input": Trickle(b'{"CopyId": 7}'), "wsgi.input_terminated": True}
    assert status_and_body(app, environ(**pieces))[1]["CopyId"] == 7


def test_a_body_of_unknown_length_is_none(app: FakeServer) -> None:
    status, problem = status_and_body(app, environ(CONTENT_LENGTH=""))
    assert (status, problem["violations"][0]["message"]) == ("400 BAD REQUEST", "the body is missing")


@pytest.mark.parametrize("length", ["x", "-5"])
def test_a_length_that_is_no_number_is_refused(app: FakeServer, length: str) -> None:
    status, problem = status_and_body(app, environ(CONTENT_LENGTH=length))
    assert status == "400 BAD REQUEST"
    assert problem["detail"].startswith(f"Content-Length: {length} is not one number")


def test_a_body_that_the_server_ends_needs_no_length(app: FakeServer) -> None:
    terminated = {"wsgi.input": io.BytesIO(b'{"CopyId": 7}'), "wsgi.input_terminated": True}
    status, answer = status_and_body(app, environ(CONTENT_LENGTH="", **terminated))
    assert (status, answer["CopyId"]) == ("200 OK", 7)


def test_a_query_that_is_not_encoded_is_read_as_utf_8(app: FakeServer) -> None:
    raw = "title=blåbær&kind=Novel".encode().decode("latin-1")
    get = EnvironBuilder("/api/v1/Book").get_environ() | {"QUERY_STRING": raw}
    assert status_and_body(app, get) == status_and_body(
        app, get | {"QUERY_STRING": "title=bl%C3%A5b%C3%A6r&kind=Novel"}
    )
    assert status_and_body(app, get)[0] == "200 OK"


@pytest.mark.parametrize("query", ["%", "%zz", "a=%FF", "&&=&", "=", "?", "a;b", "%00", "title=%E2%82"])
@pytest.mark.parametrize("path", ["/api/v1/Book", "/api/v1/Book/%FF", "/%", "//", "/api/v1/Book/%00"])
def test_strange_targets_are_answered(client: Client, path: str, query: str) -> None:
    assert closed(client.get(f"{path}?{query}")).status_code in (200, 400, 404)


PATHS = st.sampled_from([LEND, "/api/v1/Book", "/api/v1/Book/7"]) | st.text(max_size=8).map(
    lambda text: f"/{quote(text)}"
)
NAMES = st.sampled_from(["title", "limit", "kind", "$select", "LIMIT"])
QUERIES = st.lists(st.tuples(NAMES, st.text(max_size=6)), max_size=4).map(urlencode) | st.text(
    "%&=+a;?#\xe5", max_size=6
)
FIELDS = st.sampled_from(["Accept", "Authorization", "Content-Type", "Cookie", "Origin", "X-XSRF-TOKEN"])
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=12)
HEADERS = st.lists(st.tuples(FIELDS, VALUES | st.sampled_from([BASIC[1], JSON[1], "*/*;q=x", "application/json;"])))
METHODS = st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "get"])


@given(METHODS, PATHS, QUERIES, HEADERS, st.binary(max_size=8) | st.just(b'{"CopyId": 7}'))
def test_any_call_is_answered(
    app: FakeServer, method: str, path: str, query: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    reply = app.handle(Call(tuple(headers), body, method, f"{path}?{query}"))
    assert reply.status in (200, 204, 400, 401, 404, 405, 406, 415)
    assert reply.media_type in (
        ("application/json", "text/json", "") if reply.status < 300 else ("application/problem+json",)
    )


def test_the_application_is_safe_to_share_between_threads(library: Contract) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def bodies() -> Iterator[bytes]:
        calls = [Call(target=f"/api/v1/Book/{number % 7}") for number in range(200)]
        with ThreadPoolExecutor(8) as pool:
            fresh = FakeServer(library)
            yield from (reply.body for reply in pool.map(fresh.handle, calls))

    alone = FakeServer(library)
    assert list(bodies()) == [alone.handle(Call(target=f"/api/v1/Book/{number % 7}")).body for number in range(200)]


WORLDS = ["café", "a b", " ", "a,b", "x" * 65, "../x", "a\0b"]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("state", ["memory", "off"])
def test_a_world_that_cannot_be_is_refused_and_no_other_is_taken(library: Contract, world: str, state: str) -> None:
    app = FakeServer(library, Settings(state=state))
    reply = app.handle(Call((("Docdouble-World", world),), target="/api/v1/Book/7"))
    assert reply.status == 400
    assert "1 to 64 letters" in orjson.loads(reply.body)["detail"]
    assert not app.journal.entries()


@dataclass
class Broken:
    """What raises an error for whatever it is asked."""

    error: Exception

    def take(self, *arguments: object) -> None:
        raise self.error


@pytest.mark.parametrize("error", [ZeroDivisionError("by 0"), RecursionError(), MemoryError(), KeyError("\r\nx: y")])
def test_an_internal_error_has_an_id_in_the_reply_and_in_the_log(
    library: Contract, error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = FakeServer(library)
    monkeypatch.setattr(app, "_controls", replace(app._controls, prepared=Broken(error)))
    environ = EnvironBuilder("/api/v1/Book/7").get_environ()
    chunks, status, headers = run_wsgi_app(app, environ)
    problem = orjson.loads(b"".join(chunks))
    number = headers["Docdouble-Error"]
    assert (status, problem["operation"]) == ("500 INTERNAL SERVER ERROR", "v1Book_Get")
    assert number in problem["detail"]
    (line,) = caplog.records
    logged = line.getMessage()
    assert logged.startswith(f"docdouble: error {number}: 'GET' of v1Book_Get failed with {type(error).__name__} at\n")
    assert ("test_app.py" in logged, "x: y" in logged, "by 0" in logged) == (True, False, False)
    assert [entry.status for entry in app.journal.entries()] == [500]


@pytest.mark.parametrize("path", ["/__docdouble__/calls", "/api/v1/Book/7"])
def test_an_error_anywhere_is_answered(
    library: Contract, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = FakeServer(library)
    monkeypatch.setattr(app, "handle", lambda call: 1 / 0)
    chunks, status, headers = run_wsgi_app(app, EnvironBuilder(path).get_environ())
    assert status == "500 INTERNAL SERVER ERROR"
    assert headers["Docdouble-Error"] in b"".join(chunks).decode()
    assert headers["Docdouble-Error"] in caplog.text
