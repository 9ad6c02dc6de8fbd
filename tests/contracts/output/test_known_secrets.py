"""What the process knows as secret is masked, whatever its origin."""

from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.output.known_secrets import KnownSecrets
from docdouble.contracts.output.redacted_events import redacted_finding
from docdouble.fakeserver.http.redaction import Redaction


def test_all_that_are_known_are_masked_until_they_are_forgotten() -> None:
    known = KnownSecrets()
    known.remember(["t0ken+1"])
    assert known.masked("t0ken+1 t0ken+2") == "*** t0ken+2"
    known.remember(["t0ken+2", "t0ken+1"])
    assert known.masked("t0ken+1 t0ken+2") == "*** ***"
    assert "t0ken" not in repr(known)
    known.forget()
    assert known.masked("t0ken+1") == "t0ken+1"


def test_of_very_many_the_last_ones_are_known() -> None:
    known = KnownSecrets()
    known.remember(f"t0ken+{number:05}" for number in range(2_100))
    assert known.masked("t0ken+00099 t0ken+00100 t0ken+02099") == "t0ken+00099 *** ***"


def test_the_word_of_a_rule_is_kept_where_a_secret_begins_with_it() -> None:
    found = Finding("credentials", Severity.ERROR, "join", "401", "201 to missing", rule="missing")
    redacted = redacted_finding(found, Redaction(["missing-k3y"]))
    assert (redacted.rule, redacted.got) == ("missing", "201 to ***")
