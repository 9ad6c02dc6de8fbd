"""The pytest plugin: fixtures for tests against the fake, and tests that are made of the documentation.

Everything but pytest, and what imports nothing else, is imported where it is used, so that a test run which doesn't use
the plugin doesn't pay for it.
"""

import os
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .plugin import MUTANT
from .plugin.project import FILES, project_folder, says_collect, source_option, url_option
from .plugin.pytest_verdict import RunVerdicts

if TYPE_CHECKING:
    from docdouble.fakeserver import FakeServer, Settings
    from docdouble.schemas import Contract, Operation

    from .plugin.fakes import CalledServer, FakeApi, FakeClient, FakeView
    from .plugin.items import ContractFile
    from .plugin.proxied_api import ProxyApi


@contextmanager
def _errors_in_a_line() -> Iterator[None]:
    """Show an error of ours without the way to it, which says nothing to the user."""
    from docdouble.schemas import DocdoubleError

    try:
        yield
    except (DocdoubleError, OSError) as error:
        from .output.echo import printed_remark

        raise pytest.fail.Exception(f"docdouble: {printed_remark(error)}", pytrace=False) from None


@pytest.fixture(scope="session")
def contract_source(pytestconfig: pytest.Config) -> str:
    """Source of the contract of the tests: ``--contract-source``, else what docdouble.toml names.

    Override it in your conftest.py to name another one.
    """
    from .config.config import project_config

    with _errors_in_a_line():
        return (
            source_option(pytestconfig) or project_config(project_folder(pytestconfig), ("source",)).source_or_shipped
        )


@pytest.fixture(scope="session")
def contract(contract_source: str, pytestconfig: pytest.Config) -> "Contract":
    """The contract that is read of ``contract_source``; ``contract.operation("AssignTo")`` finds an operation."""
    from docdouble.schemas import extract
    from docdouble.schemas.extraction import Access

    from .config.config import as_configured, project_config

    with _errors_in_a_line():
        config = project_config(project_folder(pytestconfig), ("source", "dialect", "resources"))
        access = Access(contract_source == source_option(pytestconfig), dialect=config.dialect_of((contract_source,)))
        return as_configured(extract(contract_source, access=access).contract, config)


@pytest.fixture(scope="session")
def fake_settings(pytestconfig: pytest.Config) -> "Settings":
    """Settings of the fake, with the data that docdouble.toml asks for.

    Override it in your conftest.py, and return a ``docdouble.fakeserver.Settings`` such as ``Settings(seed=7)``.
    """
    from .cli.serving import in_process_settings
    from .config.config import project_config

    with _errors_in_a_line():
        return in_process_settings(project_config(project_folder(pytestconfig), ("serve", "samples")))


@pytest.fixture(scope="session")
def fake_server(
    contract: "Contract", contract_source: str, fake_settings: "Settings", pytestconfig: pytest.Config
) -> Iterator["FakeServer"]:
    """The fake of the whole session, a WSGI application that all tests share; each sees a part of its own.

    Serve it yourself where something has to outlive a test: ``with docdouble.fakeserver.running(fake_server) as url``.
    """
    with _errors_in_a_line():
        fake = _fake(contract, fake_settings, pytestconfig)
    with fake as app:
        if pytestconfig.pluginmanager.has_plugin("docdouble-coverage"):
            from .plugin.pytest_coverage import observer

            with _errors_in_a_line():
                app.observer = observer(pytestconfig, contract, contract_source)
        yield app


def _fake(contract: "Contract", settings: "Settings", config: pytest.Config) -> AbstractContextManager["FakeServer"]:
    """Return a fake, with the fault that this run has planted, if any."""
    from docdouble.fakeserver import FakeServer

    faults = config.pluginmanager.get_plugin("docdouble-faults")
    return (faults and faults.fake(contract, settings)) or closing(FakeServer(contract, settings))


@pytest.fixture
def _fake_view(fake_server: "FakeServer") -> Iterator["FakeView"]:
    """The fake as one test sees it."""
    from .plugin.fakes import FakeView

    with closing(FakeView(fake_server)) as view:
        yield view


@pytest.fixture
def fake_api(_fake_view: "FakeView", contract: "Contract") -> Iterator["FakeApi"]:
    """The fake at an address of the test's own, for clients that need a URL: ``fake_api.url``, with the base path.

    What is written there is in a world of the test's own and gone afterwards. ``fake_api.control`` has what the test
    asked (``calls``, ``assert_called``), prepares answers and faults for it (``set_answer``, ``add_fault``), and saves,
    loads and resets what it wrote (``save_state``, ``load_state``, ``reset_state``).
    """
    from docdouble.fakeserver import running
    from docdouble.schemas.contract.base_paths import shared_base_path

    from .plugin.fakes import FakeApi

    with running(_fake_view) as url:
        yield FakeApi(url + shared_base_path(contract), _fake_view.control(url))


