"""Properties that are only written, or only read: what stands beside them in a nested object is kept."""

import json
from pathlib import Path

from docdouble.fakeserver import FakeServer
from docdouble.schemas import Call, extract

DELIVERIES = Path(__file__).parent / "directions.yaml"


def test_what_stands_beside_them_is_kept() -> None:
    app = FakeServer(extract(str(DELIVERIES)).contract)
    body = json.dumps({"pin": "1", "parcels": [{"code": "c", "label": "fragile"}]}).encode()
    made = json.loads(app.handle(Call((("Content-Type", "application/json"),), body, "POST", "/deliveries")).body)
    assert "pin" not in made
    assert made["parcels"] == [{"number": made["parcels"][0]["number"], "label": "fragile"}]
    assert json.loads(app.handle(Call((), b"", "GET", f"/deliveries/{made['id']}")).body) == made
