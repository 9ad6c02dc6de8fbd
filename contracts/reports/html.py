"""HTML report of a run: one file that needs no network, and JavaScript only for filters and copying."""

from collections.abc import Iterator
from pathlib import Path

from markupsafe import Markup

from ..model.events import Run
from ..model.finding import Severity
from ..model.text import counted
from ..model.verdict import OperationVerdict, unverified_by_cause
from ..storage.secrets import contract_masking
from .curl import curl
from .finding_parts import help_page
from .groups import Group, groups, labels, left_out, reasons, totals
from .html_coverage import coverage
from .html_elements import command_block, html_document, joined, page_style, tag, totals_list
from .html_finding import finding_element, short_element
from .summary import run_verdict

MOST_WHOLE = 1_000
"""Groups of findings that are shown with all that belongs to them; of the others, a line."""

_FOLDER = Path(__file__).parent
_NO_PAGE = "no documentation line"


def html(run: Run) -> bytes:
    """Return the document, in UTF-8."""
    script = (_FOLDER / "report.js").read_text(encoding="utf-8")
    body = tag("body", tag("a", "Skip to the findings", href="#findings", class_="skip"), *_body(run))
    return html_document(f"{run.started.target}: {run_verdict(run)}", body, page_style(_FOLDER / "report.css"), script)


def _body(run: Run) -> Iterator[Markup]:
    yield _header(run)
    grouped = groups(run)
    yield tag(
        "main",
        _findings(run, grouped),
        _coverage(run),
        *_not_verified(run),
        *_left_out(run),
        *_baseline(run),
        *_left_behind(run),
        *_checks(run),
    )
    remarks = (f"seed {run.started.seed}", run.started.started and f"started {run.started.started}")
    yield tag("footer", tag("p", f"docdouble {run.started.command}, ", ", ".join(part for part in remarks if part)))


def _header(run: Run) -> Markup:
    state = "failed" if run.failed else "stopped" if run.done.stopped else "passed"
    done = run.done.seconds
    known = sum(map(run.started.knows, run.findings))
    counts = {
        **{f"{severity.value}s": str(count) for severity, count in totals(run.findings).items()},
        "known": str(known),
        **{verdict.value: str(len(run.of_verdict(verdict))) for verdict in OperationVerdict},
        "operations": f"{len(run.results)} of {len(run.started.operations) + len(run.started.skipped)}",
        "calls": str(run.calls),
        "seconds": f"{done:.1f}",
        "calls a second": f"{run.calls / done:.0f}" if done else "-",
    }
    target = tag("p", tag("code", run.started.target), class_="target")
    verdict = tag("p", run_verdict(run), class_=f"verdict {state}")
    return tag("header", tag("h1", f"docdouble {run.started.command}"), target, verdict, totals_list(counts))


def _findings(run: Run, groups: tuple[Group, ...]) -> Markup:
    if not groups:
        words = "No broken promise was found." if run.calls else "Nothing was called."
        return _section("findings", "Findings", tag("p", words))
    names, masking = labels(run), contract_masking(run.started.contract, run.started.secret_headers)
    by_page: dict[str, list[Markup]] = {}
    for index, group in enumerate(groups):
        page = group.first.evidence.page if group.first.evidence else _NO_PAGE
        is_whole = index < MOST_WHOLE
        element = finding_element(group, run, names, masking) if is_whole else short_element(group, names)
        by_page.setdefault(page, []).append(element)
    pages = [tag("section", tag("h3", page), *elements, class_="page") for page, elements in by_page.items()]
    rest = len(groups) - MOST_WHOLE
    note = tag("p", f"The last {rest} are shown in short; the JSON report has them whole.") if rest > 0 else ""
    return _section("findings", "Findings", _filters(groups), note, *pages)


def _filters(groups: tuple[Group, ...]) -> Markup:
    """Return the filters; the script shows them, since without it they would do nothing."""
    present = {group.first.severity for group in groups}
    boxes = [_box("severity", severity.value, severity.value) for severity in Severity if severity in present]
    if any(group.known for group in groups):
        boxes.append(_box("known", "known", "known ones"))
    checks = sorted({group.first.check for group in groups})
    options = (tag("option", "all checks", value=""), *(tag("option", check, value=check) for check in checks))
    return tag(
        "form",
        tag("fieldset", tag("legend", "Show"), *boxes),
        tag("label", "Check ", tag("select", *options, name="check")),
        tag("label", "Text ", tag("input", type="search", name="text", autocomplete="off")),
        tag("output", counted(len(groups), "line"), aria_live="polite"),
        id="filters",
        hidden=True,
        aria_label="Filter the findings",
    )


def _box(name: str, value: str, label: str) -> Markup:
    return tag("label", tag("input", type="checkbox", name=name, value=value, checked=True), f" {label}")


def _coverage(run: Run) -> Markup:
    legend = (
        "How many exchanges each check was applied to, or how many of its worst findings are there; "
        "an empty cell: it was not applied."
    )
    content = (tag("p", legend), *coverage(run)) if run.results else (tag("p", "No operation was verified."),)
    return _section("coverage", "Coverage", *content)


def _not_verified(run: Run) -> Iterator[Markup]:
    folded = []
    for cause, outcomes in unverified_by_cause(run.outcomes).items():
        listed = [tag("li", outcome.label) for outcome in outcomes]
        folded.append(tag("details", tag("summary", f"{cause.text}: {len(listed)}"), tag("ul", *listed)))
    if folded:
        yield _section("not-verified", "Not verified", *folded)


def _left_out(run: Run) -> Iterator[Markup]:
    names = labels(run)
    missed = left_out(run)
    if not missed:
        return
    folded = []
    for reason, count in reasons(missed):
        listed = [tag("li", names.get(name, name)) for name, why in missed.items() if why == reason]
        folded.append(tag("details", tag("summary", f"{reason}: {count}"), tag("ul", *listed)))
    yield _section("skipped", "Not sent", *folded)


def _baseline(run: Run) -> Iterator[Markup]:
    if not run.done.gone:
        return
    names = labels(run)
    listed = []
    for operation, check, pointer, rule in run.done.gone:
        label = tag("span", names.get(operation, operation), class_="of")
        listed.append(tag("li", tag("strong", check), f" {rule} {pointer} ", label))
    yield _section("gone", "In the baseline, and no longer found", tag("ul", *listed))


def _left_behind(run: Run) -> Iterator[Markup]:
    if not run.done.left:
        return
    commands = (curl(call, run.started.base_url, run.started.secret_headers) for call in run.done.left)
    yield _section("left", "Created by this run, and not removed", *map(command_block, commands))


def _checks(run: Run) -> Iterator[Markup]:
    """Yield what is to be read about the checks that found something."""
    with_findings = {finding.check for finding in run.findings}
    explained = [
        tag("details", tag("summary", tag("strong", check), f" {run.started.checks.get(check, '')}"), tag("pre", page))
        for check in run.checks
        if check in with_findings and (page := help_page(check))
    ]
    if explained:
        yield _section("checks", "About the checks", *explained)


def _section(name: str, title: str, *content: str) -> Markup:
    heading = tag("h2", title, id=f"{name}-title")
    return tag("section", heading, joined(*content), id=name, aria_labelledby=f"{name}-title")
