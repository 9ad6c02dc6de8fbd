"""Files of a project that tell how it is tested and built."""

from pathlib import Path


def tests_folder(folder: Path) -> str:
    """Return the folder of a project's tests: the one that is there, else ``tests``."""
    return next((name for name in ("tests", "test") if (folder / name).is_dir()), "tests")


def requirements(folder: Path) -> str:
    """Return the requirements that pip has to install, beside docdouble, before a project's tests can run."""
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


def _has(path: Path, text: bytes) -> bool:
    return path.is_file() and text in path.read_bytes()
