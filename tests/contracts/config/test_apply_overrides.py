"""What a user says of resources in ``docdouble.toml``, and what ``docdouble list --resources`` tells."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.contracts.config.apply_overrides import OVERRIDE_REASON, with_overrides
from docdouble.contracts.config.config import read_config
from docdouble.schemas import ConfigError, Contract, extract
from docdouble.schemas.contract.resources import Criterion, RequestPlace, Resource, Role
from docdouble.schemas.openapi.convert import to_openapi
from docdouble.schemas.openapi.resource_keywords import RESOURCES

REF = "#/components/schemas/"
INT = {"type": "integer"}


def record(*names: str, **parts: Any) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(names, INT) | parts}


def operation(name: str, body: str = "", answer: str = "", path: str = "") -> dict[str, Any]:
    def content(word: str) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": {"$ref": REF + word}}}}

    return {
        "operationId": name,
        "parameters": [{"name": path, "in": "path", "required": True, "schema": INT}] if path else [],
        **({"requestBody": content(body)} if body else {}),
        "responses": {"200": {"description": "", **(content(answer) if answer else {})}},
    }


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "library", "version": "1"},
    "paths": {
        "/Book": {"post": operation("addBook", "Book", "Book")},
        "/Book/{id}": {
            "get": operation("getBook", answer="Book", path="id"),
            "put": operation("putBook", "Book", "Book", path="id"),
            "delete": operation("burnBook", path="id"),
        },
        "/Book/{id}/Mend": {"post": operation("mendBook", "Book", "Book", path="id")},
        "/Print": {"post": operation("printBook", "Order", "Book")},
        "/Look": {"post": operation("lookForBook", "Look", "Books")},
        "/Join": {"post": operation("join", "Joining", "Person")},
    },
    "components": {
        "schemas": {
            "Book": record("BookId", "Isbn", Title={"type": "string"}),
            "Books": {"type": "array", "items": {"$ref": REF + "Book"}},
            "Person": record("PersonId", Name={"type": "string"}),
            "Joining": record("ShelfId", Person={"$ref": REF + "Person"}),
            "Order": record("Copies"),
            "Look": record("Pages", Title={"type": "string"}),
        }
    },
}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "library.json"
    path.write_text(json.dumps(DOCUMENT))
    return path


@pytest.fixture
def contract(path: Path) -> Contract:
    return extract(str(path)).contract


def overridden(contract: Contract, text: str) -> Contract:
    Path("docdouble.toml").write_text(text, encoding="utf-8")
    return with_overrides(contract, read_config(Path("docdouble.toml")).resources)


def named(contract: Contract, name: str = "book") -> Resource:
    return next(resource for resource in contract.resources.resources if resource.name == name)


def role_of(contract: Contract, operation: str, name: str = "book") -> Role:
    return next(role for role in named(contract, name).roles if role.operation == operation)


def test_nothing_stated_changes_nothing(contract: Contract) -> None:
    assert overridden(contract, "") == contract


def test_operations_by_role_replace_those_worked_out(contract: Contract) -> None:
    changed = overridden(contract, '[resources.book]\ncreate = ["POST /Print"]')
    assert [role.operation for role in named(changed).roles] == [
        "getBook",
        "putBook",
        "burnBook",
        "mendBook",
        "printBook",
    ]
    role = role_of(changed, "printBook")
    assert (role.name, role.why, role.entity) == ("create", OVERRIDE_REASON, RequestPlace("body", ""))
    assert role.evidence


def test_places_are_worked_out(contract: Contract) -> None:
    changed = overridden(contract, '[resources.book]\nupdate = ["mendBook"]\nsearch = ["lookForBook"]')
    mend, look = role_of(changed, "mendBook"), role_of(changed, "lookForBook")
    assert (mend.key, mend.entity) == (RequestPlace("path", "id"), RequestPlace("body", ""))
    assert look.criteria == (Criterion(RequestPlace("body", "Title"), "Book", "Title"),)
    assert look.many
    assert "mendBook" not in [name for group in changed.resources.unassigned for name in group.operations]


def test_operations_may_have_no_role(contract: Contract) -> None:
    changed = overridden(contract, '[resources.book]\nnone = ["DELETE /Book/{id}"]')
    assert [role.operation for role in named(changed).roles] == ["addBook", "getBook", "putBook", "mendBook"]


def test_a_resource_may_stay_without_state(contract: Contract) -> None:
    changed = overridden(contract, "[resources]\nBook = false")
    assert changed.resources.resources == ()
    (group,) = [group for group in changed.resources.unassigned if group.why == OVERRIDE_REASON]
    assert (group.name, group.operations) == ("book", ("addBook", "getBook", "putBook", "burnBook", "mendBook"))


def test_another_key_is_that_of_all_views_that_have_it(contract: Contract) -> None:
    changed = overridden(contract, '[resources.book]\nkey = "isbn"\nviews = ["book"]')
    assert named(changed).views == {"Book": "Isbn"}


def test_a_resource_may_be_new(contract: Contract) -> None:
    changed = overridden(contract, '[resources.person]\nviews = ["Person"]\ncreate = ["join"]')
    assert named(changed, "person").views == {"Person": "PersonId"}
    assert role_of(changed, "join", "person").entity == RequestPlace("body", "Person")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[resources.bok]\nkey = "BookId"', "resources: 'bok' is not known; did you mean 'book'?"),
        ("[resources]\nbook = 1", "docdouble.toml:2: resources.book: 1 is not false, or a table"),
        (
            "[resources.book]\ncreat = []",
            "docdouble.toml:2: resources.book: key: 'creat' is not known; did you mean 'create'?",
        ),
        ('[resources.book]\ncreate = "a"', "docdouble.toml:2: resources.book.create: 'a' is not an array of names"),
        ("[resources.book]\nkey = 1", "docdouble.toml:2: resources.book.key: 1 is not the name of a property"),
        ('[resources.book]\nkey = "Isbm"', "resources.book.key: 'Isbm' is not known; did you mean 'Isbn'?"),
        ('[resources.book]\nkey = "Title"', "resources.book.key: 'Title' is not an integer"),
        ('[resources.book]\nviews = ["Bok"]', "resources.book.views: 'Bok' is not known; did you mean 'Book'?"),
        (
            '[resources.book]\nviews = ["Order"]',
            "resources.book.views: 'Order' is not of a type with a key: say which by key",
        ),
        (
            '[resources.book]\nnone = ["putBok"]',
            "resources.book.none: 'putBok' is not documented; did you mean 'putBook'?",
        ),
        ('[resources.book]\nread = ["printBook"]', "which is an integer"),
        ('[resources.book]\nsave = ["getBook"]', "an operation whose request has the values of an entity"),
        ('[resources.book]\nlist = ["getBook"]', "an operation that asks for an array of keys, or for none"),
        ('[resources.book]\nsave = ["mendBook"]\nupdate = ["mendBook"]', "has another role here"),
    ],
)
def test_what_is_wrong_is_refused(contract: Contract, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        overridden(contract, text)
    assert message in str(caught.value)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_table(path: Path) -> None:
    assert run("list", "--resources", path.name).splitlines() == [
        "book  BookId of Book",
        "  create  POST /Book            POST of /Book, body is a Book",
        "  read    GET /Book/{id}        GET of /Book/{id}",
        "  update  PUT /Book/{id}        PUT of /Book/{id}",
        "  delete  DELETE /Book/{id}     DELETE of /Book/{id}",
        "  action  POST /Book/{id}/Mend  POST of /Book/{id}/Mend",
        "unknown role in /Join: its path is neither a list nor in one: what it changes isn't stated  join",
        "  [resources.Join]",
        '  path = "/Join"',
        '  create = ["POST /Join"]',
        "unknown role in /Look: its path is neither a list nor in one: what it changes isn't stated  lookForBook",
        "  [resources.Look]",
        '  path = "/Look"',
        '  create = ["POST /Look"]',
        "unknown role in /Print: its path is neither a list nor in one: what it changes isn't stated  printBook",
        "  [resources.Print]",
        '  path = "/Print"',
        '  create = ["POST /Print"]',
        "1 resource, 5 operations of 8 with a role (1 action, 1 create, 1 delete, 1 read, 1 update), 3 of unknown role",
    ]


def test_what_is_not_recognised_may_be_declared_by_its_path(contract: Contract) -> None:
    changed = overridden(contract, '[resources.print]\npath = "/Print"\ncreate = ["POST /Print"]')
    resource = next(resource for resource in changed.resources.resources if resource.name == "print")
    assert (resource.path, resource.key, resource.singleton) == ("/Print", "", False)
    assert [(role.operation, role.name, role.entity) for role in resource.roles] == [
        ("printBook", "create", RequestPlace("body", ""))
    ]
    assert "printBook" not in {name for group in changed.resources.unassigned for name in group.operations}


@pytest.mark.parametrize(
    ("declared", "wrong"),
    [
        ('path = "/Nowhere"\ncreate = ["POST /Print"]', "resources.print.path"),
        ('path = "/Book"\nread = ["POST /Print"]', "resources.print.read"),
    ],
)
def test_a_declared_path_has_to_fit(contract: Contract, declared: str, wrong: str) -> None:
    with pytest.raises(ConfigError) as error:
        overridden(contract, f"[resources.print]\n{declared}")
    assert error.value.key == wrong


def test_what_changes_nothing_is_reported(path: Path, contract: Contract) -> None:
    table = '[resources.book]\nkey = "BookId"\nnone = ["POST /Print"]\nread = ["GET /Book/{id}"]'
    assert overridden(contract, table).resources.notes == (
        "resources.book.none: POST /Print has no role in book anyway",
        "resources.book.read: it is so anyway",
        "resources.book.key: it is BookId anyway",
    )
    Path("docdouble.toml").write_text(table, encoding="utf-8")
    assert "without effect: resources.book.read: it is so anyway" in run("list", "--resources", path.name)


def test_the_table_as_json(path: Path, contract: Contract) -> None:
    table = json.loads(run("list", "--resources", "--json", path.name))
    assert table.pop("counts") == {"action": 1, "create": 1, "delete": 1, "read": 1, "update": 1}
    assert table == to_openapi(contract)[RESOURCES]


def test_the_table_tells_what_the_project_says(path: Path) -> None:
    Path("docdouble.toml").write_text("[resources]\nbook = false", encoding="utf-8")
    assert "unknown role in book: docdouble.toml says so  addBook, getBook, putBook, burnBook, mendBook" in run(
        "list", "--resources", path.name
    )


def test_json_is_of_resources_only(path: Path) -> None:
    result = CliRunner().invoke(main, ["list", "--json", path.name])
    assert result.exit_code == 2
    assert "--resources" in result.stderr
