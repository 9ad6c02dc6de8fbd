"""Text files from elsewhere: UTF-8 of a bounded size, JSON and YAML, and the lines of their faults."""

from pathlib import Path
from typing import Any

import orjson
import yaml

from .errors import PageError

_TEXT_TAG = "tag:yaml.org,2002:str"


def read_text(path: Path, name: str, most: int) -> str:
    """Read a text file of at most ``most`` bytes; raises ``PageError`` when there is none."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise PageError(name, 0, error.strerror or str(error)) from error
    if len(data) > most:
        raise PageError(name, 0, f"larger than {most // 2**20} MiB, the most that is read of one file")
    return decode_utf8(data, name)


def decode_utf8(data: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte order mark; raises ``PageError`` with the line of the first bad byte."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PageError(name, line, f"byte 0x{data[error.start]:02x} is no UTF-8 text") from error
    if "\0" in text:
        raise PageError(name, text.count("\n", 0, text.index("\0")) + 1, "a NUL byte: this is no text")
    return text


def yaml_fault(error: Exception) -> tuple[int, str]:
    """Return the 1-based line (0: not known) and the words of what PyYAML raised."""
    if isinstance(error, yaml.MarkedYAMLError):
        return error.problem_mark.line + 1 if error.problem_mark else 0, str(error.problem)
    return 0, "nested too deep" if isinstance(error, RecursionError) else str(error).partition("\n")[0]


def parse_document(text: str, name: str) -> Any:
    """Read JSON, or YAML where ``name`` does not end in ``.json``; raises ``PageError`` with the line of the fault."""
    if name.lower().endswith(".json"):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise PageError(name, error.lineno, f"no JSON: {error.msg}") from error
    try:
        return yaml.load(text, Loader=_DocumentLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, problem = yaml_fault(error)
        raise PageError(name, line, f"no YAML: {problem}") from error


class _DocumentLoader(yaml.SafeLoader):
    """YAML as JSON would have it: names are text, and so are dates.

    Aliases are refused, since they let a small file grow without bound, and so are tags.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            raise _unsupported("aliases are not supported", event)
        if tag not in (None, "!", _TEXT_TAG):
            raise _unsupported(f"the tag {tag!r} is not supported", event)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        for name, _ in node.value:
            if isinstance(name, yaml.ScalarNode):
                name.tag = _TEXT_TAG
        return super().construct_mapping(node, deep)


def _unsupported(problem: str, event: Any) -> yaml.YAMLError:
    return yaml.composer.ComposerError(None, None, problem, event.start_mark)


_DocumentLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
