"""Undocumented methods of a path: the answer is 405, and ``Allow`` names those that are (RFC 9110, section 15.5.6).

How a server refuses is the same everywhere, and so reported once a run.
"""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from docdouble.schemas import Call, Contract

from ..model.contract_cache import per_contract
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from .check import Check, Send, never

_HARMLESS_FIRST = ("GET", "PATCH", "PUT", "POST", "QUERY")
"""Methods to choose from; none that deletes, and none that servers answer by themselves."""


def _probe(first: Exchange, send: Send) -> Iterator[Finding]:
    paths = _paths(first.subject.contract)
    documented = paths.methods(first.call.path)
    other_path = first.call.path.rstrip("/") if first.call.path.endswith("/") else first.call.path + "/"
    taken = documented | paths.methods(other_path)  # servers may see no difference
    method = next((candidate for candidate in _HARMLESS_FIRST if candidate not in taken), None)
    if method is None:
        return
    bare = first.call.with_headers(drop=("Content-Type", "Content-Length"))
    exchange = send(Call(bare.headers, b"", method, first.call.path), True)
    if exchange is not None and exchange.reply.status < 500:
        yield from _judged(exchange, documented)


def _judged(exchange: Exchange, documented: frozenset[str]) -> Iterator[Finding]:
    status = exchange.reply.status
    allow = exchange.reply.header("Allow")
    allowed = {word.strip().upper() for word in (allow or "").split(",")}
    if exchange.succeeded:
        yield _finding(exchange, Severity.WARNING, "405", f"{exchange.answer} to {exchange.call.method}", "accepted")
    elif status in (401, 403):
        return  # who may ask is settled before what
    elif status != 405:
        yield _finding(exchange, Severity.NOTE, "405", f"{exchange.answer} to {exchange.call.method}", "status")
    elif not documented <= allowed:
        names = ", ".join(sorted(documented))
        got = f"Allow: {allow}" if allow is not None else "no Allow"
        yield _finding(exchange, Severity.NOTE, f"a 405 whose Allow names {names}", got, "allow")


def _finding(exchange: Exchange, severity: Severity, expected: str, got: str, rule: str) -> Finding:
    text = (
        f"{expected} for a method that isn't documented (RFC 9110, section 15.5.6)" if expected == "405" else expected
    )
    finding = exchange.finding("method", severity, expected=text, got=got, rule=rule)
    return replace(finding, once=severity is Severity.NOTE)


class _DocumentedPaths:
    """The methods of a contract's paths: those without variables by their text, the others by their segments' count."""

    def __init__(self, contract: Contract) -> None:
        self._literal: dict[str, set[str]] = {}
        self._templates: dict[int, dict[str, set[str]]] = {}
        for operation in contract.operations:
            template = operation.path.casefold()
            is_literal = "{" not in template
            known = self._literal if is_literal else self._templates.setdefault(template.count("/"), {})
            known.setdefault(template, set()).add(operation.method)

    def methods(self, path: str) -> frozenset[str]:
        """Return the methods of all operations that a path may mean."""
        folded = unquote(path).casefold()
        segments = folded.split("/")
        templates = self._templates.get(len(segments) - 1, {})
        meant = (methods for template, methods in templates.items() if _means(template, segments))
        return frozenset(self._literal.get(folded, ())).union(*meant)


_paths = per_contract(_DocumentedPaths)


def _means(template: str, segments: list[str]) -> bool:
    return all(
        (segment and "{" in part) or part == segment
        for part, segment in zip(template.split("/"), segments, strict=True)
    )


CHECK = Check("method", "a method that isn't documented is refused", applies=never, probe=_probe, careful=False)
