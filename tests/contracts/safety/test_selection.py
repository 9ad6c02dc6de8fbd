from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from docdouble.contracts.safety.selection import Shard, divided, select_operations
from docdouble.schemas import ConfigError, Contract, extract
from docdouble.schemas.contract.resources import NO_RESOURCES
from docdouble.schemas.resources.operation_groups import operation_groups


def document() -> str:
    def operation(name: str, tag: str) -> str:
        return f'{{"operationId": "{name}", "tags": ["{tag}"], "responses": {{}}}}'

    return f"""{{"openapi": "3.1.0", "info": {{"title": "library", "version": "1"}}, "paths": {{
        "/books": {{"get": {operation("listBooks", "Reading")}, "post": {operation("addBook", "Writing")}}},
        "/books/{{id}}": {{"get": {operation("getBook", "Reading")}, "delete": {operation("removeBook", "Writing")}}},
        "/shelves": {{"get": {operation("listShelves", "Reading")}}}
    }}}}"""


@pytest.fixture
def library(tmp_path: Path) -> Contract:
    (tmp_path / "library.json").write_text(document())
    return extract(str(tmp_path / "library.json")).contract


def ids(contract: Contract, only: tuple[str, ...] = (), skip: tuple[str, ...] = (), shard: str = "1/1") -> list[str]:
    return [operation.id for operation in select_operations(contract, only, skip, Shard.of(shard))[0]]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("getBook", ["getBook"]),
        ("GETBOOK", ["getBook"]),
        ("Shelv", ["listShelves"]),
        ("DELETE /books/{id}", ["removeBook"]),
        ("/shelves", ["listShelves"]),
        ("list*", ["listBooks", "listShelves"]),
        ("GET *", ["listBooks", "getBook", "listShelves"]),
        ("/books*", ["listBooks", "addBook", "getBook", "removeBook"]),
        ("tag:writing", ["addBook", "removeBook"]),
        ("path:/books", ["listBooks", "addBook"]),
        ("id:*book", ["addBook", "getBook", "removeBook"]),
    ],
)
def test_what_a_selector_means(library: Contract, selector: str, expected: list[str]) -> None:
    assert ids(library, (selector,)) == expected
    assert ids(library, skip=(selector,)) == [
        operation.id for operation in library.operations if operation.id not in expected
    ]


def test_resources_and_roles(hotel: Contract) -> None:
    roles = {
        (resource.name, role.name, role.operation) for resource in hotel.resources.resources for role in resource.roles
    }
    resource = min(roles)[0]
    assert set(ids(hotel, (f"resource:{resource}",))) == {operation for name, _, operation in roles if name == resource}
    assert set(ids(hotel, ("role:delete",))) == {operation for _, name, operation in roles if name == "delete"} != set()


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("getBok", "did you mean 'getBook'"),
        ("tag:Reding", "did you mean 'tag:Reading'"),
        ("role:delete", "'role:delete'"),
        ("nothing*", "a pattern that fits"),
        ("book", "unique: listBooks, addBook"),
    ],
)
def test_a_selector_that_means_nothing(library: Contract, selector: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        select_operations(library, (selector,))
    assert message in str(caught.value)


def test_why_an_operation_is_left_out(library: Contract) -> None:
    kept, reasons = select_operations(library, ("tag:reading",), ("listBooks",), Shard(1, 2))
    assert [operation.id for operation in kept] == ["getBook"]
    assert reasons == {
        "listBooks": "left out by --skip",
        "addBook": "not asked for by --only",
        "removeBook": "not asked for by --only",
        "listShelves": "in another shard",
    }


@pytest.mark.parametrize("count", range(1, 8))
def test_shards_are_a_partition_that_keeps_resources_together(hotel: Contract, count: int) -> None:
    shares = [ids(hotel, shard=f"{number}/{count}") for number in range(1, count + 1)]
    assert sorted(operation for share in shares for operation in share) == sorted(
        operation.id for operation in hotel.operations
    )
    for resource in hotel.resources.resources:
        roles = {role.operation for role in resource.roles}
        assert sum(bool(roles & set(share)) for share in shares) == 1
    groups = Counter(operation_groups(hotel).values())
    assert max(map(len, shares)) <= len(hotel.operations) / count + max(groups.values())


def test_shards_take_about_equally_long(library: Contract) -> None:
    alone = [
        replace(operation, id=f"op{number}", path=f"/{number}") for number, operation in enumerate(library.operations)
    ]
    contract = replace(library, operations=tuple(alone), resources=NO_RESOURCES)
    seconds = {"op0": 8.0, "op1": 5.0, "op2": 4.0, "op3": 2.0, "gone": 1.0, "left": 0.0}  # op4 takes 4, the median
    shares = [[operation.id for operation in share] for share in divided(alone, contract, 2, seconds)]
    assert shares == [["op0", "op4"], ["op1", "op2", "op3"]]
    assert [
        sorted(operation.id for operation in share) for share in divided(alone[::-1], contract, 2, seconds)
    ] == shares


@pytest.mark.parametrize("text", ["", "2", "0/3", "4/3", "a/b", "1/0", "-1/2", "1/2/3"])
def test_a_shard_that_is_none(text: str) -> None:
    with pytest.raises(ConfigError, match="NUMBER/COUNT"):
        Shard.of(text)
