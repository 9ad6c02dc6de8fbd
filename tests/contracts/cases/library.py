"""A small documented API with a constraint of each kind, and what makes the cases of it."""

from typing import Any

from docdouble.contracts.cases import Maker
from docdouble.contracts.cases.known_values import KnownValues
from docdouble.contracts.cases.purpose import Purposes
from docdouble.contracts.generation.schemathesis import CallStrategies
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.case import Case
from docdouble.schemas import Body, Contract, Evidence, Grade, MediaType, Operation, Parameter, Response, Schema
from docdouble.schemas.contract.model import with_evidence


def line(number: int) -> Evidence:
    return Evidence(Grade.STATED, "book.md", number)


BOOK: Schema = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": with_evidence({"type": "string", "minLength": 1, "maxLength": 40}, line(11)),
        "pages": with_evidence({"type": "integer", "format": "int32", "minimum": 1}, line(12)),
        "kind": with_evidence({"type": "string", "enum": ["novel", "poems"]}, line(13)),
        "rating": with_evidence({"type": "number", "minimum": 0, "maximum": 5}, line(14)),
        "lent": with_evidence({"type": "boolean"}, line(15)),
        "bought": with_evidence({"type": "string", "format": "date-time"}, line(16)),
        "code": with_evidence({"type": "string", "pattern": "^[A-Z]{2}[0-9]{3}$"}, line(17)),
        "tags": with_evidence(
            {"type": "array", "items": {"type": "string"}, "maxItems": 3, "uniqueItems": True}, line(18)
        ),
        "sequel": with_evidence({"anyOf": [{"$ref": "#/components/schemas/Book"}, {"type": "null"}]}, line(19)),
        "author": with_evidence(
            {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}, line(20)
        ),
    },
}
ID = Parameter("id", "path", {"type": "integer", "format": "int32"}, True, evidence=line(5))
REFERENCE: Schema = {"$ref": "#/components/schemas/Book"}
ANSWERS = (Response("200", (MediaType("application/json", {"type": "object"}),)),)
SAMPLE = {"title": "Dune", "pages": 412}
TYPES = (
    MediaType("application/json", REFERENCE, (SAMPLE,)),
    MediaType("application/xml", REFERENCE),
    MediaType("application/x-www-form-urlencoded", REFERENCE),
)
SAVE = Operation(
    "saveBook", "PUT", "/books/{id}", "", "", (ID,), Body(TYPES, True, evidence=line(9)), ANSWERS, evidence=line(1)
)
FIND = Operation(
    "findBooks",
    "GET",
    "/books",
    parameters=(
        Parameter("pages", "query", {"type": "integer", "minimum": 1, "maximum": 9}, evidence=line(31)),
        Parameter("kind", "query", {"type": "string", "enum": ["novel", "poems"]}, True, evidence=line(32)),
        Parameter("X-Token", "header", {"type": "string"}, evidence=line(33)),
        Parameter("Accept-Language", "header", {"type": "string", "examples": ["en"]}, evidence=line(34)),
    ),
    responses=ANSWERS,
    evidence=line(30),
)
LIBRARY = Contract("library", "1", (SAVE, FIND), {"Book": BOOK})


def maker(contract: Contract = LIBRARY, values: KnownValues | None = None, stored: Any = None, **budget: int) -> Maker:
    made = Budget(**{"max_examples": 0, **budget})
    strategies = CallStrategies(contract)
    return Maker(contract, made, strategies, Purposes(contract), values or KnownValues(contract), stored or {})


def cases(operation: Operation, contract: Contract = LIBRARY, **budget: int) -> list[Case]:
    return list(maker(contract, **budget).cases(operation))
