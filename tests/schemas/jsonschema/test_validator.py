from typing import Any

import pytest

from docdouble.schemas import Contract, ContractError, Evidence, Grade, Schema, Validator, Violation
from docdouble.schemas.contract.model import reference, with_evidence
from docdouble.schemas.jsonschema.explain_violations import MAX_ALIKE
from docdouble.schemas.jsonschema.validator import documented_spelling

STATED = Evidence(Grade.STATED, "lend.md", 12)
SAMPLED = Evidence(Grade.SAMPLED, "lend.md", 40)
CONVENTION = Evidence(Grade.ASSUMED, "lend.md", 40)
BOOK: Schema = with_evidence(
    {
        "type": "object",
        "properties": {
            "BookId": with_evidence({"type": "integer", "format": "int32"}, STATED),
            "Pages": with_evidence({"type": "integer", "format": "int32"}, SAMPLED, format=CONVENTION),
            "Due": with_evidence({"type": "string", "format": "date-time"}, STATED),
            "Isbn": {"type": "string"},
            "Author": {"anyOf": [reference("Author"), {"type": "null"}]},
            "a/b~c": {"type": "array", "items": {"type": "boolean"}},
        },
    },
    Evidence(Grade.STATED, "lend.md", 5),
)
AUTHOR: Schema = {"type": "object", "properties": {"Name": with_evidence({"type": "string"}, SAMPLED)}}
CONTRACT = Contract("library", "1", (), {"Book": BOOK, "Author": AUTHOR, "Anything": {}})
BOOKS = Validator({"type": "array", "items": reference("Book")}, CONTRACT)


def violations(schema: Schema, value: Any) -> tuple[Violation, ...]:
    return Validator(schema, CONTRACT).violations(value)


def test_a_value_as_documented_breaks_nothing() -> None:
    book = {"BookId": 1, "Due": "2024-06-01T12:00:00Z", "Author": {"Name": "Ursula"}, "Unknown": [1]}
    assert BOOKS.violations([book, {"Author": None}]) == ()
    assert BOOKS.is_valid([book])
    assert BOOKS.accepts([book])


def test_a_violation_names_its_place_what_was_promised_where_and_what_came() -> None:
    assert BOOKS.violations([{"BookId": "1"}]) == (
        Violation("/0/BookId", "type", "integer (int32)", '"1"', Grade.STATED, STATED),
    )
    assert BOOKS.violations([{"BookId": "1"}])[0].message == 'expected integer (int32), got "1"'
    assert not BOOKS.accepts([{"BookId": "1"}])


def test_the_evidence_is_that_of_the_nearest_schema_around() -> None:
    book = Evidence(Grade.STATED, "lend.md", 5)
    assert BOOKS.violations([{"Isbn": 5, "a/b~c": [True, 0]}]) == (
        Violation("/0/Isbn", "type", "string", "5", Grade.STATED, book),
        Violation("/0/a~1b~0c/1", "type", "boolean", "0", Grade.STATED, book),
    )


def test_evidence_is_found_through_references_and_alternatives() -> None:
    assert BOOKS.violations([{"Author": {"Name": 5}}]) == (
        Violation("/0/Author/Name", "type", "string", "5", Grade.SAMPLED, SAMPLED),
    )


def test_a_reference_with_keywords_beside_it_keeps_both() -> None:
    schema: Schema = {**reference("Author"), "properties": {"Age": {"type": "integer"}}, "required": ["Age"]}
    assert violations(schema, {"Name": 5}) == (
        Violation("/Name", "type", "string", "5", Grade.SAMPLED, SAMPLED),
        Violation("", "required", "the properties Age", 'only ["Name"]', Grade.STATED, None, ("Age",)),
    )


def test_an_alternative_to_null_is_explained_as_if_alone() -> None:
    schema: Schema = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert violations(schema, 5) == (Violation("", "type", "string", "5", Grade.STATED, None),)


@pytest.mark.parametrize("word", ["anyOf", "oneOf"])
def test_several_alternatives_are_reported_as_one(word: str) -> None:
    schema: Schema = {word: [False, {"type": "string"}, {"type": "boolean"}]}
    (violation,) = violations(schema, 5)
    assert (violation.pointer, violation.rule, violation.got) == ("", word, "5")


