"""Configuration of the project and options of pytest; nothing is imported that takes time."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


FILES = ("docdouble.toml", "pyproject.toml")
"""Files that may hold a project's configuration, of which the first one counts."""


def source_option(config: "pytest.Config") -> str:
    """Return the source that ``--contract-source`` names, empty where it isn't given."""
    source: str = config.option.contract_source
    local = config.invocation_params.dir / source
    return str(local) if source and local.exists() else source


def url_option(config: "pytest.Config") -> str:
    """Return the base URL of ``--contract-url``, empty where it isn't given; raises ``ConfigError`` for none."""
    from ..client.network import server_url  # here because few runs give it, and needn't wait for it

    url: str = config.option.contract_url
    if url:
        server_url(url)
    return url.rstrip("/")


def project_folder(config: "pytest.Config") -> Path:
    """Return the folder of the project's configuration: where pytest was started if there is any, else its root."""
    here = config.invocation_params.dir
    own, project = (here / name for name in FILES)
    is_here = own.is_file() or (project.is_file() and b"tool.docdouble" in project.read_bytes())
    return here if is_here else config.rootpath


def says_collect(path: Path) -> bool:
    """Tell whether a file wants to be collected: ``collect = true``. One that is broken does, to be reported."""
    raw = path.read_bytes() if path.is_file() else b""
    if b"collect" not in raw:
        return False
    import tomllib  # here because most projects don't set it, and needn't wait for it

    try:
        table: Any = tomllib.loads(raw.decode())
    except ValueError:
        return path.name == "docdouble.toml"
    for name in ("tool", "docdouble") if path.name == "pyproject.toml" else ():
        table = table.get(name, {}) if isinstance(table, dict) else {}
    return isinstance(table, dict) and table.get("collect") is True
