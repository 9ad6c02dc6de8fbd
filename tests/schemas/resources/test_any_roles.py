"""What holds for the resources of any contract."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas import Body, Contract, MediaType, Operation, Parameter, Response, Schema
from docdouble.schemas.contract.model import Behaviour, Evidence, Grade, reference
from docdouble.schemas.resources.infer_roles import with_resources

TYPES = ["Book", "BookEntity", "Shelf", "None", "a_request"]
properties = st.sampled_from(["BookId", "Id", "bookid", "ShelfId", "Shelf", "Title", "", "Ids", "BookIds"])
schemas: st.SearchStrategy[Schema] = st.recursive(
    st.sampled_from(
        [
            {},
            {"type": "integer"},
            {"type": ["integer", "null"], "minimum": "low"},
            {"type": "string"},
            {"anyOf": 1, "allOf": [], "properties": [], "items": True},
            *map(reference, TYPES),
            {"anyOf": [reference("Book"), {"type": "null"}]},
            {"allOf": [reference("Book"), reference("Shelf")]},
        ]
    ),
    lambda inner: (
        st.dictionaries(properties, inner, max_size=3).map(
            lambda properties: {"type": "object", "properties": properties}
        )
        | inner.map(lambda items: {"type": "array", "items": items})
    ),
    max_leaves=4,
)
likely = st.sampled_from([reference("Book"), {"type": "array", "items": reference("Book")}, reference("Shelf")])
keyed: Schema = {"type": "object", "properties": {"BookId": {"type": "integer"}, "Shelf": reference("Shelf")}}
bodies = st.lists(
    st.builds(MediaType, st.just("application/json"), st.none() | likely | likely | schemas), max_size=1
).map(tuple)
places = st.sampled_from(["path", "path", "query", "header"])
parameter_names = st.sampled_from(["id", "Id", "name", "bookId", "ShelfId", "$select"])
segments = st.sampled_from(
    ["Book", "{id}", "{name}", "Shelf", "default", "GetBook", "SaveBookEntity", "Delete", "Books", "Items", "", "List"]
)
listed = Behaviour("list-filter", Evidence(Grade.STATED, "a.md", 1), "$filter")
operations = st.builds(
    Operation,
    id=st.text(max_size=3),
    method=st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"]),
    path=st.sampled_from(
        ["/Book", "/Book/{id}", "/Book/{id}", "/A/Book/SaveBook", "/A/Book/Delete", "/Shelf/{id}/Book"]
    )
    | st.lists(segments, max_size=4).map(lambda segments: "/" + "/".join(segments)),
    parameters=st.just((Parameter("id", "path", {"type": "integer"}),))
    | st.lists(st.builds(Parameter, parameter_names, places, schemas), max_size=3).map(tuple),
    request=st.none() | st.builds(Body, bodies),
    responses=st.lists(st.builds(Response, st.just("200"), bodies), max_size=1).map(tuple),
    behaviours=st.sampled_from([(), (listed,)]),
)
contracts = st.builds(
    Contract,
    st.just(""),
    st.just(""),
    st.lists(operations, max_size=8, unique_by=lambda operation: operation.label).map(tuple),
    st.dictionaries(st.sampled_from(TYPES), st.just(keyed) | schemas),
)


@pytest.mark.slow
@given(contracts)
def test_an_operation_has_one_role_at_most_and_is_not_unclear_then(contract: Contract) -> None:
    resources = with_resources(contract).resources
    with_role = Counter(role.operation for resource in resources.resources for role in resource.roles)
    without = Counter(name for group in resources.unassigned for name in group.operations)
    assert all(count == 1 for count in (with_role + without).values())
    assert {*with_role, *without} <= {operation.id for operation in contract.operations}


@given(contracts)
def test_it_is_worked_out_the_same_again(contract: Contract) -> None:
    worked_out = with_resources(contract)
    assert with_resources(worked_out) == worked_out


@given(contracts)
def test_views_have_their_keys(contract: Contract) -> None:
    for resource in with_resources(contract).resources.resources:
        assert resource.roles
        assert resource.views
        assert set(resource.views) <= contract.schemas.keys()
