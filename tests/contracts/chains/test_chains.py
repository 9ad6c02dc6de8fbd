"""Chains of calls about one entity, against the fake: what they send, and what they leave behind."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.cases import Maker
from docdouble.contracts.cases.draft import Draft
from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.cases.purpose import Purposes
from docdouble.contracts.chains import Chains, with_before
from docdouble.contracts.chains.entity import changes, free_texts, key_of, new_entity, unlike_defaults
from docdouble.contracts.checks.check import Step
from docdouble.contracts.checks.helpers import is_like
from docdouble.contracts.client.placeholder_credentials import placeholder
from docdouble.contracts.client.target import WsgiTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.engine.successes import Conditions
from docdouble.contracts.generation.schemathesis import CallStrategies
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.canary import canary
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.safety.guard import Guard
from docdouble.contracts.safety.run_plan import Profile, plan_of
from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract, Reply, extract
from docdouble.schemas.jsonschema.directions import directed

Answer = Callable[[Call], Reply]


@dataclass
class Desk:
    """Sends cases to a fake, and remembers what chains say of it."""

    contract: Contract
    answer: Answer
    allowed: Callable[[Case], bool] = lambda case: True
    cases: list[Case] = field(default_factory=list)
    kept: dict[Any, Case] = field(default_factory=dict)

    def send(self, case: Case) -> Exchange | None:
        if not self.allowed(case):
            return None
        self.cases.append(case)
        call = case.call.with_headers(*placeholder(case.operation, self.contract))
        return Exchange(Subject(case.operation, self.contract), case, self.answer(call))

    def created(self, remove: Case, key: object) -> None:
        self.kept[key] = remove

    def removed(self, remove: Case, key: object) -> None:
        del self.kept[key]


def chain(contract: Contract, name: str, desk: Desk | None = None, **options: Any) -> tuple[Step, ...]:
    desk = desk or Desk(contract, FakeServer(contract).handle)
    maker = Maker(contract, Budget(), CallStrategies(contract), Purposes(contract), KnownValues(contract))
    return Chains(maker).steps(contract.operation(name), desk.send, desk, **options)


def summary(steps: tuple[Step, ...]) -> list[tuple[str, int]]:
    return [(step.role.name, step.exchange.reply.status) for step in steps]


def test_an_entity_is_made_read_changed_and_removed(hotel: Contract) -> None:
    assert summary(chain(hotel, "GuestEntity_Create")) == [
        ("draft", 200),
        ("create", 200),
        ("read", 200),
        ("read", 200),
        ("list", 200),
        ("update", 200),
        ("update", 412),  # on a condition that doesn't hold
        ("read", 200),
        ("patch", 200),
        ("patch", 412),
        ("read", 200),
        ("read", 200),
        ("delete", 204),
        ("read", 404),
        ("list", 200),
    ]


def test_a_patch_changes_what_it_documents(tmp_path: Path) -> None:
    text = {"type": "string"}

    def body(*names: str) -> dict[str, Any]:
        return {
            "content": {"application/json": {"schema": {"type": "object", "properties": dict.fromkeys(names, text)}}}
        }

    def operation(status: str, *sent: str) -> dict[str, Any]:
        answered = {"description": "", **body("id", "title", "summary", "text")}
        return {"responses": {status: answered}, **({"requestBody": body(*sent)} if sent else {})}

    key = {"name": "id", "in": "path", "required": True, "schema": text}
    item = {"parameters": [key], "get": operation("200"), "patch": operation("200", "summary", "status")}
    paths = {"/notes": {"post": operation("201", "title", "summary", "text")}, "/notes/{id}": item}
    file = tmp_path / "notes.json"
    file.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}))
    contract = extract(str(file)).contract
    desk = Desk(contract, FakeServer(contract).handle)
    chain(contract, next(operation.id for operation in contract.operations if operation.method == "POST"), desk)
    patches = [json.loads(case.call.body) for case in desk.cases if case.call.method == "PATCH"]
    assert {name for patch in patches for name in patch} == {"summary"}


def notebook(tmp_path: Path, made: dict[str, Any], schema: dict[str, Any], **item: Any) -> Contract:
    """The contract of notes in a list, of which one is made as documented; ``item`` is what can be done with one."""
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Note"}}
    listed = {"responses": {"200": {"description": "", "content": {"application/json": {"schema": rows}}}}}
    key = {"name": "id", "in": "path", "required": True, "schema": schema["properties"]["id"]}
    answered = {"responses": {"200": {"description": "", **content}}}
    paths = {
        "/notes": {"get": listed, "post": {"requestBody": content, "responses": made}},
        "/notes/{id}": {"parameters": [key], "put": {"requestBody": content, **answered}, **item},
    }
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "components": {"schemas": {"Note": schema}}}
    file = tmp_path / "notes.json"
    file.write_text(json.dumps({**document, "paths": paths}))
    return directed(extract(str(file)).contract)


def test_what_a_create_doesn_t_answer_is_found_in_the_list(tmp_path: Path) -> None:
    note = {"type": "object", "properties": {"id": {"type": "integer", "readOnly": True}, "title": {"type": "string"}}}
    gone = {"responses": {"204": {"description": ""}}}
    contract = notebook(tmp_path, {"204": {"description": ""}}, note, delete=gone)
    desk = Desk(contract, FakeServer(contract).handle)
    steps = chain(contract, next(operation.id for operation in contract.operations if operation.method == "POST"), desk)
    assert summary(steps) == [
        ("create", 204),
        ("list", 200),
        ("update", 200),
        ("list", 200),
        ("delete", 204),
        ("list", 200),
    ]
    number = max(row["id"] for row in steps[1].exchange.json)
    assert {step.exchange.call.path for step in steps if step.role.key} == {f"/notes/{number}"}
    assert not desk.kept


def test_a_patch_of_operations_changes_what_is_created(tmp_path: Path) -> None:
    note = {"type": "object", "properties": {"id": {"type": "integer"}, "title": {"type": "string"}}}
    step = {"type": "object", "properties": {"op": {"type": "string"}, "path": {"type": "string"}, "value": {}}}
    body = {"application/json-patch+json": {"schema": {"type": "array", "items": step}}}
    shown = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
    answered = {"200": {"description": "", **shown}}
    patch = {"requestBody": {"content": body}, "responses": answered}
    contract = notebook(tmp_path, {"201": answered["200"]}, note, get={"responses": answered}, patch=patch)
    desk = Desk(contract, FakeServer(contract).handle)
    chain(contract, next(operation.id for operation in contract.operations if operation.method == "POST"), desk)
    (patched,) = (json.loads(case.call.body) for case in desk.cases if case.call.method == "PATCH")
    assert [(change["op"], change["path"]) for change in patched] == [("replace", "/title")]


def test_what_is_only_read_is_not_sent(tmp_path: Path) -> None:
    text = {"type": "string"}
    note = {"type": "object", "properties": {"id": {**text, "readOnly": True}, "title": text}}
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
    make, change = (
        {"requestBody": content, "responses": {status: {"description": "", **content}}} for status in ("201", "200")
    )
    key = {"name": "id", "in": "path", "required": True, "schema": text}
    read = {"responses": {"200": {"description": "", **content}}}
    paths = {"/notes": {"post": make}, "/notes/{id}": {"parameters": [key], "get": read, "put": change}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "components": {"schemas": {"Note": note}}}
    file = tmp_path / "notes.json"
    file.write_text(json.dumps({**document, "paths": paths}))
    contract = directed(extract(str(file)).contract)
    desk = Desk(contract, FakeServer(contract).handle)
    chain(contract, next(operation.id for operation in contract.operations if operation.method == "POST"), desk)
    assert [[*json.loads(case.call.body)] for case in desk.cases if case.call.method == "PUT"] == [["title"]]


@pytest.mark.parametrize(
    ("kept", "tried"),
    [
        ((), [{"place", "title"}]),
        (("place",), [{"place", "title"}, {"title"}]),
        (("title",), [{"place", "title"}, {"title"}, {"place"}]),
        (("place", "title"), [{"place", "title"}, {"title"}, {"place"}, {"stars"}]),
    ],
)
def test_a_refused_change_is_tried_with_less(tmp_path: Path, kept: tuple[str, ...], tried: list[set[str]]) -> None:
    text, number = {"type": "string"}, {"type": "integer"}
    hut = {"type": "object", "properties": {"id": {**number, "readOnly": True}, "title": text, "place": text}}
    hut["properties"]["stars"] = number
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Hut"}}}}
    make, change = (
        {"requestBody": content, "responses": {status: {"description": "", **content}}} for status in ("201", "200")
    )
    key = {"name": "id", "in": "path", "required": True, "schema": number}
    read = {"responses": {"200": {"description": "", **content}}}
    paths = {"/huts": {"post": make}, "/huts/{id}": {"parameters": [key], "get": read, "put": change}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "components": {"schemas": {"Hut": hut}}}
    file = tmp_path / "huts.json"
    file.write_text(json.dumps({**document, "paths": paths}))
    contract = directed(extract(str(file)).contract)
    app = FakeServer(contract)
    known: dict[str, Any] = {}

    def keeping(call: Call) -> Reply:
        if call.method == "PUT" and any(json.loads(call.body)[name] != known[name] for name in kept):
            return Reply(status=422)
        reply = app.handle(call)
        known.update(json.loads(reply.body) if reply.status < 300 else {})
        return reply

    desk = Desk(contract, keeping)
    chain(contract, next(operation.id for operation in contract.operations if operation.method == "POST"), desk)
    made, *puts = (json.loads(case.call.body) for case in desk.cases if case.call.method in ("POST", "PUT"))
    assert [{name for name, value in put.items() if value != made[name]} for put in puts] == tried


def test_what_was_accepted_is_created_with_values_where_it_held_null(tmp_path: Path) -> None:
    hut = {"type": "object", "properties": {"id": {"type": "integer", "readOnly": True}, "valley": {"type": "integer"}}}
    hut["properties"]["chip"] = {"type": ["string", "null"], "pattern": "^[0-9]{8}$"}
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Hut"}}}}
    make = {"requestBody": content, "responses": {"201": {"description": "", **content}}}
    key = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    read = {"responses": {"200": {"description": "", **content}}}
    paths = {"/huts": {"post": make}, "/huts/{id}": {"parameters": [key], "get": read}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "components": {"schemas": {"Hut": hut}}}
    file = tmp_path / "huts.json"
    file.write_text(json.dumps({**document, "paths": paths}))
    contract = directed(extract(str(file)).contract)
    app = FakeServer(contract)

    def knowing_one_valley(call: Call) -> Reply:
        is_known = call.method != "POST" or json.loads(call.body)["valley"] == -5
        return app.handle(call) if is_known else Reply(status=404)

    desk = Desk(contract, knowing_one_valley)
    maker = Maker(contract, Budget(), CallStrategies(contract), Purposes(contract), KnownValues(contract))
    made = next(operation for operation in contract.operations if operation.method == "POST")
    accepted = Draft(made, contract, {}, {"valley": -5, "chip": None}, "application/json")
    maker.better.outcomes.accepted[made.id] = accepted
    Chains(maker).steps(made, desk.send, desk)
    refused, created = (json.loads(case.call.body) for case in desk.cases if case.call.method == "POST")
    assert created == {"valley": -5, "chip": refused["chip"]}
    assert created["chip"]


def test_saving_creates_and_changes(hotel: Contract) -> None:
    steps = chain(hotel, "GuestAgent_SaveGuestEntity")
    assert [name for name, status in summary(steps)][:6] == ["draft", "save", "read", "read", "list", "save"]


def test_what_is_written_tells_where_it_comes_from(hotel: Contract) -> None:
    texts = [step.exchange.json.get("Name") for step in chain(hotel, "GuestEntity_Create") if step.role.name == "read"]
    mark = canary(0, "GuestEntity_Create")
    assert mark.startswith("docdouble ")
    assert texts == [mark, mark, f"{mark} 1 1", f"{mark} 2 1", f"{mark} 2 1", None]


def test_the_same_seed_writes_the_same_texts() -> None:
    assert canary(1, "a") == canary(1, "a")
    assert len({canary(seed, name) for seed in range(3) for name in "ab"}) == 6


def test_every_call_keeps_to_the_documentation(hotel: Contract) -> None:
    purposes = Purposes(hotel)
    desk = Desk(hotel, FakeServer(hotel).handle)
    for name in ("GuestEntity_Create", "GuestAgent_SaveGuestEntity", "Room_Create"):
        chain(hotel, name, desk)
    assert {case.origin for case in desk.cases} == {Origin.CHAIN}
    assert {purposes.of(case.operation, case.call) for case in desk.cases} == {Purpose.VALID}


def test_what_was_created_is_known_to_exist_until_it_is_deleted(hotel: Contract) -> None:
    reads = [step for step in chain(hotel, "GuestEntity_Create") if step.role.name == "read"]
    assert [step.exchange.case.existing for step in reads] == [True] * 5 + [False]


def test_nothing_is_left_in_the_ledger(hotel: Contract) -> None:
    desk = Desk(hotel, FakeServer(hotel).handle)
    chain(hotel, "GuestEntity_Create", desk)
    assert desk.kept == {}


def test_what_could_not_be_deleted_stays_in_the_ledger(hotel: Contract) -> None:
    app = FakeServer(hotel)

    def failing(call: Call) -> Reply:
        return Reply(status=500) if call.method == "DELETE" else app.handle(call)

    desk = Desk(hotel, failing)
    steps = chain(hotel, "GuestEntity_Create", desk)
    assert summary(steps)[-1] == ("delete", 500)
    ((key, remove),) = desk.kept.items()
    assert remove.call.target == f"/guests/{key}"
    assert remove.call.method == "DELETE"


@pytest.mark.parametrize(("status", "others"), [(403, []), (400, ["POST"] * 4)])
def test_a_refused_creation_ends_the_chain_quietly(hotel: Contract, status: int, others: list[str]) -> None:
    """What was proposed is tried, then a sample; where another value may help, others."""
    app = FakeServer(hotel)

    def refusing(call: Call) -> Reply:
        return Reply(status=status) if call.method == "POST" else app.handle(call)

    desk = Desk(hotel, refusing)
    assert chain(hotel, "GuestEntity_Create", desk) == ()
    assert [case.call.method for case in desk.cases] == ["GET", "POST", "POST", *others]


def test_what_may_not_be_sent_is_left_out(hotel: Contract) -> None:
    def reads(case: Case) -> bool:
        return case.operation.effect != "write" and case.call.method == "GET"

    assert chain(hotel, "GuestEntity_Create", Desk(hotel, FakeServer(hotel).handle, reads)) == ()


def test_a_read_that_fails_does_not_keep_it_from_being_deleted(hotel: Contract) -> None:
    app = FakeServer(hotel)

    def failing(call: Call) -> Reply:
        return Reply(status=500) if call.method == "GET" and call.target != "/guests/default" else app.handle(call)

    assert ("delete", 204) in summary(chain(hotel, "GuestEntity_Create", Desk(hotel, failing)))


@pytest.fixture
def notes(tmp_path: Path) -> Contract:
    """Notes that can be made and read, but not removed."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {
            "/notes": {"post": operation("Make", body=True)},
            "/notes/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "get": operation("Get"),
            },
        },
        "components": {"schemas": {"Note": NOTE}},
    }
    file = tmp_path / "notes.json"
    file.write_text(json.dumps(document))
    return extract(str(file)).contract


