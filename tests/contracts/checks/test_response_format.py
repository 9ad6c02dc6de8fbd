import json
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.model.case import Purpose
from docdouble.schemas import Call, Contract

from .made import BOOK, TEXT, applies, documented, exchange, findings_of, line, operation, record, reply, summary

DATED = record(At={**TEXT, "format": "date-time", **line(14)}, Seen={**TEXT, "format": "date", **line(15, "sampled")})
CONTRACT = documented(operation(DATED))
PAGES = replace(CONTRACT, dialect="superoffice")


@pytest.mark.parametrize("text", ["2002-03-31T18:00:00", "0001-01-01T00:00:00", "2002-03-31"])
@pytest.mark.parametrize(("contract", "severity"), [(PAGES, "note"), (CONTRACT, "warning")])
def test_a_date_time_that_is_slightly_off_is_a_note_where_pages_document_it(
    contract: Contract, severity: str, text: str
) -> None:
    assert summary(*findings_of("response-format", exchange(contract, reply({"At": text})))) == (
        severity,
        "books.md:14",
        "/At",
        "format",
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [({"At": "soon"}, ("error", "books.md:14")), ({"Seen": "soon"}, ("warning", "books.md:15"))],
)
def test_what_is_no_date_follows_the_evidence(body: Any, expected: tuple[str, str]) -> None:
    assert summary(*findings_of("response-format", exchange(CONTRACT, reply(body))))[:2] == expected


def test_drift_is_reported_once_for_each_type() -> None:
    loan = {"$ref": "#/components/schemas/Loan"}
    contract = documented(operation(record(First=loan, More={"type": "array", "items": loan})), schemas={"Loan": DATED})
    body = {"First": {"At": "2002-03-31"}, "More": [{"At": "2002-03-31"}]}
    assert [finding.pointer for finding in findings_of("response-format", exchange(contract, reply(body)))] == [
        "/First/At"
    ]


def test_other_formats_that_are_slightly_off_are_notes() -> None:
    contract = documented(operation(record(Opens={**TEXT, "format": "time"})))
    (finding,) = findings_of("response-format", exchange(contract, reply({"Opens": "10:00:00"})))
    assert finding.severity == "note"


def test_right_ones() -> None:
    assert not findings_of("response-format", exchange(CONTRACT, reply({"At": "2002-03-31T18:00:00Z", "Seen": None})))


def test_only_what_has_formats_is_judged() -> None:
    assert applies("response-format", exchange(CONTRACT, reply({})))
    assert not applies("response-format", exchange(documented(operation(BOOK)), reply({})))


@pytest.mark.parametrize(
    ("purpose", "sent", "pointers"),
    [
        (Purpose.CONVERTIBLE, "2002-03-31", []),
        (Purpose.CONVERTIBLE, "2002-04-01", ["/At"]),
        (Purpose.VALID, "2002-03-31", ["/At"]),
    ],
)
def test_what_a_server_took_though_it_is_off_may_be_shown(purpose: Purpose, sent: str, pointers: list[str]) -> None:
    call = Call((("Content-Type", "application/json"),), json.dumps({"At": sent}).encode(), "GET", "/books/7")
    answered = exchange(CONTRACT, reply({"At": "2002-03-31"}), call, purpose=purpose)
    assert [finding.pointer for finding in findings_of("response-format", answered)] == pointers
