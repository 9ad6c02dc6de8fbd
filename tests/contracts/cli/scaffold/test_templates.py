"""What ``docdouble init --with`` writes: YAML that can be read, commands that exist."""

import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from docdouble.contracts.cli.main import main
from docdouble.contracts.cli.scaffold.templates import TEMPLATES, config_text, template_files
from docdouble.contracts.storage.baseline import Baseline, read_baseline

ROOT = Path(__file__).parents[4]
BOTH = pytest.mark.parametrize("source", ["docs/reference", ""])


def template(name: str, source: str = "docs/reference", shards: int = 0) -> str:
    file, *_ = template_files(name, source, "-e .", shards=shards)
    return file.text


def commands(name: str, source: str, shards: int = 0) -> Iterator[list[str]]:
    """Yield what a template runs, of ours and of pytest."""
    workflow = yaml.safe_load(template(name, source, shards))
    if name in ("github", "staging"):
        lines = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    elif name == "gitlab":
        lines = [line for job in workflow.values() for line in job.get("script", ())]
    else:
        lines = [hook["entry"] for repo in workflow["repos"] for hook in repo["hooks"]]
    yield from (shlex.split(re.split(r" >| \|\|", line)[0]) for line in lines)


@BOTH
@pytest.mark.parametrize("name", ["github", "gitlab", "pre-commit", "staging"])
def test_every_command_exists(name: str, source: str) -> None:
    ours = [words[1:] for words in commands(name, source) if words[0] == "docdouble"]
    assert bool(ours) == (bool(source) or name in ("pre-commit", "staging"))
    for verb, *arguments in ours:
        parse(verb, arguments)


@BOTH
@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_every_option_of_pytest_exists(name: str, source: str, pytestconfig: pytest.Config) -> None:
    for words in commands(name, source):
        if words[0] == "pytest":
            _, unknown = pytestconfig._parser.parse_known_and_unknown_args(words[1:])
            assert unknown == []


def command_of(verb: str) -> click.Command:
    command = main.get_command(click.Context(main), verb)
    assert command
    return command


def parse(verb: str, arguments: list[str]) -> None:
    command = command_of(verb)
    with click.Context(command, resilient_parsing=False) as context:
        command.parse_args(context, list(arguments))


def test_the_container_serves_on_its_port() -> None:
    text = template("docker")
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)
    words: list[str] = yaml.safe_load(entry)
    assert words[:2] == ["docdouble", "serve"]
    parse("serve", [*words[2:], "--control-token", "TOKEN"])
    assert "EXPOSE 4010" in text
    assert next(param.default for param in command_of("serve").params if param.name == "port") == 4010


def test_what_needs_documentation_is_left_out_without_any() -> None:
    assert re.findall(r"^COPY (?!--from=build)", template("docker", ""), re.MULTILINE) == []
    assert list(yaml.safe_load(template("gitlab", ""))) == ["variables", "contract"]
    assert list(yaml.safe_load(template("github", ""))["jobs"]) == ["tests"]


@pytest.mark.parametrize("name", ["github", "gitlab", "staging", "docker", "compose"])
def test_a_variable_says_where_docdouble_comes_from(name: str) -> None:
    text = template(name)
    assert "DOCDOUBLE" in text
    assert not re.search(r"^[^#\n]*pip install (?:-\S+ )*docdouble", text, re.MULTILINE)


def test_the_fake_of_compose_is_built_here() -> None:
    fake = yaml.safe_load(template("compose"))["services"]["fake"]
    assert fake["build"]["args"] == {"DOCDOUBLE": "${DOCDOUBLE:-docdouble}"}
    assert fake["ports"] == ["127.0.0.1:4010:4010"]


def test_the_baseline_of_staging_knows_nothing(tmp_path: Path) -> None:
    workflow, baseline = template_files("staging", "docs", "")
    (tmp_path / "baseline.json").write_text(baseline.text, encoding="utf-8")
    assert read_baseline(tmp_path / "baseline.json") == Baseline()
    assert f"--baseline {baseline.name}" in workflow.text


def test_a_workflow_may_do_little() -> None:
    workflow: dict[Any, Any] = yaml.safe_load(template("github"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]["documentation"]["permissions"] == {"contents": "read", "security-events": "write"}
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"[\w/-]+@v\d+", action) for action in used)


