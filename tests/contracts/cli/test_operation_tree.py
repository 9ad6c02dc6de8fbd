"""One operation as a tree that a person reads."""

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from docdouble.contracts.cli.operation_tree import operation_tree
from docdouble.schemas import Behaviour, Body, Contract, Evidence, Grade, MediaType, Operation, Parameter, Response
from docdouble.schemas.contract.model import reference, with_evidence

INT = {"type": "integer", "format": "int32"}


def stated(line: int) -> Evidence:
    return Evidence(Grade.STATED, "lend.md", line)


def shown(operation: Operation, schemas: dict[str, Any] | None = None) -> list[str]:
    """The lines of the tree, indented by depth."""
    text = io.StringIO()
    contract = Contract("library", "1", (operation,), schemas or {})
    Console(file=text, width=200).print(operation_tree(operation, contract))
    return [line.translate(str.maketrans("│├└─", "    ")).rstrip() for line in text.getvalue().splitlines()]


LEND = Operation("lend", "POST", "/lend", evidence=stated(5))


def answer(schema: dict[str, Any], schemas: dict[str, Any] | None = None) -> list[str]:
    """The lines below the media types of an answer."""
    response = Response("200", (MediaType("application/json", schema),))
    return [line[8:] for line in shown(replace(LEND, responses=(response,)), schemas)[3:]]


def test_an_operation_of_which_nothing_is_documented_is_a_line() -> None:
    assert shown(LEND) == ["POST /lend  lend  stated lend.md:5"]
    assert shown(replace(LEND, evidence=None)) == ["POST /lend  lend"]


def test_everything_about_a_call_has_its_line() -> None:
    book = {"type": "object", "properties": {"Id": with_evidence(INT, Evidence(Grade.SAMPLED, "book.md", 30))}}
    operation = replace(
        LEND,
        summary="Lends [b]a[/b] book",
        parameters=(
            Parameter("desk", "path", INT, True, evidence=stated(8)),
            Parameter("X-Mood", "header", {"type": "string"}),
        ),
        request=Body((MediaType("application/json", reference("Book")), MediaType("text/xml")), True, "One", stated(9)),
        responses=(Response("200", (), "Lent", stated(12)), Response("404", (), "", stated(13))),
        security=(("Card",), ("Badge", "Pin")),
        security_evidence=stated(7),
        behaviours=(Behaviour("select-projection", stated(6)), Behaviour("case-insensitive-names", stated(5))),
    )
    assert shown(operation, {"Book": book}) == [
        "POST /lend  lend  stated lend.md:5",
        "    Lends [b]a[/b] book",
        "    parameters",
        "        desk  path integer (int32), required  stated lend.md:8",
        "        X-Mood  header string",
        "    security  Card or Badge and Pin  stated lend.md:7",
        "    behaviours  select-projection, case-insensitive-names",
        "    request  One  stated lend.md:9",
        "        application/json, text/xml",
        "        body  Book",
        "            Id  integer (int32)  sampled book.md:30",
        "    response 200  Lent  stated lend.md:12",
        "    response 404  stated lend.md:13",
    ]


def test_what_lies_in_arrays_dictionaries_and_nullable_types_is_shown() -> None:
    record = {"type": "object", "properties": {"Id": INT}}
    nullable = {"anyOf": [reference("Book"), {"type": "null"}]}
    listed = {"type": "array", "items": {"type": "object", "additionalProperties": nullable}}
    assert answer(listed, {"Book": record}) == [
        "body  array of dictionary of Book or null",
        "    Id  integer (int32)",
    ]


def test_a_type_that_holds_itself_is_shown_to_a_depth() -> None:
    book = {"type": "object", "properties": {"Sequel": reference("Book")}}
    assert answer(reference("Book"), {"Book": book}) == ["body  Book"] + [
        f"{' ' * 4 * depth}Sequel  Book" for depth in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": reference("Shelf")},
        {"type": "object", "additionalProperties": reference("Shelf")},
        {"anyOf": [reference("Shelf"), {"type": "null"}]},
    ],
)
def test_a_list_or_dictionary_that_holds_only_itself_is_shown(schema: dict[str, Any]) -> None:
    assert answer(reference("Shelf"), {"Shelf": schema}) == ["body  Shelf"]
