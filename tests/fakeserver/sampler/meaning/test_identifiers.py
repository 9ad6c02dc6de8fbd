"""Ids as texts have the shape of what is documented, and no two numbers have the same."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.sampler.meaning.identifiers import id_texts, shaped

NUMBERS = range(1, 200)


@pytest.mark.parametrize(
    ("example", "pattern"),
    [
        ("cus_9s6XKzkNRiz8i3", r"cus_[0-9A-Za-z]{14}"),
        ("BK-0042", r"BK-\d{4}"),
        ("1042", r"\d{4}"),
        ("f47ac10b-58cc-4372-a567-0e02b2c3d479", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("F47AC10B-58CC-4372-A567-0E02B2C3D479", r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"),
        ("507f1f77bcf86cd799439011", r"[0-9a-f]{24}"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", r"01AR[0-9A-HJKMNP-TV-Z]{22}"),
        ("blue-teapot", r"[a-z]+-[a-z]+(-\d+)?"),
        ("INV2024-001", r"INV2024-\d{3}"),
        ("sk_test_4eC39HqLyjWDarjtT1zdp7dc", r"sk_test_\w{24}"),
    ],
)
def test_ids_have_the_shape_of_the_example_which_is_the_first(example: str, pattern: str) -> None:
    texts = [shaped(example)(number) for number in NUMBERS]
    assert texts[0] == example
    assert len(set(texts)) == len(texts)
    assert all(re.fullmatch(pattern, text) for text in texts)


@pytest.mark.parametrize(
    ("schema", "name", "pattern"),
    [
        ({}, "id", r"[0-9a-z]{10}"),
        ({"format": "uuid"}, "id", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ({}, "external_uuid", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ({"pattern": r"^[A-Z]{2}-\d{4}$"}, "code", r"[A-Z]{2}-\d{4}"),
        ({"pattern": "^ord_[A-Za-z0-9]{8}$"}, "id", r"ord_[A-Za-z0-9]{8}"),
        ({"pattern": "^[a-zA-Z0-9_-]+$"}, "id", r"[0-9a-z]{10}"),
        ({"pattern": r"^\d+$"}, "id", r"\d{10,}"),
        ({"pattern": r"^\d+$", "maxLength": 4}, "id", r"\d{3,4}"),
        ({"pattern": "^[a-z-]+$"}, "slug", r"[a-z]+(-[a-z]+)?"),
        ({"minLength": 20, "maxLength": 20}, "id", r"[0-9a-z]{20}"),
        ({"maxLength": 4}, "id", r"[0-9a-z]{4}"),
        ({}, "slug", r"[a-z]+(-\d+)?"),
        (
            {"example": "3f3e3e1-c824-4d63-b37a-d8d698862f1d", "format": "uuid"},
            "id",
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-.*",
        ),
        ({"example": "too long for it", "maxLength": 6}, "id", r"[0-9a-z]{6}"),
        ({"format": "email"}, "id", r"member\d+@example\.com"),
    ],
)
def test_without_an_example_the_schema_and_the_name_tell_the_shape(
    schema: dict[str, Any], name: str, pattern: str
) -> None:
    texts = [id_texts({"type": "string", **schema}, name)(number) for number in NUMBERS]
    assert len(set(texts)) == len(texts)
    assert all(re.fullmatch(pattern, text) for text in texts)


def test_where_the_example_has_no_room_the_later_ids_have_another_shape() -> None:
    texts = [id_texts({"type": "string", "example": "A"}, "id")(number) for number in NUMBERS]
    assert texts[0] == "A"
    assert len(set(texts)) == len(texts)


def test_where_the_schema_has_no_room_ids_repeat() -> None:
    texts = [id_texts({"type": "string", "pattern": "^[A-Z]$"}, "id")(number) for number in NUMBERS]
    assert len(set(texts)) == 26


def test_ids_of_different_seeds_differ() -> None:
    texts = [{id_texts({"type": "string"}, "id", seed)(number) for number in NUMBERS} for seed in (1, 2, 2**63)]
    assert len(set.union(*texts)) == sum(map(len, texts))


ID = r"[a-z]{2,4}_[0-9A-Za-z]{7,19}[0-9A-Z]"  # small letters alone would be words


@given(st.from_regex(ID, fullmatch=True), st.integers(1, 10**6), st.integers(1, 10**6))
def test_ids_of_different_entities_differ(example: str, first: int, second: int) -> None:
    texts = shaped(example)
    assert (texts(first) == texts(second)) == (first == second)
    assert len(texts(first)) == len(example)
