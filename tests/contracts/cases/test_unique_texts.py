import re
from typing import Any

import pytest

from docdouble.contracts.cases.unique_texts import UniqueTexts, seems_unique
from docdouble.fakeserver import Sampler
from docdouble.schemas import Contract, Validator

CONTRACT = Contract("", "", ())
TEXT = {"type": "string"}
SCHEMAS = [
    ("name", TEXT),
    ("code", {**TEXT, "maxLength": 4}),
    ("code", {**TEXT, "minLength": 12, "maxLength": 14}),
    ("email", {**TEXT, "format": "email"}),
    ("email", {**TEXT, "format": "email", "maxLength": 14}),
    ("sku", {**TEXT, "pattern": "^[A-Z]{3}-[0-9]{4}$"}),
    ("sku", {**TEXT, "pattern": "^[A-Za-z0-9-]+$", "maxLength": 20}),
    ("sku", {**TEXT, "pattern": "^[A-Z]+$", "maxLength": 5}),
    ("handle", {**TEXT, "pattern": "^[a-z]+$"}),
    ("number", {**TEXT, "pattern": "^[0-9]{6}$"}),
    ("ref", {**TEXT, "format": "uuid"}),
    ("number", {"type": "integer", "minimum": 1000, "maximum": 9999}),
]


def texts(run: str = "", seed: int = 0) -> UniqueTexts:
    return UniqueTexts(run, seed, Sampler(CONTRACT))


@pytest.mark.parametrize(("name", "schema"), SCHEMAS)
def test_values_fit_and_differ(name: str, schema: Any) -> None:
    made = texts()
    values = [made.value(name, schema) for _ in range(8)]
    assert len(set(values)) == 8
    assert all(Validator(schema, CONTRACT).is_valid(value) for value in values)


@pytest.mark.parametrize("schema", [{**TEXT, "pattern": "^[A-Z]{2}-[0-9]{4}$"}, {**TEXT, "format": "uuid"}])
def test_many_texts_of_a_pattern_or_a_format_differ(schema: Any) -> None:
    made = texts()
    assert len({made.value("sku", schema) for _ in range(300)}) == 300


@pytest.mark.parametrize("schema", [{**TEXT, "enum": ["a", "b"]}, {"const": "a"}])
def test_listed_values_are_left_alone(schema: Any) -> None:
    assert texts().value("code", schema) is None


def test_the_same_run_makes_the_same_texts_and_another_run_others() -> None:
    assert texts().value("name", TEXT) == texts().value("name", TEXT)
    assert len({texts(run, seed).value("name", TEXT) for run in ("", "a", "b") for seed in (0, 1)}) == 6


def test_people_see_where_a_text_comes_from() -> None:
    assert re.fullmatch("docdouble [0-9a-f]{8}", texts().value("title", TEXT))
    assert re.fullmatch(r"docdouble\.[0-9a-f]{8}@example\.com", texts().value("email", {**TEXT, "format": "email"}))


@pytest.mark.parametrize("name", ["name", "userName", "sku", "productCode", "email", "primaryEmail", "slug", "title"])
def test_names_of_what_may_be_unique(name: str) -> None:
    assert seems_unique(name)
    assert not seems_unique(f"{name}Count")
