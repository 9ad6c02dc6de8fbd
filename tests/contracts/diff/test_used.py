"""Which changes concern a consumer."""

import json
from pathlib import Path

import pytest

from docdouble.contracts.coverage.use import How, Use, UsedFact, UsedOperation
from docdouble.contracts.diff.used import Touched, how_used, use_of
from docdouble.schemas import ConfigError, Contract, Operation
from docdouble.schemas.contract.facts import Fact, FactKind

OLD = Contract("Books", "1", (Operation("GetBook", "GET", "/book/{id}"), Operation("PutBook", "PUT", "/book/{id}")))


def used(*facts: tuple[FactKind, str, How]) -> UsedOperation:
    return UsedOperation(
        "GET /book/{id}", 1, 9, {(part, name): UsedFact(how, frozenset({f"t{name}"})) for part, name, how in facts}
    )


def asked(fact: Fact, *facts: tuple[FactKind, str, How]) -> Touched | None:
    return how_used(Use("docs", {"GetBook": used(*facts)}), fact)


CALLED = (FactKind.OPERATION, "", How.SENT)
ID_SEEN = (FactKind.RESPONSE, "200/Id", How.RECEIVED)
NAME_READ = (FactKind.RESPONSE, "200/Name", How.READ)


def test_the_operation_itself_concerns_who_calls_it() -> None:
    assert asked(Fact("GetBook"), CALLED, ID_SEEN) == Touched("called", ("t",))
    assert asked(Fact("GetBook"), ID_SEEN) == Touched("called", ("t200/Id",))
    assert asked(Fact("PutBook"), CALLED) is None


def test_what_is_sent_concerns_who_sends_it() -> None:
    fact = Fact("GetBook", FactKind.PARAMETER, "query/a")
    assert asked(fact, CALLED, (FactKind.PARAMETER, "query/a", How.SENT)) == Touched("sent", ("tquery/a",))
    assert asked(fact, CALLED) is None


def test_a_place_in_a_response_concerns_who_reads_it() -> None:
    assert asked(Fact("GetBook", FactKind.RESPONSE, "200/Name"), ID_SEEN, NAME_READ) == Touched("read", ("t200/Name",))
    assert asked(Fact("GetBook", FactKind.RESPONSE, "200/Id"), ID_SEEN, NAME_READ) is None


def test_where_no_reads_were_noted_it_concerns_to_whom_it_came() -> None:
    assert asked(Fact("GetBook", FactKind.RESPONSE, "200/Id"), ID_SEEN) == Touched("came", ("t200/Id",))
    assert asked(Fact("GetBook", FactKind.RESPONSE, "200/Name"), ID_SEEN) is None


def test_a_status_concerns_to_whom_it_came_whatever_was_read() -> None:
    status = (FactKind.STATUS, "200", How.RECEIVED)
    assert asked(Fact("GetBook", FactKind.STATUS, "200"), status, NAME_READ) == Touched("came", ("t200",))


def write(path: Path, operations: dict[str, str]) -> Path:
    use = Use("docs", {name: UsedOperation(label, 1, 1) for name, label in operations.items()})
    path.write_text(json.dumps(use.as_dict()), encoding="utf-8")
    return path


def test_an_operation_is_found_by_id_and_else_by_method_and_path(tmp_path: Path) -> None:
    file = write(tmp_path / "c.json", {"Renamed": "GET /book/{id}", "PutBook": "PUT /b", "Gone": "GET /gone"})
    use, unknown = use_of([file], OLD)
    assert set(use.operations) == {"GetBook", "PutBook"}
    assert unknown == ("GET /gone",)


def test_several_files_are_put_together(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{name}.json", {name: "GET /x"}) for name in ("GetBook", "PutBook")]
    assert set(use_of(files, OLD)[0].operations) == {"GetBook", "PutBook"}


@pytest.mark.parametrize(
    ("operations", "message"),
    [
        ({}, "is not the use of any operation: the tests called none"),
        ({"Gone": "GET /gone"}, "is not of the old contract, which has none of its operations"),
    ],
)
def test_a_use_that_says_nothing_is_refused(operations: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message):
        use_of([write(tmp_path / "c.json", operations)], OLD)


@pytest.mark.parametrize("content", ["{", "[]", '{"docdouble": "use", "version": 2}', '{"docdouble": "diff"}'])
def test_what_is_no_use(content: str, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(content)
    with pytest.raises(ConfigError):
        use_of([tmp_path / "c.json"], OLD)
