"""Made-up URLs of images lead back to the fake, which shows one."""

import json
from xml.etree import ElementTree

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.http.shown_images import IMAGE_PATH
from docdouble.fakeserver.sampler import Sampler
from docdouble.schemas import Call, Contract, Response
from docdouble.schemas.contract.model import MediaType, Operation, Server

USER = {
    "type": "object",
    "required": ["name", "avatar_url", "site"],
    "properties": {
        "name": {"type": "string"},
        "avatar_url": {"type": "string", "format": "uri"},
        "site": {"type": "string", "format": "uri"},
        "logo": {"type": "string", "format": "uri", "pattern": "^https://"},
    },
}


@pytest.fixture(params=["", "/v2"])
def fake(request: pytest.FixtureRequest) -> FakeServer:
    answer = Response("200", (MediaType("application/json", USER),))
    operation = Operation("user", "GET", "/user", responses=(answer,))
    return FakeServer(Contract("t", "1", (operation,), servers=(Server(request.param or "/"),)), Settings())


def user(fake: FakeServer, host: str) -> dict[str, str]:
    below = fake.contract.servers[0].url.rstrip("/")
    shown: dict[str, str] = json.loads(fake.handle(Call((("Host", host),), b"", "GET", f"{below}/user")).body)
    return shown


@pytest.mark.parametrize("host", ["localhost:4010", "api.example.com"])
def test_an_image_is_shown_where_its_url_leads(fake: FakeServer, host: str) -> None:
    url = user(fake, host)["avatar_url"]
    assert url.startswith(f"http://{host}{IMAGE_PATH}")
    reply = fake.handle(
        Call((("Host", host), ("Sec-Fetch-Site", "cross-site")), b"", "GET", url[len(f"http://{host}") :])
    )
    assert (reply.status, reply.header("Content-Type")) == (200, "image/svg+xml")
    assert ElementTree.fromstring(reply.body).tag.endswith("svg")


def test_other_urls_and_those_of_a_pattern_stay(fake: FakeServer) -> None:
    made = user(fake, "localhost:4010")
    assert IMAGE_PATH not in made["site"]
    assert made["logo"].startswith("https://")


@pytest.mark.parametrize("path", ["nothing.svg", "70564df2.png", "../70564df2.svg"])
def test_what_is_no_image_is_not_found(fake: FakeServer, path: str) -> None:
    assert fake.handle(Call((("Host", "localhost"),), b"", "GET", IMAGE_PATH + path)).status >= 400


def test_what_is_sent_to_a_server_has_no_images_of_the_fake() -> None:
    contract = Contract("t", "1", ())
    assert Sampler(contract).sample(USER, 0)["avatar_url"].startswith("https://images.example.com/")
