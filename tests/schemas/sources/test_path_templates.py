from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docdouble.schemas.contract.evidence import Evidence, Grade
from docdouble.schemas.sources.exchanges import SampledBody, SampledExchange, SampledReply
from docdouble.schemas.sources.path_templates import with_templates

EVIDENCE = Evidence(Grade.SAMPLED, "x.har", 1)


def exchange(path: str, body: Any = None, method: str = "GET") -> SampledExchange:
    reply = SampledReply("200", SampledBody("application/json", {}, body, True, EVIDENCE), EVIDENCE)
    return SampledExchange(method, "https://a.test", path, EVIDENCE, replies=(reply,) if body is not None else ())


def templates(*exchanges: SampledExchange) -> list[str]:
    return [template.path for template in with_templates(exchanges)]


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/boats/7", "/boats/{boatId}"),
        ("/boats/b1/rentals/7", "/boats/{boatId}/rentals/{rentalId}"),
        ("/boat/7", "/boat/{boatId}"),
        ("/user-accounts/7", "/user-accounts/{user_account_id}"),
        ("/boat_types/7", "/boat_types/{boat_type_id}"),
        ("/boats/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/boats/{boatId}"),
        ("/customers/cus_4fdAW5ftNQow1a", "/customers/{customerId}"),
        ("/charge/ch_1MmlLrLkdIwHu7ixraBm864s", "/charge/{chargeId}"),
        ("/invoices/INV-0042", "/invoices/{invoiceId}"),
        ("/people/ann%40a.test", "/people/{peopleId}"),
        ("/7", "/{id}"),
        ("/boats/1/2", "/boats/{boatId}/{id}"),
        ("/boats/1/boats/2", "/boats/{boatId}/boats/{boatId2}"),
        ("/v1/boats", "/v1/boats"),
        ("/api/v2.1/boats", "/api/v2.1/boats"),
        ("/admin/2023-10/boats/7.json", "/admin/2023-10/boats/{boatId}"),
        ("/oauth2/token", "/oauth2/token"),
        ("/services/oauth2/token", "/services/oauth2/token"),
        ("/users/me", "/users/me"),
        ("/boats/search", "/boats/search"),
        ("/status/ok", "/status/ok"),
        ("/", "/"),
        ("/boats/{id}/7", "/boats/{id}/{id2}"),
    ],
)
def test_ids_by_their_looks(path: str, template: str) -> None:
    assert templates(exchange(path)) == [template]


def test_ids_that_replies_show() -> None:
    assert templates(exchange("/boats", [{"slug": "petrel"}]), exchange("/boats/petrel")) == [
        "/boats",
        "/boats/{boatId}",
    ]


def test_ids_by_replies_that_are_alike() -> None:
    first, second = ({"called": name, "id": 1, "age": 3} for name in ("ann", "ben"))
    own = exchange("/users/me", first)
    assert templates(exchange("/users/ann", first), exchange("/users/ben", second), own) == [
        "/users/{userId}",
        "/users/{userId}",
        "/users/me",
    ]


def test_settings_that_are_answered_alike_are_no_ids() -> None:
    done = {"task": 1, "status": "done", "kind": "settings"}
    paths = ["/settings/words", "/settings/synonyms", "/settings/limits"]
    assert templates(*(exchange(path, done) for path in paths)) == paths


def test_where_paths_have_variables_only_sure_ids_are_some() -> None:
    assert templates(exchange("/boats/{id}"), exchange("/ports/p1"), exchange("/boats/17")) == [
        "/boats/{id}",
        "/ports/p1",
        "/boats/{boatId}",
    ]


def test_segments_that_are_answered_otherwise_are_no_ids() -> None:
    assert templates(exchange("/users/ann", {"a": 1, "b": 2}), exchange("/users/counts", {"c": 1, "d": 2})) == [
        "/users/ann",
        "/users/counts",
    ]


@given(st.lists(st.text(st.characters(exclude_characters="/{}", exclude_categories=["Cs"]), min_size=1), max_size=6))
def test_any_path_has_a_template_that_it_fits(segments: Iterable[str]) -> None:
    path = "/" + "/".join(segments)
    (result,) = with_templates([exchange(path)])
    values = {parameter.name: parameter.value for parameter in result.parameters}
    assert len(result.path.split("/")) == len(path.rstrip("/").split("/")) or path.rstrip("/") == ""
    assert result.path.count("{") == len(values)
