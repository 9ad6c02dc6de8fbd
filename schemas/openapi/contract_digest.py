"""Digest of a contract: the same for the same documentation, whatever its files are called."""

import re
from hashlib import sha256

import orjson

from ..contract.model import Contract
from .convert import to_openapi

_EVIDENCE = re.compile(rb'"x-docdouble-(?:[a-z]+-)?evidence":\{[^{}]*\},?')


def contract_digest(contract: Contract) -> str:
    """Return 64 hexadecimal digits that two contracts share only when they say the same."""
    document = orjson.dumps(to_openapi(contract), option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return sha256(_EVIDENCE.sub(b"", document)).hexdigest()
