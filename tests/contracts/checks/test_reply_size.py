from docdouble.contracts.model.budget import ReplyLimits

from .made import applies, documented, exchange, findings_of, operation, reply, summary

CONTRACT = documented(operation())
LIMITS = ReplyLimits(max_reply_bytes=3)


def test_a_large_reply() -> None:
    (finding,) = findings_of("reply-size", exchange(CONTRACT, reply(b"1234"), limits=LIMITS))
    assert summary(finding) == ("error", "books.md:1", "", "large")
    assert (finding.expected, finding.got) == ("a body of at most 3 octets", "4 octets")


def test_a_small_reply() -> None:
    assert not findings_of("reply-size", exchange(CONTRACT, reply(b"123"), limits=LIMITS))


def test_without_a_limit_nothing_is_judged() -> None:
    assert not applies("reply-size", exchange(CONTRACT, reply(b"1234")))
