"""Credentials that are made up for our own fake, calls that carry them, and calls without any."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, unquote_plus

from docdouble.fakeserver.requests.made_up_credentials import MADE_UP, MadeUp, made_up
from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.http import Headers


def placeholder(operation: Operation, contract: Contract) -> Headers:
    """Return the header fields of ``with_placeholder``."""
    return _header_fields(made_up(operation, contract))


def with_placeholder(call: Call, operation: Operation, contract: Contract) -> Call:
    """Return the call with made-up, well-formed credentials of the operation's first alternative that may be had."""
    return carrying(call, made_up(operation, contract))


def carrying(call: Call, credentials: tuple[MadeUp, ...]) -> Call:
    """Return the call with made-up credentials."""
    headers = dict(_header_fields(credentials))
    if (sent := call.header("Cookie")) and "Cookie" in headers:
        headers["Cookie"] = "; ".join(
            [*_cookies_but(sent, {credential.name for credential in credentials}), headers["Cookie"]]
        )
    keys = {credential.name: credential.value for credential in credentials if credential.location == "query"}
    added = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in keys.items()]
    target = f"{call.path}?{'&'.join([*_pairs_but(call.query, {*keys}), *added])}" if added else call.target
    return replace(call.with_headers(*headers.items()), target=target)


def without_credentials(operation: Operation, contract: Contract, call: Call) -> Iterator[Call]:
    """Yield the call without credentials, then with malformed ones.

    Nothing where none are documented, and where some are no part of the call; every text is a well-formed key.
    """
    schemes = contract.security_schemes
    needed = [[schemes.get(name, {}) for name in names] for names in operation.security]
    if not needed or any(all(scheme.get("type") == "mutualTLS" for scheme in alternative) for alternative in needed):
        return
    keys = [scheme for alternative in needed for scheme in alternative if scheme.get("type") == "apiKey"]
    names = {place: {str(key.get("name")) for key in keys if key.get("in") == place} for place in ("header", "query")}
    bare = call.with_headers(drop=("Authorization", "Cookie", *names["header"]))
    query = "&".join(_pairs_but(bare.query, names["query"]))
    bare = replace(bare, target=f"{bare.path}?{query}" if query else bare.path)
    yield bare
    if "authorization" not in {name.lower() for name in names["header"]}:
        yield bare.with_headers(("Authorization", MADE_UP))


def _header_fields(credentials: tuple[MadeUp, ...]) -> Headers:
    cookies = "; ".join(
        f"{credential.name}={credential.value}" for credential in credentials if credential.location == "cookie"
    )
    fields = tuple((credential.name, credential.value) for credential in credentials if credential.location == "header")
    return (*fields, ("Cookie", cookies)) if cookies else fields


def _cookies_but(header: str, names: set[str]) -> list[str]:
    pairs = (pair.strip() for pair in header.split(";"))
    return [pair for pair in pairs if pair and pair.partition("=")[0] not in names]


def _pairs_but(query: str, names: set[str]) -> list[str]:
    """Return the pairs of a query, as they stand there, but those of some names."""
    return [pair for pair in query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in names]
