"""A case ↔ JSON that a person can read: a body as the JSON it is, else as text, else as base64."""

import base64
import binascii
import json
from typing import Any

from docdouble.schemas import Call, Evidence
from docdouble.schemas.openapi.document import DocumentNode

from ..model.case import Breach


def call_as_json(call: Call) -> dict[str, Any]:
    """Return a call as members; ``call_from_json`` reads them back."""
    written: dict[str, Any] = {"method": call.method, "target": call.target}
    if call.headers:
        written["headers"] = [f"{name}: {value}" for name, value in call.headers]
    return {**written, **({"body": _body(call.body)} if call.body else {})}


def call_from_json(node: DocumentNode) -> Call:
    """Read a call; raises ``ContractError`` that names the place and what was expected."""
    target = node.text("target")
    if not target.startswith("/"):
        raise node.error(f"'target' is {target!r}, expected a path that starts with '/'")
    headers = tuple(_header(node, header) for header in node.texts("headers"))
    return Call(headers, _read_body(node), node.text("method"), target)


def _header(node: DocumentNode, text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise node.error(f"header {text!r} is not of the form 'Name: value'")
    return name.strip(), value.strip()


def _body(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
    try:
        value = json.loads(text)
        # what JSON can write in several ways is kept as it was written: 1e3, a name that stands twice
        same = text in (json.dumps(value), json.dumps(value, ensure_ascii=False), _compact(value))
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return {"text": text}
    return {"json": value} if same else {"text": text}


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _read_body(node: DocumentNode) -> bytes:
    if "body" not in node.data:
        return b""
    body = node.mapping("body")
    if "json" in body.data:
        return json.dumps(body.data["json"], ensure_ascii=False).encode()
    if "text" in body.data:
        return body.text("text").encode()
    try:
        return base64.b64decode(body.text("base64"), validate=True)
    except binascii.Error as error:
        raise body.error(f"'base64' can't be decoded: {error}") from error


def breach_as_json(breach: Breach) -> dict[str, Any]:
    """Return the breach of a hostile call as JSON; ``read_breach`` reads it back."""
    evidence = {"evidence": breach.evidence.as_dict()} if breach.evidence else {}
    return {"place": breach.place, "rule": breach.rule, **evidence}


def read_breach(node: DocumentNode) -> Breach | None:
    """Read the member ``breach`` of a case, ``None`` where there is none; raises ``ContractError``."""
    if "breach" not in node.data:
        return None
    breach = node.mapping("breach")
    return Breach(breach.text("place"), breach.text("rule"), _evidence(breach))


def _evidence(node: DocumentNode) -> Evidence | None:
    if "evidence" not in node.data:
        return None
    evidence = node.mapping("evidence")
    try:
        return Evidence.from_dict(evidence.data)
    except (KeyError, TypeError, ValueError) as error:
        raise evidence.error("expected a grade, a page and a line") from error
