"""Explanation of what breaks a schema, with the documentation line of each broken promise."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from itertools import islice
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

from ..contract.model import EVIDENCE, LEFT_OUT, Evidence, Grade, Schema, evidence_of
from ..contract.regular_expressions import PATTERN_OPTIONS
from ..json_pointer import pointer_of
from .error_tree import LocatedError, UnexpectedError, located_errors, pattern_matches, unexpected_names
from .first_parts import MOST_PARTS, first_parts
from .formats import LOOSE, NUMBER_RANGES, STRICT, UNCHECKED_FORMAT
from .violation import Violation

MAX_ALIKE = 20
"""Violations of one rule at one place of the schema, such as in the items of an array, that are listed."""

MOST_LISTED = 200
"""Violations of one value that are listed; that there are more is one of its own."""

MOST_EXPLAINED = 5_000
"""Failures of keywords that are looked at for that, those that are alike among them."""

_MOST_NAMED = 4
"""Alternatives that are named."""

_COMPOSING = frozenset({"$ref", "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"})
"""Keywords whose schemas are for the same value."""

_BY_NAME = frozenset({"additionalProperties", "patternProperties", "unevaluatedProperties"})
"""Keywords whose schema is for members of any name."""

Locate = Callable[[str, str], Evidence | None]
"""A function that returns where a place was read: the name of a schema, and a JSON Pointer from there."""

IterErrors = Callable[[Any], Iterable[jsonschema_rs.ValidationError]]
"""A function that returns the errors of jsonschema-rs for a value."""


def explain_violations(
    bundled: Schema,
    value: Any,
    page: str,
    locate: Locate | None = None,
    iter_errors: IterErrors | None = None,
) -> tuple[Violation, ...]:
    """Return the violations of a stand-alone schema in the order of the value, each place, rule and list of names once.

    The errors of jsonschema-rs are taken where they say enough, else jsonschema is asked. Of what is alike only the
    first are returned, and never so that they hide anything else; of a value that is too large, what its first parts
    break. ``locate`` is asked where schemas were read that hold no evidence.
    """
    token = _BUNDLED.set(bundled)
    try:
        judged = first_parts(value)
        some = list(islice(iter_errors(judged.value), MOST_EXPLAINED + 1)) if iter_errors else []
        located = located_errors(bundled, judged.value, _listed(some)) if len(some) <= MOST_EXPLAINED else None
        errors = located or _Explainer(bundled, format_checker=_CHECKER).iter_errors(judged.value)
        violations = tuple(_violations(bundled, filter(judged.shows, errors), page, locate).values())
        return violations if judged.end is None else (*violations, _beyond(bool(violations)))
    finally:
        _BUNDLED.reset(token)


def _listed(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[jsonschema_rs.ValidationError]:
    """Yield errors without nulls of one keyword beyond the most that are listed: to locate each takes long.

    Each is as slight as the other, and items are looked at in their order, which isn't known of names.
    """
    alike = Counter[tuple[str | int, ...]]()
    for error in errors:
        if error.kind.name == "type" and error.instance is None:
            path = tuple(error.evaluation_path)
            alike[path] += 1
            if alike[path] > MAX_ALIKE and _BY_NAME.isdisjoint(path):
                continue
        yield error


def _beyond(is_known: bool) -> Violation:
    """Return the violation of a value of which only the first parts were judged, a note where these break something."""
    grade = Grade.ASSUMED if is_known else Grade.STATED
    got = f"one that doesn't, of which only the first {MOST_PARTS:,} parts are judged one by one"
    return Violation("", "large", "a value that conforms to its schema", got, grade, None)


def _violations(
    bundled: Schema, errors: Iterable[ValidationError], page: str, locate: Locate | None
) -> dict[object, Violation]:
    violations: dict[object, Violation] = {}
    alike = Counter[tuple[int, str, bool]]()
    for number, leaf in enumerate(leaf for error in errors for leaf in _leaves(error)):
        if number == MOST_EXPLAINED or len(violations) == MOST_LISTED:
            return {**violations, None: _MORE}
        rule = _rule(leaf)
        evidence = _evidence(leaf, "format" if rule in ("format", "minimum", "maximum") else rule, bundled, page)
        is_slight = _is_slight(leaf, evidence)
        kind = id(leaf.schema), str(leaf.validator), is_slight
        alike[kind] += 1
        if alike[kind] <= MAX_ALIKE:
            if evidence is None and locate:
                evidence = _located_evidence(leaf, bundled, locate)
            violation = _violation(leaf, rule, evidence, is_slight=is_slight)
            key = violation.pointer, violation.rule, violation.missing, violation.unexpected
            violations.setdefault(key, violation)
    return violations


_MORE = Violation("", "more", "a value with fewer faults", "more of them than are listed", Grade.ASSUMED, None)


def _rule(error: ValidationError) -> str:
    """Return what is broken: a keyword, or the word for what a keyword stands for."""
    return _left_out(error) or ("discriminator" if _is_unknown_alternative(error) else str(error.validator or "false"))


def _located_evidence(error: ValidationError, bundled: Schema, locate: Locate) -> Evidence | None:
    place = _named_place(bundled, bundled, list(error.absolute_schema_path))
    return locate(*place) if place else None


def _violation(error: ValidationError, rule: str, evidence: Evidence | None, *, is_slight: bool) -> Violation:
    grade = evidence.grade if evidence else Grade.STATED
    if is_slight:
        grade = Grade.ASSUMED
    pointer = pointer_of(error.absolute_path)
    expected, got, unexpected = _expected(error), _got(error), _unexpected(error)
    is_shown = rule == "format" and _is_shown(error)
    return Violation(pointer, rule, expected, got, grade, evidence, _missing(error), unexpected, is_shown)


def _left_out(error: ValidationError) -> str:
    """Return the word for a property that has no place in the direction of the value, empty for any other."""
    schema: Any = error.schema
    return str(schema.get(LEFT_OUT, "")) if error.validator == "not" and isinstance(schema, dict) else ""


def _is_slight(error: ValidationError, evidence: Evidence | None) -> bool:
    """Tell whether the documentation leaves it open: null where a page tells only the type, drift of a format.

    A text that is the documented example of a format drifts from it, whatever it is. A document, which has no evidence,
    says of each value whether it may be null.
    """
    if error.validator == "type":
        is_inside = error.instance is None and len(error.absolute_path) > 0
        return is_inside and evidence is not None
    return _is_drift(error) or isinstance(error, _FormatsError)


def _is_drift(error: ValidationError) -> bool:
    """Tell whether a text is only slightly off its format, or the documentation itself shows it."""
    if error.validator != "format":
        return False
    loose = LOOSE.get(str(error.validator_value))
    return (loose is not None and loose(str(error.instance))) or _is_shown(error)


def _is_shown(error: ValidationError) -> bool:
    """Tell whether a value is an example or the default of its schema."""
    schema: Any = error.schema
    listed = schema.get("examples")
    examples = [*(listed if isinstance(listed, list) else ()), schema.get("example"), schema.get("default")]
    return error.instance in examples


def _evidence(error: ValidationError, keyword: str, bundled: Schema, page: str) -> Evidence | None:
    """Return the evidence of the failing keyword, else of the nearest schema around it."""
    located = error.trail if isinstance(error, LocatedError) else None
    trail = located or _trail(bundled, bundled, list(error.absolute_schema_path)) or []
    nearest = next((schema for schema in reversed(trail) if EVIDENCE in schema), None)
    return evidence_of(nearest, keyword, page) if nearest else None


def _named_place(
    bundled: Schema, node: Any, path: list[str | int], name: str = "", pointer: str = ""
) -> tuple[str, str] | None:
    """Return the named schema that a path ends in, and the JSON Pointer from there; ``None`` outside of any."""
    if not path:
        return (name, pointer) if name else None
    below = pointer + pointer_of(path[:1])
    if isinstance(node, list):
        return _named_place(bundled, node[int(path[0])], path[1:], name, below)
    if not isinstance(node, dict):
        return None
    place = _named_place(bundled, node[path[0]], path[1:], name, below) if path[0] in node else None
    if place is None and isinstance(ref := node.get("$ref"), str):
        inner = ref.removeprefix("#/$defs/")
        return _named_place(bundled, bundled["$defs"][inner], path, inner)
    return place


def _trail(bundled: Schema, node: Any, path: list[str | int]) -> list[Schema] | None:
    """Return the schemas that a path into the schema leads through; ``None`` when it leads nowhere.

    The path doesn't tell where a reference is followed.
    """
    if not path:
        return []
    if isinstance(node, list):
        return _trail(bundled, node[int(path[0])], path[1:])
    if not isinstance(node, dict):
        return None
    rest = _trail(bundled, node[path[0]], path[1:]) if path[0] in node else None
    if rest is None and isinstance(ref := node.get("$ref"), str):
        rest = _trail(bundled, bundled["$defs"][ref.removeprefix("#/$defs/")], path)
    return None if rest is None else [node, *rest]


def _as_fast(keyword: str) -> Any:
    """Return a keyword for jsonschema by the verdict of jsonschema-rs: their patterns and fractions differ.

    jsonschema also compares each of an array's objects with each.
    """

    def check(validator: Any, promised: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not jsonschema_rs.is_valid({keyword: promised}, instance, pattern_options=PATTERN_OPTIONS):
            yield ValidationError(f"{keyword} {promised!r} fails")

    return check


def _pattern_properties(validator: Any, promised: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    for pattern, part in promised.items() if isinstance(instance, dict) else ():
        for name in (name for name in instance if pattern_matches(pattern, name)):
            yield from validator.descend(instance[name], part, path=name, schema_path=pattern)


def _additional_properties(validator: Any, promised: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    others = unexpected_names(schema, instance)
    if promised is False and others:
        yield UnexpectedError(others)
    for name in others if isinstance(promised, dict) else ():
        yield from validator.descend(instance[name], promised, path=name)


def _unevaluated(keyword: str) -> Any:
    """Return the keyword for what no other keyword of a schema has seen, by jsonschema-rs's verdict.

    A part that fails has seen nothing (JSON Schema 2020-12, section 7.7.1.2): what it documents is no break of its own.
    """

    def check(validator: Any, promised: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        alone = {**schema, "$defs": _BUNDLED.get().get("$defs", {})}
        errors = list(jsonschema_rs.Draft202012Validator(alone, pattern_options=PATTERN_OPTIONS).iter_errors(instance))
        broken = next((error for error in errors if list(error.evaluation_path)[:1] == [keyword]), None)
        if broken is None:
            return
        names = getattr(broken.kind, "unexpected", ()) if keyword == "unevaluatedProperties" else ()
        if any(_COMPOSING.intersection(list(error.evaluation_path)[:1]) for error in errors):
            parts = list(_parts(schema))
            names = [name for name in names if not any(_documents(part, name) for part in parts)]
            if not names:
                return
        yield UnexpectedError(names)

    return check


def _parts(schema: Any, seen: frozenset[str] = frozenset()) -> Iterator[Schema]:
    """Yield a schema and those that it applies to the same value."""
    if not isinstance(schema, dict):
        return
    yield schema
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref not in seen:
        yield from _parts(_resolved(schema), seen | {ref})
    for word in _COMPOSING & schema.keys() - {"$ref"}:
        applied = schema[word]
        inner = applied.values() if word == "dependentSchemas" else applied if isinstance(applied, list) else [applied]
        for part in inner:
            yield from _parts(part, seen)


def _documents(schema: Schema, name: str) -> bool:
    """Tell whether a schema itself says anything of a property."""
    patterns = schema.get("patternProperties", {})
    is_named = name in schema.get("properties", {}) or any(pattern_matches(pattern, name) for pattern in patterns)
    return is_named or schema.get("additionalProperties", False) is not False


class _FormatsError(ValidationError):
    """Several alternatives of a ``oneOf`` fit a value, which differ by their formats.

    Whether a format is asserted is open (JSON Schema 2020-12, section 7.2), and not all of them are known.
    """


def _one_of(validator: Any, promised: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    for error in Draft202012Validator.VALIDATORS["oneOf"](validator, promised, instance, schema):
        if not error.context:
            resolved = [_resolved(branch) for branch in promised if validator.evolve(schema=branch).is_valid(instance)]
            plain = [branch for branch in resolved if not {"format", UNCHECKED_FORMAT} & branch.keys()]
            error = _FormatsError(error.message) if len(plain) < 2 else error
        yield error


def _resolved(schema: Any) -> Schema:
    """Return what a schema refers to."""
    while isinstance(schema, dict) and isinstance(ref := schema.get("$ref"), str):
        schema = _BUNDLED.get()["$defs"][ref.removeprefix("#/$defs/")]
    return schema if isinstance(schema, dict) else {}


_BUNDLED: ContextVar[Schema] = ContextVar("bundled")
"""The whole schema while a value is explained: jsonschema's keywords see only their part of it."""

