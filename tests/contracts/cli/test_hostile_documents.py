"""What a document says is data: no command prints a control character, or a command to whoever reads the output."""

import json
import re
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from docdouble.contracts.cli.main import main
from docdouble.contracts.model.text import UNSHOWN
from docdouble.contracts.output.echo import printed

COMMAND = re.compile(r"^\s*::|##\[|##vso\[|##teamcity\[", re.MULTILINE | re.IGNORECASE)
"""Lines that GitHub, Azure and TeamCity take for commands to themselves."""

PIECES = (
    *("::error::owned", "\n::error file=a,line=1::owned", "\r\n  ::set-env name=A::b", "##[error]owned", "##vso[x]"),
    *("\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\x00", "\x08", "\r", "\t", "\x7f", "\x85", "\u2028", "\u202e"),
    *("\u200f", "\ufeff", "\u200b", "\U000e0041", "[bold red]", "[/]", "<b>", "&amp;", "'", '"', "`", "\\", "{", "}"),
    *("%0A", "$(id)", "| a | b |", "@everyone", "#1", "\u00e9", "\u6f22", "name", " ", "Bob's docs"),
)

hostile = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join)
names = hostile.map(lambda text: text.replace("/", "").replace("{", "").replace("}", "")).filter(bool)
QUICK = (Phase.explicit, Phase.generate)
"""Without shrinking, which would run each command hundreds of times."""

EVERYTHING = "".join(PIECES)


def document(text: str, name: str, kind: str = "integer") -> dict[str, Any]:
    """Return a document that says the text wherever it may."""
    schema = {
        "type": "object",
        "title": text,
        "description": text,
        "required": [name, "count"],
        "properties": {
            name: {"type": "string", "enum": [text, name], "description": text},
            "count": {"type": kind, "description": text, "example": text},
        },
    }
    reply = {"description": text, "content": {"application/json": {"schema": schema, "example": {name: text}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text},
        "servers": [{"url": "https://api.example/v1", "description": text}],
        "tags": [{"name": text, "description": text}],
        "components": {
            "securitySchemes": {text: {"type": "apiKey", "in": "header", "name": "X-Key", "description": text}}
        },
        "paths": {
            "/pets/{id}": {
                "get": {
                    "operationId": text,
                    "summary": text,
                    "description": text,
                    "tags": [text],
                    "deprecated": True,
                    "externalDocs": {"url": text, "description": text},
                    "security": [{text: []}],
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}},
                    ],
                    "responses": {"200": reply, "default": {"description": text, "$ref": text}},
                }
            },
            "/pets": {
                "post": {
                    "operationId": f"{text} made",
                    "summary": text,
                    "requestBody": {"content": {"application/json": {"schema": schema}}},
                    "responses": {"201": reply},
                }
            },
        },
    }


@contextmanager
def folder_of(**documents: Any) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        for file, content in documents.items():
            Path(name, f"{file}.json").write_text(json.dumps(content), "utf-8")
        yield Path(name)


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def assert_plain(*arguments: object, commands: bool = False, ours: str = "") -> str:
    """Assert that a command prints lines that show what they hold, and return those of stdout.

    Where there may be ``commands`` they are those that were asked for; a character of ``ours`` we put there.
    """
    result = run(*arguments)
    assert result.stdout, result.stderr
    for output in (result.stdout, result.stderr):
        shown = output.translate({ord(character): None for character in f"\n{ours}"})
        assert not UNSHOWN.findall(shown), arguments
        assert "\t" not in shown
        assert commands or not COMMAND.findall(output), arguments
    return result.stdout


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], phases=QUICK)
@given(text=hostile, name=names)
@example(text=EVERYTHING, name="::error::name")
@example(text="::error::a", name="\x1b[31m")
def test_no_command_prints_anything_but_plain_lines(text: str, name: str) -> None:
    with folder_of(api=document(text, name), new=document(text, f"{name} ", "string")) as folder:
        api, new = folder / "api.json", folder / "new.json"
        assert_plain("list", api)
        assert_plain("list", "--resources", api)
        json.loads(assert_plain("list", "--resources", "--json", api))
        assert_plain("show", "GET /pets/{id}", api)
        assert_plain("show", "--sampling", "POST /pets", api)
        assert_plain("lint", api)
        json.loads(assert_plain("lint", "--format", "json", api))
        json.loads(assert_plain("lint", "--format", "sarif", api))
        assert_plain("diff", "--all", api, new)
        assert_plain("diff", "--format", "markdown", api, new, ours="\u200b")
        for form in ("json", "sarif"):
            json.loads(assert_plain("diff", "--format", form, api, new))
        assert_plain("verify", "--plan", api)
        json.loads(assert_plain("verify", "--plan", "--json", api))
        extracted = json.loads(assert_plain("extract", api))
        assert run("extract", api, "-o", folder / "contract.json").exit_code == 0
        assert extracted == json.loads((folder / "contract.json").read_bytes())
        assert run("extract", api, "--for", "schemathesis", folder, "--schemas", folder).exit_code == 0
        assert list(tomllib.loads((folder / "schemathesis.toml").read_text("utf-8"))["auth"]["openapi"]) == [text]


@settings(max_examples=5, phases=QUICK)
@given(text=hostile, name=names)
@example(text=EVERYTHING, name="name")
def test_annotations_are_all_that_a_step_is_given(text: str, name: str) -> None:
    with folder_of(api=document(text, name), new=document(text, f"{name} ", "string")) as folder:
        lines = assert_plain("diff", "--format", "github", folder / "api.json", folder / "new.json", commands=True)
        assert all(re.match("::(error|warning|notice) ", line) for line in lines.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("text", [EVERYTHING, "::error::a\x1b[31m", "\n##[error]\u202e\x00"])
def test_no_run_prints_anything_but_plain_lines(text: str) -> None:
    kinds = ("html", "json", "junit", "sarif", "terminal", "pytest", "github")
    with folder_of(api=document(text, "name")) as folder:
        reports = [word for kind in kinds for word in ("--report", f"{kind}={folder}/{kind}")]
        assert_plain("verify", folder / "api.json", "--max-examples", "1", *reports)
        for kind in kinds:
            assert not UNSHOWN.findall((folder / kind).read_bytes().decode()), kind
        compile((folder / "pytest").read_bytes(), "pytest", "exec")
        ElementTree.fromstring((folder / "junit").read_bytes())
        for kind in ("json", "sarif"):
            json.loads(assert_plain("verify", folder / "api.json", "--max-examples", "1", "--report", f"{kind}=-"))


@given(st.text())
def test_a_printed_text_is_a_line_that_stays_as_it_is(text: str) -> None:
    shown = printed(text)
    assert not UNSHOWN.findall(shown)
    assert not COMMAND.findall(shown)
    assert len(shown.split("\n")) == 1
    assert printed(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::a", r"\x3a:error::a"),
        ("  ::error::a", r"  \x3a:error::a"),
        ("a ::error::", "a ::error::"),
        ("a ##[error] ##vso[x] ##TeamCity[y] ##x", r"a \x23#[error] \x23#vso[x] \x23#TeamCity[y] ##x"),
        ("a\n::error::\r\tb", r"a\n::error::\x0d\tb"),
        ("\x1b[31m\u202e\U000e0041\ufeff", r"\x1b[31m\u202e\U000e0041\ufeff"),
        ("caf\u00e9 \u6f22 \U0001f600", "caf\u00e9 \u6f22 \U0001f600"),
    ],
)
def test_what_is_printed(text: str, shown: str) -> None:
    assert printed(text) == shown
