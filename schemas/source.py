"""Sources of a contract: pages, folders of pages, OpenAPI and Swagger files, and names of shipped contracts."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .combine import unite
from .contract.model import Contract
from .errors import ConfigError
from .extraction import Extraction

if TYPE_CHECKING:
    from .pages.page_files import Progress

MAX_DOCUMENT_BYTES = 64 * 1024 * 1024
"""The largest OpenAPI document that is read; the vendor files seen have up to about ten."""

DEFAULT_SOURCE = "superoffice"
"""The shipped contract that is taken where no source is named."""

_DOCUMENT_SUFFIXES = (".json", ".yaml", ".yml")
_SHIPPED = Path(__file__).parent


def shipped() -> tuple[str, ...]:
    """Return the names of the contracts that come with docdouble."""
    return tuple(sorted(path.parent.name for path in _SHIPPED.glob("*/contract.json")))


def extract(
    sources: str | Sequence[str],
    progress: "Progress | None" = None,
    cache_folder: Path | None = None,
    processes: int = 1,
) -> Extraction:
    """Read one source or several, the surest first: what an earlier one states, a later one doesn't change.

    With a ``cache_folder``, a folder of pages that hasn't changed is not read again. More than one of ``processes``
    reads many pages in parallel; a script that asks for that needs a ``__main__`` guard, since they are spawned.

    Raises ``PageError``, ``ContractError`` or ``ConfigError`` when nothing comes of a source.
    """
    names = [sources] if isinstance(sources, str) else list(sources)
    extractions = [_extract(name, progress, cache_folder, processes) for name in names]
    return Extraction(
        unite(extraction.contract for extraction in extractions),
        tuple(chain.from_iterable(extraction.contradictions for extraction in extractions)),
        tuple(chain.from_iterable(extraction.failures for extraction in extractions)),
        tuple(chain.from_iterable(extraction.skipped for extraction in extractions)),
    )


def _extract(source: str, progress: "Progress | None", cache_folder: Path | None, processes: int) -> Extraction:
    path = Path(source)
    exists = bool(source) and _exists(path)
    if source in shipped() and not exists:
        return Extraction(_document(_SHIPPED / source / "contract.json", source))
    if not exists:
        raise ConfigError("source", source, shipped(), "a page, a folder, an OpenAPI file or a shipped contract")
    if path.suffix.lower() in _DOCUMENT_SUFFIXES and not path.is_dir():
        return Extraction(_document(path, path.name))
    # here because the reader of pages takes 0.1 s to import, which a document needn't wait for
    from .pages.page_files import folder_contract, page_contract

    if path.is_dir():
        return folder_contract(path, progress, cache_folder, processes)
    return page_contract(path)


def _exists(path: Path) -> bool:
    """Tell whether a path names anything; what can't be a path at all doesn't."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _document(path: Path, name: str) -> Contract:
    # here because what reads no document, such as --help, needn't wait for it
    from .openapi.contract_file import read_stored

    return read_stored(path, name, MAX_DOCUMENT_BYTES) or _other_document(path, name)


def _other_document(path: Path, name: str) -> Contract:
    # here because a document of our own needs none of these
    from .dialects.dialect_registry import dialect_of
    from .openapi.convert import from_openapi
    from .openapi.resource_keywords import RESOURCES
    from .openapi.swagger import upgrade
    from .resources.infer_roles import with_resources
    from .text_files import parse_document, read_text

    document = upgrade(parse_document(read_text(path, name, MAX_DOCUMENT_BYTES), path.name), name)
    contract = from_openapi(document, name)
    return contract if RESOURCES in document else with_resources(contract, dialect_of(contract).verbs)
