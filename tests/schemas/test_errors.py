import pickle

import pytest

from docdouble.schemas import ConfigError, ContractError, DocdoubleError, PageError, PluginError, TargetError
from docdouble.schemas.errors import nearest

ERRORS: list[tuple[DocdoubleError, type[Exception], str]] = [
    (PageError("lend.md", 12, "no table"), ValueError, "lend.md:12: no table"),
    (PageError("lend.md", 0, "no table"), ValueError, "lend.md: no table"),
    (ContractError("/paths", "missing", "api.json"), ValueError, "api.json#/paths: missing"),
    (ContractError("/paths", "missing"), ValueError, "#/paths: missing"),
    (
        ConfigError("locale", "klingon", ["en", "nb"], "a locale"),
        LookupError,
        "locale: 'klingon' is not a locale; expected one of en, nb",
    ),
    (
        ConfigError("check", "stauts", ["status", "schema"]),
        LookupError,
        "check: 'stauts' is not known; did you mean 'status'?",
    ),
    (ConfigError("port", 70000, expected="below 65536"), LookupError, "port: 70000 is not below 65536"),
    (
        TargetError("http://localhost:1", "connection refused"),
        ConnectionError,
        "http://localhost:1 can't be reached: connection refused",
    ),
    (
        PluginError("docdouble.checks", "speed", "docdouble-speed", "No module named 'clock'"),
        ImportError,
        "docdouble.checks: 'speed' of package 'docdouble-speed' can't be loaded: No module named 'clock'",
    ),
]


@pytest.mark.parametrize(("error", "builtin", "message"), ERRORS, ids=[type(row[0]).__name__ for row in ERRORS])
def test_an_error_has_a_message_and_is_the_builtin_that_callers_catch(
    error: DocdoubleError, builtin: type[Exception], message: str
) -> None:
    assert isinstance(error, DocdoubleError)
    assert isinstance(error, builtin)
    assert str(error) == message


@pytest.mark.parametrize("error", [row[0] for row in ERRORS], ids=[type(row[0]).__name__ for row in ERRORS])
def test_an_error_crosses_a_process_unchanged(error: DocdoubleError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_a_plugin_error_names_its_entry_point() -> None:
    error = PluginError("docdouble.checks", "speed", "docdouble-speed", "broken")
    assert (error.group, error.name, error.package, error.reason) == (
        "docdouble.checks",
        "speed",
        "docdouble-speed",
        "broken",
    )


def test_no_more_than_ten_valid_names_are_listed() -> None:
    error = ConfigError("locale", "?", [f"l{number}" for number in range(30)])
    assert str(error) == "locale: '?' is not known; expected one of l0, l1, l2, l3, l4, l5, l6, l7, l8, l9 and 20 more"


@pytest.mark.parametrize(
    ("value", "expected"), [("BOOK", "Book"), ("bok", "Book"), ("shelff", "Shelf"), ("zzz", None), ("", None)]
)
def test_the_nearest_name_is_found_without_regard_to_case(value: str, expected: str | None) -> None:
    assert nearest(value, ["Book", "Shelf", "Member"]) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("op", None),
        ("sevre", "serve"),
        ("nul", "null"),
        ("drp", "drop"),
        ("prod", "production"),
        ("max-null", "null"),
        ("so", None),
        ("nb", "nb_NO"),
        ("no", "nb_NO"),
        ("of", "off"),
    ],
)
def test_only_what_is_near_is_guessed(value: str, expected: str | None) -> None:
    assert nearest(value, ["drop", "serve", "null", "production", "sort", "en", "off", "nb_NO"]) == expected


def test_a_valid_name_is_listed_once() -> None:
    assert str(ConfigError("operation", "x", ["listBoats", "GET /boats", "listBoats"], "documented")) == (
        "operation: 'x' is not documented; expected one of listBoats, GET /boats"
    )
