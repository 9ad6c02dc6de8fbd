"""JUnit XML of a run: an operation is a test case, which fails when a finding of it does."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ..model.events import OperationResult, Run
from ..model.finding import Finding
from ..model.text import counted, one_line, plain
from ..model.verdict import OperationVerdict
from .finding_text import finding_lines, with_shared_proofs
from .groups import labels, left_out, totals


def junit(run: Run) -> bytes:
    """Return a run as JUnit XML, in UTF-8."""
    name = f"docdouble {run.started.command}"
    suites = Element("testsuites", name=name)
    suite = SubElement(suites, "testsuite", name=plain(run.started.target) or name)
    _properties(suite, run)
    cases = [*(_result(result, run) for result in run.results), *_others(run)]
    suite.extend(cases)
    counts = {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": 0,
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }
    for element in (suites, suite):
        element.attrib.update({name: str(count) for name, count in counts.items()})
        element.set("time", f"{run.done.seconds:.3f}")
    if run.started.started:
        suite.set("timestamp", run.started.started)
    indent(suites)
    document: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _properties(suite: Element, run: Run) -> None:
    counts = {f"findings.{severity.value}": count for severity, count in totals(run.findings).items()}
    values = {
        "target": run.started.target,
        "seed": run.started.seed,
        "fail_on": run.started.fail_on.value,
        "calls": run.calls,
        **counts,
        **{verdict.replace(" ", "_"): len(run.of_verdict(verdict)) for verdict in OperationVerdict},
        "shortfall": run.shortfall,
        "stopped": run.done.stopped,
        "not_removed": len(run.done.left),
    }
    properties = SubElement(suite, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=one_line(str(value)))


def _case(name: str, page: str, seconds: float = 0.0) -> Element:
    return Element("testcase", name=one_line(name), classname=one_line(class_name(page)), time=f"{seconds:.3f}")


def _result(result: OperationResult, run: Run) -> Element:
    case = _case(result.operation.label, result.operation.page, result.seconds)
    failing = [finding for finding in result.findings if run.started.fails(finding)]
    others = [finding for finding in result.findings if not run.started.fails(finding)]
    if failing:
        checks = ", ".join(dict.fromkeys(finding.check for finding in failing))
        message = one_line(f"{counted(len(failing), 'finding')}: {checks}")
        SubElement(case, "failure", type=one_line(failing[0].check), message=message).text = _text_of(failing, run)
    elif result.stopped:
        SubElement(case, "skipped", message=one_line(f"not finished: {result.stopped}"))
    elif result.verdict is not OperationVerdict.VERIFIED:
        why = result.cause.text if result.cause else "no valid call was sent"
        SubElement(case, "skipped", message=one_line(f"{result.verdict}: {why}"))
    if others:
        SubElement(case, "system-out").text = _text_of(others, run)
    return case


def _text_of(findings: Iterable[Finding], run: Run) -> str:
    texts = [finding_lines(finding, run.started) for finding in findings]
    return plain("\n".join(line for lines in with_shared_proofs(texts) for line in lines))


def _others(run: Run) -> Iterator[Element]:
    """Yield test cases for the operations that were not called."""
    names = labels(run)
    for operation, reason in left_out(run).items():
        case = _case(names.get(operation, operation), "")
        SubElement(case, "skipped", message=one_line(reason))
        yield case


def class_name(page: str) -> str:
    """Return a page as readers of JUnit XML show it: folders as packages, and no other dots."""
    file = PurePosixPath(page.partition("#/")[0])
    parts = [part.replace(".", "_") for part in file.with_suffix("").parts if part != "/"] if file.name else []
    return ".".join(parts) or "docdouble"
