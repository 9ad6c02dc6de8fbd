"""The fenced blocks of README.md and docs/: the name of each, the commands that it shows, and the output below them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").glob("**/*.md") if "_generated" not in path.parts),
)
BLOCK = re.compile(r"^(?:<!-- (?P<name>.+?) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block, with the line of its fence and the name in the comment above it, if any."""

    page: Path
    line: int
    language: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


@dataclass(frozen=True)
class Command:
    """What somebody types, and the lines that are shown below it."""

    text: str
    shown: str


def blocks(*pages: Path) -> list[Block]:
    """The blocks of these pages, or of all."""
    return [
        Block(page, line, fenced["language"], fenced["name"] or "", fenced["text"])
        for page in pages or PAGES
        for text in [page.read_text(encoding="utf-8")]
        for fenced in BLOCK.finditer(text)
        for line in [text.count("\n", 0, fenced.start("language")) + 1]
    ]


def named(name: str) -> str:
    """The text of the block with that name, of which there is one on all pages."""
    (block,) = (block for block in blocks() if block.name == name)
    return block.text


def commands(block: Block) -> list[Command]:
    """The commands of a console, which follow ``$``, or of a script, where every line is one."""
    text = block.text.replace("\\\n", "")
    if block.language == "sh":
        return [Command(line, "") for line in text.splitlines()]
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [Command(*part.partition("\n")[::2]) for part in parts]


def shape(text: str) -> str:
    """The text without what differs from run to run: white space, and the digits of numbers, dates and times."""
    return "".join(re.sub(r"\d+(\.\d+)?", "0", text).split())


def assert_shown(shown: str, output: str) -> None:
    """Assert that all shown lines are in the output, in their order; ``…`` and ``...`` stand for anything."""
    text, position = shape(output), 0
    for fragment in filter(None, re.split(r"…|\.\.\.|\n", shown)):
        start = text.find(shape(fragment), position)
        assert start >= 0, f"{fragment!r} is shown, but not in:\n{output}"
        position = start + len(shape(fragment))
