"""The README's ways to call the fake, one by one: every kind of body, lists, patches, images."""

from collections.abc import Callable
from io import BytesIO

import orjson
import pytest
from PIL import Image

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Reply

ASSIGN = "POST /api/v1/Agents/Appointment/AssignTo"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
XML = ("Content-Type", "text/xml")
Send = Callable[..., Reply]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param(FORM, b"AppointmentId=267", id="form"),
        pytest.param(XML, b"<Call><appointmentId>267</appointmentId></Call>", id="xml"),
        pytest.param(("Content-Type", "application/json"), b'{"appointmentId": 267}', id="json"),
    ],
)
def test_a_body_goes_in_one_way_and_comes_out_another(
    shipped_app: FakeServer, send: Send, content_type: tuple[str, str], body: bytes
) -> None:
    as_json = send(shipped_app, ASSIGN, content_type, body=body)
    as_xml = send(shipped_app, ASSIGN, content_type, ("Accept", "application/xml"), body=body)
    assert orjson.loads(as_json.body)["AppointmentId"] == 267
    assert b"<AppointmentId>267</AppointmentId>" in as_xml.body
    assert as_xml.body.startswith(b'<?xml version="1.0" encoding="utf-8"?><AppointmentEntity ')


@pytest.mark.parametrize(
    ("media_type", "patch"),
    [
        ("application/json-patch+json", [{"op": "replace", "path": "name", "value": "Harbour"}]),
        ("application/merge-patch+json", {"Name": "Harbour"}),
    ],
)
def test_a_patch_is_applied(app: FakeServer, send: Send, media_type: str, patch: object) -> None:
    body = orjson.dumps(patch)
    reply = send(app, "PATCH /api/v1/Branch/5", ("Content-Type", media_type), body=body)
    before = orjson.loads(send(app, "GET /api/v1/Branch/5").body)
    assert orjson.loads(reply.body) == {**before, "Name": "Harbour"}


def test_an_image_goes_in_and_out(app: FakeServer, send: Send) -> None:
    image = send(app, "GET /api/v1/Branch/5/Photo?w=32", ("Accept", "image/png"))
    assert Image.open(BytesIO(image.body)).format == "PNG"
    put = send(app, "PUT /api/v1/Branch/5/Photo", ("Content-Type", "image/png"), body=image.body)
    assert put.status == 200


def test_a_list_is_filtered_sorted_and_paged(app: FakeServer, send: Send) -> None:
    query = "$select=name&$orderBy=name%20desc&$top=2&$filter=name%20contains%20%27a%27"
    page = orjson.loads(send(app, f"GET /api/v1/Branch?{query}").body)
    names = [row["name"] for row in page["value"]]
    assert names == sorted(names, key=str.lower, reverse=True)
    assert all("a" in name.lower() for name in names)
    assert "$skip=2" in page["odata.nextLink"]
