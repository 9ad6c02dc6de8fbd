"""JSON Pointer (RFC 6901) tokens."""


def escape_token(name: str) -> str:
    """Return a property name as a JSON Pointer token."""
    return name.replace("~", "~0").replace("/", "~1")
