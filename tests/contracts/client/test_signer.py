"""The user's credentials: where they come from, and that nobody sees them."""

import base64
import json
import socket
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from docdouble.contracts.client.cancellation import StoppedError
from docdouble.contracts.client.credential_sources import read_header_sources
from docdouble.contracts.client.network import Network
from docdouble.contracts.client.signer import Signer
from docdouble.contracts.client.target import Failure, HttpTarget
from docdouble.contracts.client.transport import Transport
from docdouble.contracts.engine.runner import Runner
from docdouble.contracts.model.budget import Budget
from docdouble.contracts.output.known_secrets import KNOWN_SECRETS
from docdouble.schemas import Call, ConfigError, Contract, Reply

from .misbehaving import saying, serving

SECRET = 's3cret/+ü"&value'
PLAIN = "tok-51f0c6a9d2"
WHERE = "docdouble.toml: verify.headers"


def signer(table: dict[str, Any], folder: Path = Path()) -> Signer:
    return Signer(read_header_sources(table, WHERE, folder), Network(connect_seconds=1, seconds=1))


def headers(table: dict[str, Any], folder: Path = Path()) -> dict[str, str]:
    return dict(signer(table, folder).signed(Call()).headers)


def test_a_text_may_name_variables_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", PLAIN)
    assert headers({"Authorization": "Bearer ${API_TOKEN}"}) == {"Authorization": f"Bearer {PLAIN}"}


