from pathlib import Path

import pytest

from docdouble.schemas import PageError
from docdouble.schemas.sources.curl_commands import curl_request

from .read_text import labels, parameters, read

SCRIPT = """\
#!/bin/sh
HOST=https://a.test
export BOAT_ID="b1"

# List boats
curl -sS "$HOST/boats?kind=sail" -H 'X-Tenant: north' | jq .

curl -X DELETE $HOST/boats/${BOAT_ID}

# Rent a boat
curl --request POST \\
  --url "$HOST/boats/${BOAT_ID}/rentals" \\
  -H "Content-Type: application/json" \\
  -u user:s3cret \\
  -d '{
    "days": 3
  }' && echo done

curl 'https://a.test/broken
"""


def test_commands_of_a_script(tmp_path: Path) -> None:
    extraction = read(tmp_path, "calls.sh", SCRIPT)
    assert labels(extraction) == ["GET /boats", "DELETE /boats/{BOAT_ID}", "POST /boats/{BOAT_ID}/rentals"]
    listed, _, rented = extraction.contract.operations
    assert (listed.summary, rented.summary) == ("List boats", "Rent a boat")
    assert parameters(listed) == {"query kind": ["sail"], "header X-Tenant": ["north"]}
    assert rented.security == (("basic",),)
    assert rented.request is not None
    days = rented.request.media_types[0].schema["properties"]["days"]  # type: ignore[index]
    assert days["x-docdouble-evidence"]["line"] == 16
    assert "s3cret" not in repr(extraction.contract)
    assert [(contradiction.rule, contradiction.line) for contradiction in extraction.contradictions] == [
        ("broken-part", 19)
    ]


@pytest.mark.parametrize(
    ("command", "method", "url", "body", "media_type"),
    [
        ("curl a.test", "GET", "http://a.test", "", ""),
        ("curl -I https://a.test", "HEAD", "https://a.test", "", ""),
        ("curl https://a.test -d a=1 -d b=2", "POST", "https://a.test", "a=1&b=2", "application/x-www-form-urlencoded"),
        ("curl https://a.test -XPUT -d '{}'", "PUT", "https://a.test", "{}", "application/json"),
        ("curl https://a.test --json '[1]'", "POST", "https://a.test", "[1]", "application/json"),
        ("curl -G https://a.test?x=1 --data-urlencode a=b", "GET", "https://a.test?x=1&a=b", "", ""),
        ("curl -T file https://a.test/f", "PUT", "https://a.test/f", "", ""),
        ("curl -d @file https://a.test/f", "POST", "https://a.test/f", "", ""),
        ("curl -kLo /dev/null https://a.test/f", "GET", "https://a.test/f", "", ""),
        ("curl --max-time=3 --url https://a.test/f > x", "GET", "https://a.test/f", "", ""),
    ],
)
def test_options(command: str, method: str, url: str, body: str, media_type: str) -> None:
    request = curl_request(command, 1)
    assert (request.method, request.url, request.body, request.media_type) == (method, url, body, media_type)


def test_forms() -> None:
    request = curl_request("curl https://a.test -F a=1 -F f=@photo.png", 1)
    assert (request.method, request.fields, request.files) == ("POST", {"a": "1", "f": ""}, {"f"})


@pytest.mark.parametrize("command", ["curl -s", "curl 'x"])
def test_what_sends_nothing_is_an_error(command: str) -> None:
    with pytest.raises(PageError):
        curl_request(command, 1)
