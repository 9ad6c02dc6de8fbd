"""The control API for everybody: pages of origins that are named, other hosts, its own document, resets by name."""

from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, Contract, Reply

ORIGIN = "http://localhost:5173"
PAGE = ("Origin", ORIGIN)
BEARER = ("Authorization", "Bearer open")


@pytest.fixture
def app(library: Contract) -> FakeServer:
    return FakeServer(library, Settings(auth=False), token="open", hosts=("fake", ORIGIN))


def asked(app: FakeServer, label: str, *headers: tuple[str, str], json: Any = None) -> Reply:
    method, target = label.split(" ")
    body = b"" if json is None else orjson.dumps(json)
    return app.handle(Call((("Host", "localhost:4010"), *headers), body, method, f"/__docdouble__/{target}"))


def test_it_stands_below_api_and_as_before(app: FakeServer) -> None:
    for target in ("calls", "api/calls", "api/calls/"):
        assert asked(app, f"GET {target}", BEARER).status == 200
    assert asked(app, "GET api", BEARER).status == asked(app, "GET api/", BEARER).status == 200
    assert asked(app, "GET apicalls", BEARER).status == 404


def test_its_document_is_served_to_everybody_who_may_call(app: FakeServer) -> None:
    document = orjson.loads(asked(app, "GET api/openapi.json").body)
    assert (document["openapi"], document["servers"]) == ("3.1.0", [{"url": "/__docdouble__/api"}])
    assert asked(app, "GET api/openapi.json", ("Origin", "http://evil.test")).status == 403


def test_pages_of_a_named_origin_may_call_with_the_token_and_others_may_not(app: FakeServer) -> None:
    site = ("Sec-Fetch-Site", "cross-site")
    reply = asked(app, "GET api/calls", PAGE, site, BEARER)
    assert (reply.status, reply.header("Access-Control-Allow-Origin"), reply.header("Vary")) == (200, ORIGIN, "Origin")
    assert asked(app, "GET api/calls", PAGE).status == 401
    for origin in ("http://localhost:5174", "https://localhost:5173", f"{ORIGIN}.evil.test", "null"):
        refused = asked(app, "GET api/calls", ("Origin", origin), site, BEARER)
        assert (refused.status, refused.header("Access-Control-Allow-Origin")) == (403, None)


def test_their_preflight_is_granted_without_the_token(app: FakeServer) -> None:
    wanted = ("Access-Control-Request-Method", "DELETE"), ("Access-Control-Request-Headers", "authorization")
    granted = asked(app, "OPTIONS api/calls", PAGE, *wanted)
    assert (granted.status, granted.header("Access-Control-Allow-Headers")) == (204, "authorization")
    assert "DELETE" in str(granted.header("Access-Control-Allow-Methods"))
    assert asked(app, "OPTIONS api/calls", ("Origin", "http://evil.test"), *wanted).status == 403


def test_a_named_host_may_be_called(app: FakeServer) -> None:
    for host, status in (("fake:4010", 200), ("localhost:5173", 200), ("other", 403)):
        call = Call((("Host", host), BEARER), target="/__docdouble__/api/calls")
        assert app.handle(call).status == status


def test_a_reset_resets_what_it_names(app: FakeServer) -> None:
    def counts() -> dict[str, int]:
        return dict(orjson.loads(asked(app, "GET api", BEARER).body)["counts"])

    app.handle(Call(target="/nothing"))
    asked(app, "POST api/answers", BEARER, json={"method": "GET", "path": "/x"})
    asked(app, "POST api/faults", BEARER, json={"drop": True})
    assert asked(app, "POST api/reset", BEARER, json={"resources": ["calls", "state"]}).status == 204
    assert (counts()["calls"], counts()["answers"], counts()["faults"]) == (0, 1, 1)
    assert asked(app, "POST api/reset", BEARER, json={"resources": ["calls", "use", "faults"]}).status == 409
    assert counts()["faults"] == 1
    assert asked(app, "POST api/reset", BEARER, json={"resources": ["everything"]}).status == 400
    assert asked(app, "POST api/reset", BEARER).status == 204
    assert (counts()["answers"], counts()["faults"]) == (0, 0)
