"""The status of an answer: of ranges, ``default``, and operations without a documented success."""

from typing import Any

import orjson
import pytest

from docdouble.fakeserver import FakeServer


def response_of(word: str) -> dict[str, Any]:
    return {"description": word, "content": {"application/json": {"schema": {"const": word}}}}


def app_of(make_contract: Any, responses: dict[str, Any], method: str = "get") -> FakeServer:
    return FakeServer(make_contract({"/a": {method: {"responses": responses}}}))


SUCCESS, ERROR = {"default": response_of("all went well")}, {"default": response_of("unexpected error")}


@pytest.mark.parametrize(
    ("method", "responses", "status"),
    [
        ("get", {"2XX": response_of("fine")}, 200),
        ("get", {"2XX": response_of("the boats that were created")}, 200),
        ("post", {"2XX": response_of("Created")}, 201),
        ("post", {"2XX": response_of("accepted for later")}, 202),
        ("put", {"2XX": {"description": "fine"}}, 204),
        ("get", {"2XX": {"description": "fine"}}, 200),
        ("get", SUCCESS, 200),
        ("delete", {"default": {"description": "gone"}}, 204),
        ("get", {"210": response_of("210"), "204": {"description": ""}, "202": response_of("202")}, 202),
        ("get", {"404": response_of("404"), "302": {"description": "moved"}}, 302),
        ("get", {"500": response_of("500"), "401": response_of("401"), "409": response_of("409")}, 409),
        ("get", {"4XX": response_of("not found")}, 404),
        ("get", {"4XX": response_of("no")}, 400),
        ("get", {"5xx": response_of("no"), **ERROR}, 500),
        ("get", ERROR, 400),
        ("get", {"200": response_of("200"), **ERROR}, 200),
        ("get", {"404": response_of("404"), **SUCCESS}, 200),
        ("get", {"599": response_of("599")}, 599),
        ("get", {"101": {"description": "upgraded"}, "404": response_of("404")}, 404),
        ("get", {"1XX": {"description": "wait"}}, 200),
        ("get", {"100": {"description": "wait"}, **ERROR}, 400),
    ],
)
def test_the_usual_status(make_contract: Any, send: Any, method: str, responses: dict[str, Any], status: int) -> None:
    assert send(app_of(make_contract, responses, method), f"{method.upper()} /a").status == status


@pytest.mark.parametrize("code", [201, 302, 419, 500, 599])
def test_default_covers_every_status(make_contract: Any, send: Any, code: int) -> None:
    reply = send(app_of(make_contract, {"200": response_of("200"), **ERROR}), "GET /a", ("Prefer", f"code={code}"))
    assert (reply.status, orjson.loads(reply.body)) == (code, "unexpected error")
    assert reply.header("Preference-Applied") == f"code={code}"


def test_a_status_without_a_body_has_none_under_default(make_contract: Any, send: Any) -> None:
    reply = send(app_of(make_contract, SUCCESS), "GET /a", ("Prefer", "code=204"), ("Accept", "image/png"))
    assert (reply.status, reply.body) == (204, b"")


def test_a_range_covers_its_own_statuses_alone(make_contract: Any, send: Any) -> None:
    app = app_of(make_contract, {"200": response_of("200"), "4XX": response_of("4XX")})
    assert send(app, "GET /a", ("Prefer", "code=451")).status == 451
    refused = send(app, "GET /a", ("Prefer", "code=503"))
    assert (refused.status, orjson.loads(refused.body)["documented"]) == (400, ["200", "4XX"])


def test_a_failure_is_sent_as_documented_where_accept_names_another_type(make_contract: Any, send: Any) -> None:
    image = {"description": "", "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
    app = app_of(make_contract, {"200": image, "404": response_of("404")})
    reply = send(app, "GET /a", ("Accept", "image/png"), ("Prefer", "code=404"))
    assert (reply.status, reply.media_type) == (404, "application/json")
    assert send(app, "GET /a", ("Accept", "application/json")).status == 406
