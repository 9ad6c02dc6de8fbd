"""Default contract, which ``docdouble.toml`` names, and the cache folder of pages that were read."""

import os
from functools import lru_cache
from pathlib import Path

from docdouble.schemas import Contract, Operation, extract
from docdouble.schemas.extraction import Access
from docdouble.schemas.source import split_name

from .config import as_configured, project_config


def contract_or_default(contract: Contract | None) -> Contract:
    """Return the contract, or the one that docdouble.toml names, else the shipped one, read once for each process.

    Raises what ``project_config`` and ``extract`` raise.
    """
    return contract or _configured(Path.cwd())


def default_source() -> str:
    """Return the source that docdouble.toml of the working directory names; raises ``ConfigError``."""
    return project_config(Path.cwd(), ("source",)).source_or_shipped


@lru_cache(4)
def _configured(folder: Path) -> Contract:
    config = project_config(folder, ("source", "dialect", "resources"))
    named = config.source_or_shipped
    source = str(folder / named) if (folder / named).exists() else named
    access = Access(dialect=config.dialect_of(()))
    extraction = extract(source, cache_folder=cache_folder((source,), False), access=access)
    return as_configured(extraction.contract, config)


def cache_folder(names: tuple[str, ...], no_cache: bool) -> Path | None:
    """Return where contracts of folders are cached, ``None`` where no folder is read or nothing may be cached."""
    if no_cache or not any(os.path.isdir(split_name(name)[1]) for name in names):
        return None
    from platformdirs import user_cache_path  # here because only a folder needs it

    return user_cache_path("docdouble")


def resolve_operation(operation: Operation | str, contract: Contract) -> Operation:
    """Return an operation by id, label or a part that only one has; raises ``ConfigError`` with the nearest name."""
    return contract.operation(operation) if isinstance(operation, str) else operation
