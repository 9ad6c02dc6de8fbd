"""Names of behaviours: what documentation says in prose that the fake and the checks act on."""

from enum import StrEnum

GROUP = "docdouble.behaviours"
"""Entry points of packages that add a behaviour, under its name: see ``fakeserver/behaviours``."""


class BehaviourName(StrEnum):
    """The behaviours that docdouble knows; packages add others by entry points."""

    ANY_CASE = "case-insensitive-names"
    """The names of a request's properties may be spelled in any letter case."""
    DOCUMENTED_NAMES_ONLY = "documented-names-only"
    """A selection of names that nothing documents is refused; without it, such names select nothing."""
    SELECT_PROJECTION = "select-projection"
    """Properties that aren't named are null."""
    FORMAT_OVERRIDE = "format-override"
    """A word stands above the ``Accept`` header."""
    LANGUAGE = "language"
    LANGUAGE_OVERRIDE = "language-override"
    """A header stands above ``Accept-Language``."""
    CULTURE = "culture"
    """Numbers and dates inside texts are written as in a culture."""
    TIME_ZONE = "time-zone"
    LIST_SELECT = "list-select"
    LIST_FILTER = "list-filter"
    LIST_ORDER = "list-order"
    LIST_TOP = "list-top"
    LIST_SKIP = "list-skip"


LIST_BEHAVIOURS = tuple(name for name in BehaviourName if name.startswith("list-"))
"""Behaviours that steer a list which can be filtered, sorted and paged."""

SELECTIONS = (BehaviourName.SELECT_PROJECTION, BehaviourName.LIST_SELECT)
"""Behaviours that name the properties to show."""

EXPRESSIONS = (BehaviourName.LIST_FILTER, BehaviourName.LIST_ORDER, BehaviourName.FORMAT_OVERRIDE)
"""Behaviours whose parameter has a language of its own, which no schema describes."""


def behaviour_names() -> frozenset[str]:
    """Return the names of all behaviours, those of installed packages among them."""
    from ..plugins import plugin_names  # here: importlib.metadata takes long to import, and few contracts need it

    return frozenset((*BehaviourName, *plugin_names(GROUP)))