NOTE = {"type": "object", "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}}


def operation(name: str, *, body: bool = False) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}
    request = {"requestBody": {"required": True, "content": content}} if body else {}
    return {"operationId": name, **request, "responses": {"200": {"description": "", "content": content}}}


def test_where_entities_must_be_removed_nothing_is_made_that_can_not_be(notes: Contract) -> None:
    assert summary(chain(notes, "Make")) == [("create", 200), ("read", 200)]
    assert chain(notes, "Make", must_remove=True) == ()


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"Id": 5}, 5),
        ({"id": "a1"}, "a1"),
        ([{"ID": 7}], 7),
        (12, 12),
        ({"id": 0}, None),
        ({"id": None, "name": "x"}, None),
        ([], None),
        (None, None),
        (True, None),
    ],
)
def test_the_key_in_a_reply(body: Any, key: Any) -> None:
    assert key_of(body, iter(["Id"])) == key


def test_the_key_in_a_location(notes: Contract) -> None:
    def located(call: Call) -> Reply:
        if call.method == "POST":
            return Reply((("Location", "/notes/77?x=1"),), status=201)
        return Reply((("Content-Type", "application/json"),), json.dumps({"id": 77}).encode())

    steps = chain(notes, "Make", Desk(notes, located))
    assert [step.exchange.call.target for step in steps] == ["/notes", "/notes/77"]


