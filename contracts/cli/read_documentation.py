"""Documentation of a started server, for its console: quotes of lines, and contradictions."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock, Thread

from docdouble.schemas import Contract, Evidence, extract
from docdouble.schemas.extraction import Access, Contradiction

from ..config.default_contract import cache_folder
from .common import SourceOptions

_PATIENCE = 0.3
"""Seconds that somebody waits who asks for contradictions: of a few pages, they are found by then."""

_Contradictions = tuple[Contradiction, ...]


class ReadDocumentation:
    """Sources that a contract was read from; they are read again when somebody asks for their contradictions."""

    def __init__(self, names: tuple[str, ...], cached: Path | None, access: Access) -> None:
        self._names = names
        self._cached = cached
        self._access = access
        self._lock = Lock()
        self._search: tuple[Contract, Future[_Contradictions]] | None = None

    def __reduce__(self) -> tuple[type["ReadDocumentation"], tuple[object, ...]]:
        return ReadDocumentation, (self._names, self._cached, self._access)  # for workers that are spawned

    @classmethod
    def of(cls, sources: tuple[str, ...], names: tuple[str, ...], reading: SourceOptions) -> "ReadDocumentation":
        """Return that of the sources of the command line, which mean those of ``names``."""
        return cls(names, cache_folder(names, reading.no_cache), reading.access(sources))

    def quotes(self) -> Callable[[Evidence], str]:
        """Return the function that quotes the present line of a place, with an empty text where it can't be had."""
        from ..reports.quotes import quotes  # here because most servers are never asked for it

        return quotes(self._names)

    def contradictions(self, contract: Contract) -> tuple[Contradiction, ...] | None:
        """Return the contradictions that ``docdouble lint`` finds, once for each contract, ``None`` until then.

        Raises ``DocdoubleError``, after which it is looked for again.
        """
        with self._lock:
            if self._search is None or self._search[0] is not contract:
                self._search = contract, Future()
                Thread(target=self._find, args=(self._search[1],), daemon=True).start()
            search = self._search[1]
        try:
            return search.result(_PATIENCE)
        except Exception:
            if not search.done():
                return None
            with self._lock:
                self._search = None
            raise

    def _find(self, search: "Future[_Contradictions]") -> None:
        try:
            search.set_result(self._contradictions())
        except Exception as error:  # noqa: BLE001  whoever asks gets it
            search.set_exception(error)

    def _contradictions(self) -> _Contradictions:
        # here because only this page of the console needs them
        from docdouble.fakeserver.sampler.impossible_values import impossible_values
        from docdouble.schemas.lint import lint
        from docdouble.schemas.lint.lint_rules import ordered

        extraction = extract(self._names, cache_folder=self._cached, access=self._access)
        return ordered([*lint(extraction), *impossible_values(extraction.contract)])
