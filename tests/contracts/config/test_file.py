"""Variables of the environment, lines of mistakes, and what isn't shown."""

from pathlib import Path

import pytest

from docdouble.contracts.config.config import Config, project_config, read_config
from docdouble.contracts.config.environment import expand_variables
from docdouble.contracts.config.file import line_of
from docdouble.schemas import ConfigError


def read(folder: Path, text: str, used: tuple[str, ...] = ()) -> Config:
    (folder / "docdouble.toml").write_text(text, encoding="utf-8")
    return project_config(folder, used)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return str(caught.value)


def test_variables_are_filled_in_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "blue")
    text = (
        'url = "https://${STAGE}.example/${STAGE}"\n[serve]\nnulls = "never"\ncors = ["https://${STAGE}.example"]\n'
        '[verify]\ncases = "cases/${STAGE}"\n[samples]\nTitle = ["${STAGE}", "$${STAGE}", "$STAGE"]\n'
    )
    config = read(tmp_path, text)
    assert config.url == "https://blue.example/blue"
    assert config.serve.cors == ("https://blue.example",)
    assert config.verify.cases == tmp_path / "cases" / "blue"
    assert config.samples == {"Title": ("blue", "${STAGE}", "$STAGE")}


def test_a_choice_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTH", "off")
    assert not read(tmp_path, '[serve]\nauth = "${AUTH}"\n').serve.auth


def test_a_variable_that_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STAGE", raising=False)
    assert refused(tmp_path, '\nurl = "http://${STAGE}"') == (
        "docdouble.toml:2: url: '${STAGE}' is not set in the environment"
    )
    monkeypatch.setenv("STAGE", "")
    assert refused(tmp_path, 'url = "http://${STAGE}"').endswith("is not set in the environment: it is empty")


def test_a_variable_of_what_is_not_used_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STAGE", raising=False)
    text = 'url = "${STAGE}"\nsource = "docs"\n'
    assert read(tmp_path, text, ("source",)) == Config("docs")
    with pytest.raises(ConfigError, match="STAGE"):
        read(tmp_path, text, ("source", "url"))


def test_secrets_are_filled_in_when_they_are_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "hunter2")
    text = (
        '[serve]\nstate = "redis://:${SECRET}@host"\ncredentials.anna = { Bearer = "${SECRET}" }\n'
        '[verify]\nproxy = "http://u:${SECRET}@proxy"\nheaders.Authorization = "Bearer ${SECRET}"\n'
    )
    config = read(tmp_path, text)
    assert (
        "hunter2" not in f"{config.serve.state}{config.serve.credentials}{config.verify.proxy}{config.verify.headers}"
    )
    assert "SECRET" not in repr(config)


@pytest.mark.parametrize("text", ["${", "${TOKEN", "a ${} b", "${not a name}"])
def test_a_variable_that_is_written_wrongly(text: str) -> None:
    with pytest.raises(ConfigError, match=r"where: '\$\{' is not the start of a variable"):
        expand_variables(text, "where")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[verify]\nmax-examples = 5", "2: verify: key: 'max-examples' is not a key here: it belongs at the top"),
        ('only = ["a"]', "1: key: 'only' is not a key here: it belongs into [verify]"),
        ("[verify]\nfail-under = 5", "2: verify: key: 'fail-under' is not a key here: it belongs into [coverage]"),
        ('[tool.docdouble]\nsource = "x"', "1: key: 'tool' is not a key here: the keys of a file of our own"),
        ("[serve]\nport = 1", "2: serve: key: 'port' is not a key here: it is an option of the command only"),
        ("max_examples = 5", "1: key: 'max_examples' is not known; did you mean 'max-examples'?"),
        ("[[serve.faults]]\nstatus = 5\n[[serve.faults]]\nstat = 5", "4: serve.faults[1]: key: 'stat' is not known"),
        ("[coverage]\nfail-under = 180", "2: coverage.fail-under: 180 is not a number from 0 to 100"),
        ('[samples]\n"*.Title" = 2024-01-01', '2: samples."*.Title": a date is not a source, or an array of values'),
        ('source = "a\\u0000b"', "1: source: 'a\\x00b' is not a text without U+0000"),
        ("source = docs", " 'Invalid value (at line 1, column 10)' is not valid TOML"),
    ],
)
def test_careless_mistakes(text: str, message: str, tmp_path: Path) -> None:
    assert message in refused(tmp_path, text)
    assert refused(tmp_path, text).startswith("docdouble.toml:")


