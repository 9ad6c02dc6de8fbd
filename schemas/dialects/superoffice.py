"""The dialect of the SuperOffice WebAPI reference, read of its file."""

from pathlib import Path

from .dialect_file import read_dialect

SUPEROFFICE = read_dialect(Path(__file__).with_suffix(".toml"))
