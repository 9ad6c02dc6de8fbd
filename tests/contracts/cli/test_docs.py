"""``lint``, ``list`` and ``show``: what the command line shows of documentation."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from click.testing import CliRunner, Result

from docdouble.contracts.cli.main import main
from docdouble.schemas.lint.lint_rules import RULES

LEND = """\
---
uid: v1Desk_LendBook
---
```http
POST /api/v1/Desk/LendBook
```

| Parameter Name | Description |
|---|---|
| Authorization | Supports 'Basic' |
| Accept | `application/json` |

## Request Body: request

| Property Name | Type | Description |
|---|---|---|
| BookId | int32 | |

| Response | Description |
|---|---|
| 200 | Lent |

## Response body: Loan

| Property Name | Type | Description |
|---|---|---|
| LoanId | int32 | |
| Due | date-time | |

```http_
HTTP/1.1 200 OK

{"LoanId": 3, "Due": "2024-06-01T12:00:00Z"}
```
"""
RETURN = """\
---
uid: v1Desk_ReturnBook
---
```http
GET /api/v1/Desk/{id}/ReturnBook
```

| Path Part | Type | Description |
|---|---|---|
| id | int32 | |
"""
# An error on line 8, a note on line 9, a warning on line 15.
FAULTY = """\
```http
GET /shelf
```
## Response body: Shelf

| Property Name | Type | Description |
|---|---|---|
| Id | int32 | |
| Room | string | |