def test_everything_wrong_is_reported_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        '[verify]\njobs = 0\nmax-jobs = 3\n[serve]\nauth = "yes"\nheader = 1\n[[serve.faults]]\nstatus = 5\nstat = 1\n'
    )
    assert refused(tmp_path, text).splitlines() == [
        "docdouble.toml:2: verify.jobs: 0 is not a whole number from 1 to 64",
        "docdouble.toml:3: verify: key: 'max-jobs' is not known; did you mean 'jobs'?",
        "docdouble.toml:5: serve.auth: 'yes' is not known; expected one of on, off",
        "docdouble.toml:6: serve: key: 'header' is not known; expected one of auth, cors, credentials, faults, "
        "validate, read-only, nulls, answers, state, population and 2 more",
        "docdouble.toml:9: serve.faults[0]: key: 'stat' is not known; did you mean 'status'?",
    ]


def test_a_table_that_is_too_deep(tmp_path: Path) -> None:
    assert "of a bearable depth" in refused(tmp_path, f"samples.{'a.' * 5000}a = 'x'")


def test_an_array_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    assert refused(tmp_path, "[verify]\nskip = ['a', 3]").endswith("verify.skip: ['a', 3] is not an array of names")


@pytest.mark.parametrize(
    "text",
    [
        'verify = "hunter2"',
        '[verify.headers]\nAuthorization = { command = "echo hunter2" }',
        '[serve.credentials]\nanna = "hunter2"',
        '[serve.credentials]\nanna = ["hunter2"]',
        "[serve]\nstate = ['hunter2']",
        "[verify]\nproxy = ['hunter2']",
        '[verify.headers]\nAuthorization = ["hunter2"]',
        '[verify.headers]\nAuthorization = { token = "hunter2" }',
        '[verify.headers]\nAuthorization = { token-url = "https://x", client-secret = "hunter2" }',
        '[verify.headers]\nAuthorization = { file = "x", prefix = ["hunter2"] }',
    ],
)
def test_what_may_be_secret_is_not_shown(text: str, tmp_path: Path) -> None:
    assert "hunter2" not in refused(tmp_path, text)


def test_pyproject_is_reported_with_its_lines(tmp_path: Path) -> None:
    for text, message in [
        ("[tool]\ndocdouble = 3", "pyproject.toml:2: tool.docdouble: 3 is not a table"),
        ("tool = 3", "pyproject.toml:1: tool.docdouble: 3 is not a table"),
        ("[tool.other]\nsorce = 1\n[tool.docdouble]\nsorce = 1", "pyproject.toml:4: key: 'sorce' is not known; did"),
    ]:
        (tmp_path / "pyproject.toml").write_text(text)
        with pytest.raises(ConfigError) as caught:
            project_config(tmp_path)
        assert str(caught.value).startswith(message)


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbfsource = "x"')
    assert read_config(tmp_path / "a.toml").source == "x"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("b", "c d", "e"), 3),
        (("b", "c d", "other"), 2),
        (("f", "[1]", "g"), 7),
        (("f", "[1]", "h"), 6),
        (("x",), 0),
    ],
)
def test_lines(path: tuple[str, ...], line: int) -> None:
    assert line_of('a = 1\n[b."c d"]\n e = 2\n[[f]]\ng = 1\n[[f]]\ng = 2\n', path) == line
