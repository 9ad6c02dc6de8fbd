"""A schema that no value fits costs its operation only."""

from typing import Any

import orjson

from docdouble.fakeserver import FakeServer

NEVER = {"allOf": [{"type": "string"}, {"type": "integer"}]}


def test_what_nobody_can_answer_is_a_problem_and_the_rest_is_answered(make_contract: Any, send: Any) -> None:
    def answering(schema: Any) -> Any:
        return {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}

    app = FakeServer(make_contract({"/never": answering(NEVER), "/fine": answering({"type": "string"})}))
    reply = send(app, "GET /never")
    assert (reply.status, reply.media_type) == (406, "application/problem+json")
    assert orjson.loads(reply.body)["documented"] == ["application/json"]
    assert send(app, "GET /fine").status == 200
