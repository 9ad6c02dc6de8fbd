"""The cases of an operation: valid ones are valid, hostile ones break what they say, and all get their turn."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.cases.purpose import Purposes
from docdouble.contracts.cases.texts import ODD
from docdouble.contracts.model.case import Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Contract, Operation, Parameter, Reply, Validator, extract

from .library import ANSWERS, FIND, LIBRARY, REFERENCE, SAMPLE, SAVE, cases, line, maker

MANY = 400


@pytest.fixture(scope="module")
def contacts() -> Contract:
    return extract(str(Path(__file__).parents[2] / "fakeserver" / "contact")).contract


def of(generated: list[Case], origin: Origin) -> list[Case]:
    return [case for case in generated if case.origin is origin]


def tried(generated: list[Case], name: str) -> list[Any]:
    """What the JSON bodies hold under a name, where the case is about that."""
    about = [case for case in generated if case.about.startswith(f"body/{name}:")]
    return [json.loads(case.call.body).get(name, "left out") for case in about]


@pytest.mark.parametrize("number", range(5))
def test_the_fake_takes_what_is_valid_and_refuses_what_is_hostile(contacts: Contract, number: int) -> None:
    fake = FakeServer(contacts, Settings(auth=False, state="off"))
    for case in cases(contacts.operations[number], contacts, boundaries=60):
        status = fake.handle(case.call).status
        # a path may name a number that no entity has
        assert status in (200, 204, 404) if case.purpose is Purpose.VALID else 400 <= status < 500, case


def test_the_edges_of_every_constraint_are_tried() -> None:
    generated = of(cases(SAVE, boundaries=MANY), Origin.BOUNDARY)
    assert {len(title) for title in tried(generated, "title")} >= {1, 40}
    assert set(tried(generated, "pages")) == {1, 2, 2**31 - 1, 2**31 - 2, "left out"}
    assert set(tried(generated, "kind")) == {"novel", "poems"}
    assert {0, 5, 0.1} <= set(tried(generated, "rating"))
    assert set(tried(generated, "lent")) == {True, False}
    assert set(tried(generated, "bought")) == {
        *("2024-02-29T12:30:00Z", "2024-06-15T23:59:59.9999999+02:00", "0001-01-01T00:00:00Z"),
        *("9999-12-31T23:59:59Z", "1970-01-01T00:00:00-11:00", "2000-02-29T00:00:00+14:00"),
    }
    assert {len(tags) for tags in tried(generated, "tags")} == {0, 1, 3}
    assert None in tried(generated, "sequel")
    assert any("😀" in title for title in tried(generated, "title"))


def test_what_is_tried_inside_is_put_where_it_belongs() -> None:
    bodies = {
        case.about: json.loads(case.call.body) for case in cases(SAVE, boundaries=MANY) if "/author/" in case.about
    }
    assert bodies["body/author/name: one blank"] == {**SAMPLE, "author": {"name": " "}}


@pytest.mark.parametrize("effect", ["read", "write"])
def test_a_lone_surrogate_is_sent_only_where_nothing_is_kept(effect: Any) -> None:
    descriptions = [case.about for case in cases(replace(SAVE, effect=effect), boundaries=MANY)]
    assert ("body/title: a lone surrogate" in descriptions) is (effect == "read")


def test_every_valid_body_fits_its_schema() -> None:
    validator = Validator(REFERENCE, LIBRARY)
    valid = [case for case in cases(SAVE, boundaries=MANY) if case.purpose is Purpose.VALID]
    bodies = [json.loads(case.call.body) for case in valid if case.call.media_type == "application/json"]
    assert len(bodies) > 40
    assert all(map(validator.accepts, bodies))


def test_hostile_cases_name_what_they_break_and_where_it_is_documented() -> None:
    generated = [case for case in cases(SAVE, boundaries=MANY) if case.origin is Origin.HOSTILE]
    broken = {(case.breach.place, case.breach.rule): str(case.breach.evidence) for case in generated if case.breach}
    assert len(broken) >= 20
    assert broken["body/title", "maxLength"] == "book.md:11"
    assert broken["body/pages", "maximum"] == "book.md:12"
    assert broken["body/pages", "minimum"] == "book.md:12"
    assert broken["body/kind", "enum"] == "book.md:13"
    assert broken["body/bought", "format"] == "book.md:16"
    assert broken["body/code", "pattern"] == "book.md:17"
    assert broken["body/tags", "uniqueItems"] == "book.md:18"
    assert broken["body/author/name", "required"] == "book.md:20"
    assert broken["path/id", "type"] == "book.md:5"
    assert broken["body", "media-type"] == broken["body", "unique"] == broken["body", "syntax"] == "book.md:9"
    assert all(case.about for case in generated)
    assert {case.about for case in generated if case.purpose is not Purpose.HOSTILE} == CONVERTIBLE
    assert {case.purpose for case in generated if case.about in CONVERTIBLE} == {Purpose.CONVERTIBLE}


CONVERTIBLE = {
    *(f"body/{name}: a number" for name in ("title", "code", "bought", "tags/*", "author/name")),
    *(f"body/{name}: true" for name in ("title", "code", "bought", "tags/*", "author/name", "pages", "rating")),
    "path/id: '0x10'",
}
"""What a server that converts texts, numbers and truth values takes without a loss."""


@pytest.mark.parametrize("seed", range(3))
def test_a_valid_random_call_has_only_what_is_documented(seed: int) -> None:
    generated = [case for case in cases(FIND, max_examples=20, seed=seed) if case.origin is Origin.RANDOM]
    valid = [case for case in generated if case.purpose is Purpose.VALID]
    assert valid
    assert {name for case in valid for name, _ in parse_qsl(case.call.query, keep_blank_values=True)} <= {
        "pages",
        "kind",
    }


def test_random_cases_name_the_documented_rule_that_they_break() -> None:
    generated = [case for case in of(cases(SAVE, max_examples=20), Origin.RANDOM) if case.purpose is Purpose.HOSTILE]
    broken = [Purposes(LIBRARY).first_broken(SAVE, case.call) for case in generated]
    assert broken
    assert [case.breach and (case.breach.place, case.breach.rule) for case in generated] == broken
    lines = {"path/id": line(5), "body": line(9), "body/title": line(11), "body/sequel": line(19)}
    for case in generated:
        if case.breach and (place := "/".join(case.breach.place.split("/")[:2])) in lines:
            assert case.breach.evidence == lines[place]


def test_the_words_tell_what_is_tried() -> None:
    about = {case.about for case in cases(SAVE, boundaries=MANY)}
    assert {"body/pages: above int32", "body: a property twice", "as application/xml"} <= about


def test_plainly_broken_bodies_are_sent_in_every_run() -> None:
    for seed in range(5):
        about = {case.about for case in cases(SAVE, boundaries=6, seed=seed)}
        assert {"body: no body", "body: null", "body: an array", "body: broken off"} <= about


def test_parameters_are_tried_and_unknown_header_fields_are_left_alone() -> None:
    generated = cases(FIND, boundaries=MANY)
    targets = {case.call.target for case in generated}
    assert {"/books?kind=poems", "/books?kind=novel", "/books?kind=docdouble-unknown", "/books"} <= targets
    assert any(target.endswith("&pages=9") for target in targets)
    assert all(case.call.header("X-Token") is None for case in generated)
    assert any(case.call.header("Accept-Language") == "en" for case in generated)


@pytest.mark.slow
def test_the_path_is_always_filled() -> None:
    generated = cases(SAVE, boundaries=MANY, max_examples=5)
    assert generated
    assert not any("{" in case.call.target or case.call.path.endswith("/") for case in generated)


def test_the_documented_sample_comes_first_and_each_media_type_once() -> None:
    generated = cases(SAVE, boundaries=0)
    assert generated[0].origin is Origin.SAMPLE
    assert json.loads(generated[0].call.body) == SAMPLE
    types = [case.call.media_type for case in generated if case.about.startswith("as ")]
    assert types == ["application/xml", "application/x-www-form-urlencoded"]


def test_a_budget_is_spread_over_the_fields_and_seeds_go_round() -> None:
    def places(seed: int) -> Counter[str]:
        generated = of(cases(SAVE, boundaries=10, seed=seed), Origin.BOUNDARY)
        return Counter(case.about.partition(":")[0] for case in generated if ":" in case.about)

    assert places(0).total() == 10
    assert max(places(0).values()) == 1
    everything = {case.call for case in of(cases(SAVE, boundaries=MANY), Origin.BOUNDARY)}
    seen = {case.call for seed in range(12) for case in of(cases(SAVE, boundaries=10, seed=seed), Origin.BOUNDARY)}
    assert seen == everything


@pytest.mark.parametrize("operation", [SAVE, FIND], ids=lambda operation: operation.id)
def test_cases_are_the_same_each_time_and_none_is_sent_twice(operation: Operation) -> None:
    generated = cases(operation, boundaries=30, max_examples=5)
    assert generated == cases(operation, boundaries=30, max_examples=5)
    assert len({case.call for case in generated}) == len(generated)


def test_stored_cases_are_sent_first() -> None:
    stored = cases(SAVE, boundaries=20)[-1]
    assert next(maker(stored={SAVE.id: (stored,)}).cases(SAVE)) == stored


def test_only_calls_about_known_entities_are_about_existing_ones() -> None:
    values = KnownValues(LIBRARY, {"id": [77]})
    generated = list(maker(values=values, boundaries=MANY).cases(SAVE))
    existing = [case for case in generated if case.existing]
    assert existing
    assert all(case.call.path == "/books/77" and case.purpose is Purpose.VALID for case in existing)
    assert any(case.call.path == "/books/2147483647" and not case.existing for case in generated)
    assert not any(case.existing for case in cases(SAVE, boundaries=MANY))


def test_an_operation_without_anything_to_change_is_called_once(contacts: Contract) -> None:
    bare = Operation("ping", "GET", "/ping", responses=FIND.responses)
    contract = Contract("ping", "1", (bare,))
    assert [case.call.target for case in cases(bare, contract, max_examples=10, boundaries=10)] == ["/ping"]


def test_a_path_that_means_another_operation_is_avoided() -> None:
    named = Parameter("name", "path", {"type": "string", "examples": ["all"]}, True)
    everything = Operation("all", "GET", "/lists/all", responses=FIND.responses)
    single = Operation("one", "GET", "/lists/{name}", parameters=(named,), responses=FIND.responses)
    contract = Contract("lists", "1", (everything, single))
    generated = cases(single, contract)
    assert generated[0].purpose is Purpose.VALID
    assert all(case.call.path.startswith("/lists/") and case.call.path != "/lists/all" for case in generated)


def test_a_request_has_no_condition_but_one_that_always_holds() -> None:
    tag: dict[str, Any] = {"type": "string", "format": "uuid"}
    headers = (Parameter("If-Match", "header", tag, False), Parameter("if-match", "header", {"type": "string"}, True))
    operations = [Operation("put", "PUT", "/a", "", "", (header,), None, SAVE.responses) for header in headers]
    sent = [cases(operation, Contract("tags", "1", (operation,))) for operation in operations]
    texts = [{case.call.header("If-Match") for case in of(generated, Origin.BOUNDARY)} for generated in sent]
    assert texts[0] == {None}
    assert "*" in texts[1]
    assert next(iter(of(sent[1], Origin.BOUNDARY))).call.header("If-Match") == "*"


@pytest.mark.parametrize(
    ("format_name", "text"), [("", ODD["quotes and markup"]), ("date", "yesterday"), ("uri-reference", None)]
)
def test_no_text_in_a_path_makes_it_another_path(format_name: str, text: str | None) -> None:
    schema = {"type": "string", "format": format_name} if format_name else {"type": "string"}
    get = Operation("get", "GET", "/lists/{name}", "", "", (Parameter("name", "path", schema, True),), None, ANSWERS)
    generated = cases(get, Contract("lists", "1", (get,)), boundaries=MANY)
    texts = {unquote(case.call.target.removeprefix("/lists/")) for case in generated}
    assert text is None or text in texts
    assert not [text for text in texts if re.search(r"[/\\]|\A\s*\.{0,2}\s*\Z", text)]


@pytest.mark.parametrize(
    ("known", "schema", "sent"),
    [
        ([], {"examples": ["docs/guide.md"]}, "guide.md"),
        (["quay/harbour"], {}, "harbour"),
        (["quay/harbour"], {"pattern": "/"}, "quay/harbour"),
        ([r"docs\guide.md"], {}, "guide.md"),
    ],
)
def test_a_text_of_several_segments_is_one_where_it_may_be(known: list[str], schema: Any, sent: str) -> None:
    get = Operation(
        "get", "GET", "/files/{name}", "", "", (Parameter("name", "path", {"type": "string", **schema}, True),)
    )
    contract = Contract("files", "1", (get,))
    first = next(maker(contract, KnownValues(contract, {"name": known})).cases(get))
    assert unquote(first.call.target.removeprefix("/files/")) == sent


@pytest.fixture
def harbour(tmp_path: Path) -> Contract:
    """An API whose keys are chosen by callers."""
    code = {"type": "string", "minLength": 3, "maxLength": 8}
    berth = {"type": "object", "required": ["code", "depth"], "properties": {"code": code, "depth": {"type": "number"}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Berth"}}}
    rows = {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Berth"}}}}
    body, shown = {"required": True, "content": content}, {"200": {"description": "", "content": content}}
    paths = {
        "/berths": {
            "get": {"responses": {"200": {"description": "", "content": rows}}},
            "post": {"operationId": "build", "requestBody": body, "responses": shown},
        },
        "/berths/{code}": {
            "parameters": [{"name": "code", "in": "path", "required": True, "schema": code}],
            "get": {"responses": shown},
            "put": {"operationId": "moor", "requestBody": body, "responses": shown},
        },
    }
    document = {"openapi": "3.1.0", "info": {"title": "harbour", "version": "1"}, "paths": paths}
    (tmp_path / "harbour.json").write_text(json.dumps({**document, "components": {"schemas": {"Berth": berth}}}))
    return extract(str(tmp_path / "harbour.json")).contract


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_body_has_the_key_that_its_path_names(harbour: Contract, is_taken: bool) -> None:
    made, build = maker(harbour), harbour.operation("build")
    if is_taken:
        draft = made.bases.of(build).draft
        case = Case(build, draft.call(), Purpose.VALID, Origin.BOUNDARY)
        assert made.better.learn(
            Exchange(Subject(build, harbour), case, Reply(body=b"code is taken", status=409)), draft
        )
    first = next(made.cases(harbour.operation("moor")))
    assert unquote(first.call.path) == f"/berths/{json.loads(first.call.body)['code']}"
