from docdouble.schemas import Schema
from docdouble.schemas.jsonschema.subschemas import holds_schemas, subschemas, with_subschemas

INNER: Schema = {"type": "string"}
SCHEMA: Schema = {
    "type": ["object", "array"],
    "properties": {"default": INNER, "properties": {"enum": [{"not": "a schema"}]}, "any": True},
    "items": False,
    "anyOf": [{"items": INNER}, True],
    "additionalProperties": INNER,
    "enum": [{"type": "data"}],
    "default": {"properties": {"a": INNER}},
    "examples": [INNER],
    "x-vendor": {"type": "data"},
    "schema": {"$ref": "#/unknown"},
}


def test_the_schemas_inside_a_schema_are_its_parts() -> None:
    assert list(subschemas(SCHEMA)) == [INNER, {"enum": [{"not": "a schema"}]}, {"items": INNER}, INNER]


def test_a_change_reaches_the_direct_parts_and_no_data() -> None:
    assert with_subschemas(SCHEMA, lambda part: {"was": part}) == {
        **SCHEMA,
        "properties": {"default": {"was": INNER}, "properties": {"was": {"enum": [{"not": "a schema"}]}}, "any": True},
        "anyOf": [{"was": {"items": INNER}}, True],
        "additionalProperties": {"was": INNER},
    }


def test_keywords_that_hold_schemas_are_known() -> None:
    assert [key for key in (*SCHEMA, "const", "example", "not", "$defs", "prefixItems") if holds_schemas(key)] == [
        "properties",
        "items",
        "anyOf",
        "additionalProperties",
        "not",
        "$defs",
        "prefixItems",
    ]
