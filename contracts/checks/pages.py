"""Pages that users read about each check that ships: one Markdown file each."""

import re
from importlib.resources import files

_ID = re.compile(r"[a-z0-9-]+")


def page(check_id: str) -> str:
    """Return the Markdown page of a check; raises ``FileNotFoundError`` for one that doesn't ship."""
    if not _ID.fullmatch(check_id):
        raise FileNotFoundError(check_id)
    return (files(__package__) / "pages" / f"{check_id}.md").read_text(encoding="utf-8")