def test_a_file_and_a_command_may_hold_it(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(f"  {PLAIN}\n")
    command = [sys.executable, "-c", f"print('{PLAIN}')"]
    table = {"X-Key": {"file": "key.txt"}, "X-Other": {"command": command, "prefix": "Bearer "}}
    assert headers(table, tmp_path) == {"X-Key": PLAIN, "X-Other": f"Bearer {PLAIN}"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (5, "a number is not a text, or a table with file, command or token-url"),
        ({}, "a table is not a text, or a table with file, command or token-url"),
        ({"file": "a", "prefx": PLAIN}, "'prefx' is not known; did you mean 'prefix'?"),
        ({"file": 5}, "file: a number is not a path"),
        ({"command": PLAIN}, "a text is not an array of a program and its arguments"),
        ({"command": []}, "an empty array is not an array of a program and its arguments"),
        ({"token-url": "https://a", "client-id": "a"}, "'client-secret' is missing"),
        ({"token-url": "http://a.example", "client-id": "a", "client-secret": PLAIN}, "is not reached by https://"),
        ({"token-url": f"https://u:{PLAIN}@a", "client-id": "a", "client-secret": "b"}, "no user in the URL"),
    ],
)
def test_a_table_that_means_nothing(source: Any, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_header_sources({"X-Key": source}, WHERE, Path())
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{WHERE}.X-Key")
    assert PLAIN not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("Bearer ${DOCDOUBLE_NOT_SET}", "'${DOCDOUBLE_NOT_SET}' is not set in the environment"),
        (f"{PLAIN}\r\nX: 1", "'its value' is not one line of printable text"),
        ("  ", "'its value' is not one line of printable text"),
        ({"file": "none.txt"}, "none.txt' is not a readable file"),
        ({"file": "binary"}, "binary' is not a readable file"),
        ({"file": "lines"}, "'its value' is not one line of printable text"),
        ({"command": ["docdouble-no-such-program", PLAIN]}, "it could not be run"),
        ({"command": [sys.executable, "-c", f"print('{PLAIN}'); raise SystemExit(3)"]}, "it ended with 3"),
    ],
)
def test_a_value_that_cant_be_had(source: Any, message: str, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(PLAIN.encode() + b"\xff")
    (tmp_path / "lines").write_text(f"{PLAIN}\n{PLAIN}")
    with pytest.raises(ConfigError) as caught:
        signer({"X-Key": source}, tmp_path).resolve()
    assert message in str(caught.value)
    assert PLAIN not in "".join(traceback.format_exception(caught.value))


def test_a_name_that_is_none() -> None:
    with pytest.raises(ConfigError, match="is not the name of a header field"):
        read_header_sources({"X Key": "a"}, WHERE, Path())


class TokenEndpoint:
    """Gives tokens that are numbered, and remembers what it was asked."""

    def __init__(self, reply: str = "", status: str = "200 OK", expires_in: float = 3600) -> None:
        self.asked: list[bytes] = []
        self.reply, self.status, self.expires_in = reply, status, expires_in

    def __call__(self, connection: socket.socket, head: bytes) -> None:
        while b"grant_type" not in head:
            head += connection.recv(65536)
        self.asked.append(head)
        answer = {"access_token": f"{PLAIN}-{len(self.asked)}", "expires_in": self.expires_in}
        body = (self.reply or json.dumps(answer)).encode()
        connection.sendall(f"HTTP/1.1 {self.status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    @contextmanager
    def table(self) -> Iterator[dict[str, Any]]:
        with serving(self) as url:
            endpoint = {
                "token-url": f"{url}/token?x=1",
                "client-id": "me",
                "client-secret": SECRET[:6],
                "scope": "read",
            }
            yield {"Authorization": endpoint}


@pytest.mark.sockets
def test_a_token_is_fetched_once() -> None:
    endpoint = TokenEndpoint()
    with endpoint.table() as table:
        made = signer(table)
        assert {made.signed(Call()).header("Authorization") for _ in range(3)} == {f"Bearer {PLAIN}-1"}
    head, _, body = endpoint.asked[0].partition(b"\r\n\r\n")
    assert len(endpoint.asked) == 1
    assert head.startswith(b"POST /token?x=1 HTTP/1.1\r\n")
    assert b"Authorization: Basic " + base64.b64encode(b"me:s3cret") in head
    assert body == b"grant_type=client_credentials&scope=read"


@pytest.mark.sockets
def test_a_token_that_expires_is_fetched_again() -> None:
    with TokenEndpoint(expires_in=0.01).table() as table:
        made = signer(table)
        made.resolve()
        time.sleep(0.02)
        assert made.signed(Call()).header("Authorization") == f"Bearer {PLAIN}-2"


class Refusing:
    """A target that takes one token only."""

    name = "http://staging.example"

    def __init__(self, token: str) -> None:
        self.token = token
        self.seen: list[str | None] = []

    def send(self, call: Call) -> Reply:
        self.seen.append(call.header("Authorization"))
        return Reply(status=200 if self.seen[-1] == self.token else 401)


@pytest.mark.sockets
def test_a_refused_token_is_fetched_again_once() -> None:
    endpoint, target = TokenEndpoint(), Refusing(f"Bearer {PLAIN}-2")
    with endpoint.table() as table:
        sender = Transport(target, lambda call: True, Budget(), signer(table))
        sent = sender.send(Call())
    assert sent
    assert sent[0] == Reply(status=200)
    assert target.seen == [f"Bearer {PLAIN}-1", f"Bearer {PLAIN}-2"]


@pytest.mark.sockets
def test_tokens_that_are_always_refused_are_not_fetched_for_ever() -> None:
    endpoint, target = TokenEndpoint(), Refusing("none")
    with endpoint.table() as table:
        sender = Transport(target, lambda call: True, Budget(), signer(table))
        for _ in range(20):
            sender.send(Call())
    assert len(endpoint.asked) == 4


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("endpoint", "why"),
    [
        (TokenEndpoint('{"error": "invalid_client"}', "401 Unauthorized"), "it answered 401 invalid_client"),
        (TokenEndpoint(json.dumps({"error": SECRET}), "400 Bad Request"), "it answered 400"),
        (TokenEndpoint("<html>"), "it answered 200"),
        (TokenEndpoint('{"access_token": 5}'), "it answered 200"),
    ],
)
def test_an_endpoint_that_gives_no_token(endpoint: TokenEndpoint, why: str) -> None:
    with endpoint.table() as table, pytest.raises(ConfigError) as caught:
        signer(table).resolve()
    assert str(caught.value).endswith(f"is not an endpoint that gives a token: {why}")
    assert SECRET[:6] not in str(caught.value)


@pytest.mark.sockets
def test_an_endpoint_that_gives_no_other_token_ends_the_run() -> None:
    endpoint = TokenEndpoint()
    with endpoint.table() as table:
        sender = Transport(Refusing("none"), lambda call: True, Budget(), made := signer(table))
        made.resolve()
        endpoint.status = "500 Oops"
        with pytest.raises(StoppedError, match="it answered 500"):
            sender.send(Call())


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("Authorization", f"Bearer {PLAIN}", PLAIN),
        ("Authorization", "Basic " + base64.b64encode(f"me:{PLAIN}".encode()).decode(), PLAIN),
        ("Cookie", f"a=1; session={PLAIN}", PLAIN),
        ("X-Key", PLAIN, PLAIN),
    ],
)
def test_what_is_secret_of_a_header_field(name: str, value: str, secret: str) -> None:
    made = Signer.of(((name, value),))
    assert made.names == (name,)
    assert KNOWN_SECRETS.redaction.text(f"you sent {value}") == "you sent ***"
    assert KNOWN_SECRETS.redaction.text(f"you are {secret}") == "you are ***"


