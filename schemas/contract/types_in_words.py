"""Types of schemas in words that a person reads."""

from .model import COMPONENT_PREFIX, Schema, non_null, nullable, types_of


def type_in_words(schema: Schema) -> str:
    """Return a schema's type in words: ``array of Link``, ``integer (int32) or null``."""
    meant = non_null(schema)
    name = _name(meant)
    return f"{name} or null" if nullable(schema) and name != "null" else name


def _name(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(COMPONENT_PREFIX)
    for keyword, word in (("items", "array of"), ("additionalProperties", "dictionary of")):
        if isinstance(below := schema.get(keyword), dict):
            return f"{word} {type_in_words(below)}"
    name = " or ".join(types_of(schema)) or ("null" if nullable(schema) else "anything")
    return f"{name} ({schema['format']})" if "format" in schema else name
