"""Entities as answers show them: drawn values, with those that callers gave over them where they fit the schema."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from docdouble.schemas import Contract, Schema
from docdouble.schemas.contract.model import EVIDENCE, is_left_out, types_of
from docdouble.schemas.contract.parameter_values import items_of, properties_of, schema_branches, value_kinds
from docdouble.schemas.resources.audit_properties import is_set_by_server
from docdouble.schemas.resources.entity_keys import key_ending, key_property
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.words import singular

from ..sampler.no_value import NoValueError
from ..sampler.seeds import mix
from ..sampler.shapes import value_test

_MOST_SCHEMAS = 4096
"""Schemas of which is kept what they say."""

Draw = Callable[..., Any]
"""The value drawn for a schema, and for a number that distinguishes items of one array, which is 0 outside of any."""

_NO = object()
"""The mark of a value that doesn't fit."""


class _Shape:
    """The object that a schema describes: its properties by name, those that are required, and whether it is open."""

    def __init__(self, schema: Schema, contract: Contract) -> None:
        self.schema = schema
        self._contract = contract
        branches = tuple(schema_branches(schema, contract))
        documented = properties_of(branches)
        self.properties = {name: part for name, part in documented.items() if not is_left_out(part)}
        self.by_squeezed = {squeezed(name): name for name in reversed(self.properties)}
        self.has_number = value_kinds(tuple(schema_branches(documented.get("id"), contract))) == {"integer"}
        self.required = frozenset(_required(schema, contract, 0))
        self.is_open = not documented and not any(branch.get("additionalProperties") is False for branch in branches)
        self.items = items_of(branches)
        self.kinds = value_kinds(branches) - {"null"}
        self.alternatives = [
            branch
            for word in ("oneOf", "anyOf")
            for outer in branches
            for branch in outer.get(word, ())
            if isinstance(branch, dict)
        ]

    @cached_property
    def fits(self) -> Callable[[Any], bool]:
        """The test that a value fits."""
        return value_test(self.schema, self._contract)

    @cached_property
    def without_null(self) -> Schema:
        """The schema without its null, as far as it says that on top."""
        schema = self._contract.resolve(self.schema)
        for word in ("anyOf", "oneOf"):
            kept = [part for part in schema.get(word, ()) if part != {"type": "null"}]
            if kept and len(kept) < len(schema[word]):
                schema = {**schema, word: kept}
        kinds = list(types_of(schema))
        values = {"enum": [value for value in schema["enum"] if value is not None]} if "enum" in schema else {}
        return {**schema, **values, **({"type": kinds} if kinds else {})}

    def name(self, sent: str) -> str | None:
        """Return the property that a name means, whatever its letter case and separators."""
        return sent if sent in self.properties else self.by_squeezed.get(squeezed(sent))


def _required(schema: Any, contract: Contract, depth: int) -> Iterator[str]:
    if not isinstance(schema, dict) or depth > 12:
        return
    schema = contract.resolve(schema)
    names = schema.get("required")
    yield from (name for name in (names if isinstance(names, list) else ()) if isinstance(name, str))
    for part in schema.get("allOf", ()):
        yield from _required(part, contract, depth + 1)
    for word in ("anyOf", "oneOf"):
        parts = [part for part in schema.get(word, ()) if part != {"type": "null"}]
        if len(parts) == 1:
            yield from _required(parts[0], contract, depth + 1)


@dataclass(frozen=True, slots=True)
class Pin:
    """A value that an entity shows whatever else it does: its key, or that of what it stands below.

    ``names`` are what it may be called, the likeliest first; ``inside`` is the object in which it may stand.
    """

    names: tuple[str, ...]
    value: Any
    inside: str = ""


