"""Documented security schemes: what is let in, and what the 401 says."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.requests.authentication import Caller
from docdouble.fakeserver.requests.made_up_credentials import MADE_UP, MadeUp, made_up
from docdouble.schemas import Call, Contract, Reply

MakeContract = Callable[..., Contract]
Header = tuple[str, str]

SCHEMES: dict[str, Any] = {
    "Desk": {"type": "http", "scheme": "basic"},
    "Ticket": {"type": "http", "scheme": "SoTicket"},
    "Card": {"type": "http", "scheme": "bearer"},
    "Digest": {"type": "http", "scheme": "digest"},
    "Sign": {"type": "oauth2", "flows": {}},
    "Open": {"type": "openIdConnect", "openIdConnectUrl": "https://library.example"},
    "Key": {"type": "apiKey", "in": "header", "name": "X-Library-Key"},
    "QueryKey": {"type": "apiKey", "in": "query", "name": "key"},
    "CookieKey": {"type": "apiKey", "in": "cookie", "name": "pass"},
    "Snake": {"type": "apiKey", "in": "header", "name": "library_key"},
    "Word": {"type": "apiKey", "in": "header", "name": "Authorization"},
    "Wire": {"type": "mutualTLS"},
}


@pytest.fixture
def ask(make_contract: MakeContract) -> Callable[..., Reply]:
    """Return a function that asks for a book behind a security requirement."""

    def call(
        security: list[dict[str, list[str]]], *headers: Header, query: str = "", settings: Settings | None = None
    ) -> Reply:
        book = {"operationId": "GetBook", "responses": {"204": {"description": "Here"}}, "security": security}
        app = FakeServer(make_contract({"/book": {"get": book}}, securitySchemes=SCHEMES), settings)
        return app.handle(Call(headers, method="GET", target=f"/book{query}"))

    return call


def basic(text: str) -> Header:
    return "Authorization", f"Basic {b64encode(text.encode()).decode()}"


def authorization(value: str) -> Header:
    return "Authorization", value


@pytest.mark.parametrize(
    ("scheme", "header"),
    [
        pytest.param("Desk", basic("anna:books"), id="Basic"),
        pytest.param("Desk", basic(":"), id="Basic with empty name and password"),
        pytest.param("Desk", basic("anna:æ:ø"), id="Basic with more colons"),
        pytest.param("Desk", authorization(f"bAsIc   {b64encode(b'a:b').decode()}"), id="Basic in another case"),
        pytest.param("Ticket", authorization("SoTicket 7T:abc=="), id="SoTicket"),
        pytest.param("Ticket", authorization("soticket 7T"), id="SoTicket in another case"),
        pytest.param("Card", authorization("Bearer a.b-c_d~e+f/g="), id="Bearer"),
        pytest.param("Digest", authorization('Digest username="anna", nonce=a1, uri="/book"'), id="Digest"),
        pytest.param("Sign", authorization("Bearer abc"), id="OAuth 2"),
        pytest.param("Open", authorization("Bearer abc"), id="OpenID Connect"),
        pytest.param("Key", ("x-library-key", "abc"), id="key in a header"),
        pytest.param("CookieKey", ("Cookie", "other=1; pass=abc"), id="key in a cookie"),
        pytest.param("CookieKey", ("Cookie", "a/b[]=1; é; pass=abc"), id="key beside malformed cookies"),
        pytest.param("Wire", ("X-Nothing", "1"), id="mutual TLS, which is settled elsewhere"),
    ],
)
def test_well_formed_credentials_are_let_in(ask: Callable[..., Reply], scheme: str, header: Header) -> None:
    assert ask([{scheme: []}], header).status == 204


@pytest.mark.parametrize(
    ("scheme", "header"),
    [
        pytest.param("Desk", authorization("Basic"), id="no credentials"),
        pytest.param("Desk", authorization("Basic anna:books"), id="no base64"),
        pytest.param("Desk", authorization("Basic YTpi YTpi"), id="two words"),
        pytest.param("Desk", authorization("Basic YTpiYQ"), id="no padding"),
        pytest.param("Desk", authorization("Basic YTpé"), id="no ASCII"),
        pytest.param("Desk", basic("annabooks"), id="no colon"),
        pytest.param("Desk", basic(""), id="empty"),
        pytest.param("Desk", authorization("Bearer abc"), id="another scheme"),
        pytest.param("Desk", ("X-Authorization", basic("a:b")[1]), id="another header"),
        pytest.param("Ticket", authorization("SoTicket"), id="SoTicket without a ticket"),
        pytest.param("Ticket", authorization("SoTicket  "), id="SoTicket with a blank one"),
        pytest.param("Card", authorization("Bearer"), id="Bearer without a token"),
        pytest.param("Card", authorization("Bearer a b"), id="Bearer with two tokens"),
        pytest.param("Card", authorization("Bearer <abc>"), id="Bearer with a strange token"),
        pytest.param("Card", authorization("abc"), id="a token alone"),
        pytest.param("Digest", authorization("Digest"), id="Digest without parameters"),
        pytest.param("Sign", basic("a:b"), id="Basic for OAuth 2"),
        pytest.param("Key", ("X-Library-Key", ""), id="empty key"),
        pytest.param("Key", ("Cookie", "X-Library-Key=abc"), id="key in the wrong place"),
        pytest.param("CookieKey", ("Cookie", "pass="), id="empty cookie"),
        pytest.param("CookieKey", ("Cookie", "Pass=abc"), id="cookie in another case"),
        pytest.param("QueryKey", ("key", "abc"), id="header instead of query"),
    ],
)
def test_anything_else_is_refused(ask: Callable[..., Reply], scheme: str, header: Header) -> None:
    assert ask([{scheme: []}], header).status == 401


@pytest.mark.parametrize(("query", "status"), [("?key=abc", 204), ("?a=1&key=%20x", 204), ("?key=", 401), ("", 401)])
def test_a_key_in_the_query(ask: Callable[..., Reply], query: str, status: int) -> None:
    assert ask([{"QueryKey": []}], query=query).status == status


@pytest.mark.parametrize(
    ("security", "headers", "status"),
    [
        pytest.param([{"Desk": []}, {"Key": []}], [("X-Library-Key", "k")], 204, id="second alternative"),
        pytest.param([{"Desk": [], "Key": []}], [("X-Library-Key", "k")], 401, id="one of two that are needed"),
        pytest.param([{"Desk": [], "Key": []}], [("X-Library-Key", "k"), basic("a:b")], 204, id="both"),
        pytest.param([{"Desk": []}, {}], [], 204, id="optional"),
        pytest.param([], [], 204, id="none"),
        pytest.param([{"Ghost": []}, {}], [], 204, id="undefined name that is optional"),
        pytest.param([{"Wire": [], "Key": []}], [], 401, id="mutual TLS beside a key that is missing"),
        pytest.param([{"Snake": []}], [("library_key", "k")], 204, id="key whose name has an underscore"),
        pytest.param([{"Snake": []}], [("Library-Key", "k")], 204, id="as WSGI servers write it"),
        pytest.param([{"Word": []}], [authorization("any words at all")], 204, id="key named Authorization"),
        pytest.param([{"Word": []}], [], 401, id="key named Authorization that is missing"),
        pytest.param([{"Ghost": []}], [], 401, id="undefined name alone"),
        pytest.param([{"Ghost": [], "Key": []}], [], 401, id="undefined name beside one that is missing"),
        pytest.param([{"Ghost": [], "Key": []}], [("X-Library-Key", "k")], 401, id="undefined name beside a key"),
    ],
)
def test_alternatives(
    ask: Callable[..., Reply], security: list[dict[str, list[str]]], headers: list[Header], status: int
) -> None:
    assert ask(security, *headers).status == status


@pytest.mark.parametrize(
    ("names", "challenges"),
    [
        (["Desk"], 'Basic realm="docdouble"'),
        (["Ticket"], 'SoTicket realm="docdouble"'),
        (["Card", "Sign"], 'Bearer realm="docdouble"'),
        (["Card", "Desk", "Key"], 'Bearer realm="docdouble", Basic realm="docdouble"'),
        (["QueryKey"], 'ApiKey realm="docdouble", in="query", name="key"'),
    ],
)
def test_a_401_challenges_with_the_documented_schemes(
    ask: Callable[..., Reply], names: list[str], challenges: str
) -> None:
    assert ask([{name: []} for name in names]).header("WWW-Authenticate") == challenges


def test_a_401_names_the_scopes_of_a_token(ask: Callable[..., Reply]) -> None:
    reply = ask([{"Sign": ["read", "lend"]}])
    assert reply.header("WWW-Authenticate") == 'Bearer realm="docdouble", scope="read lend"'


def test_a_401_tells_what_is_needed_together_and_what_nothing_defines(ask: Callable[..., Reply]) -> None:
    reply = ask([{"Desk": [], "Key": []}, {"Ghost": []}])
    words = orjson.loads(reply.body)
    assert words["detail"].endswith("schemes: Desk and Key, Ghost; nobody has Ghost, which nothing defines")
    assert words["sample"] == {"Authorization": "Basic dXNlcjpwYXNzd29yZA==", "X-Library-Key": "any"}


@pytest.mark.parametrize(("granted", "status"), [(None, 204), (("read", "lend"), 204), (("read",), 403), ((), 403)])
def test_a_caller_needs_the_scopes_that_are_documented(
    ask: Callable[..., Reply], granted: tuple[str, ...] | None, status: int
) -> None:
    settings = Settings(callers=(Caller({"Sign": "abc"}, scopes=granted),))
    reply = ask([{"Sign": ["read", "lend"]}], authorization("Bearer abc"), settings=settings)
    assert reply.status == status
    assert ('error="insufficient_scope"' in (reply.header("WWW-Authenticate") or "")) == (status == 403)


def test_a_401_has_a_challenge_even_where_only_a_key_is_documented(ask: Callable[..., Reply]) -> None:
    assert ask([{"Key": []}]).header("WWW-Authenticate")


def test_a_401_names_the_documented_schemes_and_their_line(app: FakeServer) -> None:
    reply = app.handle(Call(method="POST", target="/api/v1/Agents/Loan/LendBook"))
    assert reply.media_type == "application/problem+json"
    expected = "expected well-formed credentials of one of the documented schemes"
    assert orjson.loads(reply.body) == {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": f"{expected}: Basic, Bearer, SoTicket, XsrfToken",
        "documentation": "LoanAgent_LendBook.md:29",
        "sample": {"Authorization": "Basic dXNlcjpwYXNzd29yZA=="},
    }


@pytest.mark.parametrize("scheme", ["Desk", "Ticket", "Card", "Digest", "Sign", "Open", "Key"])
def test_the_sample_of_a_401_is_let_in(ask: Callable[..., Reply], scheme: str) -> None:
    refused = ask([{scheme: []}])
    (header,) = orjson.loads(refused.body)["sample"].items()
    assert (refused.status, ask([{scheme: []}], header).status) == (401, 204)


@pytest.mark.parametrize("scheme", ["QueryKey", "CookieKey"])
def test_a_401_has_no_sample_where_no_header_field_is_asked_for(ask: Callable[..., Reply], scheme: str) -> None:
    refused = ask([{scheme: []}])
    assert (refused.status, "sample" in orjson.loads(refused.body)) == (401, False)


def test_nothing_is_asked_for_where_that_is_set(ask: Callable[..., Reply]) -> None:
    settings = Settings(auth=False, callers=(Caller({"Desk": "anna:books"}),))
    assert ask([{"Desk": []}], settings=settings).status == 204


KNOWN = Settings(
    callers=(
        Caller({"Desk": "anna:bøker", "Key": "k1"}),
        Caller({"Card": "abc"}, only=("Get*",)),
        Caller({"Card": "xyz"}, only=("POST *", "GetLoan")),
        Caller({"Key": "k4"}, only=("get /BOOK",)),
        Caller({"QueryKey": "k5", "CookieKey": "k6"}),
    )
)


@pytest.mark.parametrize(
    ("schemes", "headers", "query", "status"),
    [
        pytest.param(["Desk"], [basic("anna:bøker")], "", 204, id="name and password"),
        pytest.param(["Desk"], [basic("anna:books")], "", 401, id="another password"),
        pytest.param(["Desk"], [basic("Anna:bøker")], "", 401, id="name in another case"),
        pytest.param(["Card"], [authorization("bEARER  abc")], "", 204, id="token"),
        pytest.param(["Card"], [authorization("Bearer abcd")], "", 401, id="longer token"),
        pytest.param(["Card"], [authorization("Bearer xyz")], "", 403, id="known, for other operations"),
        pytest.param(["Key"], [("X-Library-Key", "k4")], "", 204, id="allowed by method and path"),
        pytest.param(["Key"], [("X-Library-Key", "k2")], "", 401, id="another key"),
        pytest.param(["QueryKey"], [], "?key=k5", 204, id="key in the query"),
        pytest.param(["CookieKey"], [("Cookie", "pass=k6")], "", 204, id="key in a cookie"),
        pytest.param(["Desk", "Key"], [basic("anna:bøker"), ("X-Library-Key", "k1")], "", 204, id="both of one caller"),
        pytest.param(["Desk", "Key"], [basic("anna:bøker"), ("X-Library-Key", "k4")], "", 401, id="of two callers"),
        pytest.param(["Digest"], [authorization("Digest a=b")], "", 401, id="a scheme of nobody's"),
    ],
)
def test_only_listed_callers_are_let_in(
    ask: Callable[..., Reply], schemes: list[str], headers: list[Header], query: str, status: int
) -> None:
    assert ask([{name: [] for name in schemes}], *headers, query=query, settings=KNOWN).status == status


def test_of_several_credentials_one_that_is_let_in_is_enough(ask: Callable[..., Reply]) -> None:
    either: list[dict[str, list[str]]] = [{"Card": []}, {"Key": []}]
    wrong_token, key = authorization("Bearer nobody"), ("X-Library-Key", "k1")
    assert ask(either, wrong_token, key, settings=KNOWN).status == 204
    assert ask(either, authorization("Bearer xyz"), key, settings=KNOWN).status == 204


def test_nobody_needs_to_be_known_where_credentials_are_optional(ask: Callable[..., Reply]) -> None:
    assert ask([{"Desk": []}, {}], settings=KNOWN).status == 204
    assert ask([{"Desk": []}, {}], basic("no:body"), settings=KNOWN).status == 204


@pytest.mark.parametrize(
    ("token", "status", "detail", "challenge"),
    [
        (
            "nobody",
            401,
            "the credentials are well formed, but of nobody who is let in",
            'Bearer realm="docdouble"',
        ),
        ("xyz", 403, "the caller is known, but may not call GetBook", None),
    ],
)
def test_who_is_not_let_in_learns_why(
    ask: Callable[..., Reply], token: str, status: int, detail: str, challenge: str | None
) -> None:
    reply = ask([{"Card": []}], authorization(f"Bearer {token}"), settings=KNOWN)
    assert (reply.status, reply.media_type) == (status, "application/problem+json")
    assert orjson.loads(reply.body)["detail"] == detail
    assert reply.header("WWW-Authenticate") == challenge


def test_credentials_are_not_shown_with_a_caller() -> None:
    assert "secret" not in repr(Caller({"Desk": "anna:secret"}))


@pytest.mark.parametrize(
    "header", [basic("a:b"), authorization("SoTicket abc"), authorization("Bearer abc"), ("X-XSRF-TOKEN", "abc")]
)
def test_each_scheme_of_a_page_is_enough(app: FakeServer, header: Header) -> None:
    call = Call((header, ("Content-Type", "application/json")), b"{}", "POST", "/api/v1/Agents/Loan/LendBook")
    assert app.handle(call).status == 200


def test_credentials_come_before_the_request_is_judged(app: FakeServer) -> None:
    call = Call((("Accept", "image/png"), ("Content-Type", "text/plain")), b"{", "POST", "/api/v1/Agents/Loan/LendBook")
    assert app.handle(call).status == 401


@pytest.mark.parametrize(
    ("names", "credentials"),
    [
        (("Sign", "Open"), (MadeUp("header", "Authorization", f"Bearer {MADE_UP}"),)),
        (
            ("Sign", "Key"),
            (MadeUp("header", "Authorization", f"Bearer {MADE_UP}"), MadeUp("header", "X-Library-Key", MADE_UP)),
        ),
        (("Word", "Sign"), (MadeUp("header", "Authorization", f"Bearer {MADE_UP}"),)),
        (("Sign", "Desk"), ()),
    ],
)
def test_schemes_that_are_asked_for_together(
    ask: Callable[..., Reply], make_contract: MakeContract, names: tuple[str, ...], credentials: tuple[MadeUp, ...]
) -> None:
    security: list[dict[str, list[str]]] = [{name: [] for name in names}]
    operation = {"responses": {"204": {"description": "Here"}}, "security": security}
    contract = make_contract({"/book": {"get": operation}}, securitySchemes=SCHEMES)
    assert made_up(contract.operations[0], contract) == credentials
    sample = orjson.loads(ask(security).body).get("sample", {})
    assert sample.keys() == {credential.name for credential in credentials}
    if credentials:
        assert ask(security, *sample.items()).status == 204
