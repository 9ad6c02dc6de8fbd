from dataclasses import FrozenInstanceError

import pytest

from docdouble.schemas import (
    Behaviour,
    ConfigError,
    Contract,
    Evidence,
    Grade,
    MediaType,
    Operation,
    Response,
    Schema,
)
from docdouble.schemas.contract.model import (
    EVIDENCE,
    allow_null,
    evidence_of,
    non_null,
    nullable,
    reference,
    types_of,
    with_evidence,
)

STATED = Evidence(Grade.STATED, "lend.md", 12)
SAMPLED = Evidence(Grade.SAMPLED, "lend.md", 40)
NOTED = {EVIDENCE: STATED.as_dict(), "description": "A book"}

CONTRACT = Contract(
    "library",
    "1",
    (
        Operation("v1Book_Get", "GET", "/book/{id}", evidence=STATED),
        Operation("v1Book_Put", "PUT", "/book/{id}"),
        Operation("v1Loan_Lend", "POST", "/loan", evidence=SAMPLED),
    ),
    {"Book": {"type": "object"}, "Alias": reference("Book"), "Loop": reference("Loop")},
)


def test_evidence_is_printed_as_its_place() -> None:
    assert str(STATED) == "lend.md:12"
    assert str(Evidence(Grade.STATED, "lend.md", 0)) == "lend.md"


def test_evidence_survives_json() -> None:
    data = STATED.as_dict()
    assert data == {"grade": "stated", "page": "lend.md", "line": 12}
    assert Evidence.from_dict(data) == STATED


@pytest.mark.parametrize("data", [{}, {"grade": "sure", "page": "a", "line": 1}, {"grade": "stated", "page": "a"}])
def test_what_is_no_evidence_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Evidence.from_dict(data)


def test_a_keyword_has_its_own_evidence_or_that_of_its_schema() -> None:
    schema = with_evidence({"type": "string"}, STATED, null=SAMPLED)
    assert evidence_of(schema) == STATED
    assert evidence_of(schema, "null") == SAMPLED
    assert evidence_of(schema, "format") == STATED
    assert evidence_of({"type": "string"}, "null") is None


def test_evidence_leaves_the_given_schema_alone() -> None:
    schema: Schema = {"type": "string"}
    with_evidence(schema, STATED)
    assert schema == {"type": "string"}


def test_a_contract_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        CONTRACT.operations[0].path = "/elsewhere"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["v1Loan_Lend", "POST /loan", "/loan", "lend", "LOAN_L", "post /LOAN"])
def test_an_operation_is_found_by_id_label_path_or_part(name: str) -> None:
    assert CONTRACT.operation(name) is CONTRACT.operations[2]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("v1Loan_Lent", "operation: 'v1Loan_Lent' is not documented; did you mean 'v1Loan_Lend'?"),
        ("lnd", "operation: 'lnd' is not documented; did you mean 'Lend'?"),
        ("/book/{id}", "operation: '/book/{id}' is not unique: v1Book_Get, v1Book_Put"),
        ("book", "operation: 'book' is not unique: v1Book_Get, v1Book_Put"),
    ],
)
def test_an_operation_that_is_not_meant_clearly_is_an_error(name: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        CONTRACT.operation(name)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (reference("Alias"), {"type": "object"}),
        ({"type": "string"}, {"type": "string"}),
        (reference("Loop"), reference("Loop")),
    ],
)
def test_references_are_followed_to_their_end(schema: Schema, expected: Schema) -> None:
    assert CONTRACT.resolve(schema) == expected


def test_the_closest_response_of_a_status_counts() -> None:
    exact, family, default = Response("404"), Response("4xx"), Response("default")
    operation = Operation("a", "GET", "/", responses=(default, family, exact))
    assert [operation.response(status) for status in (404, 400, 500)] == [exact, family, default]
    assert Operation("a", "GET", "/", responses=(exact,)).response(200) is None


def test_success_is_the_first_response_with_a_2xx_status() -> None:
    created = Response("201", (MediaType("text/plain"),))
    assert Operation("a", "GET", "/", responses=(Response("400"), created, Response("200"))).success() is created
    assert Operation("a", "GET", "/", responses=(Response("400"),)).success() is None


def test_behaviours_are_known_by_name() -> None:
    operation = Operation("a", "GET", "/", behaviours=(Behaviour("select-projection", STATED),))
    assert operation.behaves("select-projection")
    assert not operation.behaves("select")


@pytest.mark.parametrize(
    ("schema", "widened"),
    [
        ({"type": "string", **NOTED}, {"type": ["string", "null"], **NOTED}),
        ({"type": ["string", "integer"]}, {"type": ["string", "integer", "null"]}),
        (
            {"type": "string", "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ({**reference("Book"), **NOTED}, {"anyOf": [reference("Book"), {"type": "null"}], **NOTED}),
        (
            {"oneOf": [reference("Book")], "example": None},
            {"anyOf": [{"oneOf": [reference("Book")]}, {"type": "null"}], "example": None},
        ),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"type": "null"}, {"type": "null"}),
        ({}, {}),
        (NOTED, NOTED),
    ],
)
def test_a_schema_is_widened_by_null_once(schema: Schema, widened: Schema) -> None:
    assert allow_null(schema) == widened
    assert allow_null(widened) == widened
    assert nullable(widened) is (widened not in ({}, NOTED))


@pytest.mark.parametrize(
    ("schema", "narrowed"),
    [
        ({"anyOf": [reference("Book"), {"type": "null"}]}, reference("Book")),
        ({"anyOf": [reference("Book")]}, {"anyOf": [reference("Book")]}),
        (
            {"anyOf": [reference("Book"), reference("Alias"), {"type": "null"}]},
            {"anyOf": [reference("Book"), reference("Alias"), {"type": "null"}]},
        ),
        ({"type": "string"}, {"type": "string"}),
    ],
)
def test_the_only_alternative_to_null_is_what_is_meant(schema: Schema, narrowed: Schema) -> None:
    assert non_null(schema) == narrowed


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, False),
        ({"type": ["string", "null"]}, True),
        ({"anyOf": [True, {"type": "string"}]}, False),
        ({"anyOf": [{"anyOf": [{"type": "null"}]}]}, True),
        (reference("Book"), False),
    ],
)
def test_null_is_allowed_by_type_or_alternative(schema: Schema, expected: bool) -> None:
    assert nullable(schema) is expected


@pytest.mark.parametrize(
    ("schema", "kinds"),
    [({}, ()), ({"type": "null"}, ()), ({"type": "string"}, ("string",)), ({"type": ["null", "object"]}, ("object",))],
)
def test_the_types_of_a_schema_leave_null_out(schema: Schema, kinds: tuple[str, ...]) -> None:
    assert types_of(schema) == kinds
