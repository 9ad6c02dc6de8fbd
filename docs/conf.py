"""The manual as a site: ``.ci/docs FOLDER`` builds it with Sphinx, MyST and Furo.

The pages are those that are read on GitHub, too. What the code knows better is written by ``reference_pages`` into
``docs/_generated/`` at the start, and links that leave ``docs/`` are turned to what stands there.
"""

import re
import sys
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from reference_pages import write_reference_pages  # noqa: E402 - found by the line above

project = "docdouble"
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "docdouble"
# type and colours of the console and the reports, in fakeserver/console/assets/style.css
_TYPE = {"font-stack": "system-ui, sans-serif", "font-stack--monospace": "ui-monospace, monospace"}
html_theme_options = {
    "light_css_variables": {**_TYPE, "color-brand-primary": "#0550ae", "color-brand-content": "#0550ae"},
    "dark_css_variables": {**_TYPE, "color-brand-primary": "#79c0ff", "color-brand-content": "#79c0ff"},
}
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_js_files = ["manual.js"]
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # output is shortened by "…", and not every block is whole

_TOP = {"README": "readme", "CONTRIBUTING": "contributing", "CHANGELOG": "changelog", "SECURITY": "security"}
_GENERATED = (
    "command-line|commands",
    "fixtures of pytest|fixtures",
    "Python|python",
    "control API|control-api",
    "checks, page by page|checks/index",
    "the first page|readme",
    "changes|changelog",
    "working on docdouble|contributing",
    "security|security",
)
"""Titles and names of generated pages, at the end of the contents."""


class _SearchWithStatuses(SearchEnglish):
    """The search of Sphinx, which passes numbers over, with statuses: manual.js asks for them."""

    def word_filter(self, word: str) -> bool:
        return super().word_filter(word) or re.fullmatch("[1-5][0-9][0-9]", word) is not None


def setup(app: Sphinx) -> None:
    """Write the generated pages, have the links of all others lead to them, and let statuses be found."""
    app.add_search_language(_SearchWithStatuses)
    app.connect("builder-inited", lambda _: write_reference_pages(HERE))
    app.connect("source-read", _with_links)


def _with_links(_: Sphinx, name: str, source: list[str]) -> None:
    text = source[0]
    if not name.startswith("_generated/"):
        text = re.sub(r"\]\(\.\./contracts/checks/pages/([\w-]+)\.md", r"](_generated/checks/\1.md", text)
        text = text.replace("](../fakeserver/control/control_api.json)", "](_generated/control-api.md)")
        for file, page in _TOP.items():
            text = text.replace(f"](../{file}.md", f"](_generated/{page}.md")
        text = re.sub(r"\[([^]]+)\]\(\.\./[^)]+\)", r"\1", text)  # files that are no pages
    if name == "index":
        text = re.sub(r"\[([\w-]+\.md)\]\(\1\)", r"[](\1)", text) + _contents(text)  # by its title, not its file
    source[0] = text


def _contents(index: str) -> str:
    """Return the contents: the rows of the table of the index, below the captions that it has."""
    groups: dict[str, list[str]] = {"Start": []}
    for caption, page in re.findall(r"^\| (?:\*\*(.+?)\*\*|.+? \| \[.+?\]\((.+?)\.md\)) \|", index, re.MULTILINE):
        if caption:
            groups[caption] = []
        else:
            groups[list(groups)[-1]].append(page)
    groups["Generated reference"] = [f"{title} <_generated/{name}>" for title, _, name in map(_split, _GENERATED)]
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(pages) + "\n```\n"
        for caption, pages in groups.items()
    )


def _split(text: str) -> tuple[str, str, str]:
    return text.partition("|")
