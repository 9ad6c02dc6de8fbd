"""What the documentation itself shows of an operation's requests."""

from collections.abc import Iterator
from dataclasses import replace

from docdouble.schemas.http import is_json

from .draft import Draft


def documented(base: Draft) -> Iterator[Draft]:
    """Yield the request with each documented sample of its body."""
    request = base.operation.request
    for one in request.media_types if request else ():
        if is_json(one.name):
            yield from (replace(base, body=sample, media_type=one.name) for sample in one.samples)
