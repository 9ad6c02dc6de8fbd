"""Discovery in a folder: files that may document an API, its tests and its own settings."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from docdouble.schemas.dialects.dialect_registry import dialects
from docdouble.schemas.source import MAX_DOCUMENT_BYTES

MOST_FILES = 50_000
"""Files that are looked at, by name; of those that may be pages or documents the beginning is read."""

MOST_CANDIDATES = 5
"""Sources that are read whole, to see which is best."""

_GIT_SECONDS = 20.0
_BEGINNING = 64 * 1024
_DOCUMENT = re.compile(rb"""(?:^|[\s{,])["']?(openapi|swagger)["']?\s*:\s*["']?[23]\.\d""")
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


def candidates(folder: Path) -> list[Candidate]:
    """Return what looks like a source: at most one folder of pages, then documents, those of tests last."""
    fences = "|".join(sorted({re.escape(dialect.operation_fence) for dialect in dialects()}))
    page = re.compile(rf"^`{{3,}} *(?:{fences}) *\r?$".encode(), re.MULTILINE)
    names = list(islice(_names(folder), MOST_FILES))
    pages = [name for name in names if name.suffix.lower() == ".md" and _begins(folder / name, page)]
    found = [Candidate(str(_holding(pages)), is_folder=True)] if pages else []
    documents = (name for name in names if name.suffix.lower() in (".json", ".yaml", ".yml"))
    found += [Candidate(str(name), is_folder=False) for name in documents if _begins(folder / name, _DOCUMENT)]
    return sorted(found, key=lambda one: (one.is_aside, not one.is_folder, one.path.count("/"), one.path))


def tests_folder(folder: Path) -> str:
    """Return the folder of a project's tests: the one that is there, else ``tests``."""
    return next((name for name in ("tests", "test") if (folder / name).is_dir()), "tests")


def requirements(folder: Path) -> str:
    """Return what pip has to install, beside docdouble, before a project's tests can run."""
    files = [f"-r {name}" for name in ("requirements.txt", "requirements-dev.txt") if (folder / name).is_file()]
    is_package = (folder / "setup.py").is_file() or _has(folder / "pyproject.toml", b"[project]")
    return " ".join([*files, *(["-e ."] if is_package else [])])


def ci_here(folder: Path) -> tuple[str, ...]:
    """Return which of the templates a project has a use for, by the files that it has."""
    signs = {
        "github": ".github",
        "gitlab": ".gitlab-ci.yml",
        "pre-commit": ".pre-commit-config.yaml",
        "docker": "compose.yaml",
    }
    return tuple(name for name, sign in signs.items() if (folder / sign).exists())


def _names(folder: Path) -> Iterator[PurePosixPath]:
    """Yield the files below the folder that lie in it, links aside; those that git ignores aren't among them."""
    top = folder.resolve()
    for name in _tracked(folder) or _walked(folder):
        path = folder / name
        if path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(top)):
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
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _NOT_OURS)
        for name in sorted(names):
            yield PurePosixPath(Path(root, name).relative_to(folder).as_posix())


def _begins(path: Path, sign: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as file:
            return bool(sign.search(file.read(_BEGINNING))) and path.stat().st_size <= MAX_DOCUMENT_BYTES
    except OSError:
        return False


def _has(path: Path, text: bytes) -> bool:
    return path.is_file() and text in path.read_bytes()


def _holding(pages: list[PurePosixPath]) -> PurePosixPath:
    """Return the deepest folder that holds nearly all pages."""
    held = Counter(folder for page in pages for folder in page.parents)
    enough = [folder for folder, count in held.items() if count >= _MOST_OF_PAGES * len(pages)]
    return max(enough, key=lambda folder: len(folder.parts))
