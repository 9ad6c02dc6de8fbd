"""Small parts: findings, credentials, configuration."""

from dataclasses import replace
from pathlib import Path

import pytest

from docdouble.contracts.client.placeholder_credentials import placeholder, with_placeholder, without_credentials
from docdouble.contracts.config.config import Config, project_config, read_config
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.model.finding import Finding, Severity, severity_of
from docdouble.schemas import Call, ConfigError, Contract, Grade, Operation
from docdouble.schemas.openapi.reader import from_openapi


def test_indices_are_folded_in_fingerprints() -> None:
    findings = [Finding("check", Severity.ERROR, "op", "", "", pointer) for pointer in ("/a/0/b/12", "/a/3/b/4")]
    assert {finding.fingerprint for finding in findings} == {("op", "check", "/a/*/b/*", "")}
    other = Finding("check", Severity.ERROR, "op", "", "", "/a/0x/b/1")
    assert other.fingerprint[2] == "/a/0x/b/*"


@pytest.mark.parametrize(
    ("grade", "severity"),
    [
        (Grade.STATED, Severity.ERROR),
        (Grade.SHARED, Severity.ERROR),
        (Grade.SAMPLED, Severity.WARNING),
        (Grade.ASSUMED, Severity.NOTE),
        (None, Severity.ERROR),
    ],
)
def test_severity_follows_evidence(grade: Grade | None, severity: Severity) -> None:
    assert severity_of(grade) is severity


def test_thresholds() -> None:
    assert [level for level in Severity if level.reaches(Severity.WARNING)] == [Severity.ERROR, Severity.WARNING]


def secured(*schemes: dict[str, str]) -> tuple[Operation, Contract]:
    names = [f"s{number}" for number in range(len(schemes))]
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "paths": {"/x": {"get": {"security": [{name: []} for name in names], "responses": {}}}},
        "components": {"securitySchemes": dict(zip(names, schemes, strict=True))},
    }
    contract = from_openapi(document)
    return contract.operations[0], contract


@pytest.mark.parametrize(
    ("scheme", "headers"),
    [
        ({"type": "http", "scheme": "basic"}, (("Authorization", "Basic ZG9jZG91YmxlOmRvY2RvdWJsZQ=="),)),
        ({"type": "http", "scheme": "Bearer"}, (("Authorization", "Bearer docdouble"),)),
        ({"type": "http", "scheme": "SoTicket"}, (("Authorization", "SoTicket docdouble"),)),
        ({"type": "oauth2"}, (("Authorization", "Bearer docdouble"),)),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, (("X-Key", "docdouble"),)),
        ({"type": "apiKey", "in": "query", "name": "key"}, ()),
    ],
)
def test_made_up_credentials(scheme: dict[str, str], headers: tuple[tuple[str, str], ...]) -> None:
    assert placeholder(*secured(scheme)) == headers


def test_made_up_credentials_stand_where_their_scheme_says() -> None:
    operation, contract = secured({"type": "apiKey", "in": "query", "name": "the key"})
    call = Call(target="/x?a=1&the+key=old")
    assert with_placeholder(call, operation, contract).target == "/x?a=1&the%20key=docdouble"
    operation, contract = secured({"type": "apiKey", "in": "cookie", "name": "pass"})
    call = Call((("Cookie", "a=b; pass=old"),))
    assert with_placeholder(call, operation, contract).header("Cookie") == "a=b; pass=docdouble"


def test_all_schemes_of_an_alternative_are_made_up_and_one_that_nothing_defines_is_passed_over() -> None:
    key, token = {"type": "apiKey", "in": "header", "name": "X-Key"}, {"type": "http", "scheme": "bearer"}
    operation, contract = secured(key, token, {"type": "mutualTLS"})
    both = replace(operation, security=(("ghost", "s0"), ("s0", "s1", "s2")))
    assert placeholder(both, contract) == (("X-Key", "docdouble"), ("Authorization", "Bearer docdouble"))


def test_a_key_in_the_query_is_taken_out_and_any_text_is_a_key_named_authorization() -> None:
    operation, contract = secured(
        {"type": "apiKey", "in": "query", "name": "key"}, {"type": "apiKey", "in": "header", "name": "Authorization"}
    )
    call = Call((("Authorization", "x"),), target="/x?key=1&a=2")
    assert list(without_credentials(operation, contract, call)) == [Call(target="/x?a=2")]


def test_no_credentials_are_missed_that_are_no_part_of_a_call() -> None:
    assert list(without_credentials(*secured({"type": "mutualTLS"}), Call())) == []


def test_every_documented_credential_is_taken_out() -> None:
    operation, contract = secured(
        {"type": "http", "scheme": "basic"}, {"type": "apiKey", "in": "header", "name": "X-Key"}
    )
    call = Call((("X-KEY", "1"), ("authorization", "Basic x"), ("Cookie", "a=b"), ("Accept", "*/*")))
    assert list(without_credentials(operation, contract, call)) == [
        Call((("Accept", "*/*"),)),
        Call((("Accept", "*/*"), ("Authorization", "docdouble"))),
    ]


def test_an_open_operation_is_not_asked_for_credentials() -> None:
    operation, contract = secured()
    assert list(without_credentials(operation, contract, Call())) == []


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert project_config(tmp_path) == Config("", url="", budget=Budget(10, 15, 0), fail_on=Severity.ERROR)


def test_docdouble_toml_wins_over_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.docdouble]\nsource = "one"\nseed = 3\n')
    assert project_config(tmp_path) == Config("one", budget=Budget(seed=3))
    (tmp_path / "docdouble.toml").write_text('source = "two"\nmax-examples = 4\nurl = "http://x"\nfail-on = "note"\n')
    assert project_config(tmp_path) == Config(
        "two", url="http://x", budget=Budget(max_examples=4), fail_on=Severity.NOTE
    )


def test_a_path_is_relative_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docdouble.toml").write_text('source = "docs"')
    assert project_config(tmp_path).source == str(tmp_path / "docs")


@pytest.mark.parametrize("value", ["true", '"3"', "1.5"])
def test_a_number_is_a_number(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.toml").write_text(f"seed = {value}")
    with pytest.raises(ConfigError, match=r"a\.toml:1: seed: .* is not a whole number"):
        read_config(tmp_path / "a.toml")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"a\.toml: 'byte 0' is not UTF-8"):
        read_config(tmp_path / "a.toml")
