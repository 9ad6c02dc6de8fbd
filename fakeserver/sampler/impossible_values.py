"""Bodies and header fields that no value is found for, as findings of ``lint``."""

from collections.abc import Iterator
from itertools import chain

from docdouble.schemas import Contract, Evidence, Operation, Schema
from docdouble.schemas.contract.media_types import body_schema
from docdouble.schemas.extraction import Contradiction, contradiction_at
from docdouble.schemas.jsonschema.directions import directed

from .no_value import NoValueError
from .sampler import Sampler


def impossible_values(contract: Contract) -> Iterator[Contradiction]:
    """Yield documented bodies and header fields that no value fits; pages show samples, and so have none of these."""
    if contract.dialect:
        return
    contract = directed(contract)
    sampler = Sampler(contract)
    for operation in contract.operations:
        for part, schema, evidence in chain(_bodies(operation), _header_fields(operation)):
            try:
                sampler.sample(schema, 0)
            except NoValueError as error:
                yield contradiction_at(
                    evidence or operation.evidence, "no-value", f"{operation.label}, {part}: {error}"
                )


def _bodies(operation: Operation) -> Iterator[tuple[str, Schema, Evidence | None]]:
    """Yield what each documented body of an operation is called, its schema, and where it is documented."""
    bodies = [("request", operation.request.media_types)] if operation.request else []
    bodies += [(f"response {response.status}", response.media_types) for response in operation.responses]
    for part, media_types in bodies:
        for documented in media_types:
            schema = body_schema(documented, media_types)
            if schema is not None:
                yield f"{part} {documented.name}", schema, documented.evidence


def _header_fields(operation: Operation) -> Iterator[tuple[str, Schema, Evidence | None]]:
    """Yield the header fields of responses, each as an object with its value."""
    for response in operation.responses:
        for header in response.headers:
            schema = {"type": "object", "required": [header.name], "properties": {header.name: header.schema}}
            yield f"response {response.status}", schema, header.evidence or response.evidence
