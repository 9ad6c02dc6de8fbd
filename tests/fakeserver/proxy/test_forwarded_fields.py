"""Header fields through a proxy: those of a connection stay there, the server learns who asks, URLs may lead here."""

from urllib.parse import urlsplit

import pytest

from docdouble.fakeserver.proxy.forwarded_fields import (
    Client,
    cookie_of_ours,
    end_to_end,
    redirect_to_us,
    reply_fields_forwarded,
    request_fields_forwarded,
)

CLIENT = Client("192.0.2.7", "localhost:4010", "http")
SERVER = urlsplit("https://api.example.com/v1")


def test_fields_of_the_connection_stay_there() -> None:
    hops = [(name, "x") for name in ("Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Proxy-Connection")]
    sent = [*hops, ("connection", "close, X-Hop,x-other"), ("X-Hop", "1"), ("X-Other", "2"), ("Accept", "*/*")]
    assert end_to_end(sent) == (("Accept", "*/*"),)


def test_several_fields_of_a_name_stay_several() -> None:
    cookies = (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert reply_fields_forwarded(cookies, "us")[:2] == cookies


def test_the_server_learns_who_asks() -> None:
    sent = (("Host", "localhost:4010"), ("Content-Length", "3"), ("Expect", "100-continue"), ("Accept", "*/*"))
    assert request_fields_forwarded(sent, CLIENT, "us", keeps_host=False) == (
        ("Accept", "*/*"),
        ("X-Forwarded-For", "192.0.2.7"),
        ("Via", "1.1 us"),
        ("X-Forwarded-Host", "localhost:4010"),
        ("X-Forwarded-Proto", "http"),
    )
    assert request_fields_forwarded(sent, CLIENT, "us", keeps_host=True)[0] == ("Host", "localhost:4010")


def test_what_proxies_before_us_say_stays() -> None:
    sent = (("x-forwarded-for", "203.0.113.1"), ("X-Forwarded-Proto", "https"), ("Via", "1.1 edge"))
    fields = dict(request_fields_forwarded(sent, CLIENT, "us", keeps_host=False))
    assert fields["X-Forwarded-For"] == "203.0.113.1, 192.0.2.7"
    assert (fields["Via"], fields["X-Forwarded-Proto"]) == ("1.1 edge, 1.1 us", "https")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://api.example.com/v1/x?y#z", "http://localhost:4010/v1/x?y#z"),
        ("https://API.example.com", "http://localhost:4010"),
        ("https://api.example.com.evil.test/", "https://api.example.com.evil.test/"),
        ("https://login.example.com/", "https://login.example.com/"),
        ("/v1/x", "/v1/x"),
    ],
)
def test_redirects_within_the_server_lead_here(location: str, expected: str) -> None:
    assert redirect_to_us(location, SERVER, CLIENT) == expected


def test_cookies_are_such_as_a_browser_takes_from_here() -> None:
    cookie = "id=1; Path=/; Domain=.example.com; Secure; HttpOnly; SameSite=None"
    assert cookie_of_ours(cookie, CLIENT) == "id=1; Path=/; HttpOnly"
    over_tls = Client("192.0.2.7", "localhost", "https")
    assert cookie_of_ours(cookie, over_tls) == "id=1; Path=/; Secure; HttpOnly; SameSite=None"