@pytest.mark.parametrize(
    ("value", "rule", "expected", "grade"),
    [
        ({"Pages": 2**31}, "maximum", "int32", Grade.ASSUMED),
        ({"BookId": -(2**31) - 1}, "minimum", "int32", Grade.STATED),
        ({"Due": "2024-06-01T12:00:00"}, "format", "the format date-time", Grade.ASSUMED),
        ({"Due": "tomorrow"}, "format", "the format date-time", Grade.STATED),
        ({"BookId": None}, "type", "integer (int32)", Grade.ASSUMED),
    ],
)
def test_the_grade_is_that_of_the_promise_that_is_broken(value: Any, rule: str, expected: str, grade: Grade) -> None:
    (violation,) = BOOKS.violations([value])
    assert (violation.rule, violation.expected, violation.grade) == (rule, expected, grade)
    assert violation.counts is (grade is not Grade.ASSUMED)
    assert BOOKS.accepts([value]) is not violation.counts


def test_null_in_place_of_the_whole_body_counts() -> None:
    (violation,) = violations(reference("Book"), None)
    assert (violation.pointer, violation.rule, violation.got, violation.counts) == ("", "type", "null", True)


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": ["string", "null"]}, 5, "expected string or null, got 5"),
        ({"type": "string"}, {"a": 1}, 'expected string, got {"a": 1}'),
        ({"enum": ["A", "B"]}, "C", 'expected one of ["A", "B"], got "C"'),
        ({"type": "integer", "format": "int32", "minimum": 1}, 0, "expected minimum 1, got 0"),
        ({"format": "int64"}, 2**63, f"expected int64, got {2**63}"),
        ({"maxLength": 3}, "é" * 99, f'expected maxLength 3, got "{"é" * 76}...'),
        ({"required": ["a", "b"]}, {"b": 1}, 'expected the properties a, b, got only ["b"]'),
        ({"properties": {"a": False}}, {"a": 1}, "expected nothing, got 1"),
        ({"format": "uuid"}, "x", 'expected the format uuid, got "x"'),
        ({"pattern": r"^\p{Lu}"}, "a", r'expected pattern "^\\p{Lu}", got "a"'),
        ({"multipleOf": 3}, 1e300, "expected multipleOf 3, got 1e+300"),
    ],
)
def test_a_message_says_what_was_expected_and_what_came(schema: Schema, value: Any, message: str) -> None:
    assert [violation.message for violation in violations(schema, value)] == [message]


def test_the_rule_of_a_value_that_may_not_be_has_a_name() -> None:
    (violation,) = violations({"properties": {"a": False}}, {"a": 1})
    assert violation.rule == "false"


def test_fractions_are_compared_as_written() -> None:
    schema: Schema = {"properties": {"Fine": {"multipleOf": 0.1}, "Desk": {"type": "string"}}}
    assert [violation.pointer for violation in violations(schema, {"Fine": 72.3, "Desk": 1})] == ["/Desk"]


@pytest.mark.parametrize("name", ["double", "password", "binary", "boat-plate"])
def test_other_formats_are_not_checked(name: str) -> None:
    assert violations({"type": "string", "format": name}, "any words") == ()


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("email", "di@quay.example", "Di <di@quay.example>"),
        ("idn-email", "dí@quay.example", "dí"),
        ("hostname", "quay.example", "-quay-"),
        ("idn-hostname", "käi.example", "käi..example"),
        ("ipv4", "192.0.2.1", "192.0.2.256"),
        ("ipv6", "2001:db8::1", "zz::1"),
        ("uri", "https://quay.example/a?b=c", "/a"),
        ("uri-reference", "/a", "/a b"),
        ("uri-template", "/a/{b}", "/a/{b"),
        ("iri", "https://käi.example/", "/a"),
        ("iri-reference", "/ä", "/ä b"),
        ("time", "23:59:59Z", "25:00:00Z"),
        ("duration", "P1DT12H", "P1Y2W"),
        ("json-pointer", "/a~1b", "a"),
        ("relative-json-pointer", "1/a", "/a"),
        ("regex", "^a+$", "a("),
        ("byte", "aGk=", "%%%"),
        ("base64url", "-_8", "+/8"),
        ("decimal", "-12.50", "12,50"),
    ],
)
def test_a_text_has_its_format_or_breaks_a_promise(name: str, right: str, wrong: str) -> None:
    assert violations({"format": name}, right) == ()
    (broken,) = violations({"format": name}, wrong)
    assert (broken.rule, broken.counts) == ("format", True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("time", "10:00:00"),
        ("time", "10:00"),
        ("date", "2024-02-29T00:00:00"),
        ("uuid", "urn:uuid:00112233-4455-6677-8899-aabbccddeeff"),
        ("byte", "-_8"),
        ("byte", "aGk=\n"),
        ("email", "di@käi.example"),
        ("email", "'@7.m91d\u0661zn.co"),
        ("hostname", "käi.example"),
        ("uri", "https://käi.example/ü"),
        ("uri-reference", "/ü"),
    ],
)
def test_a_text_that_is_slightly_off_its_format_is_drift(name: str, text: str) -> None:
    (drift,) = violations({"format": name}, text)
    assert (drift.rule, drift.counts) == ("format", False)


