from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest

from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Call

from .made import INT, TEXT, documented, exchange, line, operation, probed, record, reply, summary

NAMES = {
    "list-top": "$top",
    "list-skip": "$skip",
    "list-order": "$orderBy",
    "list-select": "$select",
    "list-filter": "$filter",
}
BEHAVIOURS = [
    {"name": name, "parameter": parameter, **line(20 + number)}
    for number, (name, parameter) in enumerate(NAMES.items())
]
ROW = record(PrimaryKey=INT, bookId=INT, title=TEXT)
SCHEMA = record(value={"type": "array", "items": ROW})
CONTRACT = replace(
    documented(operation(SCHEMA, **{"x-docdouble-behaviours": BEHAVIOURS}), path="/books"), dialect="superoffice"
)
ROWS = [{"PrimaryKey": number, "bookId": number, "title": f"Book {number}"} for number in (3, 1, 2)]

Answer = Callable[[dict[str, str]], list[Any]]


def conforming(asked: dict[str, str]) -> list[Any]:
    rows = ROWS
    if "$orderBy" in asked:
        assert asked["$orderBy"] == "PrimaryKey desc"
        rows = sorted(rows, key=lambda row: -int(row["PrimaryKey"]))
    if "$filter" in asked:
        assert asked["$filter"] == "bookId eq 3"
        rows = rows[:1]
    rows = rows[int(asked.get("$skip", 0)) :][: int(asked.get("$top", 99))]
    if "$select" in asked:
        rows = [{"PrimaryKey": row["PrimaryKey"], asked["$select"]: row["bookId"]} for row in rows]
    return rows


def probe(answer: Answer) -> tuple[list[Finding], list[Call]]:
    first = exchange(CONTRACT, reply({"value": ROWS}), Call(target="/books?%24top=2&mode=x"))

    def served(call: Call) -> Any:
        return reply(
            {"odata.metadata": "", "value": answer({name: values[0] for name, values in parse_qs(call.query).items()})}
        )

    return probed("list-behaviours", first, served)


def test_a_list_that_does_as_it_is_asked() -> None:
    findings, sent = probe(conforming)
    assert findings == []
    assert [call.target for call in sent] == [
        "/books?mode=x",
        "/books?mode=x&$top=1",
        "/books?mode=x&$skip=1",
        "/books?mode=x&$orderBy=PrimaryKey%20desc",
        "/books?mode=x&$select=bookId",
        "/books?mode=x&$filter=bookId%20eq%203",
    ]


def test_a_list_that_ignores_everything() -> None:
    findings, _ = probe(lambda asked: ROWS)
    assert [(summary(finding), finding.got) for finding in findings] == [
        (("error", "books.md:20", "", "list-top"), "3 rows"),
        (("error", "books.md:21", "", "list-skip"), "the same list"),
        (("error", "books.md:22", "", "list-order"), "3, 1, 2"),
        (("error", "books.md:23", "", "list-select"), "all columns, title among them"),
        (("error", "books.md:24", "", "list-filter"), "1"),
    ]
    assert findings[0].expected == "at most 1 row, by $top=1"


def test_a_filter_that_finds_nothing_is_a_warning() -> None:
    findings, _ = probe(lambda asked: [] if "$filter" in asked else conforming(asked))
    assert [(finding.severity.value, finding.got) for finding in findings] == [("warning", "no row")]


def test_a_selected_column_has_to_come() -> None:
    findings, _ = probe(lambda asked: [{"PrimaryKey": 3}] if "$select" in asked else conforming(asked))
    assert [finding.got for finding in findings] == ["rows without it"]


def test_numbers_may_have_a_point_and_columns_may_be_refused() -> None:
    findings, _ = probe(lambda asked: [{"bookId": 3.0}] if "$filter" in asked else conforming(asked))
    assert findings == []
    first = exchange(CONTRACT, reply({"value": ROWS}))
    refusing = probed("list-behaviours", first, lambda call: reply({}, 400) if call.query else reply({"value": ROWS}))
    assert refusing[0] == []


@pytest.mark.parametrize("rows", [[], [{"PrimaryKey": 1}]])
def test_little_to_ask_by(rows: list[Any]) -> None:
    assert probe(lambda asked: rows)[0] == []


def test_other_operations_are_not_asked() -> None:
    for contract in (
        documented(operation()),
        documented(operation(**{"x-docdouble-behaviours": BEHAVIOURS}), method="post"),
    ):
        assert probed("list-behaviours", exchange(contract, reply([])), lambda call: reply([]))[1] == []
