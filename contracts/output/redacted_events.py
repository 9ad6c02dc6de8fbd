"""Events of a run without the secrets that are known: what reports, baselines and stored cases are made of."""

from collections.abc import Callable
from dataclasses import replace

from docdouble.fakeserver.http.redaction import Redaction, is_word

from ..model.case import Case
from ..model.events import Event, OperationResult, RunDone, RunStarted
from ..model.finding import Finding
from .known_secrets import KNOWN_SECRETS

Emit = Callable[[Event], None]


def redacting(emit: Emit) -> Emit:
    """Return the function that hands events on without the secrets that are known then."""
    return lambda event: emit(redacted_event(event, KNOWN_SECRETS.redaction))


def redacted_event(event: Event, redaction: Redaction) -> Event:
    """Return an event without the secrets; the documentation that it names is as it was read."""
    text = redaction.text
    match event:
        case RunStarted():
            skipped = {operation: text(reason) for operation, reason in event.skipped.items()}
            return replace(event, target=text(event.target), base_url=text(event.base_url), skipped=skipped)
        case OperationResult():
            findings = tuple(redacted_finding(finding, redaction) for finding in event.findings)
            cause = replace(event.cause, text=text(event.cause.text)) if event.cause else None
            return replace(event, findings=findings, stopped=text(event.stopped), cause=cause)
        case RunDone():
            return replace(event, stopped=text(event.stopped), left=tuple(map(redaction.call, event.left)))
    return event


def redacted_finding(finding: Finding, redaction: Redaction) -> Finding:
    """Return a finding without the secrets, its calls and its reply too."""
    text = redaction.text
    return replace(
        finding,
        expected=text(finding.expected),
        got=text(finding.got),
        pointer=text(finding.pointer),
        # a word of ours, by which baselines know a finding again, may be the beginning of a secret
        rule=finding.rule if is_word(finding.rule) else text(finding.rule),
        sent_again=text(finding.sent_again),
        case=_redacted_case(finding.case, redaction) if finding.case else None,
        reply=redaction.reply(finding.reply) if finding.reply else None,
        before=tuple(_redacted_case(case, redaction) for case in finding.before),
    )


def _redacted_case(case: Case, redaction: Redaction) -> Case:
    return replace(case, call=redaction.call(case.call), about=redaction.text(case.about))
