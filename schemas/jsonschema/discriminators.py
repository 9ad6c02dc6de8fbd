"""Discriminators written out as JSON Schema: the values of a property that stand for each alternative.

An alternative is a named type. Its values are those of the mapping, else its name (OpenAPI 3.0.3, Discriminator
Object), unless its own property lists others.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from ..contract.model import COMPONENT_PREFIX, Contract, Schema, reference
from .subschemas import subschemas, with_subschemas

_UNIONS = ("oneOf", "anyOf")
_NESTED = 16


def extended(schema: Schema) -> bool:
    """Tell whether a schema extends the parts of its ``allOf``, and doesn't only annotate one."""
    return len(schema.get("allOf", ())) > 1 or "properties" in schema


def _name(schema: Any) -> str:
    ref = schema.get("$ref") if isinstance(schema, dict) else None
    return str(ref).removeprefix(COMPONENT_PREFIX) if ref else ""


def _property_name(schema: Schema) -> str:
    discriminator = schema.get("discriminator")
    return str(discriminator.get("propertyName", "")) if isinstance(discriminator, dict) else ""


def _branches(schema: Schema) -> list[str]:
    return [_name(part) for word in _UNIONS for part in schema.get(word, ()) if _name(part)]


class Discriminators:
    """The discriminators of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._schemas = contract.schemas

    def has_base(self, name: str) -> bool:
        """Tell whether types that extend a named one extend less than what stands for it elsewhere."""
        return name in self._narrowed or name in self._children

    def inline(self, schema: Schema) -> Schema:
        """Return a schema that has no name with the mapping of its discriminator completed."""
        changed = with_subschemas(schema, self.inline)
        if _property_name(schema) and _branches(schema):
            changed["discriminator"] = self._completed(schema, _branches(schema))
        return changed

    def base(self, name: str, schema: Schema) -> Schema:
        """Return what types that extend a named one extend."""
        dropped = {"discriminator", *(_UNIONS if name in self._children else ())}
        return self.inline({key: value for key, value in schema.items() if key not in dropped})

    def whole(self, name: str, schema: Schema) -> Schema:
        """Return a named type with the values of the property by which discriminators know it.

        One that others extend is one of them, or itself.
        """
        children = self._children.get(name, ())
        if not children or _branches(schema):
            return self._with_values(self.inline(schema), self._narrowed.get(name, {}))
        property_name = _property_name(schema)
        values = self._own_values(name, schema, property_name)
        own = self._with_values(self.base(name, schema), {property_name: values}) if values else None
        branches = [reference(child) for child in children]
        mapping = self._completed(schema, children)
        if own:
            mapping["mapping"] |= dict.fromkeys(values, "")
        return {"anyOf": [*branches, *([own] if own else [])], "discriminator": mapping}

    def _with_values(self, schema: Schema, values: dict[str, list[Any]]) -> Schema:
        properties = dict(schema.get("properties", {}))
        for name, listed in values.items():
            known = properties.get(name)
            is_plain = isinstance(known, dict) and "$ref" not in known and "const" not in known
            properties[name] = {**known, "enum": listed} if isinstance(known, dict) and is_plain else {"enum": listed}
        return {**schema, "properties": properties} if values else schema

    def _completed(self, schema: Schema, branches: list[str] | tuple[str, ...]) -> dict[str, Any]:
        discriminator = schema["discriminator"]
        property_name = _property_name(schema)
        mapping = {
            str(value): COMPONENT_PREFIX + name
            for name in branches
            for value in self._values(name, property_name, discriminator.get("mapping", {}))
        }
        return {**discriminator, "mapping": mapping}

    def _own_values(self, name: str, schema: Schema, property_name: str) -> list[Any]:
        """Return the values of a type that others extend: those of none of them."""
        mapping = schema["discriminator"].get("mapping", {})
        taken = {value for child in self._children[name] for value in self._values(child, property_name, mapping)}
        return [value for value in self._values(name, property_name, mapping) if value not in taken]

    def _values(
        self, name: str, property_name: str, mapping: dict[str, str], seen: set[str] | None = None
    ) -> list[Any]:
        """Return the values that stand for a named type, none where they aren't known, or in what was ``seen``."""
        seen = set() if seen is None else seen
        mapped = [value for value, ref in mapping.items() if ref == COMPONENT_PREFIX + name]
        inner = self._schemas.get(name, {})
        if not mapped and (branches := _branches(inner)) and name not in seen:
            seen.add(name)
            below = inner["discriminator"].get("mapping", {}) if _property_name(inner) == property_name else {}
            return [value for branch in branches for value in self._values(branch, property_name, below, seen)]
        values = mapped or [name]
        listed = self._listed(inner, property_name)
        return values if listed is None else [value for value in values if value in listed] or listed

    def _listed(self, schema: Any, property_name: str, seen: set[int] | None = None) -> list[Any] | None:
        """Return the values that a type lists for a property itself, or by an unseen part of what it is composed of."""
        seen = set() if seen is None else seen
        if not isinstance(schema, dict) or id(schema) in seen:
            return None
        seen.add(id(schema))
        part = schema.get("properties", {}).get(property_name)
        part = self._contract.resolve(part) if isinstance(part, dict) else {}
        if "const" in part:
            return [part["const"]]
        if isinstance(part.get("enum"), list):
            return list(part["enum"])
        parts = [self._schemas.get(_name(schema)), *schema.get("allOf", ())]
        return next((listed for inner in parts if (listed := self._listed(inner, property_name, seen))), None)

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        """The named types that extend each named type that has a discriminator, however far."""
        parents: dict[str, list[str]] = {}
        for name in self._schemas:
            schema = self._schemas[name]
            for part in schema.get("allOf", ()) if extended(schema) else ():
                if _name(part):
                    parents.setdefault(_name(part), []).append(name)
        children = {}
        for name in self._schemas:
            if _property_name(self._schemas[name]):
                below = tuple(dict.fromkeys(self._below(name, parents)))
                if below:
                    children[name] = below
        return children

    def _below(self, name: str, parents: dict[str, list[str]], depth: int = 0) -> Iterator[str]:
        for child in parents.get(name, ()) if depth < _NESTED else ():
            yield child
            yield from self._below(child, parents, depth + 1)

    @cached_property
    def _narrowed(self) -> dict[str, dict[str, list[Any]]]:
        """The values by which discriminators know each named type, by the name of the property."""
        narrowed: dict[str, dict[str, list[Any]]] = {}
        for owner, schema in self._all():
            property_name = _property_name(schema)
            if not property_name:
                continue
            for name in _branches(schema) or self._children.get(owner, ()):
                if name == owner or _branches(self._schemas.get(name, {})):
                    continue
                values = self._values(name, property_name, schema["discriminator"].get("mapping", {}))
                known = narrowed.setdefault(name, {}).setdefault(property_name, [])
                known += [value for value in values if value not in known]
        return narrowed

    def _all(self) -> Iterator[tuple[str, Schema]]:
        """Yield every schema of the contract, with its name where it has one."""
        waiting: list[tuple[str, Schema]] = [(name, self._schemas[name]) for name in self._schemas]
        for operation in self._contract.operations:
            bodies = [operation.request.media_types if operation.request else ()]
            bodies += [response.media_types for response in operation.responses]
            documented = [media_type for media_types in bodies for media_type in media_types]
            schemas = [
                *(media_type.schema for media_type in documented),
                *(media_type.item_schema for media_type in documented),
            ]
            waiting += [("", schema) for schema in schemas if schema is not None]
        while waiting:
            name, schema = waiting.pop()
            yield name, schema
            waiting += [("", part) for part in subschemas(schema)]
