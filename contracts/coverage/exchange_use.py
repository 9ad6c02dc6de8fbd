"""Facts of an operation that one call and its reply touched."""

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import orjson

from docdouble.fakeserver.http.body_limits import MAX_BODY_BYTES
from docdouble.fakeserver.http.codecs import BodyError, body_content, codec_of
from docdouble.fakeserver.http.header_fields import content_type, cookie_values, sent_header
from docdouble.schemas import Call, Contract, MediaType, Operation, Parameter, Reply
from docdouble.schemas.contract.facts import DocumentedPlace, FactKind, Facts, Key
from docdouble.schemas.contract.parameter_styles import ParameterReader, query_pairs
from docdouble.schemas.http import Message, is_json, media_type

_RESPONSE_PARTS = (FactKind.STATUS, FactKind.RESPONSE_MEDIA_TYPE, FactKind.RESPONSE)


def use_of_call(operation: Operation, facts: Facts, call: Call, reply: Reply) -> set[Key]:
    """Return the facts that a call and its reply touched; what can't be read, or isn't documented, touches nothing."""
    touched = _response(operation, facts, call, reply)
    touched.add((FactKind.OPERATION, ""))
    touched.update(_parameters(operation, facts.contract, call))
    if operation.request and call.body:
        touched.update(_request(operation.request.media_types, facts, call))
    return touched


def is_of_response(part: FactKind) -> bool:
    """Tell whether the server sends what a part names."""
    return part in _RESPONSE_PARTS


def _parameters(operation: Operation, contract: Contract, call: Call) -> Iterator[Key]:
    query = query_pairs(call.query)
    names = frozenset(parameter.name.lower() for parameter in operation.parameters)

    def is_in_query(parameter: Parameter) -> bool:
        if not query or parameter.name.lower() in query:
            return bool(query)
        return bool(ParameterReader(parameter, contract, lambda _: True, names).pairs(query))

    present: dict[str, Callable[[Parameter], bool]] = {
        "path": lambda parameter: True,  # else the path would not have led here
        "query": is_in_query,
        "querystring": lambda parameter: bool(query),
        "header": lambda parameter: sent_header(call, parameter.name) is not None,
        "cookie": lambda parameter: bool(cookie_values(call, parameter.name)),
    }
    for parameter in operation.parameters:
        if present[parameter.location](parameter):
            yield FactKind.PARAMETER, f"{parameter.location}/{parameter.name}"


def _request(documented: Iterable[MediaType], facts: Facts, call: Call) -> Iterator[Key]:
    content = _meant(documented, call.media_type)
    if content is None:
        return
    yield FactKind.REQUEST_MEDIA_TYPE, content.name
    yield from ((FactKind.REQUEST, pointer) for pointer in _places(content, facts, call))


def _response(operation: Operation, facts: Facts, call: Call, reply: Reply) -> set[Key]:
    response = operation.response(reply.status)
    if response is None:
        return set()
    touched: set[Key] = {(FactKind.STATUS, response.status)}
    content = _meant(response.media_types, reply.media_type) if reply.body and call.method != "HEAD" else None
    if content is not None:
        touched.add((FactKind.RESPONSE_MEDIA_TYPE, f"{response.status} {content.name}"))
        touched.update((FactKind.RESPONSE, response.status + pointer) for pointer in _places(content, facts, reply))
    return touched


def answered(operation: Operation, facts: Facts, status: int, name: str) -> tuple[str, DocumentedPlace] | None:
    """Return the documented status of an answer, and the places of its body; ``name`` is its media type.

    ``None`` where nothing is documented of it.
    """
    response = operation.response(status)
    content = _meant(response.media_types, name) if response else None
    return (response.status, facts.places(content)) if response and content else None


def _meant(documented: Iterable[MediaType], name: str) -> MediaType | None:
    """Return the documented media type of a name, else the documented range that it is in."""
    known = [(media_type(content.name), content) for content in documented]
    exact = (content for bare, content in known if bare == name)
    return next(exact, None) or next(
        (content for bare, content in known if "*" in bare and fnmatchcase(name, bare)), None
    )


def _places(documented: MediaType, facts: Facts, message: Message) -> set[str]:
    """Return the places of a body; of one that can't be read, only that there is one."""
    whole = facts.places(documented)
    if not whole.below or len(message.body) > MAX_BODY_BYTES:
        return {whole.pointer}
    try:
        return whole.touched_by(_decoded(documented, facts.contract, message))
    except (BodyError, orjson.JSONDecodeError):
        return {whole.pointer}


def _decoded(documented: MediaType, contract: Contract, message: Message) -> Any:
    if is_json(message.media_type):
        return orjson.loads(message.body)  # the codec reads twice, to say what is wrong
    sent = content_type(Call(message.headers))
    content = body_content(documented, documented.schema or {}, contract, sent.charset or "utf-8", sent.boundary)
    return codec_of(sent.media_type).decode(message.body, content)
