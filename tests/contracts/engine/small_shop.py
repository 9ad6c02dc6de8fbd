"""A small shop in process: keys that are UUIDs or chosen by callers, unique names, lists in envelopes, reviews.

``bug`` names what it does wrong; without one it is right.
"""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from werkzeug.wrappers import Request, Response

TEXT = {"type": "string", "minLength": 1, "maxLength": 100}
KEY = {"type": "string", "format": "uuid"}
SKU = {"type": "string", "minLength": 3, "maxLength": 8}
EMAIL = {"type": "string", "format": "email", "maxLength": 60}
PRICE = {"type": "integer", "minimum": 0, "maximum": 100000}
RATING = {"type": "integer", "minimum": 1, "maximum": 5}
CODE = {"type": "string", "minLength": 4, "maxLength": 20, "pattern": "^[A-Za-z0-9-]+$"}

PRODUCT = {"sku": SKU, "title": TEXT, "price": PRICE}
CUSTOMER = {"email": EMAIL, "name": TEXT}
REVIEW = {"text": TEXT, "rating": RATING}
COUPON = {"code": CODE, "rating": RATING}
SETTINGS = {"title": TEXT, "rating": RATING}


def record(members: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    return {"type": "object", "properties": members, "additionalProperties": False} | (
        {"required": list(members)} if required else {}
    )


def shown(members: dict[str, Any]) -> dict[str, Any]:
    return record({"id": KEY, **members})


def body(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


ERROR = {"description": "", **body(record({"error": {"type": "string"}}))}
REFUSALS = {"400": ERROR, "401": ERROR, "404": ERROR, "405": ERROR, "409": ERROR, "415": ERROR}


def operation(status: int, schema: Any = None, sent: Any = None) -> dict[str, Any]:
    success = {"description": "", **(body(schema) if schema else {})}
    request = {"requestBody": {"required": True, **body(sent)}} if sent else {}
    return {**request, "responses": {str(status): success, **REFUSALS}}


def parameter(name: str, schema: Any = KEY) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def collection(entity: Any, members: dict[str, Any], rows: str, *, answers: bool = True) -> dict[str, Any]:
    listed = record({rows: {"type": "array", "items": entity}, "total": {"type": "integer", "minimum": 0}})
    return {"get": operation(200, listed), "post": operation(201, entity if answers else None, record(members))}


def item(entity: Any, members: dict[str, Any]) -> dict[str, Any]:
    return {
        "get": operation(200, entity),
        "put": operation(200, entity, record(members)),
        "patch": operation(200, entity, record(members, required=False)),
        "delete": operation(204),
    }


PRODUCT_REF = {"$ref": "#/components/schemas/Product"}
CUSTOMER_REF = {"$ref": "#/components/schemas/Customer"}
SETTINGS_REF = {"$ref": "#/components/schemas/Settings"}
COUPON_REF = {"$ref": "#/components/schemas/Coupon"}

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/products": collection(PRODUCT_REF, PRODUCT, "items"),
        "/products/{productId}": {"parameters": [parameter("productId")], **item(PRODUCT_REF, PRODUCT)},
        "/products/{productId}/reviews": {
            "parameters": [parameter("productId")],
            **collection(shown(REVIEW), REVIEW, "results"),
        },
        "/products/{productId}/reviews/{reviewId}": {
            "parameters": [parameter("productId"), parameter("reviewId")],
            **item(shown(REVIEW), REVIEW),
        },
        "/customers": collection(CUSTOMER_REF, CUSTOMER, "data", answers=False),
        "/customers/{customerId}": {"parameters": [parameter("customerId")], **item(CUSTOMER_REF, CUSTOMER)},
        "/coupons": collection(COUPON_REF, COUPON, "coupons", answers=False),
        "/coupons/{code}": {
            "parameters": [parameter("code", CODE)],
            "get": operation(200, COUPON_REF),
            "put": operation(200, COUPON_REF, record({"rating": RATING})),
            "delete": operation(204),
        },
        "/settings": {
            "get": operation(200, SETTINGS_REF),
            "put": operation(200, SETTINGS_REF, record(SETTINGS)),
        },
    },
    "security": [{"Token": []}],
    "components": {
        "schemas": {
            "Product": shown(PRODUCT),
            "Customer": shown(CUSTOMER),
            "Coupon": record(COUPON),
            "Settings": record(SETTINGS),
        },
        "securitySchemes": {"Token": {"type": "http", "scheme": "bearer"}},
    },
}

