"""What makes no sense is reported in one line, before anything is sent or written."""

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docdouble.contracts.cli.main import main
from docdouble.fakeserver import FakeServer
from docdouble.fakeserver.serving.servers import running
from docdouble.schemas import extract

HOTEL = Path(__file__).parents[2] / "docs" / "openapi.yaml"
LOCAL = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("text.txt").write_text("no JSON\n", encoding="utf-8")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ("verify", *arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(*arguments: str) -> str:
    """The last line of a command that can't be carried out."""
    before = sorted(os.listdir())
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert sorted(os.listdir()) == before
    return result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--plan --report json=a.json", "--plan: '--report' is not an option that goes with it"),
        ("--plan --har text.txt", "--plan: '--har' is not an option that goes with it"),
        ("--plan --update-baseline --baseline b.json", "--plan: '--update-baseline' is not an option that goes with"),
        ("--har text.txt --mutate 3", "--har: '--mutate' is not an option that goes with it"),
        ("--har text.txt --only AssignTo", "--har: '--only' is not an option that goes with it"),
        ("--har text.txt --cases folder", "--har: '--cases' is not an option that goes with it"),
        (f"--mutate 3 --url {LOCAL}", "--mutate: '--url' is not an option that goes with it"),
        ("--mutate 3 --report json=a.json", "--mutate: '--report' is not an option that goes with it"),
        ("--json", "--json: 'verify' is not known without --plan"),
        ("--update-baseline", "--update-baseline: 'no file' is not given with --baseline FILE"),
        ("--key text.txt", "key: 'text.txt' is not of use without --certificate"),
    ],
)
def test_options_that_contradict_each_other(arguments: str, message: str) -> None:
    assert message in refused(*arguments.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--only AsignTo", "did you mean 'AssignTo'?"),
        ("--skip *nothing*", "'*nothing*' is not a pattern that fits an id or a path"),
        ("--only tag:x --skip AssignTo", "operation: 'tag:x' is not known"),
        ("--skip AssignTo", "'no operation' is not enough; --plan says why"),
        ("--skip-check nul", "check: 'nul' is not known; did you mean 'null'?"),
        ("--allow-writes clasified", "operation: 'clasified' is not"),
        ("--shard 0/5", "'0/5' is not of the form NUMBER/COUNT"),
        ("--shard ²/5", "'²/5' is not of the form NUMBER/COUNT"),
        ("--report jsn=a", "'jsn' is not a kind of report; did you mean 'json'?"),
        ("--report json", "'json' is not of the form KIND=FILE"),
        ("--report json=folder", "'folder' is not a file in a folder that is there"),
        ("--report json=none/a.json", "'none/a.json' is not a file in a folder that is there"),
        ("--header Authorization", "'Authorization' is not of the form 'NAME: VALUE'"),
        ("--header t0ken=", "'***' is not of the form 'NAME: VALUE'"),
        ("--baseline none.json", "none.json"),
        ("--baseline text.txt", "text.txt"),
        ("--har text.txt", "text.txt"),
        ("--har folder", "folder"),
        ("--ca none.pem --url https://localhost", "'none.pem' is not a PEM file of certificates: No such file"),
        ("--ca text.txt --url https://localhost", "'text.txt' is not a PEM file of certificates"),
        ("--url http://[::1", "url: 'http://[::1' is not an http:// or https:// URL"),
        ("--url localhost:80", "url: 'localhost:80' is not an http:// or https:// URL"),
        ("--url http://h/?a=b", "url: 'http://h/?a=b' is not a URL without a query and a fragment"),
        ("--url http://h/v1#a", "is not a URL without a query and a fragment; did you mean http://h/v1?"),
        ("--url http://", "url: 'http://' is not an http:// or https:// URL with a host"),
        ("--url http://h:99999", "url: 'http://h:99999' is not an http:// or https:// URL with a port from 1 to 65535"),
        ("--url http://h:x", "url: 'http://h:x' is not an http:// or https:// URL with a port from 1 to 65535"),
        ("--proxy nothing --url http://localhost", "proxy: 'nothing' is not an http:// or https:// URL"),
        ("--max-time nan", "nan is not"),
        ("--timeout inf", "inf is not"),
        ("--timeout 0", "0"),
        ("--rate 1e-300", "1e-300 is not"),
        ("--max-response-time -1", "-1"),
        ("--max-reply-size -1", "-1"),
        ("--jobs 0", "0"),
        ("--jobs 1000", "1000"),
        ("--max-examples 0", "0"),
        ("--mutate 0", "0"),
        ("--fail-on eror", "eror"),
        ("--seed x", "'x'"),
        ("--maximum 3", "--max"),
    ],
)
def test_values_that_mean_nothing(arguments: str, message: str) -> None:
    assert message in refused(*arguments.split(" "))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["openapi.yaml"], "'openapi.yaml' is no command: which one, such as docdouble serve openapi.yaml?"),
        (["https://example.com"], "'https://example.com' is no command: which one, such as docdouble serve https://ex"),
        (["folder"], "'folder' is no command: which one, such as docdouble serve folder?"),
        (["dialect", "folder"], "'folder' is no command: which one, such as docdouble dialect guess folder?"),
        (["sevre"], "No such command 'sevre'; did you mean 'serve'?"),
        (["dialect", "gues"], "No such command 'gues'; did you mean 'guess'?"),
        (["xyz"], "No such command 'xyz'"),
        (["verify", "openapi.yaml", "--url", "localhost:8000"], "URL; did you mean http://localhost:8000?"),
        (["verify", "openapi.yaml", "http://127.0.0.1:9"], "; a server to verify is named by --url"),
        (["verify", "--max-time", "5m"], "'5m' is not a valid number."),
        (["serve", "openapi.yaml", "8080"], "a port is named by --port 8080"),
        (["serve", "superoffice", "--host", "http://localhost"], "host: 'http://localhost' is not the name or the add"),
        (["serve", "superoffice", "--locale", "no"], "did you mean 'no_NO'?"),
    ],
    ids=" ".join,
)
def test_words_in_the_wrong_place(arguments: list[str], message: str) -> None:
    shutil.copy(HOTEL, "openapi.yaml")
    result = CliRunner().invoke(main, arguments, prog_name="docdouble")
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_password_in_the_url_is_never_shown() -> None:
    result = run("--url", "http://anna:hunter2@localhost")
    assert result.exit_code == 2
    assert "hunter2" not in result.output + result.stderr
    assert "without a user" in result.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max-example = 3", "verify: key: 'max-example' is not known"),
        ("timeout = 0", "verify.timeout: 0 is not"),
        ("rate = 1e-300", "verify.rate: 1e-300 is not"),
        ("max-time = 1e300", "verify.max-time: 1e+300 is not"),
        ("jobs = true", "verify.jobs: true is not a whole number"),
        ('only = ["AsignTo"]', "did you mean 'AssignTo'?"),
        ('key = "k.pem"', "of use without"),
    ],
)
def test_a_table_that_means_nothing(line: str, message: str) -> None:
    Path("docdouble.toml").write_text(f"[verify]\n{line}\n", encoding="utf-8")
    assert message in refused()


