"""Cache of what was made of a folder of pages, under a key made of the pages' content.

A file holds a digest and then the value as JSON, dataclasses as arrays of their fields. Whatever can't be read back,
for whatever reason, is as good as not there.
"""

import gc
import os
import tempfile
import typing
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import blake2b
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar

from .errors import PageError
from .jsonschema.json_text import exact_json, json_bytes

KEPT = 8
"""Files that stay in a cache folder; the least recently written go first."""

_DIGEST_BYTES = 64

_CODE = Path(__file__).parent

T = TypeVar("T")


def cache_key(files: Iterable[tuple[Path, str]]) -> str:
    """Return the key of files with their names: it changes with any byte of them, and of the code that reads them."""
    digest = blake2b(digest_size=20)
    code = ((path, str(path.relative_to(_CODE))) for path in sorted((*_CODE.rglob("*.py"), *_CODE.rglob("*.toml"))))
    for path, name in (*code, *files):
        with suppress(OSError):
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            digest.update(content)
    return digest.hexdigest()


def load_cached(folder: Path, key: str, kind: type[T]) -> T | None:
    """Return the value of a key, ``None`` when there is none or it can't be read back."""
    try:
        data = (folder / f"{key}.cache").read_bytes()
        body = memoryview(data)[_DIGEST_BYTES:]
        if blake2b(body).digest() != data[:_DIGEST_BYTES]:
            return None
        with without_garbage_collection():
            value = exact_json(body)
            decode = _decoder(typing.cast(Any, kind))
            return typing.cast(T, decode(value) if decode else value)
    except (OSError, ValueError, TypeError, LookupError):
        return None


def store_cached(folder: Path, key: str, value: Any) -> None:
    """Keep a value; a folder that can't be written to is left alone."""
    body = json_bytes(_encoded(value))
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(blake2b(body).digest() + body)
        try:
            os.replace(file.name, folder / f"{key}.cache")
        finally:
            Path(file.name).unlink(missing_ok=True)  # Windows doesn't replace a file that is being read
        for old in sorted(folder.glob("*.cache"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()


def _encoded(value: Any) -> Any:
    if isinstance(value, PageError):
        return [value.path, value.line, value.message]
    if is_dataclass(value):
        return [_encoded(getattr(value, field.name)) for field in fields(value)]
    return [_encoded(part) for part in value] if isinstance(value, tuple) else value


@cache
def _decoder(kind: Any) -> Callable[[Any], Any] | None:
    """Return the function that makes a value of a type from its JSON form, ``None`` where that is the value already."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_decoder(kind)
    if kind is PageError:
        return lambda data: PageError(*data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {member.value: member for member in kind}.__getitem__
    decoders = (_decoder(argument) for argument in arguments if argument is not NoneType)
    inner = next((decoder for decoder in decoders if decoder), None)
    if origin is tuple:
        return tuple if inner is None else lambda data: tuple(map(inner, data))
    if origin in (UnionType, typing.Union) and inner:
        return lambda data: None if data is None else inner(data)
    return None


def _dataclass_decoder(kind: type[Any]) -> Callable[[Any], Any]:
    changed: list[tuple[int, Callable[[Any], Any]]] | None = None

    def make(data: list[Any]) -> Any:
        nonlocal changed
        if changed is None:  # not before the first value: a class may hold values of itself
            hints = typing.get_type_hints(kind)
            decoders = ((index, _decoder(hints[field.name])) for index, field in enumerate(fields(kind)))
            changed = [(index, decode) for index, decode in decoders if decode]
        for index, decode in changed:
            data[index] = decode(data[index])
        return kind(*data)

    return make


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Keep Python from looking for cyclic garbage while millions of values are made that all stay.

    It would cost a third of the time and find none.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
