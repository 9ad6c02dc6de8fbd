"""No secret is in what a command prints or writes, however a server or a recording repeats it."""

import html
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from docdouble.contracts.cli.main import main
from docdouble.contracts.output.echo import print_error
from docdouble.contracts.output.known_secrets import KNOWN_SECRETS
from docdouble.fakeserver import running
from docdouble.fakeserver.http.redaction import Redaction, is_word

from ...secret_forms import CHARACTERS, ENCODINGS

KINDS = ("github", "html", "json", "junit", "pytest", "sarif", "terminal")
JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
SECRET = "sk_Live+9f8A/x7Kq2="
FORMS = CHARACTERS | ENCODINGS

secrets = st.from_regex(r"[!#%-~]{7,29}[0-9]", fullmatch=True).filter(lambda text: not is_word(text))

ENTITY = {
    "type": "object",
    "required": ["name", "count"],
    "properties": {
        "name": {"type": "string", "maxLength": 3},
        "count": {"type": "integer"},
        "list": {"type": "array", "items": {"type": "string", "enum": ["a"]}},
    },
}
OK = {"description": "ok", "content": {"application/json": {"schema": ENTITY}}}
IDENTIFIED = [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "maximum": 9}}]
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "security": [{"bearer": []}],
    "paths": {
        "/things/{id}": {"get": {"parameters": IDENTIFIED, "responses": {"200": OK}}},
        "/texts/{id}": {"get": {"parameters": IDENTIFIED, "responses": {"200": OK}}},
        "/broken/{id}": {"get": {"parameters": IDENTIFIED, "responses": {"200": OK}}},
        "/things": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": ENTITY}}},
                "responses": {"201": OK},
            }
        },
    },
}


def repeating(written: Iterator[str]) -> Callable[[Mapping[str, Any], Any], list[bytes]]:
    """Return a WSGI application that repeats a secret in one of its forms, everywhere in its replies."""

    def app(environ: Mapping[str, Any], start_response: Any) -> list[bytes]:
        form = next(written)
        path = environ["PATH_INFO"]
        in_header = form if form.isprintable() and form.isascii() else "x"
        entity = {"name": form, "count": form, form: 1, "list": [f"x{form}y", form]}
        body, kind, status = json.dumps(entity), "application/json", "200 OK"
        if path.startswith("/texts"):
            kind, status = "text/html", "500 Oops"
            body = f"<html><pre>{html.escape(form)} at {form}\n\n  {form}</pre></html>"
        elif path.startswith("/broken"):
            body, kind = f'{{"name": "{form}", {form}', f"application/{form[:3].strip() or 'x'}; a={in_header}"
            kind = kind if kind.isprintable() and kind.isascii() else "application/json"
        headers = [("Content-Type", kind), ("X-Echo", in_header), ("Location", f"/{in_header}")]
        start_response(status, headers)
        return [body.encode()]

    return app


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.stdout + result.stderr


def assert_without(secret: str, outputs: Mapping[str, str]) -> None:
    for name, output in outputs.items():
        for shown in (output, html.unescape(output), JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)), output)):
            assert secret not in shown, name
        assert Redaction([secret]).text(output) == output, name


def written_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