_Explainer: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "oneOf": _one_of,
        "pattern": _as_fast("pattern"),
        "multipleOf": _as_fast("multipleOf"),
        "uniqueItems": _as_fast("uniqueItems"),
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "unevaluatedItems": _unevaluated("unevaluatedItems"),
        "unevaluatedProperties": _unevaluated("unevaluatedProperties"),
    },
)


def _on_strings(check: Any) -> Any:
    return lambda value: not isinstance(value, str) or check(value)


_CHECKER = FormatChecker(formats=())
for _name, _check in STRICT.items():
    _CHECKER.checks(_name)(_on_strings(_check))


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Descend into an alternative when only one is meant: the other branches say no more than "or null"."""
    if error.validator not in ("anyOf", "oneOf") or not error.context:
        yield error
        return
    branches = _branches(error)
    alternatives: Any = error.validator_value
    if (number := _discriminated(error)) is not None:
        branches = {number: branches[number]} if branches.get(number) else {}
    meant = [errors for number, errors in branches.items() if not _is_null(alternatives[number])]
    if len(meant) == 1:
        yield from _all_leaves(meant[0])
        return
    leaves = [list(_all_leaves(errors)) for errors in meant]  # once: to descend twice at each level doubles at each
    alike = [known for known, errors in zip(leaves, meant, strict=True) if not any(map(_is_of_another_kind, errors))]
    drifting = next((known for known in leaves if all(map(_is_drift, known))), None)
    yield from drifting or (alike[0] if len(alike) == 1 else [error])


def _branches(error: ValidationError) -> dict[Any, list[ValidationError]]:
    """Return what a value breaks of each alternative, by its number."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        if inner.relative_schema_path:  # the alternative ``false`` has no path
            branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    return branches


