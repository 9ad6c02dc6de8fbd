"""Identifiers of the schemas of a file: `$id`, `$anchor`, `$dynamicAnchor` (JSON Schema 2020-12, section 8.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from ..json_pointer import escape_token
from ..jsonschema.subschemas import DATA, NAMED

_NAMED = NAMED | {"headers", "responses", "schemas"}
"""Fields that map names, such as the response ``default``: among them a keyword is a name."""


def joined_uri(base: str, reference: str) -> str:
    """Return what a reference means at a base (RFC 3986, section 5); one that is no URI means itself."""
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


@dataclass(frozen=True, slots=True)
class SchemaResource:
    """A schema with a URI of its own, or the whole file: the base of the references in it.

    ``anchors`` are the pointers of places in it by their names, ``dynamic_anchors`` those that a ``$dynamicRef`` finds.
    """

    uri: str
    pointer: str
    anchors: dict[str, str] = field(default_factory=dict)
    dynamic_anchors: dict[str, str] = field(default_factory=dict)


class SchemaIdentifiers:
    """The schema resources of one file."""

    def __init__(self, data: Any, location: str) -> None:
        self._by_pointer: dict[str, SchemaResource] = {}
        self._by_uri: dict[str, SchemaResource] = {}
        self._read(data, "", self._add(location, ""))
        self.is_dynamic = any(resource.dynamic_anchors for resource in self._by_pointer.values())

    def _add(self, uri: str, pointer: str) -> SchemaResource:
        resource = self._by_pointer[pointer] = SchemaResource(uri, pointer)
        self._by_uri.setdefault(uri, resource)
        return resource

    def _read(self, data: Any, pointer: str, resource: SchemaResource, *, has_names: bool = False) -> None:
        if isinstance(data, dict):
            if isinstance(name := data.get("$id"), str):
                resource = self._add(joined_uri(resource.uri, name.removesuffix("#")), pointer)
            if isinstance(name := data.get("$anchor"), str):
                resource.anchors[name] = pointer
            if isinstance(name := data.get("$dynamicAnchor"), str):
                resource.anchors[name] = resource.dynamic_anchors[name] = pointer
        members: Iterable[tuple[Any, Any]] = data.items() if isinstance(data, dict) else enumerate(data)
        for key, part in members:
            if isinstance(part, dict | list) and (has_names or key not in DATA):
                place = f"{pointer}/{escape_token(str(key))}"
                self._read(part, place, resource, has_names=key in _NAMED and not has_names)

    def resource_at(self, pointer: str) -> SchemaResource:
        """Return the resource that a place belongs to."""
        while pointer not in self._by_pointer:
            pointer = pointer.rpartition("/")[0]
        return self._by_pointer[pointer]

    def resource_of(self, uri: str) -> SchemaResource | None:
        """Return the resource of a URI without a fragment."""
        return self._by_uri.get(uri)

    def anchor(self, name: str, resource: SchemaResource) -> str | None:
        """Return the pointer of an anchor of a resource; one that only another resource of the file has will do."""
        others: list[Mapping[str, str]] = [other.anchors for other in self._by_pointer.values()]
        return next((known[name] for known in (resource.anchors, *others) if name in known), None)
