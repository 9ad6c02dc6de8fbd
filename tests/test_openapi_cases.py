"""Every case of ``tests/cases/openapi`` is run as its README describes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas.openapi.text_formats import parse_document

from .openapi_cases.commands import PARTS, Case

CASES = Path(__file__).parent / "cases" / "openapi"
KEYS = frozenset({"title", "files", "main", "serve", *PARTS})


def content_of(name: str) -> Any:
    return parse_document((CASES / f"{name}.yaml").read_text("utf-8"), name)


def parts() -> Iterator[Any]:
    """Yield name and part of every case, the commands that take longest marked."""
    for path in sorted(CASES.glob("*/*.yaml")):
        name = f"{path.parent.name}/{path.stem}"
        for part in PARTS.keys() & content_of(name).keys():
            marks = [pytest.mark.slow] if part.startswith("verify") else []
            yield pytest.param(name, part, id=f"{name} {part}", marks=marks)


ALL = sorted(parts(), key=lambda param: str(param.id))


@pytest.mark.parametrize(("name", "part"), ALL)
def test_case(name: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.chdir(tmp_path)
    content = content_of(name)
    case = Case(content, tmp_path)
    case.write()
    problems = list(PARTS[part](case, content[part]))
    assert not problems, "\n".join([content["title"], *problems])


def test_a_case_has_a_title_and_only_keys_that_are_run() -> None:
    for path in CASES.glob("*/*.yaml"):
        content = parse_document(path.read_text("utf-8"), path.name)
        assert content["title"], path
        assert content.keys() <= KEYS, path
