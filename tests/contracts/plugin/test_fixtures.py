"""The fixtures and the marker, as a user's tests see them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from docdouble.fakeserver import FakeServer, Settings
from docdouble.fakeserver.control.call_excerpts import pytest_test
from docdouble.fakeserver.serving.servers import running
from docdouble.schemas import Call, extract

pytest_plugins = ["pytester"]

HOTEL = Path(__file__).parents[2] / "fakeserver" / "hotel.yaml"
PLAIN = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:xdist")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project whose source is the hotel, and whose pytest is strict."""
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = --strict-markers\n")
    pytester.makefile(".toml", docdouble=f'source = "{HOTEL.as_posix()}"\n')
    return pytester


@pytest.fixture
def real_server() -> Iterator[str]:
    with running(FakeServer(extract(str(HOTEL)).contract)) as url:
        yield url


def test_all_tests_share_one_server(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="session")
        def before(fake_server):
            return fake_server

        @pytest.mark.parametrize("number", [1, 2])
        def test_server(fake_server, fake_api, fake_client, before, number):
            assert fake_server is before
        """
    )
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=2)


def test_no_test_sees_what_another_did(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import json
        from urllib.request import Request, urlopen

        import pytest

        def put(url, name):
            headers = {"Content-Type": "application/json"}
            urlopen(Request(url + "/rooms/3", json.dumps({"Name": name}).encode(), headers, method="PUT")).close()

        @pytest.mark.parametrize("name", ["Attic", "Cellar"])
        def test_alone(fake_api, fake_client, name):
            control = fake_api.control
            assert (control.calls(), control.save_state()) == ([], {"resources": {}})
            assert fake_client.get("/rooms/3").json["Name"] not in ("Attic", "Cellar")
            put(fake_api.url, name)
            assert fake_client.get("/rooms/3").json["Name"] == name
            control.assert_called("PUT /rooms/{id}", times=1)
            fake_client.control.assert_called("PUT /rooms/{id}", times=1)
            control.set_answer("Room_Get", status=410)
            control.add_fault(operation="Room_Delete", status=503)
            assert (fake_client.get("/rooms/3").status_code, fake_client.delete("/rooms/4").status_code) == (410, 503)

        def test_state(fake_client):
            saved = fake_client.control.save_state()
            fake_client.put("/rooms/3", json={"Name": "Attic"})
            fake_client.control.load_state(saved)
            assert fake_client.get("/rooms/3").json["Name"] != "Attic"
        """
    )
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=3)


def test_calls_that_an_earlier_test_left_behind_do_not_disturb(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        from urllib.error import URLError
        from urllib.request import urlopen

        import pytest

        left = []

        def test_first(fake_api, fake_client):
            left.extend([fake_api.url, fake_client])

        def test_second(fake_api, fake_client):
            url, client = left
            with pytest.raises(URLError):
                urlopen(url + "/rooms/3")
            client.put("/rooms/3", json={"Name": "Late"})
            assert fake_api.control.calls() == []
            assert fake_client.get("/rooms/3").json["Name"] != "Late"
        """
    )
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=2)


def test_nothing_is_left_of_a_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_first(fake_client):
            fake_client.put("/rooms/3", json={"Name": "Attic"})
            fake_client.control.set_answer("Room_Get", status=410)
            fake_client.control.add_fault(operation="Room_Delete", status=503)

        def test_second(fake_server):
            from docdouble.fakeserver import ControlClient

            control = ControlClient("http://localhost", fake_server.token, fake_server.handle)
            controls = fake_server._controls
            assert (control.calls(), controls.prepared.all(), controls.faults.all()) == ([], [], [])
            assert not fake_server._store._worlds
        """
    )
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=2)


def test_a_fake_that_keeps_nothing(project: pytest.Pytester) -> None:
    project.makefile(".toml", docdouble=f'source = "{HOTEL.as_posix()}"\n[serve]\nstate = "off"\n')
    project.makepyfile(
        """
        def test_client(fake_client):
            assert fake_client.get("/rooms/3").status_code == 200
            fake_client.control.assert_called("Room_Get", times=1)
        """
    )
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)


TARGET = """
    from urllib.request import urlopen

    def test_target(target):
        assert urlopen(target.url + "/rooms/3").status == 200
        assert (target.is_fake, target.control is None) == ({is_fake}, {is_real})
"""


def test_the_target_is_the_fake(project: pytest.Pytester) -> None:
    project.makepyfile(TARGET.format(is_fake=True, is_real=False))
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)


@pytest.mark.sockets
def test_the_target_is_the_server_of_the_option(project: pytest.Pytester, real_server: str) -> None:
    project.makepyfile(TARGET.format(is_fake=False, is_real=True))
    project.runpytest_inprocess("--contract-url", f"{real_server}/", *PLAIN).assert_outcomes(passed=1)


@pytest.mark.parametrize("url", ["localhost:80", "http://u:p@localhost", "http://localhost/?a=b"])
def test_a_url_that_is_none_is_refused(project: pytest.Pytester, url: str) -> None:
    result = project.runpytest_inprocess("--contract-url", url, *PLAIN)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --contract-url: url: * is not *"])
    result.stderr.no_fnmatch_line("*u:p*")


def test_the_source_of_the_option_goes_first(project: pytest.Pytester) -> None:
    project.makepyfile("def test_source(contract):\n    assert len(contract.operations) == 1\n")
    project.runpytest_inprocess("--contract-source=superoffice", *PLAIN).assert_outcomes(passed=1)


