"""A front end of a shop: uuid keys, an envelope of pages, types for creating and changing, orders with lines."""

from typing import Any

from .conftest import Api, api

shop = api("shop.yaml")

KETTLE = {
    "name": "Copper kettle",
    "description": "For the stove.",
    "category": "tea",
    "price": 79.5,
    "tags": ["new", "kitchen"],
    "dimensions": {"width": 20, "height": 31},
}
NOWHERE = "00000000-0000-4000-8000-00000000dead"


def everything(shop: Api, **query: Any) -> list[dict[str, Any]]:
    """Return all products that there are, page by page."""
    collected: list[dict[str, Any]] = []
    for page in range(1, 99):
        body = shop("GET /v2/products", page=page, pageSize=20, **query).body
        collected += body["items"]
        if not body["items"]:
            return collected
    raise AssertionError("the pages have no end")


def test_a_page_of_products(shop: Api) -> None:
    answer = shop("GET /v2/products")
    assert (answer.status, answer.body["page"], answer.body["pageSize"]) == (200, 1, 10)
    assert len(answer.body["items"]) == 10
    assert answer.body["total"] == 25
    assert len({product["id"] for product in answer.body["items"]}) == 10


def test_pages_follow_each_other_and_end(shop: Api) -> None:
    pages = [shop("GET /v2/products", page=page, pageSize=10).body for page in (1, 2, 3, 4)]
    assert [len(page["items"]) for page in pages] == [10, 10, 5, 0]
    assert [page["page"] for page in pages] == [1, 2, 3, 4]
    assert {page["total"] for page in pages} == {25}
    assert len({product["id"] for page in pages for product in page["items"]}) == 25


def test_a_new_product_is_there(shop: Api) -> None:
    created = shop("POST /v2/products", KETTLE)
    assert created.status == 201
    assert {name: created.body[name] for name in KETTLE} == KETTLE
    assert created.body["createdAt"] <= created.body["updatedAt"]
    path = f"/v2/products/{created.body['id']}"
    assert created.headers["location"].endswith(path)
    assert shop(f"GET {path}").body == created.body
    products = everything(shop)
    assert (len(products), [product for product in products if product["id"] == created.body["id"]]) == (
        26,
        [created.body],
    )


def test_products_are_filtered(shop: Api) -> None:
    created = shop("POST /v2/products", KETTLE).body
    tea = everything(shop, category="tea")
    assert created in tea
    assert {product["category"] for product in tea} == {"tea"}
    assert len(tea) == shop("GET /v2/products", category="tea").body["total"] < 26
    assert [product["name"] for product in everything(shop, q="copper kettle")] == ["Copper kettle"]
    assert all(product["price"] >= 75 for product in everything(shop, minPrice=75))
    assert created in everything(shop, minPrice=75)


def test_products_are_sorted(shop: Api) -> None:
    shop("POST /v2/products", KETTLE)
    up, down = (shop("GET /v2/products", sort=sort, pageSize=100).body["items"] for sort in ("price", "-price"))
    prices = [product["price"] for product in up]
    assert prices == sorted(prices)
    assert [product["price"] for product in down] == prices[::-1]


def test_a_product_is_read_under_its_id(shop: Api) -> None:
    for product in shop("GET /v2/products").body["items"]:
        assert shop(f"GET /v2/products/{product['id']}").body == product


def test_a_change_stays(shop: Api) -> None:
    product = shop("POST /v2/products", KETTLE).body
    path = f"/v2/products/{product['id']}"
    changed = shop(f"PATCH {path}", {"price": 64.0, "tags": ["sale"]})
    assert changed.status == 200
    expected = {**product, "price": 64.0, "tags": ["sale"], "updatedAt": changed.body["updatedAt"]}
    assert changed.body == expected == shop(f"GET {path}").body
    assert expected in everything(shop)


def test_a_removed_product_is_gone(shop: Api) -> None:
    product = shop("GET /v2/products").body["items"][3]
    path = f"/v2/products/{product['id']}"
    assert shop(f"DELETE {path}").status == 204
    gone = shop(f"GET {path}")
    assert (gone.status, set(gone.body)) == (404, {"code", "message"})
    assert shop(f"PATCH {path}", {"price": 1}).status == 404
    products = everything(shop)
    assert (len(products), product["id"] in [remaining["id"] for remaining in products]) == (24, False)
    assert shop("GET /v2/products").body["total"] == 24


def test_what_breaks_the_documentation_is_refused_as_documented(shop: Api) -> None:
    refused = shop("POST /v2/products", {**KETTLE, "price": -1})
    assert (refused.status, set(refused.body)) == (422, {"code", "message"})
    assert shop("GET /v2/products").body["total"] == 25


def test_an_order_is_placed_and_cancelled(shop: Api) -> None:
    product = shop("GET /v2/products").body["items"][0]
    sent = {
        "customerEmail": "ada@example.org",
        "lines": [{"productId": product["id"], "quantity": 2}, {"productId": NOWHERE, "quantity": 1}],
        "address": {"street": "1 Quay", "city": "Bergen"},
    }
    placed = shop("POST /v2/orders", sent)
    assert placed.status == 201
    assert (placed.body["customerEmail"], placed.body["lines"]) == (sent["customerEmail"], sent["lines"])
    assert placed.body["address"]["city"] == "Bergen"
    assert placed.body["status"] not in ("delivered", "shipped", "cancelled")
    order = f"/v2/orders/{placed.body['id']}"
    assert shop(f"GET {order}").body == placed.body
    assert shop(f"POST {order}/cancel").body == {**placed.body, "status": "cancelled"}
    assert shop(f"GET {order}").body["status"] == "cancelled"
    cancelled = shop("GET /v2/orders", status="cancelled").body
    assert placed.body["id"] in [item["id"] for item in cancelled["items"]]
    assert cancelled["total"] == len(cancelled["items"])
