from dataclasses import fields
from pathlib import Path

import pytest

from docdouble.contracts.config.config import VerifyConfig, read_config
from docdouble.schemas import ConfigError

WHOLE = """
[verify]
only = ["resource:contact"]
skip = ["role:delete"]
skip-checks = ["null"]
expect-unverified = ["POST /login"]
allow-writes = ["classified"]
careful = false
rate = 2
jobs = 4
max-requests = 100
max-time = 60
timeout = 5
max-response-time = 1.5
max-reply-size = 1000
baseline = "drift.json"
cases = "cases"
ca = "ca.pem"
certificate = "own.pem"
key = "own.key"
proxy = "http://proxy:3128"

[verify.values]
AppointmentId = [267, 268]
Sale.SaleId = [3]

[verify.headers]
Authorization = "Bearer ${TOKEN}"
X-Key = { file = "key.txt" }
"""


def read(tmp_path: Path, text: str) -> VerifyConfig:
    (tmp_path / "docdouble.toml").write_text(text)
    return read_config(tmp_path / "docdouble.toml").verify


def test_a_whole_table(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == VerifyConfig(
        only=("resource:contact",),
        skip=("role:delete",),
        skip_checks=("null",),
        expect_unverified=("POST /login",),
        allow_writes=("classified",),
        careful=False,
        rate=2.0,
        jobs=4,
        max_requests=100,
        max_time=60.0,
        timeout=5.0,
        max_response_time=1.5,
        max_reply_size=1000,
        baseline=tmp_path / "drift.json",
        cases=tmp_path / "cases",
        ca=tmp_path / "ca.pem",
        certificate=tmp_path / "own.pem",
        key=tmp_path / "own.key",
        proxy="http://proxy:3128",
        values={"AppointmentId": (267, 268), "Sale.SaleId": (3,)},
        headers={"Authorization": "Bearer ${TOKEN}", "X-Key": {"file": "key.txt"}},
    )


def test_the_whole_table_names_everything(tmp_path: Path) -> None:
    default, whole = VerifyConfig(), read(tmp_path, WHOLE)
    assert [field.name for field in fields(whole) if getattr(whole, field.name) == getattr(default, field.name)] == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max-request = 3", "did you mean 'max-requests'"),
        ("only = 'contact'", "an array of names"),
        ("skip = [3]", "an array of names"),
        ("jobs = 0", "from 1 to 64"),
        ("jobs = true", "from 1 to 64"),
        ("rate = -1", "0 for no limit, or a number from 0.001 to 1000000"),
        ("timeout = nan", "a number above 0"),
        ("max-reply-size = 1.5", "a whole number"),
        ("careful = 'yes'", "true or false"),
        ("baseline = 3", "a path"),
        ("proxy = 3", "a URL"),
        ("values = 3", "a table"),
        ("values.Id = 3", "an array of values"),
        ("values.Id = []", "an array of values"),
    ],
)
def test_a_wrong_line_is_reported_with_its_key(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f"[verify]\n{line}\n")
    assert message in str(caught.value)
    assert str(caught.value).startswith("docdouble.toml:2: verify")


def test_what_stands_in_headers_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, '[verify]\nheaders = "Bearer hunter2"\n')
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(read(tmp_path, '[verify.headers]\nAuthorization = "Bearer hunter2"\n'))
