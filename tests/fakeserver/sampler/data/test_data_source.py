"""One world: the same entity wherever it appears, and properties that agree with each other."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.fakeserver.sampler.explain_samples import explain_samples
from docdouble.fakeserver.sampler.seeds import POPULATION
from docdouble.schemas import Contract

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "format": "int32"}
MOMENT: Schema = {"type": "string", "format": "date-time"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(name: str) -> Schema:
    return {"anyOf": [ref(name), {"type": "null"}]}


def record(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


SCHEMAS: dict[str, Schema] = {
    "Contact": record(
        ContactId=NUMBER, Name=TEXT, Department=TEXT, CountryId=NUMBER, CountryName=TEXT, Owner=nullable("Person")
    ),
    "ContactEntity": record(
        Name=TEXT,
        ContactId=NUMBER,
        Department=TEXT,
        Country=nullable("Country"),
        Persons={"type": "array", "items": ref("Person")},
    ),
    "Country": record(CountryId=NUMBER, Name=TEXT, TwoLetterISOCountry=TEXT),
    "Person": record(
        PersonId=NUMBER, FirstName=TEXT, LastName=TEXT, FullName=TEXT, Email=TEXT, ContactId=NUMBER, ContactName=TEXT
    ),
    "Appointment": record(
        AppointmentId=NUMBER,
        ContactId=NUMBER,
        ContactName=TEXT,
        Contact=nullable("Contact"),
        PersonFullName=TEXT,
        Person=ref("Person"),
        StartDate=MOMENT,
        EndDate=MOMENT,
        CreatedDate=MOMENT,
        UpdatedDate=MOMENT,
        Links={"type": "array", "items": record(Name=TEXT)},
        ActiveLinks=NUMBER,
        LinkCount=NUMBER,
        Progress=NUMBER,
        Deleted={"type": "boolean"},
    ),
    "License": record(LicenseId=NUMBER, Total=NUMBER, InUse=NUMBER, Free=NUMBER),
    "QuoteLine": record(
        QuoteLineId=NUMBER,
        Quantity={"type": "number"},
        UnitListPrice={"type": "number"},
        DiscountPercent={"type": "number"},
        SubTotal={"type": "number"},
        DiscountAmount={"type": "number"},
        TotalPrice={"type": "number"},
    ),
    "Calendar": record(Days={"type": "array", "items": ref("Appointment")}, Host=ref("Person")),
}
CONTRACT = Contract("office", "1", (), SCHEMAS)


def sampler(nulls: str = "never", seed: int = 0) -> Sampler:
    return Sampler(CONTRACT, Sampling(seed=seed, nulls=nulls))  # type: ignore[arg-type]


def appointments(count: int = 60, nulls: str = "never") -> Iterator[dict[str, Any]]:
    drawn = sampler(nulls)
    return (drawn.sample(ref("Appointment"), 1, {"appointmentid": number}) for number in range(1, count))


def entity_of(drawn: Sampler, name: str, number: int) -> Any:
    return drawn.sample(ref(name), 99, {"id": number})


def test_an_entity_is_the_same_alone_and_nested() -> None:
    drawn = sampler()
    for appointment in appointments():
        alone = entity_of(drawn, "Contact", appointment["Contact"]["ContactId"])
        assert {**appointment["Contact"], "Owner": 0} == {**alone, "Owner": 0}
        assert entity_of(drawn, "Person", appointment["Person"]["PersonId"]) == appointment["Person"]


def test_views_of_an_entity_tell_the_same() -> None:
    drawn = sampler()
    for number in range(1, 40):
        first, second = entity_of(drawn, "Contact", number), entity_of(drawn, "ContactEntity", number)
        assert all(first[name] == second[name] for name in ("ContactId", "Name", "Department"))
        assert second["Country"]["CountryId"] == first["CountryId"] == 1
        assert second["Country"]["Name"] == first["CountryName"]


def test_ids_and_texts_beside_a_nested_entity_agree_with_it() -> None:
    for appointment in appointments():
        assert appointment["ContactId"] == appointment["Contact"]["ContactId"]
        assert appointment["ContactName"] == appointment["Contact"]["Name"]
        assert appointment["PersonFullName"] == appointment["Person"]["FullName"]


def test_the_persons_of_a_contact_belong_to_it() -> None:
    drawn = sampler()
    members = [person for number in range(1, 60) for person in entity_of(drawn, "ContactEntity", number)["Persons"]]
    assert len(members) > 20
    for number in range(1, 60):
        persons = entity_of(drawn, "ContactEntity", number)["Persons"]
        assert all(person["ContactId"] == number for person in persons)
        assert all(person == entity_of(drawn, "Person", person["PersonId"]) for person in persons)


def test_a_text_about_an_entity_is_the_text_of_that_entity() -> None:
    drawn = sampler()
    for number in range(1, 40):
        person = entity_of(drawn, "Person", number)
        assert person["ContactName"] == entity_of(drawn, "Contact", person["ContactId"])["Name"]


def test_a_text_about_an_entity_follows_the_rule_of_the_user() -> None:
    drawn = Sampler(CONTRACT, Sampling(nulls="never", samples={"Contact.Name": ["Acme", "Globex"]}))
    names = {number: entity_of(drawn, "Contact", number)["Name"] for number in range(1, POPULATION + 1)}
    assert set(names.values()) == {"Acme", "Globex"}
    for number in range(1, 40):
        person = entity_of(drawn, "Person", number)
        assert person["ContactName"] == names[person["ContactId"]]
    whys = {field.pointer: field.why for field in explain_samples(drawn, ref("Person"))}
    assert 'samples."Contact.Name"' in whys["/ContactName"]


def test_a_person_carries_its_own_name() -> None:
    for number in range(1, 40):
        person = entity_of(sampler(), "Person", number)
        assert person["FullName"] == f"{person['FirstName']} {person['LastName']}"
        assert person["Email"].startswith(f"{person['FirstName']}.{person['LastName']}@".lower())


def test_ids_are_of_entities_that_exist() -> None:
    drawn = sampler()
    ids = [appointment["ContactId"] for appointment in appointments(400)]
    assert min(ids) >= 1
    assert max(ids) <= POPULATION
    assert len(set(ids)) > POPULATION / 2
    assert len({entity_of(drawn, "Contact", number)["Name"] for number in range(1, 60)}) > 30


def test_moments_are_in_order() -> None:
    for appointment in appointments():
        assert appointment["StartDate"] < appointment["EndDate"]
        assert (
            appointment["CreatedDate"]
            <= appointment["UpdatedDate"]
            <= sampler().world.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        )


def test_counts_are_lengths_and_percentages_within_bounds() -> None:
    for appointment in appointments():
        assert appointment["ActiveLinks"] == appointment["LinkCount"] == len(appointment["Links"])
        assert 0 <= appointment["Progress"] <= 100


def test_few_entities_are_deleted() -> None:
    assert 1 <= sum(appointment["Deleted"] for appointment in appointments(300)) <= 50


def test_totals_are_sums() -> None:
    for number in range(1, 40):
        totals = entity_of(sampler(), "License", number)
        assert totals["Total"] == totals["InUse"] + totals["Free"]
        line = entity_of(sampler(), "QuoteLine", number)
        assert line["SubTotal"] == pytest.approx(line["Quantity"] * line["UnitListPrice"], abs=0.01)
        assert line["TotalPrice"] == pytest.approx(line["SubTotal"] - line["DiscountAmount"], abs=0.01)
        assert line["DiscountAmount"] == pytest.approx(line["SubTotal"] * line["DiscountPercent"] / 100, abs=0.01)


def test_what_is_stated_decides_what_is_shown() -> None:
    appointment = sampler().sample(
        ref("Appointment"), 1, {"appointmentid": 7, "contactid": 12, "startdate": "2020-02-02T12:00:00Z"}
    )
    assert (appointment["AppointmentId"], appointment["ContactId"], appointment["StartDate"]) == (
        7,
        12,
        "2020-02-02T12:00:00Z",
    )
    assert appointment["Contact"] == {**entity_of(sampler(), "Contact", 12), "Owner": appointment["Contact"]["Owner"]}
    assert appointment["ContactName"] == appointment["Contact"]["Name"]


def test_what_is_stated_is_reckoned_with() -> None:
    stated = {"quantity": 3.0, "unitlistprice": 10.0, "discountpercent": 50.0}
    line = sampler().sample(ref("QuoteLine"), 1, {"id": 7, **stated})
    assert (line["SubTotal"], line["DiscountAmount"], line["TotalPrice"]) == (30.0, 15.0, 15.0)
    assert sampler().sample(ref("QuoteLine"), 1, {**stated, "subtotal": 99.0})["SubTotal"] == 99.0


def test_a_list_shows_what_it_is_asked_for() -> None:
    drawn = sampler()
    people = {"type": "array", "items": ref("Person")}
    assert [person["PersonId"] for person in drawn.sample(people, 1, {"personids": [5, 3, 9]})] == [5, 3, 9]
    assert {person["ContactId"] for person in drawn.sample(people, 1, {"contactid": 8})} == {8}
    assert drawn.sample(people, 1, {"personids": [5]}) == [entity_of(drawn, "Person", 5)]


@pytest.mark.parametrize("number", [2**31, 0, -5])
def test_a_number_that_no_id_can_be_is_not_shown_in_a_list(number: int) -> None:
    shown = sampler().sample({"type": "array", "items": ref("Person")}, 1, {"personids": [number]})
    assert all(0 < person["PersonId"] < 2**31 for person in shown)


def test_items_of_a_list_are_different_entities() -> None:
    drawn = sampler()
    for key in range(60):
        ids = [person["PersonId"] for person in drawn.sample({"type": "array", "items": ref("Person")}, key)]
        assert len(ids) == len(set(ids))


def test_null_is_now_and_then_where_it_may_be() -> None:
    never, sometimes = list(appointments(200)), list(appointments(200, "sometimes"))
    assert not any(appointment["Contact"]["Owner"] is None for appointment in never)
    # an entity whose id stands beside it is there
    assert not any(appointment["Contact"] is None for appointment in sometimes)
    owners = [entity_of(sampler("sometimes"), "Contact", number)["Owner"] for number in range(1, 200)]
    assert 5 < owners.count(None) < 60


@pytest.mark.slow
def test_values_as_json_are_the_same_values() -> None:
    for name in SCHEMAS:
        for key in range(20):
            plain, encoded = (sampler("sometimes").sample(ref(name), key, encoded=form) for form in (False, True))
            assert orjson.loads(orjson.dumps(encoded)) == plain
            items: Schema = {"type": "array", "items": ref(name)}
            plain, encoded = (sampler().sample(items, key, {"contactid": 4}, encoded=form) for form in (False, True))
            assert orjson.loads(orjson.dumps(encoded)) == plain


def test_another_seed_is_another_world() -> None:
    first, second = (entity_of(sampler(seed=seed), "Person", 5) for seed in (1, 2))
    assert first["PersonId"] == second["PersonId"]
    assert first["FullName"] != second["FullName"]
