"""The journal remembers the last calls, and no secret."""

import base64
import re
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver.control.call_log import MemoryLog
from docdouble.fakeserver.control.journal import MAX_BODY, MAX_READ, Journal, JournalEntry
from docdouble.schemas import Call, Reply

SECRET = "hunter2"
JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
TEXT = ("Content-Type", "text/plain")

SECRET_NAMES = [
    "password", "NewPassword", "oldPasswd", "pAssWord", "user_password", "PASSWORD", "pwd", "passphrase",
    "client_secret", "ClientSecret", "Secret", "SecretValue", "secrets",
    "token", "accessToken", "refresh_token", "XSRFToken", "SO-AppToken", "so-apptoken", "X-XSRF-TOKEN",
    "SoTicket", "soticket", "Ticket", "ticket",
    "apikey", "api_key", "ApiKey", "X-Api-Key", "APIKey",
    "Credentials", "credential", "Authorization", "cookie",
]  # fmt: skip
PLAIN_NAMES = [
    "TicketId", "TicketPriority", "Tickets", "ticketStatusId", "Secretary", "secretariat", "Key", "ApiVersion",
    "Passenger", "Title", "AuthorizationDate", "CookieRecipe",
]  # fmt: skip


def recorded(call: Call = Call(), reply: Reply = Reply(), *secrets: str) -> JournalEntry:  # noqa: B008 - both are frozen
    journal = Journal(secrets=secrets)
    journal.record(call, reply, "Book_Get", 1.23456)
    return journal.entries()[0]


def asked(body: Any, *headers: tuple[str, str]) -> JournalEntry:
    return recorded(Call(headers or (JSON,), body if isinstance(body, bytes) else orjson.dumps(body), "POST"))


def summary(entry: JournalEntry) -> str:
    return repr(entry) + orjson.dumps(entry.as_dict()).decode() + str(entry.as_dict())


def test_an_entry_tells_the_call_and_the_reply() -> None:
    call = Call((("Accept", "*/*"), JSON), b'{"Pages": 3}', "PUT", "/books/7?full=1")
    entry = recorded(call, Reply((TEXT,), b"done", 202))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry.time)
    assert entry.as_dict() == {
        "number": 1,
        "time": entry.time,
        "operation": "Book_Get",
        "method": "PUT",
        "target": "/books/7?full=1",
        "headers": [["Accept", "*/*"], list(JSON)],
        "body": {"Pages": 3},
        "body_note": "",
        "status": 202,
        "violations": [],
        "reply_headers": [list(TEXT)],
        "reply_body": "done",
        "reply_body_note": "",
        "milliseconds": 1.235,
        "world": "",
        "test": "",
        "note": "",
    }


def test_the_oldest_entries_make_room() -> None:
    journal = Journal(MemoryLog(2))
    for operation in ("Find", "Find", None, "Get", "Get"):
        journal.record(Call(), Reply(), operation, 1)
    assert [entry.number for entry in journal.entries()] == [4, 5]
    assert (journal.dropped(), journal.dropped("Find"), journal.dropped("Get")) == (3, 2, 0)


def test_a_journal_without_room_counts() -> None:
    journal = Journal(MemoryLog(0))
    journal.record(Call(), Reply(), "Find", 1)
    assert (journal.entries(), journal.dropped(), journal.dropped("Find")) == ((), 1, 1)


def test_a_cleared_journal_is_empty_and_counts_on() -> None:
    journal = Journal(MemoryLog(1))
    journal.record(Call(), Reply(), None, 1)
    journal.record(Call(), Reply(), None, 1)
    journal.clear()
    assert (journal.entries(), journal.dropped()) == ((), 0)
    journal.record(Call(), Reply(), None, 1)
    assert journal.entries()[0].number == 3


def test_threads_lose_no_entry() -> None:
    journal = Journal(MemoryLog(50))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: journal.record(Call(), Reply(), None, 1), range(400)))
    assert [entry.number for entry in journal.entries()] == list(range(351, 401))
    assert journal.dropped() == 350


