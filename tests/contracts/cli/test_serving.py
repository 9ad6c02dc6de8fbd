"""The settings of ``docdouble serve``, and the refusals that name what is wrong with them."""

import contextlib
import json
import pickle
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.contracts.cli.serving import ServeOptions, as_served, in_process_settings, serve_contract, serve_settings
from docdouble.contracts.config.config import Config, as_configured, read_config
from docdouble.fakeserver import Application, ControlClient
from docdouble.schemas import Call, ConfigError, Contract, Operation, extract
from docdouble.schemas.contract.base_paths import shared_base_path
from docdouble.schemas.contract.model import Server

CONTRACT = extract("superoffice").contract
ASSIGN = "/api/v1/Agents/Appointment/AssignTo"
HOTEL = Path(__file__).parents[2] / "fakeserver" / "hotel.yaml"
Serve = Callable[..., tuple[str, str]]


def options(**given: object) -> ServeOptions:
    plain = {
        "host": "127.0.0.1",
        "port": 0,
        "workers": 1,
        "threads": 1,
        "seed": 0,
        "locale": "en_US",
        "auth": None,
        "cors": (),
    }
    more = {"tls": False, "tls_cert": None, "tls_key": None, "faults": (), "control_token": "", "reload": False}
    return ServeOptions(**{**plain, **more, **given})  # type: ignore[arg-type]


def config(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "docdouble.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_the_file_says_who_is_let_in_and_what_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROBOT_TOKEN", "secret")
    read = config(
        tmp_path,
        """
        [serve]
        auth = "off"
        cors = ["https://App.example.com/"]
        faults = [{ status = 503, share = 0.1 }]

        [serve.credentials]
        robot = { Bearer = "${ROBOT_TOKEN}", only = ["GET *"] }
        """,
    )
    made = serve_settings(CONTRACT, read, options(), "https")
    assert (made.auth, made.cors, made.scheme) == (False, ("https://app.example.com",), "https")
    assert [(caller.credentials["Bearer"], caller.only) for caller in made.callers] == [("secret", ("GET *",))]
    assert read.serve.faults == ({"status": 503, "share": 0.1},)
    assert "secret" not in repr(made)


def test_the_command_line_stands_above_the_file(tmp_path: Path) -> None:
    read = config(tmp_path, '[serve]\nauth = "off"\ncors = ["*"]')
    made = serve_settings(CONTRACT, read, options(auth=True, cors=("none",)), "http")
    assert (made.auth, made.cors) == (True, ())


def test_the_file_and_above_it_the_command_line_choose_the_answers(tmp_path: Path) -> None:
    text = """
        [serve]
        nulls = "never"
        answers = "documented"

        [samples]
        "*.OrgNr" = "numerify:#########"
        Sale.Currency = ["NOK", "EUR"]
        """
    made = serve_settings(CONTRACT, config(tmp_path, text), options(), "http")
    assert (made.nulls, made.answers) == ("never", "documented")
    assert made.samples == {"*.OrgNr": "numerify:#########", "Sale.Currency": ("NOK", "EUR")}
    made = serve_settings(CONTRACT, config(tmp_path, text), options(nulls="documented", answers="generated"), "http")
    assert (made.nulls, made.answers) == ("documented", "generated")


def test_a_fake_in_process_follows_the_file(tmp_path: Path) -> None:
    made = in_process_settings(config(tmp_path, '[serve]\nnulls = "never"\n[samples]\nTitle = ["Lunch"]'))
    assert (made.nulls, made.answers, made.samples) == ("never", "generated", {"Title": ("Lunch",)})


