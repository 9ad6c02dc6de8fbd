"""What all tests share: Hypothesis without deadlines, and the folder of reference pages beside the checkout."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from docdouble.schemas import Contract, extract

settings.register_profile("docdouble", deadline=None)
settings.load_profile("docdouble")


@pytest.fixture(autouse=True)
def _no_known_secrets() -> Iterator[None]:
    """Let no test know the secrets of another."""
    yield
    if known := sys.modules.get("docdouble.contracts.output.known_secrets"):
        known.KNOWN_SECRETS.forget()


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Let pytest print the same inside and outside of continuous integration, where its summary is whole messages."""
    for variable in ("CI", "BUILD_NUMBER"):
        monkeypatch.delenv(variable, raising=False)
    return pytester


@pytest.fixture(scope="session")
def lint() -> Callable[..., None]:
    """Run a linter that is installed beside this Python or elsewhere; it finds the linters that it runs there, too."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))

    def run(name: str, *arguments: str | Path, text: str = "") -> None:
        command = shutil.which(name, path=path)
        if command is None:
            pytest.skip(f"{name} is not installed")
        done = subprocess.run(
            [command, *arguments], input=text, env={**os.environ, "PATH": path}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the reference pages are not beside this checkout (../shared)")
    return folder


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Contract:
    """The contract of the whole reference, which takes some seconds to read."""
    pages = shared / "corpus" / "superoffice" / "pages"
    if not pages.is_dir():
        pytest.skip("the whole reference is not beside this checkout (../shared/corpus/superoffice/pages)")
    return extract(str(pages), processes=os.cpu_count() or 1).contract


@pytest.fixture(scope="session")
def hotel() -> Contract:
    """The contract of ``hotel.yaml``, whose operations have roles."""
    return extract(str(Path(__file__).parent / "fakeserver" / "hotel.yaml")).contract
