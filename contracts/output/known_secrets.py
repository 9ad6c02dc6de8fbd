"""Secrets that this process knows, which nothing that it prints or writes may hold.

They are known to the whole process, and not to one run: an error may be printed after its run is gone, and a token
that one run was given must not leave by the report of another.
"""

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docdouble.fakeserver.http.redaction import Redaction

_MOST = 2_000
"""Secrets that are remembered; of more, the first ones are forgotten."""


class KnownSecrets:
    """Store of secrets that turn up, which masks them; safe to be used by several threads at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._secrets: dict[str, None] = {}
        self._redaction: Redaction | None = None

    def __repr__(self) -> str:
        return f"KnownSecrets of {len(self._secrets)}"

    def remember(self, secrets: Iterable[str]) -> None:
        """Mask these from now on."""
        with self._lock:
            new = [secret for secret in secrets if secret not in self._secrets]
            if not new:
                return
            self._secrets |= dict.fromkeys(new)
            for secret in list(self._secrets)[:-_MOST]:
                del self._secrets[secret]
            self._redaction = None

    def forget(self) -> None:
        """Mask none of them any more."""
        with self._lock:
            self._secrets, self._redaction = {}, None

    @property
    def redaction(self) -> "Redaction":
        """Redaction of all secrets that are known now."""
        # here because most commands know none, and needn't wait for the fake server
        from docdouble.fakeserver.http.redaction import Redaction

        with self._lock:
            self._redaction = self._redaction or Redaction(self._secrets)
            return self._redaction

    def masked(self, text: str) -> str:
        """Return a text without them."""
        return self.redaction.text(text) if self._secrets else text


KNOWN_SECRETS = KnownSecrets()