@pytest.mark.parametrize(
    ("content_type", "body", "value"),
    [
        (JSON, b'{"a": [1, null]}', {"a": [1, None]}),
        (("Content-Type", "application/problem+json; charset=utf-8"), b"[]", []),
        (("X-None", ""), b'{"a": 1}', {"a": 1}),
        (("X-None", ""), b"plain", "plain"),
        (JSON, b'{"a": ', '{"a": '),
        (TEXT, b"12", "12"),
        (TEXT, "Bücher".encode(), "Bücher"),
        (FORM, b"a=1&b=2", "a=1&b=2"),
        (JSON, b"", None),
    ],
)
def test_a_body_is_json_or_text(content_type: tuple[str, str], body: bytes, value: Any) -> None:
    entry = asked(body, content_type)
    assert (entry.body.value, entry.body.note) == (value, "")


def test_a_long_body_is_cut_and_says_so() -> None:
    exact, longer = asked(b"x" * MAX_BODY, TEXT).body, asked(["x" * MAX_BODY]).body
    assert (exact.value, exact.note) == ("x" * MAX_BODY, "")
    assert (len(longer.value), longer.note) == (MAX_BODY, "cut: the first 32768 of 32772 characters")


@pytest.mark.slow
def test_of_a_long_body_no_more_is_kept_than_is_shown() -> None:
    journal = Journal()
    tracemalloc.start()
    for _ in range(40):
        journal.record(Call((TEXT,), bytes(MAX_READ), "POST"), Reply((TEXT,), b"x" * MAX_READ), None, 1)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 3 * 40 * MAX_BODY


def test_what_was_shown_once_is_not_masked_again() -> None:
    journal = Journal(MemoryLog(2))
    for _ in range(2):
        journal.record(Call(), Reply(), None, 1)
    first, second = journal.entries()
    journal.record(Call(), Reply(), None, 1)
    assert journal.entries()[0] is second
    assert first not in journal.entries()


@pytest.mark.parametrize(
    ("content_type", "body", "note"),
    [
        (("Content-Type", "image/png"), b"\x89PNG\r\n", "not kept: image/png, 6 bytes"),
        (("X-None", ""), b"\xff", "not kept: no media type, 1 bytes"),
        (JSON, '{"password": "hunter2"}'.encode("utf-16-le"), "not kept: application/json, 46 bytes"),
        (TEXT, b"x" * (MAX_READ + 1), f"not kept: text/plain, {MAX_READ + 1} bytes"),
        (JSON, b"[" * 600 + b"]" * 600, "not kept: JSON that is nested too deep, 1200 characters"),
    ],
)
def test_a_body_that_can_not_be_read_is_reported(content_type: tuple[str, str], body: bytes, note: str) -> None:
    entry = asked(body, content_type)
    assert (entry.body.value, entry.body.note) == (None, note)


@pytest.mark.parametrize("name", SECRET_NAMES)
@pytest.mark.parametrize(
    "place",
    [
        lambda name: asked({"outer": [{name: SECRET}]}),
        lambda name: recorded(Call(target=f"/books?a=1&{name}={SECRET}&b=2")),
        lambda name: recorded(Call(target=f"/books?a=1;{name}={SECRET};{SECRET}")),
        lambda name: asked(f"a=1&{name}={SECRET}".encode(), FORM),
        lambda name: recorded(reply=Reply((JSON,), orjson.dumps({name: SECRET}))),
        lambda name: recorded(reply=Reply((("Location", f"/next?{name}={SECRET}"),))),
        lambda name: recorded(reply=Reply((("Location", f"/next#{name}={SECRET}"),))),
    ],
)
def test_what_has_a_secret_name_is_masked(name: str, place: Callable[[str], JournalEntry]) -> None:
    entry = place(name)
    assert SECRET not in summary(entry)
    assert "***" in summary(entry)


@pytest.mark.parametrize("name", ["user%5Bpassword%5D", "p%61ssword", "api%5Fkey", "new+password", "a.token.b"])
def test_encoded_names_are_read(name: str) -> None:
    entry = recorded(Call((FORM,), f"a=1&{name}={SECRET}".encode(), "POST", f"/books?{name}={SECRET}"))
    assert (entry.body.value, entry.target) == (f"a=1&{name}=***", f"/books?{name}=***")


@pytest.mark.parametrize("name", [name for name in SECRET_NAMES if name.lower() != "ticket"])
@pytest.mark.parametrize("value", [SECRET, {"deep": [SECRET]}, [{"Type": "x", "Value": SECRET}]])
def test_everything_under_a_secret_name_is_masked(name: str, value: Any) -> None:
    assert asked({name: value}).body.value == {name: "***"}


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_what_has_another_name_is_kept(name: str) -> None:
    target = f"/books?{name}=7"
    entry = recorded(Call((JSON, (name, "seven")), orjson.dumps({name: "seven"}), "POST", target))
    assert (entry.body.value, entry.target, entry.headers[1]) == ({name: "seven"}, target, (name, "seven"))