def test_a_contract_without_operations(tmp_path: Path) -> None:
    Path("empty.json").write_text(
        '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}', encoding="utf-8"
    )
    assert "empty.json" in refused("empty.json")


def test_a_plan_for_machines() -> None:
    result = run("--plan", "--json", "--careful")
    plan = json.loads(result.stdout)
    assert plan["profile"] == "careful"
    assert plan["operations"][0]["called"] is False


@pytest.mark.slow
def test_what_is_accepted_into_a_baseline_does_not_fail(tmp_path: Path) -> None:
    broken = FakeServer(extract("superoffice").contract, faults=[{"violate": "wrong-type:/AppointmentId"}])
    keeping = ["--baseline", "known.json", "--max-examples", "1"]
    with running(broken) as url:
        accepted = CliRunner().invoke(main, ["verify", "--url", url, *keeping, "--update-baseline"])
        again = CliRunner().invoke(main, ["verify", "--url", url, *keeping])
    assert accepted.stdout.splitlines()[-1].startswith("accepted: ")
    assert (accepted.exit_code, again.exit_code) == (0, 0)
    assert again.stdout.splitlines()[-1] == "passed: no new finding of severity error; 1 verified"


@pytest.mark.parametrize("arguments", ["verify . --mutate 3", "list .", "verify . --har recorded.har"])
def test_an_interrupted_command_says_so(arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "recorded.har").write_text("{}")
    monkeypatch.setattr("docdouble.contracts.cli.common.extract", interrupted)
    result = CliRunner().invoke(main, arguments.split())
    assert (result.exit_code, result.stderr) == (130, "docdouble: interrupted\n")