def _all_leaves(errors: list[ValidationError]) -> Iterator[ValidationError]:
    return (leaf for error in errors for leaf in _leaves(error))


def _is_of_another_type(error: ValidationError) -> bool:
    return error.validator == "type" and not error.relative_path


def _is_of_another_kind(error: ValidationError) -> bool:
    """Tell whether an alternative isn't meant: it has another type, or a property that tells the kind another value."""
    promised: Any = error.validator_value
    if not error.relative_path:
        return error.validator in ("type", "enum", "const")
    is_only_value = error.validator == "const" or (error.validator == "enum" and len(promised) == 1)
    return is_only_value and len(error.relative_path) == 1


def _discriminated(error: ValidationError) -> int | None:
    """Return the number of the alternative that the value of a discriminator names, ``None`` for no such value."""
    schema: Any = error.schema
    mapping = schema.get("discriminator", {}).get("mapping", {})
    ref = mapping.get(_discriminator_value(error))
    if ref is None:
        return None
    names = [_type_name(part) for part in schema[str(error.validator)]]
    name = _type_name({"$ref": ref})
    return names.index(name) if name in names else None


def _type_name(schema: Any) -> str:
    """Return the documented name of the type that a schema refers to, empty for none."""
    ref = str(schema.get("$ref", "")) if isinstance(schema, dict) else ""
    return ref.rpartition("/")[2].partition("::")[0]


