"""HTML element of a group of findings: it can be opened, and has all that is needed to reproduce them."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Reply

from ..model.events import Run
from ..model.finding import Finding
from ..model.text import cut
from .finding_parts import body_text, commands, fingerprint_text, masked_reply
from .finding_text import expected_and_got, remark_on, tried_by, where
from .groups import Group
from .html_elements import command_block, joined, tag

_MOST_OF_REPLY = 2_000
_MOST_OF_VALUE = 1_000
_MOST_NAMED = 500
"""Characters of a reply's body and of a value, and operations, that are shown."""


def finding_element(group: Group, run: Run, names: Mapping[str, str], masking: Masking) -> Markup:
    """Return the element of a group; ``names`` are the labels of operations."""
    summary = tag("summary", *_headline(group, names))
    body = tag("div", *_body(group, run, names, masking), class_="body")
    name = f"f{fingerprint_text(group.first.fingerprint)}"
    return _element("details", group, summary, body, class_=f"finding {group.first.severity.value}", id=name)


def short_element(group: Group, names: Mapping[str, str]) -> Markup:
    """Return a line for a group, where there are too many to show each whole."""
    return _element("p", group, *_headline(group, names), class_=f"finding short {group.first.severity.value}")


def _element(name: str, group: Group, *children: Markup, **attributes: str) -> Markup:
    """Return an element with what the filters go by."""
    first = group.first
    filtered = {"data_severity": first.severity.value, "data_check": first.check, "data_known": group.known}
    return tag(name, *children, **attributes, **filtered)


def _headline(group: Group, names: Mapping[str, str]) -> Iterator[Markup]:
    first = group.first
    yield tag("span", first.severity.value, class_="severity")
    if group.known:
        yield tag("span", "known", class_="severity known")
    line = f"line {first.evidence.line}: " if first.evidence and first.evidence.line else ""
    yield joined(" ", tag("strong", first.check), " ", line)
    yield joined(f"{expected_and_got(first)} ")
    yield tag("span", _operations_in_words(group, names), class_="of")


def _operations_in_words(group: Group, names: Mapping[str, str]) -> str:
    first = names.get(group.operations[0], group.operations[0])
    more = len(group.operations) - 1
    return f"{first} and {more} more" if more else first


def _body(group: Group, run: Run, names: Mapping[str, str], masking: Masking) -> Iterator[Markup]:
    first = group.first
    if first.evidence:
        quoted = run.quote(first.evidence)
        line = (tag("blockquote", tag("code", quoted)),) if quoted else ()
        yield tag("figure", *line, tag("figcaption", tag("cite", where(first.evidence))))
    yield tag("dl", *_facts(first, run))
    yield from _shown(first, run)
    if first.reply:
        title = f"reply: {first.reply.status} {first.reply.reason}".rstrip()
        yield _folded(title, tag("pre", _reply_text(masked_reply(first.reply, masking))))
    if len(group.operations) > 1:
        listed = [tag("li", names.get(operation, operation)) for operation in group.operations[:_MOST_NAMED]]
        left = len(group.operations) - _MOST_NAMED
        more = (tag("li", f"and {left} more"),) if left > 0 else ()
        yield _folded(f"the same in {len(group.operations)} operations", tag("ul", *listed, *more))


def _facts(finding: Finding, run: Run) -> Iterator[Markup]:
    facts = {
        "expected": finding.expected,
        "got": cut(finding.got, _MOST_OF_VALUE),
        "at": finding.pointer,
        "rule": finding.rule,
        "tried": tried_by(finding),
        "remark": remark_on(finding, run.started),
        "check": run.started.checks.get(finding.check, ""),
    }
    for name, value in facts.items():
        if value:
            yield joined(tag("dt", name), tag("dd", value))


def _shown(finding: Finding, run: Run) -> Iterator[Markup]:
    listed = list(commands(finding, run.started))
    for index, command in enumerate(listed, 1):
        title = "see it" if len(listed) == 1 else f"see it, step {index} of {len(listed)}"
        yield tag("h4", title)
        yield command_block(command)


def _folded(title: str, content: Markup) -> Markup:
    return tag("details", tag("summary", title), content)


def _reply_text(reply: Reply) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in reply.headers)
    return f"{headers}\n\n{cut(body_text(reply, most=4 * _MOST_OF_REPLY), _MOST_OF_REPLY)}"
