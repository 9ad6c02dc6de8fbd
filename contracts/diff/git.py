"""``git:REVISION:PATH``: documentation as a git revision has it, written to a temporary folder.

Only objects are read: no checkout, index, hook, filter or remote is touched. What is written are regular files with
the endings that the reader knows, below the temporary folder.
"""

import os
import posixpath
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from docdouble.schemas import ConfigError
from docdouble.schemas.source import MAX_DOCUMENT_BYTES, PAGE_SUFFIXES

PREFIX = "git:"
MOST_BYTES = 1024 * 1024 * 1024
"""Bytes of all files that are written together; far more than any documentation."""

_GIT = ("git", "--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false")
_TELL_WHICH_REPOSITORY = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE"}
)
"""Set in a hook, and then of the repository whose hook it is; here the working directory tells the repository."""

_REGULAR = ("100644", "100755", "100664")
_SUBMODULE = "160000"
_KINDS = {"120000": "a symbolic link", _SUBMODULE: "a submodule"}
_FOLDER = "tree"
_INCLUDING = (".rst", ".adoc", ".asciidoc", ".asc", ".html", ".htm")
"""Endings of files that may include or link others."""


@dataclass(frozen=True, slots=True)
class RevisionFiles:
    """Files of a revision at a path: ``path`` is the page, document or folder, ``root`` the folder of its pages.

    ``folder`` is that folder's path in the repository. ``refused`` says of what was left out why.
    """

    path: Path
    root: Path
    folder: str
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _TreeEntry:
    mode: str
    kind: str
    object: str
    size: int
    name: str


@contextmanager
def revision_files(source: str) -> Iterator[RevisionFiles]:
    """Write what ``git:REVISION:PATH`` names to a folder that is there until the end.

    Raises ``ConfigError`` when git doesn't find it: no repository, no such revision, no such path.
    """
    revision, path = _parsed(source)
    commit = _commit(source, revision)
    parts = _parts(source, path)
    parent, entry = _find_entry(source, commit, parts)
    with TemporaryDirectory(prefix="docdouble-") as name:
        root = Path(name).resolve()
        folder = "/".join(parts if entry is None or entry.kind == _FOLDER else parts[:-1])
        refused = _write_all(source, _wanted(source, parent, entry), root)
        yield RevisionFiles(root / entry.name if entry and entry.kind != _FOLDER else root, root, folder, refused)


def _parsed(source: str) -> tuple[str, str]:
    revision, colon, path = source.removeprefix(PREFIX).partition(":")
    if not revision or not colon or "\0" in source:
        raise ConfigError("source", source, expected="of the form git:REVISION:PATH, such as git:main:docs")
    return revision, path