def test_a_ticket_that_is_an_entity_or_a_number_is_no_secret() -> None:
    body = {"Ticket": {"TicketId": 7, "Title": "late"}, "ticket": 7, "Tickets": [{"TicketId": 8}]}
    assert asked(body).body.value == body
    assert recorded(Call(target="/books?ticket=7")).target == "/books?ticket=7"


def test_null_and_booleans_are_no_secrets() -> None:
    body = {"password": None, "hasPassword": True, "tokens": False}
    assert asked(body).body.value == body


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("Authorization", f"Bearer {SECRET}", "Bearer ***"),
        ("authorization", f"SoTicket  7T:{SECRET}", "SoTicket ***"),
        ("Authorization", SECRET, "***"),
        ("Proxy-Authorization", f"Basic {SECRET}", "Basic ***"),
        ("Cookie", f"session={SECRET}", "***"),
        ("Set-Cookie", f"session={SECRET}; Path=/", "***"),
        ("X-XSRF-TOKEN", SECRET, "***"),
        ("SO-AppToken", SECRET, "***"),
        ("X-Api-Key", SECRET, "***"),
        ("Referer", f"http://a/?x=1&token={SECRET}", "http://a/?x=1&token=***"),
        ("Accept", "text/html;q=0.9, */*;q=0.1", "text/html;q=0.9, */*;q=0.1"),
    ],
)
def test_header_fields_of_calls_and_replies_are_masked(name: str, value: str, kept: str) -> None:
    headers = ((name, value),)
    entry = recorded(Call(headers), Reply(headers))
    assert entry.headers == entry.reply_headers == ((name, kept),)


def test_the_names_of_a_contract_are_secret_too() -> None:
    call = Call((("X-Library-Card", SECRET), JSON), orjson.dumps({"x-library-CARD": SECRET}), "POST", "/?Card=1")
    entry = recorded(call, Reply((TEXT,), f"X-Library-Card: {SECRET}".encode()), "x-library-card", "card", "")
    assert SECRET not in summary(entry)
    assert entry.target == "/?Card=***"


def test_a_secret_with_delimiters_in_it_is_masked_whole() -> None:
    assert recorded(Call(target="/?password=a;b=c?d#e=f=g&h=i")).target == "/?password=***&h=i"


@pytest.mark.parametrize(
    ("headers", "body", "kept"),
    [
        ((TEXT,), f"my password is {SECRET}", "my password***"),
        ((JSON,), f'{{"a": 1, "Password": "{SECRET}"', '{"a": 1, "Password***'),
        ((("Content-Type", "application/xml"),), f"<a><Password>{SECRET}</Password></a>", "<a><Password***"),
        ((TEXT,), f"Authorization: Bearer {SECRET}", "Authorization***"),
        ((TEXT,), "no harm", "no harm"),
    ],
)
def test_a_text_ends_where_it_names_a_secret(headers: tuple[tuple[str, str]], body: str, kept: str) -> None:
    assert asked(body.encode(), *headers).body.value == kept


def test_a_multipart_form_ends_where_it_names_a_secret() -> None:
    body = f'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n{SECRET}\r\n--x--'
    assert SECRET not in summary(asked(body.encode(), ("Content-Type", "multipart/form-data; boundary=x")))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f'expected object, got [{{"Password": "{SECRET}"}}]', 'expected object, got [{"Password":***'),
        (f"http://a/?token={SECRET}", "http://a/?token=***"),
        (f"<password>{SECRET}</password>", "<password>***"),
        (f"Cookie: a={SECRET}", "Cookie:***"),
        ("a secret garden, and a token of it", "a secret garden, and a token of it"),
    ],
)
def test_strings_of_json_are_masked_after_a_secret_name(text: str, kept: str) -> None:
    assert asked([text]).body.value == [kept]


def test_escaped_names_of_json_are_read() -> None:
    body = b'{"\\u0070assword": "hunter2", "a": "x \\u0074oken=hunter2"}'
    assert asked(body, JSON).body.value == {"password": "***", "a": "x token=***"}


