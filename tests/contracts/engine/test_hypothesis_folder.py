import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_verify_leaves_nothing_where_it_is_run(tmp_path: Path) -> None:
    here, cache = tmp_path / "here", tmp_path / "cache"
    here.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_STORAGE_DIRECTORY"}
    command = [sys.executable, "-m", "docdouble", "verify", "--max-examples", "3", "--quiet"]
    variables = environment | {"XDG_CACHE_HOME": str(cache)}
    done = subprocess.run(command, cwd=here, env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert list(here.iterdir()) == []
    assert (cache / "docdouble" / "hypothesis").is_dir()
