"""Redirects lead back to the fake: to what is documented there, or to a file that it has itself."""

import tarfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any, Literal
from urllib.parse import urlsplit
from zipfile import ZipFile

import orjson
import pytest
from PIL import Image

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.answers.redirects import FILE_PATH
from docdouble.schemas import Call, Reply
from docdouble.schemas.contract.model import Server

Made = Callable[..., FakeServer]

HOST = "localhost:4010"
BASE = f"http://{HOST}"
FILES = BASE + FILE_PATH


@pytest.fixture
def fake(make_contract: Any) -> Made:
    """Return a function for a fake with a redirect at a path to what an example says."""

    def make(
        example: str | None,
        path: str = "/old",
        *,
        status: int = 302,
        method: str = "get",
        schema: dict[str, Any] | None = None,
        success: str = "",
        **settings: Any,
    ) -> FakeServer:
        location = {"schema": schema or {"type": "string"}} | ({"example": example} if example else {})
        responses: dict[str, Any] = {str(status): {"description": "Moved", "headers": {"Location": location}}}
        if success:
            responses["200"] = {"description": "Here", "content": {success: {"schema": {}}}}
        path_item = {"get": {"responses": {"204": {"description": "Here"}}}}
        paths = {path: {method: {"responses": responses}}, "/new/{id}": path_item, "/v1/new/{id}": path_item}
        contract = replace(make_contract(paths), servers=(Server("https://api.harbour.test/v1"),))
        return FakeServer(contract, Settings(**settings))

    return make


def location(fake: FakeServer, path: str = "/v1/old", *fields: tuple[str, str], method: str = "GET") -> str:
    reply = fake.handle(Call((("Host", HOST), *fields), b"", method, path))
    assert 300 <= reply.status < 400
    return reply.header("Location") or ""


def followed(fake: FakeServer, url: str, method: str = "GET", *fields: tuple[str, str]) -> Reply:
    return fake.handle(Call((("Host", HOST), *fields), b"", method, url.removeprefix(BASE)))


def members(body: bytes, mode: Literal["r:", "r:gz"]) -> list[str]:
    with tarfile.open(fileobj=BytesIO(body), mode=mode) as archive:
        return archive.getnames()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_url_of_a_documented_server_is_one_of_the_fake(fake: Made, status: int) -> None:
    server = fake("https://API.harbour.test/v1/new/7?as=boat#top", status=status)
    url = location(server)
    assert url == f"{BASE}/v1/new/7?as=boat#top"
    assert followed(server, url.partition("#")[0]).status == 204


@pytest.mark.parametrize(
    "url",
    [
        "https://files.harbour.test/a/b",
        "//files.harbour.test/a/b",
        "https://api.harbour.test/v1/unknown",
        "https://api.harbour.test/v1/old?again=yes",
        None,
    ],
)
def test_any_other_url_and_a_circle_become_a_file(fake: Made, url: str | None) -> None:
    server = fake(url)
    target = location(server)
    assert target.startswith(FILES)
    assert followed(server, target).status == 200
    assert location(server) == target


@pytest.mark.parametrize("url", ["/v1/new/7", "new/7", "harbour:open", "http://localhost:3000/callback", "http://[x"])
def test_what_does_not_leave_the_machine_stays(fake: Made, url: str) -> None:
    assert location(fake(url)).removeprefix("/v1") == url.removeprefix("/v1")


def test_a_write_that_leads_to_its_own_page_stays(fake: Made) -> None:
    server = fake("https://api.harbour.test/v1/new/7", "/new/{id}/done", status=303, method="post")
    assert location(server, "/v1/new/7/done", method="POST") == f"{BASE}/v1/new/7"


def test_a_call_that_leaves_out_the_base_path_is_led_back_as_well(fake: Made) -> None:
    server = fake("https://api.harbour.test/v1/new/7")
    assert followed(server, location(server, "/old")).status == 204


def test_the_schema_of_the_field_counts(fake: Made) -> None:
    example = "https://files.harbour.test/a.zip"
    assert location(fake(example, schema={"type": "string", "pattern": "^https://files"})) == example
    assert location(fake(example, schema={"type": "string", "format": "uri"})).startswith(FILES)


def test_a_documented_answer_that_is_asked_for_stays_as_it_is_written(fake: Made) -> None:
    example = "https://files.harbour.test/a.zip"
    assert location(fake(example), "/v1/old", ("Prefer", "example, code=302")) == example
    assert location(fake(example, answers="documented")) == example
    assert location(fake(example), "/v1/old", ("Prefer", "code=302")).startswith(FILES)


