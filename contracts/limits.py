"""What the user demands of every reply, beside what is documented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The longest time a reply may take, and the most octets its body may have; 0: any."""

    max_response_seconds: float = 0.0
    max_reply_bytes: int = 0


NO_LIMITS = Limits()
