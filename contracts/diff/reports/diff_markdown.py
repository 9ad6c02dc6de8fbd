"""Changes between two contracts as Markdown, for the comment on a pull request."""

import re
from collections.abc import Iterator, Sequence

from docdouble.schemas import Evidence
from docdouble.schemas.diff.change import Judgement

from ...model.text import counted, cut, listed
from ...output.echo import printed
from ...reports.finding_text import where
from ..comparison import ChangeGroup, Comparison
from ..side import Side
from .diff_text import MOST_NAMED, NO_TEST, diff_verdict, example, judgement_counts, quoted, unread, who

MARK = "<!-- docdouble diff -->"
"""The first line, by which a workflow finds the comment that it wrote before."""

MOST_CHARACTERS = 65_000
"""GitHub takes comments of 65,536."""

_MOST_OPEN = 20
"""Breaking changes that are shown without a click."""

_MOST_SHOWN = 300
"""Characters of a name or a documentation line."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$])")
_BACKTICKS = re.compile("`+")
_LINKED = re.compile(r"@|#|:(?=//)|www(?=\\?\.)|GH(?=\\?-)", re.IGNORECASE)
"""Behind what GitHub would link, or notify, whatever is named next."""


def diff_markdown(comparison: Comparison) -> str:
    """Return the comment. What doesn't fit is counted at its end."""
    head = "\n".join(_head(comparison))
    room = MOST_CHARACTERS - len(head)
    parts, missing = [head], 0
    for title, entries, is_open in _sections(comparison):
        items, left = _fitting(entries, comparison, room - len(title) - 200)
        missing += left
        if items:
            parts.append(_section(title, items, is_open=is_open))
            room -= len(parts[-1]) + 2
    if missing:
        parts.append(f"{counted(missing, 'more change')} would make this comment too long: see the other formats.")
    return "\n\n".join(parts)


def _head(comparison: Comparison) -> Iterator[str]:
    yield MARK
    yield f"### API documentation: {escape_markdown(judgement_counts(comparison))}"
    yield ""
    sides = f"from {code(comparison.old.name)} to {code(comparison.new.name)}"
    yield f"**{escape_markdown(diff_verdict(comparison))}**, {sides}"
    if comparison.untouched:
        count = counted(comparison.untouched, "change")
        yield f"\n{count} of what {code(comparison.used)} doesn't touch {_are(comparison.untouched)} left out."
    if missed := comparison.not_compared:
        count = counted(len(missed), "operation")
        yield f"\n{count} {_are(len(missed))} not compared, as the page can't be read: {_codes(missed)}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _sections(comparison: Comparison) -> Iterator[tuple[str, Sequence[ChangeGroup], bool]]:
    """Yield titles with their entries, and whether they are shown without a click."""
    for judgement in Judgement:
        entries = comparison.judged(judgement)
        if judgement is not Judgement.BREAKING:
            yield counted(len(entries), f"{judgement.value} change"), entries, False
            continue
        yield "Breaking", entries[:_MOST_OPEN], True
        yield counted(len(entries[_MOST_OPEN:]), "more breaking change"), entries[_MOST_OPEN:], False


def _section(title: str, items: list[str], *, is_open: bool) -> str:
    text = "\n".join(items)
    return f"#### {title}\n\n{text}" if is_open else f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def _fitting(entries: Sequence[ChangeGroup], comparison: Comparison, room: int) -> tuple[list[str], int]:
    """Return the entries that fit as list items, and how many others there are."""
    items: list[str] = []
    for entry in entries:
        item = "\n".join(_item(entry, comparison))
        room -= len(item) + 1
        if room < 0:
            break
        items.append(item)
    return items, len(entries) - len(items)


def _item(entry: ChangeGroup, comparison: Comparison) -> Iterator[str]:
    first = comparison.shown(entry)
    yield f"- **{escape_markdown(cut(entry.what, 2 * _MOST_SHOWN))}** ({code(first.rule)})"
    yield f"  - in {_codes(comparison.named(entry))}"
    for side, evidence, name in ((comparison.old, first.old, "old"), (comparison.new, first.new, "new")):
        if evidence:
            yield f"  - {name} {_line(side, evidence)}"
    if shown := example(first):
        yield f"  - example {code(shown)}"
    if consumers := who(entry):
        yield f"  - {consumers[0]} {_codes(entry.tests) or NO_TEST}{unread(entry)}"


def _line(side: Side, evidence: Evidence) -> str:
    line = quoted(side, evidence).removeprefix(": ")
    return f"{code(where(evidence))}: {code(cut(line, _MOST_SHOWN))}" if line else code(where(evidence))


def _codes(names: Sequence[str]) -> str:
    return listed([code(cut(name, _MOST_SHOWN)) for name in names], MOST_NAMED)


def code(text: str) -> str:
    """Return a text as a code span: nothing in it is Markdown, HTML or a mention."""
    shown = printed(text).strip() or " "
    fence = "`" * (max(map(len, _BACKTICKS.findall(shown)), default=0) + 1)
    edge = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{edge}{shown}{edge}{fence}"


def escape_markdown(text: str) -> str:
    """Return a text as Markdown that shows it, without links, HTML or mentions."""
    shown = printed(text).replace("&", "&amp;").replace("<", "&lt;")
    return _LINKED.sub("\\g<0>\u200b", _SPECIAL.sub(r"\\\1", shown))