@pytest.mark.parametrize("status", [200, 201])
def test_an_entity_that_was_there_before_is_not_touched(hotel: Contract, status: int) -> None:
    app = FakeServer(hotel)

    def knowing(call: Call) -> Reply:
        if (call.method, call.target) != ("POST", "/guests"):
            return app.handle(call)
        return replace(app.handle(Call(call.headers, b"", "GET", "/guests/7")), status=status)

    desk = Desk(hotel, knowing)
    assert summary(chain(hotel, "GuestEntity_Create", desk)) == [("draft", 200), ("create", status)]
    assert {case.call.method for case in desk.cases} == {"GET", "POST"}
    assert desk.kept == {}


def test_an_entity_of_which_only_the_key_is_known_is_read_before_it_is_touched(notes: Contract) -> None:
    texts = ["Ada", canary(0, "Make")]

    def keyed(call: Call) -> Reply:
        body = 5 if call.method == "POST" else {"id": 5, "text": texts[0]}
        return Reply((("Content-Type", "application/json"),), json.dumps(body).encode())

    assert summary(chain(notes, "Make", Desk(notes, keyed))) == [("create", 200), ("read", 200)]
    texts.pop(0)
    assert summary(chain(notes, "Make", Desk(notes, keyed))) == [("create", 200), ("read", 200), ("read", 200)]


