"""``docdouble dialect guess``, and what other commands say of guessed settings."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main

PAGE = "# Boats\n\n## Show a boat\n\n`GET /boats/{id}`\n\n## End\n\n`DELETE /boats/{id}`\n"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "boats.md").write_text(PAGE, encoding="utf-8")
    return tmp_path / "docs"


def test_a_guess_is_printed_or_written_once(pages: Path) -> None:
    printed = CliRunner().invoke(main, ["dialect", "guess", str(pages)])
    assert (printed.exit_code, printed.stdout.splitlines()[-1]) == (0, 'mark = "code" # 2 operations on 1 page')
    assert "2 operations on 1 page; 0 pages without any" in printed.stderr
    file = pages / "docdouble-dialect.toml"
    command = ["dialect", "guess", str(pages), "-o", str(file)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert file.read_text(encoding="utf-8") == printed.stdout
    again = CliRunner().invoke(main, command)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)
    assert CliRunner().invoke(main, [*command, "--force"]).exit_code == 0


def test_a_command_says_once_that_settings_are_guessed(pages: Path) -> None:
    told = f"docdouble: {pages}: read by guessed settings; `docdouble dialect guess {pages} -o "
    listed = CliRunner().invoke(main, ["list", str(pages), "--no-cache"])
    assert listed.stderr.splitlines()[0].startswith(told)
    CliRunner().invoke(main, ["dialect", "guess", str(pages), "-o", str(pages / "docdouble-dialect.toml")])
    assert CliRunner().invoke(main, ["list", str(pages), "--no-cache"]).stderr == ""


def test_init_writes_the_settings_that_it_guesses(pages: Path) -> None:
    done = CliRunner().invoke(main, ["init", str(pages.parent)])
    assert done.exit_code == 0
    assert "wrote   docs/docdouble-dialect.toml" in done.stdout
    assert 'source = "docs"' in (pages.parent / "docdouble.toml").read_text(encoding="utf-8")


def test_a_folder_without_an_operation_is_refused(pages: Path) -> None:
    (pages / "boats.md").write_text("# Boats\n\nSend `GET /boats`.\n", encoding="utf-8")
    refused = CliRunner().invoke(main, ["dialect", "guess", str(pages)])
    assert refused.exit_code == 2
    assert "seen: 1 requests in running text (GET /boats, boats.md:3)" in refused.stderr
