"""The page of exit codes and header fields has all that the code has, and no other."""

import ast
import re
from collections.abc import Iterator

from docdouble.contracts.cli.exit_codes import ExitCode

from .blocks import ROOT

FIELD = re.compile(r"Docdouble(?:-[A-Z][a-z]+)+")
PAGE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def nodes() -> Iterator[ast.AST]:
    """All that the code of the three packages consists of."""
    for folder in ("schemas", "fakeserver", "contracts"):
        for path in (ROOT / folder).rglob("*.py"):
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


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