def test_entities_without_a_text_are_distinguished_by_their_values() -> None:
    sent = {"Rank": 3, "Kind": "b", "Note": None}
    assert is_like({"rank": 3.0, "kind": "b", "id": 4}, sent)
    assert not is_like({"rank": 4, "kind": "c", "id": 4}, sent)


def test_a_new_entity_has_no_key_and_the_text(hotel: Contract) -> None:
    assert new_entity({"Id": 4, "Name": "x", "Rank": 1}, "id", ["name"], "t") == {"Id": 0, "Name": "t", "Rank": 1}
    assert new_entity({"id": "abc", "name": "x"}, "id", ["name"], "t") == {"name": "t"}
    assert new_entity({"Deleted": True, "Name": "x"}, "id", [], "t") == {"Deleted": False, "Name": "x"}
    new = changes({"Name": "x", "Rank": 1}, ["name", "note"], "t", {}, hotel)
    assert [*new] == [{"Name": "t 1", "note": "t 2"}, {"Name": "t 1"}, {"note": "t 2"}]


def test_flags_of_a_new_entity_are_not_as_they_are_by_default() -> None:
    flag = {"type": "boolean", "default": True}
    schema = {"properties": {"Active": flag, "open": flag, "free": {"type": "boolean"}, "deleted": flag}}
    entity = {"active": True, "open": False, "free": True, "deleted": True, "name": "x"}
    assert unlike_defaults(entity, schema, Contract("a", "1", ())) == {**entity, "active": False}


