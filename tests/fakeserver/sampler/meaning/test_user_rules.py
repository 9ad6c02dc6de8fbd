"""The user's rules, and those of plugins: they decide the data, but never against the documentation."""

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.fakeserver.sampler.meaning.user_rules import GROUP, added_rules
from docdouble.schemas import ConfigError, Contract, MediaType, Operation, PluginError, Response, Validator
from docdouble.schemas.dialects.base import SampleRule

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def book(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def drawn(
    schema: Schema, samples: dict[str, Any], /, nulls: str = "sometimes", keys: int = 60, **named: Schema
) -> list[Any]:
    """Return what is drawn with the user's rules; every value fits the schema."""
    contract = Contract("library", "1", (), named)
    sampler = Sampler(contract, Sampling(samples=samples, nulls=nulls))  # type: ignore[arg-type]
    validator = Validator(schema, contract)
    values = [sampler.sample(schema, key) for key in range(keys)]
    assert [validator.violations(value) for value in values] == [()] * len(values)
    return values


def shelves(part: Schema, samples: dict[str, Any], **options: Any) -> list[Any]:
    """Return what the property ``Shelf`` of a ``Book`` holds."""
    return [value["Shelf"] for value in drawn(ref("Book"), samples, Book=book(Shelf=part), **options)]


TEXT, INTEGER, NUMBER, FLAG = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))


@pytest.mark.parametrize("pattern", ["Shelf", "shelf", "Book.Shelf", "book.*", "*.SHELF", "*elf", "B*.S*"])
def test_a_pattern_names_a_property_or_one_of_a_type(pattern: str) -> None:
    assert set(shelves(TEXT, {pattern: ["north", "south"]})) == {"north", "south"}


@pytest.mark.parametrize("pattern", ["Shelves", "Loan.Shelf", "Book"])
def test_other_patterns_change_nothing(pattern: str) -> None:
    assert shelves(TEXT, {pattern: ["north"]}) == shelves(TEXT, {})


def test_the_first_rule_that_has_values_is_taken() -> None:
    samples = {"*": ["north"], "Shelf": [7], "Book.Shelf": [8]}
    assert set(shelves(TEXT, samples)) == {"north"}
    assert set(shelves(INTEGER, samples)) == {7}


def test_all_views_of_a_resource_follow_a_rule_for_one_of_them() -> None:
    views = {name: book(BookId=INTEGER, Shelf=TEXT) for name in ("Book", "BookEntity")}
    for pattern in ("Book.Shelf", "BookEntity.Shelf"):
        for name in views:
            assert {row["Shelf"] for row in drawn(ref(name), {pattern: ["north"]}, **views)} == {"north"}


COMPOSED = {
    "Item": book(Shelf=TEXT),
    "Book": {"allOf": [ref("Item"), book(Title=TEXT)]},
    "Atlas": {"allOf": [{"allOf": [ref("Book")]}, book(Maps=INTEGER)]},
    "Volume": ref("Book"),
    "Loan": book(Lent=ref("Volume")),
}


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        pytest.param(ref("Item"), {"Item"}, id="itself"),
        pytest.param(ref("Book"), {"Item", "Book", "Volume"}, id="composed"),
        pytest.param(ref("Atlas"), {"Item", "Book", "Volume", "Atlas"}, id="twice composed"),
        pytest.param(ref("Volume"), {"Item", "Book", "Volume"}, id="another name"),
        pytest.param({"allOf": [ref("Book"), book(Extra=TEXT)]}, {"Item", "Book", "Volume"}, id="composed in place"),
        pytest.param(ref("Loan"), {"Item", "Book", "Volume"}, id="inside"),
    ],
)
def test_a_rule_reaches_what_a_type_is_composed_of_and_also_called(schema: Schema, names: set[str]) -> None:
    reached = {
        name for name in COMPOSED if "north" in str(drawn(schema, {f"{name}.Shelf": ["north"]}, keys=3, **COMPOSED))
    }
    assert reached == names


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("Book.Titel", "Book.Title"),
        ("Bok.Title", "Book.Title"),
        ("Shelv", "Shelf"),
        ("*.Shelv", "*.Shelf"),
        ("Bo*.Shelv", "Bo*.Shelf"),
        ("Ledger.Xyzzy", ""),
    ],
)
def test_a_rule_that_means_nothing_is_reported_with_the_nearest_name(pattern: str, near: str) -> None:
    contract = Contract("library", "1", (), COMPOSED)
    (message,) = Sampler(contract, Sampling(samples={pattern: ["x"]})).unmatched_rules()
    hint = f"; did you mean '{near}'?" if near else ""
    assert message == f'samples."{pattern}" means no documented property{hint}'


@pytest.mark.parametrize("pattern", ["Title", "*.title", "Volume.Shelf", "Atlas.Shelf", "item.*", "*", "Book T*.City"])
def test_a_rule_that_means_something_is_not_reported(pattern: str) -> None:
    schemas = {**COMPOSED, "Book": {"allOf": [ref("Item"), book(Title=book(City=TEXT))]}}
    assert Sampler(Contract("l", "1", (), schemas), Sampling(samples={pattern: ["x"]})).unmatched_rules() == ()


