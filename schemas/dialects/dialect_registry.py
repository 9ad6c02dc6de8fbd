"""Registry of dialects: ours and those of installed packages, by name and by contract."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ..contract.behaviour_names import behaviour_names
from ..contract.model import Contract
from ..errors import ConfigError, did_you_mean
from .base import Dialect
from .superoffice import SUPEROFFICE

SETTINGS_NAME = "docdouble-dialect.toml"
"""File of the settings of a family, in the folder of its pages or above it."""

GROUP = "docdouble.dialects"
"""Entry points that are a ``Dialect``, under its name."""

NO_DIALECT = Dialect("")
"""The dialect of a contract that no page was read for: it has no words of its own."""

PAGES = Dialect("pages")
"""The dialect of pages that are read by a family's settings: it has no words beside those."""

_SHIPPED = {dialect.name: dialect for dialect in (SUPEROFFICE,)}
"""Known without a search among the installed packages, which a contract of ours needn't wait for."""


@cache
def dialects() -> tuple[Dialect, ...]:
    """Return all dialects, ours first; raises ``PluginError`` for one of a package that can't be used."""
    from ..plugins import load_plugins  # here: importlib.metadata takes long to import, and our own need none of it

    return (*_SHIPPED.values(), *load_plugins(GROUP, _read))


def _read(name: str, loaded: Any) -> Iterator[Dialect]:
    if not isinstance(loaded, Dialect):
        raise TypeError(f"expected a Dialect, got {loaded!r}")
    if loaded.name != name:
        raise ValueError(f"the dialect calls itself {loaded.name!r}")
    known = _SHIPPED.get(name, loaded)
    if known != loaded:
        raise ValueError("the name is that of a dialect of docdouble")
    names = behaviour_names()
    for behaviour in (*loaded.parameter_behaviours.values(), *loaded.list_behaviours.values(), *loaded.conventions):
        if behaviour not in names:
            raise ValueError(f"the behaviour '{behaviour}' is not known{did_you_mean(behaviour, names)}")
    if name not in _SHIPPED:
        yield loaded


def page_sign() -> re.Pattern[bytes]:
    """Return the pattern of a fence for request lines in any dialect; a page with one describes an operation."""
    fences = "|".join(sorted({re.escape(dialect.operation_fence) for dialect in dialects()}))
    return re.compile(rf"^`{{3,}} *(?:{fences}) *\r?$".encode(), re.MULTILINE)  # which re keeps


def plugin_files() -> list[tuple[Path, str]]:
    """Return the modules of installed packages that hold dialects, with their names."""
    from ..plugins import plugin_modules  # here for the same reason

    dialects()
    files = ((name, getattr(sys.modules.get(name), "__file__", None)) for name in plugin_modules(GROUP))
    return [(Path(file), name) for name, file in files if file]


def find_dialect(name: str) -> Dialect:
    """Return the dialect of a name; raises ``ConfigError`` with the nearest where there is none."""
    known = {PAGES.name: PAGES, **_SHIPPED}
    dialect = known.get(name) or next((dialect for dialect in dialects() if dialect.name == name), None)
    if dialect is None:
        raise ConfigError("dialect", name, [dialect.name for dialect in dialects()], expected="installed")
    return dialect


def dialect_of(contract: Contract) -> Dialect:
    """Return the dialect of the pages that a contract was read from."""
    return find_dialect(contract.dialect) if contract.dialect else NO_DIALECT
