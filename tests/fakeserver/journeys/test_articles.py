"""A front end of a JSON:API service: documents with ``data``, ``links`` and ``meta`` below a base path."""

from typing import Any
from urllib.parse import urlsplit

from .conftest import Api, api

articles = api("articles.yaml", "application/vnd.api+json")

TIDE = {"title": "Reading the tide", "body": "Twice a day.", "status": "draft"}


def document(attributes: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"data": {"type": "articles", **members, "attributes": attributes}}


def listed(articles: Api, **query: Any) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = articles("GET /api/articles", **{"page[size]": 50, **query}).body["data"]
    return shown


def test_articles_are_listed_in_pages_with_links(articles: Api) -> None:
    first = articles("GET /api/articles").body
    assert (len(first["data"]), first["meta"]["total"]) == (10, 25)
    assert {article["type"] for article in first["data"]} == {"articles"}
    collected, link = first["data"], first["links"]["next"]
    for _ in range(9):
        if not link:
            break
        parts = urlsplit(link)
        page = articles(f"GET {parts.path}?{parts.query}").body
        collected, link = collected + page["data"], page["links"].get("next")
    assert not link
    assert len({article["id"] for article in collected}) == len(collected) == 25


def test_a_new_article_is_there(articles: Api) -> None:
    created = articles("POST /api/articles", document(TIDE))
    assert (created.status, created.body["data"]["attributes"]) == (201, TIDE)
    path = f"/api/articles/{created.body['data']['id']}"
    assert created.headers["location"].endswith(path)
    assert articles(f"GET {path}").body["data"] == created.body["data"]
    shown = listed(articles)
    assert (len(shown), created.body["data"] in shown) == (26, True)


def test_articles_are_filtered_and_sorted(articles: Api) -> None:
    created = articles("POST /api/articles", document(TIDE)).body["data"]
    drafts = listed(articles, **{"filter[status]": "draft"})
    assert created in drafts
    assert {draft["attributes"]["status"] for draft in drafts} == {"draft"}
    titles = [article["attributes"]["title"] for article in listed(articles, sort="-title")]
    assert titles == sorted(titles, reverse=True)


def test_a_change_stays(articles: Api) -> None:
    created = articles("POST /api/articles", document(TIDE)).body["data"]
    path = f"/api/articles/{created['id']}"
    changed = articles(f"PATCH {path}", document({"status": "published"}, id=created["id"]))
    expected = {**TIDE, "status": "published"}
    assert (changed.status, changed.body["data"]["attributes"]) == (200, expected)
    assert articles(f"GET {path}").body["data"]["attributes"] == expected


def test_a_deleted_article_is_gone(articles: Api) -> None:
    article = listed(articles)[5]
    path = f"/api/articles/{article['id']}"
    assert articles(f"GET {path}").body["data"] == article
    assert articles(f"DELETE {path}").status == 204
    gone = articles(f"GET {path}")
    assert (gone.status, set(gone.body)) == (404, {"errors"})
    assert article["id"] not in [article["id"] for article in listed(articles)]
    assert articles("GET /api/articles").body["meta"]["total"] == 24