def _discriminator_value(error: ValidationError) -> Any:
    schema, instance = error.schema, error.instance
    discriminator = schema.get("discriminator") if isinstance(schema, dict) else None
    if not isinstance(discriminator, dict) or not isinstance(instance, dict):
        return None
    value = instance.get(discriminator.get("propertyName"))
    return value if isinstance(value, str) else None


def _is_unknown_alternative(error: ValidationError) -> bool:
    """Tell whether no alternative is known by the value of the discriminator."""
    schema: Any = error.schema
    if error.validator not in ("anyOf", "oneOf") or not isinstance(schema, dict) or "discriminator" not in schema:
        return False
    mapping = schema["discriminator"].get("mapping", {})
    return bool(mapping) and isinstance(error.instance, dict) and _discriminator_value(error) not in mapping


def _is_null(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "null"


def _expected(error: ValidationError) -> str:
    promised: Any = error.validator_value
    schema: Any = error.schema
    if left_out := _left_out(error):
        return f"no {left_out} property in {'requests' if left_out == 'readOnly' else 'responses'}"
    if _is_unknown_alternative(error):
        discriminator = schema["discriminator"]
        return f"{discriminator['propertyName']} to be one of {_short(list(discriminator['mapping']))}"
    match error.validator:
        case "type":
            kinds = " or ".join(promised if isinstance(promised, list) else [promised])
            return f"{kinds} ({schema['format']})" if "format" in schema else kinds
        case "format":
            return f"the format {promised}"
        case "minimum" | "maximum" if promised in NUMBER_RANGES.get(schema.get("format"), ()):
            return str(schema["format"])
        case "required":
            return f"the properties {', '.join(promised)}"
        case "enum":
            return f"one of {_short(promised)}"
        case "oneOf" | "anyOf":
            names = _alternative_names(promised)
            more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
            count = "exactly one" if error.validator == "oneOf" else "at least one"
            return f"{count} of {', '.join(names[:_MOST_NAMED])}{more}"
        case "additionalProperties" | "unevaluatedProperties" if promised is False:
            known = list(schema.get("properties", {}))
            return f"no properties but {_short(known)}" if known else "no properties"
        case None:
            return "nothing"
    return f"{error.validator} {_short(promised)}"


def _missing(error: ValidationError) -> tuple[str, ...]:
    if error.validator != "required" or not isinstance(error.instance, dict):
        return ()
    names: Any = error.validator_value
    return tuple(name for name in names if name not in error.instance)


def _got(error: ValidationError) -> str:
    if _is_unknown_alternative(error):
        name, instance = error.schema["discriminator"]["propertyName"], error.instance  # type: ignore[index]
        return _short(instance[name]) if name in instance else f"no {name}"  # type: ignore[operator,index]
    if error.validator == "required" and isinstance(error.instance, dict):
        return f"only {_short(list(error.instance))}"
    if unexpected := _unexpected(error):
        return f"also {_short(list(unexpected))}"
    if error.validator in ("oneOf", "anyOf"):
        return _short(error.instance) + (_why_none(error) if error.context else _which_fit(error))
    return _short(error.instance)


def _unexpected(error: ValidationError) -> tuple[str, ...]:
    return error.names if isinstance(error, UnexpectedError) else ()


def _alternative_names(alternatives: list[Any]) -> list[str]:
    """Return the names of alternatives: of a type, its title, else its kind, and its place where that isn't enough."""
    kinds = [_resolved(alternative).get("type") for alternative in alternatives]
    names = [
        _type_name(alternative) or str(_resolved(alternative).get("title") or kind or "")
        for alternative, kind in zip(alternatives, kinds, strict=True)
    ]
    return [
        name if name and names.count(name) == 1 else f"alternative {place}{f' ({kind})' if kind else ''}"
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True), 1)
    ]


