"""Files for Schemathesis' own command, which verifies a server by a contract: a narrowed document, and settings.

The document promises only what is documented: what only samples show is left out of replies, null is allowed where it
isn't documented, and dates may come without an offset. Requests are closed to properties that nobody documented.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from docdouble.fakeserver.http.documented import is_patched
from docdouble.schemas import Contract, Grade, Operation, Parameter, Response, Schema
from docdouble.schemas.contract.behaviour_names import EXPRESSIONS, SELECTIONS
from docdouble.schemas.contract.model import COMPONENT_PREFIX, EVIDENCE, allow_null, evidence_of, non_null
from docdouble.schemas.http import PHRASES, is_json, media_type
from docdouble.schemas.jsonschema.formats import INTEGER_RANGES, LOOSE
from docdouble.schemas.jsonschema.subschemas import with_subschemas

from ..generation.narrowed_document import written_as
from .schemathesis_toml import schemathesis_settings

WRITES = "writes"
"""The tag of operations that may change something."""

USUAL_REFUSALS = (400, 404, 405, 406, 409, 412, 413, 415, 422, 429)
REFUSALS_OF_CALLERS = (401, 403)
"""Statuses that need no documentation: where security is documented, these, too."""

_DOCUMENTED = (Grade.STATED, Grade.SHARED)

_REQUEST = ".request"
_MOST_SELECTABLE = 20


def for_schemathesis(contract: Contract, *, writes: bool = False) -> tuple[dict[str, Any], str]:
    """Return an OpenAPI 3.1 document and the text of a ``schemathesis.toml``; with ``writes``, writes are sent too."""
    schemes = {name: _scheme(scheme) for name, scheme in contract.security_schemes.items()}
    known = {name: scheme for name, scheme in schemes.items() if scheme}
    paths: dict[str, Any] = {}
    for operation in contract.operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, contract, known)
    used = {name: known[name] for operation in contract.operations for name in _security(operation, known)}
    components = {"schemas": _components(contract, paths), "securitySchemes": used}
    document = {
        "openapi": "3.1.0",
        "info": {"title": contract.title or "API", "version": contract.version or "1"},
        "paths": paths,
        "components": {name: part for name, part in components.items() if part},
    }
    return document, schemathesis_settings(used, writes=writes, tag=WRITES)


def _operation(operation: Operation, contract: Contract, schemes: Mapping[str, Any]) -> dict[str, Any]:
    security = _security(operation, schemes)
    view: dict[str, Any] = {
        "operationId": operation.id,
        "parameters": [part for part in (_parameter(p, operation, contract) for p in operation.parameters) if part],
        "responses": _responses(operation),
    }
    if security and () not in operation.security:
        view["security"] = [{name: [] for name in security}]
    if not operation.only_reads:
        view["tags"] = [WRITES]
    body = _request_body(operation)
    return {**view, "requestBody": body} if body else view


def _security(operation: Operation, schemes: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the first documented alternative that Schemathesis can be given credentials for."""
    return next((names for names in operation.security if names and all(name in schemes for name in names)), ())


