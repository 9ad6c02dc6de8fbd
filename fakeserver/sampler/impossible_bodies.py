"""Bodies that no value is found for, as findings of ``lint``."""

from collections.abc import Iterator

from docdouble.schemas import Contract, MediaType, Operation
from docdouble.schemas.contract.media_types import body_schema
from docdouble.schemas.extraction import Contradiction, contradiction_at
from docdouble.schemas.jsonschema.directions import directed

from .no_value import NoValueError
from .sampler import Sampler


def impossible_bodies(contract: Contract) -> Iterator[Contradiction]:
    """Yield the documented bodies of operations that no value fits; pages show samples, and so have no such bodies."""
    if contract.dialect:
        return
    contract = directed(contract)
    sampler = Sampler(contract)
    for operation in contract.operations:
        for part, documented, media_types in _bodies(operation):
            schema = body_schema(documented, media_types)
            try:
                if schema is not None:
                    sampler.sample(schema, 0)
            except NoValueError as error:
                evidence = documented.evidence or operation.evidence
                yield contradiction_at(evidence, "no-value", f"{operation.label}, {part} {documented.name}: {error}")


def _bodies(operation: Operation) -> Iterator[tuple[str, MediaType, tuple[MediaType, ...]]]:
    """Yield what each documented body of an operation is called, its representation, and all that it is one of."""
    bodies = [("request", operation.request.media_types)] if operation.request else []
    bodies += [(f"response {response.status}", response.media_types) for response in operation.responses]
    for part, media_types in bodies:
        yield from ((part, documented, media_types) for documented in media_types)
