"""Files of an OpenAPI document: the root, and the JSON and YAML files that its references lead to.

A reference may lead to files below the folder of the root only, or to the host of a root that was read from a URL: a
document that somebody else wrote must not read arbitrary files or call internal hosts.
"""

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

from ..errors import PageError, did_you_mean
from ..extraction import DEFAULT_ACCESS, Access
from ..http import without_url_credentials
from ..text_files import decode_utf8, read_text, real_path
from .schema_identifiers import SchemaIdentifiers, joined_uri

if TYPE_CHECKING:
    from .text_formats import LineIndex

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
"""The largest file that is read; the vendor files seen have up to about ten."""

MAX_FILES = 2_000
"""The most files that one document may be made of."""

_DRIVE = re.compile(r"/[A-Za-z]:(/|\Z)")

_SECONDS = 30
"""The longest that a URL may take."""


@dataclass(frozen=True)
class SourceFile:
    """A parsed file: its ``name`` in messages, its ``location`` (a path or a URL), its ``data``."""

    name: str
    location: str
    data: Any
    text: str = field(default="", repr=False, compare=False)
    files: "Files | None" = field(default=None, repr=False, compare=False)

    def line(self, pointer: str) -> int:
        """Return the 1-based line of a place, 0 where the text isn't kept."""
        return self.files.lines(self).line(pointer) if self.files and self.text else 0

    def open(self, reference: str) -> "SourceFile":
        """Return the file that a reference from this one leads to; raises ``OSError`` or ``PageError``."""
        if self.files is None:
            raise OSError("it leaves the document")
        try:
            return self.files.open(joined_uri(self.location, reference))
        except PageError:
            raise
        except ValueError as error:
            raise OSError(f"it is no URL: {error}") from error

    @cached_property
    def identifiers(self) -> SchemaIdentifiers:
        """The identifiers of its schemas."""
        has_none = self.text and not any(word in self.text for word in ("$id", "$anchor", "$dynamicAnchor"))
        return SchemaIdentifiers({} if has_none else self.data, self.location)


def local_path(url: SplitResult, system: str = os.name) -> str:
    """Return the path of a ``file:`` URL on an operating system: on Windows with a drive or a server (RFC 8089)."""
    path = unquote(url.path, errors="surrogateescape")
    if system != "nt":
        return path
    return path[1:] if _DRIVE.match(path) else f"//{url.netloc}{path}" if url.netloc else path


class Files:
    """The files of one document, each read once."""

    def __init__(self, root: Path | str, name: str, access: Access = DEFAULT_ACCESS) -> None:
        """Take the path or URL of the root, which is called ``name`` in messages; read nothing yet."""
        self._name = name
        self._access = access
        self._location = root if isinstance(root, str) else root.resolve().as_uri()
        self._folders = [Path(folder).resolve() for folder in access.references]
        self._hosts = {host.lower() for host in access.references}
        if isinstance(root, Path):
            self._folders.append(root.resolve().parent)
        else:
            self._hosts.add(urlsplit(root).netloc.lower())
        self._read: dict[str, SourceFile] = {}
        self._lines: dict[str, LineIndex] = {}

    @cached_property
    def root(self) -> SourceFile:
        """The root document; raises ``PageError``."""
        return self.open(self._location)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files that were read."""
        return tuple(file.name for file in self._read.values())

    def open(self, location: str) -> SourceFile:
        """Return the file at a location; raises ``PageError``, or ``OSError`` for one that may not be read."""
        location = location.partition("#")[0]
        if location not in self._read:
            if len(self._read) >= MAX_FILES:
                raise OSError(f"a document of more than {MAX_FILES} files")
            name = self._name_of(location)
            text, base = self._text(location, name)
            from .text_formats import parse_document  # here because PyYAML takes 8 ms, and a contract of ours is JSON

            self._read[location] = SourceFile(name, base, parse_document(text, name), text, self)
        return self._read[location]

    def lines(self, file: SourceFile) -> "LineIndex":
        """Return the lines of a file that was read."""
        if file.location not in self._lines:
            from .text_formats import LineIndex  # here for the same reason

            self._lines[file.location] = LineIndex(file.text, file.name)
        return self._lines[file.location]

    def _name_of(self, location: str) -> str:
        if location == self._location:
            return self._name
        folder = self._location.rpartition("/")[0] + "/"
        return without_url_credentials(unquote(location.removeprefix(folder)))

    def _text(self, location: str, name: str) -> tuple[str, str]:
        """Return the text at a location, and the location that its references are relative to."""
        parts = urlsplit(location)
        if parts.scheme == "file":
            path = real_path(Path(local_path(parts)))
            if not any(path.is_relative_to(folder) for folder in self._folders):
                raise OSError(f"{name} is outside the folder of the document; --allow-references names more folders")
            if path.exists() and not path.is_file():
                raise OSError(f"{name} is no regular file")
            if not path.is_file():
                near = did_you_mean(
                    path.name, (entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else ()
                )
                raise OSError(f"there is no file {name}{near}")
            return read_text(path, name, MAX_DOCUMENT_BYTES), location
        if parts.scheme not in ("http", "https") or parts.netloc.lower() not in self._hosts:
            shown = without_url_credentials(location)
            raise OSError(f"{shown} is outside the host of the document; --allow-references names more hosts")
        content, url = self._fetched(location, name)
        return decode_utf8(content, name), url

    def _fetched(self, url: str, name: str) -> tuple[bytes, str]:
        """Return the content of a URL, and the URL after redirects; raises ``PageError``."""
        from .download import download  # here because few documents are read from a URL, and it takes 30 ms

        if url == self._location and not self._access.urls:
            raise PageError(name, 0, "a URL is only read where it is given on the command line")
        try:
            content, final_url = download(url, _SECONDS, MAX_DOCUMENT_BYTES + 1)
        except (OSError, ValueError) as error:
            raise PageError(name, 0, f"can't be read: {without_url_credentials(str(error))}") from None
        if len(content) > MAX_DOCUMENT_BYTES:
            raise PageError(
                name, 0, f"larger than {MAX_DOCUMENT_BYTES // 2**20} MiB, the most that is read of one file"
            )
        return content, final_url
