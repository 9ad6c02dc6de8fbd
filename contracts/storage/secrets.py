"""Removal of credentials from calls and replies, so that these can be kept."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Call, Contract, Reply
from docdouble.schemas.http import Headers


def contract_masking(contract: Contract, names: Iterable[str] = ()) -> Masking:
    """Return the masking of the API keys of a contract, and of further ``names`` of secrets."""
    return Masking((*api_key_names(contract), *names))


def api_key_names(contract: Contract) -> list[str]:
    """Return the names under which a contract's API keys are sent."""
    keys = (scheme.get("name") for scheme in contract.security_schemes.values() if scheme.get("type") == "apiKey")
    return [str(key) for key in keys if key]


class Secrets:
    """Places of credentials in the messages of one contract; ``names`` are further secret header fields."""

    def __init__(self, contract: Contract, names: Iterable[str] = ()) -> None:
        self._masking = contract_masking(contract, names)
        self._is_secret = lru_cache(1024)(self._masking.is_secret)

    def call(self, call: Call) -> Call:
        """Return the call without header fields that hold credentials, and with those in the query masked."""
        headers = self._headers(call.headers)
        if not call.query and len(headers) == len(call.headers):
            return call
        query = f"?{self._masking.pairs(call.query)}" if call.query else ""
        return replace(call, headers=headers, target=call.path + query)

    def credentials(self, call: Call) -> frozenset[tuple[str, str]]:
        """Return the header fields and the members of the query that hold credentials."""
        pairs = (*call.headers, *parse_qsl(call.query, keep_blank_values=True))
        return frozenset((name.lower(), value) for name, value in pairs if self._is_secret(name))

    def reply(self, reply: Reply) -> Reply:
        """Return the reply without header fields that hold credentials."""
        headers = self._headers(reply.headers)
        return replace(reply, headers=headers) if len(headers) != len(reply.headers) else reply

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, value) for name, value in headers if not self._is_secret(name))
