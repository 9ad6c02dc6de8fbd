"""Format of an answer by ``$format``, which stands above the ``Accept`` header."""

_FORMATS = ("json", "xml")


def output_format(text: str) -> str:
    """Return the last part of the media type that is asked for, empty for none; raises ``ValueError``."""
    word = text.strip().lower()
    if word and word not in _FORMATS:
        raise ValueError(f"expected {' or '.join(_FORMATS)}, got {text!r}")
    return word
