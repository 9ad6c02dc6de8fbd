"""Words in what people read."""


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 call``, ``2 calls``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