def test_the_message_of_a_violation_does_not_quote_the_secret() -> None:
    by_pointer = {"pointer": "/Member/Password", "message": f'expected integer, got "{SECRET}"'}
    by_name = {"in": "query", "name": "token", "message": f'expected integer, got "{SECRET}"'}
    reply = Reply((JSON,), orjson.dumps({"violations": [by_pointer, by_name]}), 400)
    assert SECRET not in summary(recorded(reply=reply))
    harmless = {"pointer": "/Title", "message": 'expected integer, got "x"'}
    assert asked(harmless).body.value == harmless


@pytest.mark.parametrize(
    ("call", "secret"),
    [
        (Call((("Authorization", "Bearer t0ken+1234"),)), "t0ken+1234"),
        (Call((("Authorization", "Basic " + base64.b64encode(b"me:pass+word1").decode()),)), "pass+word1"),
        (Call((("Cookie", "a=1; session=t0ken+1234"),)), "t0ken+1234"),
        (Call(target="/?api_key=t0ken%2B1234"), "t0ken+1234"),
        (Call((JSON,), b'{"login": {"Password": "t0ken\\u002b1234"}}', "POST"), "t0ken+1234"),
        (Call((FORM,), b"pwd=t0ken%2B1234", "POST"), "t0ken+1234"),
    ],
)
@pytest.mark.parametrize("size", [0, MAX_BODY])
def test_what_a_reply_repeats_of_a_secret_is_masked(call: Call, secret: str, size: int) -> None:
    encoded = base64.b64encode(f"x{secret}".encode()).decode()
    repeated = {"you": f"sent {secret}", "or": [encoded, secret.upper()], "rest": "x" * size}
    reply = Reply((JSON, ("X-Echo", secret)), orjson.dumps(repeated).replace(b"+", b"\\u002B"), 200)
    shown = summary(recorded(call, reply))
    assert "sent ***" in shown
    assert not any(form in shown for form in (secret, secret.upper(), encoded))


def test_a_token_that_a_reply_gives_is_masked_where_it_is_repeated() -> None:
    reply = Reply((JSON,), b'{"access_token": "t0ken+1234", "url": "/?x=t0ken%2B1234"}', 200)
    assert recorded(reply=reply).reply_body.value == {"access_token": "***", "url": "/?x=***"}


@pytest.mark.parametrize("unit", ["a", "=", "?", "a;", "&", "pass", "token-", "so-", '"'])
def test_hostile_texts_are_masked_in_linear_time(unit: str) -> None:
    body = (unit * MAX_BODY).encode()[: 4 * MAX_BODY]
    started = time.process_time()
    asked(body, FORM)
    asked(body, TEXT)
    asked([body.decode()])
    assert time.process_time() - started < 20  # seconds; quadratic would be minutes


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
harmless_json = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
secret_names = st.sampled_from([name for name in SECRET_NAMES if name.lower() != "ticket"])


@st.composite
def with_secret(draw: st.DrawFn) -> Any:
    """Draw JSON that holds the secret somewhere under a secret name."""
    value: Any = {draw(secret_names): draw(st.sampled_from([SECRET, [SECRET], {"x": SECRET}, f"a {SECRET} b"]))}
    for name in draw(st.lists(st.text(max_size=4) | st.none(), max_size=6)):
        beside = draw(harmless_json)
        value = [beside, value] if name is None else {"beside": beside, name: value}
    return value


@settings(max_examples=50)
@given(with_secret())
def test_no_json_leaks_what_stands_under_a_secret_name(value: Any) -> None:
    body = orjson.dumps(value)
    assert SECRET not in summary(recorded(Call((JSON,), body), Reply((JSON,), body)))


@settings(max_examples=50)
@given(harmless_json)
def test_what_names_no_secret_is_kept_as_it_is(value: Any) -> None:
    assert asked(value).body.value == value


@settings(max_examples=50)
@given(secret_names, st.lists(st.tuples(st.text("ab=;?#% \n", max_size=5), st.text("ab=;?#%", max_size=5)), max_size=4))
def test_no_query_leaks_the_value_of_a_secret_name(name: str, pairs: list[tuple[str, str]]) -> None:
    around = "&".join("=".join(pair) for pair in pairs)
    entry = recorded(Call(target=f"/books?{around}&{name}={SECRET}&{around}"))
    assert SECRET not in summary(entry)
