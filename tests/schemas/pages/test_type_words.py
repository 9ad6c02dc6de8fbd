import pytest

from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.pages.type_words import TypeWord, read_type


@pytest.mark.parametrize(
    ("word", "schema"),
    [
        ("int32", {"type": "integer", "format": "int32"}),
        (" Integer ", {"type": "integer", "format": "int32"}),
        ("LONG", {"type": "integer", "format": "int64"}),
        ("int16", {"type": "integer"}),
        ("double", {"type": "number", "format": "double"}),
        ("float", {"type": "number", "format": "float"}),
        ("bool", {"type": "boolean"}),
        ("date-time", {"type": "string", "format": "date-time"}),
        ("date", {"type": "string", "format": "date"}),
        ("byte", {"type": "string", "format": "byte"}),
        ("array", {"type": "array"}),
        ("object", {"type": "object"}),
        ("Enum: A, B b,, ", {"type": "string", "enum": ["A", "B b"]}),
        ("enum:", {"type": "string"}),
    ],
)
def test_a_word_of_the_dialect_is_a_schema(word: str, schema: dict[str, object]) -> None:
    assert read_type(word, SUPEROFFICE) == TypeWord(schema)


@pytest.mark.parametrize("word", ["Book", "_Links", "Library.Book2"])
def test_any_other_name_is_a_named_type(word: str) -> None:
    assert read_type(word, SUPEROFFICE) == TypeWord({"$ref": f"#/components/schemas/{word}"}, word)


@pytest.mark.parametrize("word", ["", "???", "List<Book>", "two words", "2nd", "Bücher", "Book\n"[:-1] + "/Shelf"])
def test_what_can_be_no_component_has_no_meaning(word: str) -> None:
    assert read_type(word, SUPEROFFICE) is None


def test_the_schema_of_a_word_may_be_changed_without_harm() -> None:
    first = read_type("int32", SUPEROFFICE)
    assert first is not None
    first.schema["title"] = "changed"
    assert read_type("int32", SUPEROFFICE) == TypeWord({"type": "integer", "format": "int32"})
