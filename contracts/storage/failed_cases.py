"""Calls that once showed a broken promise, in a folder of readable files, to be sent first the next time.

One JSON file for each operation, which changes only where a finding comes or a call gets smaller. Credentials are left
out. A call stays when it no longer finds anything: it guards against the fault's return.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import Any

from docdouble.schemas import Call, ConfigError, Contract, Operation
from docdouble.schemas.openapi.document import DocumentNode, document_root

from ..cases.purpose import Purposes
from ..model.case import Breach, Case, Origin, Purpose, size_of
from ..model.events import OperationResult, Run
from ..model.finding import Fingerprint, Severity
from .case_json import breach_as_json, call_as_json, call_from_json, read_breach
from .output_files import write_whole
from .secrets import Secrets

MOST_PER_OPERATION = 50
"""More stored cases of one operation than these push out the oldest, those first that no longer find anything."""

_NO_FILE_NAME = re.compile(r"[^\w.-]+|\A\.+", re.ASCII)
_LONGEST_NAME = 120
_REPLAYED = (Purpose.VALID, Purpose.HOSTILE, Purpose.CONVERTIBLE)


@dataclass(frozen=True, slots=True)
class StoredCase:
    """The smallest call known for a finding of ``check`` at ``pointer``, first seen on the day ``first_seen``.

    Array indices are folded to ``*`` in ``pointer``. The calls ``before`` it have to be sent first.
    """

    check: str
    pointer: str
    rule: str
    purpose: Purpose
    call: Call
    about: str = ""
    signed: bool = True
    breach: Breach | None = None
    before: tuple[Call, ...] = ()
    first_seen: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """The values that distinguish it from the others of its operation."""
        return self.check, self.pointer, self.rule


@dataclass(frozen=True, slots=True)
class StoredCases:
    """Content of a folder: cases to send, by operation id, and ``remarks`` on those that aren't sent, a line each."""

    cases: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoringResult:
    """Result of storing a run: ``added`` cases, and the fingerprints of stored ones that found nothing this time."""

    added: int = 0
    no_longer: tuple[Fingerprint, ...] = ()


def read_cases(folder: Path, contract: Contract) -> StoredCases:
    """Return the stored cases of a contract's operations; a folder that isn't there holds none.

    Cases of unknown operations, and calls that are no longer calls of theirs, are stated in ``remarks``, and stay in
    their files. Whether a call keeps to the documentation is decided by the documentation of today. Cases that need
    calls before them are not returned: their check makes the chain anew. Raises ``ConfigError`` for a file that is no
    JSON, ``ContractError`` with the place of what is missing or wrong in it.
    """
    files = _read_folder(folder)
    operations = {operation.id: operation for operation in contract.operations}
    purposes = Purposes(contract, are_strict=True) if files else None
    cases: dict[str, tuple[Case, ...]] = {}
    remarks: list[str] = []
    for name, (path, stored) in files.items():
        if name not in operations or purposes is None:
            remarks.append(f"{path}: no operation {name!r} is documented; its stored cases are kept and not sent")
            continue
        meant = [(case, purposes.of(operations[name], case.call)) for case in stored if not case.before]
        cases[name] = tuple(_case(operations[name], case, purpose) for case, purpose in meant if purpose)
        if lost := sum(purpose is None for _, purpose in meant):
            remarks.append(f"{path}: not calls of {operations[name].label} any more, so kept and not sent: {lost}")
    return StoredCases({name: stored for name, stored in cases.items() if stored}, tuple(remarks))


def _case(operation: Operation, stored: StoredCase, purpose: Purpose) -> Case:
    breach = stored.breach if purpose is not Purpose.VALID else None
    about = stored.about or f"{stored.check} at {stored.pointer or 'the reply'}"
    return Case(operation, stored.call, purpose, Origin.STORED, about, breach, stored.signed)


