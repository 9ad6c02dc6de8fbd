"""Includes of pages of any family, as the programs write them that render pages.

These are Jekyll, MkDocs, VitePress, DocFX, MDX (an import that stands as a component), HashiCorp's and Slate's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from ..errors import PageError
from ..extraction import Contradiction
from ..text_files import read_text, real_path
from .blocks import Page
from .documents import MAX_PAGE_BYTES, parsed_page, split_front_matter
from .includes import Expanded, Including, IncludingLine, Place, expand, relocated_error
from .page_folder import RST_SUFFIX, refused_page
from .rst_includes import RstIncluding

SUFFIXES = (".md", ".mdx", ".markdown")

_PATH = r"(?P<path>[^'\"\s{}<>()\[\]%]+\.(?:md|mdx|markdown))"
_FOLDERS = ("", "_includes", "includes", "partials", "snippets", "_partials")
"""Folders, beside a page or above it, in which programs look for what is named without a dot in front."""

_BESIDE = (
    re.compile(rf"\{{%-?\s*include_relative\s+['\"]?{_PATH}['\"]?[^%]*%\}}"),
    re.compile(rf"<!--\s*@include:\s*{_PATH}\s*-->"),
    re.compile(rf"\[!include\s*\[[^\]]*\]\(\s*{_PATH}(?:\s+\"[^\"]*\")?\s*\)\]", re.IGNORECASE),
)
"""Lines that name a file from where they stand."""

_ABOVE = (
    re.compile(rf"\{{%-?\s*include\s+['\"]?{_PATH}['\"]?[^%]*%\}}"),
    re.compile(rf"-+8<-+\s+(?P<mark>['\"]){_PATH}(?P=mark)"),
    re.compile(rf"@include\s+(?P<mark>['\"]){_PATH}(?P=mark)"),
)
"""Lines that name a file from a folder of the program's settings."""

_IMPORT = re.compile(rf"import\s+(?P<name>[A-Z]\w*)\s+from\s+(?P<mark>['\"]){_PATH}(?P=mark)\s*;?")
_COMPONENT = re.compile(r"<(?P<name>[A-Z]\w*)(?:\s[^<>]*)?/>")
_SIGN = re.compile(
    r"\binclude|\bliteralinclude|\brest_parameters|\d<-|^import\s+[A-Z]\w*\s+from\b", re.IGNORECASE | re.MULTILINE
)
_LISTED = re.compile(r"\s*-\s+['\"]?(?P<name>[\w./-]+)['\"]?\s*")


@dataclass(frozen=True)
class DialectIncluding(Including):
    """The files that a page of a dialect may include, by lines that a ``pattern`` finds."""

    pattern: re.Pattern[str]
    suffixes: ClassVar[tuple[str, ...]] = (".md",)
    missing: ClassVar[str] = "broken-include"

    def marked_lines(self, lines: Sequence[str], nested: bool, folder: Path) -> Iterator[IncludingLine]:
        """Yield the lines of a text, all of it."""
        del nested, folder  # all of a file is included, and named from where it stands
        for number, line in enumerate(lines, 1):
            match = self.pattern.fullmatch(line.strip())
            yield IncludingLine(number, line, match["path"] if match else None)


