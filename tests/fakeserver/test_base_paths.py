import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, Contract, extract
from docdouble.schemas.contract.base_paths import with_base_path
from docdouble.schemas.openapi.reader import from_openapi

FINE = {"200": {"description": "ok", "content": {"application/json": {"schema": {"enum": ["fine"]}}}}}


def _contract(**members: Any) -> Contract:
    paths = {
        "/boats": {"get": {"responses": FINE}},
        "/sails": {"servers": [{"url": "/loft"}], "get": {"responses": FINE}},
    }
    return from_openapi({"openapi": "3.1.0", "info": {"title": "Harbour", "version": "1"}, "paths": paths, **members})


@pytest.fixture
def harbour() -> FakeServer:
    return FakeServer(_contract(servers=[{"url": "https://quay.example/api/v1"}, {"url": "/test"}]), token="open")


@pytest.mark.parametrize(
    ("target", "status", "left_out"),
    [
        ("/api/v1/boats", 200, None),
        ("/test/boats", 200, None),
        ("/loft/sails", 200, None),
        ("/boats", 200, "/api/v1"),
        ("/sails", 200, "/loft"),
        ("/api/v1/sails", 404, None),
        ("/api/v2/boats", 404, None),
        ("/api/v1/api/v1/boats", 404, None),
    ],
)
def test_operations_answer_below_the_paths_of_their_servers_and_say_so_without(
    harbour: FakeServer, target: str, status: int, left_out: str | None
) -> None:
    reply = harbour.handle(Call(target=target))
    assert (reply.status, reply.header("Docdouble-Base-Path")) == (status, left_out)


def test_a_404_names_addresses_with_their_base_path(harbour: FakeServer) -> None:
    reply = harbour.handle(Call(target="/api/v1/boat"))
    assert json.loads(reply.body)["nearest"][0] == "/api/v1/boats"


def test_the_contract_that_is_served_names_the_base_paths(harbour: FakeServer) -> None:
    document = json.loads(harbour.handle(Call(target="/openapi.json")).body)
    assert document["servers"] == [{"url": "/api/v1"}, {"url": "/test"}]


def test_without_a_documented_base_path_nothing_is_reported() -> None:
    fake = FakeServer(_contract())
    assert fake.handle(Call(target="/boats")).header("Docdouble-Base-Path") is None
    assert fake.handle(Call(target="/v1/boats")).status == 404


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_the_control_api_is_below_the_base_path_too(harbour: FakeServer, prefix: str) -> None:
    headers = (("Authorization", "Bearer open"), ("Host", "localhost"))
    assert harbour.handle(Call(headers, target=f"{prefix}/__docdouble__/calls?last=1")).status == 200
    assert harbour.handle(Call(headers, target="/api/v2/__docdouble__/calls")).status == 404


@pytest.mark.parametrize("asked", ["/boats", "/api/v1/boats"])
def test_calls_are_matched_by_their_documented_path(harbour: FakeServer, asked: str) -> None:
    headers = (("Authorization", "Bearer open"), ("Host", "localhost"), ("Content-Type", "application/json"))
    answer = json.dumps({"method": "GET", "path": asked, "answer": 7, "times": 1}).encode()
    assert harbour.handle(Call(headers, answer, "POST", "/__docdouble__/answers")).status == 201
    assert harbour.handle(Call(target="/api/v1/boats")).body == b"7"
    reply = harbour.handle(Call(headers, target=f"/__docdouble__/calls?path={asked}"))
    assert [call["target"] for call in json.loads(reply.body)["calls"]] == ["/api/v1/boats"]


Client = Callable[[str], Any]


def test_an_encoded_slash_is_part_of_a_value(wsgi: Callable[[FakeServer], Client]) -> None:
    responses = {"200": {"description": "ok"}}
    parameter = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^a/b$"}}
    paths = {"/files/{name}": {"get": {"parameters": [parameter], "responses": responses}}}
    client = wsgi(FakeServer(_contract(paths=paths)))
    assert client("/files/a%2Fb").status_code == 200
    assert client("/files/a/b").status_code == 404


@pytest.fixture
def wsgi() -> Callable[[FakeServer], Client]:
    from werkzeug.test import Client as WerkzeugClient

    return lambda fake: WerkzeugClient(fake).get


@pytest.mark.parametrize("below", ["", "/api/v1"])
def test_what_is_created_is_located_below_the_base_path_of_the_call(below: str) -> None:
    hotel = with_base_path(extract(str(Path(__file__).parent / "hotel.yaml")).contract, "/api/v1")
    responses = tuple(replace(response, status="201") for response in hotel.operation("Room_Create").responses)
    created = replace(hotel.operation("Room_Create"), responses=responses)
    operations = tuple(created if operation.id == created.id else operation for operation in hotel.operations)
    hotel = replace(hotel, operations=operations)
    headers = (("Content-Type", "application/json"),)
    made = FakeServer(hotel).handle(Call(headers, b'{"Name": "Tower"}', "POST", f"{below}/rooms"))
    assert (made.status, made.header("Location")) == (201, f"{below}/rooms/26")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("api", "/api/boats"),
        ("./api/", "/api/boats"),
        ("//quay.example/v1", "/v1/boats"),
        ("localhost:8080/v1", "/v1/boats"),
        ("{scheme}://quay.example/v1", "/v1/boats"),
        ("https://quay.example/a%20b+c", "/a%20b%2Bc/boats"),
        ("https://quay.example:{port}/v1", "/v1/boats"),
    ],
)
def test_urls_of_servers_are_written_in_many_ways(url: str, target: str) -> None:
    reply = FakeServer(_contract(servers=[{"url": url}])).handle(Call(target=target))
    assert (reply.status, reply.header("Docdouble-Base-Path")) == (200, None)
