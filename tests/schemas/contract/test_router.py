import pytest

from docdouble.schemas import Call, Contract, Operation, Parameter
from docdouble.schemas.contract.model import Server
from docdouble.schemas.contract.router import Router


@pytest.fixture
def router() -> Router:
    operations = [("list", "GET", "/books"), ("read", "GET", "/books/{id}"), ("any", "DELETE", "/{shelf}/{id}")]
    return Router(Contract("library", "1", tuple(Operation(*operation) for operation in operations)))


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("GET", "/Books", ("list", {})),
        ("GET", "/books/a%2Fb?x=1", ("read", {"id": "a/b"})),
        ("GET", "/books/a/b?x=1", None),
        ("GET", "/books/a%20b?x=1", ("read", {"id": "a b"})),
        ("DELETE", "/books/7", ("any", {"shelf": "books", "id": "7"})),
        ("HEAD", "/books", None),
        ("GET", "/books/7/pages", None),
    ],
)
def test_the_operation_of_a_call(
    router: Router, method: str, target: str, expected: tuple[str, dict[str, str]] | None
) -> None:
    match = router.match(Call(method=method, target=target))
    assert (match and (match.operation.id, match.variables)) == expected


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
    below = [
        (prefix, {match.operation.id for match in route.operations.values()})
        for prefix, route in router.below("/a/books/7")
    ]
    assert below == [("/a", {"read", "any"})]
    assert [prefix for prefix, _ in router.below("/a/b/c")] == ["/a"]
    assert [prefix for prefix, _ in router.below("/books")] == [""]


def test_a_path_of_variables_alone_has_no_literal(router: Router) -> None:
    route = router.find("/books/7")
    assert route
    assert {match.operation.id: match.has_literal for match in route.operations.values()} == {
        "read": True,
        "any": False,
    }


def _by_key(*schemas: dict[str, str]) -> Router:
    operations = [
        Operation(
            f"by-{number}", "GET", f"/books/{{key{number}}}", parameters=(Parameter(f"key{number}", "path", schema),)
        )
        for number, schema in enumerate(schemas)
    ]
    return Router(Contract("library", "1", tuple(operations)))


@pytest.mark.parametrize(
    ("key", "expected"),
    [("7", "by-2"), ("7d7f0c86-6d12-4be1-a7f0-1c2f3b4d5e6f", "by-1"), ("B-12", "by-3"), ("emma", "by-0")],
)
def test_templates_are_distinguished_by_what_their_variables_take(key: str, expected: str) -> None:
    router = _by_key(
        {"type": "string"},
        {"type": "string", "format": "uuid"},
        {"type": "integer"},
        {"type": "string", "pattern": "^B-"},
    )
    match = router.match(Call(target=f"/books/{key}"))
    assert match
    assert match.operation.id == expected


@pytest.fixture
def harbour() -> Router:
    eu = Server(
        "https://{region}.harbour.example/{stage}/v1",
        {"region": {"default": "eu"}, "stage": {"default": "live", "enum": ["test"]}},
    )
    operations = (
        Operation("boats", "GET", "/boats"),
        Operation("boat", "GET", "/boats/{name}"),
        Operation("upload", "POST", "/boats", servers=(Server("/files"),)),
        Operation("move", "POST", "/moves", servers=(Server("https://moves.example"),)),
    )
    return Router(Contract("harbour", "1", operations, servers=(eu,)))


@pytest.mark.parametrize(
    ("target", "base_path", "operations"),
    [
        ("/live/v1/boats", "/live/v1", {"boats"}),
        ("/LIVE/v1/boats?x=1", "/live/v1", {"boats"}),
        ("/test/v1/boats/ada", "/test/v1", {"boat"}),
        ("/files/boats", "/files", {"upload"}),
        ("/boats", None, {"boats", "upload"}),
        ("/moves", None, {"move"}),
        ("/live/v1/moves", None, set()),
        ("/v1/boats", None, set()),
        ("/live/v10/boats", None, set()),
    ],
)
def test_operations_are_found_below_the_paths_of_their_servers(
    harbour: Router, target: str, base_path: str | None, operations: set[str]
) -> None:
    call, base, route = harbour.destination(Call(target=target))
    assert base == base_path
    assert {match.operation.id for match in (route.operations.values() if route else ())} == operations
    assert call.path == (target.partition("?")[0][len(base_path or "") :])


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/live/v1/boats/ada/2?x=/", "/live/v1/boats/ada%2F2?x=/"),
        ("/boats/a/b/c", "/boats/a%2Fb%2Fc"),
        ("/live/v1/boats", "/live/v1/boats"),
        ("/yachts/a/b", "/yachts/a/b"),
    ],
)
def test_what_a_server_has_decoded_is_encoded_again(harbour: Router, target: str, sent: str) -> None:
    assert harbour.with_encoded_slashes(Call(target=target)).target == sent


def test_segments_are_joined_only_to_what_the_type_of_a_variable_takes() -> None:
    assert _by_key({"type": "integer"}).with_encoded_slashes(Call(target="/books/7/b")).target == "/books/7/b"