def _which_fit(error: ValidationError) -> str:
    """Return the alternatives that a value fits where it should fit one."""
    alternatives: Any = error.validator_value
    defs = _BUNDLED.get().get("$defs", {})
    names = zip(_alternative_names(alternatives), alternatives, strict=True)
    fit = [name for name, branch in names if jsonschema_rs.is_valid({"allOf": [branch], "$defs": defs}, error.instance)]
    return f", which is {', '.join(fit)}"


def _why_none(error: ValidationError) -> str:
    """Return what a value breaks of each alternative of its type, the nearest first; empty where there is none."""
    alternatives: Any = error.validator_value
    branches = [
        (any(map(_is_of_another_kind, errors)), len(errors), number, errors[0])
        for number, errors in _branches(error).items()
        if not any(map(_is_of_another_type, errors))
    ]
    branches.sort(key=lambda branch: branch[:3])
    names = _alternative_names(alternatives)
    why = [f"no {names[number]} ({_briefly(first, error)})" for _, _, number, first in branches[:_MOST_NAMED]]
    return f", which is {'; '.join(why)}" if why else ""


def _briefly(inner: ValidationError, around: ValidationError) -> str:
    leaf = next(_leaves(inner))
    pointer = pointer_of(list(leaf.absolute_path)[len(around.absolute_path) :]) or "it"
    if missing := _missing(leaf):
        return f"{pointer} lacks {', '.join(missing)}"
    got = f"has {_got(leaf)}" if _unexpected(leaf) else f"is {_short(leaf.instance)}"
    return f"{pointer} {got}, not {_expected(leaf)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
