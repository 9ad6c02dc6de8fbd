"""Texts that servers stumble over, and texts of documented formats, right and wrong."""

USUAL_LENGTH = 300
"""Characters of a long text where no length is documented: more than most columns have."""

VERY_LONG = 5_000
"""Characters of a very long text where no length is documented: more than fits a VARCHAR of most databases."""

LONGEST = 20_000
"""Longer texts are not sent, whatever is allowed."""

RIGHT: dict[str, tuple[str, ...]] = {
    "date-time": (
        "2024-02-29T12:30:00Z",
        "2024-06-15T23:59:59.9999999+02:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1970-01-01T00:00:00-11:00",
        "2000-02-29T00:00:00+14:00",
    ),
    "date": ("2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29", "1970-01-01"),
    "time": ("00:00:00Z", "23:59:59.999+02:00"),
    "duration": ("PT0S", "P1Y2M3DT4H5M6S"),
    "uuid": ("00000000-0000-0000-0000-000000000000", "F47AC10B-58CC-4372-A567-0E02B2C3D479"),
    "uri": ("https://example.com/", "https://example.com/%C3%A5?q=a%26b&c=#top", "urn:example:a:b"),
    "url": ("https://example.com/", "https://example.com:8443/a%20b?q=%C3%A5"),
    "uri-reference": ("/", "../a?b#c", ""),
    "email": ("a@example.com", "first.last+tag@sub.example.co.uk", "o'hara@example.com"),
    "hostname": ("localhost", "xn--bcher-kva.example"),
    "ipv4": ("0.0.0.0", "255.255.255.255"),
    "ipv6": ("::", "2001:db8::ff00:42:8329"),
    "byte": ("", "AA==", "ZG9jZG91Ymxl"),
}
"""Format → texts that have it to the letter: leap days, offsets, the first and the last that there are."""

WRONG: dict[str, tuple[str, ...]] = {
    "date-time": (
        *("yesterday", "2024-01-01T25:61:00Z", ""),
        *("2024-06-15T12:30:00", "0001-01-01T00:00:00", "2024-06-15"),
    ),
    "date": ("yesterday", "15/06/2024", ""),
    "uuid": ("not-a-uuid", "f47ac10b-58cc-4372-a567-0e02b2c3d47", ""),
}
"""Format → texts that haven't got it, of the formats that are checked; some servers take those without an offset."""

NO_DAY: dict[str, str] = {"date-time": "2024-02-30T12:00:00Z", "date": "2023-02-29"}
"""Format → a text of that shape whose day no calendar has."""

ODD: dict[str, str] = {
    "empty": "",
    "one blank": " ",
    "blanks around": "  a  ",
    "quotes and markup": "'\"<b>&amp;--;{}%s",
    "a statement of SQL": "Robert'); DROP TABLE docdouble;--",
    "percent signs": "100% %00 %zz %2e%2e",
    "path separators": "../a\\b/./c:d",
    "letters with marks": "Ærøskøbing åäöñ",
    "combining marks": "e\u0301a\u030a",
    "right to left": "\u202eabc\u202c \u05e9\u05dc\u05d5\u05dd",
    "beyond the first plane": "😀🏳️\u200d🌈\U0001d4b3",
    "NUL": "a\x00b",
    "line ends": "a\r\nb\tc",
    "a byte order mark": "\ufeffa",
    "digits": "12345",
    "null as a text": "null",
    "long": "x" * USUAL_LENGTH,
}
"""Odd texts that are valid wherever any text is, by what is odd about them."""

MIXED: dict[str, str] = {
    "metacharacters": "'\"`</b>&amp;--;/*{}${7*7}%s%00%2e../..\\|$(a)",
    "letters of the world": "Æ e\u0301a\u030a \u05e9\u05dc\u05d5\u05dd\u200f\u202eabc\u202c 漢 😀🏳️\u200d🌈\U0001d4b3",
    "blanks and line ends": " a\t b\r\nc\n ",
    "NUL": ODD["NUL"],
    "300 characters": "x" * USUAL_LENGTH,
    "5,000 characters": "x" * VERY_LONG,
}
"""Texts that hold many odd characters together and are put into every place at once, by what they hold."""

LONE_SURROGATE = "a\ud800b"
"""No text at all, but JSON has a way to write it."""
