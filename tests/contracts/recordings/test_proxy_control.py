"""The control API of a proxy: what passed, why, what of it breaks the documentation, and the state of its fake."""

import threading
from typing import Any

import pytest
import requests

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Contract, extract

from .proxied import TOKEN, Proxied, proxied, proxied_app

pytestmark = [pytest.mark.sockets]

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
API = "/__docdouble__/api/"


@pytest.fixture(scope="module")
def hotel_contract(request: pytest.FixtureRequest) -> Contract:
    return extract(str(request.config.rootpath / "tests" / "fakeserver" / "hotel.yaml")).contract


@pytest.fixture
def server(hotel_contract: Contract) -> FakeServer:
    return FakeServer(hotel_contract, Settings(auth=False, nulls="never"))


def control(proxy: Proxied, method: str, resource: str, **options: Any) -> requests.Response:
    return proxy.ask(method, API + resource, headers=HEADERS, **options)


def why(proxy: Proxied, number: int) -> list[str]:
    return [reason["by"] for reason in control(proxy, "GET", f"calls/{number}").json()["why"]]


def test_the_journal_says_who_answered_and_what_was_broken(hotel_contract: Contract, server: FakeServer) -> None:
    with proxied_app(hotel_contract, server) as proxy:
        proxy.ask("GET", "/guests/7")
        proxy.ask("POST", "/guests", json={"Name": 5})
        control(proxy, "POST", "answers", json={"method": "GET", "path": "/guests/8", "status": 410})
        proxy.ask("GET", "/guests/8")
        control(proxy, "POST", "faults", json={"status": 503, "times": 1})
        proxy.ask("GET", "/guests/9")
        calls = control(proxy, "GET", "calls").json()["calls"]
        assert [call["status"] for call in calls] == [200, 400, 410, 503]
        expected = [["server"], ["server"], ["prepared"], ["fault", "server"]]
        assert [why(proxy, number) for number in (1, 2, 3, 4)] == expected
        assert calls[0]["violations"] == []
        assert calls[1]["violations"][0]["pointer"] == "/Name"


def test_the_fake_of_a_proxy_says_so_and_has_a_state(hotel_contract: Contract, server: FakeServer) -> None:
    fake = FakeServer(hotel_contract, Settings(auth=False, nulls="never"))
    with proxied(hotel_contract, "http://127.0.0.1:9", fake=fake) as proxy:
        assert proxy.ask("GET", "/guests/7").status_code == 200
        assert why(proxy, 1)[0] == "fake"
        boat = control(proxy, "GET", "entities/7?resource=guest").json()["values"]
        control(proxy, "PUT", "entities/7?resource=guest", json={**boat, "Name": "Ida"})
        assert proxy.ask("GET", "/guests/7").json()["Name"] == "Ida"
    with proxied_app(hotel_contract, server) as proxy:
        assert control(proxy, "GET", "resources").status_code == 409


def test_calls_are_streamed_as_they_pass(hotel_contract: Contract, server: FakeServer) -> None:
    streamed: list[str] = []
    with proxied_app(hotel_contract, server) as proxy:
        waiting = threading.Thread(
            target=lambda: streamed.append(
                requests.get(f"{proxy.url}{API}calls/stream?after=0&wait=30", headers=HEADERS, timeout=40).text
            )
        )
        waiting.start()
        proxy.ask("GET", "/guests/7")
        waiting.join(30)
        assert '"target":"/guests/7"' in streamed[0]


def test_who_waits_for_calls_holds_no_proxy_up(hotel_contract: Contract, server: FakeServer) -> None:
    with proxied_app(hotel_contract, server) as proxy:
        waiting = threading.Thread(
            target=lambda: requests.get(f"{proxy.url}{API}calls/stream?wait=30", headers=HEADERS, timeout=40)
        )
        waiting.start()
        proxy.ask("GET", "/guests/7")
    waiting.join(15)
    assert not waiting.is_alive()
