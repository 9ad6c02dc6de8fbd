"""The layers as a test: imports point down, no cycles, every package is shipped, no module is too long."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 600
MAY_IMPORT = {
    "schemas": {"schemas"},
    "fakeserver": {"schemas", "fakeserver"},
    "contracts": {"schemas", "fakeserver", "contracts"},
}
MODULES = sorted(path for folder in MAY_IMPORT for path in (ROOT / folder).rglob("*.py"))
ONLY_IN = {
    "schemathesis": {"contracts/generation/schemathesis.py"},
    "pytest": {
        "contracts/pytest_plugin.py",
        "contracts/plugin/coverage.py",
        "contracts/plugin/planted_faults.py",
        "contracts/plugin/items.py",
        "contracts/plugin/project.py",
    },
    "faker": {"fakeserver/sampler/data/faker_pools.py"},
    "granian": {"fakeserver/serving/serve.py"},
}


def dotted(path: Path) -> str:
    """The module's import name."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[:2] == ["contracts", "_root"]:
        parts = parts[2:]
    return ".".join(["docdouble", *(part for part in parts if part != "__init__")])


def package(path: Path) -> list[str]:
    name = dotted(path).split(".")
    return name if path.name == "__init__.py" else name[:-1]


@cache
def imports(path: Path) -> frozenset[tuple[str, bool]]:
    """The modules that a module imports, and whether at its top level, where an import can close a cycle."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset((name, node in tree.body) for node in ast.walk(tree) for name in _imported(node, path))


def _imported(node: ast.AST, path: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        around = package(path)
        base = (
            ".".join([*around[: len(around) - node.level + 1], *([node.module] if node.module else [])])
            if node.level
            else node.module or ""
        )
        known = {dotted(module) for module in MODULES}
        inner = [f"{base}.{alias.name}" for alias in node.names if f"{base}.{alias.name}" in known]
        yield from inner or [base]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    allowed = MAY_IMPORT[path.relative_to(ROOT).parts[0]]
    ours = {name for name, _ in imports(path) if name.split(".")[0] == "docdouble"}
    assert {name.split(".")[1] for name in ours if "." in name} <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_top_level_folders_are_not_import_names(path: Path) -> None:
    assert not {name for name, _ in imports(path) if name.split(".")[0] in MAY_IMPORT}


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_that_changes_often_is_touched_in_one_place(library: str) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        for name, _ in imports(path)
        if name.split(".")[0] == library
    }
    assert users == ONLY_IN[library]


def test_no_import_cycles() -> None:
    graph = {dotted(path): {name for name, top in imports(path) if top} for path in MODULES}
    finished: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name not in finished:
            for target in sorted(graph[name] & graph.keys()):
                visit(target, (*trail, name))
            finished.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize(
    "path", [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_module_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_shipped_contracts_are_package_data() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    patterns = settings["package-data"]["docdouble.schemas"]
    shipped = {path for pattern in patterns for path in (ROOT / "schemas").glob(pattern)}
    assert shipped == set((ROOT / "schemas").rglob("*.json"))
    assert ROOT / "schemas" / "superoffice" / "contract.json" in shipped
