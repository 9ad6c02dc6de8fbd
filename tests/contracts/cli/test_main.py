"""The whole command line, in process."""

import json
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docdouble.contracts.cli.main import main
from docdouble.fakeserver import FakeServer, running
from docdouble.fakeserver.sampler.meaning import user_rules
from docdouble.schemas import Contract, Reply, plugins
from docdouble.schemas.contract.model import COMPONENT_PREFIX

SHIPPED = Path(__file__).parents[3] / "schemas" / "superoffice" / "contract.json"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def refused(*arguments: str, code: int = 2) -> str:
    """The one line that a command which can't be carried out prints."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    return result.stderr.strip()


def test_help_names_every_command() -> None:
    output = run("--help").output
    assert all(command in output for command in ("extract", "serve", "verify"))


def test_verify_without_arguments_verifies_the_shipped_fake() -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("ok      POST /api/v1/Agents/Appointment/AssignTo  ")
    assert result.stdout.splitlines()[1].endswith("0 errors, 0 warnings, 0 notes")
    assert result.stderr.splitlines() == [
        "docdouble: no documentation is named or plainly here: superoffice, the contract that is shipped, is taken",
        "docdouble: superoffice, 1 operation, served by its fake in process",
    ]


def test_quiet_prints_the_verdict_alone_where_nothing_is_found() -> None:
    result = run("verify", "--quiet", "--max-examples", "1")
    assert (result.exit_code, result.stdout) == (0, "passed: no finding of severity error; 1 verified\n")


def test_extract_writes_to_stdout() -> None:
    result = run("extract", "superoffice")
    assert json.loads(result.stdout) == json.loads(SHIPPED.read_text(encoding="utf-8"))
    assert result.stderr.splitlines() == [
        "docdouble: 1 operation, 13 named types, 0 contradictions, 0 pages not read",
        "docdouble: 198 facts: 111 stated, 59 sampled, 28 assumed",
    ]


def test_extract_writes_files(tmp_path: Path) -> None:
    result = run("extract", "superoffice", "-o", "out.json", "--schemas", "schemas")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / "out.json").read_bytes() == SHIPPED.read_bytes()
    assert sorted(path.name for path in (tmp_path / "schemas").iterdir()) == [
        "v1AppointmentAgent_AssignTo.request.json",
        "v1AppointmentAgent_AssignTo.response.200.json",
    ]


def test_the_project_names_its_source(tmp_path: Path) -> None:
    (tmp_path / "docdouble.toml").write_text('source = "missing.md"')
    assert refused("verify") == (
        "docdouble: source: 'missing.md' is not there: no file, folder or shipped contract has this name; "
        "expected one of superoffice"
    )


def test_a_misspelled_source() -> None:
    assert refused("verify", "superofice").endswith("did you mean 'superoffice'?")


def test_a_misspelled_operation() -> None:
    expected = "docdouble: operation: 'AsignTo' is not documented; did you mean 'AssignTo'?"
    assert refused("verify", "--only", "AsignTo").splitlines()[-1] == expected


def test_random_bytes(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(b"# title\n\xff\xfe\x00")
    assert refused("extract", "page.md") == "docdouble: page.md:2: byte 0xff is no UTF-8 text"


def test_a_page_too_large(tmp_path: Path) -> None:
    with (tmp_path / "page.md").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert refused("extract", "page.md").startswith("docdouble: page.md: larger than 8 MiB, the most that ")


def test_a_broken_reference(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace(f"{COMPONENT_PREFIX}Priority", f"{COMPONENT_PREFIX}Prioritty")
    (tmp_path / "contract.json").write_text(text, encoding="utf-8")
    message = run("verify", "contract.json").stderr
    assert (
        "/components/schemas/AppointmentEntity/properties/Priority/anyOf/0: "
        "$ref '#/components/schemas/Prioritty' names nothing; did you mean 'Priority'? [broken-reference]"
    ) in message


def test_a_folder_that_cannot_be_written() -> None:
    assert (
        refused("extract", "superoffice", "-o", "none/out.json")
        == "docdouble: none/out.json: No such file or directory"
    )


def test_an_unreachable_server() -> None:
    result = run("verify", "--url", "http://127.0.0.1:9")
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1] == "docdouble: http://127.0.0.1:9 can't be reached: Connection refused"
    assert "not finished" in result.stdout


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("localhost:80", "; did you mean http://localhost:80?"),
        ("ftp://localhost", ""),
        ("http://", " with a host"),
        ("http://localhost:99999", " with a port from 1 to 65535"),
        ("nonsense", ""),
    ],
)
def test_a_url_that_is_none(url: str, meant: str) -> None:
    expected = f"docdouble: url: {url!r} is not an http:// or https:// URL{meant}"
    assert refused("verify", "--url", url).splitlines()[-1] == expected


def test_another_machine_needs_the_users_credentials() -> None:
    message = refused("verify", "--url", "https://api.example.com", "--full")
    assert "--header 'Authorization: ...'" in message


def test_a_plan_that_calls_nothing_is_an_error() -> None:
    message = refused("verify", "--url", "https://api.example.com").splitlines()[-1]
    assert message == (
        "docdouble: url: 'https://api.example.com' is not a server that any operation would be sent to;"
        " --plan says why, --allow-writes admits some"
    )


@pytest.mark.parametrize("header", ["Authorization", "Authorization:", ": x", "A: b\nC: d", "A: \u00e9"])
def test_a_header_that_is_none_and_is_not_repeated_in_full(header: str) -> None:
    line = refused("verify", "--header", header)
    assert line.endswith("is not of the form 'NAME: VALUE', in printable ASCII")


def test_a_locale_that_is_none() -> None:
    assert "'no_N0' is not a locale of Faker; did you mean 'no_NO'?" in refused(
        "serve", "superoffice", "--locale", "no_N0"
    )


def test_a_source_of_samples_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "docdouble.toml").write_text('[samples]\n"*.OrgNr" = "compny"')
    expected = (
        "docdouble: docdouble.toml:2: samples.\"*.OrgNr\": 'compny' is not a source of samples, or a provider of "
        "Faker; did you mean 'company'?"
    )
    assert refused("serve", "superoffice", "--port", "0") == expected
    assert refused("show", "AssignTo", "superoffice") == expected
    assert refused("verify").splitlines()[-1] == expected
    assert run("list", "superoffice").exit_code == 0


def test_a_broken_plugin_stops_the_commands_that_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("dewey", "no_such_module:RULES", user_rules.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: [broken] if group == user_rules.GROUP else [])
    user_rules.added_rules.cache_clear()
    message = refused("serve", "superoffice", "--port", "0")
    assert message.startswith("docdouble: docdouble.samples: 'dewey' of package 'an unknown package' can't be loaded: ")
    assert refused("show", "AssignTo", "superoffice") == message
    assert refused("verify").splitlines()[-1] == message
    assert [run(command, "superoffice").exit_code for command in ("list", "lint")] == [0, 0]
    stopped = run("verify", "--url", "http://127.0.0.1:9")
    assert (stopped.exit_code, stopped.stderr.splitlines()[-1]) == (2, message)


def test_the_project_says_what_data_is_verified(tmp_path: Path) -> None:
    (tmp_path / "docdouble.toml").write_text('[serve]\nanswers = "documented"\n[samples]\n"*" = "company"')
    assert run("verify", "--max-examples", "2").exit_code == 0


@pytest.mark.sockets
def test_findings_are_reported_with_their_line_and_a_curl_and_no_secret(contract: Contract) -> None:
    class Html(FakeServer):
        def handle(self, call):  # type: ignore[no-untyped-def]
            reply = super().handle(call)
            return Reply((("Content-Type", "text/html"),), b"<p>") if reply.status == 200 else reply

    with running(Html(contract)) as url:
        result = run("verify", "--url", url, "--header", "Authorization: Bearer hunter2", "--max-examples", "5")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[1:3] == [
        "  error: content-type, v1AppointmentAgent_AssignTo.md:39",
        "    expected  one of application/json, text/json, application/xml, text/xml, "
        "application/json-patch+json, application/merge-patch+json",
    ]
    assert lines[3:5] == ["    got       text/html", "    call      {}"]
    assert '-H "Authorization: $AUTHORIZATION"' in lines[5]
    assert "hunter2" not in result.output


@pytest.mark.sockets
def test_fail_on_moves_the_threshold(contract: Contract) -> None:
    class Lenient(FakeServer):
        def handle(self, call):  # type: ignore[no-untyped-def]
            reply = super().handle(call)
            return super().handle(replace(call, body=b"{}")) if reply.status == 400 else reply

    with running(Lenient(contract)) as url:
        codes = [
            run("verify", "--url", url, "--max-examples", "2", *more).exit_code for more in ([], ["--fail-on", "note"])
        ]
    assert codes == [0, 1]
