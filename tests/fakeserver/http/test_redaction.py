"""Known secrets are masked in whatever form they stand in a text."""

import re
from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from docdouble.fakeserver.http.redaction import Redaction, is_word
from docdouble.schemas import Call, Reply

from ...secret_forms import CHARACTERS, DECODED, ENCODINGS

SECRET = "sk_Live+9f8A/x7Kq2="

BROKEN_UP = {"spaced", "in lines", "continued lines", "invisible characters"}
REVERSIBLE = frozenset(CHARACTERS) - BROKEN_UP - {"upper case", "lower case", "case folded", "octal"}
"""Ways to write a text by which nothing is lost, nor is an escape in it broken up."""

FORMS = CHARACTERS | ENCODINGS
letters = st.characters(codec="latin-1", exclude_categories=["C", "Z"])
drawn_secrets = st.text(letters, min_size=6, max_size=40).filter(lambda text: not is_word(text))
ascii_secrets = st.from_regex(r"[!-~]{5,39}[0-9][!-~]?", fullmatch=True).filter(lambda text: not is_word(text))
escapes, encodings = st.sampled_from(sorted(CHARACTERS)), st.sampled_from(sorted(ENCODINGS))


def assert_masked(secret: str, written: str, left: int = 0) -> None:
    """Assert that a secret is masked, but for at most so many characters of what stands beside it."""
    masked = Redaction([secret]).text(f"before {written} after")
    assert "***" in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")
    assert len(masked) <= len("before *** after") + left


@pytest.mark.parametrize("name", CHARACTERS)
@settings(max_examples=20)
@given(secret=drawn_secrets)
@example(secret=SECRET)
@example(secret="000<\\r")  # holds what may be an escape of another kind
def test_a_secret_is_masked_however_it_is_escaped(name: str, secret: str) -> None:
    assert_masked(secret, CHARACTERS[name](secret))


@pytest.mark.parametrize("name", ENCODINGS)
@settings(max_examples=20)
@given(secret=drawn_secrets, escape=escapes)
@example(secret=SECRET, escape="plain")
@example(secret="aB3dE6", escape="json")
def test_a_secret_is_masked_however_it_is_encoded(name: str, secret: str, escape: str) -> None:
    longest = max(len(CHARACTERS[escape](2 * character)) for character in "aA=-")
    assert_masked(secret, CHARACTERS[escape](ENCODINGS[name](secret)), left=17 * longest)


@settings(max_examples=300)
@given(secret=ascii_secrets, inner=st.one_of(escapes, encodings), outer=encodings)
@example(secret=SECRET, inner="json", outer="base64")
@example(secret=SECRET, inner="unpadded base64", outer="url-safe base64")
@example(secret="0000A0", inner="case folded", outer="lower unpadded base32")  # looks like a word
def test_a_secret_is_masked_that_was_encoded_twice(secret: str, inner: str, outer: str) -> None:
    assert "***" in Redaction([secret]).text(f"before {ENCODINGS[outer](FORMS[inner](secret))} after")


@pytest.mark.parametrize("name", DECODED)
@settings(max_examples=30)
@given(secret=ascii_secrets)
@example(secret=SECRET)
def test_a_secret_is_masked_in_what_is_decoded_first(name: str, secret: str) -> None:
    redaction = Redaction([secret])
    masked = redaction.text(f'before "{DECODED[name](secret)}" after')
    assert re.fullmatch(r'before "[^*]*\*\*\*.{0,3}\s?" after', masked)
    between_octets = redaction.text(f"to be {DECODED[name](secret)} after")
    assert re.fullmatch(r"to [^*]*\*\*\*.{0,3}\s{0,2}after", between_octets)


@settings(max_examples=300)
@given(secret=drawn_secrets, first=escapes, second=escapes)
def test_escapes_may_be_escaped(secret: str, first: str, second: str) -> None:
    once = CHARACTERS[first](secret)
    is_broken_up = " " in once or "\n" in once
    if second in REVERSIBLE - ({"form"} if is_broken_up else set()) or once == secret:
        assert_masked(secret, CHARACTERS[second](once))


@settings(max_examples=300)
@given(first=escapes, second=escapes, shown=st.floats(0, 1))
@example(first="perl", second="plain", shown=0.1)
@example(first="perl", second="json", shown=0.1)
@example(first="perl", second="python", shown=0.5)
@example(first="json as some encoders write it", second="percent", shown=0.7)
@example(first="quoted-printable in lines", second="json", shown=0.2)
@example(first="percent as JavaScript escaped once", second="json as some encoders write it", shown=0.3)
@example(first="octal", second="quoted-printable", shown=0.4)
def test_a_secret_that_is_cut_off_within_an_escape_is_masked(first: str, second: str, shown: float) -> None:
    assume(first not in BROKEN_UP and second in REVERSIBLE)
    written = CHARACTERS[second](CHARACTERS[first](SECRET))
    least = len(CHARACTERS[second](CHARACTERS[first](SECRET[:9])))
    at = least + int(shown * (len(written) - least))
    for end in ("...", '"'):
        assert Redaction([SECRET]).text(f"before {written[:at]}{end}").startswith("before ***")


@given(st.text(st.characters(codec="ascii"), max_size=80))
def test_a_text_without_the_secret_stays(text: str) -> None:
    assert Redaction([SECRET]).text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "The password is required, and a Password too.",
        '{"password_hint": "passwords", "id": 123456789012, "pi": 3.14159265}',
        "123456789 is a number, 1234567890 is one more",
        "secretary",
        "a" * 1000,
        b64encode(b"the quick brown fox jumps over the lazy dog").decode(),
        "token_type=Bearer",
    ],
)
def test_words_and_numbers_in_a_text_are_no_secrets(text: str) -> None:
    # none of these is looked for within other words, in another case, or at all
    assert Redaction(["passwor", "123456", "secreta", "token", "admin", "aaaaaaa"]).text(text) == text


