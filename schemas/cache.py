"""What was made of a folder of pages, kept for the next time, under a key made of the pages' content.

A file holds a digest and then the value as JSON, dataclasses as arrays of their fields. Whatever can't be read back,
for whatever reason, is as good as not there.
"""

import os
import tempfile
import typing
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar

import orjson

from .errors import PageError
from .memory import no_collecting

KEPT = 8
"""Files that stay in a cache folder; the least recently written go first."""

_DIGEST_BYTES = 64

T = TypeVar("T")


def key_of(files: Iterable[tuple[Path, str]]) -> str:
    """Return the key of files with their names: it changes with any byte of them, and of the code that reads them."""
    digest = blake2b(digest_size=20)
    code = ((path, path.name) for path in sorted(Path(__file__).parent.glob("*.py")))
    for path, name in (*code, *files):
        with suppress(OSError):
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            digest.update(content)
    return digest.hexdigest()


def load(folder: Path, key: str, kind: type[T]) -> T | None:
    """Return the value of a key, ``None`` when there is none or it can't be read back."""
    try:
        data = (folder / f"{key}.cache").read_bytes()
        body = memoryview(data)[_DIGEST_BYTES:]
        if blake2b(body).digest() != data[:_DIGEST_BYTES]:
            return None
        decode: Callable[[Any], T] = _decoder(kind)  # type: ignore[arg-type]  # a type is hashable
        with no_collecting():
            return decode(orjson.loads(body))
    except (OSError, ValueError, TypeError):
        return None


def store(folder: Path, key: str, value: Any) -> None:
    """Keep a value; a folder that can't be written to is left alone."""
    body = orjson.dumps(_encoded(value))
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(blake2b(body).digest() + body)
        os.replace(file.name, folder / f"{key}.cache")
        for old in sorted(folder.glob("*.cache"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()


def _encoded(value: Any) -> Any:
    if isinstance(value, PageError):
        return [value.path, value.line, value.message]
    if is_dataclass(value):
        return [_encoded(getattr(value, one.name)) for one in fields(value)]
    return [_encoded(part) for part in value] if isinstance(value, tuple) else value


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """Return the function that makes a value of a type from its JSON form."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        parts = [_decoder(hints[one.name]) for one in fields(kind)]
        return lambda data: kind(*[make(part) for make, part in zip(parts, data, strict=True)])
    if origin is tuple:
        item = _decoder(arguments[0])
        return lambda data: tuple(map(item, data))
    if origin is UnionType or origin is typing.Union:
        inner = _decoder(next(one for one in arguments if one is not NoneType))
        return lambda data: None if data is None else inner(data)
    if kind is PageError:
        return lambda data: PageError(*data)
    return kind if isinstance(kind, type) and issubclass(kind, str) and kind is not str else lambda data: data