def test_nothing_is_left_to_fill_in() -> None:
    assert [name for name in TEMPLATES if re.search(r"@[A-Z]+@", template(name))] == []


def test_the_hook_of_the_repository() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (own,) = yaml.safe_load(template("pre-commit"))["repos"][0]["hooks"]
    assert (
        hook.items()
        >= {key: own[key] for key in ("id", "name", "entry", "language", "types_or", "pass_filenames")}.items()
    )


@pytest.mark.parametrize("source", ["docs/reference", 'a "b" \\ c', "${HOME}", "dökü"])
def test_a_source_is_named_as_it_is(source: str, tmp_path: Path) -> None:
    assert tomllib.loads(config_text(source))["source"].replace("$${", "${") == source


NAMES = (
    "Bob's docs",
    'a "b" \\ c',
    "a: b # c",
    "- x",
    "${{ secrets.TOKEN }}",
    "$HOME/${HOME}",
    "@CONFIG@ @INSTALL@",
    "[a]*?",
    "a\nb",
    "\u202e\x1b[31m",
)


@pytest.mark.parametrize("source", NAMES)
def test_a_template_holds_any_name_as_data(source: str) -> None:
    usual, unusual = (yaml.safe_load(template("github", name)) for name in ("docs", source))
    (step,) = (step for step in unusual["jobs"]["documentation"]["steps"] if "env" in step)
    assert step["env"].pop("SOURCE").replace("${{ '${{' }}", "${{") == source
    (usual_step,) = (step for step in usual["jobs"]["documentation"]["steps"] if "env" in step)
    del usual_step["env"]["SOURCE"]
    assert unusual == usual
    usual, unusual = (yaml.safe_load(template("gitlab", name)) for name in ("docs", source))
    assert unusual["documentation"]["variables"].pop("SOURCE").replace("$$", "$") == source
    del usual["documentation"]["variables"]["SOURCE"]
    assert unusual == usual
    lines = template("docker", source).splitlines()
    assert len(lines) == len(template("docker", "docs").splitlines())
    assert [line.partition(" ")[0] for line in lines[-2:]] == ["COPY", "COPY"]


@BOTH
@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_shards_are_verified_at_once_and_merged(name: str, source: str) -> None:
    text = template(name, source, shards=3)
    assert not re.search(r"@[A-Z]+@", text)
    ours = [words[1:] for words in commands(name, source, shards=3) if words[0] == "docdouble"]
    for verb, *arguments in ours:
        files = ["README.md" if argument == "report-*.json" else argument for argument in arguments]
        parse(verb, [str(ROOT / file) if file == "README.md" else file for file in files])
    assert [verb for verb, *_ in ours][-2:] == ["verify", "merge-reports"]
    workflow = yaml.safe_load(text)
    jobs = workflow.get("jobs", workflow)
    assert jobs["report"]["needs"] in ("verify", ["verify"])
    if name == "github":
        assert jobs["verify"]["strategy"]["matrix"] == {"shard": [1, 2, 3]}
        used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
        assert all(re.fullmatch(r"[\w/-]+@v\d+", action) for action in used)
    else:
        assert jobs["verify"]["parallel"] == 3


@BOTH
@pytest.mark.parametrize(("name", "shards"), [("github", 0), ("github", 5), ("staging", 0)])
def test_actionlint_finds_nothing(
    name: str, shards: int, source: str, tmp_path: Path, lint: Callable[..., None]
) -> None:
    workflow = tmp_path / f"{name}.yml"
    workflow.write_text(template(name, source, shards), encoding="utf-8")
    lint("actionlint", workflow)


@BOTH
@pytest.mark.parametrize("shards", [0, 5])
def test_shellcheck_finds_nothing_in_scripts_of_gitlab(source: str, shards: int, lint: Callable[..., None]) -> None:
    jobs = yaml.safe_load(template("gitlab", source, shards))
    for script in (job["script"] for job in jobs.values() if "script" in job):
        lint("shellcheck", "--shell=sh", "-", text="\n".join(script))


@pytest.mark.parametrize("source", ["docs/reference", "", "my docs"])
def test_hadolint_finds_nothing(source: str, lint: Callable[..., None]) -> None:
    lint("hadolint", "-", text=template("docker", source))
