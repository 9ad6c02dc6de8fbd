"""The console of a proxy: what is documented, and a form whose requests go to the real server."""

import pytest

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Contract

from .proxied import TOKEN, proxied_app

BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.sockets
def test_a_proxy_has_a_console(hotel: Contract) -> None:
    with proxied_app(hotel, FakeServer(hotel)) as proxy:
        assert proxy.ask("GET", "/__docdouble__/", headers={"Accept": "text/html"}).status_code == 303
        assert proxy.ask("GET", "/__docdouble__/console/operations").status_code == 401
        operation = next(operation for operation in hotel.operations if operation.label == "GET /rooms/{id}")
        page = proxy.ask("GET", f"/__docdouble__/console/operation?id={operation.id}", headers=BEARER)
        assert page.status_code == 200
        assert "goes to the real server" in page.text
        proxy.ask("GET", "/rooms/1")
        assert "1 of" in proxy.ask("GET", "/__docdouble__/console/coverage", headers=BEARER).text
