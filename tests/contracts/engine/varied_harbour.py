"""A harbour with berths in process, of which ``Variant`` says how keys look, and what creates and lists answer.

``bug`` names what it does wrong with its berths; without one it is right.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request

from .small_shop import (
    Answer,
    RefusedCallError,
    json_response,
    numbered_uuid,
    operation,
    parameter,
    record,
    sent_entity,
)

NAME = {"type": "string", "minLength": 1, "maxLength": 100}
LENGTH = {"type": "integer", "minimum": 1, "maximum": 500}
REMARK = {"type": ["string", "null"], "maxLength": 200}
MEMBERS = {"name": NAME, "length": LENGTH, "remark": REMARK}
KEYS = {
    "uuid": {"type": "string", "format": "uuid"},
    "number": {"type": "integer"},
    "text": {"type": "string"},
}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Variant:
    """What a harbour looks like; ``create`` is what a create answers, ``envelope`` what stands around a list.

    A berth stands below its harbour where it is ``nested``, and names it in ``harbourId`` where it isn't.
    """

    key: str = "uuid"
    key_name: str = "id"
    create: str = "entity"
    envelope: str = "array"
    nested: bool = True

    def list_schema(self, entity: Any) -> Any:
        rows = {"type": "array", "items": entity}
        return {
            "array": rows,
            "keys": {"type": "array", "items": KEYS[self.key]},
            "dictionary": {"type": "object", "additionalProperties": entity},
            "deep": record({"success": {"type": "boolean"}, "result": record({"list": rows})}),
            "edges": record({"edges": {"type": "array", "items": record({"node": entity})}}),
        }[self.envelope]

    def listed(self, rows: dict[str, dict[str, Any]]) -> Any:
        entities = list(rows.values())
        return {
            "array": entities,
            "keys": [entity[self.key_name] for entity in entities],
            "dictionary": rows,
            "deep": {"success": True, "result": {"list": entities}},
            "edges": {"edges": [{"node": entity} for entity in entities]},
        }[self.envelope]

    def create_schema(self, entity: Any) -> Any:
        key = KEYS[self.key]
        return {
            "entity": entity,
            "wrapped": record({"data": entity}),
            "key in an object": record({self.key_name: key}),
            "key": key,
            "link": record({"href": {"type": "string"}}),
            "location": None,
            "status": record({"status": {"type": "string"}}),
        }[self.create]

    def created(self, entity: dict[str, Any], path: str) -> Answer:
        key = entity[self.key_name]
        answer = {
            "entity": entity,
            "wrapped": {"data": entity},
            "key in an object": {self.key_name: key},
            "key": key,
            "link": {"href": f"{path}/{key}"},
            "location": None,
            "status": {"status": "stored"},
        }[self.create]
        return 201, answer, {"Location": f"http://localhost{path}/{key}"} if self.create == "location" else {}

    def new_key(self, number: int) -> Any:
        made = numbered_uuid(number)
        return {"uuid": str(made), "number": number, "text": f"k{made.hex[:8]}"}[self.key]

    def members(self, kind: str) -> dict[str, Any]:
        is_reference = kind == "berths" and not self.nested
        return {**MEMBERS, **({"harbourId": KEYS[self.key]} if is_reference else {})}

    @property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        schemas = {
            name: record({self.key_name: KEYS[self.key], **self.members(kind)})
            for name, kind in (("Harbour", "harbours"), ("Berth", "berths"))
        }
        berths = "/harbours/{harbourId}/berths" if self.nested else "/berths"
        paths = self._paths("/harbours", "harbours", "Harbour", "harbourId")
        paths |= self._paths(berths, "berths", "Berth", "berthId")
        info = {"title": "Harbour", "version": "1"}
        return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}

    def _paths(self, path: str, kind: str, name: str, variable: str) -> dict[str, Any]:
        entity = {"$ref": f"#/components/schemas/{name}"}
        sent = {
            **record(self.members(kind)),
            "required": [member for member in self.members(kind) if member != "remark"],
        }
        variables = [parameter(name, KEYS[self.key]) for name in re.findall(r"\{(\w+)\}", path)]
        return {
            path: {
                "parameters": variables,
                "get": operation(200, self.list_schema(entity)),
                "post": operation(201, self.create_schema(entity), sent),
            },
            f"{path}/{{{variable}}}": {
                "parameters": [*variables, parameter(variable, KEYS[self.key])],
                "get": operation(200, entity),
                "put": operation(200, entity, sent),
                "patch": operation(200, entity, record(self.members(kind), required=False)),
                "delete": operation(204),
            },
        }


@dataclass
class Harbour:
    """The WSGI application; ``rows`` are its entities by the path of their list. Names are unique."""

    variant: Variant
    bug: str = ""
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    answered: set[tuple[str, str]] = field(default_factory=set)
    made: int = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        return json_response(self._answer, request)(environ, start_response)

    def _answer(self, request: Request) -> Answer:
        nested = r"/harbours/([^/]+)/berths" if self.variant.nested else r"/berths"
        match = re.fullmatch(rf"(/harbours|{nested})(?:/([^/]+))?", request.path)
        if match is None:
            raise RefusedCallError(404, "no such path")
        path, key = match[1], match[match.re.groups]
        allowed = ("GET", "PUT", "PATCH", "DELETE") if key else ("GET", "POST")
        if request.method not in allowed:
            return 405, {"error": "method"}, {"Allow": ", ".join(allowed)}
        kind = path.rpartition("/")[2]
        sent = self._sent(request, kind) if request.method in ("POST", "PUT", "PATCH") else {}
        if self.variant.nested and kind == "berths" and match[2] not in self.rows.get("/harbours", {}):
            raise RefusedCallError(404, "no such harbour")
        bug = self.bug if kind == "berths" else ""
        answer = self._item(request.method, path, key, sent, bug) if key else self._list(request, path, sent, bug)
        self.answered.add((request.method, f"{kind}/{{}}" if key else kind))
        return answer

    def _list(self, request: Request, path: str, sent: dict[str, Any], bug: str) -> Answer:
        rows = self.rows.setdefault(path, {})
        if request.method == "GET":
            return 200, self.variant.listed(rows), {}
        self._refuse_known(sent, "")
        self.made += 1
        key = self.variant.new_key(self.made)
        rows[str(key)] = new = {self.variant.key_name: key, "remark": None, **sent}
        if bug == "loses a text":
            new["remark"] = None
        return self.variant.created(new, path)

    def _item(
        self, method: str, path: str, key: str, sent: dict[str, Any], bug: str
    ) -> tuple[int, Any, dict[str, str]]:
        rows = self.rows.setdefault(path, {})
        if key not in rows:
            raise RefusedCallError(404, "no such entity")
        if method == "DELETE":
            if bug != "DELETE does nothing":
                del rows[key]
                self.rows = {
                    row_path: kept for row_path, kept in self.rows.items() if not row_path.startswith(f"{path}/{key}/")
                }
            return 204, None, {}
        self._refuse_known(sent, key)
        new = {**rows[key], **({"remark": None} if method == "PUT" else {}), **sent}
        if bug != f"{method} is not stored":
            rows[key] = new
        return 200, {**new, "name": None} if method == "GET" and bug == "null in a read" else new, {}

    def _refuse_known(self, sent: dict[str, Any], key: str) -> None:
        others = (row for rows in self.rows.values() for name, row in rows.items() if name != key)
        if "name" in sent and any(row["name"] == sent["name"] for row in others):
            raise RefusedCallError(409, "this name is taken")
        if "harbourId" in sent and str(sent["harbourId"]) not in self.rows.get("/harbours", {}):
            raise RefusedCallError(400, f"there is no harbour {sent['harbourId']}")

    def _sent(self, request: Request, kind: str) -> dict[str, Any]:
        members = self.variant.members(kind)
        return sent_entity(request, members, members.keys() - {"remark"}, _fits)


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    if value is None:
        return schema is REMARK
    if schema["type"] == "integer":
        is_whole = type(value) is int or (type(value) is float and value.is_integer())
        return is_whole and schema.get("minimum", -(2**63)) <= value <= schema.get("maximum", 2**63)
    if not isinstance(value, str) or not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 500):
        return False
    return "format" not in schema or _UUID.fullmatch(value) is not None
