"""The layout as a test: imports point down, rooms are few and without cycles, sizes have limits, a name stands once."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MODULE_LINES, CLASS_LINES, FUNCTION_LINES, PARAMETERS = 600, 200, 60, 7
ROOMS = {"schemas": 20, "fakeserver": 20, "contracts": 30}
"""How many sub-packages and loose modules a folder may hold."""
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
        "contracts/plugin/pytest_coverage.py",
        "contracts/plugin/pytest_verdict.py",
        "contracts/plugin/planted_faults.py",
        "contracts/plugin/items.py",
        "contracts/plugin/project.py",
    },
    "faker": {"fakeserver/sampler/data/faker_pools.py"},
    "jinja2": {"fakeserver/console/page_templates.py"},
    "granian": {"fakeserver/serving/servers.py", "fakeserver/serving/proxy_server.py"},
    "aiohttp": {"fakeserver/proxy/upstream.py"},
    "werkzeug": {
        "contracts/coverage/clients.py",
        "contracts/plugin/fakes.py",
        "contracts/plugin/pytest_coverage.py",
        "fakeserver/http/codecs/multipart_codec.py",
        "fakeserver/http/header_fields.py",
        "fakeserver/http/wsgi.py",
        "fakeserver/serving/servers.py",
    },
}
BEHIND_THE_DOOR = {
    # the meaning of HTTP, which the suite and the fake read alike
    "http.body_limits",
    "http.codecs",
    "http.documented",
    "http.header_fields",
    "http.masking",
    "http.negotiate",
    "http.problem",
    "http.redaction",
    "http.secret_values",
    "http.refusal",
    "requests.made_up_credentials",
    "requests.request_reader",
    # how answers and values are made, which cases, chains and mutants start from
    "answers.answerer",
    "behaviours.conditional_requests",
    "control.violations",
    "sampler.narrow",
    "state.worlds",
    # what stands before a server, which only the command line, the plugin and their judge ask for
    "proxy.forwarding",
    "proxy.judging",
    "proxy.upstream",
    "serving.proxy_server",
    "control.journal",
    # what only the command line asks for
    "control.faults",
    "sampler.explain_samples",
    "sampler.impossible_values",
    "serving.reload",
    "serving.tls",
    "sampler.no_value",
    "sampler.sizes",
}
"""Modules of the fake server that ``contracts`` imports directly, and not from ``docdouble.fakeserver``."""
PRINTING = "contracts/output/"
"""The room through which alone something is printed."""

PRINTS = {
    "contracts/cli/verify_modes.py": {"os.write(2, _ENDING)"},
    "fakeserver/serving/servers.py": {
        """sys.stderr.write(f'docdouble: compiled in {time.perf_counter() - started:.1f} s\\n')"""
    },
}
"""What else is printed: nothing that anybody documents or sends."""

SAME_FUNCTION = {
    "decode": {"fakeserver/http/codecs"},
    "encode": {"fakeserver/http/codecs"},
}
"""Public functions of parallel modules, and where they may stand: each codec reads and writes a media type."""
QUESTIONS = {"How", "That", "What", "When", "Where", "Whether", "Which", "Who", "Why"}
"""First words of a docstring that nobody searches for."""


def dotted(path: Path) -> str:
    """The module's import name."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    if parts[:2] == ["contracts", "_root"]:
        parts = parts[2:]
    return ".".join(["docdouble", *(part for part in parts if part != "__init__")])


NAMES = {dotted(path) for path in MODULES}


def package(path: Path) -> list[str]:
    name = dotted(path).split(".")
    return name if path.name == "__init__.py" else name[:-1]


@cache
def imports(path: Path) -> frozenset[tuple[str, bool]]:
    """The modules that a module imports, and whether at its top level, where an import can close a cycle."""
    tree = parsed(path)
    return frozenset((name, node in tree.body) for node in ast.walk(tree) for name in _imported(node, path))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


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
        inner = [f"{base}.{alias.name}" for alias in node.names if f"{base}.{alias.name}" in NAMES]
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


def test_contracts_uses_the_fake_server_through_its_door() -> None:
    inner = "docdouble.fakeserver."
    above = [path for path in MODULES if dotted(path).startswith("docdouble.contracts")]
    used = {name.removeprefix(inner) for path in above for name, _ in imports(path) if name.startswith(inner)}
    assert used == BEHIND_THE_DOOR


def test_no_import_cycles() -> None:
    assert_acyclic({dotted(path): {name for name, top in imports(path) if top} for path in MODULES})


def assert_acyclic(graph: dict[str, set[str]]) -> None:
    finished: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name not in finished:
            for target in sorted(graph[name] & graph.keys()):
                visit(target, (*trail, name))
            finished.add(name)

    for name in graph:
        visit(name, ())


@cache
def rooms(folder: str) -> dict[str, set[str]]:
    """The sub-packages and loose modules of a folder, with those that each imports, be it inside of a function."""
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        if dotted(path).split(".")[1:2] == [folder]:
            room = _room(dotted(path))
            targets = {_room(name) for name, _ in imports(path) if name.split(".")[:2] == ["docdouble", folder]}
            graph.setdefault(room, set()).update(targets - {room})
    return graph


def _room(name: str) -> str:
    return [*name.split("."), "__init__"][2]


@pytest.mark.parametrize("folder", ROOMS)
def test_a_folder_holds_few_rooms(folder: str) -> None:
    assert len(rooms(folder).keys() - {"__init__"}) <= ROOMS[folder]


