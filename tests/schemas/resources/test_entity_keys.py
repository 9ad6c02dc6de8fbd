"""The property that shows what a path variable stands for."""

from typing import Any

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.resources.entity_keys import key_property, made_key, unchanging_key

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
CONTRACT = Contract("harbour", "1", ())


@pytest.mark.parametrize(
    ("variable", "kind", "name", "properties", "key"),
    [
        ("dock_id", "string", "docks", {"name": TEXT, "id": TEXT}, "id"),
        ("dockId", "string", "docks", {"DockID": TEXT, "id": NUMBER}, "DockID"),
        ("slug", "string", "flags", {"slug": TEXT, "id": TEXT}, "slug"),
        ("issue_number", "integer", "issues", {"id": NUMBER, "number": NUMBER}, "number"),
        ("repo", "string", "repos", {"id": NUMBER, "name": TEXT}, "name"),
        ("boat", "string", "boats", {"id": TEXT, "name": TEXT}, "id"),
        ("uuid", "string", "ports", {"id": TEXT}, "id"),
        ("petId", "string", "pets", {"id": NUMBER}, "id"),
        ("name", "string", "pods", {"metadata": {"properties": {"name": TEXT}}, "kind": TEXT}, "metadata/name"),
        ("userId", "string", "permissions", {"user": {"properties": {"id": TEXT}}, "role": TEXT}, "user/id"),
        ("userId", "string", "permissions", {"user": TEXT, "role": TEXT}, ""),
        ("label", "string", "labels", {"value": TEXT}, "value"),
        ("label", "string", "labels", {"value": TEXT, "colour": TEXT}, ""),
        ("path", "string", "files", {"content": TEXT}, ""),
    ],
)
def test_what_a_variable_stands_for(variable: str, kind: str, name: str, properties: dict[str, Any], key: str) -> None:
    assert key_property(variable, frozenset({kind}), (name,), properties, CONTRACT) == key


@pytest.mark.parametrize(
    ("key", "sent", "kept"),
    [("value", {"value": TEXT}, ""), ("value", {}, "value"), ("name", {"name": TEXT}, "name")],
)
def test_a_value_that_requests_change_is_no_key(key: str, sent: dict[str, Any], kept: str) -> None:
    assert unchanging_key(key, [None, {"type": "object", "properties": sent}], CONTRACT) == kept


MADE = {"slip": TEXT, "name": TEXT, "length": NUMBER, "createdAt": {**TEXT, "format": "date-time"}}
SENT = {"name": TEXT, "length": NUMBER}


@pytest.mark.parametrize(
    ("kind", "shown", "sent", "key"),
    [
        ("string", MADE, SENT, "slip"),
        ("string", MADE, MADE | {"slip": {**TEXT, "readOnly": True}}, "slip"),
        ("integer", {**MADE, "slip": NUMBER}, SENT, "slip"),
        ("integer", MADE, SENT, ""),
        ("string", {**MADE, "status": {**TEXT, "enum": ["free", "taken"]}, "createdBy": TEXT}, SENT, "slip"),
        ("string", {**MADE, "owner": TEXT}, SENT, ""),
        ("string", {**MADE, "slip": {"type": "boolean"}}, SENT, ""),
        ("string", MADE, {}, ""),
        ("string", MADE, {"data": {"properties": SENT}}, ""),
    ],
)
def test_a_key_that_a_server_makes_has_any_name(
    kind: str, shown: dict[str, Any], sent: dict[str, Any], key: str
) -> None:
    assert made_key(frozenset({kind}), shown, sent, CONTRACT) == key
