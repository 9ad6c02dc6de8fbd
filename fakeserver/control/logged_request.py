"""Request log of a server: what is known of each request, for whoever prints it."""

from collections.abc import Callable
from typing import NamedTuple

from docdouble.schemas import Call, Reply

from ..http.refusal import VIOLATIONS


class LoggedRequest(NamedTuple):
    """One request and how it was answered, ``seconds`` after 1970; nothing in it is masked.

    ``operation`` is the id of the one that was called, ``None`` where none was found, ``note`` what else happened.
    """

    seconds: float
    call: Call
    reply: Reply
    operation: str | None
    milliseconds: float
    note: str = ""

    @property
    def violations(self) -> str:
        """The JSON of what broke the documentation, empty for nothing."""
        for name, value in self.reply.headers:
            if name == VIOLATIONS:
                return value
        return ""


RequestLog = Callable[[LoggedRequest], None]
"""Function that notes a request that was answered; it is called in the thread that answers, so it has to be quick."""
