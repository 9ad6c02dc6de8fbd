"""Files that are there as a whole, or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from docdouble.schemas import ConfigError


def check_writable(option: str, name: str, path: Path) -> None:
    """Raise ``ConfigError`` for a path, which an option names, that no file can be written to."""
    if not path.parent.is_dir() or path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ConfigError(option, name, expected="a file in a folder that is there and can be written to")


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file in one step, so that nobody sees half of it, even after an interruption.

    What is no regular file, such as ``/dev/null`` or a pipe, is written to as it is. Raises ``OSError``.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _umask() -> int:
    """Return what files of this process are made without; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