@pytest.mark.parametrize("folder", ROOMS)
def test_rooms_do_not_import_each_other_in_circles(folder: str) -> None:
    assert_acyclic(rooms(folder))


def nodes_of(paths: Iterable[Path], *kinds: type[ast.AST]) -> Iterator[tuple[Path, Any]]:
    """The syntax nodes of these kinds, each with its module."""
    return ((path, node) for path in paths for node in ast.walk(parsed(path)) if isinstance(node, kinds))


def prints(call: ast.Call) -> bool:
    """Whether a call prints something, or makes what a console prints."""
    function = ast.unparse(call.func)
    is_printing = function in ("print", "os.write", "click.echo", "click.secho", "Console", "Text", "Table")
    is_stream = function.startswith("sys.std") and not function.endswith((".isatty", ".flush"))
    return is_printing or is_stream or function.startswith("Text.") or function.endswith(".print")


def test_all_that_is_printed_goes_through_one_room() -> None:
    printed: dict[str, set[str]] = defaultdict(set)
    for path, call in nodes_of(MODULES, ast.Call):
        name = path.relative_to(ROOT).as_posix()
        if prints(call) and not name.startswith(PRINTING):
            printed[name].add(ast.unparse(call))
    assert printed == PRINTS


def is_printable(text: ast.expr) -> bool:
    """Whether an expression of a text is a constant, a number, or made for being printed."""
    if isinstance(text, ast.JoinedStr):
        return all(map(is_printable, text.values))
    if isinstance(text, ast.FormattedValue):
        return text.format_spec is not None or is_printable(text.value)
    return isinstance(text, ast.Constant) or "printed" in ast.unparse(text)


def test_all_that_pytest_prints_for_us_is_made_for_being_printed() -> None:
    roads = ("write_line", "rewrite", "fail", "fail.Exception", "skip", "UsageError", "PytestWarning", "_section")
    others = [
        f"{path.relative_to(ROOT).as_posix()}: {ast.unparse(call)}"
        for path, call in nodes_of(MODULES, ast.Call)
        if path.parent.name == "plugin" or path.name == "pytest_plugin.py"
        if ast.unparse(call.func).endswith(roads) and not is_printable(call.args[-1])
    ]
    assert others == []


def test_no_module_is_too_long() -> None:
    assert not {path for path in [*MODULES, *TESTS] if len(path.read_text("utf-8").splitlines()) > MODULE_LINES}


def test_no_class_or_function_is_too_long() -> None:
    most = {ast.ClassDef: CLASS_LINES, ast.FunctionDef: FUNCTION_LINES, ast.AsyncFunctionDef: FUNCTION_LINES}
    nodes = nodes_of([*MODULES, *TESTS], *most)
    assert not {_of_module(path, node) for path, node in nodes if node.end_lineno - node.lineno >= most[type(node)]}


def test_no_function_takes_many_parameters() -> None:
    nodes = nodes_of(MODULES, ast.FunctionDef, ast.AsyncFunctionDef)
    many = {_of_module(path, node) for path, node in nodes if _parameters(node) > PARAMETERS and not _is_command(node)}
    assert not many


def _of_module(path: Path, node: Any) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{node.name}"


def _parameters(function: ast.FunctionDef) -> int:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return sum(parameter is not None and parameter.arg not in {"self", "cls"} for parameter in named)


def _is_command(function: ast.FunctionDef) -> bool:
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_a_module_docstring_begins_with_what_somebody_searches_for() -> None:
    first = {path: (ast.get_docstring(parsed(path)) or "What").split()[0] for path in MODULES}
    assert not {path for path, word in first.items() if word in QUESTIONS}


def test_a_class_name_stands_once() -> None:
    named = ((node.name, path) for path, node in _public(ast.ClassDef))
    assert not twice(named, {})


def test_a_function_name_stands_once() -> None:
    named = ((node.name, path) for path, node in _public(ast.FunctionDef, ast.AsyncFunctionDef))
    assert not twice(named, SAME_FUNCTION)


def test_a_file_name_stands_once() -> None:
    named = ((path.name, path) for path in MODULES if not path.name.startswith("__"))
    assert not twice(named, {})


def _public(*kinds: type[ast.AST]) -> Iterator[tuple[Path, Any]]:
    statements = ((path, node) for path in MODULES for node in parsed(path).body)
    return ((path, node) for path, node in statements if isinstance(node, kinds) and not node.name.startswith("_"))


def twice(named: Iterable[tuple[str, Path]], allowed: dict[str, set[str]]) -> set[str]:
    """The names that stand in several modules, but for those that ``allowed`` names for all of their places."""
    places: dict[str, set[Path]] = defaultdict(set)
    for name, path in named:
        places[name].add(path.relative_to(ROOT))
    several = {name: paths for name, paths in places.items() if len(paths) > 1}
    assert allowed.keys() <= several.keys(), "not needed any more"
    return {name for name, paths in several.items() if not all(_stands_in(p, allowed.get(name, ())) for p in paths)}


def _stands_in(path: Path, places: Iterable[str]) -> bool:
    return bool({path.as_posix(), path.parent.as_posix()} & set(places))


def test_shipped_contracts_are_package_data() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    patterns = settings["package-data"]["docdouble.schemas"]
    shipped = {path for pattern in patterns for path in (ROOT / "schemas").glob(pattern)}
    assert shipped == set((ROOT / "schemas").rglob("*.json"))
    assert ROOT / "schemas" / "superoffice" / "contract.json" in shipped
