"""Language, culture and time zone: the headers that change how an answer is worded and written."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.behaviours.localisation import asked_locale, culture, rewritten, time_zone
from docdouble.fakeserver.http.codecs import Content
from docdouble.schemas import Contract, Reply, Schema

Send = Callable[..., Reply]
Header = tuple[str, str]

GET = "GET /api/v1/Branch/5"
MOMENT: Schema = {"type": "string", "format": "date-time"}


def content(schema: Schema) -> Content:
    return Content(schema, Contract("library", "1", (), {}))


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("de", "de_DE"),
        ("DE-at", "de_AT"),
        ("de_CH", "de_CH"),
        ("en", "en_GB"),
        ("en-US", "en_US"),
        ("nb", "no_NO"),
        ("nn-NO", "no_NO"),
        ("da", "da_DK"),
        ("pt-br", "pt_BR"),
        ("de-ZZ", "de_DE"),
        ("xx", ""),
        ("*", ""),
        ("", ""),
        (",;=", ""),
        ("xx, fr;q=0.5, de;q=0.8", "de_DE"),
        ("fr;q=0, de;q=0.1", "de_DE"),
        ("fr;q=0", ""),
    ],
)
def test_the_locale_is_of_the_language_that_is_liked_best(header: str, locale: str) -> None:
    assert asked_locale({"language": header}, "en_GB") == locale


def test_the_override_stands_above() -> None:
    assert asked_locale({"language": "de", "language-override": "fr"}, "en_US") == "fr_FR"
    assert asked_locale({"language": "de", "language-override": ""}, "en_US") == "de_DE"
    assert asked_locale({}, "en_US") == ""


@pytest.mark.parametrize(
    ("name", "text", "written"),
    [
        ("de", "1234.5", "1.234,5"),
        ("nb-NO", "-0.125", "-0,125"),
        ("en_US", "1234.50", "1,234.5"),
        ("de", "2024-03-05", "05.03.24"),
        ("en-US", "2024-03-05", "3/5/24"),
        ("de", "2024-03-05T16:30:00", "05.03.24, 16:30"),
        ("de", "2024-13-05", "2024-13-05"),
        ("de", "12", "12"),
        ("de", "on 2024-03-05", "on 2024-03-05"),
        ("de", "1.2.3", "1.2.3"),
        ("de", "", ""),
    ],
)
def test_a_culture_writes_numbers_and_dates(name: str, text: str, written: str) -> None:
    change = culture(name)
    assert change is not None
    assert change(text, content({"type": "string"})) == written
    assert change(text, content(MOMENT)) == text


@pytest.mark.parametrize("name", ["", "*", "xx", "klingon", "de--", "é", "../de", "de\0"])
def test_an_unknown_culture_changes_nothing(name: str) -> None:
    assert culture(name) is None


@pytest.mark.parametrize(
    ("name", "text", "converted"),
    [
        ("Europe/Oslo", "2024-03-05T12:00:00Z", "2024-03-05T13:00:00+01:00"),
        ("Europe/Oslo", "2024-07-05T12:00:00", "2024-07-05T14:00:00+02:00"),
        ("America/New_York", "2024-03-05T13:00:00+01:00", "2024-03-05T07:00:00-05:00"),
        ("UTC", "2024-03-05T13:00:00+01:00", "2024-03-05T12:00:00+00:00"),
        ("Asia/Tokyo", "0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ("Asia/Tokyo", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("Asia/Tokyo", "0872-07-28T08:00:00Z", "0872-07-28T17:18:00+09:18"),
        ("Asia/Tokyo", "soon", "soon"),
    ],
)
def test_a_time_zone_keeps_the_moment(name: str, text: str, converted: str) -> None:
    change = time_zone(name)
    assert change is not None
    assert change(text, content(MOMENT)) == converted
    assert change(text, content({"type": "string"})) == text


@pytest.mark.parametrize("name", ["", "Nowhere", "Europe", "../../etc/passwd", "/etc/passwd", "a\0b", "é", "x" * 999])
def test_an_unknown_time_zone_changes_nothing(name: str) -> None:
    assert time_zone(name) is None


@given(st.text(max_size=12))
def test_any_name_is_known_or_not(name: str) -> None:
    for change in (culture(name), time_zone(name)):
        assert change is None or isinstance(change("2024-03-05T12:00:00", content({})), str)
    assert isinstance(asked_locale({"language": name}, "en_US"), str)


def test_every_text_is_changed_by_what_is_known_of_it() -> None:
    schema: Schema = {"properties": {"A": {"type": "array", "items": MOMENT}, "B": MOMENT, "C": {"type": "string"}}}
    value = {"A": ["x", None], "b": "x", "C": "x", "D": {"E": 5}}
    changed = rewritten(value, content(schema), lambda text, known: known.format or "none")
    assert changed == {"A": ["date-time", None], "b": "date-time", "C": "none", "D": {"E": 5}}


def body(reply: Reply) -> Any:
    assert reply.status == 200
    return orjson.loads(reply.body)


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ([("Accept-Language", "de")], "de-DE"),
        ([("Accept-Language", "de"), ("SO-Language", "fr")], "fr-FR"),
        ([("SO-Language", "nb")], "no-NO"),
        ([("Accept-Language", "en")], "en-US"),
        ([("Accept-Language", "xx")], None),
        ([], None),
    ],
)
def test_words_are_in_the_language_and_all_else_stays(
    app: FakeServer, send: Send, headers: list[Header], language: str | None
) -> None:
    plain, reply = body(send(app, GET)), send(app, GET, *headers)
    answer = body(reply)
    assert reply.header("Content-Language") == language
    spoken = {"Name", "Fee", "OpenedOn", "Tags", "Labels"}
    assert answer.keys() == plain.keys()
    assert {name for name in answer if answer[name] != plain[name]} <= spoken
    # Faker has no Norwegian words: texts stay English
    assert (answer["Tags"] == plain["Tags"]) == (language in (None, "en-US", "no-NO"))


def test_a_language_is_the_same_each_time(app: FakeServer, send: Send) -> None:
    first, second = (send(app, GET, ("SO-Language", "fr")).body for _ in range(2))
    assert first == second


def test_times_are_converted_to_the_zone(app: FakeServer, send: Send) -> None:
    plain = body(send(app, GET))["UpdatedDate"]
    there = body(send(app, GET, ("SO-TimeZone", "Asia/Tokyo")))["UpdatedDate"]
    assert there.endswith("+09:00")
    assert datetime.fromisoformat(there) == datetime.fromisoformat(plain)
    assert body(send(app, GET, ("SO-TimeZone", "Nowhere")))["UpdatedDate"] == plain


@pytest.mark.parametrize(
    ("headers", "fee", "opened"),
    [
        ([("SO-Language", "de"), ("SO-Culture", "de")], "1.234,5", "17.05.19"),
        ([("Accept-Language", "en"), ("SO-Culture", "nb")], "1\N{NO-BREAK SPACE}234,5", "17.05.2019"),
        ([("SO-Culture", "de")], "1234.5", "2019-05-17"),
        ([("SO-Language", "de"), ("SO-Culture", "xx")], "1234.5", "2019-05-17"),
        ([("SO-Language", "de")], "1234.5", "2019-05-17"),
    ],
)
def test_a_culture_counts_beside_a_language_only(
    app: FakeServer, send: Send, headers: list[Header], fee: str, opened: str
) -> None:
    answer = body(send(app, GET, ("Prefer", "example"), *headers))
    assert (answer["Fee"], answer["OpenedOn"], answer["Area"]) == (fee, opened, 120.5)
    assert answer["UpdatedDate"] == "2023-06-01T10:15:00Z"


def test_a_page_that_documents_no_language_has_none(app: FakeServer, send: Send) -> None:
    reply = send(app, "GET /api/v1/Book/5", ("Accept-Language", "de"))
    assert (reply.body, reply.header("Content-Language")) == (send(app, "GET /api/v1/Book/5").body, None)
