"""Settings of the fake server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from docdouble.schemas.jsonschema.directions import ReadOnly

from .requests.authentication import Caller
from .requests.cors import LOCALHOST
from .requests.valid_parts import Validation

POPULATION = 25
"""Entities of each kind that there are at first, unless somebody asks for another number."""


@dataclass(frozen=True)
class Settings:
    """Settings by which a contract is served.

    ``seed`` and ``locale`` (one of Faker's, such as ``en_US``) choose the data. ``callers`` are who is let in; without
    any, well-formed credentials are enough, and with ``auth`` false none are asked for. ``cors`` lists the origins of
    web pages that may call, ``localhost`` for all on this machine, ``*`` for any. ``scheme`` is that of its own URLs.

    ``validate`` says what happens to a request that breaks the documentation: ``on`` refuses it, ``warn`` answers what
    is valid of it and names the rest in ``Docdouble-Violations``, ``off`` answers without a word. ``read_only`` says
    what happens to ``readOnly`` properties of requests.

    ``nulls`` says whether values that may be null sometimes are. With ``answers`` ``documented`` the documented sample
    is sent where there is one. ``samples`` are the user's own rules for the data: the field → what it holds.

    ``state`` is where the changes of callers are kept: ``memory``, the path of an SQLite file or the URL of a Redis
    server. With ``off``, or with documented answers, they are not, and every id exists. Otherwise there are
    ``population`` entities of each kind at first, and the user's own ``entities``: arrays of objects, by the name of a
    resource or of a type.
    """

    seed: int = 0
    locale: str = "en_US"
    auth: bool = True
    callers: tuple[Caller, ...] = ()
    cors: tuple[str, ...] = (LOCALHOST,)
    scheme: str = "http"
    validate: Validation = "on"
    read_only: ReadOnly = "ignore"
    nulls: Literal["never", "sometimes", "documented"] = "sometimes"
    answers: Literal["generated", "documented"] = "generated"
    samples: Mapping[str, str | tuple[Any, ...]] = field(default_factory=dict)
    state: str = field(default="memory", repr=False)
    population: int = POPULATION
    entities: Mapping[str, Any] = field(default_factory=dict)

    @property
    def keeps(self) -> bool:
        """Whether what callers change is kept."""
        return self.state != "off" and self.answers != "documented"