def test_texts_that_mean_something_to_the_server_are_left_alone() -> None:
    free = {"type": "string"}
    properties = {
        "Key": free,
        "CountryCode": free,
        "UpdatedBy": free,
        "Kind": {"type": "string", "enum": ["a"]},
        "When": {"type": "string", "format": "date-time"},
        "Short": {"type": "string", "maxLength": 10},
        "Rank": {"type": "integer"},
        "Other": {"type": ["string", "null"]},
        "Name": free,
    }
    contract = Contract("", "", ())
    assert free_texts({"type": "object", "properties": properties}, contract) == ["Name", "Other"]


def test_findings_tell_what_was_sent_before(hotel: Contract) -> None:
    steps = chain(hotel, "GuestEntity_Create")
    finding = Finding("x", Severity.NOTE, "op", "", "", case=steps[2].exchange.case)
    alone = Finding("x", Severity.NOTE, "op", "", "", case=steps[0].exchange.case)
    first, second = with_before([finding, alone], steps)
    assert first.before == (steps[0].exchange.case, steps[1].exchange.case)
    assert second.before == ()


def test_a_careful_run_changes_only_what_it_has_made(hotel: Contract) -> None:
    app = FakeServer(hotel)
    plan = plan_of(hotel, Profile.CAREFUL, {}, ("classified",))
    transport = Transport(WsgiTarget(app), Guard(plan, hotel), Budget(max_examples=0))
    runner = Runner(hotel, transport, Budget(max_examples=0), conditions=Conditions(is_careful=True))
    assert app.worlds
    for name in ("GuestEntity_Create", "GuestEntity_Put", "GuestEntity_Delete"):
        result = runner.verify(hotel.operation(name))
        assert not [finding for finding in result.findings if finding.severity is Severity.ERROR]
        assert name != "GuestEntity_Create" or result.statuses[204] == 1
        rows = app.worlds.world("").rows()
        assert all(row.number > app.settings.population and row.values is None for row in rows)
    assert rows
    assert transport.tear_down() == ()


def test_a_creation_that_tells_no_key_is_not_tried_again(notes: Contract) -> None:
    desk = Desk(notes, lambda call: Reply((("Content-Type", "application/json"),), b"{}"))
    chain(notes, "Make", desk)
    assert [case.call.method for case in desk.cases] == ["POST"]