def test_the_file_and_above_it_the_command_line_say_where_the_state_is(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text('{"contact": []}', encoding="utf-8")
    read = config(tmp_path, '[serve]\nstate = "state.db"\npopulation = 7\nseed-data = "own.json"')
    made = serve_settings(CONTRACT, read, options(workers=2), "http")
    assert (made.state, made.population, made.entities) == ("state.db", 7, {"contact": []})
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    given = options(state="memory", population=0, seed_data=other)
    made = serve_settings(CONTRACT, read, given, "http")
    assert (made.state, made.population, made.entities) == ("memory", 0, {})


@pytest.mark.parametrize(
    ("text", "given", "seconds"),
    [("", None, 30.0), ("[serve]\nbody-timeout = 2.5", None, 2.5), ("[serve]\nbody-timeout = 2.5", 7.0, 7.0)],
)
def test_how_long_a_body_may_take(
    tmp_path: Path, text: str, given: float | None, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Application] = []
    monkeypatch.setattr("docdouble.contracts.cli.serving.serve", lambda application, *_: served.append(application))
    serve_contract(CONTRACT, "superoffice", None, config(tmp_path, text), options(body_timeout=given))  # type: ignore[arg-type]
    assert [application.body_seconds for application in served] == [seconds]


@pytest.mark.parametrize(("state", "kept"), [("off", "off"), ("memory", "memory"), ("state.db", "memory")])
def test_a_fake_in_process_writes_no_files(tmp_path: Path, state: str, kept: str) -> None:
    assert in_process_settings(config(tmp_path, f'[serve]\nstate = "{state}"')).state == kept


def test_several_workers_share_no_memory(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"'memory' is not shared by several workers: name a file, --state state\.db"):
        serve_settings(CONTRACT, Config(), options(workers=2), "http")
    assert serve_settings(CONTRACT, Config(), options(workers=2, state="off"), "http").state == "off"


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "'own.json' is not valid JSON"), ("[]", "'own.json' is not an object: arrays of entities by name")],
)
def test_data_of_ones_own_that_is_none(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "own.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        serve_settings(CONTRACT, Config(), options(seed_data=tmp_path / "own.json"), "http")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[serve]\npopulation = -1", "serve.population: -1 is not a whole number from 0 to 10000"),
        ('[serve]\npopulation = "many"', "serve.population: 'many' is not a whole number from 0 to 10000"),
        ("[serve]\nbody-timeout = 0", "serve.body-timeout: 0 is not a number above 0 and at most 1000000"),
        ("[serve]\nstate = false", "serve.state: a truth value is not memory, off, a path or a URL"),
        ('[serve]\nauht = "off"', "serve: key: 'auht' is not known; did you mean 'auth'?"),
        ("[serve]\nauth = true", "serve.auth: true is not known; expected one of on, off"),
        ('[serve]\nauth = "of"', "serve.auth: 'of' is not known; did you mean 'off'?"),
        ('[serve]\nnulls = "newer"', "serve.nulls: 'newer' is not known; did you mean 'never'?"),
        ("[serve]\nnulls = 1", "serve.nulls: 1 is not known; expected one of never"),
        ('[serve]\nanswers = "document"', "serve.answers: 'document' is not known; did you mean 'documented'?"),
        ("samples = 1", "samples: 1 is not a table"),
        ("[samples]\nTitle = 1", "samples.Title: 1 is not a source, or an array of values"),
        ("[samples]\nTitle = []", "samples.Title: [] is not an array of values"),
        ("[samples]\nSale.Title = true", "samples.Sale.Title: true is not a source"),
        ("[serve]\ncors = [1]", "serve.cors: [1] is not an array of origins"),
        ('[serve.credentials]\nanna = "x"', "serve.credentials.anna: a text is not a table, such as"),
        ("[serve]\nfaults = [1]", "serve.faults[0]: a number is not a table"),
        ('[serve.credentials]\nanna = { Basik = "a:b" }', "'Basik' is not a documented scheme; did you mean 'Basic'?"),
        (
            '[serve.credentials]\nanna = { Bearer = "${NOWHERE}" }',
            "serve.credentials.anna.Bearer: '${NOWHERE}' is not set in the environment",
        ),
        ("[serve.credentials]\nanna = { Bearer = 5 }", "anna.Bearer: a number is not a text"),
        ('[serve.credentials]\nanna = { Bearer = "x", only = "GET" }', "anna.only: 'GET' is not an array"),
        ('[serve]\ncors = ["app.example.com"]', "cors: 'app.example.com' is not an origin"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        serve_settings(CONTRACT, config(tmp_path, text), options(), "http")
    assert message in str(raised.value)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Return a function that runs ``docdouble serve`` and returns its URL and its messages until then."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> tuple[str, str]:
        command = [sys.executable, "-m", "docdouble", "serve", "--port", "0", "--control-token", "open", *arguments]
        log = tmp_path / "said.txt"
        with log.open("w", encoding="utf-8") as stderr:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=tmp_path)
        running.append(process)
        assert process.stdout is not None
        url = process.stdout.readline().strip().removeprefix("DOCDOUBLE_URL=")
        return url, log.read_text(encoding="utf-8")

    yield start
    for process in running:
        process.terminate()
        process.communicate()


