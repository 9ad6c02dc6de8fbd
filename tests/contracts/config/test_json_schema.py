"""The table of keys, the values that are read of it, the schema and the documentation say the same."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.config.config import (
    ANSWERS,
    NULLS,
    ROLES,
    Config,
    CoverageConfig,
    LoadConfig,
    ResourceOverride,
    ServeConfig,
    VerifyConfig,
    _config,
)
from docdouble.contracts.config.file import Document, read_document
from docdouble.contracts.config.json_schema import _expected, config_schema, key_schema
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.finding import Severity
from docdouble.fakeserver.control.faults import Fault
from docdouble.fakeserver.settings import Settings
from docdouble.schemas import ConfigError

from ...docs.blocks import blocks

ROOT = Path(__file__).parents[3]
SCHEMA = config_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
TABLES: Mapping[str, type] = {
    "serve": ServeConfig,
    "verify": VerifyConfig,
    "coverage": CoverageConfig,
    "load": LoadConfig,
}


def is_read(table: Any) -> bool:
    try:
        _config(Document(Path("docdouble.toml"), "", (), table), ())
    except ConfigError:
        return False
    return True


def test_the_schema_is_valid() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_key_has_a_field_and_back() -> None:
    top = {field.name for field in fields(Config)} - {"budget", "document"} | {"max_examples", "seed"}
    assert {name.replace("-", "_") for name in SCHEMA["properties"]} == top
    assert {field.name for field in fields(Budget)} >= {"max_examples", "seed"}
    for name, value in TABLES.items():
        keys = [key.replace("-", "_") for key in key_schema(name)["properties"]]
        assert keys == [field.name for field in fields(value)]


def test_every_key_of_a_resource_has_a_field_and_back() -> None:
    keys = key_schema("resources")["additionalProperties"]["anyOf"][1]["properties"]
    assert keys.keys() - set(ROLES) == {field.name for field in fields(ResourceOverride)} - {"roles", "kept"}
    assert keys.keys() >= set(ROLES)


def test_every_choice_is_a_type() -> None:
    for path, words in [
        (("serve", "nulls"), NULLS),
        (("serve", "answers"), ANSWERS),
        (("serve", "auth"), ("on", "off")),
        (("fail-on",), tuple(level.value for level in Severity)),
    ]:
        assert key_schema(*path)["anyOf"][0]["enum"] == list(words)


def test_the_defaults_are_those_of_the_fields() -> None:
    config = Config()
    defaults = {name: schema["default"] for name, schema in SCHEMA["properties"].items() if "default" in schema}
    budget = {"max-examples": config.budget.max_examples, "seed": config.budget.seed}
    assert defaults == budget | {"fail-on": config.fail_on, "collect": config.collect}
    for table in TABLES:
        value = getattr(config, table)
        for name, schema in key_schema(table)["properties"].items():
            default = getattr(value, name.replace("-", "_"))
            expected = "on" if name == "auth" else list(default) if isinstance(default, tuple) else default
            assert schema.get("default", expected) == expected, name
            assert "default" in schema or not expected, name


def test_every_value_says_what_was_expected() -> None:
    for pointer, schema in subschemas(SCHEMA, ""):
        if not pointer.endswith(("/items", "/variable")) and "/anyOf/" not in pointer.rpartition("/properties/")[2]:
            assert "$ref" in schema or _expected(schema), pointer


def subschemas(schema: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield pointer, schema
    for keyword in ("properties", "definitions"):
        for name, inner in schema.get(keyword, {}).items():
            yield from subschemas(inner, f"{pointer}/{keyword}/{name}")
    for keyword in ("additionalProperties", "propertyNames", "items"):
        if isinstance(inner := schema.get(keyword), Mapping):
            yield from subschemas(inner, f"{pointer}/{keyword}")
    for number, inner in enumerate(schema.get("anyOf", ())):
        yield from subschemas(inner, f"{pointer}/anyOf/{number}")


def test_the_keys_of_a_fault_are_those_of_the_fake() -> None:
    keys = SCHEMA["properties"]["serve"]["properties"]["faults"]["items"]["properties"]
    assert {name.replace("-", "_") for name in keys} == {field.name for field in fields(Fault)}


def test_the_defaults_are_those_of_the_fake() -> None:
    keys = SCHEMA["properties"]["serve"]["properties"]
    assert (keys["nulls"]["default"], keys["answers"]["default"]) == (Settings().nulls, Settings().answers)
    assert (NULLS[1], ANSWERS[0]) == (Settings().nulls, Settings().answers)


def test_every_key_says_what_it_means() -> None:
    for name, schema in described(SCHEMA):
        assert schema["description"].endswith((".", '".')), name


def described(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, inner in schema.get("properties", {}).items():
        yield name, inner
        yield from described(inner)


SCALARS = st.one_of(
    st.booleans(),
    st.integers(-2, 12_000),
    st.floats(-1, 200, allow_nan=False),
    st.sampled_from(["", "on", "off", "never", "documented", "error", "none", "a.json", "http://x", "*"]),
)
ARRAYS = st.lists(st.one_of(SCALARS, st.lists(SCALARS, max_size=1)), max_size=2)


def written(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values of which some fit a schema, and some don't."""
    if "$ref" in schema:
        return st.one_of(SCALARS, ARRAYS, st.dictionaries(st.sampled_from(["Title", "Id"]), ARRAYS, max_size=2))
    kinds = [written(inner) for inner in schema.get("anyOf", ()) if inner.get("type") in ("object", "array")]
    if schema.get("type") == "array":
        kinds.append(st.lists(written(schema.get("items", {})), max_size=2))
    if schema.get("type") == "object":
        kinds.append(tables(schema))
    return st.one_of(*kinds, *kinds, SCALARS, ARRAYS)


def tables(schema: Mapping[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    known = {name: written(inner) for name, inner in schema.get("properties", {}).items()}
    others = schema["additionalProperties"] or {}
    names = st.sampled_from(["X-Key", "contact", "Sale", "a b"])
    return st.one_of(
        st.fixed_dictionaries({}, optional=known),
        *(st.fixed_dictionaries({name: table}) for name, table in known.items()),
        st.dictionaries(names, written(others) if others else SCALARS, max_size=1),
    )


@given(tables(SCHEMA))
def test_the_reader_takes_what_the_schema_takes(table: dict[str, Any]) -> None:
    assert is_read(table) == VALIDATOR.is_valid(table), next(VALIDATOR.iter_errors(table), None)


def examples() -> list[str]:
    kept = ("pyproject.toml", "own dialect")
    return [block.text for block in blocks() if block.language == "toml" and block.name not in kept]


@pytest.mark.parametrize("text", examples(), ids=lambda text: text.splitlines()[0])
def test_the_examples_are_valid(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r"\$\{(\w+)\}", text):
        monkeypatch.setenv(name, "told")
    table = tomllib.loads(text)
    table = table.get("tool", {}).get("docdouble", table)
    read_document(Document(Path("docdouble.toml"), text, (), table))
    VALIDATOR.validate(table)


def test_every_key_is_in_the_documentation() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    names = {name for name, _ in described(SCHEMA)}
    assert sorted(name for name in names if not re.search(rf"(?<![\w-]){name}(?![\w-])", text)) == []
