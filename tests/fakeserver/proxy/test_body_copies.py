"""Copies of bodies that pass a proxy: bounded each, and bounded all together."""

from docdouble.fakeserver.proxy.body_copies import BodyCopy, CopyRoom


def test_a_body_is_kept_whole_or_not_at_all() -> None:
    copy = BodyCopy(CopyRoom(100), most=5)
    assert copy.add(b"abc")
    assert copy.add(b"de")
    assert (copy.body, copy.is_whole) == (b"abcde", True)
    assert not copy.add(b"f")
    assert not copy.add(b"g")
    assert (copy.body, copy.is_whole) == (b"", False)


def test_all_copies_together_are_bounded_and_give_back_what_they_took() -> None:
    room = CopyRoom(5)
    first, second = BodyCopy(room), BodyCopy(room)
    assert first.add(b"abcd")
    assert not second.add(b"ef")
    first.close()
    first.close()
    third = BodyCopy(room)
    assert third.add(b"12345")
    assert not BodyCopy(room).add(b"6")
