"""What actions make of documented states, flags and moments."""

from typing import Any

import pytest

from docdouble.fakeserver.state.action_effects import action_effect
from docdouble.schemas import Contract

FLAG, MOMENT = {"type": "boolean"}, {"type": "string", "format": "date-time"}


@pytest.mark.parametrize(
    ("path", "properties", "effect"),
    [
        ("/orders/{id}/cancel", {"status": {"enum": ["new", "canceled"]}}, {"status": "canceled"}),
        ("/orders/{id}:cancel", {"State": {"enum": ["NEW", "CANCELLED"]}}, {"State": "CANCELLED"}),
        ("/orders/{id}/pay", {"status": {"enum": ["paid", "new"]}}, {"status": "paid"}),
        (
            "/issues/{id}/close",
            {"state": {"enum": ["open", "closed"]}, "closedAt": MOMENT},
            {"state": "closed", "closedAt": None},
        ),
        ("/issues/{id}/reopen", {"state": {"enum": ["open", "closed"]}}, {"state": "open"}),
        ("/notes/{id}/archive", {"archived": FLAG, "isArchived": FLAG}, {"archived": True, "isArchived": True}),
        ("/notes/{id}/unarchive", {"archived": FLAG}, {"archived": False}),
        ("/hooks/{id}/disable", {"enabled": FLAG, "disabled": FLAG}, {"enabled": False, "disabled": True}),
        ("/notes/{id}/print", {"status": {"enum": ["new", "old"]}, "name": {"type": "string"}}, {}),
    ],
)
def test_an_action_changes_what_is_named_like_it(path: str, properties: dict[str, Any], effect: dict[str, Any]) -> None:
    assert action_effect(path, properties, Contract("a", "1", ())) == effect
