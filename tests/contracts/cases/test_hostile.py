import pytest

from docdouble.contracts.cases.draft import Draft
from docdouble.contracts.cases.hostile import broken_bodies, hostile
from docdouble.contracts.generation.fields import RequestField, Where
from docdouble.schemas import Schema
from docdouble.schemas.http import FORM

from .library import LIBRARY, SAVE

JSON, MULTIPART = "application/json", "multipart/form-data"


@pytest.mark.parametrize(
    ("schema", "media_type", "values"),
    [
        ({"type": "string"}, JSON, [12, {}, True, None]),
        ({"type": "string"}, FORM, []),
        ({"type": "string"}, MULTIPART, []),
        ({"type": "boolean"}, JSON, ["perhaps", 2, None]),
        ({"type": "boolean"}, MULTIPART, ["perhaps", 2]),
    ],
)
def test_a_part_of_a_form_is_a_text_of_any_kind(schema: Schema, media_type: str, values: list[object]) -> None:
    wrong = hostile(RequestField("body", ("a",), schema, schema), media_type)
    assert [value for _, rule, value in wrong if rule == "type"] == values


@pytest.mark.parametrize(("media_type", "count"), [(JSON, 4), (FORM, 0), (MULTIPART, 0)])
def test_a_form_can_be_nothing_else(media_type: str, count: int) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert (
        len([rule for _, rule, _ in hostile(RequestField("body", (), schema, schema), media_type) if rule == "type"])
        == count
    )


@pytest.mark.parametrize("where", ["header", "cookie", "query", "body"])
def test_no_header_field_holds_a_line_break(where: Where) -> None:
    schema = {"type": "string", "pattern": "^[a-z]+$"}
    wrong = [value for _, rule, value in hostile(RequestField(where, ("a",), schema, schema)) if rule == "pattern"]
    assert "!" in wrong
    assert any("\n" in value for value in wrong) == (where in ("query", "body"))


def test_a_day_that_no_calendar_has_is_another_rule_than_the_format() -> None:
    schema = {"type": "string", "format": "date"}
    wrong = list(hostile(RequestField("query", ("since",), schema, schema)))
    assert ("calendar", "2023-02-29") in {(rule, value) for _, rule, value in wrong}
    assert ("format", "yesterday") in {(rule, value) for _, rule, value in wrong}


@pytest.mark.parametrize(
    ("media_type", "announced"), [(JSON, JSON), (FORM, FORM), ("multipart/form-data", None), ("multipart/mixed", None)]
)
def test_a_body_that_is_left_out_announces_no_parts(media_type: str, announced: str | None) -> None:
    draft = Draft(SAVE, LIBRARY, {"path": {"id": 5}}, {"title": "Dune"}, media_type)
    calls = {about: call for about, _, call in broken_bodies(draft, is_required=True)}
    assert (calls["no body"].body, calls["no body"].header("Content-Type")) == (b"", announced)


@pytest.mark.parametrize("where", ["body", "query"])
def test_limits_of_integers_are_integers(where: Where) -> None:
    schema = {"type": "integer", "minimum": 1.0, "exclusiveMaximum": 10.0}
    wrong = hostile(RequestField(where, ("limit",), schema, schema))
    out = [(rule, value) for _, rule, value in wrong if rule in ("minimum", "maximum")]
    assert [(rule, repr(value)) for rule, value in out] == [("maximum", "10"), ("minimum", "0")]
