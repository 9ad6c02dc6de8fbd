"""Hypothesis strategies for hand-written property tests: documented calls, documented replies, values of a schema."""

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import jsonschema_rs
from hypothesis import core
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from docdouble.schemas import Call, Contract, ContractError, Operation, Reply, Schema
from docdouble.schemas.contract.model import COMPONENT_PREFIX
from docdouble.schemas.contract.regular_expressions import PATTERN_OPTIONS
from docdouble.schemas.json_pointer import pointer_of, unescape_token
from docdouble.schemas.jsonschema.subschemas import subschemas, with_subschemas

from ..config.default_contract import contract_or_default, resolve_operation
from ..generation.schemathesis import schema_values
from ..generation.values import Manner, ValueStrategies
from ..model.contract_cache import per_contract
from .messages import MessageStrategies

__all__ = ["requests", "responses", "schema"]

_Drawn = TypeVar("_Drawn")

_OWN_BASE = frozenset({"$id", "$anchor", "$dynamicRef", "$dynamicAnchor"})
"""Keywords that make references mean something else."""


def requests(operation: Operation | str, contract: Contract | None = None) -> st.SearchStrategy[Call]:
    """Return a strategy for calls of an operation that keep to its documentation.

    Without a contract it is the one that docdouble.toml of the working directory names, else the shipped one. It is
    read when the first call is drawn; an ``operation`` (id, ``METHOD /path`` or a part that only one has) that isn't
    documented raises ``ConfigError`` then. Calls carry made-up credentials: ``call.with_headers`` sets others.
    """
    return _late(lambda known: _messages(known).calls(resolve_operation(operation, known)), contract)


def responses(
    operation: Operation | str, contract: Contract | None = None, status: int | None = None
) -> st.SearchStrategy[Reply]:
    """Return a strategy for replies that an operation is documented to give: of ``status``, else of its success.

    Every property that a page documents is there, as it promises; those of an OpenAPI document where it says
    ``required``. What ``requests`` documents of the contract and errors holds here, too; ``ConfigError`` also names
    a status that isn't documented.
    """
    return _late(lambda known: _messages(known).replies(resolve_operation(operation, known), status), contract)


def schema(json_schema: Schema | bool) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a JSON Schema 2020-12; its ``examples`` come up among them.

    Objects also have properties that the schema doesn't name, where it allows any. Raises ``ContractError`` for what
    is no such schema.
    """
    validator = _validator(json_schema)
    if isinstance(json_schema, bool):
        return ValueStrategies(_NOTHING, Manner(is_open=True), _through_schemathesis(_NOTHING)).of(json_schema)
    document = json.loads(json.dumps(json_schema))
    return _late(lambda _: _values(document), _NOTHING).filter(validator.is_valid)


def _late(
    make: Callable[[Contract], st.SearchStrategy[_Drawn]], contract: Contract | None
) -> st.SearchStrategy[_Drawn]:
    """Return the strategy that is made at the first draw: importing a test module reads nothing."""

    def made() -> st.SearchStrategy[_Drawn]:
        strategy = make(contract_or_default(contract))
        _print_values()
        return strategy

    return st.deferred(made)


def _print_values() -> None:
    """Have Hypothesis tell the values of a failing test again.

    Schemathesis, for its speed, swaps the printer of the whole process for one that prints nothing.
    """
    if hasattr(core, "RepresentationPrinter"):
        core.RepresentationPrinter = RepresentationPrinter


_messages = per_contract(MessageStrategies)

_NOTHING = Contract("", "", ())


def _validator(json_schema: Schema | bool) -> jsonschema_rs.Draft202012Validator:
    try:
        return jsonschema_rs.Draft202012Validator(
            json_schema, validate_formats=True, retriever=_refuse_retrieval, pattern_options=PATTERN_OPTIONS
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError, TypeError) as error:
        steps = getattr(error, "instance_path", ())
        pointer = pointer_of(steps)
        reason = getattr(error, "message", str(error))
        raise ContractError(pointer, f"no JSON Schema 2020-12 that can be used: {reason}", "schema") from error


def _refuse_retrieval(address: str) -> Any:
    """Keep a schema from reaching out."""
    raise ValueError(f"{address} is outside of the schema")


def _through_schemathesis(contract: Contract) -> Callable[[Schema], st.SearchStrategy[Any]]:
    return lambda part: schema_values(part, contract.schemas)


def _values(document: Schema) -> st.SearchStrategy[Any]:
    bare = _without_address({word: part for word, part in document.items() if word != "$schema"})
    if any(_OWN_BASE & subschema.keys() for subschema in _everywhere(bare)):
        return schema_values(bare, {})
    contract = Contract("", "", (), dict(_components(bare)))
    made = ValueStrategies(contract, Manner(is_open=True), _through_schemathesis(contract))
    examples = document.get("examples")
    root = _localised(bare)
    drawn = made.of(root)
    valid = _validator(document)
    near = (
        [made.near(root, example) for example in examples if valid.is_valid(example)]
        if isinstance(examples, list)
        else []
    )
    return st.one_of(drawn, *near)


def _without_address(document: Schema) -> Schema:
    """Return a schema without the address of its own, in front of references, too."""
    address = str(document.get("$id", "")).partition("#")[0]
    if not address:
        return document

    def inside(part: Schema) -> Schema:
        copy = with_subschemas(part, inside)
        return copy | {"$ref": str(copy["$ref"]).removeprefix(address) or "#"} if "$ref" in copy else copy

    return inside({word: part for word, part in document.items() if word != "$id"})


def _everywhere(document: Schema) -> Iterator[Schema]:
    yield document
    for part in subschemas(document):
        yield from _everywhere(part)


def _components(document: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield what is referred to in a schema, named after the pointer that leads there."""
    for pointer in {str(subschema["$ref"]) for subschema in _everywhere(document) if "$ref" in subschema}:
        target: Any = document
        for token in pointer.removeprefix("#").split("/")[1:]:
            key = unescape_token(token)
            target = target[int(key) if isinstance(target, list) else key]
        yield _name(pointer), _localised(target) if isinstance(target, dict) else ({} if target else {"not": {}})


def _name(pointer: str) -> str:
    return "root" + "".join(letter if letter.isalnum() else f".{ord(letter)}." for letter in pointer)


def _localised(part: Schema) -> Schema:
    inside = {word: value for word, value in part.items() if word not in ("$defs", "definitions")}
    copy = with_subschemas(inside, _localised)
    return copy | {"$ref": COMPONENT_PREFIX + _name(str(copy["$ref"]))} if "$ref" in copy else copy
