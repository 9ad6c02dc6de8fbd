"""Texts of OpenAPI documents mean what their names, formats, descriptions and examples say."""

import re
from datetime import datetime
from typing import Any

import pytest

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.fakeserver.sampler.data.data_source import DataSource
from docdouble.fakeserver.sampler.data.numbered import card_number, ean, iban, isbn
from docdouble.fakeserver.sampler.meaning.api_rules import API_RULES, VARIANTS
from docdouble.fakeserver.sampler.meaning.api_texts import NAMED_MOMENTS, api_source
from docdouble.fakeserver.sampler.meaning.text_rules import TextField, ValueSource
from docdouble.schemas import Contract

Schema = dict[str, Any]
KEYS = range(40)
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def drawn(name: str, schema: Schema, owner: str = "Thing") -> list[str]:
    """Return values of a property of a type: of the second item of a list, which varies."""
    entity = {"type": "object", "properties": {name: {"type": "string", **schema}}}
    entities = {"type": "array", "items": {"$ref": f"#/components/schemas/{owner}"}, "minItems": 2}
    sampler = Sampler(Contract("t", "1", (), {owner: entity}), Sampling(nulls="never"))
    return [sampler.sample(entities, key)[1][name] for key in KEYS]


@pytest.mark.parametrize(
    ("name", "owner", "source"),
    [
        ("avatar_url", "", "image url"),
        ("url", "profile image", "image url"),
        ("callback_url", "", "url"),
        ("id", "", "id"),
        ("customer_id", "", "id"),
        ("company", "", "company"),
        ("cardholder_name", "", "full name"),
        ("name", "passenger", "full name"),
        ("name", "station", "city"),
        ("created_at", "", "moment of its name"),
        ("updatedAt", "", "moment of its name"),
        ("departure_time", "", "moment of its name"),
        ("due_date", "", "day of its name"),
        ("sha", "", "hex:40"),
        ("md5_checksum", "", "hex:64"),
        ("md5", "", "hex:32"),
        ("access_token", "", "token"),
        ("user_agent", "", "user agent"),
        ("remote_ip", "", "ipv4"),
        ("iban", "", "iban"),
        ("isbn", "", "book number"),
        ("ean", "", "article number"),
        ("appVersion", "", "semantic version"),
        ("branch", "deploy", "git branch"),
        ("status", "", "lower-case status"),
        ("state", "shipping address", "state"),
        ("amount", "", "money"),
        ("contact_email", "", "person e-mail"),
        ("homePhone", "", "phone_number"),
        ("last_login", "", "moment of its name"),
        ("tax_id", "", "numerify:%########"),
        ("zqx", "", "word"),
    ],
)
def test_a_name_and_its_owner_choose_the_source(name: str, owner: str, source: str) -> None:
    assert api_source(TextField(name, owner)).source == source


@pytest.mark.parametrize(
    ("description", "source"),
    [
        ("The URL of the page.", "url"),
        ("An e-mail address.", "person e-mail"),
        ("The unique identifier of the order, see its URL.", "id"),
        ("What the caller gave as a name; the URL shows it.", "word"),
        ("Two-letter ISO country.", "country code"),
    ],
)
def test_the_beginning_of_a_description_tells_what_a_name_does_not(description: str, source: str) -> None:
    assert api_source(TextField("zqx", description=description)).source == source


def test_an_id_is_no_url_though_its_description_mentions_one() -> None:
    assert all(re.fullmatch(r"\w+", text) for text in drawn("file_id", {"description": "URL of the file ends in it"}))


