import pytest

from docdouble.schemas.pages.sample_commands import sample_commands, sample_headers


def request(command: str) -> tuple[str, str, str, str]:
    (sample,) = sample_commands(command)
    return sample.method, sample.url, sample.body, sample.form


@pytest.mark.parametrize(
    ("command", "method", "url"),
    [
        ("curl --unix-socket /var/run/dock.sock http://localhost/boats", "GET", "http://localhost/boats"),
        ("curl -sSL --compressed HARBOUR_URL/boats | jq /a", "GET", "HARBOUR_URL/boats"),
        ("curl localhost:8080/boats > /tmp/boats", "GET", "http://localhost:8080/boats"),
        ("curl harbour.test/boats -X delete", "DELETE", "http://harbour.test/boats"),
        ("curl -G https://a.test/boats -d kind=sail -d keel=1", "GET", "https://a.test/boats?kind=sail&keel=1"),
        ("curl --url '{{base}}/boats' -I", "HEAD", "{{base}}/boats"),
    ],
)
def test_requests_without_a_body(command: str, method: str, url: str) -> None:
    assert request(command)[:3] == (method, url, "")


@pytest.mark.parametrize(
    ("options", "body", "form"),
    [
        ("-d name=Tern -d keel=1", "name=Tern&keel=1", "application/x-www-form-urlencoded"),
        ("""--data '{"keel": 1}'""", '{"keel": 1}', ""),
        ("--data-raw Tern", "Tern", ""),
        ("-F name=Tern -F picture=@tern.png", "", "multipart/form-data"),
    ],
)
def test_bodies_and_forms(options: str, body: str, form: str) -> None:
    assert request(f"curl https://a.test/boats {options}") == ("POST", "https://a.test/boats", body, form)


TEXT = """\
$ curl https://a.test/boats \\
    -H 'X-Dock: north' \\
    -d '{
  "keel": 1
}'
{"id": 1}
  curl https://a.test/yards
  -u captain:secret
curl https://a.test/docks -H 'X-Dock: south' -d '{
curl 'https://a.test/lost
curl --silent
"""


def test_lines_of_the_commands_of_a_text() -> None:
    assert [(command.url, command.line, command.body_line) for command in sample_commands(TEXT)] == [
        ("https://a.test/boats", 0, 2),
        ("https://a.test/yards", 6, 6),
        ("https://a.test/docks", 8, 8),
    ]
    assert list(sample_headers(TEXT)) == [
        ("X-Dock", "north", 1),
        ("Authorization", "basic credentials", 7),
        ("X-Dock", "south", 8),
    ]


def test_fields_of_a_message() -> None:
    assert list(sample_headers("GET /boats HTTP/1.1\nHost: a.test\nX-Dock: north\n")) == [
        ("Host", "a.test", 1),
        ("X-Dock", "north", 2),
    ]