def _scheme(scheme: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a scheme that Schemathesis knows and that is sent in the same way, ``None`` where there is none."""
    match scheme.get("type"), str(scheme.get("scheme", "")).lower():
        case "http", ("basic" | "bearer") as word:
            return {"type": "http", "scheme": word}
        case "http", _:
            return {"type": "apiKey", "in": "header", "name": "Authorization"}
        case (("oauth2" | "openIdConnect"), _):
            return {"type": "http", "scheme": "bearer"}
        case "apiKey", _:
            return {word: scheme[word] for word in ("type", "in", "name") if word in scheme}
    return None


def _parameter(parameter: Parameter, operation: Operation, contract: Contract) -> dict[str, Any] | None:
    """Return a parameter with the values that its author could have meant, ``None`` where these can't be determined."""
    behaviours = {behaviour.name for behaviour in operation.behaviours if behaviour.parameter == parameter.name}
    schema = _asked(parameter.schema)
    if behaviours.intersection(SELECTIONS):
        names = _selectable(operation, contract)
        schema = {"type": "string", "enum": names}
        if not names:
            return None
    elif behaviours.intersection(EXPRESSIONS):
        return None
    elif parameter.location in ("header", "cookie"):
        values = parameter.schema.get("examples")
        if not values and not parameter.required:
            return None
        schema = {"enum": values} if values else schema
    required = parameter.location == "path" or bool(parameter.required)
    return {"name": parameter.name, "in": parameter.location, "required": required, **written_as(parameter, schema)}


def _selectable(operation: Operation, contract: Contract) -> list[str]:
    """Return names that a selection may hold: the top-level properties of the documented answer."""
    response = operation.success()
    schema = next((content.schema for content in response.media_types if content.schema), {}) if response else {}
    record = contract.resolve(non_null(contract.resolve(non_null(schema))))
    record = contract.resolve(record.get("items", record))
    return list(record.get("properties", {}))[:_MOST_SELECTABLE]


def _request_body(operation: Operation) -> dict[str, Any] | None:
    body = operation.request
    if body is None or not body.media_types:
        return None
    plain = (
        content for content in body.media_types if is_json(media_type(content.name)) and "patch" not in content.name
    )
    chosen = next(plain, body.media_types[0])
    if is_patched(operation):
        # what a patch may change takes more than a schema to say: one that changes nothing is always right
        nothing = {"type": "object", "maxProperties": 0} if "merge" in chosen.name else {"type": "array", "maxItems": 0}
        return {"required": True, "content": {chosen.name: {"schema": nothing}}}
    samples = {f"sample{number}": {"value": value} for number, value in enumerate(chosen.samples)}
    content = {"schema": _asked(chosen.schema or {}), **({"examples": samples} if samples else {})}
    return {"required": bool(body.required), "content": {chosen.name: content}}


def _responses(operation: Operation) -> dict[str, Any]:
    usual = (*USUAL_REFUSALS, *(REFUSALS_OF_CALLERS if operation.security else ()))
    refusals = {str(status): {"description": PHRASES[status]} for status in usual}
    return refusals | {response.status: _response(response) for response in operation.responses}


def _response(response: Response) -> dict[str, Any]:
    ordered = sorted(response.media_types, key=lambda content: not is_json(media_type(content.name)))
    content = {documented.name: {"schema": _answered(documented.schema or {})} for documented in ordered}
    # Schemathesis takes whatever is no JSON for a text
    content = {name: part if is_json(media_type(name)) else {} for name, part in content.items()}
    return {
        "description": PHRASES.get(int(response.status), "") if response.status.isdecimal() else "",
        **({"content": content} if content else {}),
    }


def _components(contract: Contract, paths: dict[str, Any]) -> dict[str, Schema]:
    """Return the named types that are referred to: as they are answered, and as they are asked."""
    components: dict[str, Schema] = {}
    waiting = list(_named(paths))
    while waiting:
        name = waiting.pop()
        own = name if name in contract.schemas else name.removesuffix(_REQUEST)
        if name not in components and own in contract.schemas:
            components[name] = (_answered if name == own else _asked)(contract.schemas[own])
            waiting += _named(components[name])
    return dict(sorted(components.items()))


def _named(value: Any) -> Iterator[str]:
    """Yield the names of the types that stand anywhere in a document."""
    if isinstance(value, dict):
        if isinstance(ref := value.get("$ref"), str):
            yield ref.removeprefix(COMPONENT_PREFIX)
        for part in value.values():
            yield from _named(part)
    elif isinstance(value, list):
        for part in value:
            yield from _named(part)


def _asked(schema: Schema) -> Schema:
    """Return the schema of what is sent: records hold documented properties only."""
    view = _bare(with_subschemas(schema, _asked))
    if isinstance(ref := view.get("$ref"), str):
        view["$ref"] = f"{ref}{_REQUEST}"
    if isinstance(view.get("properties"), dict) and "additionalProperties" not in view:
        view["additionalProperties"] = False
    return view


def _answered(schema: Schema) -> Schema:
    """Return the schema of what is received, with no more than what is documented; its root isn't null."""
    documented = {word: part for word, part in schema.items() if _is_documented(schema, word)}
    view = with_subschemas(documented, _answered_inside)
    required = {name for name, part in schema.get("properties", {}).items() if _is_promised(part)}
    if required and "additionalProperties" not in schema:
        view["required"] = sorted(required | set(view.get("required", ())))
    view = _bare(view)
    if view.get("format") in LOOSE:
        del view["format"]
    return view


def _answered_inside(schema: Schema) -> Schema:
    evidence = evidence_of(schema)
    if evidence and evidence.grade not in _DOCUMENTED:
        return {}
    return allow_null(_answered(schema)) if evidence else _answered(schema)


def _is_documented(schema: Schema, word: str) -> bool:
    evidence = evidence_of(schema, word)
    return evidence is None or word == EVIDENCE or evidence.grade in _DOCUMENTED


def _is_promised(schema: Any) -> bool:
    evidence = evidence_of(schema) if isinstance(schema, dict) else None
    return evidence is not None and evidence.grade in _DOCUMENTED


def _bare(schema: Schema) -> Schema:
    """Return a schema without annotations, its integer formats as bounds."""
    kept = {word: part for word, part in schema.items() if not word.startswith("x-") and word not in _ANNOTATIONS}
    if kept.get("format") in INTEGER_RANGES:
        low, high = INTEGER_RANGES[kept["format"]]
        return {"minimum": low, "maximum": high, **kept}
    return kept


_ANNOTATIONS = ("description", "title", "examples", "example", "default")
