from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from docdouble.contracts.cases import operations_in_order
from docdouble.schemas import Contract, Operation, extract

CONTACTS = extract(str(Path(__file__).parents[2] / "fakeserver" / "contact")).contract


@given(st.permutations(CONTACTS.operations))
def test_values_are_known_before_they_are_needed(operations: list[Operation]) -> None:
    names = [one.id.rpartition("_")[2] for one in operations_in_order(operations, CONTACTS)]
    assert names == ["List", "Get", "Create", "Patch", "Delete"]


def test_procedures_are_told_by_their_effect_and_their_name() -> None:
    operations = (
        Operation("Agent_RemoveBook", "POST", "/remove", effect="write"),
        Operation("Agent_SendBook", "POST", "/send", effect="write"),
        Operation("Agent_GetBook", "POST", "/get", effect="read"),
        Operation("Books_One", "GET", "/books/{id}", effect="read"),
        Operation("Books_All", "GET", "/books", effect="read"),
    )
    found = [one.id for one in operations_in_order(operations, Contract("books", "1", operations))]
    assert found == ["Books_All", "Books_One", "Agent_GetBook", "Agent_SendBook", "Agent_RemoveBook"]
