import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import Contract, Evidence, Grade, Schema, Validator
from docdouble.schemas.contract.model import reference, with_evidence
from docdouble.schemas.dialects.superoffice import SUPEROFFICE
from docdouble.schemas.json_lines import parse_json
from docdouble.schemas.jsonschema.text_kinds import KINDS, counted_together, text_kind
from docdouble.schemas.openapi.convert import bare_schema
from docdouble.schemas.pages.blocks import TableRow
from docdouble.schemas.pages.documents import parse_page
from docdouble.schemas.pages.infer_schemas import Sample, combine, combine_all, shows_nothing, with_null_of
from docdouble.schemas.pages.link import link
from docdouble.schemas.pages.merge import merge
from docdouble.schemas.pages.page_reader import Reading, read_operation_page


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("2024-06-01", "date-time"),
        ("2024-06-01T12:00:00", "date-time"),
        ("2024-06-01 12:00:00.25+0100", "date-time"),
        ("2024-06-01T12:00Z", "date-time"),
        ("b4d5c6f7-0000-4000-8000-0123456789aB", "uuid"),
        ("ursula@library.example", "email"),
        ("ursula.m@north.library.example", "email"),
        ("https://library.example/loans?open=1#top", "url"),
        ("0:45:00", "span"),
        ("120:00:00.5", "span"),
        ("555-0142", "phone"),
        ("+44 (0)20 7946-0000", "phone"),
        ("020.7946.0000 x12", "phone"),
        ("123456", "phone"),
        ("12345", "number"),
        ("-0,5", "number"),
        ("1,000.50", "number"),
        ("[I:10]", "marker"),
        ("[D:]", "marker"),
        ("System.String", "type-name"),
        ("Library.Loans.Item1", "type-name"),
        ("Ursula", "word"),
        ("loan.txt", "word"),
        ("ursula@library", "word"),
        ("two@at@signs.example", "word"),
        ("12:30", "word"),
        ("[i:10]", "word"),
        ("https://library.example/my loans", "words"),
        ("the long way round", "words"),
        ("Ursula ", "words"),
        ("Ursula\n", "words"),
        ("first\nsecond", "words"),
        (" ", "words"),
    ],
)
def test_a_text_is_of_a_kind(text: str, kind: str) -> None:
    assert text_kind(text) == kind


@given(st.text())
def test_any_text_without_white_space_is_not_words_and_any_other_is_no_word(text: str) -> None:
    is_spaced = any(character.isspace() for character in text)
    assert text_kind(text) != ("word" if is_spaced else "words")


@given(st.emails() | st.uuids().map(str) | st.datetimes().map(str) | st.integers().map(str))
def test_what_looks_like_something_is_more_than_a_word(text: str) -> None:
    assert text_kind(text) in {"email", "uuid", "date-time", "phone", "number"}


@pytest.mark.parametrize("text", ["a@" + "." * 50_000 + " ", "1" * 50_000 + "!", "1." * 25_000 + "!", "A." * 25_000])
def test_a_long_text_takes_no_long_time(text: str) -> None:
    assert text_kind(text) in {"word", "words"}


texts = st.sampled_from(["", "North", "two words", "555-0142", "2024-06-01T12:00:00"])


def inferred(value: Any) -> Schema:
    return Sample(*parse_json(json.dumps(value), "lend.md", 1), "lend.md", SUPEROFFICE).infer(value)


@given(st.lists(texts, min_size=1))
def test_each_sample_counts_once(values: list[str]) -> None:
    counts = combine_all([inferred(value) for value in values])[KINDS]
    assert counts == {kind: [text_kind(value) for value in values].count(kind) for kind in map(text_kind, values)}


@given(st.lists(texts), st.lists(texts))
def test_the_order_of_schemas_makes_no_difference(first: list[str], second: list[str]) -> None:
    left, right = (combine_all([inferred(value) for value in values]) for values in (first, second))
    together = counted_together(left, right)
    assert together == counted_together(right, left)
    assert sum(together.get(KINDS, {}).values()) == len(first) + len(second)


