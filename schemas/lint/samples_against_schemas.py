"""Samples and examples that break their schemas, of bodies and of header fields."""

from collections.abc import Callable, Iterator
from typing import Any

from ..contract.evidence import Evidence, LocatedSchemas
from ..contract.model import Contract, MediaType, Operation, Parameter, Schema
from ..contract.parameter_styles import ParameterReader, written_text
from ..contract.parameter_values import means_object
from ..extraction import Contradiction, contradiction_at
from ..http import is_json
from ..http import media_type as bare_media_type
from ..jsonschema.json_text import exact_json
from ..jsonschema.validator import Validator, documented_spelling
from ..jsonschema.violation import Violation


def broken_samples(contract: Contract) -> Iterator[Contradiction]:
    """Yield the samples of bodies that break their schema."""
    for operation in contract.operations:
        bodies = [operation.request.media_types] if operation.request else []
        for media_types in (*bodies, *(response.media_types for response in operation.responses)):
            for media_type in media_types:
                yield from _broken(operation, media_type, contract)


def _broken(operation: Operation, media_type: MediaType, contract: Contract) -> Iterator[Contradiction]:
    if not media_type.samples or media_type.schema is None:
        return
    validator = Validator(_meant(media_type.schema, contract), contract)
    names = media_type.sample_names or ("",) * len(media_type.samples)
    for name, sample in zip(names, media_type.samples, strict=True):
        for violation in _violations(sample, media_type, validator):
            if violation.counts:
                shown = f"lacks {', '.join(violation.missing)}" if violation.missing else f"shows {violation.got}"
                stated = f"{violation.pointer or 'the body'} is stated as {violation.expected}"
                message = f"{stated}, the {f'example {name!r}' if name else 'sample'} {shown}"
                place = _place(violation, operation, media_type, contract)
                yield Contradiction("sample-schema", operation.page, place.line if place else 0, message)


def _meant(schema: Schema, contract: Contract) -> Schema:
    """Return a schema with the type that it means: a text is no object, though no property of one says so."""
    return {"type": "object", **schema} if means_object(schema, contract) else schema


def _place(violation: Violation, operation: Operation, media_type: MediaType, contract: Contract) -> Evidence | None:
    """Return where to look: in a page at the promise; in a document, where operations share schemas, at the body."""
    if isinstance(contract.schemas, LocatedSchemas):
        return media_type.evidence or operation.evidence
    evidence = violation.evidence
    return evidence if evidence and evidence.page == operation.page else operation.evidence


def _violations(sample: Any, media_type: MediaType, validator: Validator) -> tuple[Violation, ...]:
    """Return what a sample breaks; a text may be what is sent, as JSON or in a form that no schema describes."""
    violations = validator.violations(documented_spelling(sample, validator.schema, validator.contract))
    if not violations or not isinstance(sample, str):
        return violations
    if not is_json(bare_media_type(media_type.name)):
        return ()
    try:
        return validator.violations(exact_json(sample))
    except ValueError:
        return violations


def broken_header_examples(contract: Contract) -> Iterator[Contradiction]:
    """Yield the examples of header fields of responses that break their schema."""
    for operation in contract.operations:
        for response in operation.responses:
            for header in response.headers:
                accepts = Validator(header.schema, contract).is_valid
                reader = ParameterReader(header, contract, accepts)
                for sample in header.samples:
                    if not _fits_header(sample, header, reader, accepts):
                        message = f"the example {sample!r} of the header field {header.name} breaks its schema"
                        yield contradiction_at(header.evidence or operation.evidence, "sample-schema", message)


def _fits_header(sample: Any, header: Parameter, reader: ParameterReader, accepts: Callable[[Any], bool]) -> bool:
    try:
        text = sample if isinstance(sample, str) else written_text(header, sample)
        return accepts(reader.read([(header.name, text)]))
    except ValueError:
        return False
