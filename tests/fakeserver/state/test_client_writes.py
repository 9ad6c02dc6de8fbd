"""What vendors' clients read after they wrote: keys that bases share, references by key, values in optional objects."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, extract

TEXT: dict[str, Any] = {"type": "string"}
HANDLE = {"type": "object", "properties": {"gid": {**TEXT, "readOnly": True}, "kind": {**TEXT, "readOnly": True}}}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def berths(tmp_path: Path, schemas: dict[str, Any], key: str = "berth_gid", create: str = "/berths") -> FakeServer:
    """Return the fake of an API of berths: ``Sent`` is what a caller sends of one, ``Berth`` what is answered."""
    shown = {"description": "", **content(ref("Berth"))}
    by_key = [{"name": key, "in": "path", "required": True, "schema": TEXT}]
    paths = {
        create: {"post": {"requestBody": content(ref("Sent")), "responses": {"201": shown}}},
        f"/berths/{{{key}}}": {"get": {"parameters": by_key, "responses": {"200": shown}}},
    }
    document = {"openapi": "3.0.3", "info": {"title": "Berths", "version": "1"}, "paths": paths}
    (tmp_path / "api.json").write_text(json.dumps({**document, "components": {"schemas": schemas}}))
    return FakeServer(extract(str(tmp_path / "api.json")).contract, Settings())


def asked(fake: FakeServer, method: str, path: str, body: Any = None) -> Any:
    sent = b"" if body is None else json.dumps(body).encode()
    reply = fake.handle(Call((("Content-Type", "application/json"),) if sent else (), sent, method, path))
    assert reply.status < 300, reply.body
    return json.loads(reply.body)


def test_a_key_of_a_base_that_requests_share(tmp_path: Path) -> None:
    named = {"type": "object", "properties": {"name": TEXT}}
    both = {"allOf": [ref("Handle"), named]}
    fake = berths(tmp_path, {"Handle": HANDLE, "Sent": both, "Berth": both})
    made = asked(fake, "POST", "/berths", {"name": "North"})
    assert made.keys() == {"gid", "kind", "name"}
    assert asked(fake, "GET", f"/berths/{made['gid']}") == made


def test_what_one_operation_takes_though_replies_call_it_read_only(tmp_path: Path) -> None:
    shown = {"type": "object", "properties": {name: {**TEXT, "readOnly": True} for name in ("key", "name", "maker")}}
    sent = {"type": "object", "properties": {"key": TEXT, "name": TEXT}}
    fake = berths(tmp_path, {"Sent": sent, "Berth": shown}, key="key")
    made = asked(fake, "POST", "/berths", {"key": "N-1", "name": "North"})
    assert made.items() >= {"key": "N-1", "name": "North"}.items()
    assert asked(fake, "GET", "/berths/N-1") == made


@pytest.mark.parametrize("key", ["id", "gid", "guid"])
def test_references_by_key_are_shown_as_objects(tmp_path: Path, key: str) -> None:
    handle = {"type": "object", "required": [key, "name"], "properties": {key: TEXT, "name": TEXT}}
    sent = {"harbour": TEXT, "boats": {"type": "array", "items": TEXT}, "name": TEXT}
    berth = {"gid": TEXT, "name": TEXT, "harbour": ref("Handle"), "boats": {"type": "array", "items": ref("Handle")}}
    schemas = {"Handle": handle, "Sent": {"type": "object", "properties": sent}}
    fake = berths(tmp_path, {**schemas, "Berth": {"type": "object", "required": list(berth), "properties": berth}})
    made = asked(fake, "POST", "/berths", {"harbour": "777", "boats": ["21", "22"], "name": "North"})
    assert (made["harbour"][key], [boat[key] for boat in made["boats"]]) == ("777", ["21", "22"])
    assert asked(fake, "GET", f"/berths/{made['gid']}") == made


def test_a_value_in_an_object_that_may_be_null(tmp_path: Path) -> None:
    rate = {"type": "object", "required": ["unit", "count"], "properties": {"unit": TEXT, "count": {"type": "integer"}}}
    berth = {"gid": TEXT, "rate": {"anyOf": [ref("Rate")], "nullable": True}}
    schemas = {"Rate": rate, "Sent": {"type": "object", "properties": {"rate": {"type": "object"}}}}
    fake = berths(tmp_path, {**schemas, "Berth": {"type": "object", "required": list(berth), "properties": berth}})
    units = {asked(fake, "POST", "/berths", {"rate": {"unit": "night"}})["rate"]["unit"] for _ in range(8)}
    assert units == {"night"}


def test_create_beside_the_items(tmp_path: Path) -> None:
    berth = {"type": "object", "required": ["gid"], "properties": {"gid": TEXT, "name": TEXT}}
    sent = {"type": "object", "properties": {"name": TEXT}}
    fake = berths(tmp_path, {"Sent": sent, "Berth": berth}, create="/berths/create")
    made = asked(fake, "POST", "/berths/create", {"name": "North"})
    assert asked(fake, "GET", f"/berths/{made['gid']}") == made | {"name": "North"}