@pytest.mark.parametrize("word", ["example", "default"])
def test_a_documented_example_that_is_off_its_format_is_drift(word: str) -> None:
    schema = {"format": "uri", word: "shelf/7", "examples": ["shelf/8"]}
    assert [violation.counts for text in ("shelf/7", "shelf/8") for violation in violations(schema, text)] == [
        False,
        False,
    ]
    (broken,) = violations(schema, "shelf/9")
    assert broken.counts


def test_a_number_fits_the_size_of_its_format() -> None:
    assert violations({"format": "float"}, 3.4e38) == ()
    (large,) = violations({"format": "float"}, 3.5e38)
    assert (large.rule, large.expected) == ("maximum", "float")


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ({"patternProperties": {"^\\p{Lu}$": False}}, {"ä": 1}, {"Ä": 1}),
        ({"patternProperties": {"^\\d$": False}}, {"٣": 1}, {"3": 1}),
        ({"patternProperties": {"^\\w$": True}, "additionalProperties": False}, {"w": 1}, {"ä": 1}),
        ({"patternProperties": {"^\\w$": True}, "unevaluatedProperties": False}, {"w": 1}, {"ä": 1}),
        ({"prefixItems": [True], "unevaluatedItems": {"type": "string"}}, [1, "a"], [1, 2]),
    ],
)
def test_patterns_of_names_are_those_of_ecma_262(schema: Schema, right: Any, wrong: Any) -> None:
    assert violations(schema, right) == ()
    assert len(violations(schema, wrong)) == 1


def test_a_property_may_be_called_like_a_keyword() -> None:
    schema: Schema = {"properties": {"format": {"type": "integer", "format": "int32"}, "enum": {"format": "int32"}}}
    assert [violation.pointer for violation in violations(schema, {"format": 2**31, "enum": 2**31})] == [
        "/format",
        "/enum",
    ]


def test_the_list_of_violations_has_an_end() -> None:
    assert len(BOOKS.violations([{"BookId": "1"}] * (MAX_ALIKE + 50))) == MAX_ALIKE


@pytest.mark.parametrize(
    ("many", "other"),
    [
        ({"Due": "2024-06-01T12:00:00", "Pages": "many"}, {"Due": 7}),
        ({"Due": "2024-06-01T12:00:00"}, {"Due": "soon"}),
        ({"BookId": None}, {"BookId": "1"}),
    ],
)
def test_many_violations_hide_no_other(many: Any, other: Any) -> None:
    reported = BOOKS.violations([many] * 500 + [other])
    assert [violation.pointer for violation in reported if violation.pointer.startswith("/500/")] == [
        f"/500/{next(iter(other))}"
    ]


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (
            {"properties": {"a": {"type": "text"}}},
            "schema#/properties/a/type: a schema that can't be used: "
            "\"text\" is not valid under any of the schemas listed in the 'anyOf' keyword",
        ),
        ({"pattern": "("}, 'schema#/pattern: a schema that can\'t be used: "(" is not a "regex"'),
        (
            {"$ref": "#/elsewhere"},
            "schema#: a schema that can't be used: Pointer '/elsewhere' does not exist",
        ),
    ],
)
def test_a_schema_that_is_none_is_an_error(schema: Schema, message: str) -> None:
    with pytest.raises(ContractError) as caught:
        Validator(schema, CONTRACT).is_valid(1)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("keyword", "reason"),
    [
        ("$ref", "ValueError: https://library.example/book.json is outside the contract"),
        ("$dynamicRef", "Retrieving external resources is not supported once the registry is populated"),
    ],
)
def test_a_schema_never_reaches_out_of_its_contract(keyword: str, reason: str) -> None:
    with pytest.raises(ContractError) as caught:
        Validator({keyword: "https://library.example/book.json"}, CONTRACT).is_valid(1)
    assert str(caught.value) == (
        "schema#: a schema that can't be used: Resource 'https://library.example/book.json' "
        f"is not present in a registry and retrieving it failed: {reason}"
    )


