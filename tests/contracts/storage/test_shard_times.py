"""Seconds of an earlier run."""

import json
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.storage.shard_times import read_shard_times
from docdouble.schemas import ConfigError


def test_what_was_left_out_takes_no_time(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    operations = [{"id": "listBooks", "seconds": 1.5}, {"id": "addBook", "seconds": 4}]
    skipped = {"removeBook": "it writes", "getBook": "in another shard"}
    report.write_text(json.dumps({"operations": operations, "skipped": skipped}))
    assert read_shard_times(report) == {"listBooks": 1.5, "addBook": 4.0, "removeBook": 0.0}


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", {"operations": [{"id": "a"}], "skipped": {}}, {"operations": [3], "skipped": {}}]
)
def test_a_file_that_is_no_report(tmp_path: Path, content: Any) -> None:
    report = tmp_path / "report.json"
    report.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(ConfigError, match="--shard-times"):
        read_shard_times(report)
