"""What was touched, as values and as JSON."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import docdouble.contracts.coverage.use as module
from docdouble.contracts.coverage.use import How, Use, UsedFact, UsedOperation, merge_uses, read_use
from docdouble.schemas import ConfigError
from docdouble.schemas.contract.facts import Fact, FactKind

SCHEMA = json.loads(Path(module.__file__).with_name("use.schema.json").read_text())
TITLE = (FactKind.RESPONSE, "200/Title")
USE = Use(
    "docs",
    {
        "Get": UsedOperation(
            "GET /books", 2, 5, {TITLE: UsedFact(How.READ, frozenset({"b", "a"}))}, frozenset(), frozenset()
        )
    },
)

keys = st.tuples(st.sampled_from(FactKind), st.sampled_from(["", "200", "/a"]))
facts = st.builds(UsedFact, st.sampled_from(How), st.frozensets(st.sampled_from("abc")))


@st.composite
def operations(draw: st.DrawFn) -> UsedOperation:
    used = draw(st.dictionaries(keys, facts, max_size=4))
    untouched = draw(st.frozensets(keys, max_size=4)) - used.keys()
    undocumented = draw(st.frozensets(st.sampled_from(["400", "503"])))
    label = draw(st.sampled_from(["GET /a", "GET /b"]))
    return UsedOperation(label, draw(st.integers(0, 9)), draw(st.integers(0, 9)), used, untouched, undocumented)


uses = st.builds(Use, st.sampled_from(["", "docs", "other"]), st.dictionaries(st.sampled_from("xyz"), operations()))


@pytest.mark.slow
@given(uses, uses)
def test_merging_is_commutative(first: Use, second: Use) -> None:
    assert merge_uses([first, second]) == merge_uses([second, first])


@pytest.mark.slow
@given(uses, uses, uses)
def test_merging_is_associative(first: Use, second: Use, third: Use) -> None:
    assert (
        merge_uses([merge_uses([first, second]), third])
        == merge_uses([first, merge_uses([second, third])])
        == merge_uses([first, second, third])
    )


@pytest.mark.slow
@given(uses)
def test_merging_with_nothing_changes_nothing(use: Use) -> None:
    assert merge_uses([use]) == merge_uses([Use(), use]) == use


@pytest.mark.slow
@given(uses)
def test_json_there_and_back(use: Use) -> None:
    written = use.as_dict()
    jsonschema.validate(written, SCHEMA)
    assert Use.from_dict(json.loads(json.dumps(written))) == use


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"]["part"]["enum"] == [part.value for part in FactKind]


def test_tests_of_a_fact() -> None:
    assert USE.tests_of(Fact("Get", *TITLE)) == ("a", "b")
    assert USE.tests_of(Fact("Get", FactKind.STATUS, "200")) == USE.tests_of(Fact("Gone")) == ()


def test_who_read_a_place_is_reported_rather_than_who_received_it() -> None:
    received, read = UsedFact(How.RECEIVED, frozenset({"a"})), UsedFact(How.READ, frozenset({"b"}))
    assert received | read == read | received == read


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (["version"], 2, "use.json: version: 2 is not 1: write the file with this version of docdouble"),
        (["docdouble"], "run", "use.json: /docdouble: 'run' is not as use.schema.json says"),
        (["operations", "Get", "calls"], "3", "use.json: /operations/Get/calls: '3' is not"),
        (["operations", "Get", "facts", 0, "part"], "statos", "did you mean 'status'?"),
        (["operations", "Get", "facts", 0, "tests"], [7], "use.json: Get: tests: 7 is not the number of a test"),
        (["tests"], {}, "use.json: /tests: 'dict' is not"),
    ],
)
def test_what_is_wrong_is_named(place: list[Any], value: Any, message: str) -> None:
    data: Any = USE.as_dict()
    *way, last = place
    inside = data
    for step in way:
        inside = inside[step]
    inside[last] = value
    with pytest.raises(ConfigError) as caught:
        Use.from_dict(data, "use.json")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", '"use"', "{", "\x00"])
def test_another_file_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "use.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"use\.json"):
        read_use(file)
