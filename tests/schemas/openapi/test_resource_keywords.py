"""Resources in the document of a contract: as they were, readable, and refused where they are wrong."""

import copy
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import Contract, ContractError, Evidence, Grade, extract
from docdouble.schemas.cache import load_cached, store_cached
from docdouble.schemas.contract.resources import (
    Criterion,
    RequestPlace,
    Resource,
    Resources,
    Role,
    RoleName,
    UnassignedOperations,
)
from docdouble.schemas.openapi import contract_file as stored_module
from docdouble.schemas.openapi.contract_file import contract_file_bytes, openapi_json, read_stored
from docdouble.schemas.openapi.convert import to_openapi, without_prose
from docdouble.schemas.openapi.reader import from_openapi
from docdouble.schemas.openapi.resource_keywords import RESOURCES

from ..resources.small_api import api

MOST = 2**20
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(["paths", "x-a", "~/"])
places = st.builds(RequestPlace, st.sampled_from(["path", "query", "header", "cookie", "body"]), names)
evidences = st.builds(Evidence, st.sampled_from(Grade), names, st.integers(0, 9))
roles = st.builds(
    Role,
    names,
    st.sampled_from(list(get_args(RoleName))),
    names,
    st.none() | places,
    st.none() | places,
    st.booleans(),
    st.lists(st.builds(Criterion, places, names, names), max_size=2).map(tuple),
    st.none() | evidences,
    st.lists(places, max_size=2).map(tuple),
)
resources = st.builds(
    Resource,
    names,
    st.dictionaries(names, names, max_size=2),
    st.lists(roles, max_size=3, unique_by=lambda role: role.operation).map(tuple),
    names,
    names,
    names,
    names,
    st.booleans(),
)
all_resources = st.builds(
    Resources,
    st.lists(resources, max_size=3, unique_by=lambda resource: resource.name).map(tuple),
    st.lists(st.builds(UnassignedOperations, names, st.lists(names, max_size=2).map(tuple), names), max_size=2).map(
        tuple
    ),
)
CONTRACT = api("GET /Book/{id} -> Book\nPUT /Book/{id} Book -> Book\nPOST /Book/{id}/Burn", Book="{BookId: int}")


def holding(resources: Resources) -> Contract:
    return replace(CONTRACT, resources=resources)


@given(all_resources)
def test_they_survive_openapi(resources: Resources) -> None:
    document = to_openapi(holding(resources))
    assert from_openapi(orjson.loads(orjson.dumps(document))).resources == resources


@pytest.mark.slow
@given(resources=all_resources)
def test_they_survive_a_file(resources: Resources, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "a.json"
    path.write_bytes(contract_file_bytes(to_openapi(holding(resources))))
    read = read_stored(path, "a.json", MOST)
    assert read
    assert pickle.loads(pickle.dumps(read.resources)) == read.resources == resources
    assert orjson.loads(openapi_json(read, ())).get(RESOURCES) == to_openapi(holding(resources)).get(RESOURCES)


@given(resources=all_resources)
def test_they_survive_the_cache(resources: Resources, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cache")
    store_cached(folder, "key", resources)
    assert load_cached(folder, "key", Resources) == resources


def test_a_person_can_read_them() -> None:
    document = to_openapi(CONTRACT)[RESOURCES]
    evidence = {"grade": "assumed", "page": "small.json#/paths/~1Book~1{id}/put", "line": 0}
    assert document["resources"]["book"]["keys"] == {"Book": "BookId"}
    assert document["resources"]["book"]["roles"]["put_Book_id"] == {
        "role": "update",
        "why": "PUT of /Book/{id}",
        "key": {"in": "path", "name": "id"},
        "entity": {"in": "body"},
        "x-docdouble-evidence": evidence,
    }


def test_prose_is_left_out_and_they_stay() -> None:
    assert without_prose(CONTRACT).resources == CONTRACT.resources


def test_reading_a_file_of_ours_reads_no_operation_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(contract_file_bytes(to_openapi(CONTRACT)))
    monkeypatch.setattr(stored_module, "operation_from_openapi", None)
    assert extract(str(path)).contract.resources == CONTRACT.resources


def test_they_are_worked_out_of_a_document_that_has_none(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    document = to_openapi(CONTRACT)
    path.write_bytes(orjson.dumps({name: part for name, part in document.items() if name != RESOURCES}))
    (known,), (book,) = CONTRACT.resources.resources, extract(str(path)).contract.resources.resources
    assert book.roles[:2] == known.roles
    assert [(role.name, role.why) for role in book.roles[2:]] == [("action", "POST of /Book/{id}/Burn")]


def test_those_of_an_edited_document_are_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(orjson.dumps({**to_openapi(CONTRACT), RESOURCES: {}}))
    assert extract(str(path)).contract.resources == Resources()


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("role",), "eat", "'role' is 'eat', expected one of create, "),
        (("key", "in"), "book", "'in' is 'book', expected one of path, "),
        (("key",), 1, "expected an object, found a number"),
        (("x-docdouble-evidence",), {}, "x-docdouble-evidence is no evidence"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(place: tuple[str, ...], value: Any, message: str) -> None:
    document = copy.deepcopy(to_openapi(CONTRACT))
    holder = document[RESOURCES]["resources"]["book"]["roles"]["put_Book_id"]
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    with pytest.raises(ContractError, match=message) as caught:
        from_openapi(document, "a.json")
    assert caught.value.pointer.startswith(f"/{RESOURCES}/resources/book/roles/put_Book_id")


def test_those_of_several_contracts_are_worked_out_of_all(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    types = {"Book": "{BookId: int}"}
    first.write_bytes(contract_file_bytes(to_openapi(api("GET /Book/{id} -> Book", **types))))
    second.write_bytes(contract_file_bytes(to_openapi(api("DELETE /Book/{id}", **types))))
    (book,) = extract([str(first), str(second)]).contract.resources.resources
    assert [role.name for role in book.roles] == ["read", "delete"]
