import pytest

from docdouble.schemas.dialects.superoffice import SUPEROFFICE


@pytest.mark.parametrize(
    ("owner", "key", "expected"),
    [
        ("Anything", "fieldName", True),
        ("UserDefinedFields", "SuperOffice:1", True),
        ("ExtraFields", "ExtraFields1", True),
        ("ExtraFields", "ExtraFields12", True),
        ("ExtraFields", "ExtraFields", False),
        ("ExtraFields", "ExtraFields1x", False),
        ("Extra.Fields", "ExtraxFields1", False),
        ("ExtraFields", "FieldName", False),
    ],
)
def test_a_key_that_a_sample_generator_made_up_stands_for_any_key(owner: str, key: str, expected: bool) -> None:
    assert SUPEROFFICE.is_placeholder(owner, key) is expected


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        ("Request Body: request", ""),
        ("request body:entity Book", "Book"),
        ("Request Body: changes string", "string"),
    ],
)
def test_a_request_heading_may_name_a_type_after_the_argument(heading: str, word: str) -> None:
    match = SUPEROFFICE.request_heading.match(heading)
    assert match is not None
    assert match["type"] == word


def test_a_response_heading_names_a_type() -> None:
    match = SUPEROFFICE.response_heading.match("Response Body: array")
    assert match is not None
    assert match["type"] == "array"
    assert not SUPEROFFICE.response_heading.match("Response: array")