@pytest.mark.parametrize(
    "given",
    [
        "--coverage --log-format json --fault operation=GuestEntity_List,status=503",
        "--state off --locale de --seed-data own.json",
    ],
)
def test_what_is_served_reaches_a_process_that_is_spawned(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.json").write_text('{"room": [{"RoomId": 2, "Name": "Tower"}]}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    served: list[bytes] = []
    monkeypatch.setattr(
        "docdouble.contracts.cli.serving.serve", lambda application, *_: served.append(pickle.dumps(application))
    )
    assert not CliRunner().invoke(main, ["serve", str(HOTEL), *given.split()], catch_exceptions=False).exit_code
    with contextlib.closing(pickle.loads(served[0]).made()) as app:
        assert app.log
        app.log = None
        assert app.handle(Call(method="GET", target="/rooms")).status == 200


@pytest.mark.sockets
def test_tls_faults_and_the_control_api(serve: Serve) -> None:
    url, stderr = serve(
        "superoffice", "--tls", "--auth", "off", "--fault", "operation=AssignTo,violate=missing-field:/Links"
    )
    certificate = next(line.rpartition(" ")[2] for line in stderr.splitlines() if "certificate is" in line)
    reply = requests.post(url + ASSIGN, json={"AppointmentId": 267}, verify=certificate, timeout=10)
    assert (reply.status_code, reply.json()["AppointmentId"], "Links" in reply.json()) == (200, 267, False)
    assert urlsplit(url).scheme == "https"
    assert "control API https://127.0.0.1" in stderr


@pytest.mark.slow
@pytest.mark.sockets
def test_what_is_kept_where_is_reported_and_is_there_after_a_restart(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text('{"room": [{"RoomId": 2, "Name": "Tower"}]}', encoding="utf-8")
    (tmp_path / "docdouble.toml").write_text("[resources]\nbooking = false\n", encoding="utf-8")
    given = (str(HOTEL), "--state", "state.db", "--population", "3", "--seed-data", "own.json", "--workers", "2")
    url, stderr = serve(*given)
    assert "changes are kept in state.db: 2 resources, 18 operations\n" in stderr
    unknown = "/Agents/Booking/ConfirmBooking, booking"
    assert f"the roles of 13 operations are unknown: {unknown}; docdouble list --resources says why\n" in stderr
    assert requests.put(f"{url}/rooms/3", json={"Name": "Attic"}, timeout=10).status_code == 200
    url, _ = serve(*given)
    assert [room["Name"] for room in requests.get(f"{url}/rooms", timeout=10).json()][1:] == ["Tower", "Attic"]
    assert requests.delete(f"{url}/bookings/99", timeout=10).status_code == 204


@pytest.mark.sockets
def test_that_nothing_is_kept_is_reported(serve: Serve) -> None:
    _, stderr = serve("superoffice", "--state", "off")
    assert "nothing is kept of what callers change, every id exists\n" in stderr


@pytest.mark.sockets
def test_everything_is_compiled_before_the_first_call_and_reported(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "docdouble.toml").write_text('[samples]\n"*.Title" = ["Lunch"]\n', encoding="utf-8")
    url, stderr = serve("superoffice", "--warm", "--auth", "off", "--no-reload")
    assert re.search(r"^docdouble: compiled in \d+\.\d s$", stderr, re.MULTILINE)
    assert requests.post(url + ASSIGN, json={"AppointmentId": 267}, timeout=10).json()["Title"] == "Lunch"


@pytest.mark.sockets
def test_pages_are_read_again_and_a_broken_one_changes_nothing(serve: Serve, tmp_path: Path) -> None:
    page = tmp_path / "count_loans.md"
    text = (Path(__file__).parents[2] / "cases" / "count_loans.md").read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    url, _ = serve(str(page), "--no-cache", "--auth", "off")
    operation = extract(str(page)).contract.operations[0]
    assert described(url) == {operation.path}
    page.write_text(text.replace(operation.path, "/api/v1/Elsewhere"), encoding="utf-8")
    until(lambda: described(url) == {"/api/v1/Elsewhere"})
    page.write_text("no operation", encoding="utf-8")
    log = tmp_path / "said.txt"
    until(lambda: "the last good contract stays" in log.read_text(encoding="utf-8"))
    assert described(url) == {"/api/v1/Elsewhere"}
    assert ControlClient(url, "open").calls(path="/openapi.json")


@pytest.mark.sockets
def test_the_configuration_is_read_again_and_a_broken_one_changes_nothing(serve: Serve, tmp_path: Path) -> None:
    configuration, log = tmp_path / "docdouble.toml", tmp_path / "said.txt"
    url, _ = serve(str(HOTEL), "--auth", "off")

    def name() -> str:
        return str(requests.get(f"{url}/guests/3", timeout=10).json()["Name"])

    configuration.write_text('[samples]\nName = ["Ada"]\n', encoding="utf-8")
    until(lambda: name() == "Ada")
    for text, reason in (('[samples]\nName = ["Ada"', "docdouble.toml"), ('[serve]\nstate = "off"\n', "state: 'off'")):
        configuration.write_text(text, encoding="utf-8")
        until(lambda reason=reason: f"the last good contract stays: {reason}" in log.read_text())  # type: ignore[misc]
        assert name() == "Ada"
    configuration.write_text("[serve]\nfaults = [{ status = 419 }]\n", encoding="utf-8")
    until(lambda: requests.get(f"{url}/guests/3", timeout=10).status_code == 419)
    configuration.unlink()
    until(lambda: requests.get(f"{url}/guests/3", timeout=10).status_code == 200)


@pytest.mark.sockets
def test_a_rule_that_means_nothing_is_reported(serve: Serve, tmp_path: Path) -> None:
    configuration, log = tmp_path / "docdouble.toml", tmp_path / "said.txt"
    configuration.write_text('[samples]\n"Guest.Nam" = ["Ada"]\n', encoding="utf-8")
    _, at_first = serve(str(HOTEL))
    assert "docdouble: samples.\"Guest.Nam\" means no documented property; did you mean 'Guest.Name'?\n" in at_first
    configuration.write_text('[samples]\nEmial = ["Ada"]\n', encoding="utf-8")
    until(lambda: "samples.\"Emial\" means no documented property; did you mean 'Email'?" in log.read_text())


@pytest.mark.sockets
def test_what_the_folder_holds_is_served_and_named(serve: Serve, tmp_path: Path) -> None:
    shutil.copy(HOTEL, tmp_path / "openapi.yaml")
    (tmp_path / "README.md").write_text("# Hotel\n", encoding="utf-8")
    url, stderr = serve("--auth", "off")
    assert stderr.startswith("docdouble: no documentation is named: openapi.yaml, which is here, is taken\n")
    assert "docdouble: 31 operations of openapi.yaml, Ctrl-C stops\n" in stderr
    assert requests.get(f"{url}/guests/3", timeout=10).status_code == 200


def test_a_folder_that_holds_nothing_serves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["serve"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"docdouble: source: '{tmp_path}' is not a folder with an OpenAPI file or reference pages at its top, or one "
        "folder down: name a SOURCE, such as docdouble serve superoffice for the contract that is shipped\n"
    )


@pytest.mark.sockets
@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_who_listens_everywhere_says_where(serve: Serve, host: str) -> None:
    url, stderr = serve("superoffice", "--auth", "off", "--host", host)
    assert urlsplit(url).hostname == {"0.0.0.0": "127.0.0.1", "::": "::1"}[host]
    assert requests.get(f"{url}/openapi.json", timeout=10).status_code == 200
    for other in re.findall(r"in the network (\S+)", stderr):
        assert requests.get(f"{other}/openapi.json", timeout=10).status_code == 200


def described(url: str) -> set[str]:
    return set(requests.get(url + "/openapi.json", timeout=10).json()["paths"])


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "nothing happened within 20 s"
        time.sleep(0.1)


@pytest.mark.parametrize(("path", "served"), [(None, "/v1"), ("/", ""), ("/api/", "/api")])
def test_the_base_path_is_the_documented_one_or_that_of_the_command_line(path: str | None, served: str) -> None:
    operations = (Operation("a", "GET", "/a"), Operation("b", "GET", "/b", servers=(Server("/v1"),)))
    contract = Contract("t", "1", operations, servers=(Server("https://quay.example/v1"),))
    assert shared_base_path(as_served(contract, Config(), path)) == served


@pytest.mark.parametrize("path", ["", "v1", "/v1?x=1", "/a b"])
def test_a_base_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(ConfigError, match="--base-path"):
        as_served(Contract("t", "1", ()), Config(), path)


@pytest.mark.parametrize("command", ["serve", "verify"])
def test_webhooks_alone_are_nothing_to_serve_or_verify(command: str, tmp_path: Path) -> None:
    source = tmp_path / "hooks.json"
    hooks = {"landed": {"post": {"responses": {"200": {"description": "ok"}}}}}
    source.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "webhooks": hooks}))
    result = CliRunner().invoke(main, [command, str(source)])
    message = f"there is nothing to {command}; it has 1 webhook, and webhooks are calls that the server sends"
    assert (result.exit_code, message in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[samples]\nTitle = "word"\n"*.OrgNr" = "compny"', 3, "did you mean 'company'?"),
        ('[samples]\nGuest.Name = "compny"', 2, "did you mean 'company'?"),
        ('[resources.appointment]\nviews = ["AppointmentEntity"]\ncreate = ["AsignTo"]', 3, "did you mean 'AssignTo'?"),
        ("[resources.boat]\nkey = 'Id'", 1, "resources: 'boat' is not known"),
        ('seed = 3\n[serve]\n[serve.credentials.anna]\nBaisc = "a:b"', 4, "did you mean 'Basic'?"),
    ],
)
def test_what_turns_out_to_be_wrong_later_has_its_line_too(tmp_path: Path, text: str, line: int, message: str) -> None:
    project = config(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        serve_settings(as_configured(extract("superoffice").contract, project), project, options(), "http")
    assert str(caught.value).startswith(f"docdouble.toml:{line}: ")
    assert message in str(caught.value)
