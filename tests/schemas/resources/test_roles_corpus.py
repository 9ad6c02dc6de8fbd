"""What the operations of the whole SuperOffice reference do, where somebody has read the pages."""

import pytest

from docdouble.schemas import Contract
from docdouble.schemas.contract.resources import Criterion, RequestPlace, Resource, Role

from .small_api import body, resource, role, roles, unassigned

pytestmark = pytest.mark.slow

API, AGENTS = "/api/v1/", "POST /api/v1/Agents/"
CRUD = {"POST": "create", "GET": "read", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@pytest.fixture(scope="module")
def by_label(corpus: Contract) -> dict[str, tuple[str, str]]:
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
def test_a_collection_and_its_agent_are_one(
    by_label: dict[str, tuple[str, str]], path: str, name: str, agent: str
) -> None:
    for method, expected in CRUD.items():
        assert by_label[f"{method} {API}{path}{'' if method == 'POST' else '/{id}'}"] == (name, expected)
    assert by_label[f"GET {API}{path}/{'Default' if path == 'User' else 'default'}"] == (name, "draft")
    for verb, expected in {"CreateDefault": "draft", "Get": "read", "Save": "save", "Delete": "delete"}.items():
        assert by_label[f"{AGENTS}{agent.format(verb)}"] == (name, expected)


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


def test_relations(by_label: dict[str, tuple[str, str]]) -> None:
    assert by_label[f"PUT {API}Relation/{{id}}"] == ("contactrelation", "update")
    assert by_label[f"{AGENTS}Relation/SaveContactRelation"] == ("contactrelation", "save")
    assert by_label[f"{AGENTS}Relation/DeleteContactRelation"] == ("contactrelation", "delete")


def test_quote_lines(corpus: Contract) -> None:
    by_name = {
        name: role(corpus, f"{AGENTS}Quote/{name}") for name in ("SaveQuoteLines", "DeleteQuoteLines", "GetQuoteLines")
    }
    assert _places(by_name["SaveQuoteLines"]) == ("save", None, body("QuoteLines"), True)
    assert _places(by_name["DeleteQuoteLines"]) == ("delete", body("QuoteLineIds"), None, True)
    assert by_name["GetQuoteLines"].criteria == (
        Criterion(body("QuoteAlternativeId"), "QuoteLine", "QuoteAlternativeId"),
    )


def _places(role: Role) -> tuple[str, RequestPlace | None, RequestPlace | None, bool]:
    return role.name, role.key, role.entity, role.many


def test_where_agents_are_named(corpus: Contract) -> None:
    assert role(corpus, f"{AGENTS}Appointment/Save").entity == body("AppointmentEntity")
    assert role(corpus, f"{AGENTS}Appointment/Delete").key == body("AppointmentId")
    assert role(corpus, f"{AGENTS}User/DeleteUser").key == RequestPlace("query", "UserId")
    assert role(corpus, f"{AGENTS}Contact/GetContactList").key == body()


def test_what_belongs_to_a_contact(corpus: Contract) -> None:
    search = role(corpus, f"GET {API}Contact/{{id}}/Sales")
    assert search.criteria == (Criterion(RequestPlace("path", "id"), "Sale", "ContactId"),)


def test_lists_of_one_type_are_distinguished(corpus: Contract, by_label: dict[str, tuple[str, str]]) -> None:
    for name in ("Business", "Category", "Priority"):
        path = f"{API}List/{name}/Items"
        assert by_label[f"POST {path}"] == (path, "create")
        assert by_label[f"DELETE {path}/{{id}}"] == (path, "delete")
        assert resource(corpus, path) == Resource(path, {"ListItemEntity": "Id"}, resource(corpus, path).roles, path)
    assert f"{AGENTS}List/SaveListItemEntity" not in by_label


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
def test_what_looks_like_a_role_and_is_none(by_label: dict[str, tuple[str, str]], operation: str) -> None:
    assert AGENTS + operation not in by_label


@pytest.mark.parametrize("view", ["PreviewContact", "AudienceConfigParameter", "MailMergeSettings", "TicketInfo"])
def test_what_only_refers_to_an_entity_is_no_view_of_it(corpus: Contract, view: str) -> None:
    assert all(view not in resource.views for resource in corpus.resources.resources)


def test_what_is_unclear_says_why(corpus: Contract) -> None:
    reasons = unassigned(corpus)
    assert reasons[f"{AGENTS}List/SaveListItemEntity"] == (
        "listitem",
        "lives in several lists, and these don't say in which",
    )
    assert reasons[f"PUT {API}Script/{{uniqueIdentifier}}"] == ("script", "is known by a text, not by a number")
    assert reasons[f"{AGENTS}Contact/Merge"][0] == "contact"


def test_how_much_is_understood(corpus: Contract, by_label: dict[str, tuple[str, str]]) -> None:
    assert (len(corpus.resources.resources), len(by_label)) == (116, 795)
