"""Clients whose JSON notes what is read of it."""

import sys
from collections.abc import Iterator, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
import requests
from werkzeug.test import Client

from docdouble.contracts.coverage.clients import plain_json, readable_response, recording_client_use
from docdouble.contracts.coverage.use import How
from docdouble.contracts.coverage.use_recorder import UseRecorder
from docdouble.fakeserver import FakeServer, Settings, running
from docdouble.schemas import Contract
from docdouble.schemas.contract.facts import FactKind

GUEST = "GuestEntity_Get"
NOTHING: Mapping[str, str] = MappingProxyType({})
JSON = MappingProxyType({"Content-Type": "application/json"})


@pytest.fixture
def recorder(hotel: Contract) -> UseRecorder:
    return UseRecorder(hotel)


@pytest.fixture
def url(hotel: Contract, recorder: UseRecorder) -> Iterator[str]:
    with running(FakeServer(hotel, Settings(nulls="never"), observer=recorder)) as url:
        yield url


@pytest.fixture
def real_url(hotel: Contract) -> Iterator[str]:
    with running(FakeServer(hotel, Settings(nulls="never"))) as url:
        yield url


def read(recorder: UseRecorder, operation: str = GUEST) -> set[str]:
    used = recorder.use().operations.get(operation)
    return {name for (_, name), fact in used.facts.items() if fact.how is How.READ} if used else set()


def test_werkzeug(hotel: Contract, recorder: UseRecorder) -> None:
    client = Client(FakeServer(hotel, Settings(nulls="never"), observer=recorder), readable_response(recorder))
    assert client.get("/guests/1").json["Name"]
    assert client.get("/nothing").get_json()["status"] == 404
    assert read(recorder) == {"200", "200/Name"}
    assert [guest["GuestId"] for guest in client.get("/guests").get_json()]
    assert read(recorder, "GuestEntity_List") == {"200", "200/*", "200/*/GuestId"}


def test_requests(recorder: UseRecorder, url: str) -> None:
    original = requests.Response.json
    with recording_client_use(recorder, url, is_fake=True) as read_json:
        assert requests.get(f"{url}/guests/1", timeout=9).json()["Name"]
        assert read(recorder) == {"200", "200/Name"}
        assert read_json(requests.get(f"{url}/guests/1", timeout=9))["GuestId"]
        assert requests.get(f"{url}/nothing", timeout=9).json()["status"] == 404
        with pytest.raises(requests.JSONDecodeError):
            requests.delete(f"{url}/guests/1", timeout=9).json()
    assert requests.Response.json is original
    assert read(recorder) == {"200", "200/Name", "200/GuestId"}
    assert recorder.use().operations[GUEST].calls == 2
    assert not recorder.problems


def test_httpx(recorder: UseRecorder, url: str) -> None:
    httpx = pytest.importorskip("httpx")
    with recording_client_use(recorder, url, is_fake=True):
        assert httpx.get(f"{url}/guests/1").json()["Name"]
    assert read(recorder) == {"200", "200/Name"}


def test_another_server_is_none_of_ours(recorder: UseRecorder, url: str, real_url: str) -> None:
    with recording_client_use(recorder, url, is_fake=True):
        value = requests.get(f"{real_url}/guests/1", timeout=9).json()
    assert type(value) is dict
    assert not recorder.use().operations


def test_calls_to_a_real_server_are_noted_here_once(recorder: UseRecorder, real_url: str) -> None:
    with recording_client_use(recorder, f"{real_url}/", is_fake=False) as read_json:
        response = requests.put(f"{real_url}/guests/1?a=b", json={"Name": "Ada"}, timeout=9)
        assert response.json()["Name"] == response.json()["Name"] == read_json(response)["Name"] == "Ada"
    used = recorder.use().operations["GuestEntity_Put"]
    assert used.calls == 1
    assert used.facts[FactKind.REQUEST, "/Name"].how is How.SENT
    assert used.facts[FactKind.RESPONSE, "200/Name"].how is How.READ
    assert not recorder.problems


def test_paths_start_behind_the_path_of_the_base_url(recorder: UseRecorder) -> None:
    class Response:
        request = SimpleNamespace(method="GET", url="https://example.com/api/guests/1", headers=NOTHING, body=None)
        status_code, headers, content = 200, JSON, b'{"Name": "Ada"}'

        def json(self) -> Any:
            return {"Name": "Ada"}

    with recording_client_use(recorder, "https://example.com/api", is_fake=False) as read_json:
        assert read_json(Response())["Name"] == "Ada"
    assert read(recorder) == {"200", "200/Name"}


def test_a_client_without_a_network(hotel: Contract, recorder: UseRecorder, url: str) -> None:
    with recording_client_use(recorder, url, is_fake=False) as read_json:
        assert read_json(Client(FakeServer(hotel, Settings(nulls="never"))).get("/guests/1"))["Name"]
    assert read(recorder) == {"200", "200/Name"}


def test_what_cant_be_noted_is_returned_and_reported(recorder: UseRecorder, url: str) -> None:
    class Response:
        url, request, json = "http://localhost/guests/1", None, {"Name": "Ada"}

    with recording_client_use(recorder, url, is_fake=True) as read_json:
        assert read_json(Response()) == {"Name": "Ada"}
    assert plain_json(Response()) == {"Name": "Ada"}


def test_nothing_is_imported_for_it(recorder: UseRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("requests", "httpx"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with recording_client_use(recorder, "http://localhost", is_fake=True):
        assert not {"requests", "httpx"} & sys.modules.keys()
