"""The documented samples of an operation's requests."""

from collections.abc import Iterator

import orjson

from docdouble.schemas import Call, Operation
from docdouble.schemas.message import is_json

_BROKEN_BODIES = (b"null", b"", b"{", b"[]", b'"text"')


def documented(operation: Operation) -> Iterator[Call]:
    """Yield the documented samples and bodies that are broken in plain ways, where the path needs no value."""
    if "{" in operation.path:
        return
    bare = Call(method=operation.method, target=operation.path)
    media_types = operation.request.media_types if operation.request else ()
    chosen = next((one for one in media_types if is_json(one.name)), None)
    if chosen is None:
        yield bare
        return
    bodies = (*(orjson.dumps(sample) for sample in chosen.samples), *_BROKEN_BODIES)
    for body in bodies:
        yield Call((("Content-Type", chosen.name),), body, bare.method, bare.target)