@pytest.mark.parametrize(
    ("name", "value"), [("Accept-Language", "nb-NO-nynorsk"), ("X-Tenant", "1000042"), ("X", "no")]
)
def test_what_can_be_data_is_not_masked(name: str, value: str) -> None:
    Signer.of(((name, value),))
    assert KNOWN_SECRETS.redaction.text(f"this is {value}") == f"this is {value}"


def test_no_representation_shows_it() -> None:
    table = {
        "A": PLAIN,
        "B": {"command": ["echo", PLAIN], "prefix": PLAIN},
        "C": {"token-url": "https://a", "client-id": "b", "client-secret": PLAIN, "prefix": PLAIN},
        "D": {"file": "a", "prefix": PLAIN},
    }
    assert PLAIN not in repr(read_header_sources(table, WHERE, Path()))
    made = Signer.of((("Authorization", PLAIN),))
    assert repr(made) == "Signer(Authorization)"
    assert PLAIN not in repr(KNOWN_SECRETS) + repr(KNOWN_SECRETS.redaction)
    assert PLAIN not in repr(vars(Transport(Refusing(""), lambda call: True, Budget(), made)))


class Telling:
    """A target that repeats whatever it was sent."""

    name = "http://staging.example"

    def send(self, call: Call) -> Reply | Failure:
        received = json.dumps({"headers": dict(call.headers), "target": call.target})
        if "AssignTo" not in call.target:
            return Failure(received)
        return Reply((("Content-Type", "application/json"), ("X-Echo", received)), received.encode(), 200)


@pytest.mark.slow
def test_nothing_of_a_run_holds_it(contract: Contract) -> None:
    events: list[object] = []
    made = Transport(Telling(), lambda call: True, Budget(), (("Authorization", f"Bearer {PLAIN}"),))
    budget = Budget(max_examples=1, boundaries=5, shrinking=3)
    Runner(contract, made, budget).run(contract.operations[:1], events.append)
    assert len(events) > 10
    assert "***" in repr(events)
    assert PLAIN not in repr(events)


@pytest.mark.sockets
def test_no_traceback_shows_it() -> None:
    with serving(saying(f"HTTP/1.1 you sent {PLAIN}\r\n\r\n".encode())) as url:
        sender = Transport(HttpTarget(url), lambda call: True, Budget(), (("Authorization", f"Bearer {PLAIN}"),))
        sent = sender.send(Call())
        assert sent
        assert sent[0] == Failure("the reply is no HTTP: 'HTTP/1.1 you sent ***'")
        sender.send(Call())
        with pytest.raises(StoppedError) as caught:
            list(map(sender.send, [Call()] * 9))
    assert PLAIN not in "".join(traceback.format_exception(caught.value))
