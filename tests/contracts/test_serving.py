"""The settings of ``docdouble serve``, and the refusals that name what is wrong with them."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from docdouble.contracts.config import Config, read_config
from docdouble.contracts.serving import Options, fake_settings, settings
from docdouble.fakeserver import ControlClient
from docdouble.schemas import ConfigError, extract

CONTRACT = extract("superoffice").contract
ASSIGN = "/api/v1/Agents/Appointment/AssignTo"
Serve = Callable[..., tuple[str, str]]


def options(**given: object) -> Options:
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
    more = {"tls": False, "chain": None, "key": None, "faults": (), "token": "", "reload": False}
    return Options(**{**plain, **more, **given})  # type: ignore[arg-type]


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
        robot = { Bearer = "$ROBOT_TOKEN", only = ["GET *"] }
        """,
    )
    made = settings(CONTRACT, read, options(), "https")
    assert (made.auth, made.cors, made.scheme) == (False, ("https://app.example.com",), "https")
    assert [(caller.credentials["Bearer"], caller.only) for caller in made.callers] == [("secret", ("GET *",))]
    assert read.serve.faults == ({"status": 503, "share": 0.1},)
    assert "secret" not in repr(made)


def test_the_command_line_stands_above_the_file(tmp_path: Path) -> None:
    read = config(tmp_path, '[serve]\nauth = "off"\ncors = ["*"]')
    made = settings(CONTRACT, read, options(auth=True, cors=("none",)), "http")
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
    made = settings(CONTRACT, config(tmp_path, text), options(), "http")
    assert (made.nulls, made.answers) == ("never", "documented")
    assert made.samples == {"*.OrgNr": "numerify:#########", "Sale.Currency": ("NOK", "EUR")}
    made = settings(CONTRACT, config(tmp_path, text), options(nulls="documented", answers="generated"), "http")
    assert (made.nulls, made.answers) == ("documented", "generated")


def test_a_fake_in_process_follows_the_file(tmp_path: Path) -> None:
    made = fake_settings(config(tmp_path, '[serve]\nnulls = "never"\n[samples]\nTitle = ["Lunch"]'))
    assert (made.nulls, made.answers, made.samples) == ("never", "generated", {"Title": ("Lunch",)})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[serve]\nauht = "off"', "serve: key: 'auht' is not known; did you mean 'auth'?"),
        ("[serve]\nauth = true", "serve: auth: True is not of type str"),
        ('[serve]\nauth = "of"', "serve.auth: 'of' is not known; did you mean 'off'?"),
        ('[serve]\nnulls = "newer"', "serve.nulls: 'newer' is not known; did you mean 'never'?"),
        ("[serve]\nnulls = 1", "serve: nulls: 1 is not of type str"),
        ('[serve]\nanswers = "document"', "serve.answers: 'document' is not known; did you mean 'documented'?"),
        ("samples = 1", "samples: 1 is not of type dict"),
        ("[samples]\nTitle = 1", 'samples."Title": 1 is not a source, or an array of values'),
        ("[samples]\nTitle = []", 'samples."Title": [] is not a source, or an array of values'),
        ("[samples]\nSale.Title = true", 'samples."Sale.Title": True is not a source'),
        ("[serve]\ncors = [1]", "serve.cors: [1] is not an array of origins"),
        ('[serve.credentials]\nanna = "x"', "serve.credentials: 'anna' is not a table"),
        ("[serve]\nfaults = [1]", "serve.faults: [1] is not an array of tables"),
        ('[serve.credentials]\nanna = { Basik = "a:b" }', "'Basik' is not a documented scheme; did you mean 'Basic'?"),
        (
            '[serve.credentials]\nanna = { Bearer = "$NOWHERE" }',
            "'$NOWHERE' is not the name of an environment variable",
        ),
        ("[serve.credentials]\nanna = { Bearer = 5 }", "anna.Bearer: 'int' is not a string"),
        ('[serve.credentials]\nanna = { Bearer = "x", only = "GET" }', "anna.only: 'GET' is not an array"),
        ('[serve]\ncors = ["app.example.com"]', "cors: 'app.example.com' is not an origin"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        settings(CONTRACT, config(tmp_path, text), options(), "http")
    assert told in str(raised.value)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Return a function that runs ``docdouble serve`` and returns its URL and what it said until then."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> tuple[str, str]:
        command = [sys.executable, "-m", "docdouble", "serve", "--port", "0", "--control-token", "open", *arguments]
        said = tmp_path / "said.txt"
        with said.open("w", encoding="utf-8") as stderr:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=tmp_path)
        running.append(process)
        assert process.stdout is not None
        url = process.stdout.readline().strip().removeprefix("DOCDOUBLE_URL=")
        return url, said.read_text(encoding="utf-8")

    yield start
    for process in running:
        process.terminate()
        process.communicate()


@pytest.mark.sockets
def test_tls_faults_and_the_control_api(serve: Serve) -> None:
    url, said = serve("--tls", "--auth", "off", "--fault", "operation=AssignTo,violate=missing-field:/Links")
    certificate = next(line.rpartition(" ")[2] for line in said.splitlines() if "certificate is" in line)
    reply = requests.post(url + ASSIGN, json={"AppointmentId": 267}, verify=certificate, timeout=10)
    assert (reply.status_code, reply.json()["AppointmentId"], "Links" in reply.json()) == (200, 267, False)
    assert urlsplit(url).scheme == "https"
    assert "control API https://127.0.0.1" in said


@pytest.mark.sockets
def test_everything_is_compiled_before_the_first_call_and_told(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "docdouble.toml").write_text('[samples]\n"*.Title" = ["Lunch"]\n', encoding="utf-8")
    url, said = serve("--warm", "--auth", "off", "--no-reload")
    assert re.search(r"^docdouble: compiled in \d+\.\d s$", said, re.MULTILINE)
    assert requests.post(url + ASSIGN, json={"AppointmentId": 267}, timeout=10).json()["Title"] == "Lunch"


@pytest.mark.sockets
def test_pages_are_read_again_and_a_broken_one_changes_nothing(serve: Serve, tmp_path: Path) -> None:
    page = tmp_path / "count_loans.md"
    text = (Path(__file__).parent.parent / "cases" / "count_loans.md").read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    url, _ = serve(str(page), "--no-cache", "--auth", "off")
    operation = extract(str(page)).contract.operations[0]
    assert described(url) == {operation.path}
    page.write_text(text.replace(operation.path, "/api/v1/Elsewhere"), encoding="utf-8")
    until(lambda: described(url) == {"/api/v1/Elsewhere"})
    page.write_text("no operation", encoding="utf-8")
    said = tmp_path / "said.txt"
    until(lambda: "the last good contract stays" in said.read_text(encoding="utf-8"))
    assert described(url) == {"/api/v1/Elsewhere"}
    assert ControlClient(url, "open").calls(path="/openapi.json")


def described(url: str) -> set[str]:
    return set(requests.get(url + "/openapi.json", timeout=10).json()["paths"])


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "nothing happened within 20 s"
        time.sleep(0.1)
