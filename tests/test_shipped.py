"""The shipped contract is what our own command makes of the seed page, facts only."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from docdouble.contracts.cli.main import main
from docdouble.schemas.openapi.resource_keywords import RESOURCES

SHIPPED = Path(__file__).parent.parent / "schemas" / "superoffice"
PROSE = {"description", "summary"}


def test_the_seed_page_gives_the_shipped_files(shared: Path, tmp_path: Path) -> None:
    command = ["extract", str(shared / "seed"), "-o", str(tmp_path / "contract.json"), "--schemas", str(tmp_path)]
    assert CliRunner().invoke(main, [*command, "--without-prose"]).exit_code == 0
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in SHIPPED.iterdir()}


@pytest.mark.parametrize("path", sorted(SHIPPED.iterdir()), ids=lambda path: path.name)
def test_shipped_files_hold_no_sentences(path: Path) -> None:
    def texts(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for part in value.values() for text in texts(part)]
        if isinstance(value, list):
            return [text for part in value for text in texts(part)]
        return [value] if isinstance(value, str) else []

    document = json.loads(path.read_text(encoding="utf-8"))
    document.pop(RESOURCES, None)  # says why in sentences of our own
    own = {document.get("title")}
    assert [text for text in texts(document) if len(text.split()) > 1 and text not in own] == []
