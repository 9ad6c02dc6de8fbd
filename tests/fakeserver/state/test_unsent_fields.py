"""Fields that a sample shows of what callers created: they are there, also where nobody sent them."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import Call, extract
from docdouble.schemas.contract.model import EVIDENCE


@pytest.mark.parametrize("is_shown", [True, False])
def test_what_a_sample_shows_is_there(tmp_path: Path, is_shown: bool) -> None:
    evidence: dict[str, Any] = {EVIDENCE: {"grade": "sampled", "page": "x", "line": 1}} if is_shown else {}
    properties = {"id": {"type": "integer", "readOnly": True}, "days": {"type": "integer", **evidence}}
    content = {"content": {"application/json": {"schema": {"type": "object", "properties": properties}}}}
    post = {"requestBody": content, "responses": {"201": {"description": "", **content}}}
    by_id = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    get = {"parameters": [by_id], "responses": {"200": {"description": "", **content}}}
    paths = {"/rentals": {"post": post}, "/rentals/{id}": {"get": get}}
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    (tmp_path / "api.json").write_text(json.dumps(document))
    fake = FakeServer(extract(str(tmp_path / "api.json")).contract, Settings())
    reply = fake.handle(Call((("Content-Type", "application/json"),), b"{}", "POST", "/rentals"))
    assert ("days" in json.loads(reply.body)) == is_shown