class ShownEntities:
    """The entities of one contract, as the schemas of its answers show them."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._shapes: dict[int, _Shape] = {}

    def shape(self, schema: Schema) -> _Shape:
        """Return what a schema says of an object."""
        known = self._shapes.get(id(schema))
        if known is None or known.schema is not schema:
            if len(self._shapes) >= _MOST_SCHEMAS:
                self._shapes.clear()
            known = self._shapes[id(schema)] = _Shape(schema, self._contract)
        return known

    def show(
        self,
        schema: Schema,
        draw: Draw,
        values: Mapping[str, Any],
        left_out: Collection[str] = (),
        pins: Iterable[Pin] = (),
    ) -> Any:
        """Return an entity: what ``draw`` makes of a schema, with the values that callers gave it over that.

        What doesn't fit the schema isn't shown, and neither is what may be ``left_out``.
        """
        shape, pinned = self.shape(schema), tuple(pins)
        drawn = draw(schema)
        if isinstance(drawn, dict):
            shown = self._pinned(shape, self._over(shape, drawn, values, left_out, draw), pinned)
            is_as_drawn = not (values or left_out or shape.alternatives) and shown.keys() <= drawn.keys()
            if is_as_drawn or shape.fits(shown):
                return shown
            if not shape.fits(drawn) and shape.fits({name: shown[name] for name in values if name in shown}):
                return shown  # what ends with null where none is allowed says nothing of the values
        for branch in self._branches(shape):
            other = draw(branch)
            if isinstance(other, dict):
                inner = self.shape(branch)
                shown = self._pinned(inner, self._over(inner, other, values, left_out, draw), pinned)
                if shape.fits(shown):
                    return shown
        return self._one_by_one(shape, drawn, values, pinned, draw) if isinstance(drawn, dict) else drawn

    def _branches(self, shape: _Shape) -> Iterator[Schema]:
        """Yield the objects that a schema may be, each with all that the schema says beside its alternatives."""
        for branch in shape.alternatives:
            if "object" in self.shape(branch).kinds:
                yield branch

    def _one_by_one(
        self,
        shape: _Shape,
        drawn: dict[str, Any],
        values: Mapping[str, Any],
        pins: tuple[Pin, ...],
        draw: Draw,
    ) -> dict[str, Any]:
        """Return what is drawn with those of the values that are allowed beside each other."""
        shown = drawn
        for name, value in values.items():
            changed = self._over(shape, shown, {name: value}, (), draw)
            shown = changed if shape.fits(changed) else shown
        for pin in pins:
            changed = self._pinned(shape, dict(shown), (pin,))
            shown = changed if shape.fits(changed) else shown
        return shown

    def _over(
        self,
        shape: _Shape,
        drawn: Mapping[str, Any],
        values: Mapping[str, Any],
        left_out: Collection[str],
        draw: Draw,
    ) -> dict[str, Any]:
        shown = dict(drawn)
        for name in left_out:
            known = shape.name(name)
            if known is None or known not in shown:
                continue
            if not (
                _is_promised(known, shape)
                or any(known in alternative.required for alternative in map(self.shape, shape.alternatives))
            ):
                del shown[known]
            elif self._fitting(shape.properties[known], None, None, draw) is None:
                shown[known] = None
        for name, value in values.items():
            known = shape.name(name)
            if known is None:
                if shape.is_open:
                    shown[name] = value
                continue
            fitting = self._fitting(shape.properties[known], value, drawn.get(known), draw)
            if fitting is not _NO:
                shown[known] = fitting
            elif value is None and not _is_promised(known, shape):
                shown.pop(known, None)
            elif value is not None:
                shown |= self._another_view(shape, known, shown.get(known), value, draw)
        return shown

    def _another_view(self, shape: _Shape, name: str, shown: Any, value: Any, draw: Draw) -> Mapping[str, Any]:
        """Return a property with what stands for a value that is sent in another form, such as an entity for its key.

        It isn't null, which would say that nothing was sent.
        """
        part = shape.properties[name]
        if not isinstance(part, dict):
            return {}
        inner = self.shape(part)
        if isinstance(value, list):
            items, called = inner.items, singular(name)
            known_by = (f"{called}_id", called)
            places = enumerate(value, 1) if self.shape(items).properties else ()
            rows = [
                self._with_key(items, _part(_at(place, draw), items), key, called, known_by) for place, key in places
            ]
            return {name: rows} if value and None not in rows and inner.fits(rows) else {}
        below = _part(draw, inner.without_null) if shown is None else shown
        keyed = self._with_key(part, below, value, name, (f"{name}_id", name))
        return {} if below is None else {name: keyed or below}

    def _fitting(self, schema: Any, value: Any, drawn: Any, draw: Draw) -> Any:
        """Return a value as a property shows it: an object with all that is required of it."""
        if not isinstance(schema, dict):
            return value
        shape = self.shape(schema)
        if isinstance(value, dict) and shape.properties:
            whole = drawn if isinstance(drawn, dict) else _part(draw, schema)
            whole = whole if isinstance(whole, dict) else _part(draw, shape.without_null)
            kept = whole.items() if isinstance(whole, dict) else ()
            base = {name: part for name, part in kept if _is_kept(name, shape)}
            merged = self._over(shape, base, value, (), draw)
            if shape.fits(merged):
                return merged
        if isinstance(value, list) and self.shape(shape.items).properties:
            parts = [self._fitting(shape.items, part, None, _at(place, draw)) for place, part in enumerate(value, 1)]
            if _NO not in parts and shape.fits(parts):
                return parts
        return value if shape.fits(value) else _NO

    def _pinned(self, shape: _Shape, shown: dict[str, Any], pins: tuple[Pin, ...]) -> dict[str, Any]:
        for pin in pins:
            self._pin(shape, shown, pin)
        return shown

    def _pin(self, shape: _Shape, shown: dict[str, Any], pin: Pin) -> None:
        """Set a pinned value where the entity has a place for it."""
        inside = shape.name(pin.inside) if pin.inside else None
        if inside is not None:
            inner = self.shape(shape.properties[inside])
            below = shown.get(inside)
            changed = dict(below) if isinstance(below, dict) else {}
            if self._pin_here(inner, changed, pin):
                shown[inside] = changed
                return
        if not self._pin_here(shape, shown, pin):
            self._pin_below(shape, shown, pin)

    def _pin_here(self, shape: _Shape, shown: dict[str, Any], pin: Pin) -> bool:
        for name in pin.names:
            known = shape.name(name)
            if known is None:
                continue
            part = shape.properties[known]
            for value in _spellings(pin.value):
                if not isinstance(part, dict) or self.shape(part).fits(value):
                    shown[known] = value
                    return True
        return False

    def _pin_below(self, shape: _Shape, shown: dict[str, Any], pin: Pin) -> None:
        """Set the key in an object that shows what the pinned value is the key of: the ``owner`` of a repository."""
        for name in (*pin.names, *map(stem, pin.names)):
            known = shape.name(name) if name else None
            below = shown.get(known) if known else None
            if known and (changed := self._with_key(shape.properties[known], below, pin.value, name, pin.names[:1])):
                shown[known] = changed
                return

    def _with_key(
        self, schema: Schema, shown: Any, key: Any, called: str, variables: tuple[str, ...]
    ) -> dict[str, Any] | None:
        """Return an object with its key, which is named as one of the path variables; ``None`` where it has none."""
        if not isinstance(shown, dict) or not isinstance(key, str | int):
            return None
        inner, changed = self.shape(schema), dict(shown)
        kinds = frozenset({"integer" if type(key) is int else "string"})
        for variable in variables:
            name = key_property(variable, kinds, (called,), inner.properties, self._contract)
            if name and "/" not in name and self._pin_here(inner, changed, Pin((name,), key)):
                return changed
        return None


def _part(draw: Draw, schema: Schema) -> Any:
    """Return what is drawn of a part that is sent, ``None`` where no value fits its schema: what is sent is enough."""
    try:
        return draw(schema)
    except NoValueError:
        return None


def _at(place: int, draw: Draw) -> Draw:
    """Return what draws at a place in an array: what a server makes of each item, such as its key, differs."""
    return lambda schema, inner=0: draw(schema, mix(place, inner))


def stem(name: str) -> str:
    """Return what a name of a key is the key of: ``boat`` of ``boat_id``; empty for none."""
    lower = squeezed(name)
    return lower.removesuffix(key_ending(lower))


def _is_kept(name: str, shape: _Shape) -> bool:
    """Tell whether an object has a property that its sender doesn't mention: promised ones, and what servers make."""
    part = shape.properties.get(name)
    return _is_promised(name, shape) or (part is not None and is_set_by_server(name, part))


def _is_promised(name: str, shape: _Shape) -> bool:
    """Tell whether an object always has a property: a document requires it, or pages and samples show it."""
    part = shape.properties.get(name)
    return name in shape.required or (isinstance(part, dict) and EVIDENCE in part)


def _spellings(value: Any) -> Iterator[Any]:
    """Yield a key as it is, and as the other type that it may be documented with."""
    yield value
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19:
        yield int(value)
    elif type(value) is int:
        yield str(value)