@pytest.fixture
def fake_client(_fake_view: "FakeView", pytestconfig: pytest.Config) -> "FakeClient":
    """The fake in process, without a socket: a Werkzeug test client, ``fake_client.get("/path").json``.

    It is in the same world as ``fake_api`` of the same test, and has the same ``control``.
    """
    from .plugin.fakes import FakeClient

    return FakeClient(_fake_view, _readable(pytestconfig))


def _readable(config: pytest.Config) -> Any:
    """Return the class of replies that note what is read of them, ``None`` where nothing is noted."""
    coverage = config.pluginmanager.get_plugin("docdouble-coverage")
    return coverage.readable_response() if coverage else None


@pytest.fixture
def target(request: pytest.FixtureRequest) -> "CalledServer":
    """Server that the test calls: ``fake_api``, or with ``--contract-url`` a real server.

    ``target.url`` is its base URL, ``target.is_fake`` says which it is, and ``target.control`` is ``None`` for a real
    one.
    """
    from .plugin.fakes import CalledServer

    with _errors_in_a_line():
        if url := url_option(request.config):
            return CalledServer(url)
    api: FakeApi = request.getfixturevalue("fake_api")
    return CalledServer(api.url, api.control)


@pytest.fixture
def proxy_api(target: "CalledServer", contract: "Contract") -> Iterator["ProxyApi"]:
    """A proxy before ``target``: the test fails at its end where the server broke the documentation.

    ``proxy_api.url`` is its base URL, ``proxy_api.findings`` what was found so far, also of the test's own requests,
    and ``proxy_api.control`` tells what passed. ``proxy_api.expected.add("response-schema")`` lets those of a check be.
    """
    from .output.echo import printed
    from .plugin.proxied_api import failure_lines, proxied_api

    with _errors_in_a_line(), proxied_api(contract, target.url) as api:
        yield api
        if failures := api.failures():
            printed_lines = "\n  ".join(map(printed, failure_lines(failures)))
            pytest.fail(f"docdouble: the server broke its documentation\n  {printed_lines}", pytrace=False)


@pytest.fixture
def record_contract_use(request: pytest.FixtureRequest) -> Iterator[Callable[[Any], Any]]:
    """For ``--contract-coverage``: what the test reads of replies from ``target`` counts as used.

    While the test runs, ``response.json()`` of ``requests`` and ``httpx`` notes it. ``record_contract_use(response)``
    returns the JSON of any other client's response, and notes the same.
    """
    from .plugin.pytest_coverage import recording_of

    with recording_of(request) as read_json:
        yield read_json


@pytest.fixture
def operation(_marked_operation: "Operation | None") -> "Operation":
    """The operation that ``@pytest.mark.contract(operation="AssignTo")`` names, with its ``method`` and ``path``."""
    if _marked_operation is None:
        pytest.fail('docdouble: the test has no @pytest.mark.contract(operation="...")', pytrace=False)
    return _marked_operation


@pytest.fixture
def _marked_operation(request: pytest.FixtureRequest) -> "Operation | None":
    """Find the operation of a marked test, and tell reports of it."""
    marker = _operation_marker(request.node)
    if marker is None:
        return None
    name = marker.kwargs["operation"]
    if marker.args or len(marker.kwargs) > 1 or not isinstance(name, str):
        from .output.echo import printed

        pytest.fail(
            f'docdouble: expected @pytest.mark.contract(operation="..."), got {printed(str(marker))}', pytrace=False
        )
    from .plugin.items import about

    with _errors_in_a_line():
        marked: Operation = request.getfixturevalue("contract").operation(name)
    request.node.user_properties += about(marked)
    return marked


