"""Answers of writes that no page shows: the resource, where that is what the other writes of a family answer with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..contract.credential_schemes import is_secret_field
from ..contract.model import EVIDENCE, Evidence, Grade, MediaType, Schema, reference, types_of, with_evidence
from ..contract.paths import unnamed_template
from .merge import TypeReading
from .operation_samples import WITH_BODY
from .page_reader import Reading

_JSON = "application/json"
_WITHOUT_BODY = ("204", "205")
_FEWEST = 3
_MOST = 0.67


@dataclass(frozen=True)
class ShownAnswers:
    """Numbers of writes that show an answer and have a resource to compare, and of those that answer with it."""

    all: int
    with_resource: int

    @property
    def is_habit(self) -> bool:
        """Whether most do, and not just a few."""
        return self.with_resource >= _FEWEST and self.with_resource >= _MOST * self.all


def shown_answers(readings: Sequence[Reading]) -> ShownAnswers:
    """Return how the writes of a family answer, as far as pages show it."""
    resources = _Resources(readings)
    compared = with_resource = 0
    for reading in (writing for writing in readings if writing.operation.method in WITH_BODY):
        answered = _names(_body(reading, "response"))
        candidates = [_names(resources.of(reading)), _names(_body(reading, "request"))]
        if answered and any(candidates):
            compared += 1
            with_resource += any(len(answered & names) >= _MOST * len(answered) for names in candidates)
    return ShownAnswers(compared, with_resource)


def with_assumed_answers(readings: Sequence[Reading]) -> list[Reading]:
    """Return readings in which writes that show no answer have the resource for one, assumed as a whole."""
    resources = _Resources(readings)
    return [_answered(reading, resources) for reading in readings]


def _answered(reading: Reading, resources: "_Resources") -> Reading:
    operation = reading.operation
    success = operation.success()
    if operation.method not in WITH_BODY or not success or success.media_types or success.status in _WITHOUT_BODY:
        return reading
    record = resources.of(reading) or _without_secrets(_body(reading, "request"))
    if not _names(record):
        return reading
    evidence = Evidence(Grade.ASSUMED, operation.page, success.evidence.line if success.evidence else 0)
    name = f"{operation.id}_response"
    media = MediaType(_JSON, with_evidence(reference(name), evidence), (), evidence)
    responses = tuple(
        replace(response, media_types=(media,)) if response is success else response for response in operation.responses
    )
    described = TypeReading(name, _assumed(record, evidence), is_named=False)
    return replace(
        reading,
        operation=replace(operation, responses=responses),
        type_readings=(*reading.type_readings, described),
    )


class _Resources:
    """Resources that reads of a family answer with, by their path."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._by_path: dict[str, Schema] = {}
        for reading in readings:
            if reading.operation.method == "GET" and (record := _body(reading, "response")):
                self._by_path.setdefault(unnamed_template(reading.operation.path), record)

    def of(self, reading: Reading) -> Schema:
        """Return the record that a write's path is read as, itself or one of its collection; empty for none."""
        path = unnamed_template(reading.operation.path)
        created = [f"{path}/{{}}"] if reading.operation.method == "POST" else []
        paths = (*created, path, path.removesuffix("/{}"))
        return next((self._by_path[template] for template in paths if template in self._by_path), {})


def _body(reading: Reading, side: str) -> Schema:
    """Return the record of an operation's request or answer that its page describes, empty for none."""
    name = f"{reading.operation.id}_{side}"
    return next((part.schema for part in reading.type_readings if part.name == name and not part.is_named), {})


def _names(record: Schema) -> set[str]:
    return set(record.get("properties", ())) if "object" in types_of(record) else set()


def _without_secrets(record: Schema) -> Schema:
    kept = {name: part for name, part in record.get("properties", {}).items() if not is_secret_field(name)}
    return {**record, "properties": kept} if kept else {}


def _assumed(schema: Any, evidence: Evidence) -> Any:
    """Return a schema that requires nothing and is assumed in all of its parts."""
    if isinstance(schema, list):
        return [_assumed(part, evidence) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: part for key, part in schema.items() if key != "required" or not isinstance(part, list)}
    known = EVIDENCE in parts
    bare = {key: _assumed(part, evidence) for key, part in parts.items() if key != EVIDENCE}
    return with_evidence(bare, evidence) if known else bare
