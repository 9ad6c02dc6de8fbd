"""Files that ``docdouble init`` writes; one that is there already stays as it is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from docdouble.schemas import ConfigError

from ...output.quoted_values import docker_copy, github_value, gitlab_value, toml_string, yaml_string

TEMPLATES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "github": ((".github/workflows/contract.yml", "github.yml"),),
    "gitlab": ((".gitlab-ci.yml", "gitlab.yml"),),
    "pre-commit": ((".pre-commit-config.yaml", "pre-commit.yaml"),),
    "docker": (("Dockerfile", "Dockerfile"),),
    "compose": (("compose.yaml", "compose.yml"),),
    "staging": (
        (".github/workflows/staging.yml", "staging.yml"),
        ("docdouble-baseline.json", "baseline.json"),
    ),
}
"""Files that ``--with`` adds: where they are written, and the template beside this module."""

SHARDED = ("github", "gitlab")
"""Templates that may verify in several jobs at once: what they get for it stands in files beside theirs."""

_ONLY_WITH_DOCUMENTATION = "# documentation:"
_PLACE = re.compile("@(?:SOURCE|INSTALL|CONFIG|SHARDS|MATRIX)@")
_QUOTED: Mapping[str, Callable[[str], str]] = {
    "github": github_value,
    "gitlab": gitlab_value,
    "pre-commit": yaml_string,
    "docker": lambda source: docker_copy(source, f"./{source}"),
}
"""Spelling of a source where a template has ``@SOURCE@``."""

_FOLDER = Path(__file__).parent

CONFIG = "docdouble.toml"


@dataclass(frozen=True, slots=True)
class ScaffoldFile:
    """A file that is to be written; ``name`` is its path below the folder."""

    name: str
    text: str


def config_text(source: str) -> str:
    """Return a ``docdouble.toml`` that names a source."""
    template = (_FOLDER / "docdouble.toml").read_text(encoding="utf-8")
    return template.replace("@SOURCE@", toml_string(source.replace("${", "$${")))


def template_files(
    name: str, source: str, install: str, config: str = CONFIG, shards: int = 0
) -> Iterator[ScaffoldFile]:
    """Yield the files of a template; ``source`` is a path below the folder, empty for a shipped contract.

    ``install`` is what pip installs beside docdouble, ``config`` the file with its configuration. With ``shards``, so
    many jobs verify at once.
    """
    for path, template in TEMPLATES[name]:
        lines = (_FOLDER / template).read_text(encoding="utf-8").splitlines()
        text = "\n".join(_kept(lines, is_documented=bool(source))).rstrip("\n") + "\n"
        if shards and name in SHARDED:
            text += (_FOLDER / template.replace(".", "-shards.")).read_text(encoding="utf-8")
        values = {
            "@INSTALL@": install,
            "@CONFIG@": config,
            "@SOURCE@": _QUOTED.get(name, str)(source),
            "@SHARDS@": str(shards),
            "@MATRIX@": ", ".join(map(str, range(1, shards + 1))),
        }
        yield ScaffoldFile(path, _PLACE.sub(partial(_value, values), text))


def _value(values: Mapping[str, str], match: re.Match[str]) -> str:
    return values[match[0]]


def _kept(lines: Iterable[str], *, is_documented: bool) -> Iterator[str]:
    """Yield the lines that apply; those behind a mark do where the documentation is in the folder."""
    for line in lines:
        if line == _ONLY_WITH_DOCUMENTATION:
            if not is_documented:
                return
        else:
            yield line


def is_so(file: ScaffoldFile, folder: Path) -> bool:
    """Tell whether the file is there already, with the text that would be written."""
    try:
        return (folder / file.name).read_bytes() == file.text.encode()
    except OSError:
        return False


def write(files: Iterable[ScaffoldFile], folder: Path) -> Iterator[tuple[ScaffoldFile, bool]]:
    """Write the files that aren't there, and yield each with whether it was written.

    Raises ``ConfigError`` for one that would lie outside of the folder, ``OSError`` where nothing can be written.
    """
    top = folder.resolve()
    for file in files:
        path = folder / file.name
        if not path.parent.resolve().is_relative_to(top):
            raise ConfigError(file.name, str(path.parent.resolve()), expected=f"below {top}: a link leads out of it")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8", newline="\n") as opened:
                opened.write(file.text)
        except FileExistsError:
            yield file, False
        else:
            yield file, True
