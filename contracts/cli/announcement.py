"""Announcement of a started server: its addresses, what it answers, and what it keeps."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import takewhile

from docdouble.fakeserver import Certificate, Settings, network_urls
from docdouble.schemas import Contract, Operation
from docdouble.schemas.contract.base_paths import base_path, base_paths, shared_base_path
from docdouble.schemas.openapi.contract_file import unread_operation

from ..model.text import counted, listed
from ..output.echo import echo, echo_lines
from .console_link import control_lines

_MOST_LISTED = 30
"""Operations that are listed one by one."""

_MOST_NAMED = 12
"""Resources with operations of unknown role that are named, first those without any state; and groups of operations."""


def announcement(
    contract: Contract, name: str, host: str, token: str, certificate: Certificate | None, settings: Settings
) -> Callable[[str], None]:
    """Return the function that announces a server at a URL: its base URL on stdout, everything else on stderr."""

    def on_ready(url: str) -> None:
        base_url = url + shared_base_path(contract)
        lines = list(_operations(contract, url, name))
        lines += [f"docdouble: in the network {other}{shared_base_path(contract)}" for other in network_urls(url, host)]
        if certificate:
            lines.append(f"docdouble: the certificate is {certificate.chain}")
        lines += control_lines(url, token)
        lines += [f"docdouble: {line}" for line in _of_state(contract, settings)]
        lines.append(f"docdouble: {counted(len(contract.operations), 'operation')} of {name}, Ctrl-C stops")
        echo_lines(lines, err=True)
        echo(f"DOCDOUBLE_URL={base_url}")
        sys.stdout.flush()

    return on_ready


def _operations(contract: Contract, url: str, name: str) -> Iterator[str]:
    """Yield a line an operation; of many, one with how many there are of each kind."""
    operations = contract.operations
    if len(operations) <= _MOST_LISTED:
        yield from (
            f"{operation.method:7} {url}{_below(contract, operation)}{operation.path}" for operation in operations
        )
        return
    shared = _shared_steps([operation.path for operation in operations])
    groups = Counter(_group(operation, shared) for operation in operations)
    most = listed([f"{group} {count}" for group, count in groups.most_common()], _MOST_NAMED)
    base_url, sources = url + shared_base_path(contract), name.replace(", ", " ")
    yield f"docdouble: {base_url} answers {most}; docdouble list {sources} names all"


def _group(operation: Operation, shared: int) -> str:
    """Return the first tag of an operation, else the step of its path by which it is distinguished from others.

    One that we wrote and that nothing read yet is left unread.
    """
    if unread_operation(operation) is None and operation.tags:
        return operation.tags[0]
    return operation.path.split("/")[shared] or "/"


def _shared_steps(paths: list[str]) -> int:
    """Return with how many same steps all paths begin."""
    first, last = (path.split("/")[:-1] for path in (min(paths), max(paths)))
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))


def _below(contract: Contract, operation: Operation) -> str:
    """Return the base path of an operation; those that we wrote and that nothing read yet are left unread."""
    is_read = unread_operation(operation) is None
    return base_path(contract, operation) if is_read else base_paths(contract.servers)[0]


def _of_state(contract: Contract, settings: Settings) -> Iterator[str]:
    """Yield what is kept of what callers change, and which operations have no role."""
    resources, state = contract.resources, settings.state
    if not settings.keeps:
        yield "nothing is kept of what callers change, every id exists"
        return
    kept = sum(len(resource.roles) for resource in resources.resources)
    where = "in memory" if state == "memory" else "in Redis" if "://" in state else f"in {state}"
    if kept:
        yield f"changes are kept {where}: {counted(len(resources.resources), 'resource')}, {counted(kept, 'operation')}"
    else:
        yield "no operation is known to change anything, so nothing is kept"
    yield from resources.notes
    if resources.unassigned:
        known = {resource.name for resource in resources.resources}
        names = sorted(
            {unassigned_operations.name for unassigned_operations in resources.unassigned},
            key=lambda name: (name in known, name),
        )
        unknown = sum(len(unassigned_operations.operations) for unassigned_operations in resources.unassigned)
        roles = "the role of 1 operation is" if unknown == 1 else f"the roles of {unknown} operations are"
        yield f"{roles} unknown: {listed(names, _MOST_NAMED)}; docdouble list --resources says why"
