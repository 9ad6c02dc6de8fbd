"""Baseline of known findings: a file that people keep, so that only new ones fail."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from docdouble.schemas import ConfigError
from docdouble.schemas.errors import nearest
from docdouble.schemas.openapi.document import DocumentNode, document_root

from ..model.events import OperationResult
from ..model.finding import Fingerprint, Severity
from .output_files import write_whole

VERSION = 1
"""Version of the file's form."""

_TEXTS = ("operation", "check", "pointer", "rule", "severity", "evidence", "first_seen", "expires", "reason")
_NEEDED = ("operation", "check", "severity")


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """A known finding. ``fingerprint`` identifies it, ``evidence`` is its documentation line, as text.

    It no longer counts from the day ``expires`` on. That and the ``reason`` are written by people.
    """

    fingerprint: Fingerprint
    severity: Severity
    evidence: str = ""
    first_seen: date | None = None
    expires: date | None = None
    reason: str = ""

    def counts(self, today: date) -> bool:
        """Tell whether the finding is still accepted on a day."""
        return self.expires is None or today < self.expires


@dataclass(frozen=True, slots=True)
class Baseline:
    """Known findings by fingerprint."""

    entries: Mapping[Fingerprint, BaselineEntry] = field(default_factory=dict)

    def known(self, today: date) -> Mapping[Fingerprint, Severity]:
        """Return the severity of each finding that is accepted on a day."""
        return {key: entry.severity for key, entry in self.entries.items() if entry.counts(today)}

    def expired(self, today: date) -> frozenset[Fingerprint]:
        """Return the findings that are no longer accepted on a day."""
        return frozenset(key for key, entry in self.entries.items() if not entry.counts(today))


def gone(baseline: Baseline, results: Iterable[OperationResult]) -> tuple[Fingerprint, ...]:
    """Return the known findings that a run could have found, and didn't.

    It could where it finished the operation, and applied the check to at least one exchange.
    """
    finished = {result.operation.id: result for result in results if not result.stopped}
    seen = {finding.fingerprint for result in finished.values() for finding in result.findings}
    return tuple(sorted(key for key in baseline.entries if key not in seen and _was_looked_for(key, finished)))


def _was_looked_for(key: Fingerprint, finished: Mapping[str, OperationResult]) -> bool:
    operation, check, *_ = key
    return operation in finished and finished[operation].checks.get(check, 0) > 0


def updated(baseline: Baseline, results: Iterable[OperationResult], today: date) -> Baseline:
    """Return the baseline with what a run found, and without what is ``gone``.

    What people wrote into an entry stays, and so do entries that the run could not have found.
    """
    results = tuple(results)
    dropped = set(gone(baseline, results))
    entries = {key: entry for key, entry in baseline.entries.items() if key not in dropped}
    for finding in (finding for result in results for finding in result.findings):
        known = entries.get(finding.fingerprint) or BaselineEntry(
            finding.fingerprint, finding.severity, first_seen=today
        )
        evidence = str(finding.evidence or "")
        entries[finding.fingerprint] = replace(known, severity=finding.severity, evidence=evidence)
    return Baseline(entries)


def read_baseline(path: Path, *, may_be_missing: bool = False) -> Baseline:
    """Read a file; one that ``may_be_missing``, and is, knows nothing.

    Raises ``ConfigError`` where there is none or no JSON in it, ``ContractError`` that names the place of a mistake.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
    except FileNotFoundError:
        if may_be_missing:
            return Baseline()
        raise ConfigError("baseline", str(path), expected="a file; --update-baseline makes one") from None
    except OSError as error:
        raise ConfigError("baseline", str(path), expected=f"a readable file: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError("baseline", str(path), expected=f"JSON: {error}") from error
    return _baseline(document_root(data, str(path)))


def known_findings(path: Path | None, *, update: bool) -> Baseline:
    """Return the baseline of a run, which may be missing where it is to be written; raises ``ConfigError``."""
    if path is None:
        if update:
            raise ConfigError("--update-baseline", "no file", expected="given with --baseline FILE")
        return Baseline()
    return read_baseline(path, may_be_missing=update)


def _baseline(root: DocumentNode) -> Baseline:
    _check_names(root, ("version", "findings"))
    version = root.data.get("version")
    if version != VERSION or isinstance(version, bool):
        raise root.child("version", version).error(f"expected {VERSION}, found {json.dumps(version)}")
    entries: dict[Fingerprint, BaselineEntry] = {}
    for node in root.sequence("findings"):
        entry = _entry(node)
        if entry.fingerprint in entries:
            raise node.error("this finding has an entry already; expected one")
        entries[entry.fingerprint] = entry
    return Baseline(entries)


def _entry(node: DocumentNode) -> BaselineEntry:
    _check_names(node, _TEXTS)
    for name in _NEEDED:
        node.text(name)
    severity = node.text("severity")
    if severity not in tuple(Severity):
        raise node.child("severity", severity).error(f"expected one of {', '.join(Severity)}, found {severity!r}")
    operation, check, pointer, rule = (node.text_or_empty(name) for name in ("operation", "check", "pointer", "rule"))
    return BaselineEntry(
        (operation, check, pointer, rule),
        Severity(severity),
        node.text_or_empty("evidence"),
        _day(node, "first_seen"),
        _day(node, "expires"),
        node.text_or_empty("reason"),
    )


def _check_names(node: DocumentNode, valid: tuple[str, ...]) -> None:
    """Refuse a member that would be passed over in silence, such as a misspelled ``expires``."""
    if not isinstance(node.data, dict):
        raise node.error("expected an object")
    for name in node.data:
        if name not in valid:
            near = nearest(name, valid)
            known = f"did you mean {near!r}?" if near else f"expected one of {', '.join(valid)}"
            raise node.error(f"{name!r} is not known; {known}")


def _day(node: DocumentNode, name: str) -> date | None:
    text = node.text_or_empty(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise node.child(name, text).error(f"expected a day such as 2030-12-31, found {text!r}") from None


def baseline_text(baseline: Baseline) -> str:
    """Return the text of the file: sorted, a member a line, so that a change is a small difference."""
    findings = [dict(_members(baseline.entries[key])) for key in sorted(baseline.entries)]
    return json.dumps({"version": VERSION, "findings": findings}, indent=2) + "\n"


def _members(entry: BaselineEntry) -> Iterator[tuple[str, Any]]:
    """Yield the members of an entry; those that people write only where they did."""
    yield from zip(_TEXTS, entry.fingerprint, strict=False)
    yield "severity", entry.severity.value
    yield "evidence", entry.evidence
    for name, day in (("first_seen", entry.first_seen), ("expires", entry.expires)):
        if day:
            yield name, day.isoformat()
    if entry.reason:
        yield "reason", entry.reason


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a file in one step, unless it says the same already; raises ``OSError``."""
    data = baseline_text(baseline).encode()
    if not path.exists() or path.read_bytes() != data:
        write_whole(path, data)