@pytest.mark.parametrize(
    ("url", "path", "success", "ending"),
    [
        ("https://a.test/x/plan.pdf?sign=1", "/old", "", "pdf"),
        ("https://a.test/x/photo.jpeg", "/old", "", "jpg"),
        ("https://a.test/legacy.zip/main", "/repos/tarball", "", "tar.gz"),
        ("https://a.test/legacy.zip/main", "/old", "", "zip"),
        ("https://a.test/x/all.tar.gz", "/old", "", "tar.gz"),
        ("https://a.test/signed", "/runs/logs", "", "txt"),
        ("https://a.test/signed", "/old", "image/png", "png"),
        ("https://a.test/signed", "/old", "text/csv", "csv"),
        ("https://a.test/signed", "/old", "", "txt"),
    ],
)
def test_the_file_is_of_the_kind_that_url_or_operation_suggest(
    fake: Made, url: str, path: str, success: str, ending: str
) -> None:
    server = fake(url, path, success=success)
    assert location(server, f"/v1{path}", ("Prefer", "code=302")).endswith(f".{ending}")


def test_another_call_leads_to_another_file(fake: Made) -> None:
    server = fake("https://a.test/signed", "/runs/{id}/logs")
    assert location(server, "/v1/runs/1/logs") != location(server, "/v1/runs/2/logs")


@pytest.mark.parametrize(
    ("ending", "media_type", "check"),
    [
        ("zip", "application/zip", lambda body: ZipFile(BytesIO(body)).testzip() is None),
        ("tar.gz", "application/gzip", lambda body: members(body, "r:gz")),
        ("tar", "application/x-tar", lambda body: members(body, "r:")),
        ("json", "application/json", orjson.loads),
        ("csv", "text/csv", lambda body: body.count(b",") == 2),
        ("xml", "application/xml", lambda body: body.startswith(b"<?xml")),
        ("html", "text/html", lambda body: body.startswith(b"<!DOCTYPE html>")),
        ("txt", "text/plain", bytes.decode),
        ("png", "image/png", lambda body: Image.open(BytesIO(body)).format == "PNG"),
        ("jpg", "image/jpeg", lambda body: Image.open(BytesIO(body)).format == "JPEG"),
        ("pdf", "application/pdf", lambda body: body.startswith(b"%PDF-")),
    ],
)
@pytest.mark.parametrize("below", ["", "/v1"])
def test_files_are_what_their_names_say(
    fake: Made, ending: str, media_type: str, check: Callable[[bytes], Any], below: str
) -> None:
    server = fake(None)
    reply = followed(server, f"{below}{FILE_PATH}1b7711fd.{ending}")
    assert (reply.status, reply.header("Content-Type")) == (200, media_type)
    assert check(reply.body)
    assert followed(server, f"{FILE_PATH}1b7711fd.{ending}").body == reply.body
    assert followed(server, f"{FILE_PATH}1b7711fe.{ending}").body != reply.body


@pytest.mark.parametrize("name", ["1b7711fd.exe", "1b7711fd", "x.zip", "../1b7711fd.zip", "1b7711fd.gz"])
def test_no_other_file_is_there(fake: Made, name: str) -> None:
    assert followed(fake(None), FILE_PATH + name).status >= 400


def test_pages_of_this_machine_may_read_a_file(fake: Made) -> None:
    server, path = fake(None), f"{FILE_PATH}1b7711fd.zip"
    origin = ("Origin", "http://localhost:3000")
    asked = followed(server, path, "OPTIONS", origin, ("Access-Control-Request-Method", "POST"))
    assert (asked.status, asked.header("Access-Control-Allow-Methods")) == (204, "POST")
    for reply in (asked, followed(server, path, "POST", origin), followed(server, path, "GET", origin)):
        assert reply.header("Access-Control-Allow-Origin") == origin[1]
    assert followed(server, path, "GET", ("Origin", "https://evil.test")).header("Access-Control-Allow-Origin") is None


def test_without_a_host_the_file_is_below_the_root(fake: Made) -> None:
    reply = fake("https://a.test/signed").handle(Call((), b"", "GET", "/v1/old"))
    assert urlsplit(reply.header("Location") or "").path.startswith(FILE_PATH)