@dataclass(frozen=True)
class PageIncluding(Including):
    """The files that a page of any family may include; one that isn't below the root is no fault of the page."""

    suffixes: ClassVar[tuple[str, ...]] = SUFFIXES

    def marked_lines(self, lines: Sequence[str], nested: bool, folder: Path) -> Iterator[IncludingLine]:
        """Yield the lines of a text; without the front matter of an included one, and with what Slate's names."""
        del folder  # a file is looked for above it, too
        start = split_front_matter(lines)[1]
        imported: dict[str, str] = {}
        for number, line in enumerate(lines, 1):
            if number <= start and nested:
                continue
            stripped = line.strip()
            if match := _IMPORT.fullmatch(stripped):
                imported[match["name"]] = match["path"]
            component = _COMPONENT.fullmatch(stripped)
            named = imported.get(component["name"]) if component else _named(stripped)
            yield IncludingLine(number, line, named)
        yield from () if nested else _slate_lines(lines[:start])

    def target(self, folder: Path, written: str) -> Path:
        """Return the first file of a name in the places where programs look for it, else the nearest of these."""
        places = list(self._places(folder, written))
        return next((place for place in places if self.holds(place)), places[0])

    def _places(self, folder: Path, written: str) -> Iterator[Path]:
        name = written.removeprefix("@site").removeprefix("@").removeprefix("~").lstrip("/")
        yield real_path(folder / (name if name != written else written))
        if written.startswith("."):
            return
        for above in (folder, *folder.parents):
            if not above.is_relative_to(self.root):
                return
            yield from (real_path(above / inner / name) for inner in _FOLDERS)
            if above == self.root and "/" in name:  # the root of the site may be the folder that is read itself
                yield real_path(above / name.partition("/")[2])


def _named(line: str) -> str | None:
    """Return the path of the file that a line includes, with a dot in front where it is named from there."""
    if line[:1] not in "{-<[@":
        return None
    for pattern in _ABOVE:
        if match := pattern.fullmatch(line):
            return match["path"]
    for pattern in _BESIDE:
        if match := pattern.fullmatch(line):
            path = match["path"]
            return path if path[0] in ".@~/" else f"./{path}"
    return None


def _slate_lines(front: Sequence[str]) -> Iterator[IncludingLine]:
    """Yield what the front matter of Slate's page lists, which stands behind the page."""
    is_list = False
    for number, line in enumerate(front, 1):
        if is_list and (match := _LISTED.fullmatch(line)):
            folder, slash, name = match["name"].rpartition("/")
            yield IncludingLine(number, "", f"./includes/{folder}{slash}_{name}.md")
        else:
            is_list = line.rstrip() == "includes:"


@dataclass(frozen=True)
class ParsedPages:
    """The pages of a folder that can be read, as blocks, why others can't, and those that include others."""

    pages: list[Page]
    failures: list[PageError]
    expanded: Mapping[str, Expanded]

    @cached_property
    def places(self) -> dict[str, list[Place]]:
        """The file and line that each line of a page with includes is from, by the names of the pages."""
        return {name: expanded.places for name, expanded in self.expanded.items()}

    @property
    def broken(self) -> tuple[Contradiction, ...]:
        """The includes that can't be followed."""
        return tuple(
            dict.fromkeys(contradiction for expanded in self.expanded.values() for contradiction in expanded.broken)
        )

    @cached_property
    def included(self) -> frozenset[str]:
        """The names of the files that others include."""
        return frozenset(file for name, places in self.places.items() for file, _ in places if file != name)


def parsed(pages: Iterable[tuple[Path, str]], root: Path) -> ParsedPages:
    """Parse pages with what they include below a folder."""
    read: list[Page] = []
    failures: list[PageError] = []
    expanded: dict[str, Expanded] = {}
    of_markdown, of_rst = PageIncluding(root), RstIncluding(root)
    for path, name in pages:
        if failure := refused_page(path, name, root):
            failures.append(failure)
            continue
        try:
            text = read_text(path, name, MAX_PAGE_BYTES)
            files = of_rst if name.lower().endswith(RST_SUFFIX) else of_markdown
            may_include = name.lower().endswith((*SUFFIXES, RST_SUFFIX)) and _SIGN.search(text)
            whole = expand(text, path, name, files) if may_include else None
            if whole and (whole.includes or whole.broken):
                expanded[name] = whole
            read.append(parsed_page(expanded[name].text if name in expanded else text, name))
        except PageError as error:
            failures.append(relocated_error(error, expanded.pop(name, None)))
    return ParsedPages(read, failures, expanded)
