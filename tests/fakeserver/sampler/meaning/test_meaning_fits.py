"""What a property means never breaks its schema, is the same for the same entity, and agrees with what is beside it."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.schemas import Contract, Validator

Schema = dict[str, Any]
NAMES = st.sampled_from(
    [
        *("id", "customer_id", "uuid", "name", "title", "email", "phone", "avatar_url", "url", "country", "currency"),
        *("language", "timezone", "city", "street", "status", "created_at", "updatedAt", "due_date", "expires", "iban"),
        *(
            "isbn",
            "ean",
            "sku",
            "sha",
            "md5",
            "token",
            "version",
            "amount",
            "price",
            "percentage",
            "rating",
            "latitude",
        ),
        *("lng", "timestamp", "count", "quantity", "weight", "file_name", "mime_type", "user_agent", "ip", "colour"),
        *("tags", "code", "number", "reference", "path", "zqx", "is_deleted", "confidence", "ratio", "description"),
    ]
)
TEXTS = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={
        "maxLength": st.integers(1, 30),
        "minLength": st.integers(0, 1),
        "pattern": st.sampled_from([r"^[A-Z]{2}$", r"^\d+$", r"^[a-z]{3}-\d{4}$", r"^\S+$"]),
        "example": st.text(max_size=12) | st.integers(),
        "examples": st.lists(st.sampled_from(["Freya", "BK-0042", "2024-02-01T10:00:00Z", "DE", "a b", "12.50"])),
        "default": st.sampled_from(["", "x", None, 5]),
        "description": st.sampled_from(["The URL of it.", "ISO 3166 code", "Unix time", "When it was created"]),
    },
).filter(lambda schema: "pattern" not in schema or "maxLength" not in schema or schema["maxLength"] > 8)
NUMBERS = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number"])},
    optional={
        "minimum": st.integers(-50, 5),
        "maximum": st.integers(6, 10**7),
        "example": st.integers(-5, 2 * 10**9) | st.floats(-2, 900, width=16),
        "default": st.sampled_from([0, 1, "x"]),
        "format": st.sampled_from(["int32", "int64", "double"]),
        "description": st.sampled_from(["In milliseconds since the epoch", "In cents", "A ratio"]),
    },
)
FLAGS = st.fixed_dictionaries(
    {"type": st.just("boolean")}, optional={"example": st.booleans(), "default": st.booleans()}
)
PROPERTIES = st.dictionaries(NAMES, TEXTS | NUMBERS | FLAGS, min_size=1, max_size=8)


@given(properties=PROPERTIES, example=st.fixed_dictionaries({}, optional={"id": st.just("x1"), "price": st.just(3)}))
@settings(max_examples=60, deadline=None)
def test_values_fit_their_schemas(properties: dict[str, Schema], example: Schema) -> None:
    entity: Schema = {"type": "object", "required": [*properties], "properties": properties, "example": example}
    entities = {"type": "array", "minItems": 3, "items": {"$ref": "#/components/schemas/Thing"}}
    contract = Contract("t", "1", (), {"Thing": entity})
    for documented in (False, True):
        sampler = Sampler(contract, Sampling(documented=documented))
        for key in range(4):
            value = sampler.sample(entities, key)
            violations = list(Validator(entities, contract).violations(value))
            assert not violations
            assert value == sampler.sample(entities, key)


@given(key=st.integers(0, 10**6), seed=st.integers(0, 9), unit=st.sampled_from([1, 1000]))
def test_moments_are_in_order_whatever_they_are_written_in(key: int, seed: int, unit: int) -> None:
    number = {"type": "integer", "example": 1_700_000_000 * unit}
    text = {"type": "string", "format": "date-time"}
    pairs = [
        ("start", "end"),
        ("departure_time", "arrival_time"),
        ("valid_from", "valid_to"),
        ("check_in", "check_out"),
    ]
    for schema in (number, text):
        entity = {"type": "object", "properties": dict.fromkeys([name for pair in pairs for name in pair], schema)}
        entities = {"type": "array", "items": entity, "minItems": 2}
        made = Sampler(Contract("t", "1", ()), Sampling(seed)).sample(entities, key)[1]
        for first, second in pairs:
            assert made[first] < made[second]


@given(key=st.integers(0, 10**6), seed=st.integers(0, 9))
def test_totals_and_bounds_agree(key: int, seed: int) -> None:
    names = ("quantity", "unit_price", "total", "min_age", "max_age", "created_at", "updated_at", "expires_at")
    properties = {name: {"type": "string" if name.endswith("_at") else "number"} for name in names}
    made = Sampler(Contract("t", "1", ()), Sampling(seed)).sample({"type": "object", "properties": properties}, key)
    assert made["total"] == round(made["quantity"] * made["unit_price"], 2)
    assert made["min_age"] <= made["max_age"]
    moments = [datetime.fromisoformat(made[name]) for name in ("created_at", "updated_at", "expires_at")]
    assert moments == sorted(moments)


@given(seed=st.integers(0, 20))
def test_ids_differ_and_stay(seed: int) -> None:
    entity = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "example": "bt_8ZkQ2m9x"}}}
    entities = {"type": "array", "items": {"$ref": "#/components/schemas/Boat"}, "minItems": 12}
    sampler = Sampler(Contract("t", "1", (), {"Boat": entity}), Sampling(seed))
    ids = [boat["id"] for boat in sampler.sample(entities, 1)]
    assert ids[0] == "bt_8ZkQ2m9x"
    assert len(set(ids)) == len(ids)
    assert all(len(text) == len(ids[0]) and text.startswith("bt_") for text in ids)


@given(key=st.integers(0, 10**6))
def test_unix_times_stay_such_where_their_names_tell_their_order(key: int) -> None:
    stamp = {"type": "integer", "format": "int32", "description": "Unix timestamp"}
    properties = {"date_min_temp": stamp, "date_max_temp": stamp}
    made = Sampler(Contract("t", "1", ())).sample({"type": "object", "properties": properties}, key)
    assert made["date_min_temp"] <= made["date_max_temp"] < 2**31


@pytest.mark.parametrize("least", [2**31 - 1, 2**63 - 1])
def test_a_bound_above_the_greatest_integer_is_that(least: int) -> None:
    schema = {"type": "object", "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}}}
    assert Sampler(Contract("t", "1", ())).sample(schema, 1, {"start": least})["end"] == least
