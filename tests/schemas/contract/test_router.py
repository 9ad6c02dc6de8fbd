import pytest

from docdouble.schemas import Call, Contract, Operation
from docdouble.schemas.contract.router import Router


@pytest.fixture
def router() -> Router:
    operations = [("list", "GET", "/books"), ("read", "GET", "/books/{id}"), ("any", "DELETE", "/{shelf}/{id}")]
    return Router(Contract("library", "1", tuple(Operation(*one) for one in operations)))


@pytest.mark.parametrize(
    ("method", "target", "found"),
    [
        ("GET", "/Books", ("list", {})),
        ("GET", "/books/a%2Fb?x=1", None),
        ("GET", "/books/a%20b?x=1", ("read", {"id": "a b"})),
        ("DELETE", "/books/7", ("any", {"shelf": "books", "id": "7"})),
        ("HEAD", "/books", None),
        ("GET", "/books/7/pages", None),
    ],
)
def test_the_operation_of_a_call(
    router: Router, method: str, target: str, found: tuple[str, dict[str, str]] | None
) -> None:
    match = router.match(Call(method=method, target=target))
    assert (match and (match.operation.id, match.variables)) == found


def test_get_answers_head(router: Router) -> None:
    route = router.route_of(Call(target="/books"))
    assert route
    answering = {method: route.answering(method) for method in ("GET", "HEAD", "POST")}
    assert {method: match and match.operation.id for method, match in answering.items()} == {
        "GET": "list",
        "HEAD": "list",
        "POST": None,
    }


def test_documented_paths_below_others(router: Router) -> None:
    found = [
        (prefix, {match.operation.id for match in route.operations.values()})
        for prefix, route in router.below("/a/books/7")
    ]
    assert found == [("/a", {"read", "any"})]
    assert [prefix for prefix, _ in router.below("/a/b/c")] == ["/a"]
    assert [prefix for prefix, _ in router.below("/books")] == [""]


def test_a_path_of_variables_alone_has_no_literal(router: Router) -> None:
    route = router.find("/books/7")
    assert route
    assert {match.operation.id: match.has_literal for match in route.operations.values()} == {
        "read": True,
        "any": False,
    }
