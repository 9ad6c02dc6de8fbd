"""A use as one HTML file that needs nothing else: no network, and no JavaScript."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from markupsafe import Markup

from docdouble.schemas.contract.facts import FactKind, Key

from .. import reports
from ..model.text import counted
from ..reports.html_elements import html_document, joined, page_style, tag, totals_list
from .count import Count, count, counts, shown_percent, total, touched_keys
from .use import How, Use, UsedFact, UsedOperation

_MOST_TESTS = 20
"""Tests of a fact that are named; the JSON has all."""

_TITLES = {
    FactKind.PARAMETER: "Parameters",
    FactKind.REQUEST_MEDIA_TYPE: "Request media types",
    FactKind.REQUEST: "Request places",
    FactKind.STATUS: "Statuses",
    FactKind.RESPONSE_MEDIA_TYPE: "Response media types",
    FactKind.RESPONSE: "Response places",
}
_HOW = {How.RECEIVED: "received", How.SENT: "sent", How.READ: "read"}
_STYLES = (Path(reports.__file__).with_name("report.css"), Path(__file__).with_name("use.css"))


def coverage_page(use: Use) -> bytes:
    """Return the document, in UTF-8."""
    title = f"contract coverage of {use.source or 'a contract'}"
    return html_document(title, tag("body", *_body(use)), page_style(*_STYLES))


def _body(use: Use) -> Iterator[Markup]:
    operations = counts(use)
    tests = frozenset(test for operation in use.operations.values() for test in operation.tests)
    touched, documented = total(operations)
    numbers = {
        "touched": shown_percent((touched, documented)),
        "facts": f"{touched} of {documented}",
        "operations called": f"{sum(operation.calls > 0 for operation in operations)} of {len(operations)}",
        "calls": str(sum(operation.calls for operation in operations)),
        "tests": str(len(tests)),
    }
    source = tag("p", tag("code", use.source), class_="target")
    yield tag("header", tag("h1", "Contract coverage"), source, totals_list(numbers))
    rows = sorted(use.operations.values(), key=lambda operation: operation.label.partition(" ")[::-1])
    called = [_operation(row) for row in rows if row.calls or row.facts]
    others = [tag("li", tag("code", row.label)) for row in rows if not row.calls and not row.facts]
    shown = (tag("p", _LEGEND), *called) if called else (tag("p", "Nothing was called."),)
    missing = (tag("h2", "Never called"), tag("ul", *others)) if others else ()
    yield tag("main", tag("h2", "Operations"), *shown, *missing)
    yield tag("footer", tag("p", "docdouble, --contract-coverage"))


_LEGEND = (
    "Of each operation, what is documented and what the tests touched of it: sent by the client; read by its code; or "
    "was received without being seen to be read, which counts only where no answer was seen to be read."
)


def _operation(operation: UsedOperation) -> Markup:
    numbers = count(operation)
    title = tag(
        "summary",
        tag("span", shown_percent(numbers.total), class_="share"),
        tag("strong", operation.label),
        " ",
        tag("span", _summary(numbers), class_="of"),
    )
    note = tag("p", f"{', '.join(numbers.undocumented)} received, not documented.") if numbers.undocumented else ""
    counting = touched_keys(operation)
    parts = (_part(operation, part, counting) for part in _TITLES)
    return tag("details", title, tag("div", note, *parts, class_="body"), class_="coverage use")


def _summary(numbers: Count) -> str:
    never = f", {', '.join(numbers.never_received)} never received" if numbers.never_received else ""
    return f"{counted(numbers.calls, 'call')}{never}"


def _part(operation: UsedOperation, part: FactKind, counting: frozenset[Key]) -> Markup:
    keys = sorted(key for key in (*operation.facts, *operation.untouched) if key[0] is part)
    if not keys:
        return Markup()
    heading = tag("h4", f"{_TITLES[part]}: {sum(key in counting for key in keys)} of {len(keys)}")
    return joined(heading, tag("ul", *(_fact(key, operation.facts.get(key), key in counting) for key in keys)))


def _fact(key: Key, fact: UsedFact | None, counts: bool) -> Markup:
    name = tag("code", _shown(key))
    if fact is None:
        return tag("li", name, tag("span", " not touched", class_="of"), class_="missed")
    how = tag("span", f" {_HOW[fact.how]}", class_="of")
    return tag("li", name, how, *_tests(fact.tests), class_="touched" if counts else "missed")


def _shown(key: Key) -> str:
    part, name = key
    return name or ("whole body" if part is FactKind.REQUEST else part.value)


def _tests(tests: Iterable[str]) -> Sequence[Markup]:
    listed = sorted(tests)
    if not listed:
        return ()
    more = [tag("li", f"and {len(listed) - _MOST_TESTS} more")] if len(listed) > _MOST_TESTS else []
    named = (tag("li", tag("code", test)) for test in listed[:_MOST_TESTS])
    return (tag("details", tag("summary", counted(len(listed), "test")), tag("ul", *named, *more)),)
