"""Failures that a document states for other operations: the errors of an API mostly have one shape."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property

from docdouble.schemas import Contract, Operation, Response

from ..http.documented import FAILURE, documented_answer

_ANY = "any"
"""Key of the shape that failures of several statuses have."""


class SharedFailures:
    """The most usual failure of each status in one contract, of those that have a body.

    Pages of a documentation family are read one by one, and say nothing of each other's failures.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def find(self, status: int) -> tuple[Operation, Response] | None:
        """Return what is stated of a status, its range or by default, else the failure that several statuses share."""
        known = (str(status), f"{status // 100}XX", "DEFAULT", _ANY)
        return next((self._usual[key] for key in known if key in self._usual), None)

    @cached_property
    def _usual(self) -> dict[str, tuple[Operation, Response]]:
        if self._contract.dialect:
            return {}
        shapes: dict[str, Counter[str]] = defaultdict(Counter)
        statuses: dict[str, set[str]] = defaultdict(set)
        first: dict[tuple[str, str], tuple[Operation, Response]] = {}
        for operation, response in self._failures():
            status = response.status.upper()
            shape = json.dumps(
                [[media_type.name, media_type.schema] for media_type in response.media_types],
                sort_keys=True,
                default=str,
            )
            shapes[status][shape] += 1
            statuses[shape].add(status)
            for key in (status, _ANY):
                first.setdefault((key, shape), (operation, response))
            shapes[_ANY][shape] += len(statuses[shape]) > 1
        usual = {key: counted.most_common(1)[0] for key, counted in shapes.items()}
        return {key: first[key, shape] for key, (shape, count) in usual.items() if count}

    def _failures(self) -> Iterator[tuple[Operation, Response]]:
        for operation in self._contract.operations:
            answer = documented_answer(operation)
            for response in operation.responses:
                is_failure = not response.status[:1].isdigit() or int(response.status[0]) * 100 >= FAILURE
                if is_failure and response is not answer and response.media_types:
                    yield operation, response
