"""Who is let in, where callers are listed, and what each of them may call."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import Caller, FakeServer, Settings
from docdouble.schemas import Call, Contract, Reply

Header = tuple[str, str]
Ask = Callable[..., Reply]
MakeContract = Callable[..., Contract]

SCHEMES: dict[str, Any] = {
    "Desk": {"type": "http", "scheme": "basic"},
    "Card": {"type": "http", "scheme": "bearer"},
    "Key": {"type": "apiKey", "in": "header", "name": "X-Library-Key"},
    "QueryKey": {"type": "apiKey", "in": "query", "name": "key"},
    "CookieKey": {"type": "apiKey", "in": "cookie", "name": "pass"},
}


def basic(text: str) -> Header:
    return "Authorization", f"Basic {b64encode(text.encode()).decode()}"


def bearer(text: str) -> Header:
    return "Authorization", f"Bearer {text}"


ANNA = Caller({"Desk": "anna:bøker", "Card": "a1", "Key": "k1"})
OLA = Caller({"Desk": "ola:kart", "QueryKey": "q2", "CookieKey": "c2"}, only=("readBook", "GET /shelf/*"))
NOBODY = Caller({})


@pytest.fixture
def ask(make_contract: MakeContract) -> Ask:
    """Return a function that sends a call to a library with callers."""

    def call(
        label: str, *headers: Header, callers: tuple[Caller, ...] = (ANNA, OLA, NOBODY), security: Any = None
    ) -> Reply:
        needed = security if security is not None else [{name: []} for name in SCHEMES]
        answer = {"responses": {"204": {"description": "Here"}}, "security": needed}
        shelf = {"name": "shelf", "in": "path", "required": True, "schema": {"type": "string"}}
        paths = {
            "/book": {"get": {**answer, "operationId": "readBook"}, "put": {**answer, "operationId": "writeBook"}},
            "/shelf/{shelf}": {"get": {**answer, "operationId": "readShelf", "parameters": [shelf]}},
        }
        app = FakeServer(make_contract(paths, securitySchemes=SCHEMES), Settings(callers=callers))
        method, target = label.split()
        return app.handle(Call(headers, b"", method, target))

    return call


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        pytest.param("/book", [basic("anna:bøker")], id="Basic"),
        pytest.param("/book", [bearer("a1")], id="Bearer"),
        pytest.param("/book", [("x-library-key", "k1")], id="key in a header"),
        pytest.param("/book?key=q2", [], id="key in the query"),
        pytest.param("/book", [("Cookie", "a=1; pass=c2")], id="key in a cookie"),
        pytest.param("/book", [bearer("wrong"), ("X-Library-Key", "k1")], id="one of two is known"),
    ],
)
def test_who_is_known_is_let_in(ask: Ask, target: str, headers: list[Header]) -> None:
    assert ask(f"GET {target}", *headers).status == 204


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        pytest.param("/book", [], id="nothing"),
        pytest.param("/book", [basic("anna:wrong")], id="a wrong password"),
        pytest.param("/book", [basic("anna:")], id="no password"),
        pytest.param("/book", [basic("ANNA:bøker")], id="another case"),
        pytest.param("/book", [basic("ola:bøker")], id="another's password"),
        pytest.param("/book", [("Authorization", "Basic anna:bøker")], id="no base64"),
        pytest.param("/book", [("Authorization", "Basic " + b64encode(b"\xff:\xff").decode())], id="no UTF-8"),
        pytest.param("/book", [bearer("anna:bøker")], id="another scheme's credentials"),
        pytest.param("/book", [bearer("a1a1")], id="too long"),
        pytest.param("/book?key=k1", [], id="a key in another place"),
    ],
)
def test_an_unknown_caller_learns_how_to_authenticate(ask: Ask, target: str, headers: list[Header]) -> None:
    reply = ask(f"GET {target}", *headers)
    problem = orjson.loads(reply.body)
    assert (reply.status, problem["status"]) == (401, 401)
    assert reply.header("WWW-Authenticate") == 'Bearer realm="docdouble", Basic realm="docdouble"'
    assert "anna" not in reply.body.decode()


def test_an_unknown_caller_is_distinguished_from_malformed_credentials(ask: Ask) -> None:
    unknown, malformed = (
        orjson.loads(ask("GET /book", credentials).body)["detail"] for credentials in (bearer("x"), bearer(""))
    )
    assert unknown == "the credentials are well formed, but of nobody who is let in"
    assert malformed.startswith("expected well-formed credentials")


def test_who_is_known_but_not_allowed_is_a_403(ask: Ask) -> None:
    reply = ask("PUT /book", basic("ola:kart"))
    problem = orjson.loads(reply.body)
    assert (reply.status, problem["detail"]) == (403, "the caller is known, but may not call writeBook")
    assert reply.header("WWW-Authenticate") is None


@pytest.mark.parametrize(
    ("only", "label", "status"),
    [
        pytest.param((), "PUT /book", 204, id="everything"),
        pytest.param(("*",), "PUT /book", 204, id="any text"),
        pytest.param(("readBook",), "GET /book", 204, id="an id"),
        pytest.param(("READBOOK",), "GET /book", 204, id="an id in another case"),
        pytest.param(("readBook",), "PUT /book", 403, id="another id"),
        pytest.param(("read*",), "GET /shelf/7", 204, id="the start of an id"),
        pytest.param(("read*",), "PUT /book", 403, id="another start"),
        pytest.param(("get /book",), "GET /book", 204, id="a label"),
        pytest.param(("GET *",), "GET /shelf/7", 204, id="a method"),
        pytest.param(("GET *",), "PUT /book", 403, id="another method"),
        pytest.param(("* /shelf/*",), "GET /shelf/7", 204, id="a path"),
        pytest.param(("GET /shelf/{shelf}",), "GET /shelf/7", 204, id="a path with a variable"),
        pytest.param(("GET /shelf/7",), "GET /shelf/7", 403, id="a path of a call is no label"),
        pytest.param(("writeBook", "readShelf"), "GET /shelf/7", 204, id="one of several"),
        pytest.param(("Book",), "GET /book", 403, id="a part is not enough"),
    ],
)
def test_patterns_say_what_a_caller_may_call(ask: Ask, only: tuple[str, ...], label: str, status: int) -> None:
    assert ask(label, bearer("t"), callers=(Caller({"Card": "t"}, only),)).status == status


def test_of_two_callers_with_the_same_credentials_one_that_may_is_enough(ask: Ask) -> None:
    callers = Caller({"Card": "t"}, ("readShelf",)), Caller({"Card": "t"}, ("readBook",))
    assert [ask(label, bearer("t"), callers=callers).status for label in ("GET /book", "PUT /book")] == [204, 403]


@pytest.mark.parametrize(
    ("security", "headers", "status"),
    [
        pytest.param([{"Desk": [], "Key": []}], [basic("anna:bøker"), ("X-Library-Key", "k1")], 204, id="both"),
        pytest.param([{"Desk": [], "Key": []}], [basic("ola:kart"), ("X-Library-Key", "k1")], 401, id="of two people"),
        pytest.param([{"Desk": [], "Key": []}], [basic("anna:bøker")], 401, id="one of both"),
        pytest.param([{"Desk": []}, {}], [], 204, id="optional"),
        pytest.param([{"Desk": []}, {}], [basic("who:ever")], 204, id="optional, whoever calls"),
        pytest.param([], [], 204, id="open to all"),
    ],
)
def test_alternatives(ask: Ask, security: Any, headers: list[Header], status: int) -> None:
    assert ask("GET /book", *headers, security=security).status == status


def test_secrets_are_not_shown() -> None:
    assert "anna" not in repr(Settings(callers=(ANNA,)))


def test_a_page_of_the_library_knows_its_callers(library: Contract) -> None:
    app = FakeServer(library, Settings(callers=(Caller({"Basic": "desk:books"}, ("GET *",)),)))
    calls = {"GET": basic("desk:books"), "PUT": basic("desk:books"), "PATCH": basic("desk:maps")}
    statuses = {
        method: app.handle(
            Call((header, ("Content-Type", "application/json")), b"{}", method, "/api/v1/Branch/5")
        ).status
        for method, header in calls.items()
    }
    assert statuses == {"GET": 200, "PUT": 403, "PATCH": 401}


@pytest.mark.parametrize("callers", [(), (ANNA,)])
def test_without_authentication_nobody_is_asked(library: Contract, callers: tuple[Caller, ...]) -> None:
    app = FakeServer(library, Settings(auth=False, callers=callers))
    assert app.handle(Call(target="/api/v1/Branch/5")).status == 200
    assert app.handle(Call((bearer("<>"),), target="/api/v1/Branch/5")).status == 200
    assert FakeServer(library).handle(Call(target="/api/v1/Branch/5")).status == 401
