import pytest

from docdouble.schemas import Call, Reply

from .made import BOOK, applies, documented, exchange, findings_of, operation, probed, reply, summary

TYPES = ("application/json", "application/xml", "text/xml")
CONTRACT = documented(operation(media_types=TYPES))
RIGHT = b"<Book><Id>7</Id><Title>x</Title></Book>"


def xml(body: bytes, name: str = "application/xml") -> Reply:
    return Reply((("Content-Type", name),), body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<Book><Id>seven</Id></Book>", ("warning", "books.md:11", "/Id", "type")),
        (b"<Book><Id>3000000000</Id></Book>", ("warning", "books.md:11", "/Id", "maximum")),
        (b"<Book>", ("warning", "books.md:1", "", "xml")),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', ("warning", "books.md:1", "", "xml")),
    ],
)
def test_what_breaks_the_schema(body: bytes, expected: tuple[str, ...]) -> None:
    assert summary(*findings_of("xml", exchange(CONTRACT, xml(body)))) == expected


def test_right_xml_with_namespaces() -> None:
    names = b'xmlns="urn:x" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
    body = b'<Book %b><Id>7</Id><Title i:nil="true"/></Book>' % names
    assert not findings_of("xml", exchange(CONTRACT, xml(body)))


def test_only_documented_xml_is_judged() -> None:
    assert applies("xml", exchange(CONTRACT, xml(RIGHT)))
    assert not applies("xml", exchange(CONTRACT, xml(b"")))
    assert not applies("xml", exchange(CONTRACT, xml(RIGHT, "application/rss+xml")))
    assert not applies("xml", exchange(CONTRACT, reply({})))


def test_each_documented_type_is_asked_for() -> None:
    first = exchange(CONTRACT, reply({"Id": 7, "Title": "x", "Note": None}))
    findings, sent = probed("xml", first, lambda call: xml(RIGHT))
    assert findings == []
    assert [call.header("Accept") for call in sent] == ["application/xml", "text/xml"]


def test_what_is_left_out() -> None:
    first = exchange(CONTRACT, reply({"Id": 7, "Title": "x", "Note": "y"}))
    findings, _ = probed("xml", first, lambda call: xml(b"<Book><Id>7</Id></Book>"))
    assert summary(findings[0]) == ("warning", "books.md:1", "", "missing")
    assert findings[0].got == "XML without 2 properties"


def test_what_is_left_out_of_the_items_of_a_list() -> None:
    rows = documented(operation({"type": "array", "items": BOOK}, media_types=TYPES))
    first = exchange(rows, reply([{"Id": 7, "Title": "x", "Undocumented": 1}, {"Id": 8, "Title": "y"}]))
    whole = b"<Books><Book><Id>7</Id><Title>x</Title></Book><Book><Id>8</Id><Title>y</Title></Book></Books>"
    assert probed("xml", first, lambda call: xml(whole))[0] == []
    findings, _ = probed("xml", first, lambda call: xml(whole.replace(b"Title>y</Title", b"Other>y</Other")))
    assert findings[0].expected == "what the JSON shows, 1/Title among it"


def test_refusals_and_json_are_reported_elsewhere() -> None:
    first = exchange(CONTRACT, reply({"Id": 7}))
    assert probed("xml", first, lambda call: reply({}, 406))[0] == []
    assert probed("xml", first, lambda call: reply({}))[0] == []


def test_writes_are_not_repeated() -> None:
    first = exchange(documented(operation(BOOK, media_types=TYPES), method="put"), reply({}), Call(method="PUT"))
    assert probed("xml", first, lambda call: xml(RIGHT))[1] == []
