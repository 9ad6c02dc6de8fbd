"""Documentation of a started server, for its console: quotes of lines, and contradictions."""

from collections.abc import Callable
from pathlib import Path

from docdouble.schemas import Contract, Evidence, extract
from docdouble.schemas.extraction import Access, Contradiction

from ..config.default_contract import cache_folder
from .common import SourceOptions


class ReadDocumentation:
    """Sources that a contract was read from; they are read again when somebody asks for their contradictions."""

    def __init__(self, names: tuple[str, ...], cached: Path | None, access: Access) -> None:
        self._names = names
        self._cached = cached
        self._access = access
        self._found: tuple[Contract, tuple[Contradiction, ...]] | None = None

    @classmethod
    def of(cls, sources: tuple[str, ...], names: tuple[str, ...], reading: SourceOptions) -> "ReadDocumentation":
        """Return that of the sources of the command line, which mean those of ``names``."""
        return cls(names, cache_folder(names, reading.no_cache), reading.access(sources))

    def quotes(self) -> Callable[[Evidence], str]:
        """Return what quotes the line where something was read, as it is now; empty where it can't be had."""
        from ..reports.quotes import quotes  # here because most servers are never asked for it

        return quotes(self._names)

    def contradictions(self, contract: Contract) -> tuple[Contradiction, ...]:
        """Return what ``docdouble lint`` finds, once for each contract that was read; raises ``DocdoubleError``."""
        if self._found is None or self._found[0] is not contract:
            self._found = contract, self._looked_for()
        return self._found[1]

    def _looked_for(self) -> tuple[Contradiction, ...]:
        # here because only this page of the console needs them
        from docdouble.fakeserver.sampler.impossible_values import impossible_values
        from docdouble.schemas.lint import lint
        from docdouble.schemas.lint.lint_rules import ordered

        extraction = extract(self._names, cache_folder=self._cached, access=self._access)
        return ordered([*lint(extraction), *impossible_values(extraction.contract)])
