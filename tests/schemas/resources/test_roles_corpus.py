"""What the operations of the whole SuperOffice reference do, where somebody has read the pages."""

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.contract.resources import Criterion, RequestPlace, Resource, Role

from .small_api import body, resource, role, roles, unassigned

pytestmark = pytest.mark.slow

API, AGENTS = "/api/v1/", "POST /api/v1/Agents/"
CRUD = {"POST": "create", "GET": "read", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@pytest.fixture(scope="module")
def told(corpus: Contract) -> dict[str, tuple[str, str]]:
    return roles(corpus)


@pytest.mark.parametrize(
    ("path", "name", "agent"),
    [
        ("Contact", "contact", "Contact/{}ContactEntity"),
        ("Appointment", "appointment", "Appointment/{}AppointmentEntity"),
        ("Sale", "sale", "Sale/{}SaleEntity"),
        ("Webhook", "webhook", "Webhook/{}Webhook"),
        ("CRMScript", "crmscript", "CRMScript/{}CRMScriptEntity"),
        ("User", "user", "User/{}User"),
        ("Pricelist", "pricelist", "Quote/{}PriceList"),
        ("Dash", "dashboard", "Dash/{}Dash"),
    ],
)
def test_a_collection_and_its_agent_are_one(told: dict[str, tuple[str, str]], path: str, name: str, agent: str) -> None:
    for method, expected in CRUD.items():
        assert told[f"{method} {API}{path}{'' if method == 'POST' else '/{id}'}"] == (name, expected)
    assert told[f"GET {API}{path}/{'Default' if path == 'User' else 'default'}"] == (name, "draft")
    for verb, expected in {"CreateDefault": "draft", "Get": "read", "Save": "save", "Delete": "delete"}.items():
        assert told[f"{AGENTS}{agent.format(verb)}"] == (name, expected)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("contact", {"Contact": "ContactId", "ContactEntity": "ContactId", "ContactEntityWithLinks": "ContactId"}),
        ("user", {"Associate": "AssociateId", "User": "AssociateId", "UserWithLinks": "AssociateId"}),
        ("crmscript", {"CRMScriptEntity": "EjscriptId", "CRMScriptEntityWithLinks": "EjscriptId"}),
        ("contactrelation", {"ContactRelationEntity": "RelationId", "ContactRelationEntityWithLinks": "RelationId"}),
        ("ticketmessage", {"TicketMessage": "TicketMessageId", "TicketMessageEntity": "EjMessageId"}),
        ("quoteline", {"QuoteLine": "QuoteLineId"}),
        ("webhook", {"Webhook": "WebhookId", "WebhookWithLinks": "WebhookId"}),
    ],
)
def test_views_and_their_keys(corpus: Contract, name: str, keys: dict[str, str]) -> None:
    assert resource(corpus, name).views == keys


def test_relations(told: dict[str, tuple[str, str]]) -> None:
    assert told[f"PUT {API}Relation/{{id}}"] == ("contactrelation", "update")
    assert told[f"{AGENTS}Relation/SaveContactRelation"] == ("contactrelation", "save")
    assert told[f"{AGENTS}Relation/DeleteContactRelation"] == ("contactrelation", "delete")


def test_quote_lines(corpus: Contract) -> None:
    found = {
        one: role(corpus, f"{AGENTS}Quote/{one}") for one in ("SaveQuoteLines", "DeleteQuoteLines", "GetQuoteLines")
    }
    assert _places(found["SaveQuoteLines"]) == ("save", None, body("QuoteLines"), True)
    assert _places(found["DeleteQuoteLines"]) == ("delete", body("QuoteLineIds"), None, True)
    assert found["GetQuoteLines"].criteria == (
        Criterion(body("QuoteAlternativeId"), "QuoteLine", "QuoteAlternativeId"),
    )


def _places(one: Role) -> tuple[str, RequestPlace | None, RequestPlace | None, bool]:
    return one.name, one.key, one.entity, one.many


def test_where_agents_are_told(corpus: Contract) -> None:
    assert role(corpus, f"{AGENTS}Appointment/Save").entity == body("AppointmentEntity")
    assert role(corpus, f"{AGENTS}Appointment/Delete").key == body("AppointmentId")
    assert role(corpus, f"{AGENTS}User/DeleteUser").key == RequestPlace("query", "UserId")
    assert role(corpus, f"{AGENTS}Contact/GetContactList").key == body()


def test_what_belongs_to_a_contact(corpus: Contract) -> None:
    found = role(corpus, f"GET {API}Contact/{{id}}/Sales")
    assert found.criteria == (Criterion(RequestPlace("path", "id"), "Sale", "ContactId"),)


def test_lists_of_one_type_are_told_apart(corpus: Contract, told: dict[str, tuple[str, str]]) -> None:
    for name in ("Business", "Category", "Priority"):
        path = f"{API}List/{name}/Items"
        assert told[f"POST {path}"] == (path, "create")
        assert told[f"DELETE {path}/{{id}}"] == (path, "delete")
        assert resource(corpus, path) == Resource(path, {"ListItemEntity": "Id"}, resource(corpus, path).roles, path)
    assert f"{AGENTS}List/SaveListItemEntity" not in told


@pytest.mark.parametrize(
    "operation",
    [
        "Contact/Undelete",
        "Contact/Merge",
        "Contact/AddPerson",
        "Contact/GetPreviewContact",
        "Report/DeleteFavorite",
        "Selection/DeleteEntities",
        "ViewState/DeleteHistory",
        "Appointment/UpdateAppointment",
        "Appointment/GetAppointmentFromUID",
        "Targets/GetTargetRevisionHistory",
        "Chat/AddChatMessage",
        "Ticket/GetTicketAttachments",
    ],
)
def test_what_looks_like_a_role_and_is_none(told: dict[str, tuple[str, str]], operation: str) -> None:
    assert AGENTS + operation not in told


@pytest.mark.parametrize("view", ["PreviewContact", "AudienceConfigParameter", "MailMergeSettings", "TicketInfo"])
def test_what_only_refers_to_a_thing_is_no_view_of_it(corpus: Contract, view: str) -> None:
    assert all(view not in one.views for one in corpus.resources.resources)


def test_what_is_unclear_says_why(corpus: Contract) -> None:
    found = unassigned(corpus)
    assert found[f"{AGENTS}List/SaveListItemEntity"] == (
        "listitem",
        "lives in several lists, and these don't say in which",
    )
    assert found[f"PUT {API}Script/{{uniqueIdentifier}}"] == ("script", "is known by a text, not by a number")
    assert found[f"{AGENTS}Contact/Merge"][0] == "contact"


def test_how_much_is_understood(corpus: Contract, told: dict[str, tuple[str, str]]) -> None:
    assert (len(corpus.resources.resources), len(told)) == (116, 795)
