"""JUnit XML as Jenkins, GitLab and others read it."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from docdouble.contracts.model.events import Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports.junit import class_name, junit

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]

# the common form, as Jenkins' XSD has it: children in their order with how often, attributes with the needed ones
COUNTS = {"tests", "failures", "errors", "skipped"}
CHILDREN = {
    "testsuites": [("testsuite", 0, None)],
    "testsuite": [("properties", 0, 1), ("testcase", 0, None), ("system-out", 0, 1), ("system-err", 0, 1)],
    "properties": [("property", 0, None)],
    "testcase": [("skipped", 0, 1), ("error", 0, 1), ("failure", 0, 1), ("system-out", 0, 1), ("system-err", 0, 1)],
}
ATTRIBUTES = {
    "testsuites": (set[str](), {"name", "time"} | COUNTS),
    "testsuite": ({"name", "tests"}, {"time", "timestamp", "hostname", "id", "package"} | COUNTS),
    "property": ({"name", "value"}, set[str]()),
    "testcase": ({"name", "classname"}, {"time", "assertions", "status"}),
    "skipped": (set[str](), {"message", "type"}),
    "failure": (set[str](), {"message", "type"}),
}


def check(element: Element) -> None:
    """Hold an element to the form."""
    names = [child.tag for child in element]
    allowed = CHILDREN.get(element.tag, [])
    order = [name for name, _, _ in allowed]
    assert set(names) <= set(order)
    assert names == sorted(names, key=order.index)
    for name, least, most in allowed:
        assert least <= names.count(name) <= (len(names) if most is None else most)
    needed, optional = ATTRIBUTES.get(element.tag, (set(), set()))
    assert needed <= element.attrib.keys() <= needed | optional
    for name in COUNTS & element.attrib.keys():
        assert int(element.attrib[name]) >= 0
    if element.get("time"):
        assert float(element.attrib["time"]) >= 0
    for child in element:
        check(child)


def suite(run: Run) -> Element:
    """The suite of a report that has the form, and whose counts are right."""
    root = fromstring(junit(run).decode(), forbid_dtd=True)
    check(root)
    (test_suite,) = root
    for element in (root, test_suite):
        assert int(element.attrib["tests"]) == len(test_suite.findall("testcase"))
        assert int(element.attrib["failures"]) == len(test_suite.findall("testcase/failure"))
        assert int(element.attrib["skipped"]) == len(test_suite.findall("testcase/skipped"))
    assert isinstance(test_suite, Element)
    return test_suite


def test_an_operation_is_a_test_case(make_finding: MakeFinding, make_run: MakeRun) -> None:
    test_suite = suite(make_run(make_finding(), make_finding(check="server-error"), clean=("GetLoan",)))
    bad, good = test_suite.findall("testcase")
    assert (bad.attrib["name"], bad.attrib["classname"]) == ("GET /api/GetBook", "GetBook")
    failure = bad.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "2 findings: response-schema, server-error"
    assert (failure.text or "").startswith("error: response-schema, GetBook.md:7\n  expected")
    assert "https://staging.example/api/GetBook" in (failure.text or "")
    assert list(good) == []


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("book.md", "book"),
        ("docs/v1.2/book.get.md", "docs.v1_2.book_get"),
        ("/docs/book.md", "docs.book"),
        ("api.json#/paths/~1book/get", "api"),
        ("", "docdouble"),
        ("/", "docdouble"),
    ],
)
def test_folders_of_pages_are_packages(page: str, name: str) -> None:
    assert class_name(page) == name


def test_what_does_not_fail_is_output(make_finding: MakeFinding, make_run: MakeRun) -> None:
    known = make_finding("Known")
    run = make_run(
        known,
        make_finding("Noted", severity=Severity.NOTE),
        started={"known": {known.fingerprint: Severity.ERROR}},
    )
    test_suite = suite(run)
    assert test_suite.attrib["failures"] == "0"
    assert [(output.text or "").partition(":")[0] for output in test_suite.findall("testcase/system-out")] == [
        "error",
        "note",
    ]


@pytest.mark.parametrize(("fail_on", "failures"), [("error", "0"), ("warning", "1"), ("note", "2")])
def test_the_threshold_decides(fail_on: str, failures: str, make_finding: MakeFinding, make_run: MakeRun) -> None:
    findings = [make_finding("A", severity=Severity.WARNING), make_finding("B", severity=Severity.NOTE)]
    assert suite(make_run(*findings, started={"fail_on": Severity(fail_on)})).attrib["failures"] == failures


def test_what_was_not_verified_is_skipped(make_run: MakeRun) -> None:
    run = make_run(
        clean=("GetBook",),
        late=("GetLoan",),
        stopped="time is up",
        started={"skipped": {"Lend": "writes"}},
        done={"stopped": "time is up"},
    )
    assert [skipped.attrib["message"] for skipped in suite(run).findall("testcase/skipped")] == [
        "not finished: time is up",
        "writes",
        "not reached: time is up",
    ]


def test_properties_tell_how_to_repeat_it(make_run: MakeRun) -> None:
    properties = {
        property_.attrib["name"]: property_.attrib["value"] for property_ in suite(make_run()).iter("property")
    }
    assert (properties["seed"], properties["target"], properties["findings.error"]) == (
        "7",
        "https://staging.example",
        "0",
    )


def test_a_server_cannot_break_it(hostile_run: Run) -> None:
    text = "".join(suite(hostile_run).itertext())
    assert "<script>alert(1)</script>" in text
    assert "\\x1b[31m" in text