def _commit(source: str, revision: str) -> str:
    inside = _run(source, "rev-parse", "--git-dir")
    if inside.returncode:
        lines = inside.stderr.decode(errors="replace").strip().splitlines() or [""]
        unknown = "not a git repository" in lines[0]
        why = f"{Path.cwd()} is in no git repository" if unknown else f"git says {lines[0]!r}"
        raise _broken(source, why)
    parsed = _run(source, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if parsed.returncode:
        shallow = _run(source, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        hint = ", which is a shallow clone; fetch more of it (in GitHub Actions: fetch-depth: 0)" if shallow else ""
        raise ConfigError(source, revision, _revisions(source), f"a revision of this repository{hint}")
    return parsed.stdout.decode().strip()


def _revisions(source: str) -> list[str]:
    listed = _run(source, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
    return ["HEAD", *listed.stdout.decode(errors="replace").splitlines()]


def _parts(source: str, path: str) -> list[str]:
    """Return the names that lead to a path: from the repository's top, or as git has it from here with ``./``."""
    prefix = ""
    if path.split("/")[0] in (".", ".."):
        prefix = os.fsdecode(_run(source, "rev-parse", "--show-prefix").stdout.rstrip(b"\n"))
    whole = posixpath.normpath(prefix + path)
    if whole.startswith(("/", "../")) or whole == "..":
        raise ConfigError(source, path, expected="a path inside the repository, from its top folder")
    return [part for part in whole.split("/") if part != "."]


def _find_entry(source: str, commit: str, parts: Sequence[str]) -> tuple[str, _TreeEntry | None]:
    """Return the object of the folder that holds a path, and the path's entry in it, ``None`` for the top itself."""
    tree, entry = commit, None
    for index, part in enumerate(parts):
        tree = entry.object if entry else tree
        entries = (
            {tree_entry.name: tree_entry for tree_entry in _entries(source, tree)}
            if not entry or entry.kind == _FOLDER
            else {}
        )
        if part not in entries:
            place = "/".join(parts[:index]) or "the top folder"
            raise ConfigError(source, part, entries, f"in {place} of that revision")
        entry = entries[part]
    return tree, entry


def _wanted(source: str, parent: str, entry: _TreeEntry | None) -> list[_TreeEntry]:
    """Return what has to be written: all that is read of a folder, a file with what it may include, or a document."""
    if entry is None or entry.kind == _FOLDER:
        return _readable(source, entry.object if entry else parent)
    if entry.mode not in _REGULAR:
        raise ConfigError(source, entry.name, expected=f"a file: it is {_KINDS.get(entry.mode, 'something else')}")
    name = entry.name.lower()
    if name.endswith(PAGE_SUFFIXES):
        return _files(source, parent, PAGE_SUFFIXES)
    return _readable(source, parent) if name.endswith(_INCLUDING) else [entry]


def _readable(source: str, tree: str) -> list[_TreeEntry]:
    """Return the files of a folder that may be read."""
    from docdouble.schemas.sources.format_registry import readable_suffixes  # here because it takes 0.1 s to import

    return _files(source, tree, (*PAGE_SUFFIXES, *readable_suffixes()))


def _files(source: str, tree: str, suffixes: tuple[str, ...]) -> list[_TreeEntry]:
    entries = _entries(source, tree, "-r")
    return [entry for entry in entries if entry.name.lower().endswith(suffixes) or entry.mode == _SUBMODULE]


def _entries(source: str, tree: str, *options: str) -> list[_TreeEntry]:
    listed = _run(source, "ls-tree", "-z", "-l", "--full-tree", *options, tree)
    if listed.returncode:
        raise _broken(source, listed.stderr.decode(errors="replace").strip().partition("\n")[0])
    return [_entry(line) for line in listed.stdout.split(b"\0") if line]


def _entry(line: bytes) -> _TreeEntry:
    attributes, _, name = line.partition(b"\t")
    mode, kind, identity, size = attributes.decode().split()
    return _TreeEntry(mode, kind, identity, int(size) if size.isdecimal() else 0, os.fsdecode(name))


def _write_all(source: str, entries: list[_TreeEntry], root: Path) -> tuple[str, ...]:
    """Write what is safe to be written, and return why the rest isn't."""
    reasons = [(entry, _why_not(entry)) for entry in entries]
    kept = [entry for entry, why in reasons if not why]
    if sum(entry.size for entry in kept) > MOST_BYTES:
        raise ConfigError("source", source, expected=f"of at most {MOST_BYTES // 2**20} MiB")
    with TemporaryFile() as asked:
        asked.writelines(entry.object.encode() + b"\n" for entry in kept if entry.size <= MAX_DOCUMENT_BYTES)
        asked.seek(0)
        _write(source, kept, root, asked)
    return tuple(why for _, why in reasons if why)


def _why_not(entry: _TreeEntry) -> str:
    if entry.mode not in _REGULAR:
        return f"{entry.name} is {_KINDS.get(entry.mode, 'no file')}, and not followed"
    parts = entry.name.split("/")
    foreign = os.sep != "/" and any(os.sep in part or ":" in part for part in parts)
    if foreign or not {"", ".", ".."}.isdisjoint(parts):
        return f"{entry.name!r} is no path that may be written"
    return ""


def _write(source: str, entries: list[_TreeEntry], root: Path, asked: IO[bytes]) -> None:
    """Write files, one after the other as ``git cat-file`` sends them."""
    with subprocess.Popen(
        [*_GIT, "cat-file", "--batch"],
        stdin=asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as process:
        assert process.stdout is not None  # a pipe was asked for
        for entry in entries:
            path = root / entry.name
            path.parent.mkdir(parents=True, exist_ok=True)
            if entry.size > MAX_DOCUMENT_BYTES:
                path.touch()
                os.truncate(path, entry.size)  # the reader refuses it for its size, and needn't be given the content
            else:
                path.write_bytes(_content(source, process.stdout))


def _content(source: str, stream: IO[bytes]) -> bytes:
    header = stream.readline().split()
    if len(header) != 3:
        raise _broken(source, "this clone lacks files of that revision; git fetch them first")
    data = stream.read(int(header[2]))
    stream.read(1)
    return data


def _broken(source: str, why: str) -> ConfigError:
    return ConfigError("source", source, expected=f"readable: {why}")


def _run(source: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git to its end, without any means to ask something; raises ``ConfigError`` where there is no git."""
    try:
        return subprocess.run(
            [*_GIT, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False, env=_environment()
        )
    except FileNotFoundError as error:
        raise _broken(source, "git is not installed") from error


def _environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _TELL_WHICH_REPOSITORY}
    return kept | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