def test_configuration_is_found_where_pytest_is_started(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = project.mkdir("inner")
    (inner / "docdouble.toml").write_text('source = "superoffice"\n')
    (inner / "test_inner.py").write_text("def test_source(contract):\n    assert len(contract.operations) == 1\n")
    monkeypatch.chdir(inner)
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('source = "nowhere"', "docdouble: source: 'nowhere' is not there: *"),
        ('surce = "x"', "docdouble: docdouble.toml*'surce' is not known; did you mean 'source'?"),
    ],
)
def test_what_is_configured_wrongly_is_reported_in_a_line(project: pytest.Pytester, text: str, line: str) -> None:
    project.makefile(".toml", docdouble=text)
    project.makepyfile("def test_source(fake_client):\n    pass\n")
    result = project.runpytest_inprocess(*PLAIN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*ERROR at setup of test_source*", line])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*During handling*")


def test_a_marked_test_has_its_operation_and_tells_it(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import unittest
        import pytest

        pytestmark = pytest.mark.contract(operation="Room_Get")

        def test_operation(operation, fake_client):
            assert (operation.id, operation.method) == ("Room_Get", "GET")

        @pytest.mark.parametrize("operation", ["mine"])
        def test_its_own_word(operation):
            assert operation == "mine"

        class TestCase(unittest.TestCase):
            def test_case(self):
                pass

        @pytest.mark.contract(operation="DELETE /rooms/{id}")
        def test_another(operation):
            assert operation.id == "Room_Delete"
        """
    )
    result = project.runpytest_inprocess("-m", "contract", "--junitxml=junit.xml", *PLAIN)
    result.assert_outcomes(passed=4)
    report = (project.path / "junit.xml").read_text(encoding="utf-8")
    assert report.count('<property name="operation" value="Room_Get" />') == 3
    assert report.count('<property name="operation" value="Room_Delete" />') == 1
    assert report.count('<property name="documentation" value="hotel.yaml:') == 4


@pytest.mark.parametrize(
    ("marker", "line"),
    [
        (
            'contract(operation="Rom_Get")',
            "docdouble: operation: 'Rom_Get' is not documented; did you mean 'Room_Get'?",
        ),
        (
            'contract("v1", operation="Room_Get")',
            'docdouble: expected @pytest.mark.contract(operation="..."), got *Room_Get*',
        ),
        ("contract(operation=1)", 'docdouble: expected @pytest.mark.contract(operation="..."), got *'),
        ("usefixtures('operation')", 'docdouble: the test has no @pytest.mark.contract(operation="...")'),
    ],
)
def test_a_marker_that_names_no_operation_is_reported_in_a_line(
    project: pytest.Pytester, marker: str, line: str
) -> None:
    project.makepyfile(f"import pytest\n\n@pytest.mark.{marker}\ndef test_operation():\n    assert False\n")
    result = project.runpytest_inprocess(*PLAIN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*ERROR at setup of test_operation*", line.replace("[", "[[]")])
    result.stdout.no_fnmatch_line("*During handling*")


@pytest.mark.parametrize("marker", ["contract", 'contract("v1")', 'contract(consumer="shop", provider="api")'])
def test_a_marker_of_somebody_else_is_left_alone(project: pytest.Pytester, marker: str) -> None:
    project.makepyfile(
        f"""
        import pytest

        @pytest.mark.{marker}
        def test_theirs(request):
            assert "contract" not in request.fixturenames

        @pytest.mark.contract(operation="Room_Get")
        class TestBoth:
            @pytest.mark.{marker}
            def test_both(self, operation):
                assert operation.id == "Room_Get"
        """
    )
    project.runpytest_inprocess("-m", "contract", *PLAIN).assert_outcomes(passed=2)


def test_help_tells_of_everything_and_its_example_runs(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("--contract-help", *PLAIN)
    assert (result.ret, max(map(len, result.outlines)) <= 100) == (0, True)
    words = result.stdout.str().split()
    fixtures = ("contract", "fake_api", "fake_client", "fake_server", "target", "proxy_api", "operation")
    known = (*fixtures, "record_contract_use")
    assert set(known) | {"--contract-source", "--contract-url", "--contract-coverage", "--contract-mutate"} <= {*words}
    project.makepyfile("\n".join(line[2:] for line in result.outlines[result.outlines.index("a test") + 1 :]))
    project.makefile(".toml", docdouble="")
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)


@pytest.mark.sockets
def test_addresses_and_clients_have_the_documented_base_path(project: pytest.Pytester) -> None:
    text = HOTEL.read_text(encoding="utf-8")
    project.path.joinpath("api.yaml").write_text(f"servers: [{{url: /hotel/v1}}]\n{text}", encoding="utf-8")
    project.makefile(".toml", docdouble='source = "api.yaml"\n')
    project.makepyfile(
        """
        from urllib.request import urlopen

        def test_server(fake_api, fake_client, target):
            assert fake_api.url.endswith("/hotel/v1") and target.url == fake_api.url
            with urlopen(fake_api.url + "/rooms") as reply:
                assert "Docdouble-Base-Path" not in reply.headers
            assert fake_client.get("/rooms").headers["Docdouble-Base-Path"] == "/hotel/v1"
            assert fake_client.get("/hotel/v1/rooms").status_code == 200
            assert len(fake_api.control.calls(path="/rooms")) == 3
            fake_api.control.assert_called("GET /rooms", times=3)
        """
    )
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=1)


def test_the_tests_that_the_journal_makes_of_calls_pass(project: pytest.Pytester) -> None:
    app = FakeServer(extract(str(HOTEL)).contract, Settings(auth=False, seed=3))
    app.handle(Call(target="/guests/7"))
    app.handle(Call((("Content-Type", "application/json"),), b'{"Name": 5}', "POST", "/guests"))
    app.handle(Call(target="/no%20where?a=%22"))
    project.makepyfile("\n\n".join(map(pytest_test, app.journal.entries())))
    project.runpytest_inprocess(*PLAIN).assert_outcomes(passed=3)
