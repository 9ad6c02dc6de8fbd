import json
from typing import Any

import pytest

from docdouble.contracts.model.exchange import Exchange
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Call

from .made import INT, JSON, TEXT, chained, exchange, keeping_books, line, operation, record, reply, several, told

BOOK = record(
    BookId={**INT, **line(11)},
    Title={**TEXT, **line(12)},
    Price={"type": "number", **line(13)},
    Printed={"type": "string", "format": "date-time", **line(14)},
    Note={**TEXT, **line(15, "assumed")},
    Sold={"type": "boolean", **line(16)},
    Kept={**TEXT, "readOnly": True, **line(17)},
    UpdatedDate={**TEXT, **line(18)},
    UpdatedDateTime={**TEXT, **line(19)},
    CreatedDateTime={**TEXT, **line(20)},
    Author={"type": "object"},
)
REF = {"$ref": "#/components/schemas/Book"}
BODY = {"content": {"application/json": {"schema": REF}}}
CONTRACT = keeping_books(
    several(
        {
            "/books": {
                "post": operation(REF, operationId="make", requestBody=BODY),
                "get": operation({"type": "array", "items": REF}, operationId="all"),
            },
            "/books/{id}": {
                "get": operation(REF),
                "patch": operation(REF, operationId="change", requestBody=BODY),
                "delete": operation(REF, operationId="drop"),
            },
        },
        schemas={"Book": BOOK},
    ),
    make="create",
    read="read",
    change="patch",
    drop="delete",
    all="list",
)


def sent(name: str, body: Any, status: int = 200) -> Exchange:
    method = {"make": "POST", "change": "PATCH"}[name]
    return exchange(CONTRACT, reply({}, status), Call((JSON,), json.dumps(body).encode(), method), name=name)


def shown(body: Any, status: int = 200) -> Exchange:
    return exchange(CONTRACT, reply(body, status))


def findings(written: Any, read: Any) -> list[Finding]:
    return chained("written-read", sent("make", written), shown(read))


def test_another_value_comes_back() -> None:
    (finding,) = findings({"Title": "Dune"}, {"BookId": 1, "Title": "Emma"})
    assert told(finding) == ("warning", "books.md:12", "/Title", "value")
    assert (finding.promised, finding.came) == ('Title as it was written, "Dune"', '"Emma"')


def test_severity_follows_the_evidence() -> None:
    assert [one.severity for one in findings({"Note": "a"}, {"Note": "b"})] == ["note"]


def test_a_trimmed_text_is_told_as_such() -> None:
    assert told(*findings({"Title": " Dune "}, {"Title": "Dune"}))[::3] == ("warning", "trimmed")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"title": "Dune"}, {"Title": "Dune"}),
        ({"Price": 1}, {"Price": 1.0}),
        ({"Price": 0.1}, {"Price": 0.10000000001}),
        ({"Printed": "2026-01-01T10:00:00Z"}, {"Printed": "2026-01-01T10:00:00"}),
        ({"Printed": "2026-01-01T10:00:00Z"}, {"Printed": "2026-01-01T12:00:00+02:00"}),
        ({"Printed": "2026-01-01T10:00:00Z"}, {"Printed": "2026-01-01T12:00:00"}),
        ({"Printed": "2026-01-01T10:00:00.123Z"}, {"Printed": "2026-01-01T10:00:00"}),
        ({"BookId": 0}, {"BookId": 4}),
        ({"Kept": "a"}, {"Kept": "b"}),
        ({"UpdatedDate": "2026-01-01"}, {"UpdatedDate": "2026-01-02"}),
        ({"UpdatedDateTime": "2026-01-01"}, {"UpdatedDateTime": "2026-02-02"}),
        ({"CreatedDateTime": "2026-01-01"}, {"CreatedDateTime": "2026-02-02"}),
        ({"Author": {"Id": 1}}, {"Author": {"Id": 1, "Name": "x"}}),
        ({"Note": None}, {"Note": "made up"}),
        ({"Note": ""}, {"Note": None}),
        ({"Title": "Dune"}, {}),
        ([1], {"Title": "Dune"}),
    ],
)
def test_the_same_and_what_a_server_keeps(written: Any, read: Any) -> None:
    assert findings(written, read) == []


def test_another_flag_and_what_became_null() -> None:
    assert len(findings({"Sold": True}, {"Sold": False})) == 1
    assert len(findings({"Title": "Dune"}, {"Title": None})) == 1


@pytest.mark.parametrize(("written", "read"), [(True, 0), (1, False), ("Dune", False), ("5 min", 300), (7, "7")])
def test_values_of_two_types_are_two_views_of_one_thing(written: Any, read: Any) -> None:
    assert findings({"Title": written}, {"Title": read}) == []


def test_a_reference_to_another_thing() -> None:
    (finding,) = findings({"Author": {"Id": 1, "Name": "x"}}, {"Author": {"Id": 2, "Name": "y"}})
    assert told(finding)[2:] == ("/Author", "reference")


def test_the_reply_to_the_write_itself_shows_it() -> None:
    call = Call((JSON,), b'{"Title": "Dune"}', "POST")
    first = exchange(CONTRACT, reply({"BookId": 4, "Title": "Emma"}), call, name="make")
    assert told(*chained("written-read", first))[2:] == ("/Title", "value")


def test_the_row_of_a_list_shows_it() -> None:
    made = exchange(CONTRACT, reply({"BookId": 4}), Call((JSON,), b'{"Title": "Dune"}', "POST"), name="make")
    rows = [{"BookId": 3, "Title": "Persuasion"}, {"BookId": 4, "Title": "Emma"}]
    listed = exchange(CONTRACT, reply(rows), name="all")
    assert told(*chained("written-read", made, listed))[2:] == ("/1/Title", "value")


@pytest.mark.parametrize("change", [{"Title": "Emma"}, [{"op": "replace", "path": "/Title", "value": "Emma"}]])
def test_the_last_write_counts(change: Any) -> None:
    first, last = sent("make", {"Title": "Dune"}), sent("change", change)
    assert chained("written-read", first, last, shown({"Title": "Emma"})) == []
    assert len(chained("written-read", first, last, shown([{"Title": "Dune"}]))) == 1


def test_refused_writes_reads_of_nothing_and_what_is_deleted() -> None:
    create = sent("make", {"Title": "Dune"})
    delete = exchange(CONTRACT, reply({}), name="drop")
    assert chained("written-read", create, shown({"Title": ""}, 404)) == []
    assert chained("written-read", create, delete, shown({"Title": ""})) == []
    assert chained("written-read", sent("make", {"Title": "Dune"}, 400), shown({"Title": ""})) == []
