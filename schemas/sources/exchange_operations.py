"""Contract of sampled exchanges: what several show of one operation is merged, and nothing of it counts as stated."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from ..contract.model import Body, Contract, MediaType, Operation, Parameter, Response, Schema, Server, with_evidence
from ..contract.paths import path_variables, unnamed_template
from ..dialects.verbs import USUAL
from ..extraction import Contradiction
from ..http import PHRASES
from ..openapi.reader import operation_id
from ..pages.infer_schemas import combine_all
from ..resources.document_resources import with_document_resources
from .exchanges import SampledBody, SampledExchange, SampledParameter
from .path_templates import with_templates
from .type_placeholders import placeholder_schema, stands_for_type

MOST_SAMPLES = 20
"""Different samples that are kept of one body or parameter."""


def exchange_contract(title: str, exchanges: Sequence[SampledExchange], problems: list[Contradiction]) -> Contract:
    """Return the contract of exchanges, operations in the order in which they are first shown."""
    groups: defaultdict[tuple[str, str], list[SampledExchange]] = defaultdict(list)
    for exchange in with_templates(exchanges):
        groups[exchange.method, unnamed_template(exchange.path)].append(exchange)
    servers = Counter(exchange.server for exchange in exchanges if exchange.server)
    main = servers.most_common(1)[0][0] if servers else ""
    schemes: dict[str, dict[str, Any]] = {}
    ids: set[str] = set()
    operations = []
    for group in groups.values():
        same = _of_one_server(group, main, problems)
        operations.append(_operation(same, main, ids))
        for exchange in same:
            for name, scheme in exchange.security.items():
                schemes.setdefault(name, with_evidence(dict(scheme), exchange.evidence))
    contract = Contract(title, "", tuple(operations), {}, schemes, (Server(main),) if main else ())
    return with_document_resources(contract, USUAL)


def _of_one_server(group: list[SampledExchange], main: str, problems: list[Contradiction]) -> list[SampledExchange]:
    """Return the exchanges of an operation that one server has, the main one before others, which are reported."""
    servers = list(dict.fromkeys(exchange.server or main for exchange in group))
    server = main if main in servers else servers[0]
    for other in (name for name in servers if name != server):
        first = next(exchange for exchange in group if exchange.server == other)
        message = f"{first.method} {first.path} is an operation of {server}, too: what {other} has there is left out"
        problems.append(Contradiction("broken-part", first.evidence.page, first.evidence.line, message))
    return [exchange for exchange in group if (exchange.server or main) == server]


def _operation(exchanges: Sequence[SampledExchange], main: str, ids: set[str]) -> Operation:
    first = exchanges[0]
    names = tuple(dict.fromkeys(tuple(exchange.security) for exchange in exchanges))
    is_other = bool(first.server) and first.server != main
    return Operation(
        id=_unused_id(operation_id(None, first.method.lower(), first.path), ids),
        method=first.method,
        path=first.path,
        summary=next((exchange.summary for exchange in exchanges if exchange.summary), ""),
        description=next((exchange.description for exchange in exchanges if exchange.description), ""),
        parameters=tuple(_parameters(exchanges)),
        request=_request(exchanges),
        responses=tuple(_responses(exchanges)),
        security=tuple(sorted(names, key=bool, reverse=True)) if any(names) else (),
        security_evidence=first.evidence if any(names) else None,
        evidence=first.evidence,
        tags=next((exchange.tags for exchange in exchanges if exchange.tags), ()),
        servers=(Server(first.server),) if is_other else (),
    )


def _unused_id(name: str, ids: set[str]) -> str:
    numbered = (name if number == 1 else f"{name}_{number}" for number in range(1, len(ids) + 2))
    taken = next(candidate for candidate in numbered if candidate not in ids)
    ids.add(taken)
    return taken


def _parameters(exchanges: Sequence[SampledExchange]) -> Iterable[Parameter]:
    """Yield the parameters of an operation: those of its path in their order, then those of the query and the head."""
    template = path_variables(exchanges[0].path)
    shown: dict[tuple[str, str], list[list[SampledParameter]]] = {("path", name): [] for name in template}
    for exchange in exchanges:
        own = dict(zip(path_variables(exchange.path), template, strict=True))
        of_call: defaultdict[tuple[str, str], list[SampledParameter]] = defaultdict(list)
        for parameter in exchange.parameters:
            of_call[
                parameter.location,
                own.get(parameter.name, parameter.name) if parameter.location == "path" else parameter.name,
            ].append(parameter)
        for key, values in of_call.items():
            if key[0] != "path" or key in shown:
                shown.setdefault(key, []).append(values)
    for (_, name), calls in shown.items():
        yield _parameter(name, calls) if calls else _unshown(name, exchanges[0])


def _unshown(name: str, exchange: SampledExchange) -> Parameter:
    schema = with_evidence({"type": "string"}, exchange.evidence)
    return Parameter(name, "path", schema, True, evidence=exchange.evidence)


def _parameter(name: str, calls: Sequence[Sequence[SampledParameter]]) -> Parameter:
    first = calls[0][0]
    is_list = any(len(call) > 1 for call in calls) and first.location == "query"
    typed = placeholder_schema(first.value or "", first.evidence)
    plain = with_evidence({"type": "string"}, first.evidence) if typed is None else typed
    schema = with_evidence({"type": "array", "items": plain}, first.evidence) if is_list else plain
    texts = [
        [parameter.value for parameter in call if parameter.value is not None and not stands_for_type(parameter.value)]
        for call in calls
    ]
    values = [list(call) if is_list else call[0] for call in texts if call]
    return Parameter(
        name,
        first.location,
        schema,
        True if first.location == "path" else None,
        next((parameter.description for call in calls for parameter in call if parameter.description), ""),
        first.evidence,
        samples=_distinct(values),
    )


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return the first values that differ from each other."""
    kept: dict[str, Any] = {}
    for value in values:
        if len(kept) == MOST_SAMPLES:
            break
        kept.setdefault(repr(value), value)
    return tuple(kept.values())


def _request(exchanges: Sequence[SampledExchange]) -> Body | None:
    bodies = [exchange.body for exchange in exchanges if exchange.body]
    return Body(_media_types(bodies), None, evidence=bodies[0].evidence) if bodies else None


def _responses(exchanges: Sequence[SampledExchange]) -> Iterable[Response]:
    replies = [reply for exchange in exchanges for reply in exchange.replies]
    for status in sorted({reply.status for reply in replies}):
        same = [reply for reply in replies if reply.status == status]
        bodies = [reply.body for reply in same if reply.body]
        phrase = PHRASES.get(int(status), "") if status.isdecimal() else ""
        described = next((reply.description for reply in same if reply.description), phrase)
        yield Response(status, _media_types(bodies), described, same[0].evidence)


def _media_types(bodies: Sequence[SampledBody]) -> tuple[MediaType, ...]:
    by_name: dict[str, list[SampledBody]] = {}
    for body in bodies:
        by_name.setdefault(body.media_type, []).append(body)
    return tuple(_media_type(name, same) for name, same in by_name.items())


def _media_type(name: str, bodies: Sequence[SampledBody]) -> MediaType:
    schemas: list[Schema] = [body.schema for body in bodies if body.schema is not None]
    samples = _distinct(body.value for body in bodies if body.has_sample)
    return MediaType(name, combine_all(schemas) if schemas else None, samples, bodies[0].evidence)
