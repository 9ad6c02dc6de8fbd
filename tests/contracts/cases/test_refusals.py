"""What refusals say, as frameworks write them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from docdouble.contracts.cases.refusals import (
    asked_values,
    is_refusal,
    is_repeated,
    is_taken,
    named_fields,
    refusal_text,
)
from docdouble.contracts.generation.fields import body_fields
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.openapi.reader import from_openapi

TEXT = {"type": "string"}
PERSON = {"type": "object", "properties": {"email": TEXT, "firstName": TEXT, "name": TEXT, "age": {"type": "integer"}}}
POST = {
    "operationId": "make",
    "requestBody": {"content": {"application/json": {"schema": PERSON}}},
    "responses": {"200": {"description": ""}},
}
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/people": {"post": POST}}}
CONTRACT: Contract = from_openapi(DOCUMENT, "people.json")


def refused(body: Any, status: int = 422) -> Exchange:
    made = CONTRACT.operation("make")
    case = Case(made, Call((), b"", "POST", "/people"), Purpose.VALID, Origin.SAMPLE)
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Exchange(Subject(made, CONTRACT), case, Reply((("Content-Type", "application/json"),), content, status))


def named(body: Any) -> list[str]:
    return [field.name for field in named_fields(refused(body), body_fields(CONTRACT.operation("make"), CONTRACT))]


@pytest.mark.parametrize(
    ("path", "existing", "status", "refuses"),
    [
        ("/people", False, 422, True),
        ("/people", False, 404, True),
        ("/towns/{id}/people", True, 404, True),
        ("/towns/{id}/people", False, 404, False),
        ("/people", False, 403, False),
    ],
)
def test_a_404_is_about_the_body_where_the_path_leads_somewhere(
    path: str, existing: bool, status: int, refuses: bool
) -> None:
    made = replace(CONTRACT.operation("make"), path=path)
    case = Case(made, Call((), b"{}", "POST", path), Purpose.VALID, Origin.SAMPLE, existing=existing)
    assert is_refusal(Exchange(Subject(made, CONTRACT), case, Reply(status=status))) is refuses


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"detail": [{"loc": ["body", "email"], "msg": "not valid", "type": "value_error"}]}, ["email"]),
        ({"email": ["This field must be unique."]}, ["email"]),
        ({"type": "about:blank", "errors": {"FirstName": ["The First Name field is wrong."]}}, ["firstName"]),
        ({"invalid-params": [{"name": "age", "reason": "must be positive"}]}, ["age"]),
        ({"errors": [{"source": {"pointer": "/data/attributes/first_name"}}]}, ["firstName"]),
        ({"error": "first-name and email are missing"}, ["email", "firstName"]),
        ("the email is no good", ["email"]),
        ({"name": "ValidationError", "message": "wrong"}, []),
        ({"error": "the emails are wrong, as ages are"}, []),
    ],
)
def test_fields_that_a_refusal_names(body: Any, names: list[str]) -> None:
    assert named(body) == names


@pytest.mark.parametrize(
    ("status", "text", "taken"),
    [
        (409, "no", True),
        (400, "email already exists", True),
        (422, "must be unique", True),
        (422, "email is required", False),
        (500, "already exists", False),
        (400, 'Invalid pk "59" - object does not exist.', False),
        (422, "the owner doesn't exist", False),
        (422, "owner is not yet registered", False),
        (400, "no owner with this id exists", False),
        (400, "refers to a nonexistent owner", False),
        (400, "This name is not available.", True),
        (400, "name exists, and owner does not exist", True),
    ],
)
def test_a_value_that_is_taken(status: int, text: str, taken: bool) -> None:
    assert is_taken(refused({"error": text}, status)) is taken


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("must be one of: red, green", TEXT, "green"),
        ("Input should be one of ['red', 'green']", TEXT, "red"),
        ("at least 12 characters", TEXT, "x" * 12),
        ("must be at most 5", {"type": "integer"}, 5),
        ("must be greater than 5", {"type": "integer"}, 6),
        ("must be less than 2.5", {"type": "number"}, 1.5),
    ],
)
def test_values_that_a_refusal_asks_for(text: str, schema: Any, value: Any) -> None:
    assert value in list(asked_values(text, schema))


@pytest.mark.parametrize(
    ("value", "text", "repeated"),
    [
        (607, "no user 607", True),
        (607, "no user 6071", False),
        ("l4f9", "ownerId (l4f9) is unknown", True),
        ("ab", "ab is unknown", False),
        (7, "7 is no user", False),
        (True, "True", False),
        ("a.b", "a-b", False),
    ],
)
def test_a_refusal_repeats_a_value(value: Any, text: str, repeated: bool) -> None:
    assert is_repeated(refused({"message": text}), value) is repeated


def test_times_that_a_refusal_asks_for() -> None:
    day, moment = {**TEXT, "format": "date"}, {**TEXT, "format": "date-time"}
    assert next(asked_values("must be in the future", day)) > "2024"
    assert next(asked_values("must be in the past", moment)).endswith("Z")


def test_what_is_no_json_is_read_as_text() -> None:
    assert refusal_text(refused("plain words")) == "plain words"
