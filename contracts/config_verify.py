"""The table ``[verify]`` of ``docdouble.toml``: what is verified, how much is sent, and with which credentials."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from docdouble.schemas import ConfigError


@dataclass(frozen=True, slots=True)
class VerifyConfig:
    """What a project says of its verification; each has an option of ``docdouble verify`` of the same name.

    ``only``, ``skip`` and ``allow_writes`` are selectors of operations, see ``selection``; ``skip_checks`` are ids of
    checks. ``careful`` is ``None`` where the target decides. ``rate`` is in calls a second, 0 without a limit and
    ``None`` where the target decides; the times are in seconds, the size in bytes, and 0 means no limit. ``values`` are
    known values by the names of their properties; ``headers`` tell what goes out with every call, see ``headers``.
    """

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    skip_checks: tuple[str, ...] = ()
    allow_writes: tuple[str, ...] = ()
    careful: bool | None = None
    rate: float | None = None
    jobs: int = 1
    max_requests: int = 0
    max_time: float = 0.0
    timeout: float = 30.0
    max_response_time: float = 0.0
    max_reply_size: int = 0
    baseline: Path | None = None
    cases: Path | None = None
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = field(default="", repr=False)
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict, repr=False)


MOST_JOBS = 64

_SELECTORS = ("only", "skip", "skip-checks", "allow-writes")
_FILES = ("baseline", "cases", "ca", "certificate", "key")
_WHOLE = {"jobs": (1, MOST_JOBS), "max-requests": (0, 10**9), "max-reply-size": (0, 2**40)}
_SECONDS = ("max-time", "timeout", "max-response-time")

MOST_SECONDS = 10**6
"""Longer than any run; the system's timers end somewhere above."""

LEAST_RATE, MOST_RATE = 0.001, 10**6
"""Calls a second, if there is a limit."""


def read_verify(table: Mapping[str, Any], where: str, folder: Path) -> VerifyConfig:
    """Read the table; files are relative to ``folder``. Raises ``ConfigError``, which never shows a header's value."""
    known = [one.name.replace("_", "-") for one in fields(VerifyConfig)]
    read: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise ConfigError(f"{where}: key", key, known)
        read[key.replace("-", "_")] = _value(key, value, f"{where}.{key}", folder)
    return VerifyConfig(**read)


def _value(key: str, value: Any, where: str, folder: Path) -> Any:
    if key in _SELECTORS:
        return _texts(value, where)
    if key in _FILES:
        return folder / _of(str, value, where, "a path")
    if key in _WHOLE:
        return _whole(value, where, *_WHOLE[key])
    if key in _SECONDS:
        return _amount(value, where, MOST_SECONDS, is_needed=key == "timeout")
    match key:
        case "rate":
            return _rate(_amount(value, where, MOST_RATE), where)
        case "careful":
            return _of(bool, value, where, "true or false")
        case "values":
            return _values(value, where)
        case "headers":
            return _of(dict, value, where, "a table")
    return _of(str, value, where, "a URL")


def _of(kind: type, value: Any, where: str, expected: str) -> Any:
    if type(value) is not kind:
        raise ConfigError(where, "" if "headers" in where else value, expected=expected)
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ConfigError(where, value, expected="an array of names")
    return tuple(value)


def _whole(value: Any, where: str, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ConfigError(where, value, expected=f"a whole number from {least} to {most}")
    return value


def _amount(value: Any, where: str, most: float, *, is_needed: bool = False) -> float:
    if type(value) not in (int, float) or not 0 <= value <= most or (is_needed and not value):
        least = "more than 0" if is_needed else "0 or more"
        raise ConfigError(where, value, expected=f"a number, {least} and at most {most}")
    return float(value)


def _rate(rate: float, where: str) -> float:
    if 0 < rate < LEAST_RATE:
        raise ConfigError(where, rate, expected=f"0 for no limit, or {LEAST_RATE} calls a second or more")
    return rate


def _values(table: Any, where: str, before: str = "") -> dict[str, tuple[Any, ...]]:
    """Read known values by name; to TOML, ``Sale.SaleId`` without quotes is a table in a table."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, told in _of(dict, table, where, "a table").items():
        if isinstance(told, dict):
            found |= _values(told, where, f"{before}{name}.")
        elif isinstance(told, list) and told:
            found[before + name] = tuple(told)
        else:
            raise ConfigError(f'{where}."{before}{name}"', told, expected="an array of values")
    return found
