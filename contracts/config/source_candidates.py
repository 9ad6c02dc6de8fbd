"""Discovery of sources in a folder: files that may document an API, and the one that it plainly holds."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from docdouble.schemas import ConfigError
from docdouble.schemas.dialects.dialect_registry import page_sign
from docdouble.schemas.source import MAX_DOCUMENT_BYTES
from docdouble.schemas.text_files import real_path

from ..model.text import listed

MOST_FILES = 50_000
"""Files that are looked at, by name; of those that may be pages or documents the beginning is read."""

MOST_CANDIDATES = 5
"""Sources that are read whole, to see which is best."""

_MOST_OPENED = 2_000
_MOST_NAMED = 10
_GIT_SECONDS = 20.0
_BEGINNING = 64 * 1024
_DOCUMENT = re.compile(rb"""(?:^|[\s{,])["']?(openapi|swagger)["']?\s*:\s*["']?[23]\.\d""")
_PAGES = (".md", ".mdx", ".markdown", ".html", ".htm")
_REQUEST = re.compile(
    rb"""\b(?:GET|POST|PUT|PATCH|DELETE)\b[`*\s|:]{1,40}(?:https?://|/|\{)|method=["'](?:get|post|put|delete|patch)["']"""
    rb"""|>(?:GET|POST|PUT|DELETE|PATCH)<|/\S* \((?:GET|POST|PUT|DELETE|PATCH)\)""",
    re.IGNORECASE,
)
"""A request line, in whatever a page has for one."""

_NOT_OURS = {"node_modules", "venv", "env", "__pycache__", "build", "dist", "site-packages", "target", "vendor"}
_OF_TESTS = {"test", "tests", "__tests__", "fixtures", "testdata", "examples"}
_MOST_OF_PAGES = 0.9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source by its path below the folder; ``is_aside`` where it stands among tests or examples."""

    path: str
    is_folder: bool

    @property
    def is_aside(self) -> bool:
        """Whether it rather is an example than what the project is about."""
        return not _OF_TESTS.isdisjoint(part.lower() for part in PurePosixPath(self.path).parts)

    @property
    def depth(self) -> int:
        """The number of folders that it is down, or its pages are."""
        return len(PurePosixPath(self.path).parts) - (not self.is_folder)

    @property
    def is_plain(self) -> bool:
        """Whether it is what somebody means who names nothing: at the top, or one folder down, and no example."""
        return self.depth <= 1 and not self.is_aside


def candidates(folder: Path) -> list[Candidate]:
    """Return the candidates: at most one folder of pages, then documents, those of tests last."""
    page = page_sign()
    names = list(islice(_names(folder), MOST_FILES))
    pages = [name for name in names if name.suffix.lower() == ".md" and _begins(folder / name, page)]
    collected = [Candidate(str(_holding(pages)), is_folder=True)] if pages else []
    if not collected and (folder_of_pages := _family(folder, names)):
        collected.append(folder_of_pages)
    documents = (name for name in names if name.suffix.lower() in (".json", ".yaml", ".yml"))
    collected += [Candidate(str(name), is_folder=False) for name in documents if _begins(folder / name, _DOCUMENT)]
    collected = collected or _of_other_formats(folder, names)
    return sorted(
        collected,
        key=lambda candidate: (candidate.is_aside, not candidate.is_folder, candidate.path.count("/"), candidate.path),
    )


def _family(folder: Path, names: list[PurePosixPath]) -> Candidate | None:
    """Return the folder of pages of a family without a dialect of ours, ``None`` where no page documents a request."""
    signed = [name for name in names if name.suffix.lower() in _PAGES and _begins(folder / name, _REQUEST)]
    if not signed:
        return None
    from docdouble.schemas.pages.page_files import describes_operations  # here because few folders come this far

    holding = _holding(signed)
    return Candidate(str(holding), is_folder=True) if describes_operations(folder / holding) else None


def _of_other_formats(folder: Path, names: list[PurePosixPath]) -> list[Candidate]:
    """Return the one file of another format, such as a collection, or the folder that holds nearly all of several."""
    # here because few folders come this far, and it takes 0.1 s to import
    from docdouble.schemas.sources.format_registry import is_of_format, readable_suffixes

    suffixes = readable_suffixes()
    likely = (name for name in names if name.name.lower().endswith(suffixes))
    files = [name for name in islice(likely, _MOST_OPENED) if is_of_format(folder / name)]
    if len(files) > 1:
        return [Candidate(str(_holding(files)), is_folder=True)]
    return [Candidate(str(name), is_folder=False) for name in files]


def plain_source(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return the source that a folder plainly holds, empty for none, and the others that are there.

    Raises ``ConfigError`` where it holds several that are equally plain.
    """
    collected = candidates(folder)
    plain = [candidate for candidate in collected if candidate.is_plain]
    highest = [candidate for candidate in plain if candidate.depth == min(other.depth for other in plain)]
    if len(highest) > 1:
        names = listed([candidate.path for candidate in highest], _MOST_NAMED)
        raise ConfigError(
            "source",
            str(folder),
            expected=f"clear: the folder holds {names}; name the one that is meant, or several",
        )
    taken = highest[0].path if highest else ""
    return taken, tuple(candidate.path for candidate in collected if candidate.path != taken)


def _names(folder: Path) -> Iterator[PurePosixPath]:
    """Yield the files below the folder that lie in it, links aside; those that git ignores aren't among them."""
    top = folder.resolve()
    for name in _tracked(folder) or _walked(folder):
        path = folder / name
        if path.is_file() and (not path.is_symlink() or real_path(path).is_relative_to(top)):
            yield name


def _tracked(folder: Path) -> list[PurePosixPath]:
    """Return what git knows or would add, nothing where the folder is no work tree."""
    command = ["git", "-C", str(folder), "ls-files", "-co", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_GIT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return sorted(PurePosixPath(os.fsdecode(name)) for name in done.stdout.split(b"\0") if name)


def _walked(folder: Path) -> Iterator[PurePosixPath]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(inner for inner in folders if not inner.startswith(".") and inner not in _NOT_OURS)
        for name in sorted(names):
            yield PurePosixPath(Path(root, name).relative_to(folder).as_posix())


def _begins(path: Path, sign: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as file:
            return bool(sign.search(file.read(_BEGINNING))) and path.stat().st_size <= MAX_DOCUMENT_BYTES
    except OSError:
        return False


def _holding(pages: list[PurePosixPath]) -> PurePosixPath:
    """Return the deepest folder that holds nearly all pages."""
    held = Counter(folder for page in pages for folder in page.parents)
    enough = [folder for folder, count in held.items() if count >= _MOST_OF_PAGES * len(pages)]
    return max(enough, key=lambda folder: len(folder.parts))
