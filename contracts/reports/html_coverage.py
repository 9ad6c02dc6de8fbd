"""Table of the checks that were applied to operations, small for thousands of them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from ..model.events import OperationResult, Run
from ..model.finding import Severity
from ..model.text import counted
from .groups import totals
from .html_elements import escaped, joined, tag

_MARKS = {Severity.ERROR: "e", Severity.WARNING: "w", Severity.NOTE: "n"}


def coverage(run: Run) -> Iterator[Markup]:
    """Yield an element for each group of operations, closed at first."""
    prefix = _shared_segments(run)
    by_group: dict[str, list[OperationResult]] = {}
    for result in run.results:
        by_group.setdefault(group_name(result.operation.path, prefix), []).append(result)
    for name, results in sorted(by_group.items()):
        by_severity = totals(finding for result in results for finding in result.findings)
        counts = [counted(count, severity.value) for severity, count in by_severity.items() if count]
        calls = counted(sum(result.calls for result in results), "call")
        summary = ", ".join((counted(len(results), "operation"), calls, *counts))
        title = tag("summary", tag("strong", name), " ", tag("span", summary, class_="of"))
        yield tag("details", title, _table(name, results, run.checks), class_="coverage")


def group_name(path: str, prefix: int) -> str:
    """Return what stands for operations whose paths begin alike, after ``prefix`` segments that all paths share."""
    segments = path.strip("/").split("/")[prefix:]
    fixed = next((index for index, segment in enumerate(segments) if "{" in segment), len(segments))
    kept = segments[:fixed] if fixed < len(segments) else segments[:-1]
    return "/".join(kept[:2] or segments[:1]) or "/"


def _shared_segments(run: Run) -> int:
    paths = [result.operation.path.strip("/").split("/")[:-1] for result in run.results]
    if all(path == paths[0] for path in paths):
        return 0
    columns = zip(*paths, strict=False)
    return next(index for index, column in enumerate([*columns, ("", "end")]) if len(set(column)) > 1)


def _table(name: str, results: Sequence[OperationResult], checks: Sequence[str]) -> Markup:
    heads = [tag("th", tag("span", check), scope="col", class_="check") for check in checks]
    first = [tag("th", title, scope="col") for title in ("operation", "calls", "statuses")]
    head = tag("tr", *first, *heads)
    rows = (_row(result, checks) for result in results)
    table = tag("table", tag("caption", f"Checks of {name}"), tag("thead", head), tag("tbody", *rows))
    return tag("div", table, class_="scroll", role="region", tabindex="0", aria_label=f"Checks of {name}")


def _row(result: OperationResult, checks: Sequence[str]) -> Markup:
    worst: dict[str, Severity] = {}
    for finding in reversed(result.findings):  # worst first, so that the worst is what stays
        worst[finding.check] = finding.severity
    counts = Counter((finding.check, finding.severity) for finding in result.findings)
    cells = "".join(
        _cell(result.checks.get(check, 0), worst.get(check), counts[check, worst.get(check, Severity.NOTE)])
        for check in checks
    )
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(result.statuses.items()))
    label = joined(result.operation.label, tag("em", " not finished") if result.stopped else "")
    # end tags that HTML lets one leave out are left out: there are tens of thousands of cells
    return Markup(f"<tr><th scope=row>{label}<td>{result.calls}<td>{escaped(statuses)}{cells}")


def _cell(applied: int, worst: Severity | None, findings: int) -> str:
    if worst:
        return f"<td class={_MARKS[worst]}>{counted(findings, worst.value)}"
    return f"<td>{applied}" if applied else "<td>"
