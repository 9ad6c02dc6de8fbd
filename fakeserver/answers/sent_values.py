"""Values that a request sends, in what is answered to it: objects, maps and arrays, too, where its schema allows."""

from collections.abc import Iterable, Mapping
from typing import Any

from docdouble.schemas import Contract, Operation, Schema, Validator
from docdouble.schemas.contract.model import is_left_out
from docdouble.schemas.contract.parameter_values import items_of, properties_of, schema_branches
from docdouble.schemas.resources.entity_keys import is_read_only
from docdouble.schemas.resources.envelopes import answered_schema, wrapped_in
from docdouble.schemas.resources.list_parameters import squeezed

from ..sampler import Sampler
from ..sampler.seeds import mix
from ..state.complete import completed
from .row_properties import value_at, with_value_at

_JSON = (str, int, float, bool, dict, list, type(None))


class _Shape:
    """A schema of an answer, and how a value that is sent stands in it; parts are worked out when they are met."""

    def __init__(self, schema: Schema, contract: Contract) -> None:
        self._contract = contract
        self._branches = tuple(schema_branches(schema, contract))
        self._parts: dict[str, _Shape | None] = {}
        self._items: _Shape | None = None
        self._others: _Shape | None = None
        self.schema = schema
        self._is_valid = Validator(schema, contract).is_valid
        self._properties = properties_of(self._branches)
        self._spelled = {squeezed(name): name for name in reversed(self._properties)}
        rest = [branch["additionalProperties"] for branch in self._branches if "additionalProperties" in branch]
        self._rest = next((row for row in rest if isinstance(row, dict)), None)
        self._is_open = not self._properties and (self._rest is not None or False not in rest)

    def fits(self, value: Any) -> bool:
        """Tell whether the schema takes a value."""
        return isinstance(value, _JSON) and self._is_valid(value)

    def takes(self, sent: Any) -> int:
        """Return how many members of an object that is sent have a property here."""
        return sum(squeezed(name) in self._spelled for name in sent) if isinstance(sent, dict) else 0

    def merged(self, shown: Any, sent: Any, sampler: Sampler, key: int) -> Any:
        """Return what is sent, completed by what is shown where the schema asks for more."""
        if isinstance(sent, dict) and isinstance(shown, dict):
            return self._object(shown, sent, sampler, key)
        if isinstance(sent, list) and (items := self._item_shape()):
            samples = (sampler.sample_if_any(items.schema, mix(key, place)) for place in range(len(sent)))
            return [items.merged(sample, part, sampler, key) for sample, part in zip(samples, sent, strict=True)]
        return self._alone(sent, sampler)

    def _alone(self, sent: Any, sampler: Sampler) -> Any:
        """Return what is sent, completed as far as documentation of its kind promises.

        A page promises every property that it documents, an OpenAPI document those that it requires.
        """
        return completed(sent, self.schema, self._contract, sampler) if self._contract.dialect else sent

    def _object(self, shown: dict[str, Any], sent: dict[str, Any], sampler: Sampler, key: int) -> dict[str, Any]:
        merged = {} if self._is_open else dict(shown)
        for name, value in sent.items():
            known = name if name in self._properties else self._spelled.get(squeezed(name), "")
            part = self._part(known) if known else None
            if part is not None:
                forms = (part.merged(shown.get(known), value, sampler, key), part._alone(value, sampler))
                merged[known] = next((form for form in forms if part.fits(form)), shown.get(known))
                if known not in shown and not part.fits(merged[known]):
                    del merged[known]
            elif not known and self._is_open:
                rest = self._rest_shape()
                merged[name] = rest.merged(None, value, sampler, key) if rest else value
        return merged

    def _part(self, name: str) -> "_Shape | None":
        if name not in self._parts:
            schema = self._properties[name]
            is_kept = not isinstance(schema, dict) or is_left_out(schema) or is_read_only(schema, self._contract)
            self._parts[name] = None if is_kept else _Shape(schema, self._contract)
        return self._parts[name]

    def _rest_shape(self) -> "_Shape | None":
        if self._others is None and self._rest:
            self._others = _Shape(self._rest, self._contract)
        return self._others

    def _item_shape(self) -> "_Shape | None":
        if self._items is None and (items := items_of(self._branches)):
            self._items = _Shape(items, self._contract)
        return self._items


class SentValues:
    """Repetition of sent values in the answers of one operation: ``around`` is where the entity stands in them."""

    def __init__(self, schema: Schema, around: Iterable[str], contract: Contract) -> None:
        self._whole = _Shape(schema, contract)
        self._around = tuple(around)
        inner: Any = schema
        for step in self._around:
            inner = properties_of(schema_branches(inner, contract)).get(step)
        self._entity = _Shape(inner, contract) if isinstance(inner, dict) else self._whole

    def put(self, body: Any, sent: Any, sampler: Sampler, key: int) -> Any:
        """Return a body with what is sent; as it is where that wouldn't be as documented."""
        place, shape = self._around, self._entity
        if shape is not self._whole and self._whole.takes(sent) and not self._entity.takes(sent):
            place, shape = (), self._whole
        inner = next(iter(sent.values())) if isinstance(sent, Mapping) and len(sent) == 1 else None
        if isinstance(inner, dict | list) and not shape.takes(sent):
            sent = inner  # an entity in an envelope
        merged = with_value_at(body, place, shape.merged(value_at(body, place), sent, sampler, key))
        return merged if self._whole.fits(merged) else body


def sent_values(operation: Operation, contract: Contract) -> SentValues | None:
    """Return how the answers of an operation repeat what is sent, ``None`` where nothing is."""
    schema = answered_schema(operation)
    if operation.request is None or schema is None:
        return None
    return SentValues(schema, wrapped_in(operation, contract), contract)


def kept_names(schema: Schema, contract: Contract) -> frozenset[str]:
    """Return the properties of an answer, in lower case, that callers don't set: those that are ``readOnly``."""
    properties = properties_of(schema_branches(schema, contract)).items()
    return frozenset(
        name.lower() for name, part in properties if isinstance(part, dict) and part.get("readOnly") is True
    )
