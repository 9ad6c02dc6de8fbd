"""Operations that couldn't be verified: they were called, and no valid call of them succeeded.

Where none succeeds, the finding has the likely cause. It is an error, unless ids had to be guessed; a note, where the
documentation itself allows no success.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from docdouble.schemas import Operation
from docdouble.schemas.resources.entity_keys import members_of
from docdouble.schemas.resources.list_parameters import squeezed
from docdouble.schemas.resources.path_resources import answered_entity

from ..model.case import Case, Purpose
from ..model.exchange import Exchange
from ..model.finding import Finding, Severity
from ..model.text import cut, listed
from ..model.verdict import BASE_PATH, CREDENTIALS, FORBIDDEN, NOT_FOUND, NOT_VERIFIED, UNKNOWN_IDS, Cause
from .check import Check, never

REDIRECT = "redirect"

_NOTED = ("no-success", "unknown-credentials")
"""Causes for which the documentation is to blame."""

_TOKENS = frozenset({"accesstoken", "token", "idtoken", "jwt", "authtoken", "sessiontoken", "bearertoken"})
"""Names, without letter case and separators, under which a login answers credentials."""

_MOST_WORDS = 160
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Attempts:
    """The valid calls of one operation, none of which succeeded, and what is known beside their replies.

    ``unanswered`` are cases without a reply, with the reason. ``guessed`` names the ids that nobody knows;
    ``base_path`` is the one that the URL lacks, empty for none; ``were_accepted`` tells that the credentials worked
    for another operation before.
    """

    operation: Operation
    exchanges: Sequence[Exchange]
    unanswered: Sequence[tuple[Case, str]] = ()
    guessed: Sequence[str] = ()
    base_path: str = ""
    were_accepted: bool = False

    @property
    def statuses(self) -> Counter[int]:
        """The number of replies of each status, the most frequent first."""
        return Counter(dict(Counter(exchange.reply.status for exchange in self.exchanges).most_common()))

    @property
    def used_known_ids(self) -> bool:
        """Whether a call was about entities that are known to exist."""
        return any(exchange.case.existing for exchange in self.exchanges)


def is_attempt(case: Case) -> bool:
    """Tell whether the reply to a case can verify its operation."""
    return case.purpose is Purpose.VALID


def is_success(exchange: Exchange) -> bool:
    """Tell whether a reply verifies its operation: 2xx, documented 1xx or 3xx, what is documented without a success."""
    operation, status = exchange.operation, exchange.reply.status
    if not operation.documents_success:
        return operation.response(status) is not None
    response = operation.response(status)
    is_documented = response is not None and response.status.upper() != "DEFAULT"
    return exchange.succeeded or (status < 400 and is_documented)


def not_verified(attempts: Attempts, cause: Cause) -> Finding:
    """Return the finding, with the first call and its reply."""
    last = next((exchange for exchange in attempts.exchanges if exchange.reply.status == _usual(attempts)), None)
    case = last.case if last else next((sent for sent, _ in attempts.unanswered), None)
    return Finding(
        CHECK.id,
        _severity(attempts, cause),
        attempts.operation.id,
        expected="a valid call that succeeds",
        got=cause.text,
        rule=cause.rule,
        evidence=attempts.operation.evidence,
        case=case,
        reply=last.reply if last else None,
    )


def _severity(attempts: Attempts, cause: Cause) -> Severity:
    if cause.rule in _NOTED:
        return Severity.NOTE
    return Severity.WARNING if attempts.guessed and not attempts.used_known_ids else Severity.ERROR


def _usual(attempts: Attempts) -> int:
    return next(iter(attempts.statuses), 0)


def cause_of(attempts: Attempts) -> Cause:
    """Return the likely cause, by the status that most of the calls got."""
    if not attempts.exchanges:
        return Cause("no-reply", f"no reply to any valid call: {attempts.unanswered[0][1]}")
    status = _usual(attempts)
    typical = next(exchange for exchange in attempts.exchanges if exchange.reply.status == status)
    rule, why = _cause(attempts, typical)
    statuses = ", ".join(map(str, attempts.statuses))
    return Cause(rule, f"{statuses} to every valid call: {why}")


def _cause(attempts: Attempts, typical: Exchange) -> tuple[str, str]:
    """Return the name of the cause, and what is to be done about it."""
    status = typical.reply.status
    if not typical.operation.documents_success:
        return "no-success", "no success is documented, and none of these"
    if status in (401, 403):
        return _of_credentials(attempts, typical)
    if status in (404, 410):
        return _of_nothing(attempts, typical)
    if status == 406 and not typical.may_succeed:
        return "no-success", "no value fits the documented body"
    if status < 400:
        return REDIRECT, f"an undocumented redirect to {typical.reply.header('Location') or 'nowhere'}"
    if status in (405, 501):
        return "method", "the server doesn't know the method here"
    if status in (406, 415):
        return "media-type", f"the documented media types are refused{_in_words(typical)}"
    if status == 429:
        return "busy", "the server asks for fewer calls, see --rate"
    if status >= 500:
        return "failing", f"the server fails at everything{_in_words(typical)}"
    return "refused", f"everything that the document allows is refused{_in_words(typical)}{_ids_too(attempts)}"


def _of_credentials(attempts: Attempts, typical: Exchange) -> tuple[str, str]:
    challenge = typical.reply.header("WWW-Authenticate") or ""
    if not typical.may_be_authorized:
        return "unknown-credentials", "nothing defines the credentials that it asks for"
    if "insufficient_scope" in challenge:
        return "scope", f"the credentials lack a scope ({challenge})"
    if not typical.operation.security and attempts.guessed:
        return "values", f"the values are unknown to the server: {_wanted(attempts.guessed)}"
    if typical.reply.status == 401 and attempts.were_accepted:
        return CREDENTIALS, f"the credentials, which were accepted elsewhere, are refused{_in_words(typical)}"
    if typical.reply.status == 401:
        return CREDENTIALS, f"the credentials are refused{_in_words(typical)}{_of_login(typical)}"
    return FORBIDDEN, f"the credentials lack a right{_in_words(typical)}"


def _of_login(exchange: Exchange) -> str:
    """Return which documented operation gives credentials: one that is open, and answers a token."""
    contract = exchange.subject.contract
    for operation in contract.operations:
        if operation.method == "POST" and not operation.is_secured:
            names = {squeezed(name) for name in members_of(answered_entity(operation, contract), contract)}
            if names & _TOKENS:
                return f"; {operation.label} answers some for [verify.headers]"
    return ""


def _of_nothing(attempts: Attempts, typical: Exchange) -> tuple[str, str]:
    if attempts.base_path:
        return BASE_PATH, f"the document says {attempts.base_path}, which the URL leaves out"
    if attempts.guessed:
        return UNKNOWN_IDS, f"the ids are unknown to the server: {_wanted(attempts.guessed)}"
    return NOT_FOUND, f"the server knows nothing here{_in_words(typical)}"


def _wanted(names: Sequence[str]) -> str:
    return f"name some of {listed(names, _MOST_NAMES)} in [verify.values]"


def _ids_too(attempts: Attempts) -> str:
    return f" ({_wanted(attempts.guessed)})" if attempts.guessed and not attempts.used_known_ids else ""


def _in_words(exchange: Exchange) -> str:
    """Return what the reply says as its reason, empty where it says nothing."""
    words = exchange.sentence
    return f": {cut(words, _MOST_WORDS)}" if words else ""


CHECK = Check(NOT_VERIFIED, "a valid call of each operation succeeds", applies=never)
