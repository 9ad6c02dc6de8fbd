"""Reloading of the sources when they change, while the server runs."""

import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from docdouble.schemas import Contract, DocdoubleError, extract
from docdouble.schemas.extraction import DEFAULT_ACCESS, Access
from docdouble.schemas.source import split_name

from ..app import FakeServer
from ..settings import Settings

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Configured:
    """A contract as the user's configuration has it, how it is served, and what goes wrong on purpose."""

    contract: Contract
    settings: Settings
    faults: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources that are served: names as given to ``extract``, its cache, and the pages that couldn't be read at first.

    ``configured`` makes of what they hold what is served, as the ``configuration``, files of the user's, has it now.
    ``say`` prints the result of a change.
    """

    names: tuple[str, ...]
    cache_folder: Path | None = None
    unreadable: frozenset[str] = frozenset()
    configured: Callable[[Contract], Configured] | None = None
    access: Access = DEFAULT_ACCESS
    configuration: tuple[Path, ...] = ()
    say: Say = sys.stderr.write

    @property
    def folders(self) -> list[Path]:
        """The folders among the sources."""
        return [path for path in self._paths if path.is_dir()]

    @property
    def files(self) -> list[Path]:
        """The files among the sources, and those of the configuration, which may not be there yet."""
        return [*(path for path in self._paths if path.is_file()), *self.configuration]

    @property
    def _paths(self) -> list[Path]:
        return [Path(split_name(name)[1]) for name in self.names]


def read_again(app: FakeServer, sources: Sources) -> None:
    """Serve what the sources hold now; the last good contract stays where one of their pages has broken."""
    try:
        extraction = extract(sources.names, cache_folder=sources.cache_folder, access=sources.access)
        broken = [failure for failure in extraction.failures if failure.path not in sources.unreadable]
        if broken or not extraction.contract.operations:
            reason = broken[0] if broken else "no operation is left"
            sources.say(f"docdouble: the last good contract stays: {reason}\n")
            return
        if sources.configured:
            configured = sources.configured(extraction.contract)
            app.replace(configured.contract, configured.settings, configured.faults)
        else:
            app.replace(extraction.contract)
    except (DocdoubleError, OSError) as error:
        sources.say(f"docdouble: the last good contract stays: {error}\n")
        return
    count = len(app.contract.operations)
    sources.say(f"docdouble: read again, {count} operation{'s' * (count != 1)}\n")


def follow(app: FakeServer, sources: Sources) -> threading.Event:
    """Watch the sources from threads until the returned event is set."""
    stop, lock = threading.Event(), threading.Lock()

    def read_after(changes: Iterable[object]) -> None:
        for _ in changes:
            with lock:
                read_again(app, sources)

    for changes in _watched(sources, stop):
        threading.Thread(target=read_after, args=(changes,), daemon=True).start()
    return stop


def _watched(sources: Sources, stop: threading.Event) -> Iterator[Iterable[object]]:
    """Yield the changes of the folders, and those of the files, each without an end before the event is set."""
    from watchfiles import watch  # here because it takes 36 ms to import, and only a server that stays needs it

    # a short time-out, so that the process can end
    waiting = partial(watch, stop_event=stop, rust_timeout=500, raise_interrupt=False)
    if sources.folders:
        yield waiting(*sources.folders)
    if sources.files:
        # by their folders: who saves a file often puts a new one in its place
        names = {path.name for path in sources.files}
        folders = {path.absolute().parent for path in sources.files}
        yield waiting(*folders, recursive=False, watch_filter=lambda _, path: Path(path).name in names)