LIBRARY: Schema = {
    "type": "object",
    "properties": {
        "BookId": {"type": "integer"},
        "Author": {"anyOf": [reference("Author"), {"type": "null"}]},
        "Copies": {"type": "array", "items": reference("Author")},
        "Rights": {"type": "object", "additionalProperties": reference("Author")},
        "Closed": True,
    },
}


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ({"bookid": 1, "AUTHOR": {"name": "U"}}, {"BookId": 1, "Author": {"Name": "U"}}),
        ({"copies": [{"NAME": 1}, None, 5]}, {"Copies": [{"Name": 1}, None, 5]}),
        ({"rights": {"north": {"name": 1}}}, {"Rights": {"north": {"Name": 1}}}),
        ({"other": {"name": 1}, "closed": {"name": 1}}, {"other": {"name": 1}, "Closed": {"name": 1}}),
        ({"a": 1, "A": 2}, {"a": 1, "A": 2}),
        ([{"bookid": 1}], [{"bookid": 1}]),
        (5, 5),
        (None, None),
    ],
)
def test_names_are_spelled_as_documented(value: Any, spelled: Any) -> None:
    assert documented_spelling(value, LIBRARY, CONTRACT) == spelled


def test_names_that_are_documented_in_two_spellings_stay_apart() -> None:
    schema: Schema = {"properties": {"id": {}, "ID": {}}}
    assert documented_spelling({"id": 1, "ID": 2}, schema, CONTRACT) == {"id": 1, "ID": 2}


def test_two_spellings_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\Aproperty 'BookId' is given twice\Z"):
        documented_spelling({"bookid": 1, "BOOKID": 2}, LIBRARY, CONTRACT)


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize(
    ("alternatives", "value", "rule"),
    [
        # a text that is only slightly off the format of an alternative is drift of that one
        ([{"type": "string", "format": "date-time"}, {"type": "integer"}], "2024-05-01T12:00:00", "format"),
        ([{"type": "integer"}, {"type": "string", "format": "date-time"}, {"type": "null"}], "2024-05-01", "format"),
        ([reference("Book"), {"type": "array"}], {"Due": "2024-05-01T12:00"}, "format"),
    ],
)
def test_drift_of_a_format_does_not_fail_alternatives(
    keyword: str, alternatives: list[Any], value: Any, rule: str
) -> None:
    reported = violations({keyword: alternatives}, value)
    assert [(violation.rule, violation.counts) for violation in reported] == [(rule, False)]
    assert violations({keyword: alternatives}, "never")[0].counts


@pytest.mark.parametrize(
    ("alternatives", "counts"),
    [
        ([{"type": "string", "format": "phone"}, {"type": "string", "format": "email"}], False),
        ([{"type": "string", "format": "phone"}, {"type": "string", "format": "iban"}], False),
        ([{"type": "string", "format": "email"}, {"type": "string"}], False),
        ([{"type": "string", "maxLength": 30}, {"type": "string"}], True),
        ([{"type": "string", "format": "email"}, {"type": "string"}, {"maxLength": 30}], True),
    ],
)
def test_alternatives_that_formats_alone_tell_apart_may_fit_together(alternatives: list[Any], counts: bool) -> None:
    (violation,) = violations({"oneOf": alternatives}, "a@example.com")
    assert (violation.rule, violation.counts) == ("oneOf", counts)


def test_equal_schemas_of_a_contract_are_compiled_once_and_explain_each_value_by_itself() -> None:
    contract = Contract("any", "1", ())
    first, second = (Validator({"enum": ["a", False]}, contract) for _ in range(2))
    assert first._compiled is second._compiled
    assert Validator({"enum": ["a", 0]}, contract)._compiled is not first._compiled
    values = [1, True, 1.0, None, "1"]
    assert [first.violations(value)[0].got for value in values] == [
        second.violations(value)[0].got for value in reversed(values)
    ][::-1]
    assert len({first.violations(value)[0].got for value in values}) == len(values)


def test_schemas_that_say_the_same_in_other_words_are_compiled_once() -> None:
    other = Evidence(Grade.SAMPLED, "return.md", 3)
    ours = Validator(with_evidence({"type": "integer", "title": "Pages", "default": 1}, STATED), CONTRACT)
    theirs = Validator(with_evidence({"type": "integer", "x-order": 2, "examples": [7]}, other), CONTRACT)
    assert ours._compiled.fast is theirs._compiled.fast
    assert [violation.evidence for value in (ours, theirs) for violation in value.violations("many")] == [STATED, other]


@pytest.mark.parametrize("name", ["title", "default", "x-order", "examples"])
def test_a_property_may_have_the_name_of_an_annotation(name: str) -> None:
    assert not Validator({"properties": {name: {"type": "integer"}}}, CONTRACT).is_valid({name: "many"})
