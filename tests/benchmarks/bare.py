"""The ceiling that ``throughput.py`` compares with: a Werkzeug app that answers ``SIZE`` bytes of JSON."""

import os

from werkzeug.wrappers import Request, Response

BODY = b'"' + b"x" * (int(os.environ.get("SIZE", "4096")) - 2) + b'"'


@Request.application
def app(request: Request) -> Response:
    request.get_data()
    return Response(BODY, mimetype="application/json")
