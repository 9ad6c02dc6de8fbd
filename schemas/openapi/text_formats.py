"""JSON and YAML text to data."""

from typing import Any

import orjson
import yaml

from ..errors import PageError
from ..text_files import yaml_fault


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


_TEXT_TAG = "tag:yaml.org,2002:str"


_DocumentLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
