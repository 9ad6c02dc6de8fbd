"""Problem details have a title for every status, also for those that no RFC names."""

import json

import pytest

from docdouble.fakeserver.http.problem import problem


@pytest.mark.parametrize(("status", "title"), [(404, "Not Found"), (419, "Status 419"), (599, "Status 599")])
def test_the_title_is_the_phrase_of_the_status_if_it_has_one(status: int, title: str) -> None:
    reply = problem(status, "as documented")
    assert (reply.status, json.loads(reply.body)["title"]) == (status, title)
