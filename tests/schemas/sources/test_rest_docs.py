"""Spring REST Docs: pages in AsciiDoc, the snippets of tests, and the HTML made of them."""

from pathlib import Path
from typing import Any

import pytest

from docdouble.schemas import Extraction, Grade, extract
from docdouble.schemas.contract.model import evidence_of
from docdouble.schemas.pages.blocks import Definition, Fence, Heading, Label, ListItem, PageTable, Paragraph, TableRow
from docdouble.schemas.sources.asciidoc_blocks import asciidoc_blocks

from .read_text import bare, failure, labels, only, parameters, read

SNIPPETS = {
    "http-request": """[source,http,options="nowrap"]
----
POST /boats/7/notes?dry=true HTTP/1.1
Content-Type: application/json;charset=UTF-8
Authorization: Bearer s3cret
Host: localhost:8080

{"text":"x","tags":[{"id":1}]}
----
""",
    "http-response": """[source,http,options="nowrap"]
----
HTTP/1.1 201 Created
Content-Type: application/json
Location: http://localhost:8080/boats/7/notes/1

{"id":1,"text":"x"}
----
""",
    "path-parameters": ".+/boats/{boatId}/notes+\n|===\n|Parameter|Description\n\n|`+boatId+`\n|The boat\n\n|===\n",
    "query-parameters": "|===\n|Parameter|Description\n\n|`+dry+`\n|Try only\n\n|===\n",
    "request-fields": """|===
|Path|Type|Description|Optional

|`+text+`
|`+String+`
|Text
|false

|`+tags[].id+`
|`+Number+`
|Tag
|true

|===
""",
    "response-fields": "|===\n|Path|Type|Description\n\n|`+id+`\n|`+Number+`\n|Its number\n\n|===\n",
    "response-headers": "|===\n|Name|Description\n\n|`+Location+`\n|Where it is\n\n|===\n",
    "curl-request": "[source,bash]\n----\n$ curl 'http://localhost:8080/boats/7/notes' -i -X POST\n----\n",
}
NAMES = "http-request,path-parameters,query-parameters,request-fields,http-response,response-headers,response-fields"
INDEX = (
    f"= Notes\n:snippets: snippets\n\n== Create a note\n\nIt creates.\n\noperation::create-note[snippets='{NAMES}']\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in SNIPPETS.items():
        path = tmp_path / "snippets" / "create-note" / f"{name}.adoc"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def assert_notes(extraction: Extraction) -> None:
    operation = only(extraction)
    assert operation.label == "POST /boats/{boatId}/notes"
    assert parameters(operation) == {"path boatId": ["7"], "query dry": [True]}
    assert operation.security == (("bearer",),)
    assert operation.request is not None
    schema: Any = bare(operation.request.media_types[0].schema)
    assert schema["properties"]["text"] == {"type": "string", "description": "Text"} | schema["properties"]["text"]
    assert schema["properties"]["tags"]["items"]["properties"]["id"]["type"] == "number"
    assert schema["required"] == ["text"]
    (response,) = operation.responses
    assert (response.status, [header.name for header in response.headers]) == ("201", ["Location"])
    (media_type,) = response.media_types
    assert media_type.samples == ({"id": 1, "text": "x"},)
    properties = (media_type.schema or {})["properties"]
    grades = {name: evidence.grade for name, part in properties.items() if (evidence := evidence_of(part))}
    assert grades == {"id": Grade.STATED, "text": Grade.SAMPLED}
    assert "s3cret" not in repr(extraction.contract)


def test_snippets_of_one_operation_are_read_together(folder: Path) -> None:
    assert_notes(extract(str(folder / "snippets" / "create-note" / "http-request.adoc")))
    extraction = extract(str(folder))
    assert_notes(extraction)
    assert (extraction.skipped, extraction.failures) == ((), ())


def test_a_page_includes_snippets(folder: Path) -> None:
    extraction = read(folder, "index.adoc", INDEX)
    assert_notes(extraction)
    assert (only(extraction).summary, only(extraction).description) == ("Create a note", "It creates.")
    assert extraction.contract.title == "Notes"


def test_includes_stay_in_the_folder(folder: Path) -> None:
    text = INDEX.replace(":snippets: snippets", ":snippets: ../snippets")
    (folder / "docs").mkdir()
    (folder / "docs" / "index.adoc").write_text(text)
    assert failure(folder / "docs" / "index.adoc").startswith("index.adoc: no operation")
    assert_notes(extract(str(folder)))


def html_of(name: str) -> str:
    """What Asciidoctor makes of a snippet."""
    text = SNIPPETS[name]
    if "----" in text:
        code = text.split("----\n")[1].replace("<", "&lt;")
        return (
            '<div class="listingblock"><div class="content"><pre class="highlight nowrap">'
            f'<code class="language-http" data-lang="http">{code}</code></pre></div></div>'
        )
    lines = [line for line in text.splitlines() if line.startswith("|") and line != "|==="]
    header = "".join(f'<th class="tableblock">{cell}</th>' for cell in lines[0].strip("|").split("|"))
    cells = [f"<td><p><code>{line.strip('|`+')}</code></p></td>" for line in lines[1:]]
    width = lines[0].count("|")
    rows = "".join(f"<tr>{''.join(cells[at : at + width])}</tr>" for at in range(0, len(cells), width))
    caption = "<caption class='title'>Table 1. /boats/{boatId}/notes</caption>" if text.startswith(".") else ""
    return f'<table class="tableblock">{caption}<thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>'


def test_the_html_of_a_page(tmp_path: Path) -> None:
    parts = "\n".join(f"<h4>{name.replace('-', ' ').title()}</h4>{html_of(name)}" for name in NAMES.split(","))
    generator = '<meta name="generator" content="Asciidoctor 2.0.10">'
    body = f"<h1>Notes</h1><h2>Create a note</h2>{parts}"
    html = f"<!DOCTYPE html><html><head>{generator}</head><body>{body}</body></html>"
    assert_notes(read(tmp_path, "index.html", html))


def test_several_operations_and_replies(tmp_path: Path) -> None:
    def message(text: str) -> str:
        return f"[source,http]\n----\n{text}\n----\n"

    text = "\n".join(
        [
            "= A\n\n== Read\n",
            message("GET /boats/7 HTTP/1.1"),
            message('HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"id": 7}'),
            "=== Response fields\n\n|===\n|Path|Type|Description\n\n|`id`\n|`Hexagon`\n|x\n|===\n",
            "== Not there\n",
            message("GET /boats/8 HTTP/1.1"),
            message("HTTP/1.1 404 Not Found"),
            "== List\n",
            message("GET /boats?kind=sail HTTP/1.1"),
            message('HTTP/1.1 200 OK\nContent-Type: application/json\n\n[{"id": 7}]'),
            "=== Response fields\n\n|===\n|Path|Type|Description\n\n|`[].id`\n|`Number`\n|x\n|===\n",
            message("GET broken\nno header here"),
        ]
    )
    extraction = read(tmp_path, "a.adoc", text)
    assert labels(extraction) == ["GET /boats/{boatId}", "GET /boats"]
    first, second = extraction.contract.operations
    assert [response.status for response in first.responses] == ["200", "404"]
    assert bare(second.responses[0].media_types[0].schema)["items"]["properties"]["id"]["type"] == "number"
    assert sorted(contradiction.rule for contradiction in extraction.contradictions) == [
        "sample-syntax",
        "unreadable-type",
    ]


def test_blocks_of_asciidoc() -> None:
    text = """= Title
:name: value
// comment
////
more
////

A *bold* and `+code+` text
in two lines, <<there,a link>>.

.Parameters:
[cols="1,2"]
|===
|Name
|Text

|a
|b \\| c
more
|===

* one
** two
term:: what it is

[source,json]
----
{}
----

  literal
"""
    blocks, missing = asciidoc_blocks(text, lambda path: None)
    assert missing == []
    assert blocks == [
        Heading(1, "Title", 1),
        Paragraph("A **bold** and `code` text\nin two lines, a link.", 8),
        Label("Parameters", 11),
        PageTable(("", ""), (TableRow(("Name", "Text"), 14), TableRow(("a", "b | c\nmore"), 17)), 13),
        ListItem(0, "one", 22),
        ListItem(1, "two", 23),
        Definition("term", "what it is", 24),
        Fence("json", "{}\n", 28),
        Fence("", "  literal\n", 31),
    ]


def test_includes_in_a_circle_come_to_an_end() -> None:
    blocks, missing = asciidoc_blocks("include::a[]\n", lambda path: "include::a[]\ninclude::a[]\ntext\n")
    assert blocks
    assert missing
