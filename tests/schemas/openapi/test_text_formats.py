"""JSON and YAML texts become the data that they mean, and every place in them has its line."""

from typing import Any

import orjson
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import PageError
from docdouble.schemas.json_pointer import pointer_of
from docdouble.schemas.openapi.text_formats import LineIndex, parse_document


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("True", True),
        ("~", None),
        ("", None),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("-7", -7),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        ("2024-01-02", "2024-01-02"),
        (".inf", ".inf"),
        ("'7'", "7"),
        ("!!str 7", "7"),
        ("18446744073709551616", 2**64),
        ("{200: a, 1.0: b, null: c}", {"200": "a", "1.0": "b", "null": "c"}),
        ("{a: &x [1], b: *x}", {"a": [1], "b": [1]}),
        ("{<<: {a: 1, b: 1}, b: 2}", {"a": 1, "b": 2}),
        ("{b: 2, <<: [{a: 1, b: 1}, {a: 3, c: 3}]}", {"a": 1, "b": 2, "c": 3}),
        ("{'<<': 1}", {"<<": 1}),
        ('{"a": 1}', {"a": 1}),
    ],
)
def test_yaml_is_read_by_the_core_schema_of_yaml_1_2(text: str, value: Any) -> None:
    assert parse_document(text, "api.yaml") == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<<: 1", "a.yaml:1: YAML that is not supported: a merge key takes a mapping or a list of mappings"),
        ("a: 1\nb: !include x.yaml", "a.yaml:2: YAML that is not supported: the tag !include"),
        ("a: &x\n  - *x", "a.yaml:1: YAML that is not supported: an alias stands inside its own anchor"),
        ("a: 1\n? [b]\n: 2", "a.yaml:2: YAML that is not supported: a name that is not a text"),
    ],
)
def test_what_yaml_cannot_mean_here_is_an_error_with_its_line(text: str, message: str) -> None:
    with pytest.raises(PageError) as caught:
        parse_document(text, "a.yaml")
    assert str(caught.value) == message


def test_aliases_expand_to_a_bounded_number_of_values() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 9)]
    with pytest.raises(PageError, match="aliases expand to more than 5000000 values"):
        parse_document("\n".join(lines), "a.yaml")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(values)
def test_what_pyyaml_writes_is_read_back(value: Any) -> None:
    # quoted, since PyYAML writes YAML 1.1, in which the text 0E0 needs no quotes
    assert parse_document(yaml.safe_dump(value, default_style='"'), "a.yaml") == value


def places(value: Any, steps: tuple[str | int, ...] = ()) -> Any:
    """The paths of all places in a value."""
    yield steps
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in members:
        yield from places(part, (*steps, key))


words = st.text("ab/~ ", max_size=4)
plain = st.recursive(
    st.none() | st.integers(0, 9) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["a", "b/c", "~"]), plain, min_size=1))
def test_json_and_the_same_text_read_as_yaml_have_the_same_lines(value: Any) -> None:
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    json_lines, yaml_lines = LineIndex(text, "a.json"), LineIndex(text, "a.yaml")
    for steps in places(value):
        pointer = pointer_of(steps)
        assert not pointer or json_lines.line(pointer) == yaml_lines.line(pointer)


MERGED = "base: &base\n  type: object\n  required: [a]\nbook:\n  <<: *base\n  title: Book\n"


@pytest.mark.parametrize(
    ("pointer", "line"),
    [("", 1), ("/book", 4), ("/book/title", 6), ("/book/type", 2), ("/book/required/0", 3), ("/book/none/a", 4)],
)
def test_a_place_has_the_line_on_which_it_stands(pointer: str, line: int) -> None:
    assert LineIndex(MERGED, "a.yaml").line(pointer) == line
