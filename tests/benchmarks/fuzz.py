"""Coverage-guided fuzzing of everything that reads what others wrote: pages, documents, bodies, filters, files.

Run by hand: ``pip install atheris``, then ``python tests/benchmarks/fuzz.py [TARGET…] [--seconds 600]
[--kept DIR]``. A target fails by any exception but the errors that it documents, each of which is shown once with the
input that is kept, and by a run of more than ten seconds or of 2 GB of memory, which ends it. Inputs that reached new
code are kept, too.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from servers import tell

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
LONGEST, MEMORY, LARGEST = 10, 2048, 20_000
"""Seconds and megabytes of one input, and its octets at most."""

ODD = [None, True, 0, -1, 1e308, 2**63, "", "x", "\u202e", "\n", [], {}, [[]], {"": {}}, "#/", {"$ref": "#"}]
Run = Callable[[bytes], None]


def page_reader(folder: Path) -> Run:
    """Return a run that reads octets as a reference page, and writes the contract that comes of it."""
    from docdouble.schemas import DocdoubleError, extract
    from docdouble.schemas.openapi.convert import to_openapi

    page = folder / "page.md"

    def run(octets: bytes) -> None:
        page.write_bytes(octets)
        try:
            to_openapi(extract(str(page)).contract)
        except DocdoubleError:
            return

    return run


def document_reader(folder: Path) -> Run:
    """Return a run that reads octets as an OpenAPI document, and asks its fake for each operation."""
    from docdouble.fakeserver import FakeServer
    from docdouble.schemas import Call, DocdoubleError, extract

    path = folder / "openapi.json"

    def run(octets: bytes) -> None:
        path.write_bytes(octets)
        try:
            contract = extract(str(path)).contract
        except DocdoubleError:
            return
        fake = FakeServer(contract)
        for operation in contract.operations[:10]:
            reply = fake.handle(Call(method=operation.method, target=operation.path.replace("{", "").replace("}", "")))
            assert reply.status != 500 or operation.response(500), (operation.id, reply.body)

    return run


def body_codecs(_folder: Path) -> Run:
    """Return a run that reads octets after the first as a body of a media type, and writes what it read again."""
    from docdouble.fakeserver.http.codecs import codec_of
    from docdouble.fakeserver.http.codecs.codec import BodyError, Content
    from docdouble.schemas import Contract

    types = ("application/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data")
    types += (
        "text/plain",
        "application/octet-stream",
        "application/jsonl",
        "application/json-seq",
        "text/event-stream",
    )
    names = {"a": {"type": "array", "items": {"type": "integer"}}, "b": {"type": "string", "format": "binary"}}
    schemas = ({}, {"type": "object", "properties": names}, {"type": "array", "items": {"type": "string"}})
    contract = Contract("Bodies", "1", ())

    def run(octets: bytes) -> None:
        first, rest = (octets[0], octets[1:]) if octets else (0, b"")
        media_type = types[first % len(types)]
        content = Content(schemas[first // len(types) % len(schemas)], contract, boundary="B")
        codec = codec_of(media_type)
        try:
            value = codec.decode(rest, content)
        except BodyError:
            return
        codec.encode(value, content)

    return run


def odata_filter(_folder: Path) -> Run:
    """Return a run that reads octets as ``$filter`` and as ``$orderBy``."""
    from docdouble.fakeserver.behaviours.odata_filter import FilterError, parse_filter, parse_order

    def run(octets: bytes) -> None:
        text = octets.decode("utf-8", "replace")
        for parse in (parse_filter, parse_order):
            try:
                parse(text)
            except FilterError:
                continue

    return run


def har_reader(folder: Path) -> Run:
    """Return a run that reads octets as a recording."""
    from docdouble.contracts.recordings.har import read_har
    from docdouble.schemas import DocdoubleError

    path = folder / "recorded.har"

    def run(octets: bytes) -> None:
        path.write_bytes(octets)
        try:
            for _ in read_har(path):
                pass
        except DocdoubleError:
            return

    return run


def source_reader(folder: Path) -> Run:
    """Return a run that reads octets after the first as a file of one of the formats that are sources."""
    from docdouble.schemas import DocdoubleError, extract
    from docdouble.schemas.openapi.convert import to_openapi

    def run(octets: bytes) -> None:
        path = folder / f"source{ENDINGS[octets[0] % len(ENDINGS)] if octets else ''}"
        path.write_bytes(octets[1:])
        try:
            to_openapi(extract(str(path)).contract)
        except DocdoubleError:
            return

    return run


def baseline_reader(folder: Path) -> Run:
    """Return a run that reads octets as a baseline, and writes what it read."""
    from docdouble.contracts.storage.baseline import baseline_text, read_baseline
    from docdouble.schemas import DocdoubleError

    path = folder / "baseline.json"

    def run(octets: bytes) -> None:
        path.write_bytes(octets)
        try:
            baseline_text(read_baseline(path))
        except DocdoubleError:
            return

    return run


def configuration_reader(folder: Path) -> Run:
    """Return a run that reads octets as ``docdouble.toml``."""
    from docdouble.contracts.config.config import read_config
    from docdouble.schemas import DocdoubleError

    path = folder / "docdouble.toml"

    def run(octets: bytes) -> None:
        path.write_bytes(octets)
        try:
            read_config(path)
        except DocdoubleError:
            return

    return run


def dialect_reader(_folder: Path) -> Run:
    """Return a run that reads octets as the settings of a documentation family."""
    from docdouble.schemas import DocdoubleError
    from docdouble.schemas.dialects.family_settings import read_settings

    def run(octets: bytes) -> None:
        try:
            read_settings(octets.decode("utf-8", "replace"), "docdouble-dialect.toml")
        except DocdoubleError:
            return

    return run


TARGETS: Mapping[str, Callable[[Path], Run]] = {
    "pages": page_reader,
    "openapi": document_reader,
    "codecs": body_codecs,
    "filter": odata_filter,
    "har": har_reader,
    "sources": source_reader,
    "baseline": baseline_reader,
    "configuration": configuration_reader,
    "dialect": dialect_reader,
}

ENDINGS = sorted({path.suffix for path in (CASES / "formats").rglob("*.*")})

HEADERS = [{"name": "Content-Type", "value": "application/json"}]
SENT = {"method": "POST", "url": "http://a/b?c=d", "headers": HEADERS, "postData": {"mimeType": "a/b", "text": "{}"}}
RECEIVED = {"status": 200, "headers": HEADERS, "content": {"mimeType": "a/b", "text": "e30=", "encoding": "base64"}}
ENTRY = {"startedDateTime": "2025-01-01T00:00:00Z", "time": 5, "request": SENT, "response": RECEIVED}
FINDING = {"operation": "a", "check": "b", "promise": "c", "place": "d", "severity": "error", "evidence": "a.md:1"}
DAYS = {"first_seen": "2025-01-01", "expires": "2030-01-01", "reason": "known"}
FILTERS = ["name eq 'O''Neil' and (age gt 5 or not contains(title,'x'))", "created ge 2025-01-01T00:00:00Z desc, a/b"]
SETTINGS = 'source = "a"\n[verify]\nrate = 5\nonly = ["a"]\n[[resources]]\nname = "pet"\n[serve.credentials]\n'
DIALECT = 'extends = "base"\n[[operation]]\nmark = "fence"\nword = "http"\n[paths]\nservers = ["http://a/b"]\n'
BODIES = [
    b'\0{"a": [1]}',
    b"\1<a><b>x</b></a>",
    b"\2a=1&a=2",
    b"\3--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1",
]


def seeds(name: str) -> list[bytes]:
    """Return inputs of a target to begin with."""
    from docdouble.contracts.storage.baseline import VERSION

    match name:
        case "pages":
            return [path.read_bytes() for path in sorted(CASES.rglob("*.md"))]
        case "openapi":
            return list(small_documents())
        case "codecs":
            return BODIES
        case "sources":
            files = sorted((CASES / "formats").rglob("*.*"))
            return [bytes([ENDINGS.index(path.suffix)]) + path.read_bytes() for path in files]
        case "filter":
            return [text.encode() for text in FILTERS]
        case "dialect":
            return [DIALECT.encode()]
        case "configuration":
            assert tomllib.loads(SETTINGS)
            return [SETTINGS.encode()]
    known = {"version": VERSION, "findings": [FINDING | DAYS]}
    return [json.dumps(known if name == "baseline" else {"log": {"entries": [ENTRY]}}).encode()]


def small_documents() -> Iterator[bytes]:
    """Yield the documents of the cases as JSON."""
    from docdouble.schemas import DocdoubleError
    from docdouble.schemas.openapi.text_formats import parse_document

    for path in sorted(CASES.glob("openapi/*/*.yaml")):
        for name, text in parse_document(path.read_text("utf-8"), path.name)["files"].items():
            try:
                yield json.dumps(parse_document(text, name), default=str).encode()
            except (DocdoubleError, TypeError):
                continue


def mutated_json(octets: bytes, random: Random) -> bytes:
    """Return a JSON text with one value replaced by an odd one or by another of its values, or one member left out.

    Raises ``ValueError`` where it is none.
    """
    document = json.loads(octets)
    places: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        value = waiting.pop()
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in members:
            places.append((value, key))
            waiting.append(inner)
    if not places:
        raise ValueError
    parent, key = random.choice(places)
    giver, name = random.choice(places)
    kind = random.randrange(4)
    if kind == 0:
        del parent[key]
    elif kind == 1:
        parent[key] = json.loads(json.dumps(giver[name]))
    elif kind == 2 and isinstance(parent, dict):
        parent[random.choice([str(name), "$ref", "allOf", "type", "format", "pattern"])] = parent.pop(key)
    else:
        parent[key] = random.choice(ODD)
    return json.dumps(document).encode()


@dataclass
class Failures:
    """Exceptions of a target by the place that raised them: the first input of each is kept, and fuzzing goes on."""

    target: Run
    folder: Path
    name: str
    places: dict[tuple[str, str, int], Path] = field(default_factory=dict)

    def run(self, octets: bytes) -> None:
        """Give the target an input."""
        try:
            self.target(octets)
        except Exception as error:  # noqa: BLE001 - what was raised is what is looked for
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = (type(error).__name__, frame.filename, frame.lineno or 0)
            if place not in self.places:
                path = self.places[place] = self.folder / f"{self.name}-failure-{len(self.places)}"
                path.write_bytes(octets)
                tell(f"{path} {''.join(traceback.format_exception(error, limit=-6))}")


def fuzz(name: str, seconds: int, kept: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["docdouble"]), tempfile.TemporaryDirectory(dir=shared_memory()) as folder:
        run = Failures(TARGETS[name](Path(folder)), kept, name).run
        corpus = kept / name
        corpus.mkdir(parents=True, exist_ok=True)
        for number, octets in enumerate(seeds(name)):
            (corpus / f"seed-{number}").write_bytes(octets)
            run(octets)  # what is imported meanwhile takes longer than an input may

        def mutate(octets: bytes, most: int, seed: int) -> bytes:
            if seed % 4:
                try:
                    return mutated_json(octets, Random(seed))[:most]
                except (ValueError, RecursionError):
                    pass
            return bytes(atheris.Mutate(octets, most))

        options = [
            f"-max_total_time={seconds}",
            f"-timeout={LONGEST}",
            f"-rss_limit_mb={MEMORY}",
            f"-max_len={LARGEST}",
        ]
        arguments = [sys.argv[0], str(corpus), f"-artifact_prefix={kept}/{name}-", "-print_final_stats=1", *options]
        mutator = {"custom_mutator": mutate} if name in ("openapi", "har", "baseline") else {}
        atheris.Setup(arguments, run, **mutator)
        atheris.Fuzz()


def shared_memory() -> Path | None:
    """Return the folder of files in memory, where the machine has one."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() else None


def main() -> None:
    """Fuzz each target in a process of its own and show how it ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="*", choices=[*TARGETS, []])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--kept", type=Path, default=Path("fuzzed"))
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        fuzz(options.target[0], options.seconds, options.kept)
    failed = []
    for name in options.target or TARGETS:
        command = [
            sys.executable,
            __file__,
            name,
            "--inside",
            "--seconds",
            str(options.seconds),
            "--kept",
            options.kept,
        ]
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        lines = ended.stderr.splitlines()
        count = next((line.split()[-1] for line in lines if line.startswith("stat::number_of_executed_units")), "?")
        has_failed = bool(ended.returncode or ended.stdout)
        tell(f"{name:14} {count:>9} inputs, {'FAILED' if has_failed else 'no failure'}")
        if has_failed:
            failed.append(name)
            tell("\n".join([ended.stdout, *(lines[-20:] if ended.returncode else ())]))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
