"""Operations whose facts stand in tables with named rows: ``/boats (GET)`` in the head, then what there is to say."""

from pathlib import Path

from docdouble.schemas.contract.model import Operation
from docdouble.schemas.pages.blocks import PageTable
from docdouble.schemas.pages.family_check import check_family
from docdouble.schemas.pages.named_rows import has_named_rows

from .family_pages import read_pages

SEPARATOR = "--- | ---\n"


def boats(tmp_path: Path, *tables: str) -> dict[str, Operation]:
    sections = "".join(f"## Section {number}\n\n### Specification\n\n{table}\n" for number, table in enumerate(tables))
    contract = read_pages(tmp_path, boats=f"# Boats\n\n{sections}").contract
    return {operation.label: operation for operation in contract.operations}


def test_statuses_and_the_description_are_rows(tmp_path: Path) -> None:
    table = (
        f"/boats/:id (DELETE) |\n{SEPARATOR}description | Sinks a boat.\nresponse codes | <ul><li>**Success**: 204 (No "
        "Content)</li><li>**Missing**: 404 (Not Found)</li></ul>\n"
    )
    operation = boats(tmp_path, table, f"/boats (GET) |\n{SEPARATOR}description | All boats.\n")["DELETE /boats/{id}"]
    assert operation.description == "Sinks a boat."
    assert [(response.status, response.description) for response in operation.responses] == [
        ("204", "No Content"),
        ("404", "Not Found"),
    ]


def test_parameters_are_bullets_or_a_line_of_a_row(tmp_path: Path) -> None:
    get = (
        f"/boats (GET) |\n{SEPARATOR}paging | Pages by the `limit` and `after` query parameters.\n"
        "query parameters | <ul><li>`kind`: One kind.</li><li>Required: `yard` (string)</li></ul>\n"
    )
    put = (
        f"/boats/:id (PUT) |\n{SEPARATOR}url parameters | Required: `petrel` (the boat's name).\n"
        "payload parameters | Required: `name` (string), `length` (number; in metres), and `kind` (string).\n"
    )
    operations = boats(tmp_path, get, put)
    listed = [
        (parameter.name, parameter.location, parameter.required) for parameter in operations["GET /boats"].parameters
    ]
    assert listed == [
        ("kind", "query", None),
        ("yard", "query", True),
        ("limit", "query", None),
        ("after", "query", None),
    ]
    assert [(parameter.name, parameter.location) for parameter in operations["PUT /boats/{id}"].parameters] == [
        ("id", "path")
    ]
    request = operations["PUT /boats/{id}"].request
    assert request is not None
    assert request.required


def test_a_special_case_of_an_operation_is_no_part_of_the_one_before_it(tmp_path: Path) -> None:
    sample = '{{< code text >}}\n[{"id": 2}]\n{{< /code >}}\n'
    operations = boats(
        tmp_path,
        f"/boats (GET) |\n{SEPARATOR}description | All.\n",
        f"/boats/:id (DELETE) |\n{SEPARATOR}response codes | 204 (Gone)\n",
        f"/boats (GET) with filters |\n{SEPARATOR}output | {sample}",
        f"boats/:id/crew (PUT) |\n{SEPARATOR}description | Without a slash.\n",
    )
    assert operations.keys() == {"GET /boats", "DELETE /boats/{id}", "PUT /boats/{id}/crew"}
    assert not any(response.media_types for response in operations["DELETE /boats/{id}"].responses)
    success = operations["GET /boats"].success()
    assert success is not None
    assert success.media_types[0].samples == ([{"id": 2}],)


def test_rows_are_named_in_tables_of_two_columns_without_a_header() -> None:
    heads = [("", ""), ("/boats (GET)", ""), ("Name", "Type"), ("", "", ""), ("",)]
    assert [has_named_rows(PageTable(head, (), 1)) for head in heads] == [True, True, False, False, False]


def test_a_table_with_the_method_and_the_path_in_its_rows_is_read_as_a_whole(tmp_path: Path) -> None:
    table = (
        "Title | All boats\n--- | ---\nURL | `/boats`\nMethod | `GET`\nQuery params | **Optional:** `kind=[string]`\n"
    )
    (tmp_path / "boats.md").write_text(f"# Boats\n\n{table}", encoding="utf-8")
    check = check_family(tmp_path)
    assert (check.operations, check.parameters, check.headers) == (1, 1, ())
