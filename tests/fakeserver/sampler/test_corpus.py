"""What is made of the whole reference: it fits, it is one world, and it is the same everywhere."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.http.documented import documented_answer, response_schema
from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.fakeserver.settings import Settings
from docdouble.schemas import Call, Contract, Validator
from docdouble.schemas.jsonschema.bundle import bundle
from docdouble.schemas.openapi.contract_file import contract_file_bytes
from docdouble.schemas.openapi.convert import to_openapi

pytestmark = pytest.mark.slow

Ask = Callable[..., Any]
BASIC = ("Authorization", "Basic ZGVzazpib29rcw==")


@pytest.fixture(scope="module")
def samplers(corpus: Contract) -> dict[str, Sampler]:
    return {nulls: Sampler(corpus, Sampling(nulls=nulls)) for nulls in ("never", "sometimes")}  # type: ignore[arg-type]


@given(st.data())
@settings(max_examples=150)
def test_every_answer_fits_and_both_validators_say_so(
    corpus: Contract, samplers: dict[str, Sampler], data: st.DataObject
) -> None:
    operation = data.draw(st.sampled_from(corpus.operations))
    schema = response_schema(documented_answer(operation))
    if schema is None:
        return
    key = data.draw(st.integers(0, 2**64 - 1))
    for sampler in samplers.values():
        value = orjson.loads(orjson.dumps(sampler.sample(schema, key, encoded=True)))
        assert value == sampler.sample(schema, key)
        assert Validator(schema, corpus).is_valid(value), operation.label
        assert jsonschema.Draft202012Validator(bundle(schema, corpus.schemas)).is_valid(value), operation.label


@pytest.fixture(scope="module")
def ask(corpus: Contract) -> Ask:
    """Return a function that sends a call to the fake of the whole reference and returns the answer's JSON."""
    app = FakeServer(corpus, Settings(state="off"))

    def sent(label: str, body: Any = None) -> Any:
        method, target = label.split(" ", 1)
        content = (("Content-Type", "application/json"),) if body is not None else ()
        reply = app.handle(Call((BASIC, *content), b"" if body is None else orjson.dumps(body), method, target))
        assert reply.status == 200, reply.body
        return orjson.loads(reply.body)

    return sent


def agreed(first: dict[str, Any], second: dict[str, Any]) -> set[str]:
    """Return the names under which both have a text, a number or a flag; these are the same."""
    both = {name for name in first.keys() & second.keys() if isinstance(first[name], str | int | float)}
    both = {name for name in both if isinstance(second[name], str | int | float)}
    assert {name: first[name] for name in both} == {name: second[name] for name in both}
    return both


@pytest.mark.parametrize("number", [5, 37, 120])
def test_a_contact_is_the_same_wherever_it_is_shown(ask: Ask, number: int) -> None:
    contact = ask(f"GET /api/v1/Contact/{number}")
    assert contact["ContactId"] == number
    agents = "POST /api/v1/Agents/Contact/"
    shown = {
        "entity": ask(f"{agents}GetContactEntity?contactEntityId={number}"),
        "simple": ask(f"{agents}GetContact?contactId={number}"),
        "persons": ask(f"{agents}GetContactWithPersons", {"ContactId": number}),
        "rest": ask(f"GET /api/v1/Contact/{number}/Simple"),
        "list": ask(f"{agents}GetContactList", {"ContactIds": [number]})[0],
        "saved": ask(f"{agents}SaveContactEntity", {"ContactId": number}),
        "put": ask(f"PUT /api/v1/Contact/{number}", {"ContactId": number}),
        "country": ask(f"{agents}ChangeCountry", {"ContactId": number, "CountryId": 1}),
    }
    for place, view in shown.items():
        assert {"ContactId", "Name", "Department"} <= agreed(contact, view), place


def test_a_contact_inside_others_is_the_one_of_its_own_endpoint(ask: Ask) -> None:
    holders = {
        "appointment": "POST /api/v1/Agents/Appointment/GetAppointmentEntity?appointmentEntityId={}",
        "appointment, rest": "GET /api/v1/Appointment/{}",
        "sale": "POST /api/v1/Agents/Sale/GetSaleEntity?saleEntityId={}",
        "sale, rest": "GET /api/v1/Sale/{}",
        "summary": "GET /api/v1/Contact/{}/Summary",
    }
    for place, label in holders.items():
        for number in (3, 8, 11, 40):
            inside = ask(label.format(number)).get("Contact")
            if inside is not None:
                alone = ask(f"GET /api/v1/Contact/{inside['ContactId']}")
                assert {"ContactId", "Name"} <= agreed(inside, alone), place


def test_the_rows_of_a_list_are_the_entities_of_their_endpoint(ask: Ask) -> None:
    rows = ask("GET /api/v1/Contact?$select=contactId,name,department&$top=5")["value"]
    assert len({row["contactId"] for row in rows}) == 5
    for row in rows:
        alone = ask(f"GET /api/v1/Contact/{row['contactId']}")
        assert (row["name"], row["department"]) == (alone["Name"], alone["Department"])


def test_texts_about_a_contact_are_its_own(ask: Ask) -> None:
    for number in (3, 8, 11):
        person = ask(f"GET /api/v1/Appointment/{number}")["Person"]
        contact = ask(f"GET /api/v1/Contact/{person['ContactId']}")
        assert person["ContactName"] == contact["Name"]


SCRIPT = """
import hashlib, random, sys
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, extract
contract = extract(sys.argv[1]).contract
app = FakeServer(contract, Settings(state="off"))
labels = sys.argv[3:]
random.Random(int(sys.argv[2])).shuffle(labels)
told = {}
for label in labels:
    method, target = label.split(" ", 1)
    headers = ("Authorization", "Basic ZGVzazpib29rcw=="), ("Content-Type", "application/json")
    call = Call(headers, b"{}", method, target)
    told[label] = hashlib.sha256(app.handle(call).body).hexdigest()
print(sorted(told.items()))
"""


def test_two_processes_answer_alike_in_any_order(corpus: Contract, tmp_path: Path) -> None:
    path = tmp_path / "contract.json"
    path.write_bytes(contract_file_bytes(to_openapi(corpus)))
    labels = [operation.label.replace("{id}", "5") for operation in corpus.operations[::40]]

    def answers(hash_seed: str, order: str) -> str:
        command = [sys.executable, "-c", SCRIPT, str(path), order, *labels]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    first, second = answers("1", "5"), answers("2", "6")
    assert first.count("POST") > 20
    assert first == second