ROWS = {"products": "items", "reviews": "results", "customers": "data", "coupons": "coupons"}
MEMBERS = {"products": PRODUCT, "reviews": REVIEW, "customers": CUSTOMER, "coupons": COUPON, "settings": SETTINGS}
UNIQUE = {"products": "sku", "customers": "email", "coupons": "code"}
_SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)

Answer = tuple[int, Any, dict[str, str]]


class RefusedCallError(Exception):
    """A call that is answered with a failure."""

    def __init__(self, status: int, error: str, headers: dict[str, str] | None = None) -> None:
        self.answer: Answer = (status, {"error": error}, headers or {})


def json_response(answer: Callable[[Request], Answer], request: Request) -> Response:
    """Return the answer to a request, or its refusal, as a message with JSON."""
    try:
        status, value, headers = answer(request)
    except RefusedCallError as refused:
        status, value, headers = refused.answer
    text = "" if value is None else json.dumps(value)
    return Response(text, status, headers, content_type="application/json" if text else None)


def sent_entity(
    request: Request, members: dict[str, Any], required: Collection[str], fits: Callable[[Any, Any], bool]
) -> dict[str, Any]:
    """Return the members that a request sends; refuse what isn't JSON, unknown or wrong, and missing but for PATCH."""
    if request.mimetype != "application/json":
        raise RefusedCallError(415, "media type")
    try:
        sent = json.loads(request.get_data().decode())
        json.dumps(sent, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise RefusedCallError(400, "no JSON") from None
    if not isinstance(sent, dict) or not sent.keys() <= members.keys():
        raise RefusedCallError(400, "unknown members")
    if request.method != "PATCH" and not sent.keys() >= set(required):
        raise RefusedCallError(400, "members are missing")
    for name, value in sent.items():
        if not fits(value, members[name]):
            raise RefusedCallError(400, f"{name} is wrong")
    return {name: int(value) if isinstance(value, float) else value for name, value in sent.items()}


def numbered_uuid(number: int) -> UUID:
    """Return the same UUID for the same number."""
    return uuid5(_SPACE, str(number))


@dataclass
class Shop:
    """The WSGI application; ``rows`` are its entities by the path of their list.

    It refuses products below ``least_price``, of which its document doesn't know.
    """

    bug: str = ""
    least_price: int = 0
    rows: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {"/products": {}, "/customers": {}, "/coupons": {}}
    )
    settings: dict[str, Any] = field(default_factory=lambda: {"title": "The shop", "rating": 3})
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    made: int = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        response = json_response(self._answer, request)
        self.calls.append((request.method, request.path, response.status_code))
        return response(environ, start_response)

    def _answer(self, request: Request) -> Answer:
        if request.path == "/settings":
            return self._settings(request)
        steps = request.path.strip("/").split("/")
        if (
            len(steps) > 4
            or steps[0] not in ("products", "customers", "coupons")
            or (len(steps) > 2 and steps[2] != "reviews")
        ):
            raise RefusedCallError(404, "no such path")
        whole, key = (steps, "") if len(steps) % 2 else (steps[:-1], steps[-1])
        changing = ("PUT",) if whole[-1] == "coupons" else ("PUT", "PATCH")
        allowed = ("GET", *changing, "DELETE") if key else ("GET", "POST")
        if request.method not in allowed:
            return 405, {"error": "method"}, {"Allow": ", ".join(allowed)}
        self._authenticate(request, whole[-1])
        sent = self._sent(request, whole[-1]) if request.method in ("POST", "PUT", "PATCH") else {}
        if len(whole) == 3 and whole[1] not in self.rows["/products"]:
            raise RefusedCallError(404, "no such product")
        rows = self.rows.setdefault(f"/{'/'.join(whole)}", {})
        return self._item(request.method, whole[-1], rows, key, sent) if key else self._list(request, whole, rows, sent)

    def _settings(self, request: Request) -> Answer:
        if request.method not in ("GET", "PUT"):
            return 405, {"error": "method"}, {"Allow": "GET, PUT"}
        self._authenticate(request, "settings")
        sent = self._sent(request, "settings") if request.method == "PUT" else {}
        new = {**self.settings, **sent}
        if self.bug != f"settings {request.method} is not stored":
            self.settings = new
        return 200, new, {}

    def _authenticate(self, request: Request, kind: str) -> None:
        is_open = self.bug == f"{kind} {request.method} asks for no credentials"
        if not is_open and not re.fullmatch(r"Bearer \S+", request.headers.get("Authorization", "")):
            raise RefusedCallError(401, "who are you?", {"WWW-Authenticate": "Bearer"})

    def _list(self, request: Request, whole: list[str], rows: dict[str, Any], sent: dict[str, Any]) -> Answer:
        kind = whole[-1]
        if request.method == "GET":
            listed = [] if self.bug == f"{kind} not listed" else list(rows.values())
            if self.bug == f"{kind} null in a list" and listed:
                listed = [{**listed[0], next(iter(sent or MEMBERS[kind])): None}, *listed[1:]]
            return 200, {ROWS[kind]: listed, "total": len(listed)}, {}
        self._refuse_known(kind, rows, sent, "")
        self.made += 1
        key = sent["code"] if kind == "coupons" else str(numbered_uuid(self.made))
        new = sent if kind == "coupons" else {"id": key, **sent}
        rows[key] = new
        if self.bug == f"{kind} loses a text":
            rows[key] = new = {name: value for name, value in new.items() if name != list(sent)[1]}
        if self.bug == f"{kind} create is not stored":
            del rows[key]
        located = {"Location": f"{request.path}/{key}"} if kind != "coupons" else {}
        return 201, None if kind in ("customers", "coupons") else new, located

    def _item(self, method: str, kind: str, rows: dict[str, Any], key: str, sent: dict[str, Any]) -> Answer:
        if key not in rows:
            raise RefusedCallError(404, f"no such {kind}")
        self._refuse_known(kind, rows, sent, key)
        new = {**rows[key], **sent}
        if method == "DELETE":
            if self.bug != f"{kind} DELETE does nothing":
                del rows[key]
            return 204, None, {}
        if self.bug != f"{kind} {method} is not stored":
            rows[key] = new
        if method == "GET" and self.bug == f"{kind} can be read once":
            del rows[key]
        if method == "GET" and self.bug == f"{kind} null in a read":
            return 200, {**new, list(MEMBERS[kind])[1]: None}, {}
        return 200, new, {}

    def _refuse_known(self, kind: str, rows: dict[str, Any], sent: dict[str, Any], key: str) -> None:
        unique = UNIQUE.get(kind, "")
        if unique in sent and any(row[unique] == sent[unique] for name, row in rows.items() if name != key):
            raise RefusedCallError(409, f"this {unique} is taken")

    def _sent(self, request: Request, kind: str) -> dict[str, Any]:
        members = {"rating": RATING} if kind == "coupons" and request.method == "PUT" else MEMBERS[kind]
        sent = sent_entity(request, members, members, _fits)
        if sent.get("price", self.least_price) < self.least_price:
            raise RefusedCallError(400, f"price must be at least {self.least_price}")
        return sent


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    if schema["type"] == "integer":
        is_whole = (type(value) is int) or (type(value) is float and value.is_integer())
        return is_whole and schema["minimum"] <= value <= schema["maximum"]
    is_text = isinstance(value, str) and schema.get("minLength", 0) <= len(value) <= schema["maxLength"]
    has_pattern = "pattern" not in schema or (is_text and re.search(schema["pattern"], value) is not None)
    return is_text and has_pattern and ("format" not in schema or _EMAIL.fullmatch(value) is not None)
