"""Data that people believe: what a property means, by its name, its owner and its samples; other locales."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import faker
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.fakeserver.sampler.data.data_source import DataSource
from docdouble.fakeserver.sampler.data.faker_pools import SHIPPED, SIZE, Pools, known_locales
from docdouble.fakeserver.sampler.data.patterns import filled_pattern
from docdouble.fakeserver.sampler.data.vocabulary import TEXTS
from docdouble.fakeserver.sampler.meaning.text_rules import (
    FORMATS,
    RULES,
    SampleRule,
    TextField,
    ValueSource,
    choose_source,
    words,
)
from docdouble.fakeserver.sampler.seeds import mix
from docdouble.schemas import ConfigError, Contract
from docdouble.schemas.dialects.superoffice import SUPEROFFICE

MakeContract = Callable[..., Contract]
KEYS = [mix(number, 7) for number in range(40)]


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
        ("Address2Line", "address 2 line"),
        ("already spoken", "already spoken"),
        ("", ""),
    ],
)
def test_names_are_read_as_words(name: str, spoken: str) -> None:
    assert words(name) == spoken


@pytest.mark.parametrize(
    ("owner", "name", "source"),
    [
        ("", "EmailAddress", "person e-mail"),
        ("", "e_mail", "person e-mail"),
        ("contact", "EmailAddress", "company e-mail"),
        ("", "FromAddress", "person e-mail"),
        ("", "ExternalGuid", "uuid4"),
        ("", "JoinVideomeetUrl", "url"),
        ("company", "WebSite", "web site"),
        ("", "MobilePhone", "phone_number"),
        ("", "Telephone", "phone_number"),
        ("", "phoneNumbers", "phone_number"),
        ("", "FaxNumber", "word"),
        ("contact phone", "Value", "phone_number"),
        ("person emails", "Value", "person e-mail"),
        ("contact emails", "Value", "company e-mail"),
        ("", "FirstName", "first name"),
        ("", "surname", "last name"),
        ("", "FullName", "full name"),
        ("", "FormalName", "formal name"),
        ("", "AssociateName", "full name"),
        ("", "SaleAssociateName", "full name"),
        ("associate", "Name", "full name"),
        ("associate", "Title", "position"),
        ("", "MrMrs", "prefix"),
        ("contact emails", "StrippedValue", "company e-mail"),
        ("person emails", "StrippedValue", "person e-mail"),
        ("contact phone", "StrippedValue", "phone_number"),
        ("person urls", "StrippedValue", "web site"),
        ("", "Postit", "text"),
        ("person", "Name", "full name"),
        ("contact", "Name", "company"),
        ("product", "Name", "product"),
        ("project", "Name", "project"),
        ("ticket priority", "Name", "priority"),
        ("country", "Name", "country"),
        ("currency", "Name", "currency"),
        ("", "UserName", "user name"),
        ("", "loginName", "user name"),
        ("", "CompanyName", "company"),
        ("", "City", "city"),
        ("", "CountryCode", "country code"),
        ("", "ThreeLetterISOCountry", "country long code"),
        ("", "Country", "country"),
        ("", "PostalCode", "zip code"),
        ("", "zip", "zip code"),
        ("", "StreetAddress", "street"),
        ("", "Address1", "street"),
        ("", "FormattedAddress", "address"),
        ("", "IPAddress", "ipv4"),
        ("", "Currency", "currency code"),
        ("", "LanguageCode", "language code"),
        ("", "PreferredCulture", "culture"),
        ("", "TimeZone", "time zone"),
        ("", "FileName", "file_name"),
        ("", "ContentType", "mime_type"),
        ("", "TextColour", "hex_color"),
        ("", "JobTitle", "job"),
        ("", "HostName", "domain"),
        ("", "OrgNr", "numerify:%########"),
        ("", "Location", "room"),
        ("", "Title", "title"),
        ("", "Description", "text"),
        ("", "InternalNotes", "text"),
        ("", "Name", "label"),
        ("", "Completed", "word"),
        ("", "Citylights", "word"),
        ("", "", "word"),
    ],
)
def test_a_property_name_and_its_owner_choose_the_source(owner: str, name: str, source: str) -> None:
    assert choose_source(TextField(name, owner), SUPEROFFICE.sample_rules).source == source


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_format_wins_over_the_name(format_name: str) -> None:
    assert choose_source(TextField("City", format=format_name)).source == FORMATS[format_name]


def test_a_format_that_nobody_knows_leaves_it_to_the_name() -> None:
    assert choose_source(TextField("City", format="shelf-mark")).source == "city"


@pytest.mark.parametrize(
    ("name", "kinds", "source"),
    [
        ("Number", {"phone": 8}, "numerify:%######"),
        ("Number", {"number": 8, "word": 2}, "numerify:%######"),
        ("Link", {"url": 3}, "url"),
        ("EmailName", {"email": 3}, "person e-mail"),
        ("CompanyUrlName", {"url": 3}, "url"),
        ("Homepage", {"url": 3}, "url"),
        ("Duration", {"span": 3}, "span"),
        ("Shelf", {"uuid": 3}, "uuid4"),
        ("Shelf", {"uuid": 1, "word": 2}, "word"),
        ("City", {"number": 9}, "city"),
        ("Title", {"word": 9, "words": 1}, "short title"),
        ("Title", {"word": 1, "words": 9}, "title"),
        ("Tooltip", {"word": 1, "words": 9}, "text"),
        ("Shelf", {"words": 9}, "text"),
        ("Name", {"words": 9}, "long label"),
        ("CreatedBy", {"word": 9}, "user name"),
    ],
)
def test_samples_say_what_kind_of_text_it_is(name: str, kinds: dict[str, int], source: str) -> None:
    assert choose_source(TextField(name, kinds=tuple(kinds.items()))).source == source


def test_what_samples_mostly_show_empty_is_mostly_empty() -> None:
    assert choose_source(TextField("RejectReason", kinds=(("empty", 9), ("words", 1)))).seldom
    assert not choose_source(TextField("RejectReason", kinds=(("empty", 5), ("words", 5)))).seldom
    drawn = [DataSource(0, "en_US").draw(ValueSource("text", "", seldom=True))(key, key) for key in KEYS]
    assert 20 < drawn.count("") < 40


def test_seen_terms_are_chosen_from_where_the_name_is_not_firm() -> None:
    seen = {"kinds": (("word", 4),), "examples": ("Open", "Closed")}
    assert choose_source(TextField("Access", **seen)).values == ("Open", "Closed")  # type: ignore[arg-type]
    assert choose_source(TextField("FirstName", **seen)).source == "first name"  # type: ignore[arg-type]


def test_a_description_tells_where_the_name_does_not() -> None:
    assert (
        choose_source(TextField("Sender2", description="The e-mail address that replies go to")).source
        == "person e-mail"
    )


def test_rules_of_plugins_come_first() -> None:
    added = (SampleRule("city", "shelf", owner="branch", firm=True),)
    assert choose_source(TextField("City", "branch"), added).source == "shelf"
    assert choose_source(TextField("City", "library"), added).source == "city"


def test_an_entity_has_several_people() -> None:
    world = DataSource(0, "en_US")
    customer, own = (choose_source(TextField(name)) for name in ("CustomerEmail", "Email"))
    assert customer.of == "customer"
    assert world.draw(customer)(1, 5) != world.draw(own)(1, 5)
    assert world.draw(customer)(1, 5) == world.draw(customer)(2, 5)


@pytest.mark.parametrize("locale", ["en_US", "no_NO", "de_DE", "ja_JP", "zh_CN", "hu_HU", "cs_CZ", "ar_SA", "tl_PH"])
def test_every_rule_has_texts_in_any_locale(locale: str) -> None:
    world = DataSource(0, locale)
    for source in {*FORMATS.values(), *(rule.source for rule in RULES), *TEXTS, "span", "moment", "type name", "word"}:
        texts = [world.draw(ValueSource(source, ""))(key, key) for key in KEYS]
        assert all(type(text) is str and (text or source == "prefix") for text in texts), source


@pytest.mark.slow
def test_every_locale_of_faker_makes_a_world() -> None:
    for locale in known_locales():
        if locale != "fr_QC":  # Faker warns that it goes
            world = DataSource(0, locale)
            assert world.draw(ValueSource("country", ""))(1, 1)
            assert "@" in world.draw(ValueSource("person e-mail", ""))(1, 1)


def test_a_person_is_one_person() -> None:
    world = DataSource(0, "en_US")
    for key in KEYS:
        first, last, full, formal, initials, email, user = (
            world.draw(ValueSource(source, ""))(key, key)
            for source in (
                *("first name", "last name", "full name", "formal name", "initials"),
                *("person e-mail", "user name"),
            )
        )
        assert (full, formal, initials) == (f"{first} {last}", f"{last}, {first}", first[0] + last[0])
        assert email.startswith(f"{first}.{last}@".lower().replace("'", ""))
        assert user == (first[0] + last).lower().replace("'", "")


@pytest.mark.parametrize(
    ("locale", "country", "code", "currency"),
    [("no_NO", "Norge", "NO", "NOK"), ("en_US", "United States", "US", "USD"), ("de_DE", "Deutschland", "DE", "EUR")],
)
def test_a_country_fits_its_locale(locale: str, country: str, code: str, currency: str) -> None:
    world = DataSource(0, locale)
    sources = ("country", "country code", "currency code")
    assert [world.draw(ValueSource(source, ""))(5, 5) for source in sources] == [country, code, currency]


def test_other_countries_are_named_in_the_words_of_the_language() -> None:
    world = DataSource(0, "no_NO", "de_DE")
    draw = world.draw(ValueSource("country", ""))
    names = {draw(1, world.entity("country", number)) for number in range(1, 100)}
    assert len(names) == 99
    assert draw(1, world.entity("country", 1)) == "Norwegen"


def test_letters_of_all_languages_make_a_mailbox() -> None:
    for locale in ("no_NO", "ja_JP", "ru_RU", "ar_SA", "el_GR"):
        emails = [DataSource(0, locale).draw(ValueSource("person e-mail", ""))(key, key) for key in KEYS]
        assert all(email.isascii() and not email.startswith((".", "x.x@")) for email in emails), emails


def test_a_pool_depends_on_locale_and_provider_alone() -> None:
    def drawn(pools: Pools, *others: str) -> list[str]:
        for other in others:
            pools.draw(other)(5, 5)
        return [pools.draw("company")(key, key) for key in KEYS]

    assert drawn(Pools("de_DE")) == drawn(Pools("de_DE"), "city", "job")
    assert len({tuple(drawn(Pools(locale))) for locale in ("en_US", "de_DE", "no_NO")}) == 3


def test_a_provider_that_faker_has_not_is_named() -> None:
    with pytest.raises(ConfigError, match=r"provider: 'copany' is not a provider of Faker; did you mean 'company'\?"):
        Pools("en_US").draw("copany")
    assert Pools("en_US").draw("credit_card_number")(5, 5).isdigit()


def test_the_pools_that_are_shipped_are_those_of_faker() -> None:
    shipped = orjson.loads(SHIPPED.read_bytes())
    for provider, values in shipped["pools"].items():
        assert len(values) == SIZE
        if shipped["faker"] == faker.VERSION:
            assert Pools("en_US").values(provider) == values, provider


def test_the_usual_locale_needs_no_faker() -> None:
    script = """
