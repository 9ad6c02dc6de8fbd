"""Data that people believe: providers by a property's name, dates in the documented style, other locales."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.sampler import Sampler
from docdouble.fakeserver.sampler.dates import EPOCH, moment, written
from docdouble.fakeserver.sampler.pools import SIZE, Pools
from docdouble.fakeserver.sampler.rules import FORMATS, NAMES, provider, words
from docdouble.schemas import ConfigError, Contract
from docdouble.schemas.formats import is_date_time, is_loose_date_time

MakeContract = Callable[..., Contract]


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("EmailAddress", "email address"),
        ("emailAddress", "email address"),
        ("EMail", "e mail"),
        ("IPAddress", "ip address"),
        ("HTMLBody", "html body"),
        ("postal_code", "postal code"),
        ("time-zone.name", "time zone name"),
        ("Address2Line", "address2 line"),
        ("already spoken", "already spoken"),
        ("", ""),
    ],
)
def test_names_are_read_as_words(name: str, spoken: str) -> None:
    assert words(name) == spoken


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("EmailAddress", "email"),
        ("e_mail", "email"),
        ("ExternalGuid", "uuid4"),
        ("JoinVideomeetUrl", "url"),
        ("WebSite", "url"),
        ("MobilePhone", "phone_number"),
        ("Telephone", "phone_number"),
        ("phoneNumbers", "phone_number"),
        ("FaxNumber", "phone_number"),
        ("FirstName", "first_name"),
        ("surname", "last_name"),
        ("FullName", "name"),
        ("AssociateName", "name"),
        ("UserName", "user_name"),
        ("loginName", "user_name"),
        ("CompanyName", "company"),
        ("City", "city"),
        ("CountryCode", "country_code"),
        ("Country", "country"),
        ("PostalCode", "postcode"),
        ("zip", "postcode"),
        ("StreetAddress", "street_address"),
        ("Address1", "word"),
        ("addresses", "word"),
        ("IPAddress", "ipv4"),
        ("ClientIp", "ipv4"),
        ("Currency", "currency_code"),
        ("LanguageCode", "language_code"),
        ("TimeZone", "timezone"),
        ("FileName", "file_name"),
        ("ContentType", "mime_type"),
        ("TextColour", "hex_color"),
        ("JobTitle", "job"),
        ("HostName", "domain_name"),
        ("Location", "city"),
        ("Title", "catch_phrase"),
        ("Description", "sentence"),
        ("InternalNotes", "sentence"),
        ("Name", "company"),
        ("Completed", "word"),
        ("Citylights", "word"),
        ("", "word"),
    ],
)
def test_a_property_name_chooses_the_provider(name: str, expected: str) -> None:
    assert provider(name) == expected


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_format_wins_over_the_name(format_name: str) -> None:
    assert provider("City", format_name) == FORMATS[format_name]


def test_a_format_that_nobody_knows_leaves_it_to_the_name() -> None:
    assert provider("City", "shelf-mark") == "city"


@pytest.mark.parametrize("locale", ["en_US", "no_NO", "ja_JP", "tl_PH"])
def test_every_provider_has_a_pool_in_any_locale(locale: str) -> None:
    pools = Pools(0, locale)
    for name in {*FORMATS.values(), *(found for _, found in NAMES), "word"}:
        assert len(pools.get(name)) == SIZE
        assert all(type(value) is str and value for value in pools.get(name))


def test_a_pool_depends_on_seed_locale_and_provider_alone() -> None:
    one, other = Pools(5, "en_US"), Pools(5, "en_US")
    other.get("city")
    assert one.get("name") == other.get("name") == one.get("name")
    assert len({one.get("name"), Pools(6, "en_US").get("name"), Pools(5, "no_NO").get("name")}) == 3


def sampled(contract: Contract, locale: str, **properties: Any) -> list[Any]:
    schema = {"type": "object", "properties": properties}
    sampler = Sampler(contract, locale=locale)
    return [sampler.sample(schema, key) for key in range(40)]


def test_another_locale_gives_other_places(library: Contract) -> None:
    text = {"type": "string"}
    norwegian = {one["PostalCode"] for one in sampled(library, "no_NO", PostalCode=text)}
    assert {len(code) for code in norwegian} == {4}
    assert {len(one["PostalCode"]) for one in sampled(library, "en_US", PostalCode=text)} == {5}


@pytest.mark.parametrize(("locale", "nearest"), [("no_NN", "no_NO"), ("de_DD", "de_DE")])
def test_a_wrong_locale_names_the_nearest(library: Contract, locale: str, nearest: str) -> None:
    with pytest.raises(ConfigError) as raised:
        FakeServer(library, Settings(locale=locale))
    assert str(raised.value) == f"locale: {locale!r} is not a locale of Faker; did you mean {nearest!r}?"


WHEN = datetime(2024, 3, 5, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("", "2024-03-05T15:30:00Z"),
        ("no date", "2024-03-05T15:30:00Z"),
        ("2011-11-02", "2024-03-05T15:30:00Z"),
        ("2011-11-02T13:38:12Z", "2024-03-05T15:30:00Z"),
        ("2011-11-02T13:38:12", "2024-03-05T15:30:00"),
        ("2011-11-02T13:38", "2024-03-05T15:30"),
        ("2011-11-02T13:38:12.9678107+01:00", "2024-03-05T16:30:00.0000000+01:00"),
        ("2011-11-02T13:38:12.9-05:30", "2024-03-05T10:00:00.0-05:30"),
        ("2011-11-02T13:38:12.967", "2024-03-05T15:30:00.000"),
        ("0001-01-01T00:00:00", "2024-03-05T15:30:00"),
    ],
)
def test_a_moment_is_written_as_the_sample_is(style: str, text: str) -> None:
    assert written(WHEN, style) == text


@given(st.integers(0, 2**64 - 1), st.sampled_from(["", "2011-11-02T13:38:12.9678107+01:00", "2011-11-02T13:38:12Z"]))
def test_moments_are_past_quarters_of_an_hour_that_can_be_read_back(number: int, style: str) -> None:
    when = moment(number)
    assert when <= EPOCH
    assert (when.minute % 15, when.second) == (0, 0)
    assert is_date_time(written(when, style))
    assert datetime.fromisoformat(written(when, style)) == when


@pytest.mark.parametrize(
    ("style", "shape"), [("2024-03-05T16:30:00", "0000-00-00T00:00:00"), ("2024-03-05T16:30", "0000-00-00T00:00")]
)
def test_dates_without_an_offset_stay_so(library: Contract, style: str, shape: str) -> None:
    schema = {"type": "string", "format": "date-time", "examples": [style]}
    texts = {one["Date"] for one in sampled(library, "en_US", Date=schema)}
    assert {"".join("0" if part.isdigit() else part for part in text) for text in texts} == {shape}
    assert all(map(is_loose_date_time, texts))
    assert len(texts) > 20


@pytest.mark.parametrize("name", ["FirstName", "City", "Title"])
def test_values_of_a_pool_vary_from_request_to_request(library: Contract, name: str) -> None:
    assert len({one[name] for one in sampled(library, "en_US", **{name: {"type": "string"}})}) > 20
