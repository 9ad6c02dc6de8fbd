"""The explanation of a field's data is what the sampler does."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.fakeserver.sampler.explain_samples import ExplainedField, explain_samples
from docdouble.schemas import Contract
from docdouble.schemas.jsonschema.text_kinds import KINDS

Schema = dict[str, Any]
TEXT, INTEGER, NUMBER, FLAG = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))
SEEN: Schema = {KINDS: {"word": 1}}
NOTHING = "nothing is known of it"


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def record(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties}


def several(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def explained(schema: Schema, samples: dict[str, Any] | None = None, **named: Schema) -> dict[str, ExplainedField]:
    """Return the explanation of each leaf, by pointer."""
    sampler = Sampler(Contract("library", "1", (), named), Sampling(samples=samples or {}))
    leaves = list(explain_samples(sampler, schema))
    by_pointer = {leaf.pointer: leaf for leaf in leaves}
    assert len(by_pointer) == len(leaves)
    return by_pointer


@pytest.mark.parametrize(
    ("name", "schema", "kind", "source", "why"),
    [
        ("Title", TEXT, "string", "title", "the name 'title'"),
        ("Zqx", TEXT, "string", "word", NOTHING),
        ("Zqx", {**TEXT, "format": "uuid"}, "string", "uuid4", "the format uuid"),
        ("Zqx", {**TEXT, "examples": ["Novel"]}, "string", "example", "the documentation shows it"),
        ("Zqx", {**TEXT, **SEEN, "examples": ["Novel"]}, "string", "examples", "the samples show these"),
        ("Zqx", {**TEXT, **SEEN, "examples": ["ab"], "maxLength": 3}, "string", "examples", "length and pattern"),
        ("Title", {**TEXT, "maxLength": 5}, "string", "title", "made to fit its length and pattern"),
        ("DueDate", {**TEXT, "format": "date"}, "string", "moment", "the format date; the name tells what: end"),
        ("Zqx", {**TEXT, "format": "date-time"}, "string", "moment", "the format date-time"),
        ("Cover", {**TEXT, "format": "byte"}, "string", "octets", "the format byte"),
        ("Percent", INTEGER, "integer", "0 to 100", "the name 'percent'"),
        ("Zqx", {**INTEGER, "minimum": 5}, "integer", "small numbers", "the documented minimum"),
        ("Percent", {**INTEGER, "minimum": 500}, "integer", "small numbers", "the documented minimum"),
        ("Zqx", NUMBER, "number", "small numbers", NOTHING),
        ("IsDeleted", FLAG, "boolean", "true in 6 of 100", "the name 'is deleted'"),
        ("Zqx", FLAG, "boolean", "true in 50 of 100", NOTHING),
        ("Zqx", {"enum": ["A", "B"]}, "string", "documented values", "the documentation lists them"),
        ("Zqx", {"const": 7}, "integer", "documented values", "the documentation lists them"),
        ("Zqx", {}, "null", "null", NOTHING),
        ("Zqx", {"type": "array"}, "array", "empty", "nothing is known of its items"),
        ("Zqx", {"type": "object"}, "object", "empty", "no property of it is known"),
        ("Zqx", {"anyOf": [ref("Ghost"), {"type": "null"}]}, "null", "null", "nothing is known of its type"),
        ("Title", {"anyOf": [TEXT, {"type": "null"}]}, "string", "title", "the name 'title'"),
    ],
)
def test_a_field_is_explained_with_its_rule(name: str, schema: Schema, kind: str, source: str, why: str) -> None:
    field = explained(record(**{name: schema}), Ghost={"type": "object"})[f"/{name}"]
    assert (field.kind, field.source) == (kind, source)
    assert why in field.why


def test_of_several_branches_the_one_that_is_drawn_is_reported() -> None:
    field = explained(record(Title={"oneOf": [{**INTEGER, "minimum": 5}, TEXT]}))["/Title"]
    kinds = {int: "integer", str: "string"}
    assert field.kind == kinds[type(field.example)]


def test_whose_data_it_is_is_explained_for_people_and_companies_only() -> None:
    fields = explained(record(CustomerEmail=TEXT, RejectReason=TEXT))
    assert (fields["/CustomerEmail"].source, fields["/CustomerEmail"].of) == ("person e-mail", "customer")
    assert (fields["/RejectReason"].source, fields["/RejectReason"].of) == ("text", "")


def test_the_users_rule_is_reported_by_its_pattern() -> None:
    fields = explained(ref("Book"), {"Book.Title": ["Emma"], "*": "numerify:#"}, Book=record(Title=TEXT, Pages=INTEGER))
    assert (fields["/Title"].source, fields["/Title"].why, fields["/Title"].example) == (
        "values",
        'samples."Book.Title"',
        "Emma",
    )
    assert (fields["/Pages"].source, fields["/Pages"].why) == ("numerify:#", 'samples."*"')


def test_a_users_rule_that_has_nothing_that_fits_is_not_reported() -> None:
    assert explained(record(Percent=INTEGER), {"Percent": ["many"]})["/Percent"].source == "0 to 100"


LOAN = {
    "Loan": record(LoanId=INTEGER, BookId=INTEGER, BookTitle=TEXT, Reader=ref("Reader"), Fees=several(NUMBER)),
    "Book": record(BookId=INTEGER, Title=TEXT),
    "Reader": record(ReaderId=INTEGER, FullName=TEXT, Friend=ref("Reader"), Home=ref("Home")),
    "Home": record(Street=TEXT),
}


def test_references_and_what_they_show_are_explained() -> None:
    fields = explained(ref("Loan"), **LOAN)
    assert (fields["/LoanId"].source, fields["/LoanId"].why) == ("id", "its own id")
    assert (fields["/BookId"].source, fields["/BookId"].of) == ("id", "book")
    assert (fields["/BookTitle"].source, fields["/BookTitle"].of) == ("title", "book")
    assert fields["/BookTitle"].why == "tells the title of the book; the name 'title'"
    assert fields["/Fees/[]"].kind == "number"


def test_named_types_are_followed_twice_and_none_inside_itself() -> None:
    assert list(explained(ref("Loan"), **LOAN)) == [
        "/LoanId",
        "/BookId",
        "/BookTitle",
        "/Reader/ReaderId",
        "/Reader/FullName",
        "/Fees/[]",
    ]
    assert list(explained(ref("Reader"), **LOAN)) == ["/ReaderId", "/FullName", "/Home/Street"]


def test_what_is_worked_out_is_explained_with_what_it_agrees_with() -> None:
    line = record(Quantity=INTEGER, UnitListPrice=NUMBER, SubTotal=NUMBER, ActiveLinks=INTEGER, Links=several(TEXT))
    fields = explained(line)
    assert fields["/SubTotal"].why == "agrees with Quantity and UnitListPrice"
    assert (fields["/ActiveLinks"].source, fields["/ActiveLinks"].why) == ("worked out", "agrees with Links")
    assert explained(line, {"SubTotal": [1]})["/SubTotal"].source == "values"


def test_items_keys_and_places_have_pointers_and_examples() -> None:
    schema = record(
        Rows={"type": "array", "items": record(**{"a/b": TEXT})},
        Fields={"type": "object", "additionalProperties": INTEGER},
        Pair={"type": "array", "prefixItems": [TEXT, INTEGER], "items": False},
    )
    fields = explained(schema)
    assert {pointer: type(field.example) for pointer, field in fields.items()} == {
        "/Rows/[]/a~1b": str,
        "/Fields/{}": int,
        "/Pair/0": str,
        "/Pair/1": int,
    }


FIELDS = st.sampled_from([TEXT, INTEGER, FLAG, {"enum": ["A", 1]}, {"anyOf": [TEXT, {"type": "null"}]}, {}])
PARTS = st.recursive(
    FIELDS,
    lambda inner: (
        st.builds(several, inner)
        | st.dictionaries(st.sampled_from(["Title", "Count", "Rows"]), inner, min_size=1).map(
            lambda properties: record(**properties)
        )
        | st.builds(lambda values: {"type": "object", "additionalProperties": values}, inner)
    ),
    max_leaves=6,
)


def leaves(value: Any, schema: Schema, pointer: str = "") -> Iterator[str]:
    """Yield the pointers of a value's leaves."""
    if isinstance(value, list) and value:
        for element in value:
            yield from leaves(element, schema.get("items", {}), f"{pointer}/[]")
    elif isinstance(value, dict) and value:
        for name, member in value.items():
            properties = schema.get("properties", {})
            below = properties.get(name) or schema.get("additionalProperties", {})
            yield from leaves(member, below, f"{pointer}/{name if name in properties else '{}'}")
    elif value not in ([], {}):
        yield pointer


@given(parts=st.dictionaries(st.sampled_from(["BookId", "Title", "Rows", "Total"]), PARTS))
def test_every_leaf_of_an_answer_is_explained(parts: dict[str, Schema]) -> None:
    schema = record(**parts)
    sampler = Sampler(Contract("library", "1", (), {}), Sampling(samples={"Title": ["Emma"]}))
    assert set(leaves(sampler.sample(schema, 1), schema)) <= {
        field.pointer for field in explain_samples(sampler, schema)
    }


def test_every_example_is_one_that_the_sampler_draws(superoffice: Contract) -> None:
    sampler = Sampler(superoffice)
    response = superoffice.operations[0].response(200)
    assert response is not None
    schema = response.media_types[0].schema
    assert schema is not None
    values = [sampler.sample(schema, key) for key in range(12)]
    for field in explain_samples(sampler, schema):
        name, *rest = field.pointer.split("/")[1:]
        if not rest and field.example is not None:
            assert field.example in [value[name] for value in values]