@pytest.mark.parametrize("value", [None, True, 1, 0.5, [], {}])
def test_only_texts_have_kinds(value: Any) -> None:
    assert KINDS not in inferred(value)


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        (["North", None, "two words"], {"word": 1, "words": 1}),
        ([None, "North"], {"word": 1}),
        (["North", 1], {"word": 1}),
        ([1, "North", "South"], {"word": 2}),
    ],
)
def test_kinds_stay_beside_null_and_other_types(values: list[Any], kinds: dict[str, int]) -> None:
    assert combine_all([inferred(value) for value in values])[KINDS] == kinds


def property_of(word: str, *values: Any) -> Schema:
    records = [{"A": value} for value in values]
    sample = Sample(*parse_json(json.dumps(records), "lend.md", 1), "lend.md", SUPEROFFICE)
    return merge((TableRow(("A", word, ""), 1),), sample, "", "lend.md", SUPEROFFICE).schema["properties"]["A"]


@pytest.mark.parametrize("word", ["string", "String", "date-time", "Enum: North, South", "means nothing"])
def test_a_table_that_says_text_keeps_what_samples_show(word: str) -> None:
    assert property_of(word, "North", "", None, "South")[KINDS] == {"empty": 1, "word": 2}


@pytest.mark.parametrize("word", ["int32", "bool", "array", "object"])
def test_a_table_that_says_no_text_has_no_kinds(word: str) -> None:
    assert KINDS not in property_of(word, "North")


def test_the_values_of_a_dictionary_and_the_items_of_an_array_have_kinds() -> None:
    assert property_of("object", {"fieldName": "North"})["additionalProperties"][KINDS] == {"word": 1}
    assert property_of("array", ["North", "two words"])["items"][KINDS] == {"word": 1, "words": 1}


def reading(name: str, title: str) -> Reading:
    text = f"""\
# {name}

```http
GET /{name}
```

## Response body: Book
| Property Name | Type | Description |
|---|---|---|
| Id | int32 | |
| Title | string | |

```http_
HTTP/1.1 200 OK

{{"Id": 1, "Title": {title}}}
```
"""
    return read_operation_page(parse_page(text, f"{name}.md"), SUPEROFFICE)


def test_the_pages_of_a_type_count_together() -> None:
    pages = [reading("a", '"North"'), reading("b", "null"), reading("c", '"two words"'), reading("d", '"South"')]
    title = link(pages, SUPEROFFICE)[0].schemas["Book"]["properties"]["Title"]
    assert title["type"] == ["string", "null"]
    assert title[KINDS] == {"word": 2, "words": 1}


def test_what_is_stated_elsewhere_keeps_what_samples_show() -> None:
    stated = with_evidence({"type": "string"}, Evidence(Grade.STATED, "book.md", 1))
    for combined in (combine(stated, inferred("North")), combine(inferred("North"), stated)):
        assert combined[KINDS] == {"word": 1}


def test_kinds_say_nothing_of_a_value() -> None:
    assert shows_nothing({KINDS: {"word": 1}})
    assert with_null_of(reference("Book"), {KINDS: {"word": 1}}) == reference("Book")


@given(st.none() | st.booleans() | st.integers() | st.text())
def test_kinds_change_no_verdict(value: Any) -> None:
    schema: Schema = {"type": "string", "maxLength": 3}
    books = Contract("books", "1", (), {"Book": {"properties": {"Title": {**schema, KINDS: {"uuid": 9}}}}})
    bare = Contract("books", "1", (), {"Book": {"properties": {"Title": schema}}})
    record = {"Title": value}
    verdicts = [Validator(reference("Book"), contract).violations(record) for contract in (books, bare)]
    assert verdicts[0] == verdicts[1]


def test_kinds_are_facts_and_stay_without_prose() -> None:
    assert bare_schema({KINDS: {"title": 1, "word": 2}, "title": "Book"}) == {KINDS: {"title": 1, "word": 2}}
