"""Lists that keep to the page that is asked for, and those that don't."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from docdouble.contracts.checks.paging import CHECK
from docdouble.contracts.model.case import Origin
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Call, Contract

from .made import TEXT, documented, exchange, operation, probed, record, reply

ROWS = [{"id": f"b{number}", "title": f"Book {number % 2}"} for number in range(5)]
BOOK = record(id=TEXT, title=TEXT)
WHOLE = {"type": "integer"}

Answer = Callable[[dict[str, str]], Any]


def contract(*, rows: Any = None, must: bool = False, **parameters: Any) -> Contract:
    """A contract with one list; the parameters of its query have these schemas, and are required if they ``must``."""
    asked = [{"name": name, "in": "query", "schema": schema, "required": must} for name, schema in parameters.items()]
    asked.append({"name": "shop", "in": "query", "required": True, "schema": TEXT})
    return documented(operation(rows or {"type": "array", "items": BOOK}, parameters=asked), path="/books")


def probe(listing: Contract, answer: Answer, **asked: str) -> tuple[list[Finding], list[Call]]:
    first = exchange(listing, reply(answer(asked)), Call(target="/books?title=x&shop=a%20b"))
    return probed(
        "paging", first, lambda call: reply(answer({name: values[0] for name, values in parse_qs(call.query).items()}))
    )


def right(asked: dict[str, str]) -> list[Any]:
    return ROWS[int(asked.get("skip", 0)) :][: int(asked.get("limit", 4))]


def numbered(asked: dict[str, str]) -> dict[str, Any]:
    size = int(asked.get("per_page", 4))
    start = size * (int(asked.get("page", 1)) - 1)
    return {"items": ROWS[start : start + size], "total": len(ROWS)}


def test_a_list_that_does_as_it_is_asked() -> None:
    findings, sent = probe(contract(skip=WHOLE, limit=WHOLE, title=TEXT), right)
    assert findings == []
    assert [call.target for call in sent] == [
        "/books?shop=a%20b",
        "/books?shop=a%20b&limit=1",
        "/books?shop=a%20b&limit=1&skip=0",
        "/books?shop=a%20b&limit=1&skip=1",
    ]


def test_pages_with_numbers_in_an_envelope() -> None:
    rows = record(items={"type": "array", "items": BOOK}, total=WHOLE)
    listing = contract(rows=rows, page={**WHOLE, "minimum": 1}, per_page={**WHOLE, "minimum": 2})
    findings, sent = probe(listing, numbered)
    assert findings == []
    assert [call.target.partition("&")[2] for call in sent] == [
        "",
        "per_page=2",
        "per_page=2&page=1",
        "per_page=2&page=2",
    ]


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("skip", lambda asked: ROWS, ("limit", "rows: at most 1 of limit=1", "5 rows")),
        (
            "skip",
            lambda asked: right(asked | {"skip": "0"}),
            ("offset", "rows: the rows of skip=1", "the same 1 as with skip=0"),
        ),
        ("page", lambda asked: right(asked), ("page", "rows: the rows of page=2", "the same 1 as with page=1")),
    ],
    ids=["limit", "skip", "page"],
)
def test_a_list_that_ignores_it(name: str, answer: Answer, expected: tuple[str, str, str]) -> None:
    (finding,), _ = probe(contract(limit=WHOLE, **{name: WHOLE}), answer)
    assert (finding.rule, finding.expected, finding.got) == expected
    assert finding.severity == "warning"


def strict(asked: dict[str, str]) -> Any:
    """The answer of a server that wants both parameters, and ignores the limit."""
    return ROWS if {"page", "limit"} <= asked.keys() else {"message": "numeric string is expected"}


def test_a_page_that_must_be_asked_for() -> None:
    findings, sent = probe(contract(page=TEXT, limit=WHOLE, must=True), strict, page="x", limit="7")
    assert [(finding.expected, finding.got) for finding in findings] == [("rows: at most 1 of limit=1", "5 rows")]
    assert [call.target.partition("&")[2] for call in sent] == ["page=1&limit=2", "page=1&limit=1"]


@pytest.mark.parametrize(
    ("listing", "answer"),
    [
        (contract(limit=WHOLE), lambda asked: ROWS[:1]),
        (contract(limit={**WHOLE, "enum": [10, 50]}), lambda asked: ROWS),
        (contract(title=TEXT), lambda asked: ROWS),
        (contract(limit=WHOLE, skip=WHOLE), lambda asked: [{"title": "x"}] * int(asked.get("limit", 4))),
        (contract(limit=WHOLE), lambda asked: {} if asked else ROWS),
    ],
    ids=["too few rows", "no page so small", "no such parameter", "rows without a key", "another shape"],
)
def test_what_tells_nothing(listing: Contract, answer: Answer) -> None:
    assert probe(listing, answer)[0] == []


@pytest.mark.parametrize(("seeds", "is_judged"), [([], False), (None, True)])
def test_of_several_arrays_nobody_knows_which_has_the_rows(seeds: Any, is_judged: bool) -> None:
    def answer(asked: dict[str, str]) -> dict[str, Any]:
        return {"tracks": ROWS, **({} if seeds is None else {"seeds": seeds})}

    arrays = {name: {"type": "array", "items": BOOK} for name in ("tracks", "seeds")[: 1 if seeds is None else 2]}
    findings, _ = probe(contract(rows=record(**arrays), limit=WHOLE), answer)
    assert bool(findings) is is_judged


@pytest.mark.parametrize(
    ("query", "origin", "expected"),
    [
        ("limit=2", Origin.RECORDED, ["5 rows"]),
        ("limit=5", Origin.RECORDED, []),
        ("title=x", Origin.RECORDED, []),
        ("limit=2&limit=9", Origin.RECORDED, []),
        ("limit=2", Origin.RANDOM, []),
    ],
)
def test_traffic_of_others_shows_rows_that_nobody_asked_for(query: str, origin: Origin, expected: list[str]) -> None:
    call = Call(target=f"/books?shop=a&{query}")
    shown = exchange(contract(limit=WHOLE, title=TEXT), reply(ROWS), call, origin=origin)
    findings = list(CHECK.run(shown)) if CHECK.applies(shown) else []
    assert [(finding.rule, finding.got) for finding in findings] == [("limit", got) for got in expected]
