"""Random cases in the documented media type."""

import json
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.cases.purpose import Purposes
from docdouble.contracts.cases.random_cases import random_cases
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.fakeserver.http.codecs import Content, codec_of
from docdouble.schemas import Body, Call, Contract, MediaType, Operation, Schema

from .library import ANSWERS, LIBRARY, SAVE, line, maker

UPLOAD: Schema = {
    "type": "object",
    "required": ["title", "cover"],
    "properties": {
        "title": {"type": "string", "minLength": 2},
        "pages": {"type": "integer", "minimum": 1},
        "tags": {"type": "array", "items": {"type": "string"}},
        "cover": {"type": "string", "format": "binary"},
        "scans": {"type": "array", "items": {"type": "string", "format": "binary"}},
    },
}
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def upload(*media_types: str, required: bool = True) -> tuple[Operation, Contract]:
    body = Body(tuple(MediaType(name, UPLOAD) for name in media_types), required)
    operation = Operation("upload", "POST", "/books", request=body, responses=ANSWERS)
    return operation, Contract("library", "1", (operation,))


def drawn(operation: Operation, contract: Contract, **budget: int) -> list[Case]:
    generated = maker(contract, **{"boundaries": 0, "max_examples": 30, **budget}).cases(operation)
    return [case for case in generated if case.origin is Origin.RANDOM]


def sent(case: Case, contract: Contract) -> Any:
    name = case.call.header("Content-Type") or ""
    content = Content(UPLOAD, contract, boundary=name.partition("boundary=")[2].strip('"'), encoding={})
    return codec_of(name).decode(case.call.body, content)


@pytest.mark.parametrize("name", [MULTIPART, FORM])
def test_forms_are_drawn_valid_and_broken(name: str) -> None:
    operation, contract = upload(name)
    generated = drawn(operation, contract)
    assert {case.purpose for case in generated} >= {Purpose.VALID, Purpose.HOSTILE}
    assert all((case.call.header("Content-Type") or "").startswith(name) for case in generated)
    assert {Purposes(contract).of(operation, case.call) for case in generated} == {case.purpose for case in generated}
    assert len({case.call.body for case in generated}) > 10


def test_files_are_those_of_a_valid_request() -> None:
    operation, contract = upload(MULTIPART)
    made = maker(contract).bases.of(operation).draft
    files = {sent(Case(operation, made.call(), Purpose.VALID, Origin.SAMPLE), contract)["cover"]}
    valid = [case for case in drawn(operation, contract) if case.purpose is Purpose.VALID]
    assert {sent(case, contract)["cover"] for case in valid} == files != {""}


def test_json_goes_before_a_form_and_what_is_neither_has_no_random_body() -> None:
    for names in ((MULTIPART, "application/json"), ("application/json", FORM)):
        generated = drawn(*upload(*names))
        assert {case.call.header("Content-Type") for case in generated} == {"application/json"}
    assert {case.call.body for case in drawn(*upload("application/xml", required=False))} <= {b""}


@pytest.mark.parametrize(
    ("body", "place", "rule", "evidence"),
    [
        ({"title": ""}, "body/title", "minLength", line(11)),
        ([], "body", "type", line(9)),
        ({"title": "x", "tags": [1]}, "body/tags/*", "type", line(18)),
    ],
)
def test_what_is_broken_is_named(body: Any, place: str, rule: str, evidence: Any) -> None:
    call = Call((("Content-Type", "application/json"),), json.dumps(body).encode(), "PUT", "/books/1")
    (case,) = random_cases(maker(LIBRARY).bases.of(SAVE), [call], Purposes(LIBRARY))
    assert case.breach
    assert (case.breach.place, case.breach.rule) == (place, rule)
    assert case.breach.evidence == evidence


@pytest.mark.parametrize(
    ("effect", "body", "count"),
    [
        (None, {"title": "x", "shelf": 4}, 0),
        (None, {"title": "x", "author": {"name": "y", "shelf": 4}}, 0),
        (None, {"title": "x", "author": {"name": "y"}}, 1),
        (None, {"title": "", "shelf": 4}, 1),
        ("read", {"title": "x", "shelf": 4}, 1),
    ],
)
def test_nothing_that_nobody_documents_is_sent_to_what_keeps_it(effect: Any, body: Any, count: int) -> None:
    save = replace(SAVE, effect=effect)
    base = maker().bases.of(save)
    call = Call((("Content-Type", "application/json"),), json.dumps(body).encode(), "PUT", "/books/7")
    assert len(list(random_cases(base, [call], Purposes(LIBRARY)))) == count


def test_what_is_no_call_of_the_operation_or_can_not_be_written_is_left_out() -> None:
    elsewhere = Call((), b"", "PUT", "/shelves/1")
    assert list(random_cases(maker(LIBRARY).bases.of(SAVE), [elsewhere], Purposes(LIBRARY))) == []
    operation, contract = upload(FORM)
    broken = Call((("Content-Type", "application/json"),), b'{"a', "POST", "/books")
    assert list(random_cases(maker(contract).bases.of(operation), [broken], Purposes(contract))) == []


@pytest.mark.parametrize("name", [MULTIPART, FORM])
@pytest.mark.parametrize("body", [b'"text"', b"12", b"[]", b"null"])
def test_what_is_no_object_is_no_form(name: str, body: bytes) -> None:
    operation, contract = upload(name)
    call = Call((("Content-Type", "application/json"),), body, "POST", "/books")
    assert list(random_cases(maker(contract).bases.of(operation), [call], Purposes(contract))) == []
