"""``lint`` reports the bodies and header fields that no value fits."""

import json
from pathlib import Path
from typing import Any

from docdouble.fakeserver.sampler.impossible_values import impossible_values
from docdouble.schemas import extract

NEVER = {"type": "object", "properties": {"a": False}, "required": ["a"]}
FINE = {"type": "object", "properties": {"a": False, "b": {"type": "string"}}, "required": ["b"]}


def body(schema: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def test_bodies_that_no_value_fits_are_reported_with_their_line(tmp_path: Path) -> None:
    operation = {"requestBody": body(NEVER), "responses": {"200": body(FINE), "400": body(NEVER)}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}}}
    file = tmp_path / "api.json"
    file.write_text(json.dumps(document, indent=1))
    impossible = list(impossible_values(extract(str(file)).contract))
    assert [contradiction.message.partition(":")[0] for contradiction in impossible] == [
        "POST /a, request application/json",
        "POST /a, response 400 application/json",
    ]
    assert all(contradiction.rule == "no-value" and contradiction.line for contradiction in impossible)
    assert "the property a: not" in impossible[0].message


def test_header_fields_that_no_value_fits_have_findings(tmp_path: Path) -> None:
    headers = {"X-Long": {"schema": {"type": "string", "minLength": 10**7}}, "X-Page": {"schema": {"type": "integer"}}}
    operation = {"responses": {"200": {"description": "", "headers": headers}}}
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": operation}}}
    file = tmp_path / "api.json"
    file.write_text(json.dumps(document, indent=1))
    (finding,) = impossible_values(extract(str(file)).contract)
    assert finding.rule == "no-value"
    assert finding.message.startswith("GET /a, response 200: the property X-Long asks for more than")