@pytest.fixture
def boats(tmp_path: Path) -> Contract:
    """Boats that can be made, read and removed."""
    boat = {
        "type": "object",
        "required": ["name", "length"],
        "properties": {"name": {"type": "string"}, "length": {"type": "integer", "minimum": 1}},
    }
    shown = {**boat, "properties": {"id": {"type": "integer"}, **boat["properties"]}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Boat"}}}
    answers = {"201": {"description": "", "content": content}}
    body = {"required": True, "content": {"application/json": {"schema": boat}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {
            "/boats": {"post": {"operationId": "Make", "requestBody": body, "responses": answers}},
            "/boats/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "get": {"operationId": "Get", "responses": answers},
                "delete": {"operationId": "Drop", "responses": answers},
            },
        },
        "components": {"schemas": {"Boat": shown}},
    }
    file = tmp_path / "boats.json"
    file.write_text(json.dumps(document))
    return extract(str(file)).contract


@pytest.mark.parametrize("is_careful", [False, True])
def test_what_lost_its_text_is_removed_only_where_nobody_else_is(boats: Contract, is_careful: bool) -> None:
    def forgetting(call: Call) -> Reply:
        body = {"id": 5, "length": json.loads(call.body)["length"]} if call.method == "POST" else {"id": 5}
        return Reply((("Content-Type", "application/json"),), json.dumps(body).encode(), status=201)

    desk = Desk(boats, forgetting)
    chain(boats, "Make", desk, must_remove=is_careful)
    assert ("DELETE" in {case.call.method for case in desk.cases}) is not is_careful


def test_what_tells_alternatives_apart_is_not_changed(hotel: Contract) -> None:
    def kind(name: str) -> dict[str, Any]:
        return {"properties": {"kind": {"enum": [name]}, "open": {"type": "boolean"}}}

    new = changes({"kind": "bar", "open": True}, [], "t", {"oneOf": [kind("bar"), kind("spa")]}, hotel)
    assert list(new) == [{"open": False}]


def test_an_object_inside_changes_where_nothing_else_can(hotel: Contract) -> None:
    inside = {"type": "object", "properties": {"title": {"type": "string"}, "open": {"type": "boolean"}}}
    schema = {"properties": {"owner": inside, "attributes": inside}}
    entity = {"owner": {"id": 3, "title": "a"}, "attributes": {"title": "a", "open": True}}
    first, *_ = changes(entity, [], "t", schema, hotel)
    assert first == {"attributes": {"title": "t 1", "open": True}}


def test_the_text_is_written_where_replies_show_it(tmp_path: Path) -> None:
    text = {"type": "string"}
    shown = {"type": "object", "properties": {"id": {"type": "integer"}, "words": text}}
    sent = {"type": "object", "properties": {"title": text, "words": text}}
    answered = {"200": {"description": "", "content": {"application/json": {"schema": shown}}}}
    contract = notebook(tmp_path, answered, shown, get={"responses": answered})
    document = json.loads((tmp_path / "notes.json").read_text())
    document["paths"]["/notes"]["post"]["requestBody"] = {"content": {"application/json": {"schema": sent}}}
    (tmp_path / "notes.json").write_text(json.dumps(document))
    contract = directed(extract(str(tmp_path / "notes.json")).contract)
    steps = chain(contract, next(operation.id for operation in contract.operations if operation.method == "POST"))
    assert summary(steps)[:2] == [("create", 200), ("read", 200)]
    assert json.loads(steps[0].exchange.call.body)["words"].startswith("docdouble")


def test_a_change_that_names_its_entity_in_the_body_keeps_the_name(tmp_path: Path) -> None:
    properties = {"name": {"type": "string"}, "value": {"type": "string"}}
    setting = {"type": "object", "properties": properties, "required": ["name", "value"]}
    content = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Setting"}}}}
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Setting"}}
    done = {"responses": {"204": {"description": ""}}}
    key = {"name": "settingName", "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {
        "/settings": {
            "get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": rows}}}}},
            "put": {"operationId": "Set", "requestBody": content, **done},
        },
        "/settings/{settingName}": {"parameters": [key], "delete": done},
    }
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({**document, "components": {"schemas": {"Setting": setting}}}))
    contract = extract(str(file)).contract
    listed, put, shown = chain(contract, "Set")
    assert json.loads(put.exchange.call.body)["name"] == listed.exchange.json[0]["name"]
    assert json.loads(put.exchange.call.body) in shown.exchange.json
