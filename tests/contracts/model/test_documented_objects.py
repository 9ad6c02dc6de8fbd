"""Which objects of a body are documented, and the places that findings about them name."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.model.documented_objects import DocumentedObjects
from docdouble.schemas import Contract

TEXT = {"type": "string"}
PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "Name": {**TEXT, "format": "uuid"},
        "Boss": {"anyOf": [{"$ref": "#/components/schemas/Person"}, {"type": "null"}]},
    },
}
BODY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "Staff": {
            "type": "array",
            "items": {"type": "object", "properties": {"Who": {"$ref": "#/components/schemas/Person"}}},
        },
        "ByName": {
            "type": "object",
            "additionalProperties": {"type": "object", "properties": {"Age": {"type": "integer"}}},
        },
        "Owner": {"$ref": "#/components/schemas/Person"},
        "a/b": {"type": "integer", "format": "int32"},
    },
}
RECORDS = DocumentedObjects(BODY, Contract("", "", (), {"Person": PERSON}))


def test_objects_are_found_with_their_places() -> None:
    body = {
        "Staff": [{"Who": {"Boss": {}}}],
        "ByName": {"Ann~": {}},
        "Other": {"Name": 1},
    }
    assert [(record.pointer, record.place, record.type_name) for record in RECORDS.of(body)] == [
        ("", "", ""),
        ("/Staff/0", "/Staff/0", ""),
        ("/Staff/0/Who", "/Owner", "Person"),
        ("/Staff/0/Who/Boss", "/Owner", "Person"),
        ("/ByName/Ann~0", "/ByName/*", ""),
    ]


def test_pointers_have_places() -> None:
    assert RECORDS.place("/ByName/Ann/Age") == "/ByName/*/Age"
    assert RECORDS.place("/a~1b") == "/a~1b"
    assert RECORDS.place("/Other/thing/3") == "/*/*/*"
    assert RECORDS.place("/Staff/3/Who/Name") == "/Staff/3/Who/Name"
    assert RECORDS.shared_place("/Staff/3/Who/Name") == "/Owner/Name"
    assert RECORDS.shared_place("/Owner/Boss/Boss/Name") == "/Owner/Name"


def test_places_follow_what_a_schema_is_composed_of() -> None:
    age = {"properties": {"Age": {"type": "object", "properties": {"Years": {"type": "integer"}}}}}
    whole = {"allOf": [{"$ref": "#/components/schemas/Person"}, {"anyOf": [age, {"additionalProperties": TEXT}]}]}
    known = DocumentedObjects({"type": "array", "items": whole}, Contract("", "", (), {"Person": PERSON}))
    assert known.place("/4/Name") == "/4/Name"
    assert known.place("/4/Age/Years") == "/4/Age/Years"
    assert known.place("/4/Boss/Boss/Name") == "/4/Boss/Boss/Name"
    assert known.place("/4/Other") == "/4/*"


def test_formats_are_found_wherever_they_are() -> None:
    assert RECORDS.formats == {"uuid", "int32"}


@given(
    st.recursive(
        st.integers() | st.none(), lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=20
    )
)
def test_any_body_can_be_looked_at(body: Any) -> None:
    for record in RECORDS.of(body):
        assert RECORDS.shared_place(record.pointer) == record.place
