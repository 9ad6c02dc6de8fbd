"""Images and documents where octets are promised."""

import base64
import csv
import tarfile
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import orjson
import pytest
from PIL import Image

from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.answers.binary_files import file_of, is_file
from docdouble.schemas import Contract, Reply

Send = Callable[..., Reply]
MakeContract = Callable[..., Contract]

PHOTO = "/api/v1/Branch/5/Photo"
IMAGES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/bmp": "BMP", "image/tiff": "TIFF"}
ARCHIVES = ["application/zip", "application/x-tar", "application/gzip"]


def octets(media_type: str, key: int = 1, **parameters: Any) -> bytes:
    return base64.b64decode(file_of(media_type, key, parameters), validate=True)


def image(body: bytes) -> Image.Image:
    """Return a whole image; raises for a broken one."""
    with Image.open(BytesIO(body)) as picture:
        picture.load()
        return picture


@pytest.mark.parametrize(("media_type", "name"), [*IMAGES.items(), ("image/jpg", "JPEG"), ("image/webp", "WEBP")])
def test_an_image_is_one(media_type: str, name: str) -> None:
    picture = image(octets(media_type))
    assert (picture.format, picture.size) == (name, (64, 64))


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        ({"w": 20, "h": 10}, (20, 10)),
        ({"W": 20, "H": 10}, (20, 10)),
        ({"width": 20}, (20, 64)),
        ({"height": 1}, (64, 1)),
        ({"w": 0, "h": -5}, (1, 1)),
        ({"w": 10**9, "h": 10**9}, (1024, 1024)),
        ({"w": "wide", "h": None}, (64, 64)),
        ({"wide": 5}, (64, 64)),
    ],
)
def test_an_image_has_the_size_that_is_asked_for(parameters: dict[str, Any], size: tuple[int, int]) -> None:
    assert image(octets("image/png", **parameters)).size == size


def test_a_pattern_is_symmetric() -> None:
    picture = image(octets("image/png", w=8, h=8))
    assert picture.tobytes() == picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes()


@pytest.mark.parametrize("media_type", [*IMAGES, "image/webp", "application/pdf", *ARCHIVES])
def test_the_same_key_gives_the_same_octets(media_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = octets(media_type)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    monkeypatch.setattr(time, "gmtime", lambda *_: time.struct_time((2033, 5, 18, 3, 33, 20, 2, 138, 0)))
    assert octets(media_type) == first
    assert octets(media_type, 2) != first


def test_a_document_is_a_pdf_of_one_page_with_a_fixed_date() -> None:
    document = octets("application/pdf")
    assert document.startswith(b"%PDF-1.")
    assert document.rstrip().endswith(b"%%EOF")
    assert document.count(b"/Type /Page\n") == 1
    assert document.count(b"(D:20250101000000Z)") == 2


@pytest.mark.parametrize("media_type", ["application/octet-stream", "application/epub+zip", "text/plain"])
def test_anything_else_is_a_line_of_text(media_type: str) -> None:
    assert octets(media_type, 1234) == f"A sample of {media_type}, number 234.\n".encode()


def test_a_table_has_a_header_and_a_row() -> None:
    assert list(csv.reader(octets("text/csv", 1234).decode().splitlines())) == [["number", "name"], ["234", "Sample"]]


@pytest.mark.parametrize("media_type", ["application/x-tar", "application/gzip", "application/x-gzip"])
def test_a_tape_archive_holds_a_text(media_type: str) -> None:
    with tarfile.open(fileobj=BytesIO(octets(media_type, 5))) as archive:
        (member,) = archive.getmembers()
        text = archive.extractfile(member)
        assert text is not None
        assert text.read() == f"A sample of {media_type}, number 5.\n".encode()


@pytest.mark.parametrize("media_type", ["application/zip", "application/x-zip-compressed"])
def test_a_zip_archive_holds_a_text(media_type: str) -> None:
    with ZipFile(BytesIO(octets(media_type, 5))) as archive:
        assert archive.testzip() is None
        assert [archive.read(name) for name in archive.namelist()] == [
            f"A sample of {media_type}, number 5.\n".encode()
        ]


@pytest.mark.parametrize("media_type", ["application/json", "text/json", "application/xml"])
def test_inside_other_bodies_a_file_is_an_image(media_type: str) -> None:
    assert image(octets(media_type)).format == "PNG"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["image/png"], True),
        (["application/json", "image/gif"], True),
        (["application/pdf"], True),
        (["application/octet-stream"], True),
        (["application/zip"], True),
        (["application/json"], False),
        (["text/plain"], False),
        ([], False),
    ],
)
def test_a_file_is_promised_by_its_media_type(names: list[str], expected: bool) -> None:
    assert is_file(names) == expected


@pytest.mark.parametrize(
    ("accept", "name"),
    [("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/gif, image/png;q=0.1", "GIF"), ("*/*", "PNG")],
)
def test_a_photo_is_sent_in_the_accepted_format(app: FakeServer, send: Send, accept: str, name: str) -> None:
    reply = send(app, f"GET {PHOTO}?w=30&h=20", ("Accept", accept))
    assert (reply.status, reply.media_type) == (200, f"image/{name.lower()}")
    picture = image(reply.body)
    assert (picture.format, picture.size) == (name, (30, 20))
    assert send(app, f"GET {PHOTO}?w=30&h=20", ("Accept", accept)).body == reply.body


def test_a_photo_of_another_entity_is_another(app: FakeServer, send: Send) -> None:
    photos = {send(app, f"GET {PHOTO.replace('5', str(number))}").body for number in range(1, 5)}
    assert len(photos) == 4


def test_a_photo_in_another_format_is_not_acceptable(app: FakeServer, send: Send) -> None:
    assert send(app, f"GET {PHOTO}", ("Accept", "application/json")).status == 406


@pytest.mark.parametrize("kind", ["image/png", "image/gif", "multipart/form-data"])
def test_a_photo_can_be_put_there(app: FakeServer, send: Send, kind: str) -> None:
    body, more = octets("image/png"), ""
    if kind.startswith("multipart"):
        head = (
            b'--B\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        )
        body, more = head + body + b"\r\n--B--\r\n", "; boundary=B"
    reply = send(app, f"PUT {PHOTO}", ("Content-Type", kind + more), body=body)
    assert (reply.status, type(orjson.loads(reply.body))) == (200, int)


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("image/jpeg", 415, b"x"),
        ("application/json", 415, b"{}"),
        ("multipart/form-data", 400, b"--B--"),
        ("multipart/form-data; boundary=B", 400, b"--B--\r\n"),
    ],
)
def test_something_else_can_not(app: FakeServer, send: Send, kind: str, status: int, body: bytes) -> None:
    assert send(app, f"PUT {PHOTO}", ("Content-Type", kind), body=body).status == status


def test_a_document_is_sent_as_it_is(make_contract: MakeContract, send: Send) -> None:
    report = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
    paths = {"/report": {"get": {"responses": {"200": {"description": "Here", "content": report}}}}}
    replies = [send(FakeServer(make_contract(paths)), "GET /report") for _ in range(2)]
    assert replies[0] == replies[1]
    assert (replies[0].media_type, replies[0].body[:5]) == ("application/pdf", b"%PDF-")


def test_an_archive_is_sent_as_it_is(make_contract: MakeContract, send: Send) -> None:
    backup = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    paths = {"/backup": {"get": {"responses": {"200": {"description": "Here", "content": backup}}}}}
    reply = send(FakeServer(make_contract(paths)), "GET /backup")
    with ZipFile(BytesIO(reply.body)) as archive:
        assert len(archive.namelist()) == 1
