"""Copies of bodies that are judged: each of them, and all together, bounded."""

MAX_COPY_BYTES = 4 * 1024 * 1024
"""Bytes of a body that is judged, at most; larger ones are only passed on."""

MAX_COPIES_BYTES = 256 * 1024 * 1024
"""Bytes that are kept of all bodies on their way, at most."""


class CopyRoom:
    """The bytes that copies may still take."""

    def __init__(self, most: int = MAX_COPIES_BYTES) -> None:
        self._left = most

    def take(self, size: int) -> bool:
        """Take so many bytes; tell whether there were so many."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """Return so many bytes, for others."""
        self._left += size


class BodyCopy:
    """Copy of a body as far as it was received, as long as it ``is_whole``: nothing of one that is too large."""

    def __init__(self, room: CopyRoom, most: int = MAX_COPY_BYTES) -> None:
        self._room = room
        self._most = most
        self._chunks: list[bytes] = []
        self.size = 0
        self.is_whole = True

    def add(self, chunk: bytes) -> bool:
        """Add the next octets; tell whether there was room for them."""
        if self.is_whole and chunk:
            if self.size + len(chunk) > self._most or not self._room.take(len(chunk)):
                self.is_whole = False
                self.close()
            else:
                self._chunks.append(chunk)
                self.size += len(chunk)
        return self.is_whole

    @property
    def body(self) -> bytes:
        """The body, of which nothing is left where it isn't whole."""
        if len(self._chunks) > 1:
            self._chunks = [b"".join(self._chunks)]
        return self._chunks[0] if self._chunks else b""

    def close(self) -> None:
        """Release the copy."""
        self._room.give_back(self.size)
        self._chunks, self.size = [], 0
