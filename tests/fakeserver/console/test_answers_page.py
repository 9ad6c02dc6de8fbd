"""Page of faults and prepared answers."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Contract

from .conftest import CONSOLE, ORIGIN, TOKEN

Visit = Callable[[FakeServer], Client]


@pytest.fixture
def client(library: Contract, visit: Visit) -> Client:
    return visit(FakeServer(library, token=TOKEN, faults=[{"latency": "1-2"}]))


def set_up(client: Client, resource: str, value: dict[str, Any]) -> None:
    assert client.post(f"/__docdouble__/api/{resource}", json=value, headers={"Origin": ORIGIN}).status_code < 300


def test_what_is_set_is_shown(client: Client) -> None:
    set_up(client, "faults?world=mine", {"operation": "v1Book_Get", "status": 503, "times": 2})
    set_up(client, "answers", {"method": "GET", "path": "/<b>", "status": 409, "answer": {"a": "<i>"}, "times": 1})
    text = client.get(f"{CONSOLE}answers").text
    option = "--fault operation=v1Book_Get,status=503,times=2"
    assert all(shown in text for shown in ("latency 1-2", "status 503, times 2", "<td>mine</td>", option))
    assert 'data-end="faults/2"' in text
    assert "GET /&lt;b&gt;" in text
    assert "&lt;i&gt;" in text
    assert 'data-end="answers/1"' in text


def test_nothing_is_set(library: Contract, visit: Visit) -> None:
    text = visit(FakeServer(library, token=TOKEN)).get(f"{CONSOLE}answers").text
    assert "everything is answered as documented" in text
    assert '<option value="v1Book_Get">' in text
