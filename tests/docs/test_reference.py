"""Exit codes, header fields and messages in the manual agree with the code."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from docdouble.contracts.cli.exit_codes import ExitCode

from .blocks import ROOT

FIELD = re.compile(r"Docdouble(?:-[A-Z][a-z]+)+")
PAGE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


@cache
def nodes() -> tuple[ast.AST, ...]:
    """The texts and the calls in the code of the three packages."""
    paths = (path for folder in ("schemas", "fakeserver", "contracts") for path in (ROOT / folder).rglob("*.py"))
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in paths)
    return tuple(
        node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr | ast.Call)
    )


def first_cells(heading: str) -> list[str]:
    """The first cells of the table below a heading, which may hold several names."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| (.+?) \|", section, re.MULTILINE)[1:]


def test_the_page_has_the_header_fields_of_the_code() -> None:
    cells = (*first_cells("Header fields of requests to the fake"), *first_cells("Header fields of answers"))
    strings = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert sorted(cell.strip("`") for cell in cells if FIELD.search(cell)) == sorted(filter(FIELD.fullmatch, strings))


def test_the_page_has_the_exit_codes_of_the_code() -> None:
    assert list(map(int, first_cells("Exit codes"))) == sorted(ExitCode)


def test_commands_end_with_codes_that_have_a_name() -> None:
    calls = (node for node in nodes() if isinstance(node, ast.Call) and node.args)
    exits = (call for call in calls if ast.unparse(call.func) in ("sys.exit", "SystemExit", "ctx.exit"))
    assert [ast.unparse(call) for call in exits if isinstance(call.args[0], ast.Constant)] == []


def texts() -> Iterator[str]:
    """All texts of the code, with ``…`` for each value that is filled in."""
    for node in nodes():
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_messages_that_are_explained_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    messages = re.findall("`(.+?)`", "".join(re.findall(r"^\| (`.+?`) \|", page, re.MULTILINE)))
    code = "\n".join(texts())

    def is_known(message: str) -> bool:
        words = message.split()
        return any(" ".join(words[start : start + 3]) in code for start in range(max(1, len(words) - 2)))

    assert len(messages) > 20
    assert [message for message in messages if not is_known(message)] == []
