"""Files of dialects: read to what they say, and refused where they say something else."""

from pathlib import Path

import pytest

from docdouble.schemas import ConfigError
from docdouble.schemas.dialects.dialect_file import read_dialect
from docdouble.schemas.dialects.filter_words import PeriodFunction

TEXT = """
name = "library"
operation_fence = "call"
response_heading = 'returns (?P<type>.*)'
property_columns = ["field", "kind"]
placeholders = ["any key", '{owner}\\d']

[[parameter_tables]]
columns = ["shelf"]
location = "query"

[sampled]
number = { type = "integer" }

[list]
parameter = "shelf"

[filter.periods]
lately = { unit = "week", spans = ["previous", "this"] }

[[security_words]]
word = "card"
name = "Card"
scheme = { type = "http", scheme = "basic" }
"""


def test_a_file_is_read_to_the_dialect_that_it_describes(tmp_path: Path) -> None:
    path = tmp_path / "library.toml"
    path.write_text(TEXT, encoding="utf-8")
    library = read_dialect(path)
    heading = library.response_heading.match("Returns book")
    assert heading is not None
    assert heading["type"] == "book"
    assert (library.name, library.property_columns) == ("library", ("field", "kind"))
    assert library.parameter_tables == {("shelf",): "query"}
    assert (library.sampled_number, library.list_parameter) == ({"type": "integer"}, "shelf")
    assert library.filter_words.periods == {"lately": ("week", range(-1, 1))}
    assert [word.name for word in library.security_words] == ["Card"]
    assert library.is_placeholder("Shelf", "Shelf1")
    assert not library.is_placeholder("Shelf", "Book1")


def test_a_key_that_no_dialect_has_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "library.toml"
    path.write_text('name = "library"\noperation_fense = "call"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"operation_fense.*operation_fence"):
        read_dialect(path)


@pytest.mark.parametrize(
    ("spans", "periods"),
    [
        (("this",), range(1)),
        (("next",), range(1, 4)),
        (("previous",), range(-3, 0)),
        (("this", "next"), range(4)),
        (("previous", "this"), range(-3, 1)),
        (("previous", "this", "next"), range(-3, 4)),
    ],
)
def test_spans_next_to_each_other_are_one(spans: tuple[str, ...], periods: range) -> None:
    assert PeriodFunction("counted", spans).periods(3) == periods  # type: ignore[arg-type]
