"""The HTML report: complete, safe, and in need of nothing else."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from markupsafe import Markup

from docdouble.contracts.model.events import OperationResult, Run
from docdouble.contracts.model.finding import Finding, Severity
from docdouble.contracts.reports import html as module
from docdouble.contracts.reports.html import html
from docdouble.contracts.reports.html_coverage import group_name
from docdouble.contracts.reports.html_elements import tag
from docdouble.schemas import Call, Evidence, Grade, Operation

MakeFinding = Callable[..., Finding]
MakeRun = Callable[..., Run]
VOID = {"meta", "input", "br"}
OPTIONAL_END = {"tr", "td", "th"}


class Page(HTMLParser):
    """The elements of a document, with the text of each kind; unbalanced tags are an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID | OPTIONAL_END:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in OPTIONAL_END:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page(run: Run) -> Page:
    return Page(html(run).decode())


def test_a_finding_shows_its_line_its_promise_and_how_to_see_it(make_finding: MakeFinding, make_run: MakeRun) -> None:
    run = replace(make_run(make_finding()), quote=lambda evidence: f"| Id | int32 | of {evidence} |")
    report_page = page(run)
    assert report_page.texts["h3"] == ["GetBook.md"]
    assert report_page.texts["cite"] == ["GetBook.md:7"]
    assert "| Id | int32 | of GetBook.md:7 |" in report_page.texts["code"]
    assert any("curl -i -X POST" in text for text in report_page.texts["code"])
    assert 'Content-Type: application/json\n\n{"Id": "x"}' in report_page.texts["pre"]
    shown = dict(zip(report_page.texts["dt"], report_page.texts["dd"], strict=True))
    assert (shown["expected"], shown["got"], shown["rule"]) == ("/Id is integer", '"x"', "type")


def test_the_steps_of_a_chain_are_numbered(make_finding: MakeFinding, make_run: MakeRun) -> None:
    finding = make_finding()
    report_page = page(make_run(replace(finding, before=(finding.case,) * 2)))  # type: ignore[arg-type]
    assert report_page.texts["h4"] == [f"see it, step {step} of 3" for step in (1, 2, 3)]


def test_the_top_says_how_it_went(make_finding: MakeFinding, make_run: MakeRun) -> None:
    report_page = page(make_run(make_finding(), make_finding("B", severity=Severity.NOTE), clean=("C",)))
    (verdict,) = [paragraph for paragraph in report_page.named("p") if "verdict" in str(paragraph.get("class"))]
    assert verdict["class"] == "verdict failed"
    assert "failed: 1 finding of severity error; 3 verified" in report_page.texts["p"]
    totals = dict(zip(report_page.texts["dt"], report_page.texts["dd"], strict=True))
    assert (totals["errors"], totals["notes"], totals["operations"], totals["calls"]) == ("1", "1", "3 of 3", "30")


def test_nothing_found_is_reported(make_run: MakeRun) -> None:
    assert "No broken promise was found." in page(make_run(clean=("GetBook",))).texts["p"]
    assert "Nothing was called." in page(make_run()).texts["p"]


def test_what_was_left_out_and_left_behind_is_reported(make_run: MakeRun) -> None:
    run = make_run(
        clean=("GetBook",),
        late=("GetLoan",),
        started={"skipped": {"Lend": "writes"}, "secret_headers": ("Authorization",)},
        done={
            "stopped": "time is up",
            "left": (Call(method="DELETE", target="/api/Book/1"),),
            "gone": (("GetBook", "response-schema", "/Old", "type"),),
        },
    )
    report_page = page(run)
    assert {"writes: 1", "not reached: time is up: 1"} <= set(report_page.texts["summary"])
    assert {"Lend", "GET /api/GetLoan"} <= set(report_page.texts["li"])
    assert any("-X DELETE" in text for text in report_page.texts["code"])
    assert "In the baseline, and no longer found" in report_page.texts["h2"]


def test_the_checks_that_found_something_are_explained(
    make_finding: MakeFinding, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "help_page", lambda check: f"# {check} <explained>")
    report_page = page(make_run(make_finding(reply=None)))
    assert report_page.texts["pre"] == ["# response-schema <explained>"]


