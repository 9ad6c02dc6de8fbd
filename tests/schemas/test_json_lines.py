import pytest

from docdouble.schemas import PageError
from docdouble.schemas.json_lines import MAX_DEPTH, parse_json
from docdouble.schemas.json_pointer import escape_token

TEXT = """{
  "Id": 1, "Name":
    "two, {not} \\"lines\\"",
  "a/b~": [
    true,
    {"x": null}, []
  ],
  "Inner"
    : {
    "Id": -2.5e3
  }
}"""


def test_each_node_stands_on_its_line() -> None:
    value, lines = parse_json(TEXT, "a.md", 100)
    assert value == {
        "Id": 1,
        "Name": 'two, {not} "lines"',
        "a/b~": [True, {"x": None}, []],
        "Inner": {"Id": -2500.0},
    }
    assert lines == {
        "": 100,
        "/Id": 101,
        "/Name": 101,
        "/a~1b~0": 103,
        "/a~1b~0/0": 104,
        "/a~1b~0/1": 105,
        "/a~1b~0/1/x": 105,
        "/a~1b~0/2": 105,
        "/Inner": 107,
        "/Inner/Id": 109,
    }


def test_the_last_of_two_equal_names_counts() -> None:
    assert parse_json('{"a": [1],\n"a": [2]}', "a.md", 1) == ({"a": [2]}, {"": 1, "/a": 2, "/a/0": 2})


@pytest.mark.parametrize(("name", "token"), [("plain", "plain"), ("a/b", "a~1b"), ("~1", "~01"), ("", "")])
def test_names_become_json_pointer_tokens(name: str, token: str) -> None:
    assert escape_token(name) == token


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{\n  "a": 1,\n  "b": }', 9),
        ('{"a": ', 7),
        ("[1,\n NaN]", 8),
        ("[1,\n\n 1e999]", 9),
        ("1" * 5000, 7),
        ('"\\ud800"', 7),
        ("[" * 3000, 7),
    ],
    ids=["no value", "end", "NaN", "infinity", "digits", "surrogate", "hopeless depth"],
)
def test_a_sample_that_is_no_json_is_named_with_its_line(text: str, line: int) -> None:
    with pytest.raises(PageError) as caught:
        parse_json(text, "a.md", 7)
    assert str(caught.value).startswith(f"a.md:{line}: sample is no JSON: ")


def test_a_sample_nested_too_deep_is_named_with_its_line() -> None:
    with pytest.raises(PageError) as caught:
        parse_json("[\n" * 101 + "]\n" * 101, "a.md", 7)
    assert str(caught.value) == f"a.md:107: a sample nested more than {MAX_DEPTH} deep"


def test_the_deepest_sample_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert len(parse_json(text, "a.md", 1)[1]) == MAX_DEPTH


def test_text_full_of_open_quotes_is_refused_at_once() -> None:
    with pytest.raises(PageError):
        parse_json('"' + '\\"' * 500_000, "a.md", 1)
