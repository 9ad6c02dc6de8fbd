"""JSON Pointer (RFC 6901): property names as tokens, and tokens as pointers."""

from collections.abc import Iterable


def escape_token(name: str) -> str:
    """Return a property name as a JSON Pointer token."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape_token(token: str) -> str:
    """Return the property name that a JSON Pointer token stands for."""
    return token.replace("~1", "/").replace("~0", "~")


def pointer_of(steps: Iterable[str | int]) -> str:
    """Return the JSON Pointer of property names and array indices."""
    return "".join(f"/{escape_token(str(step))}" for step in steps)


def steps_of(pointer: str) -> list[str]:
    """Return the property names and array indices of a JSON Pointer, as texts."""
    return [unescape_token(token) for token in pointer.split("/")[1:]]