def test_it_can_load_nothing_and_runs_only_its_own_script(make_finding: MakeFinding, make_run: MakeRun) -> None:
    text = html(make_run(make_finding())).decode()
    (policy,) = [str(meta["content"]) for meta in Page(text).named("meta") if "http-equiv" in meta]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for name in ("style", "script"):
        (content,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        assert f"{name}-src 'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'" in policy
    addresses = [
        value for _, attributes in Page(text).elements for name in ("src", "href") if (value := attributes.get(name))
    ]
    assert all(value.startswith("#") for value in addresses)


def test_a_server_cannot_add_an_element_or_an_attribute(
    hostile_run: Run, make_finding: MakeFinding, make_run: MakeRun
) -> None:
    text = html(hostile_run).decode()
    assert len(page(hostile_run).named("script")) == 1
    assert text.count("<script>") == 1
    assert not [
        attributes for _, attributes in page(hostile_run).elements if "onload" in attributes or "style" in attributes
    ]
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text.replace("\t", ""))


def test_it_is_structured_for_those_who_cannot_see_it(make_finding: MakeFinding, make_run: MakeRun) -> None:
    report_page = page(make_run(make_finding(), make_finding("B", check="server-error")))
    assert report_page.named("html")[0]["lang"] == "en"
    assert len(report_page.named("h1")) == len(report_page.named("main")) == 1
    assert all("scope" in cell for cell in report_page.named("th"))
    ids = [str(attributes["id"]) for _, attributes in report_page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(
        section["aria-labelledby"] in ids for section in report_page.named("section") if "aria-labelledby" in section
    )
    inputs = len(report_page.named("input")) + len(report_page.named("select"))
    assert len(report_page.named("label")) == inputs


def test_without_the_script_there_are_no_filters(make_finding: MakeFinding, make_run: MakeRun) -> None:
    (form,) = page(make_run(make_finding())).named("form")
    assert "hidden" in form


def test_many_findings_are_reported_in_short(
    make_finding: MakeFinding, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WHOLE", 2)
    report_page = page(make_run(*(make_finding(f"Get{number}") for number in range(5))))
    classes = [
        str(attributes.get("class"))
        for _, attributes in report_page.elements
        if "finding" in str(attributes.get("class"))
    ]
    assert [("short" in name) for name in classes] == [False, False, True, True, True]
    assert "The last 3 are shown in short; the JSON report has them whole." in report_page.texts["p"]


def test_operations_that_share_a_finding_are_listed(make_finding: MakeFinding, make_run: MakeRun) -> None:
    shared = Evidence(Grade.SHARED, "Author.md", 12)
    report_page = page(make_run(*(make_finding(name, evidence=shared) for name in ("A", "B"))))
    assert "the same in 2 operations" in report_page.texts["summary"]
    assert report_page.texts["li"] == ["GET /api/A", "GET /api/B"]


def test_a_cell_of_the_coverage_tells_the_worst(make_finding: MakeFinding, make_run: MakeRun) -> None:
    findings = [make_finding(rule="a"), make_finding(rule="b"), make_finding(rule="c", severity=Severity.NOTE)]
    text = html(make_run(*findings)).decode()
    assert "<tr><th scope=row>GET /api/GetBook<td>10<td>200: 8, 400: 2<td>10<td class=e>2 errors</tbody>" in text


def test_thousands_of_operations_stay_small(make_run: MakeRun) -> None:
    operations = [Operation(f"v1{n}", "POST", f"/api/v1/Agents/Agent{n % 50}/DoSomething{n}") for n in range(2300)]
    checks = {f"check-{number}": 100 for number in range(25)}
    results = tuple(OperationResult(operation, 100, (), checks, {200: 90, 400: 10}) for operation in operations)
    text = html(replace(make_run(), results=results))
    assert len(text) < 1_500_000
    assert text.count(b'class="coverage"') == 50


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/Agents/Appointment/AssignTo", "Agents/Appointment"),
        ("/api/v1/Contact/{id}/Persons", "Contact"),
        ("/api/v1/Contact", "Contact"),
        ("/api/v1/Contact/default", "Contact"),
        ("/api/v1", "/"),
    ],
)
def test_operations_are_grouped_by_their_paths(path: str, name: str) -> None:
    assert group_name(path, 2) == name


def test_text_in_an_element_is_escaped_and_elements_are_not() -> None:
    inner = tag("b", "<&>")
    assert tag("p", inner, '"', class_='a"b', hidden=True, open=False) == (
        '<p class="a&#34;b" hidden><b>&lt;&amp;&gt;</b>&#34;</p>'
    )
    assert isinstance(inner, Markup)