def _operation_marker(node: pytest.Item) -> pytest.Mark | None:
    """Return the marker of an operation; a ``contract`` without ``operation`` belongs to somebody else."""
    return next((marker for marker in node.iter_markers("contract") if "operation" in marker.kwargs), None)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let marked tests fail before they run when they name no operation that there is."""
    names: list[str] | None = getattr(item, "fixturenames", None)
    if names is not None and "_marked_operation" not in names and _operation_marker(item):
        names.append("_marked_operation")


MARKER = (
    'contract(operation="AssignTo"): the operation that a test is about, by its id, "METHOD /path", or any part that '
    "no other has. It is checked before the test runs, shown in JUnit reports, and -m contract selects such tests "
    "together with those made of the documentation. The fixture operation holds it."
)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a number from 0")
    return int(text)


OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "--contract-source",
        {
            "metavar": "SOURCE",
            "default": "",
            "help": "Documentation that the fixtures, and tests made of documentation, are about: a page, a folder, an "
            "OpenAPI or Swagger file, or a shipped contract. In place of what any file says.",
        },
    ),
    (
        "--contract-url",
        {
            "metavar": "URL",
            "default": "",
            "help": "A real server for the fixture target, and for tests made of documentation, in place of the fake "
            "or what any file says.",
        },
    ),
    (
        "--contract-mutate",
        {
            "metavar": "N",
            "default": 0,
            "type": _count,
            "help": "When all tests pass, run them N times again, each time with another fault in the fake.",
        },
    ),
    ("--contract-mutate-seed", {"metavar": "SEED", "default": 0, "type": int, "help": "Chooses the faults."}),
    (
        "--contract-mutate-fail-under",
        {"metavar": "PERCENT", "type": float, "help": "Fail when the tests notice a smaller share of the faults."},
    ),
    (
        "--contract-coverage",
        {"action": "store_true", "help": "Show what the tests touch of the contract: what they send, get and read."},
    ),
    (
        "--contract-coverage-report",
        {
            "metavar": "KIND=FILE",
            "action": "append",
            "default": [],
            "help": "Write that to a file as well, as json (for docdouble diff --used) or html; may be given again.",
        },
    ),
    (
        "--contract-coverage-fail-under",
        {"metavar": "PERCENT", "type": float, "help": "Fail when the tests touch a smaller share of the contract."},
    ),
    ("--contract-help", {"action": "store_true", "help": "Explain fixtures, options and the marker, with an example."}),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("docdouble", "tests against documentation (docdouble)")
    for name, settings in OPTIONS:
        group.addoption(name, **settings)


def pytest_configure(config: pytest.Config) -> None:
    """Add the marker and what the options ask for; raises ``UsageError`` for a URL that is none."""
    config.addinivalue_line("markers", MARKER)
    config.pluginmanager.register(RunVerdicts(), "docdouble-verdicts")
    if config.option.contract_mutate or MUTANT in os.environ:
        from .plugin.planted_faults import NAME, Faults

        config.pluginmanager.register(Faults(config), NAME)
    if MUTANT not in os.environ and _asks_for_coverage(config.option):
        from .plugin.pytest_coverage import register

        register(config)
    if config.option.contract_url:
        _check_url(config)
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        _collect_project(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Let the processes of xdist share the budgets of contract files."""
    from .plugin.worker_ledger import share_ledger

    share_ledger(node)


def _asks_for_coverage(option: Any) -> bool:
    least = option.contract_coverage_fail_under
    return option.contract_coverage or bool(option.contract_coverage_report) or least is not None


def _check_url(config: pytest.Config) -> None:
    from docdouble.schemas import ConfigError

    try:
        url_option(config)
    except ConfigError as error:
        from .output.echo import printed_remark

        raise pytest.UsageError(f"--contract-url: {printed_remark(error)}") from None


def _collect_project(config: pytest.Config) -> None:
    """Collect the project's configuration where it says so, though ``testpaths`` name other folders."""
    for path in (config.rootpath / name for name in FILES):
        if says_collect(path):
            if not any(path.is_relative_to(config.invocation_params.dir / argument) for argument in config.args):
                config.args.append(str(path))
            return


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Print help where it is asked for, and end."""
    if not config.option.contract_help:
        return None
    from .output.echo import echo_lines
    from .plugin.help import help_text

    fixtures = {
        name: value
        for name, value in globals().items()
        if isinstance(value, type(contract)) and not name.startswith("_")
    }
    options = [(name, settings.get("metavar", ""), settings["help"]) for name, settings in OPTIONS]
    echo_lines(help_text(fixtures, options, MARKER))
    return 0


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ContractFile | None":
    """Collect ``*.contract.toml``, the project's configuration where it is asked for, and the ready-made suite."""
    name = file_path.name
    if name == "suite.py" and file_path == Path(__file__).with_name(name):
        from .plugin.items import SUITE_NAME, Suite

        return Suite.from_parent(parent, path=file_path, nodeid=SUITE_NAME)
    is_project = name in FILES and (parent.session.isinitpath(file_path) or says_collect(file_path))
    if not is_project and not name.endswith(".contract.toml"):
        return None
    from .plugin.items import ContractFile

    return ContractFile.from_parent(parent, path=file_path)
