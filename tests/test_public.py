"""The doors of the three folders: what packages and scripts import by name."""

import subprocess
import sys
from importlib import import_module
from types import FunctionType, ModuleType

import pytest

DOORS = ("docdouble.contracts", "docdouble.fakeserver", "docdouble.schemas")


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> ModuleType:
    return import_module(request.param)


def test_names_are_sorted(door: ModuleType) -> None:
    assert list(door.__all__) == sorted(set(door.__all__))


def test_each_name_can_be_imported_and_says_what_it_is(door: ModuleType) -> None:
    for name in door.__all__:
        value = getattr(door, name)
        assert not isinstance(value, ModuleType), name
        assert value.__doc__ or not isinstance(value, type | FunctionType), name


def test_nothing_else_is_shown(door: ModuleType) -> None:
    shown = {name: value for name, value in vars(door).items() if not name.startswith("_")}
    ours = {name for name, value in shown.items() if getattr(value, "__module__", "").startswith("docdouble.")}
    assert ours <= set(door.__all__)


@pytest.mark.parametrize("name", DOORS)
def test_names_are_listed_before_they_are_imported(name: str) -> None:
    code = f"import {name} as door; assert set(door.__all__) <= set(dir(door)), set(door.__all__) - set(dir(door))"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("name", DOORS)
def test_a_name_that_is_none_is_reported(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{name}' has no attribute 'verity'"):
        import_module(name).verity  # noqa: B018 - looked up to see the error


def test_functions_named_like_a_folder_are_functions_however_it_is_imported() -> None:
    code = """
        import docdouble.schemas.diff.change, docdouble.schemas.lint.against_openapi
        from docdouble.schemas import diff, extract, lint
        extraction = extract("superoffice")
        print(diff(extraction.contract, extraction.contract), lint(extraction))
    """
    script = "\n".join(map(str.strip, code.splitlines()))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "() ()\n"