def test_a_property_of_a_body_without_a_name_is_one() -> None:
    media_type = MediaType("application/json", {"type": "array", "items": book(Code=TEXT)})
    operation = Operation("a", "GET", "/a", responses=(Response("200", (media_type,)),))
    sampler = Sampler(Contract("l", "1", (operation,)), Sampling(samples={"Code": ["x"], "Cod": ["x"]}))
    assert sampler.unmatched_rules() == ("samples.\"Cod\" means no documented property; did you mean 'Code'?",)


@pytest.mark.parametrize(
    ("schema", "offered", "expected"),
    [
        pytest.param(INTEGER, [1, 2, "3", 4.5, True], {1, 2}, id="integers"),
        pytest.param(NUMBER, [0.5, 2, "x"], {0.5, 2}, id="numbers"),
        pytest.param(FLAG, [True, 1, "true"], {True}, id="flags"),
        pytest.param({**INTEGER, "minimum": 5, "multipleOf": 5}, [1, 5, 7, 10], {5, 10}, id="bounds"),
        pytest.param({**INTEGER, "format": "int32"}, [1, 2**40], {1}, id="int32"),
        pytest.param({**TEXT, "maxLength": 3}, ["north", "NE"], {"NE"}, id="length"),
        pytest.param({**TEXT, "maxLength": 3, "examples": ["abc"]}, ["NE"], {"NE"}, id="before samples"),
        pytest.param({**TEXT, "pattern": "^[A-Z]$"}, ["A", "b"], {"A"}, id="pattern"),
        pytest.param({**TEXT, "format": "uuid"}, ["b", "0" * 8 + "-0000-4000-8000-" + "0" * 12], None, id="format"),
        pytest.param({"enum": ["A", "B", "C"]}, ["A", "D"], {"A"}, id="enum"),
        pytest.param(ref("Wing"), ["West"], {"West"}, id="named enum"),
        pytest.param({"anyOf": [INTEGER, {"type": "null"}]}, [4], {4}, id="nullable"),
        pytest.param({"oneOf": [INTEGER, {**INTEGER, "minimum": 500}]}, [600, 5], {5}, id="one of several"),
    ],
)
def test_only_values_that_fit_are_drawn(schema: Schema, offered: list[Any], expected: set[Any] | None) -> None:
    wing = {"type": "string", "enum": ["East", "West"]}
    values = drawn(ref("Book"), {"Shelf": offered}, nulls="never", Book=book(Shelf=schema), Wing=wing)
    assert {value["Shelf"] for value in values} == (expected or {offered[-1]})


@pytest.mark.parametrize("offered", [["north"], "company", [None]])
@pytest.mark.parametrize("schema", [INTEGER, FLAG, {"type": "array", "items": INTEGER}, book(Wing=TEXT)])
def test_where_nothing_fits_the_built_in_rule_stays(schema: Schema, offered: Any) -> None:
    assert shelves(schema, {"Shelf": offered}) == shelves(schema, {})


@pytest.mark.parametrize(
    ("source", "schema", "kind"),
    [
        pytest.param("numerify:###", INTEGER, int, id="pattern to integer"),
        pytest.param("numerify:%.##", NUMBER, float, id="pattern to number"),
        pytest.param("boolean", FLAG, bool, id="provider to flag"),
        pytest.param("random_int", INTEGER, int, id="provider to integer"),
        pytest.param("numerify:###", TEXT, str, id="pattern to text"),
        pytest.param("credit_card_number", TEXT, str, id="provider to text"),
        pytest.param("company", TEXT, str, id="source of ours"),
        pytest.param("bothify:??-##", {**TEXT, "pattern": "^[a-zA-Z]{2}-[0-9]{2}$"}, str, id="pattern to pattern"),
        pytest.param("company", {**TEXT, "maxLength": 14}, str, id="as far as short enough"),
    ],
)
def test_a_source_is_read_as_what_the_schema_asks_for(source: str, schema: Schema, kind: type) -> None:
    values = shelves(schema, {"Shelf": source})
    assert {type(value) for value in values} == {kind}
    assert values != shelves(schema, {})


def test_items_and_values_of_dictionaries_follow_the_rule_of_their_property() -> None:
    several = {"type": "array", "items": TEXT}
    assert {element for value in shelves(several, {"Shelf": ["north"]}) for element in value} == {"north"}
    keyed = {"type": "object", "additionalProperties": INTEGER}
    assert {element for value in shelves(keyed, {"Shelf": [3]}) for element in value.values()} == {3}


def test_a_set_has_as_many_items_as_it_must() -> None:
    shelves({"type": "array", "items": TEXT, "uniqueItems": True, "minItems": 2}, {"Shelf": ["north"]})


