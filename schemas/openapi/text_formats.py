"""JSON and YAML text to data, and the line of a place in it."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import orjson
import yaml

from ..errors import PageError
from ..json_lines import lines_of_json
from ..json_pointer import unescape_token
from ..text_files import UnsupportedYamlError, yaml_fault

MAX_VALUES = 5_000_000
"""The most values that a YAML text may hold with its aliases expanded."""

_PLAIN, _QUOTED = "plain", "quoted"
"""The tags of scalars without a tag of their own."""

_TAG = "tag:yaml.org,2002:"
_KNOWN_TAGS = {f"{_TAG}{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp")}

_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: value for value in (True, False) for word in (str(value), str(value).lower(), str(value).upper())
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_PREFIXED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def parse_document(text: str, name: str) -> Any:
    """Read JSON or YAML; raises ``PageError`` with the line of the fault.

    YAML is read by the core schema of YAML 1.2 (section 10.3), with merge keys; names are texts.
    """
    if _is_json(text, name):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise PageError(name, error.lineno, f"no JSON: {error.msg}") from error
    try:
        return _Values().of(_composed(text))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, problem = yaml_fault(error)
        raise PageError(name, line, problem) from error


def _is_json(text: str, name: str) -> bool:
    """Tell whether a text is meant as JSON: YAML may stand in a file of that name, and any JSON is YAML."""
    return name.lower().endswith(".json") and text.lstrip()[:1] in ("{", "[", "")


def _composed(text: str) -> yaml.Node | None:
    loader = _Loader(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml is 8 times faster
    """A YAML composer that leaves the resolution of plain scalars to ``_scalar``."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return _PLAIN if kind is yaml.ScalarNode and implicit[0] else _QUOTED


class _Values:
    """Composed YAML nodes as values; an alias gives the value of its anchor itself, not a copy."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()

    def of(self, node: yaml.Node | None) -> Any:
        return None if node is None else self._sized(node)[0]

    def _sized(self, node: yaml.Node) -> tuple[Any, int]:
        """Return the value of a node, and how many values it holds with its aliases expanded."""
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node), 1
        key = id(node)
        if key in self._made:
            return self._made[key]
        if key in self._open:
            raise _fault("an alias stands inside its own anchor", node)
        self._open.add(key)
        made = self._sequence(node) if isinstance(node, yaml.SequenceNode) else self._mapping(node)
        self._open.discard(key)
        if made[1] > MAX_VALUES:
            raise _fault(f"aliases expand to more than {MAX_VALUES} values", node)
        self._made[key] = made
        return made

    def _sequence(self, node: yaml.SequenceNode) -> tuple[Any, int]:
        _check_tag(node)
        parts = [self._sized(part) for part in node.value]
        return [value for value, _ in parts], 1 + sum(size for _, size in parts)

    def _mapping(self, node: yaml.Node) -> tuple[Any, int]:
        _check_tag(node)
        members: dict[str, Any] = {}
        total = 1
        for key, part in _pairs(node):
            value, size = self._sized(part)
            members[key.value] = value
            total += size
        return members, total


def _pairs(node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Yield the names and values of a mapping: those of merge keys (``<<``) first, since the others win."""
    merged = [value for key, value in node.value if _is_merge_key(key)]
    for value in merged:
        for part in reversed(value.value) if isinstance(value, yaml.SequenceNode) else [value]:
            if not isinstance(part, yaml.MappingNode):
                raise _fault("a merge key takes a mapping or a list of mappings", value)
            yield from _pairs(part)
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise _fault("a name that is not a text", key)
        if not _is_merge_key(key):
            yield key, value


def _is_merge_key(key: yaml.Node) -> bool:
    return key.tag == _PLAIN and key.value == "<<"


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.tag == _QUOTED:
        return text
    if node.tag != _PLAIN:
        _check_tag(node)
        if node.tag == f"{_TAG}str":
            return text
    if text in _WORDS:
        return _WORDS[text]
    if not text[0].isdigit() and text[0] not in "-+.":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _PREFIXED.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text


def _check_tag(node: yaml.Node) -> None:
    if node.tag not in (_PLAIN, _QUOTED, "!") and node.tag not in _KNOWN_TAGS:
        raise _fault(f"the tag {_written(node.tag)}", node)


def _written(tag: str) -> str:
    """Return a tag as it stands in a document."""
    return f"!!{tag.removeprefix(_TAG)}" if tag.startswith(_TAG) else tag


def _fault(problem: str, node: yaml.Node) -> UnsupportedYamlError:
    return UnsupportedYamlError(problem, node.start_mark.line + 1)


class LineIndex:
    """The lines of a JSON or YAML text by JSON Pointer; the text is looked through when a line is first asked for."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._is_json = _is_json(text, name)

    def line(self, pointer: str) -> int:
        """Return the 1-based line of a place; of one that isn't there, that of the nearest place around it."""
        if not self._is_json:
            return self._line_of_yaml([unescape_token(token) for token in pointer.split("/")[1:]])
        while pointer and pointer not in self._json_lines:
            pointer = pointer.rpartition("/")[0]
        return self._json_lines.get(pointer, 1)

    @cached_property
    def _json_lines(self) -> dict[str, int]:
        try:
            return lines_of_json(self._text, "", 1)
        except PageError:  # nested deeper than lines are counted
            return {}

    @cached_property
    def _root(self) -> yaml.Node | None:
        return _composed(self._text)

    def _line_of_yaml(self, names: list[str]) -> int:
        node, line = self._root, 1
        for name in names:
            if isinstance(node, yaml.MappingNode):
                place = next((pair for pair in reversed(list(_pairs(node))) if pair[0].value == name), None)
            elif isinstance(node, yaml.SequenceNode) and name.isdecimal() and int(name) < len(node.value):
                place = node.value[int(name)], node.value[int(name)]
            else:
                place = None
            if place is None:
                break
            line, node = place[0].start_mark.line + 1, place[1]
        return line