```http_
HTTP/1.1 200 OK

{"Id": "a",
"Books": 5}
```
"""


@pytest.fixture(autouse=True)
def in_a_folder_with_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lend.md").write_text(LEND)
    (tmp_path / "docs" / "return.md").write_text(RETURN)
    (tmp_path / "shelf.md").write_text(FAULTY)
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr.strip()


def rules(*arguments: str) -> list[str]:
    return [finding["rule"] for finding in json.loads(run("lint", "shelf.md", "--format", "json", *arguments).stdout)]


class TestLint:
    def test_consistent_pages_are_found_nothing_in(self) -> None:
        result = run("lint", "docs")
        assert (result.exit_code, result.output) == (0, "0 errors, 0 warnings, 0 notes\n")

    def test_text_has_a_line_for_each_finding_with_its_mend(self) -> None:
        result = run("lint", "shelf.md")
        assert result.exit_code == 1
        assert result.stdout.splitlines() == [
            "shelf.md:8: error: Id is stated as integer, the sample shows string; "
            "write string as the type of Id, or mend the sample [sample-type]",
            "shelf.md:9: note: the table's Room is not in the sample; add Room to the sample [not-in-sample]",
            "shelf.md:15: warning: the sample's Books is in no table; add a row for Books to the table [not-in-table]",
            "1 error, 1 warning, 1 note",
        ]

    def test_json_has_an_object_for_each_finding(self) -> None:
        result = run("lint", "shelf.md", "--format", "json")
        assert result.exit_code == 1
        assert json.loads(result.stdout)[1] == {
            "rule": "not-in-sample",
            "level": "note",
            "page": "shelf.md",
            "line": 9,
            "message": "the table's Room is not in the sample",
            "mend": "add Room to the sample",
        }

    def test_json_of_nothing_is_an_empty_array(self) -> None:
        assert json.loads(run("lint", "docs", "--format", "json").stdout) == []

    def test_sarif_results_have_a_rule_and_a_place(self) -> None:
        result = run("lint", "shelf.md", "--format", "sarif")
        assert result.exit_code == 1
        log: dict[str, Any] = json.loads(result.stdout)
        (sarif_run,) = log["runs"]
        driver = sarif_run["tool"]["driver"]
        assert (log["version"], driver["name"], len(sarif_run["results"])) == ("2.1.0", "docdouble", 3)
        for sarif_result in sarif_run["results"]:
            assert driver["rules"][sarif_result["ruleIndex"]]["id"] == sarif_result["ruleId"]
            assert sarif_result["level"] == RULES[sarif_result["ruleId"]].level
            (location,) = sarif_result["locations"]
            assert location["physicalLocation"]["artifactLocation"] == {"uri": "shelf.md"}
            assert location["physicalLocation"]["region"]["startLine"] >= 1

    def test_select_keeps_the_rules_that_are_named(self) -> None:
        assert rules("--select", "not-in-table") == ["not-in-table"]
        assert rules("--select", "not-in-table", "--select", "sample-type") == ["sample-type", "not-in-table"]

    def test_ignore_keeps_all_but_the_rules_that_are_named(self) -> None:
        assert rules("--ignore", "not-in-table") == ["sample-type", "not-in-sample"]
        assert rules("--select", "sample-type", "--ignore", "sample-type") == []

    @pytest.mark.parametrize(
        ("rule", "fail_on", "code"),
        [
            ("sample-type", "error", 1),
            ("sample-type", "note", 1),
            ("not-in-table", "error", 0),
            ("not-in-table", "warning", 1),
            ("not-in-sample", "warning", 0),
            ("not-in-sample", "note", 1),
        ],
    )
    def test_the_exit_code_is_that_of_the_worst_finding_kept(self, rule: str, fail_on: str, code: int) -> None:
        assert run("lint", "shelf.md", "--select", rule, "--fail-on", fail_on).exit_code == code

    def test_without_fail_on_only_errors_fail(self) -> None:
        codes = [run("lint", "shelf.md", *more).exit_code for more in ([], ["--ignore", "sample-type"])]
        assert codes == [1, 0]

    @pytest.mark.parametrize("option", ["--select", "--ignore"])
    def test_an_unknown_rule_is_refused_before_anything_is_read(self, option: str) -> None:
        expected = f"docdouble: {option}: 'sample-tipe' is not known; did you mean 'sample-type'?"
        assert refused("lint", "docs", option, "sample-tipe") == expected

    def test_a_page_that_cannot_be_read_is_a_finding(self) -> None:
        Path("docs/torn.md").write_text("```http\nGET /a/{b\n```\n", encoding="utf-8")
        result = run("lint", "docs")
        assert result.exit_code == 1
        assert result.stdout.splitlines() == [
            "torn.md:2: error: the path '/a/{b' has a brace that opens or ends no name [unreadable-page]",
            "1 error, 0 warnings, 0 notes",
        ]

    def test_against_adds_what_a_document_has_otherwise(self) -> None:
        document = json.loads(run("extract", "docs").stdout)
        Path("same.json").write_text(json.dumps(document), encoding="utf-8")
        assert run("lint", "docs", "--against", "same.json").stdout == "0 errors, 0 warnings, 0 notes\n"
        del document["paths"]["/api/v1/Desk/{id}/ReturnBook"]
        document["components"]["schemas"]["Loan"]["properties"]["LoanId"]["type"] = "string"
        Path("other.json").write_text(json.dumps(document), encoding="utf-8")
        result = run("lint", "docs", "--against", "other.json")
        assert result.exit_code == 1
        assert result.stdout.splitlines() == [
            "lend.md:27: error: the answer's LoanId of POST /api/v1/Desk/LendBook is stated as integer, "
            "the document has string [other-type]",
            "return.md:5: warning: only the pages have GET /api/v1/Desk/{id}/ReturnBook [only-in-pages]",
            "1 error, 1 warning, 0 notes",
        ]

    def test_a_document_that_is_not_there_is_refused(self) -> None:
        assert refused("lint", "docs", "--against", "none.json").startswith("docdouble: source: 'none.json' is not ")


class TestList:
    def test_operations_stand_a_line_each(self) -> None:
        assert run("list", "docs").stdout.splitlines() == [
            "v1Desk_LendBook    POST    /api/v1/Desk/LendBook",
            "v1Desk_ReturnBook  GET     /api/v1/Desk/{id}/ReturnBook",
        ]

    def test_several_sources_are_one_list(self) -> None:
        assert run("list", "shelf.md", "docs").stdout.splitlines() == [
            "shelf              GET     /shelf",
            "v1Desk_LendBook    POST    /api/v1/Desk/LendBook",
            "v1Desk_ReturnBook  GET     /api/v1/Desk/{id}/ReturnBook",
        ]

    def test_pages_that_are_passed_over_are_reported_on_stderr(self) -> None:
        Path("docs/index.md").write_text("# Books\n", encoding="utf-8")
        Path("docs/torn.md").write_text("```http\nGET /a/{b\n```\n", encoding="utf-8")
        assert run("list", "docs").stderr.splitlines() == [
            "docdouble: torn.md:2: the path '/a/{b' has a brace that opens or ends no name",
            "docdouble: 1 page without an operation: index.md",
        ]


class TestShow:
    @pytest.mark.parametrize(
        "name", ["v1Desk_LendBook", "POST /api/v1/Desk/LendBook", "/api/v1/desk/lendbook", "LendBook", "lend"]
    )
    def test_an_operation_is_found_by_any_name_that_only_it_has(self, name: str) -> None:
        result = run("show", name, "docs")
        assert result.exit_code == 0
        assert result.stdout.splitlines()[0] == "POST /api/v1/Desk/LendBook  v1Desk_LendBook  stated lend.md:5"

    def test_a_part_that_several_have_is_refused_with_their_ids(self) -> None:
        assert refused("show", "Desk", "docs") == (
            "docdouble: operation: 'Desk' is not unique: v1Desk_LendBook, v1Desk_ReturnBook"
        )

    def test_a_near_miss_is_refused_with_what_was_meant(self) -> None:
        assert refused("show", "LentBook", "docs") == (
            "docdouble: operation: 'LentBook' is not documented; did you mean 'LendBook'?"
        )

    def test_bodies_are_shown_with_the_line_of_each_fact(self) -> None:
        lines = [line.strip(" │├└─") for line in run("show", "LendBook", "docs").stdout.splitlines()]
        assert lines[1 : lines.index("")] == [
            "security  Basic  stated lend.md:10",
            "behaviours  case-insensitive-names",
            "request  stated lend.md:13",
            "application/json",
            "body  v1Desk_LendBook_request  stated lend.md:13",
            "BookId  integer (int32)  stated lend.md:17",
            "response 200  Lent  stated lend.md:21",
            "application/json",
            "body  Loan  stated lend.md:23",
            "LoanId  integer (int32)  stated lend.md:27",
            "Due  string (date-time)  stated lend.md:28",
        ]

    def test_a_sample_call_and_its_answer_are_shown(self) -> None:
        output = run("show", "LendBook", "docs").stdout
        _, _, rest = output.partition("\nsample request\n")
        request, _, rest = rest.partition("\nsample answer: 200 OK\n")
        answer, _, curl = rest.partition("\ncurl\n")
        assert list(json.loads(request)) == ["BookId"]
        assert list(json.loads(answer)) == ["LoanId", "Due"]
        assert "-X POST" in curl
        assert "/api/v1/Desk/LendBook" in curl

    def test_without_a_request_body_none_is_shown_and_variables_are_filled(self) -> None:
        output = run("show", "ReturnBook", "docs").stdout
        assert "sample request" not in output
        assert "{id}" not in output.partition("\ncurl\n")[2]

    def test_an_operation_of_any_source_is_shown(self) -> None:
        assert run("show", "LendBook", "shelf.md", "docs").stdout == run("show", "LendBook", "docs").stdout

    def test_the_answer_is_of_the_data_that_the_project_asks_for(self) -> None:
        Path("docdouble.toml").write_text("[samples]\nBookId = [41]\nLoanId = [1]\n", encoding="utf-8")
        assert '"BookId": 41' in run("show", "LendBook", "docs").stdout


class TestShowSampling:
    def test_each_field_stands_on_a_line_with_its_rule_and_an_example(self) -> None:
        Path("docdouble.toml").write_text('[samples]\n"*.BookId" = ["x", 41]\n', encoding="utf-8")
        output = run("show", "--sampling", "LendBook", "docs").stdout
        assert [re.split(r" {2,}", line) for line in output.splitlines()] == [
            ["request of POST /api/v1/Desk/LendBook"],
            ["field", "type", "from", "because", "example"],
            ["/BookId", "integer", "values", 'samples."*.BookId"', "41"],
            ["answer 200 of POST /api/v1/Desk/LendBook"],
            ["field", "type", "from", "because", "example"],
            ["/LoanId", "integer", "id", "its own id", ANY],
            ["/Due", "string", "moment", "the format date-time; the name tells what: end", ANY],
        ]
        assert "\t" not in output

    def test_a_documented_sample_that_goes_before_is_reported(self) -> None:
        Path("docdouble.toml").write_text('[serve]\nanswers = "documented"\n', encoding="utf-8")
        lines = run("show", "--sampling", "LendBook", "docs").stdout.splitlines()
        assert "answer 200 of POST /api/v1/Desk/LendBook, where the documented sample isn't sent" in lines

    def test_columns_are_aligned(self) -> None:
        lines = run("show", "--sampling", "LendBook", "docs").stdout.splitlines()[-3:]
        words = ["because", "its own id", "the format"]
        assert len({line.index(word) for line, word in zip(lines, words, strict=True)}) == 1

    def test_an_operation_without_bodies_has_none(self) -> None:
        assert run("show", "--sampling", "ReturnBook", "docs").stdout == ""

    def test_on_a_terminal_it_is_a_table(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "200")
        assert "\x1b[" in run("show", "--sampling", "LendBook", "docs").stdout


class TestExtractForSchemathesis:
    def test_writes_a_document_and_settings_and_no_contract_to_stdout(self) -> None:
        result = run("extract", "docs", "--for", "schemathesis", "st")
        assert (result.exit_code, result.stdout) == (0, "")
        document = json.loads(Path("st/openapi.json").read_text(encoding="utf-8"))
        assert set(document["paths"]) == {"/api/v1/Desk/LendBook", "/api/v1/Desk/{id}/ReturnBook"}
        assert "x-docdouble" not in json.dumps(document)
        settings = tomllib.loads(Path("st/schemathesis.toml").read_text(encoding="utf-8"))
        assert settings["auth"]["openapi"] == {
            "Basic": {"username": "${BASIC_USERNAME}", "password": "${BASIC_PASSWORD}"}
        }

    def test_operations_that_may_write_are_marked_and_not_sent(self) -> None:
        run("extract", "docs", "--for", "schemathesis", "st")
        paths = json.loads(Path("st/openapi.json").read_text(encoding="utf-8"))["paths"]
        assert paths["/api/v1/Desk/LendBook"]["post"]["tags"] == ["writes"]
        assert tomllib.loads(Path("st/schemathesis.toml").read_text(encoding="utf-8"))["operations"] == [
            {"include-tag": "writes", "enabled": False}
        ]

    def test_the_contract_is_written_as_well_where_it_is_asked_for(self) -> None:
        run("extract", "docs", "-o", "contract.json", "--for", "schemathesis", "st")
        assert json.loads(Path("contract.json").read_text(encoding="utf-8"))["openapi"] == "3.1.0"
        assert Path("st/openapi.json").exists()

    def test_another_tool_is_not_known(self) -> None:
        assert "'newman' is not 'schemathesis'" in refused("extract", "docs", "--for", "newman", "folder")
