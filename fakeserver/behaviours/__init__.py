"""Behaviours: what a documentation says in prose, acted on by the fake."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from docdouble.schemas.contract.behaviour_names import GROUP, BehaviourName
from docdouble.schemas.dialects.base import Dialect
from docdouble.schemas.plugins import load_plugins

from .odata_filter import parse_filter, parse_order
from .output_format import output_format

AddedBehaviour = Callable[[str], Callable[[Any], Any]]
"""The behaviour of a package: it reads the text of the parameter that asks for it, and returns what changes a body.

It raises ``ValueError`` for a text that means nothing. Parts of a body are shared: a changed one is a new one.
"""


def readers(dialect: Dialect) -> Mapping[str, Callable[[str], Any]]:
    """Return by behaviour what reads the text of its parameter; it raises ``ValueError`` for what means nothing."""
    return {
        **added_behaviours(),
        BehaviourName.LIST_FILTER: partial(parse_filter, words=dialect.filter_words),
        BehaviourName.LIST_ORDER: parse_order,
        BehaviourName.FORMAT_OVERRIDE: output_format,
    }


@cache
def added_behaviours() -> Mapping[str, AddedBehaviour]:
    """Return the behaviours of installed packages by name; raises ``PluginError`` for one that can't be used."""
    return dict(load_plugins(GROUP, _named))


def _named(name: str, loaded: Any) -> Iterator[tuple[str, AddedBehaviour]]:
    if name in frozenset(BehaviourName):
        raise ValueError("the name is that of a behaviour of docdouble")
    if not callable(loaded):
        raise TypeError(f"expected a function, got {loaded!r}")
    yield name, loaded


def changed_by_added(asked: Mapping[str, Any], body: Any) -> Any:
    """Return a body as the behaviours of packages that are ``asked`` for change it, in the order of their names."""
    for name, behaviour in added_behaviours().items():
        if name in asked:
            body = behaviour(str(asked[name]))(body)
    return body
