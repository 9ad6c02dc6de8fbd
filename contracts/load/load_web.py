"""Additions to Locust's web page: violations by operation beside its figures, as CSV, and findings as a page."""

import json
from collections.abc import Callable
from typing import Any

from flask import Response, request

from .load_result import HEADINGS, Row, violations_csv

TABLE = "docdouble"
"""Key of the tab and of its table."""

CSV, FINDINGS = "docdouble/violations.csv", "docdouble/findings.html"
"""Paths of what can be downloaded."""

_KEYS = tuple(heading.split()[0] for heading in HEADINGS)


def extend_web_page(web_ui: Any, rows: Callable[[], list[Row]], report: Callable[[], bytes]) -> None:
    """Add a tab with ``rows``, and links to them as CSV and to the ``report``."""
    options = web_ui.environment.parsed_options
    base = ((options and options.web_base_path) or "").rstrip("/")
    columns = [{"key": key, "title": heading.capitalize()} for key, heading in zip(_KEYS, HEADINGS, strict=True)]
    web_ui.template_args |= {
        "extended_tabs": [{"title": "Violations", "key": TABLE}],
        "extended_tables": [{"key": TABLE, "structure": columns}],
        "extended_csv_files": [
            {"href": f"./{CSV}", "title": "Download violations CSV"},
            {"href": f"./{FINDINGS}", "title": "Show findings"},
        ],
    }

    def with_rows(response: Response) -> Response:
        """Add the rows to the figures for which the page asks every second."""
        if request.path == f"{base}/stats/requests" and response.is_json:
            data = [dict(zip(_KEYS, row, strict=True)) for row in rows()]
            response.set_data(json.dumps({**response.get_json(), "extended_stats": [{"key": TABLE, "data": data}]}))
        return response

    def as_csv() -> Response:
        headers = {"Content-Disposition": "attachment; filename=violations.csv"}
        return Response(violations_csv(rows()), mimetype="text/csv", headers=headers)

    def as_page() -> Response:
        return Response(report(), mimetype="text/html")

    web_ui.app.after_request(with_rows)
    for path, view in ((CSV, as_csv), (FINDINGS, as_page)):
        web_ui.app.add_url_rule(f"{base}/{path}", path, web_ui.auth_required_if_enabled(view))