def test_a_count_that_the_user_gives_stays_and_what_depends_on_it_agrees() -> None:
    line = book(Quantity=INTEGER, UnitListPrice=NUMBER, SubTotal=NUMBER)
    for value in drawn(line, {"Quantity": [3], "UnitListPrice": [2.5]}):
        assert value == {"Quantity": 3, "UnitListPrice": 2.5, "SubTotal": 7.5}
    assert {value["SubTotal"] for value in drawn(line, {"SubTotal": [1]})} == {1}


def test_own_ids_stay_what_entities_are_known_by() -> None:
    assert len({value["BookId"] for value in drawn(ref("Book"), {"*": [7]}, Book=book(BookId=INTEGER))}) > 1


VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text()
FIELDS = st.one_of(
    st.fixed_dictionaries({"type": st.just("integer")}, optional={"minimum": st.integers(-9, 9)}),
    st.fixed_dictionaries({"type": st.just("number")}, optional={"exclusiveMaximum": st.integers(-9, 9)}),
    st.fixed_dictionaries({"type": st.just("string")}, optional={"maxLength": st.integers(0, 9)}),
    st.sampled_from([FLAG, {"enum": ["a", 1, None]}, {"type": ["string", "null"]}, {"format": "date", **TEXT}]),
)
PARTS = FIELDS | st.builds(lambda items: {"type": "array", "items": items}, FIELDS)


@given(
    parts=st.dictionaries(st.sampled_from(["Shelf", "Count", "Wings", "BookId"]), PARTS, min_size=1),
    samples=st.dictionaries(
        st.sampled_from(["*", "Shelf", "Book.Count", "*.Wings"]),
        st.lists(VALUES, min_size=1, max_size=4) | st.sampled_from(["company", "numerify:##", "boolean", "date"]),
    ),
)
def test_whatever_the_user_says_every_answer_fits(parts: dict[str, Schema], samples: dict[str, Any]) -> None:
    drawn(ref("Book"), samples, keys=8, Book=book(**parts))


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("compny", "samples.\"*.Name\": 'compny' is not a source of samples, or a provider of Faker; "),
        ("zip cod", "did you mean 'zip code'?"),
        ("numrify:##", "'numrify:##' is not a source of samples, or a provider of Faker"),
        ("format", "'format' is not a provider of Faker that needs no arguments: "),
        ([], 'samples."*.Name": [] is not a list of one value or more'),
        ([object()], "is not a list of values for JSON: Type is not JSON serializable: object"),
        ([2**70], "is not a list of values for JSON: Integer exceeds 64-bit range"),
    ],
)
def test_what_is_no_rule_is_named(rule: Any, line: str) -> None:
    with pytest.raises(ConfigError) as raised:
        drawn(TEXT, {"*.Name": rule})
    assert line in str(raised.value)


class Installed(EntryPoint):
    """An entry point of the package ``shelves`` that loads what it is given."""

    loaded: Any = None

    @property
    def dist(self) -> Any:  # type: ignore[override]
        return type("Distribution", (), {"name": "shelves"})

    def load(self) -> Any:
        if isinstance(self.loaded, Exception):
            raise self.loaded
        return self.loaded


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], None]]:
    """Return a function that makes something an installed plugin of samples."""

    def entry_points(loaded: Any) -> None:
        made = type("Loaded", (Installed,), {"loaded": loaded})("dewey", "shelves:RULES", GROUP)
        monkeypatch.setattr("docdouble.schemas.plugins.entry_points", lambda group: [made] if group == GROUP else [])
        added_rules.cache_clear()

    yield entry_points
    added_rules.cache_clear()


@pytest.mark.parametrize("many", [False, True])
def test_a_plugin_adds_rules_that_stand_before_ours(install: Callable[[Any], None], many: bool) -> None:
    rule = SampleRule(r"title", "numerify:###.##", owner="book")
    install([rule] if many else rule)
    contract = Contract("library", "1", (), {"Book": book(Title=TEXT)})
    title = Sampler(contract, Sampling(added=added_rules())).sample(ref("Book"), 1)["Title"]
    assert title.replace(".", "").isdigit()


@pytest.mark.parametrize(
    ("loaded", "reason"),
    [
        (ImportError("no module named dewey"), "no module named dewey"),
        (5, "'int' object is not iterable"),
        (["title"], "expected a SampleRule, or a sequence of them, got 'title'"),
        (SampleRule("title(", "company"), "missing )"),
        (SampleRule("title", "compny"), "'compny' is not a provider of Faker; did you mean 'company'?"),
    ],
)
def test_a_broken_plugin_is_named_with_its_package(install: Callable[[Any], None], loaded: Any, reason: str) -> None:
    install(loaded)
    with pytest.raises(PluginError) as raised:
        added_rules()
    assert str(raised.value).startswith("docdouble.samples: 'dewey' of package 'shelves' can't be loaded: ")
    assert reason in str(raised.value)
