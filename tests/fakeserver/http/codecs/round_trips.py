"""Bodies written in a representation and read again."""

from typing import Any

from docdouble.fakeserver.http.codecs import Content, codec_of
from docdouble.fakeserver.http.codecs.multipart_codec import BOUNDARY
from docdouble.fakeserver.sampler import Sampler
from docdouble.schemas import Contract, Schema

STRUCTURED = ("application/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data")


def same(left: Any, right: Any) -> bool:
    """Compare as JSON does: 1 is 1.0, but neither is true."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def assert_all_come_back(contract: Contract) -> None:
    """Send a value of each documented response body through each representation."""
    bodies = [
        media_type.schema
        for operation in contract.operations
        for response in operation.responses
        for media_type in response.media_types
    ]
    sampler = Sampler(contract)
    schemas = {repr(_bare(schema)): schema for schema in bodies if schema is not None}
    for key, schema in enumerate(schemas.values()):
        value, known = sampler.sample(schema, key), Content(schema, contract, boundary=BOUNDARY)
        for name in STRUCTURED:
            codec = codec_of(name)
            assert same(codec.decode(codec.encode(value, known), known), value), (name, schema)


def _bare(schema: Schema) -> Schema:
    """Return a schema without what is only about its place in the documentation."""
    return {key: _bare(part) if isinstance(part, dict) else part for key, part in schema.items() if key[:2] != "x-"}
