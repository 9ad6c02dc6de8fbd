"""Workflow commands of GitHub Actions, which annotate lines of files."""

from collections.abc import Mapping

from .text import plain


def annotation(kind: str, properties: Mapping[str, str], message: str) -> str:
    """Return a command of a kind (``error``, ``warning``, ``notice``), with everything in it escaped."""
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{kind} {told}::{_data(message)}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
