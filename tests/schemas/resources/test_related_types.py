"""Types that show one entity, and its key; what names another entity is no key."""

from dataclasses import replace

from docdouble.schemas.contract.resources import Resource
from docdouble.schemas.resources.infer_roles import with_resources

from .small_api import api


def only(text: str, **types: str) -> Resource:
    """The one resource of an API."""
    (resource,) = api(text, **types).resources.resources
    return resource


def views(text: str, **types: str) -> list[dict[str, str]]:
    """The views of each resource of an API."""
    return [dict(resource.views) for resource in api(text, **types).resources.resources]


def test_types_of_one_plain_name() -> None:
    resource = only(
        "PUT /Book/{id} BookEntity -> BookEntityWithLinks",
        BookEntity="{BookId: int}",
        BookEntityWithLinks="{bookId: int}",
    )
    assert (resource.name, resource.views) == ("book", {"BookEntity": "BookId", "BookEntityWithLinks": "bookId"})


def test_types_of_several_namespaces() -> None:
    types = {"Shop.Models.Book": "{BookId: int}", "Shop.Carriers.BookEntity": "{BookId: int}"}
    resource = only("POST /Book Shop.Models.Book -> Shop.Carriers.BookEntity\nDELETE /Book/{id}", **types)
    assert (resource.name, set(resource.views)) == ("book", types.keys())


def test_types_that_are_known_by_the_same_key() -> None:
    resource = only(
        "PUT /User/{id} User -> User", Associate="{AssociateId: int}", User="{AssociateId: int, Name: text}"
    )
    assert (resource.name, set(resource.views)) == ("user", {"Associate", "User"})


def test_two_collections_of_one_entity() -> None:
    text = "PUT /Dash/{id} Dash -> Dash\nPUT /Dashboard/{id} Dashboard -> Dashboard"
    resource = only(text, Dash="{DashboardId: int}", Dashboard="{DashboardId: int}")
    assert (resource.name, resource.collection, len(resource.roles)) == ("dashboard", "", 2)


def test_a_key_named_after_the_collection() -> None:
    types = {"ContactRelation": "{SourceContactId: int, RelationId: int}"}
    assert views("PUT /Relation/{id} ContactRelation -> ContactRelation", **types) == [
        {"ContactRelation": "RelationId"}
    ]
    assert views("PUT /relations/{id} ContactRelation -> ContactRelation", **types) == [
        {"ContactRelation": "RelationId"}
    ]


def test_a_key_named_after_the_variable() -> None:
    text = "PUT /sessions/{token} Session -> Session"
    assert views(text, Session="{Start: int, Token: int}") == [{"Session": "Token"}]


def test_a_first_property_is_a_key_where_one_is_asked_for() -> None:
    text = "POST /Agents/Script/SaveScript Script -> Script\nPOST /Agents/Script/GetScript?scriptId:int -> Script"
    assert views(text, Script="{EjscriptId: int, Name: text}") == [{"Script": "EjscriptId"}]
    assert views(text.splitlines()[0], Script="{EjscriptId: int, Name: text}") == []


def test_a_first_property_that_refers_to_another_entity_is_no_key() -> None:
    contact = "PUT /Contact/{id} Contact -> Contact\n"
    types = {"Contact": "{ContactId: int}"}
    relation = "POST /Agents/Link/SaveLink Link -> Link\nPOST /Agents/Link/GetLink?linkId:int -> Link"
    assert views(contact + relation, **types, Link="{SourceContactId: int}") == [{"Contact": "ContactId"}]
    preview = "POST /Agents/Contact/GetPreview {ContactId: int} -> Preview\nPOST /Agents/Contact/SavePreview Preview"
    assert views(contact + preview, **types, Preview="{ContactId: int}") == [{"Contact": "ContactId"}]


def test_only_integers_are_keys() -> None:
    assert views("PUT /Book/{id} Book -> Book", Book="{BookId: text}") == []


def test_what_only_holds_a_request_is_no_entity() -> None:
    types = {"Book": "{BookId: int}", "UpdateRequest": "{Id: int, Title: text}"}
    contract = api("PUT /Book/{id} Book -> Book\nPOST /Agents/Book/Update UpdateRequest -> Book", **types)
    assert [group.name for group in contract.resources.unassigned] == ["book"]


def test_a_type_put_together_of_others_has_their_properties() -> None:
    base = {"type": "object", "properties": {"id": {"type": "integer"}}}
    whole = {"allOf": [{"$ref": "#/components/schemas/Base"}, {"$ref": "#/components/schemas/Book"}]}
    contract = api("PUT /books/{bookId} Book -> Book", Book="{Title: text}")
    with_roles = with_resources(replace(contract, schemas={"Base": base, "Book": whole}))
    assert [resource.views for resource in with_roles.resources.resources] == [{"Book": "id"}]
