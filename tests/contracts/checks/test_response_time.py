from docdouble.contracts.model.budget import ReplyLimits

from .made import applies, documented, exchange, findings_of, operation, reply, summary

CONTRACT = documented(operation())
LIMITS = ReplyLimits(max_response_seconds=2)


def test_a_slow_reply() -> None:
    (finding,) = findings_of("response-time", exchange(CONTRACT, reply(), limits=LIMITS, seconds=3.4149))
    assert summary(finding) == ("error", "books.md:1", "", "slow")
    assert (finding.expected, finding.got) == ("a reply within 2 s", "3.41 s")


def test_a_reply_in_time() -> None:
    assert not findings_of("response-time", exchange(CONTRACT, reply(), limits=LIMITS, seconds=2.0))


def test_without_a_limit_nothing_is_judged() -> None:
    assert not applies("response-time", exchange(CONTRACT, reply(), seconds=99))
