"""reStructuredText without httpdomain, as blocks and as pages of any family."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import extract
from docdouble.schemas.pages.blocks import Block, Definition, Fence, Heading, ListItem, PageTable, Paragraph, TableRow
from docdouble.schemas.pages.rst_blocks import rst_blocks

PORTS = """\
Ports
*****

List
====

``GET``-Request sent: ``/api/v1/ports``

Response:

.. code-block:: json
   :force:

   # HTTP-Code 200 Ok

   [{"id": 3, "name": "Kiel"}]

Show
====

Required permission: ``harbour``

``GET``-Request sent: ``/api/v1/ports/{port id}``

Response:

.. code-block:: json

   {"id": 3, "name": "Kiel"}

Create
======

``POST``-Request sent: ``/api/v1/ports``

.. code-block:: json

   {"name": "Kiel"}

Response:

.. code-block:: json

   {"id": 3, "name": "Kiel"}
"""


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("A\n=\n", (Heading(1, "A", 1),)),
        (
            "Boats\n=====\n\nOne\n---\n\nTwo\n=====\n",
            (Heading(1, "Boats", 1), Heading(2, "One", 4), Heading(1, "Two", 7)),
        ),
        ("=====\nBoats\n=====\n", (Heading(1, "Boats", 2),)),
        (
            "Send ``GET /boats``\nto `us <https://a.test>`_.\n",
            (Paragraph("Send `GET /boats`\nto [us](https://a.test).", 1),),
        ),
        ("One::\n\n  a\n   b\n\nTwo\n", (Paragraph("One:", 1), Fence("", "a\n b\n", 3), Paragraph("Two", 6))),
        (".. code-block:: json\n   :linenos:\n\n   {}\n", (Fence("json", "{}\n", 4),)),
        (".. _target:\n\n.. a comment\n   of two lines\n\nText\n", (Paragraph("Text", 6),)),
        (".. raw:: html\n\n   <b>x</b>\n\n.. include:: /etc/passwd\n", ()),
        (".. note:: x\n\n   Text\n", (Paragraph("Text", 3),)),
        ("* a\n* b\n\n  - c\n", (ListItem(0, "a", 1), ListItem(0, "b", 2), ListItem(1, "c", 4))),
        ("``id`` : integer\n   The key\n   of it.\n", (Definition("`id`", "(integer) The key of it.", 1),)),
        (":id: the key\n", (ListItem(0, "`id`: the key", 1),)),
        (
            "+----+------+\n| A  | B    |\n+====+======+\n| x  | long |\n|    | text |\n"
            "+----+------+\n| y  |      |\n+----+------+\n",
            (PageTable(("A", "B"), (TableRow(("x", "long text"), 4), TableRow(("y", ""), 7)), 1),),
        ),
        (
            "====  =====\nA     B\n====  =====\n``x`` of it\ny     more\n      text\n====  =====\n\nEnd\n",
            (
                PageTable(("A", "B"), (TableRow(("`x`", "of it"), 4), TableRow(("y", "more text"), 5)), 1),
                Paragraph("End", 9),
            ),
        ),
        (
            ".. list-table::\n   :header-rows: 1\n\n   * - A\n     - B\n   * - x\n     - one\n       two\n",
            (PageTable(("A", "B"), (TableRow(("x", "one two"), 6),), 3),),
        ),
        (
            '.. csv-table::\n   :header: "A", B\n\n   x, "y, z"\n',
            (PageTable(("A", "B"), (TableRow(("x", "y, z"), 4),), 3),),
        ),
    ],
)
def test_restructured_text_is_blocks(text: str, blocks: tuple[Block, ...]) -> None:
    assert rst_blocks(text) == blocks


def test_pages_without_httpdomain_are_read_as_those_of_any_family(tmp_path: Path) -> None:
    (tmp_path / "ports.rst").write_text(PORTS)
    extraction = extract(str(tmp_path))
    assert {operation.label: str(operation.evidence) for operation in extraction.contract.operations} == {
        "GET /api/v1/ports": "ports.rst:7",
        "GET /api/v1/ports/{port_id}": "ports.rst:23",
        "POST /api/v1/ports": "ports.rst:34",
    }
    listed = next(
        operation for operation in extraction.contract.operations if operation.path.endswith("/ports")
    ).success()
    assert listed is not None
    assert listed.media_types[0].samples == ([{"id": 3, "name": "Kiel"}],)
    (create,) = (operation for operation in extraction.contract.operations if operation.method == "POST")
    assert create.request is not None
    assert create.request.media_types[0].samples == ({"name": "Kiel"},)
    success = create.success()
    assert success is not None
    assert success.media_types[0].samples == ({"id": 3, "name": "Kiel"},)
    assert len(extract(str(tmp_path / "ports.rst")).contract.operations) == 3


def test_pages_beside_those_with_httpdomain_are_left_to_it(tmp_path: Path) -> None:
    (tmp_path / "ports.rst").write_text(PORTS)
    (tmp_path / "boats.rst").write_text("Boats\n=====\n\n.. http:get:: /boats\n\n   :statuscode 200: x\n")
    extraction = extract(str(tmp_path))
    assert [operation.label for operation in extraction.contract.operations] == ["GET /boats"]
    assert extraction.skipped == ("ports.rst",)


def test_other_pages_beside_those_of_a_shipped_dialect_are_named(tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text("# Book\n\n```http\nGET /book\n```\n")
    (tmp_path / "ports.rst").write_text(PORTS)
    (tmp_path / "index.html").write_text("<p>Books</p>")
    extraction = extract(str(tmp_path))
    assert [operation.label for operation in extraction.contract.operations] == ["GET /book"]
    assert extraction.skipped == ("index.html", "ports.rst")


@pytest.mark.parametrize(
    "text",
    [
        "".join(" " * depth + ".. note::\n" for depth in range(1_000)),
        "".join(" " * depth + "a\n" for depth in range(1_000)),
        "+---+\n" + "| a |\n" * 200_000 + "+---+\n",
        ".. list-table::\n\n   * - a\n" + "       b\n" * 200_000,
        '.. csv-table::\n\n   "' + "a" * 2_000_000 + '"\n',
        "a::\n\n" * 50_000,
    ],
    ids=["directives", "definitions", "grid", "list", "csv", "colons"],
)
def test_large_and_deep_texts_take_a_moment(text: str) -> None:
    before = time.process_time()
    rst_blocks(text)
    assert time.process_time() - before < 20


@given(
    st.lists(st.sampled_from([*"=-+|*:. ", "\n", "  ", "a", "``", "::", ".. ", "list-table::", "=== ===\n", "+--+\n"]))
)
def test_any_text_is_read(parts: list[str]) -> None:
    for block in rst_blocks("".join(parts)):
        assert block.line > 0
