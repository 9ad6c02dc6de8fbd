"""Hand-made contracts and exchanges: a library whose page ``books.md`` documents one operation."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from docdouble.contracts.checks import CHECKS, Check, Step
from docdouble.contracts.model.budget import NO_REPLY_LIMITS, ReplyLimits
from docdouble.contracts.model.case import Breach, Case, Origin, Purpose
from docdouble.contracts.model.exchange import Exchange, Subject
from docdouble.contracts.model.finding import Finding
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.contract.resources import RequestPlace, Resource, Resources, Role, RoleName
from docdouble.schemas.openapi.reader import from_openapi

PAGE = "books.md"
INT = {"type": "integer", "format": "int32"}
TEXT = {"type": "string"}
JSON = ("Content-Type", "application/json")


def line(number: int, grade: str = "stated") -> dict[str, Any]:
    """The evidence of a fact, as contracts hold it."""
    return {"x-docdouble-evidence": {"grade": grade, "page": PAGE, "line": number}}


def record(**properties: dict[str, Any]) -> dict[str, Any]:
    """The schema of an object with these properties."""
    return {"type": "object", "properties": properties}


BOOK = record(Id={**INT, **line(11)}, Title={**TEXT, **line(12)}, Note={**TEXT, **line(13, "sampled")})


def operation(
    schema: Any = BOOK, *, media_types: Iterable[str] = ("application/json",), **parts: Any
) -> dict[str, Any]:
    """An operation whose 200 has bodies of a schema; ``parts`` are added to it."""
    content = {name: {"schema": schema, **line(5)} for name in media_types}
    return (
        {"operationId": "read", "responses": {"200": {"description": "", "content": content, **line(9)}}}
        | line(1)
        | parts
    )


def response(**parts: Any) -> dict[str, Any]:
    return {"description": "", **parts}


def documented(
    operation_object: dict[str, Any],
    *,
    method: str = "get",
    path: str = "/books/{id}",
    schemas: Any = None,
    **components: Any,
) -> Contract:
    """The contract of one operation."""
    return several({path: {method: operation_object}}, schemas=schemas, **components)


def several(paths: dict[str, Any], *, schemas: Any = None, **components: Any) -> Contract:
    """The contract of several operations."""
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": paths}
    return from_openapi({**document, "components": {"schemas": schemas or {}, **components}}, "library.json")


def keeping_books(contract: Contract, **roles: RoleName) -> Contract:
    """The contract with one resource; ``roles`` are those of its operations."""
    assigned = tuple(Role(name, role, "", entity=RequestPlace("body", "")) for name, role in roles.items())
    return replace(contract, resources=Resources((Resource("book", {"Book": "BookId"}, assigned),)))


def reply(body: Any = None, status: int = 200, *headers: tuple[str, str]) -> Reply:
    """A reply with a JSON body, or with the octets given."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {name.lower() for name, _ in headers}
    return Reply((*(() if "content-type" in given else (JSON,)), *headers), content, status)


def exchange(
    contract: Contract,
    answer: Reply,
    call: Call | None = None,
    *,
    purpose: Purpose = Purpose.VALID,
    origin: Origin = Origin.BOUNDARY,
    breach: Breach | None = None,
    existing: bool = False,
    about: str = "",
    limits: ReplyLimits = NO_REPLY_LIMITS,
    seconds: float = 0.0,
    name: str = "read",
) -> Exchange:
    """What an operation answered."""
    operation = next((operation for operation in contract.operations if operation.id == name), contract.operations[0])
    call = call or Call((), b"", operation.method, operation.path.replace("{id}", "7"))
    case = Case(operation, call, purpose, origin, about, breach, existing=existing)
    return Exchange(Subject(operation, contract, limits), case, answer, seconds)


def check_of(name: str) -> Check:
    return next(check for check in CHECKS if check.id == name)


def findings_of(name: str, exchange: Exchange) -> list[Finding]:
    """What a check finds in an exchange, nothing where it doesn't apply."""
    check = check_of(name)
    findings = check.run(exchange) if check.applies(exchange) else ()
    return list({finding.fingerprint: finding for finding in findings}.values())


def applies(name: str, exchange: Exchange) -> bool:
    return check_of(name).applies(exchange)


def probed(name: str, first: Exchange, answer: Callable[[Call], Reply | None]) -> tuple[list[Finding], list[Call]]:
    """What a check finds with calls of its own, and what it sends to a server that answers by a function."""
    sent: list[Call] = []

    def send(call: Call, signed: bool) -> Exchange | None:
        sent.append(call)
        answered = answer(call)
        case = replace(first.case, call=call, purpose=Purpose.PROBE, origin=Origin.PROBE, about=name, signed=signed)
        return Exchange(first.subject, case, answered) if answered else None

    check = check_of(name)
    if check.probe:
        return list(check.probe(first, send)), sent
    assert check.refused is not None
    calls = check.refused(first.operation, first.subject.contract, first.call)
    exchanges = [exchange for call in calls if (exchange := send(call, False))]
    return [finding for exchange in exchanges if check.applies(exchange) for finding in check.run(exchange)], sent


def chained(name: str, *steps: Exchange) -> list[Finding]:
    """What a check finds in a chain of exchanges about one entity."""
    chain = check_of(name).chain
    assert chain is not None
    contract = steps[0].subject.contract
    return list(chain([Step(_role(contract, exchange.operation.id), exchange) for exchange in steps]))


def _role(contract: Contract, name: str) -> Role:
    return next(role for resource in contract.resources.resources for role in resource.roles if role.operation == name)


def summary(finding: Finding) -> tuple[str, str, str, str]:
    """Severity, evidence, pointer and rule: what most tests look at."""
    return finding.severity.value, str(finding.evidence), finding.pointer, finding.rule
