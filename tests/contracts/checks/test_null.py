from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.model.case import Breach, Purpose
from docdouble.schemas import Call

from .made import BOOK, JSON, TEXT, applies, documented, exchange, findings_of, line, operation, record, reply, summary

CONTRACT = documented(operation())


def test_a_null_of_which_nothing_is_documented_is_a_note() -> None:
    (finding,) = findings_of("null", exchange(CONTRACT, reply({"Id": None})))
    assert summary(finding) == ("note", "books.md:11", "/Id", "type")
    assert (finding.expected, finding.got) == ("/Id is integer (int32)", "null")


def test_a_body_that_is_null_follows_the_evidence() -> None:
    contract = documented(operation({**BOOK, **line(10)}))
    assert summary(*findings_of("null", exchange(contract, reply(None)))) == ("error", "books.md:10", "", "type")


def test_a_document_that_leaves_null_out_forbids_it() -> None:
    contract = documented(operation(record(Title=TEXT)))
    assert findings_of("null", exchange(contract, reply({"Title": None})))[0].severity == "error"


def test_what_may_be_null() -> None:
    contract = documented(operation(record(Title={"type": ["string", "null"], **line(12)})))
    assert not findings_of("null", exchange(contract, reply({"Title": None})))


def test_a_selection_nulls_the_rest() -> None:
    behaviour = {"name": "select-projection", "parameter": "$select", **line(4)}
    contract = documented(operation(**{"x-docdouble-behaviours": [behaviour]}))
    call = Call(target="/books/7?$select=Title")
    assert not applies("null", exchange(contract, reply({"Id": None}), call))
    assert applies("null", exchange(contract, reply({"Id": None})))


BOOKS = {**record(Title=TEXT, Note=TEXT), "required": ["Title"]}


@pytest.mark.parametrize("schema", [BOOKS, {"allOf": [record(Title=TEXT, Note=TEXT), {"required": ["Title"]}]}])
@pytest.mark.parametrize(("documents_null", "of_optional"), [(True, "error"), (False, "note")])
def test_a_document_without_a_word_for_null_forbids_it_of_what_is_required(
    schema: dict[str, Any], documents_null: bool, of_optional: str
) -> None:
    contract = replace(documented(operation({"type": "array", "items": schema})), documents_null=documents_null)
    (finding,) = findings_of("null", exchange(contract, reply([{"Title": "Dune", "Note": None}])))
    assert finding.severity == of_optional
    (finding,) = findings_of("null", exchange(contract, reply([{"Title": None}])))
    assert finding.severity == "error"


def test_a_null_that_was_taken_against_the_documentation_is_shown() -> None:
    schema = {"type": "object", "properties": {"note": TEXT}}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    contract = documented(operation(schema, requestBody=body), method="post")
    shown = exchange(contract, reply({"note": None}), Call((JSON,), b'{"note": null}', "POST", "/books/7"))
    assert [finding.severity for finding in findings_of("null", shown)] == ["error"]
    broken = replace(shown.case, purpose=Purpose.HOSTILE, breach=Breach("body/note", "type"))
    assert [finding.severity for finding in findings_of("null", replace(shown, case=broken))] == ["note"]
    assert [finding.severity for finding in findings_of("null", shown)] == ["note"]
