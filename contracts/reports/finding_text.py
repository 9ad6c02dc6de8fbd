"""Text of findings: lines for a person."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from docdouble.fakeserver.http.masking import Masking
from docdouble.schemas import Call, Evidence, Grade, Reply
from docdouble.schemas.http import is_json

from ..model.events import RunStarted
from ..model.finding import Finding
from ..model.reply_text import reply_lines
from ..model.text import cut, one_line
from ..storage.secrets import contract_masking
from .finding_parts import curl_of, masked_reply

_MOST_SHOWN = 400
"""Characters of a body, or of what was received, that are shown; the curl command has a body whole."""

_MOST_LINES = 3
_LONGEST_LINE = 160
"""Lines of a reply's body that are shown, and characters of each, and of a value on a line with others."""

_SURE = {Grade.SAMPLED: " (only a sample shows it)", Grade.ASSUMED: " (a convention, the page doesn't say it)"}


def where(evidence: Evidence | None) -> str:
    """Return the documentation line in words, and what makes it less than sure."""
    return f"{evidence}{_SURE.get(evidence.grade, '')}" if evidence else "no documentation line"


def finding_headline(finding: Finding, remark: str = "") -> str:
    """Return severity, check and documentation line, and a ``remark`` if there is one."""
    added = f" ({remark})" if remark else ""
    return one_line(f"{finding.severity.value}: {finding.check}, {where(finding.evidence)}{added}")


def expected_and_got(finding: Finding) -> str:
    """Return what was expected and what was received instead on one line."""
    return f"expected {one_line(cut(finding.expected, _LONGEST_LINE))}; got {got_in_short(finding)}"


def got_in_short(finding: Finding) -> str:
    """Return what was received instead of what was expected on one line."""
    return one_line(cut(finding.got, _LONGEST_LINE))


def remark_on(finding: Finding, started: RunStarted) -> str:
    """Return what the baseline says of a finding, and that it didn't show again; empty for a new one that did."""
    return ", ".join(filter(None, (_in_baseline(finding, started), not_again(finding))))


def not_again(finding: Finding) -> str:
    """Return what a finding's call got later, empty where that showed the finding again."""
    return f"not seen again: the same call got {finding.sent_again}" if finding.sent_again else ""


def _in_baseline(finding: Finding, started: RunStarted) -> str:
    if started.knows(finding):
        return "known"
    if finding.fingerprint in started.expired:
        return "known until its entry in the baseline expired"
    return "known as less severe" if finding.fingerprint in started.known else ""


class FindingLines(NamedTuple):
    """The lines that tell a finding: what is wrong, the first flush left, and the reply and the calls that show it."""

    problem: tuple[str, ...]
    proof: tuple[str, ...]


def finding_lines(finding: Finding, started: RunStarted) -> FindingLines:
    """Return the lines that tell a finding of a run: expected, got, how the reply begins, and a call."""
    return FindingLines(tuple(_problem(finding, started)), tuple(_proof(finding, started)))


def _problem(finding: Finding, started: RunStarted) -> Iterator[str]:
    yield finding_headline(finding, remark_on(finding, started))
    yield f"  expected  {one_line(finding.expected)}"
    yield f"  got       {one_line(cut(finding.got, _MOST_SHOWN))}"
    if finding.pointer and finding.pointer not in finding.expected:
        yield f"  at        {one_line(finding.pointer)}"


def _proof(finding: Finding, started: RunStarted) -> Iterator[str]:
    if finding.reply:
        yield from _shown_reply(finding.reply, finding.got, contract_masking(started.contract, started.secret_headers))
    for case in finding.before:
        yield f"  first     {one_line(curl_of(case, started))}"
    if finding.case:
        if tried := tried_by(finding):
            yield f"  tried     {one_line(tried)}"
        if finding.case.call.body:
            yield f"  call      {shown_body(finding.case.call)}"
        yield f"  see it    {one_line(curl_of(finding.case, started))}"


def tried_by(finding: Finding) -> str:
    """Return what its call tries, empty where the name of the check says it."""
    about = finding.case.about if finding.case else ""
    return "" if about == finding.check else about


def with_shared_proofs(findings: Sequence[FindingLines]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of each finding; what shows several in a row comes once, after the last of them.

    Those without a proof, which are reported in a line, interrupt no row.
    """
    for index, (problem, proof) in enumerate(findings):
        following = next((finding.proof for finding in findings[index + 1 :] if finding.proof), ())
        yield problem if proof == following else problem + proof


def _shown_reply(reply: Reply, got: str, masking: Masking) -> Iterator[str]:
    """Yield the status of a reply and the first lines of its body; nothing where both say no more than ``got``."""
    lines = first_lines(reply, masking)
    answer = f"{reply.status} {reply.reason}".rstrip()
    if not lines and (got.startswith(answer) or 200 <= reply.status < 300):
        return
    media_type = f", {one_line(reply.media_type)}" if lines and not is_json(reply.media_type) else ""
    status = f"  reply     {answer}{media_type}"
    if len(lines) == 1:
        yield f"{status}: {lines[0]}"
        return
    yield status
    yield from (f"            {line}" for line in lines)


def first_lines(reply: Reply, masking: Masking) -> list[str]:
    """Return the first lines of a reply's body, without secrets."""
    lines = reply_lines(masked_reply(reply, masking))
    return [one_line(cut(line, _LONGEST_LINE)) for line in lines[:_MOST_LINES]]


def shown_body(call: Call) -> str:
    """Return the beginning of a body on one line, bytes that are no text as escapes."""
    try:
        value: Any = json.loads(call.body)
    except (ValueError, RecursionError):
        value = None
    text = json.dumps(value, ensure_ascii=True) if value is not None else repr(call.body)[1:]
    return cut(text, _MOST_SHOWN)