def verified(secret: str, names: list[str]) -> dict[str, str]:
    """Everything that a run prints and writes against a server that repeats the secret in these forms."""
    with (
        tempfile.TemporaryDirectory() as name,
        running(repeating(cycle([FORMS[name](secret) for name in names]))) as url,
    ):
        folder = Path(name)
        Path(folder, "api.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
        reports = [word for kind in KINDS for word in ("--report", f"{kind}={folder}/{kind}")]
        kept = ["--baseline", f"{folder}/baseline.json", "--update-baseline", "--cases", f"{folder}/cases"]
        header = f"Authorization: Bearer {secret.replace('${', '$${')}"
        common = ("verify", f"{folder}/api.json", "--url", url, "--header", header, "--max-examples", "1")
        printed = run(*common, *reports, *kept)
        return {"stdout": printed, **written_in(folder)}


@pytest.mark.slow
@pytest.mark.sockets
@settings(
    max_examples=4,
    suppress_health_check=[HealthCheck.nested_given, HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),
)
@given(secret=secrets, names=st.permutations(sorted(FORMS)))
@example(secret=SECRET, names=sorted(FORMS))
@example(secret="a\\u002Bb%41&amp;7", names=sorted(FORMS))
def test_no_run_prints_or_writes_a_secret_that_the_server_repeats(secret: str, names: list[str]) -> None:
    outputs = verified(secret, names)
    assert "***" in outputs["stdout"]
    assert all("***" in outputs[kind] for kind in ("html", "json", "sarif"))
    assert len(outputs) > len(KINDS) + 2
    assert_without(secret, outputs)


def entry(path: str, request: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    return {
        "startedDateTime": "2030-01-01T00:00:00Z",
        "time": 1,
        "request": {"method": "GET", "url": f"https://api.example{path}", "headers": [], **request},
        "response": {"status": 200, "headers": [], "content": {}, **response},
    }


def content(text: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {"text": text, "mimeType": media_type, "size": len(text)}}


@pytest.mark.parametrize("place", ["header", "query", "body", "reply", "cookie", "form"])
@settings(max_examples=10, phases=(Phase.explicit, Phase.generate))
@given(secret=secrets, name=st.sampled_from(sorted(FORMS)))
@example(secret=SECRET, name="json as some encoders write it")
@example(secret="rR4P5#:Q-/!7", name="perl")  # which a finding cuts off within an escape
def test_no_secret_of_a_recording_is_printed_or_written(place: str, secret: str, name: str) -> None:
    if place == "cookie":
        secret = secret.replace(";", "_")
    token = {"headers": [{"name": "Authorization", "value": f"Bearer {secret}"}]}
    posted = {"postData": {"mimeType": "application/json", "text": json.dumps({"login": {"password": secret}})}}
    form = {"postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "pwd", "value": secret}]}}
    first = {
        "header": entry("/login", token, {}),
        "query": entry(f"/login?api_key={FORMS['percent'](secret)}", {}, {}),
        "body": entry("/login", {"method": "POST", **posted}, {}),
        "reply": entry("/login", {}, content(json.dumps({"data": {"access_token": secret}}))),
        "cookie": entry("/login", {"headers": [{"name": "Cookie", "value": f"a=1; session={secret}"}]}, {}),
        "form": entry("/login", {"method": "POST", **form}, {}),
    }[place]
    written = FORMS[name](secret)
    recorded = content(json.dumps({"name": written, "count": written, written: 1, "list": [written]}))
    entries = [
        first,
        entry("/things/1", {}, recorded),
        entry("/texts/1", {}, {"status": 500, **content(written, "a/b")}),
    ]
    with tempfile.TemporaryDirectory() as folder:
        api, har = Path(folder, "api.json"), Path(folder, "a.har")
        api.write_text(json.dumps(DOCUMENT), encoding="utf-8")
        har.write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
        reports = [word for kind in KINDS for word in ("--report", f"{kind}={folder}/{kind}")]
        kept = ["--baseline", f"{folder}/baseline.json", "--update-baseline"]
        outputs = {"stdout": run("verify", str(api), "--har", str(har), *reports, *kept)}
        har.unlink()
        outputs |= written_in(Path(folder))
    assert "***" in outputs["json"]
    assert_without(secret, outputs)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "http://me:s3cret@127.0.0.1:9/api.json"),
        ("list", "http://127.0.0.1:9/api.json?apikey=s3cret&v=1"),
        ("serve", "quay=http://127.0.0.1:9/api.json?access_token=s3cret"),
        ("diff", "http://127.0.0.1:9/api.json?sig=s3cret", "superoffice"),
        ("verify", "superoffice", "--url", "http://me:s3cret@127.0.0.1:9/"),
        ("verify", "superoffice", "--url", "http://127.0.0.1:9/?apikey=s3cret"),
        ("verify", "superoffice", "--url", "ftp://me:s3cret@127.0.0.1:9/?apikey=s3cret"),
        ("verify", "superoffice", "--url", "http://127.0.0.1:9", "--proxy", "socks5://me:s3cret@127.0.0.1:9"),
        ("verify", "superoffice", "--url", "http://127.0.0.1:9", "--proxy", "http://me:s3cret@[?key=s3cret"),
        ("extract", "/nowhere/api.json?token=s3cret"),
        ("verify", "superoffice", "--header", "Authorization s3cret"),
        ("verify", "superoffice", "--header", "s3cret"),
    ],
)
def test_no_refusal_shows_credentials(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = run(*arguments)
    assert printed.startswith("docdouble: ")
    assert "s3cret" not in printed


def test_the_traceback_of_a_fault_shows_no_secret_and_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    KNOWN_SECRETS.remember([SECRET])
    try:
        raise ValueError(f"\x1b[31m{SECRET}\n::error::a")
    except ValueError as error:
        print_error(type(error), error, error.__traceback__)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-2:] == [r"ValueError: \x1b[31m***", r"\x3a:error::a"]
