"""Additions to Locust's web page, on an application that stands in for it."""

from types import SimpleNamespace
from typing import Any

import pytest

from docdouble.contracts.load.load_result import HEADINGS

flask = pytest.importorskip("flask", reason="Flask comes with Locust, of the extra docdouble[load]")

ROWS = [("GET /guests", "10", "0", "2", "9", "10", "3")]


@pytest.mark.parametrize("base", ["", "/load"])
def test_violations_stand_beside_the_figures(base: str) -> None:
    from docdouble.contracts.load.load_web import extend_web_page

    app = flask.Flask(__name__)
    app.add_url_rule(f"{base}/stats/requests", "stats", lambda: {"state": "running"})
    app.add_url_rule(f"{base}/other", "other", lambda: {"state": "running"})
    options = SimpleNamespace(web_base_path=base)
    page: Any = SimpleNamespace(
        app=app,
        template_args={"a": 1},
        environment=SimpleNamespace(parsed_options=options),
        auth_required_if_enabled=lambda view: view,
    )
    extend_web_page(page, lambda: ROWS, lambda: b"<p>findings")
    client = app.test_client()
    figures = client.get(f"{base}/stats/requests").json
    row = figures["extended_stats"][0]["data"][0]
    assert (figures["state"], row["operation"], row["violations"]) == ("running", "GET /guests", "3")
    (table,) = page.template_args["extended_tables"]
    assert [column["key"] for column in table["structure"]] == list(row)
    assert page.template_args["a"] == 1
    assert client.get(f"{base}/other").json == {"state": "running"}
    links = [file["href"].removeprefix("./") for file in page.template_args["extended_csv_files"]]
    texts = [client.get(f"{base}/{link}").text for link in links]
    assert texts[0].splitlines() == [",".join(HEADINGS), "GET /guests,10,0,2,9,10,3"]
    assert texts[1] == "<p>findings"