@pytest.mark.parametrize(
    ("name", "schema", "pattern"),
    [
        ("country", {"maxLength": 2}, r"[A-Z]{2}"),
        ("country", {"pattern": "^[A-Z]{3}$"}, r"[A-Z]{3}"),
        ("country", {"example": "DE"}, r"[A-Z]{2}"),
        ("nationality", {"example": "Norway"}, r"[A-Z]\w+( \w+)*"),
        ("currency", {}, r"[A-Z]{3}"),
        ("language", {"minLength": 2, "maxLength": 2}, r"[a-z]{2}"),
        ("language", {"example": "de-DE"}, r"[a-z]{2}-[A-Z]{2}"),
        ("timezone", {"example": "Europe/Berlin"}, r"\w+/\w+"),
        ("colour", {"example": "teal"}, r"[a-z]+"),
        ("colour", {"example": "#0af0af"}, r"#[0-9a-f]{6}"),
        ("created", {"example": "2024-02-01T10:00:00.000Z"}, r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z"),
        ("shipped", {"example": "2024-02-01"}, r"20\d\d-\d\d-\d\d"),
        ("booking_ref", {"example": "QX7-2231"}, r"[A-Z]{2}\d-\d{4}"),
        ("id", {"example": "cus_9s6XKzkNRiz8i3"}, r"cus_\w{14}"),
        ("order_id", {"example": "f47ac10b-58cc-4372-a567-0e02b2c3d479"}, UUID),
        ("kind", {"example": "terrestrial"}, "terrestrial"),
        ("amount", {"pattern": r"^\d+\.\d\d$"}, r"\d+\.\d\d"),
        ("sort_code", {"example": "20-00-00"}, r"\d\d-\d\d-\d\d"),
    ],
)
def test_texts_look_like_their_example_and_fit_their_schema(name: str, schema: Schema, pattern: str) -> None:
    texts = drawn(name, schema)
    assert all(re.fullmatch(pattern, text) for text in texts), texts


def test_a_country_of_two_letters_is_a_code_in_every_locale() -> None:
    country = {"type": "object", "properties": {"country": {"type": "string", "maxLength": 2}}}
    for locale, code in (("ja_JP", "JP"), ("no_NO", "NO"), ("en_US", "US")):
        assert Sampler(Contract("t", "1", ()), Sampling(locale=locale)).sample(country, 1) == {"country": code}


def test_names_vary_though_one_example_is_documented() -> None:
    assert len(set(drawn("title", {"example": "Blue teapot"}))) > 5
    assert len(set(drawn("id", {"example": "BK-0042"}))) > 30


def test_one_document_has_one_currency() -> None:
    assert len(set(drawn("currency", {}))) == 1
    assert set(drawn("currency", {"example": "EUR"})) == {"EUR"}


def test_email_fits_the_name_beside_it() -> None:
    person = {
        "type": "object",
        "properties": {"first_name": {"type": "string"}, "last_name": {"type": "string"}, "email": {"type": "string"}},
    }
    for key in KEYS:
        made = Sampler(Contract("t", "1", ())).sample(person, key)
        local = re.sub("[^a-z]", "", made["email"].partition("@")[0])
        assert local == re.sub("[^a-z]", "", f"{made['first_name']}{made['last_name']}".lower())


def test_every_rule_has_a_source_that_is_one() -> None:
    world = DataSource(0, "en_US")
    named = {rule.source for rule in API_RULES} | {source for others in VARIANTS.values() for source in others}
    for source in named - NAMED_MOMENTS.keys() - {"id"}:
        assert world.draw(ValueSource(source, ""))(5, 5)


@pytest.mark.parametrize("key", KEYS)
def test_check_digits_are_right(key: int) -> None:
    for text in (ean(key), isbn(key)):
        assert sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text)) % 10 == 0
    doubled = [int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(card_number(key))]
    assert sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
    for country, length in (("DE", 22), ("GB", 22), ("NL", 18), ("FR", 27), ("US", 22)):
        text = iban(key, country)
        assert len(text) == length
        assert int("".join(str(int(letter, 36)) for letter in text[4:] + text[:4])) % 97 == 1


def test_moments_are_written_and_ordered_without_a_format() -> None:
    trip = {
        "type": "object",
        "properties": {
            name: {"type": "string"} for name in ("departure_time", "arrival_time", "created_at", "updated_at")
        },
    }
    for key in KEYS:
        made = Sampler(Contract("t", "1", ())).sample(trip, key)
        moments = {name: datetime.fromisoformat(text) for name, text in made.items()}
        assert moments["departure_time"] < moments["arrival_time"]
        assert moments["created_at"] <= moments["updated_at"]