@pytest.mark.parametrize(
    ("secret", "text", "masked"),
    [
        ("hunter", "it is hunter.", "it is ***."),
        ("hunter", 'it is "\\u0068unter"', 'it is "***"'),
        ("hunter", "hunters hunt, Hunter hunts, h u n t e r", "hunters hunt, Hunter hunts, h u n t e r"),
        ("hunter", b64encode(b"me:hunter").decode(), "bWU6***"),
        ("123456", "1234567 123456", "1234567 ***"),
        ("1234567890", "12345678901", "***1"),
        ("hunter2", "HUNTER2 and h unter\n2", "*** and ***"),
        ("abc12", "abc12", "abc12"),
        (SECRET, f"'{SECRET[:-1]}...", "'***..."),
        (SECRET, f"cut off: {SECRET[:7]}", "cut off: ***"),
        (SECRET, f"&#115;k_Live&#43;9&#5... {SECRET[:9]}\\u004", "***&#5... ***\\u004"),
        (SECRET, f"cut off: {SECRET[:6]}", f"cut off: {SECRET[:6]}"),
        (SECRET, f"{SECRET[:10]} goes on", f"{SECRET[:10]} goes on"),
        (SECRET, f"/a?b={SECRET[:7]}&y=1", f"/a?b={SECRET[:7]}&y=1"),
        (SECRET, f"{SECRET[:7]}\\u002Bgoes on...", f"{SECRET[:7]}\\u002Bgoes on..."),
        ("sk-\U0001f600-9-\U0001f601x", r"sk-\ud83d\ude00-9-\ud83d\ude...", r"***\ud83d\ude..."),
        ("sk-\xe9-9xyz-\u0141", "sk-%C3%A9-9xyz-%C5...", "***..."),
        ("k+C2b/vS=/a&7", "k+C2b/vS=/a&am...", "***am..."),  # of &amp;
        (SECRET, f"{SECRET}{SECRET} {SECRET}", "*** ***"),
        ("\u0394\u0395\u03a3\u0394\u0395\u03a3 1", "x \u03b4\u03b5\u03c3\u03b4\u03b5\u03c2 1 x", "x *** x"),
        ("p@ss word 1", "p@ss+word+1 p%40ss%20word%201", "*** ***"),
    ],
)
def test_what_is_masked(secret: str, text: str, masked: str) -> None:
    assert Redaction([secret]).text(text) == masked


def test_several_secrets_are_masked() -> None:
    assert (
        Redaction([f"Bearer {SECRET}", SECRET, "hunter2x"]).text(f"Bearer {SECRET} {SECRET} hunter2x") == "*** *** ***"
    )


@pytest.mark.parametrize("count", [1, 50, 2_000])
def test_many_secrets_are_masked_as_few_are(count: int) -> None:
    secrets = [f"t0ken+x{number:05}" for number in range(count)]
    last = b64encode(secrets[-1].encode()).decode()
    redaction = Redaction(secrets)
    assert redaction.text(f"a {secrets[0]} b t0ken%2Bx{count - 1:05} c {last} d") == "a *** b *** c *** d"
    assert redaction.text("t0ken+y t0ken+x99999 t") == "t0ken+y t0ken+x99999 t"


def test_a_message_without_a_secret_is_the_same() -> None:
    redaction = Redaction([SECRET])
    reply, call = Reply((("X", "a"),), b"\xff\x00", 200), Call((("X", "a"),), b"\xff\x00", "GET", "/a?b=c")
    assert redaction.reply(reply) is reply
    assert redaction.call(call) is call


def test_a_message_is_masked_in_all_its_parts() -> None:
    redaction = Redaction([SECRET])
    assert redaction.reply(Reply((("X", SECRET),), b"\xff" + SECRET.encode(), 200)) == Reply(
        (("X", "***"),), b"\xff***", 200
    )
    call = Call((("X", SECRET),), SECRET.encode(), "PUT", f"/{quote(SECRET, safe='')}?a={quote(SECRET)}")
    assert redaction.call(call) == Call((("X", "***"),), b"***", "PUT", "/***?a=***")


def test_numbers_of_json_that_are_the_octets_of_a_secret_are_masked() -> None:
    value = {"a": [list(SECRET.encode()), list(b"nothing of it")], "b": [1, 2, 3]}
    assert Redaction([SECRET]).json(value) == {"a": [["***"], list(b"nothing of it")], "b": [1, 2, 3]}


def test_what_comes_again_in_json_is_masked_each_time() -> None:
    row = {"id": 7, SECRET: "a", "sent": f"as {SECRET}", "octets": list(SECRET.encode())}
    masked = {"id": 7, "***": "a", "sent": "as ***", "octets": ["***"]}
    assert Redaction([SECRET]).json([row, row, SECRET, SECRET]) == [masked, masked, "***", "***"]


def test_a_text_of_json_that_comes_again_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    redaction, read = Redaction([SECRET]), list[str]()
    monkeypatch.setattr(redaction, "text", lambda text: read.append(text) or text)
    redaction.json([{"name": "Ada Lovelace", "age": 36}] * 3)
    assert sorted(read) == ["36", "Ada Lovelace", "age", "name"]


def test_json_stays_json() -> None:
    redaction = Redaction(["12345678901", SECRET])
    assert redaction.json({"a": [12345678901, 1, SECRET], SECRET: None}) == {"a": ["***", 1, "***"], "***": None}


def test_nothing_shows_the_secrets() -> None:
    assert SECRET not in repr(Redaction([SECRET]))
