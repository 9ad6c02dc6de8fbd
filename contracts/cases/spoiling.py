"""Requests that would spoil what a server keeps, so that later replies break what it documents, though it is right.

Numbers that aren't exact as doubles (RFC 8259, section 6) are shown as others, or as null where rounding makes them
infinite; tiny ones become 0, and texts of blanks become empty where blanks are cut off. Times without an offset, which
many take, are shown without one.
"""

import re
from contextlib import suppress
from typing import Any

from docdouble.schemas.http import json_body

from ..checks.helpers import scalars
from ..model.case import Case, Origin, Purpose
from .boundary import FAR

_TINY, _HUGE = 0.01, 2**53
_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?")


def is_spoiling(case: Case) -> bool:
    """Tell whether a server that takes a request may show later what it doesn't document."""
    if case.purpose is Purpose.HOSTILE or case.operation.only_reads:
        return False
    if case.purpose is Purpose.CONVERTIBLE and _breaks_format(case):
        return True
    with suppress(ValueError):
        sent = [value for _, value in scalars(json_body(case.call))]
        if case.purpose is Purpose.CONVERTIBLE:
            return any(map(_is_local_time, sent))
        return any(map(_is_huge, sent)) or (case.origin is Origin.RANDOM and any(map(_may_vanish, sent)))
    return False


def within_exact(value: Any) -> Any:
    """Return a value that is meant to be the greatest or the least of its kind, within what any server keeps."""
    return min(max(value, type(value)(-FAR)), type(value)(FAR)) if isinstance(value, int | float) else value


def _breaks_format(case: Case) -> bool:
    return case.breach is not None and case.breach.rule == "format" and case.breach.place.startswith("body")


def _is_local_time(value: Any) -> bool:
    return isinstance(value, str) and _LOCAL_TIME.fullmatch(value) is not None


def _is_huge(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) > _HUGE


def _may_vanish(value: Any) -> bool:
    """Tell whether nothing is left of a value that is rounded to cents, or whose blanks are cut off."""
    if isinstance(value, str):
        return bool(value) and not value.strip()
    return isinstance(value, float) and 0 < abs(value) < _TINY
