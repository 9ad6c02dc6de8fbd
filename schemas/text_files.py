"""Text files from elsewhere: UTF-8 of a bounded size, and the lines of their faults."""

import os
from pathlib import Path

from .errors import PageError


def real_path(path: Path) -> Path:
    """Return where a path leads through all its links, of which some may lead back to themselves."""
    return Path(os.path.realpath(path))  # Path.resolve raises an error for these before Python 3.13


def read_text(path: Path, name: str, most: int) -> str:
    """Read a text file of at most ``most`` bytes; raises ``PageError`` when there is none."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise PageError(name, 0, error.strerror or str(error)) from error
    if len(data) > most:
        raise PageError(name, 0, f"larger than {most // 2**20} MiB, the most that is read of one file")
    return decode_utf8(data, name)


def decode_utf8(data: bytes, name: str) -> str:
    """Decode UTF-8, with or without a byte order mark; raises ``PageError`` with the line of the first bad byte."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PageError(name, line, f"byte 0x{data[error.start]:02x} is no UTF-8 text") from error
    if "\0" in text:
        raise PageError(name, text.count("\n", 0, text.index("\0")) + 1, "a NUL byte: this is no text")
    return text


def text_lines(text: str) -> list[str]:
    """Return the lines of a text, whichever of the usual endings they have."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class UnsupportedYamlError(ValueError):
    """Valid YAML that isn't supported; ``line`` is 1-based."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem, line)
        self.problem, self.line = problem, line


def yaml_fault(error: Exception) -> tuple[int, str]:
    """Return the 1-based line (0: not known) and a sentence about what PyYAML or a reader of its nodes raised."""
    import yaml  # here because a contract of ours is JSON, and needn't wait for it

    if isinstance(error, UnsupportedYamlError):
        return error.line, f"YAML that is not supported: {error.problem}"
    if isinstance(error, RecursionError):
        return 0, "YAML that is not supported: nested too deep"
    if not isinstance(error, yaml.YAMLError):
        return 0, f"YAML that is not supported: {error}"
    if not isinstance(error, yaml.MarkedYAMLError):
        return 0, "not valid YAML: " + str(error).partition("\n")[0]
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    if error.problem == "but found another document":
        return line, "YAML that is not supported: a second document begins here, and one file holds one"
    return line, f"not valid YAML: {error.problem}"
