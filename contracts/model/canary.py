"""Texts that say what wrote them, and that are found again wherever they are shown."""

import re
from hashlib import blake2b

CANARY = re.compile(r"docdouble [0-9a-f]{8}")
"""Pattern of such a text, also with others behind it."""


def canary(seed: int, operation: str, run: str = "") -> str:
    """Return a text that tells people who find it what wrote it: ``docdouble`` and eight hexadecimal digits."""
    return f"docdouble {blake2b(f'{run}{seed} {operation}'.encode(), digest_size=4).hexdigest()}"