def store_cases(folder: Path, run: Run, *, recorded: bool = False) -> StoringResult:
    """Add the errors and warnings of a run to a folder, which is made; files without a change are left alone.

    Not stored are calls that a check makes itself in every run, nor ``recorded`` ones, which hold somebody's data,
    unless they are asked for. Raises what ``read_cases`` raises, and ``OSError`` when a file can't be written.
    """
    files = _read_folder(folder)
    secrets = Secrets(run.started.contract, run.started.secret_headers)
    day = run.started.started[:10]
    added, no_longer = 0, []
    for result in run.results:
        path, known = files.get(result.operation.id, (folder / _file_name(result.operation.id), ()))
        failed = {case.key: case for case in _failed_cases(result, secrets, day, recorded=recorded)}
        merged = {case.key: case for case in known}
        added += len(failed.keys() - merged.keys())
        merged |= {key: _smaller(merged.get(key), case) for key, case in failed.items()}
        if not result.stopped:
            seen = {finding.fingerprint[1:] for finding in result.findings}
            no_longer += [(result.operation.id, *key) for key in merged if key not in seen]
        kept = _limited(merged.values(), failed)
        if sorted(known, key=attrgetter("key")) != kept:
            _write(path, result.operation.id, kept)
    return StoringResult(added, tuple(no_longer))


def _failed_cases(result: OperationResult, secrets: Secrets, day: str, *, recorded: bool) -> Iterable[StoredCase]:
    for finding in result.findings:
        case = finding.case
        if case is None or finding.severity is Severity.NOTE or (case.origin is Origin.RECORDED and not recorded):
            continue
        if finding.before or case.purpose in _REPLAYED:
            _, check, pointer, rule = finding.fingerprint
            before = tuple(secrets.call(exchange.call) for exchange in finding.before)
            call = secrets.call(case.call)
            yield StoredCase(
                check, pointer, rule, case.purpose, call, case.about, case.signed, case.breach, before, day
            )


def _smaller(known: StoredCase | None, case: StoredCase) -> StoredCase:
    if known is None:
        return case
    if (len(case.before), size_of(case.call)) >= (len(known.before), size_of(known.call)):
        return known
    return replace(case, first_seen=known.first_seen or case.first_seen)


def _limited(cases: Iterable[StoredCase], failing: Mapping[tuple[str, str, str], Any]) -> list[StoredCase]:
    newest = sorted(cases, key=lambda case: (case.key in failing, case.first_seen, case.key), reverse=True)
    return sorted(newest[:MOST_PER_OPERATION], key=attrgetter("key"))


def _file_name(operation_id: str) -> str:
    """Return a file's name that every system takes; ids that would share one get different ones."""
    plain = _NO_FILE_NAME.sub("_", operation_id)[:_LONGEST_NAME]
    if plain != operation_id:
        plain += "-" + blake2b(operation_id.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{plain}.json"


def _write(path: Path, operation_id: str, cases: list[StoredCase]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"operation": operation_id, "cases": [_as_json(case) for case in cases]}
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    write_whole(path, text.encode())


def _as_json(stored: StoredCase) -> dict[str, Any]:
    members = {
        "check": stored.check,
        "pointer": stored.pointer,
        "rule": stored.rule,
        "first-seen": stored.first_seen,
        "purpose": stored.purpose.value,
        "about": stored.about,
        "breach": breach_as_json(stored.breach) if stored.breach else None,
        "before": [call_as_json(call) for call in stored.before],
        "call": call_as_json(stored.call),
    }
    return {key: value for key, value in members.items() if value} | ({} if stored.signed else {"signed": False})


def _read_folder(folder: Path) -> dict[str, tuple[Path, tuple[StoredCase, ...]]]:
    """Return the cases of each operation, with the file that holds them."""
    by_operation: dict[str, tuple[Path, tuple[StoredCase, ...]]] = {}
    for path in sorted(folder.glob("*.json")):
        name, cases = _read_file(path)
        if name in by_operation:
            raise ConfigError(str(path), name, expected=f"an operation of its own: {by_operation[name][0]} has it too")
        by_operation[name] = path, cases
    return by_operation


def _read_file(path: Path) -> tuple[str, tuple[StoredCase, ...]]:
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ConfigError(str(path), path.name, expected=f"JSON: {error}") from error
    root = document_root(document, str(path))
    return root.text("operation"), tuple(_read_case(node) for node in root.sequence("cases"))


def _read_case(node: DocumentNode) -> StoredCase:
    word = node.text("purpose")
    if word not in (valid := [purpose.value for purpose in Purpose]):
        raise node.error(f"'purpose' is {word!r}, expected one of {', '.join(valid)}")
    return StoredCase(
        node.text("check"),
        node.text_or_empty("pointer"),
        node.text_or_empty("rule"),
        Purpose(word),
        call_from_json(node.mapping("call")),
        node.text_or_empty("about"),
        node.data.get("signed") is not False,
        read_breach(node),
        tuple(map(call_from_json, node.sequence("before"))),
        node.text_or_empty("first-seen"),
    )
