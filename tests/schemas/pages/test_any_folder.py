"""Any folder: every page is read, or named with the reason, and what lies outside stays unread."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from docdouble.schemas import extract

NAMES = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map(
    lambda steps: "/".join([*steps, "-".join(steps)])
)
KINDS = ["page", "page", "folder", "pipe", "device", "outside", "inside", "loop", "nowhere"]
TREES = st.dictionaries(NAMES, st.sampled_from(KINDS), max_size=8)


def page(path: str) -> str:
    return f"# Book\n\n```http\nGET /{path}\n```\n\n## Response body: object\n\n"


def make(root: Path, name: str, kind: str) -> bool:
    """Make an entry of a folder, unless the name is taken."""
    path = root / (name if kind in ("folder", "loop") else f"{name}.md")
    if os.path.lexists(path):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "page":
        path.write_text(page(name))
    else:
        targets = {"device": "/dev/zero", "outside": root.parent / "secret.md", "loop": path.parent}
        path.symlink_to(targets.get(kind, root / ("book.md" if kind == "inside" else "nowhere.md")))
    return True


@settings(max_examples=40, deadline=None)
@given(TREES)
def test_every_page_of_a_folder_is_read_or_named(tree: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "pages")
        root.mkdir()
        (root / "book.md").write_text(page("book"))
        (root.parent / "secret.md").write_text(page("secret"))
        loops_last = sorted(tree.items(), key=lambda entry: entry[1] == "loop")
        made = {name: kind for name, kind in loops_last if make(root, name, kind)}
        extraction = extract(str(root))
    paths = {operation.path for operation in extraction.contract.operations}
    assert paths == {"/book", *(f"/{name}" for name, kind in made.items() if kind == "page")}
    named = {failure.path for failure in extraction.failures}
    copies = {"book.md", *(f"{name}.md" for name, kind in made.items() if kind == "inside")}
    unread = {"pipe", "device", "outside", "nowhere"}
    assert named - copies == {f"{name}.md" for name, kind in made.items() if kind in unread}
    assert len(named & copies) == len(copies) - 1, "all but the first are the operation of another page"