import sys
from docdouble.fakeserver.sampler.data.data_source import DataSource
from docdouble.fakeserver.sampler.meaning.text_rules import RULES, ValueSource
world = DataSource(0, "en_US")
for rule in RULES:
    world.draw(ValueSource(rule.source, ""))(5, 5)
assert "faker" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@given(st.integers(0, 2**64 - 1))
def test_a_pattern_is_filled(key: int) -> None:
    assert re.fullmatch(r"[1-9]\d-[A-Z]x", filled_pattern("%#-?x", key))


def sampled(contract: Contract, locale: str, **properties: Any) -> list[Any]:
    schema = {"type": "object", "properties": properties}
    sampler = Sampler(contract, Sampling(locale=locale))
    return [sampler.sample(schema, key) for key in range(40)]


def test_another_locale_gives_other_places(library: Contract) -> None:
    text = {"type": "string"}
    norwegian = {row["PostalCode"] for row in sampled(library, "no_NO", PostalCode=text)}
    assert {len(code) for code in norwegian} == {4}
    assert {len(row["PostalCode"]) for row in sampled(library, "en_US", PostalCode=text)} == {5}


@pytest.mark.parametrize(("locale", "nearest"), [("no_NN", "no_NO"), ("de_DD", "de_DE")])
def test_a_wrong_locale_names_the_nearest(library: Contract, locale: str, nearest: str) -> None:
    with pytest.raises(ConfigError) as raised:
        FakeServer(library, Settings(locale=locale))
    assert str(raised.value) == f"locale: {locale!r} is not a locale of Faker; did you mean {nearest!r}?"


@pytest.mark.parametrize("name", ["FirstName", "City", "Title"])
def test_values_of_a_pool_vary_from_request_to_request(library: Contract, name: str) -> None:
    assert len({row[name] for row in sampled(library, "en_US", **{name: {"type": "string"}})}) > 15


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_name_has_a_meaning(name: str, owner: str, description: str) -> None:
    choice = choose_source(TextField(name, owner, description))
    assert choice.source
    assert choice.why
