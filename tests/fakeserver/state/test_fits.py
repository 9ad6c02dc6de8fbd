"""Whatever callers write, all that is read then fits its documentation."""

import json
from functools import cache
from random import Random
from typing import Any, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.answers.answerer import Answerer
from docdouble.fakeserver.http.documented import documented_answer, response_schema
from docdouble.fakeserver.sampler import Sampler, Sampling
from docdouble.schemas import Call, Contract, Operation, Validator
from docdouble.schemas.contract.resources import Resource, Role
from docdouble.schemas.resources.signature import typed_value

POPULATION = 4
"""Few, so that what is written often refers to what was written, or deleted, before."""

LEFT_OUT = 0.25
"""Share of the properties that an entity is sent without."""

Nulls = Literal["sometimes", "never", "documented"]


class Caller:
    """Calls the operations of a contract that have a role; each answer has to fit."""

    def __init__(self, contract: Contract, nulls: Nulls) -> None:
        chosen = Settings(auth=False, nulls=nulls, population=POPULATION)
        self.contract, self.app, self.answerer = contract, FakeServer(contract, chosen), Answerer(contract, chosen)
        self.operations = {operation.id: operation for operation in contract.operations}
        self.entities = Sampler(contract, Sampling(7, nulls=nulls, population=2 * POPULATION))
        self.validator = cache(self._find_validator)

    def forget(self) -> None:
        assert self.app.worlds
        self.app.worlds.world("").replace(())

    def write(self, resource: Resource, random: Random) -> None:
        """Call one of the operations that change a resource, about an entity that there may be."""
        role = random.choice([role for role in resource.roles if role.writes])
        if role.name == "delete":
            return self.call(role, random.randint(1, POPULATION))
        view = self._view(role)
        whole = self.entities.entity(view, random.getrandbits(30)) if view else {}
        key = resource.views.get(view, "")
        sent = {name: value for name, value in whole.items() if name != key and random.random() > LEFT_OUT}
        is_known = role.name in ("save", "update") and role.key is None and key
        number = random.randint(1, POPULATION)
        return self.call(role, number, {**sent, key: number} if is_known else sent)

    def read(self, resource: Resource) -> None:
        """Call all operations that change nothing of a resource, about old and new entities."""
        for role in resource.roles:
            if not role.writes:
                for number in (1, 2, POPULATION + 1) if role.key else (1,):
                    self.call(role, number)

    def call(self, role: Role, number: int, entity: Any = None) -> None:
        """Call an operation about the entity with a key; ``entity`` is what is sent of it."""
        operation = self.operations[role.operation]
        sent = json.dumps(self._body(role, operation, number, entity)).encode() if operation.request else b""
        media_type = "application/merge-patch+json" if role.name == "patch" else "application/json"
        headers = (("Content-Type", media_type),) if sent else ()
        reply = self.app.handle(Call(headers, sent, operation.method, self._target(role, operation, number)))
        assert reply.status < 500, (role.operation, reply)
        if reply.status == 200:
            broken = self.validator(role.operation).violations(json.loads(reply.body))
            assert not any(violation.counts for violation in broken), (role.operation, number, broken)

    def _view(self, role: Role) -> str:
        """Return the type of the entities that an operation takes, as far as it says."""
        operation = self.operations[role.operation]
        media_types = operation.request.media_types if operation.request else ()
        schema = next((media_type.schema for media_type in media_types if media_type.schema is not None), {})
        if role.entity and role.entity.name:
            schema = self.contract.resolve(schema).get("properties", {}).get(role.entity.name, {})
        shown = response_schema(documented_answer(operation)) if role.name == "patch" else schema
        return typed_value(shown, self.contract).type

    def _body(self, role: Role, operation: Operation, number: int, entity: Any) -> Any:
        if entity is not None and role.entity and not role.entity.name:
            return entity
        body = self.answerer.sample_requests.body(operation)
        for place, stated in ((role.key, number), (role.entity, entity)):
            if place and place.location == "body" and stated is not None:
                value = [stated] if role.many else stated
                body = {**(body if isinstance(body, dict) else {}), place.name: value} if place.name else value
        return body

    def _target(self, role: Role, operation: Operation, number: int) -> str:
        path, query = operation.path, []
        for parameter in operation.parameters:
            is_key = role.key is not None and (role.key.location, role.key.name) == (parameter.location, parameter.name)
            value = number if is_key else self.answerer.sample_requests.parameter(operation, parameter)
            path = path.replace(f"{{{parameter.name}}}", str(value))
            query += [f"{parameter.name}={value}"] if parameter.location == "query" and parameter.required else []
        return f"{path}?{'&'.join(query)}" if query else path

    def _find_validator(self, operation: str) -> Validator:
        return Validator(response_schema(documented_answer(self.operations[operation])) or {}, self.contract)


def writable(contract: Contract) -> list[Resource]:
    """Return the resources that callers may change."""
    return [resource for resource in contract.resources.resources if any(role.writes for role in resource.roles)]


NULLS = pytest.mark.parametrize("nulls", ["sometimes", "never", "documented"])
SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def desks(hotel: Contract) -> dict[str, Caller]:
    return {nulls: Caller(hotel, nulls) for nulls in get_args(Nulls)}


@pytest.fixture(scope="module")
def references(corpus: Contract) -> dict[str, Caller]:
    return {nulls: Caller(corpus, nulls) for nulls in get_args(Nulls)}


@NULLS
@settings(max_examples=40)
@given(seed=SEEDS)
def test_a_hotel_after_any_writes(desks: dict[str, Caller], nulls: Nulls, seed: int) -> None:
    caller, random = desks[nulls], Random(seed)
    resources = writable(caller.contract)
    caller.forget()
    for _ in range(8):
        caller.write(random.choice(resources), random)
    for resource in resources:
        caller.read(resource)


@pytest.mark.slow
@NULLS
@settings(max_examples=10)
@given(seed=SEEDS)
def test_the_whole_reference_after_any_writes(references: dict[str, Caller], nulls: Nulls, seed: int) -> None:
    """A few resources at a time: those that were written, and others that may show them."""
    caller, random = references[nulls], Random(seed)
    resources = random.sample(writable(caller.contract), 6)
    caller.forget()
    for resource in resources[:4]:
        for _ in range(3):
            caller.write(resource, random)
    for resource in resources:
        caller.read(resource)
