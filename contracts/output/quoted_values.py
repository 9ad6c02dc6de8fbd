"""Quoting of texts for the files that are written: TOML, YAML and Dockerfiles, each read back as the same text."""

import json
import math
import re
from collections.abc import Sequence

from ..model.text import UNSHOWN

_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no such file can hold."""

_DOCKER_WORD = re.compile(r"""[\\"'$]""")
_DOCKER_PATTERN = re.compile(r"[*?\[\\]")


def toml_string(text: str) -> str:
    """Return a text as a basic string of TOML; what can't be seen is written as escapes."""
    return UNSHOWN.sub(_escaped, json.dumps(_whole(text), ensure_ascii=False))


def toml_array(texts: Sequence[str]) -> str:
    """Return texts as an array of TOML."""
    return f"[{', '.join(map(toml_string, texts))}]"


def yaml_string(text: str) -> str:
    """Return a text as a double-quoted scalar of YAML, on one line."""
    import yaml  # here because it takes 8 ms to import, and only what writes such a file needs it

    quoted: str = yaml.safe_dump(_whole(text), default_style='"', allow_unicode=True, width=math.inf)
    return UNSHOWN.sub(_escaped, quoted.strip())


def github_value(text: str) -> str:
    """Return a text as a value of a GitHub workflow, in which nothing is an expression."""
    return yaml_string(text.replace("${{", "${{ '${{' }}"))


def gitlab_value(text: str) -> str:
    """Return a text as the value of a variable of GitLab, in which nothing is another variable."""
    return yaml_string(text.replace("$", "$$"))


def docker_copy(source: str, target: str) -> str:
    """Return the arguments of ``COPY``: a pattern of a file, and a path; Docker reads variables and quotes in both."""
    pattern = _DOCKER_PATTERN.sub(lambda match: "\\\\" if match[0] == "\\" else f"[{match[0]}]", source)
    return json.dumps([_DOCKER_WORD.sub(r"\\\g<0>", word) for word in (pattern, target)])


def _whole(text: str) -> str:
    return _HALVES.sub("\ufffd", text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
