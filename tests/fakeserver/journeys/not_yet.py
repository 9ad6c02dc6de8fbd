"""Journeys that don't go through yet: test → reason. A journey that goes through must leave this table."""

_TEXT_KEYS = "entities that are known by texts are not kept"
_JSON_API = "the resources of JSON:API documents are not kept"
_NESTED = "what belongs to an entity is not kept"

NOT_YET = {
    "test_articles.py::test_articles_are_listed_in_pages_with_links": _JSON_API,
    "test_articles.py::test_a_new_article_is_there": _JSON_API,
    "test_articles.py::test_articles_are_filtered_and_sorted": _JSON_API,
    "test_articles.py::test_a_change_stays": _JSON_API,
    "test_articles.py::test_a_deleted_article_is_gone": _JSON_API,
    "test_bookings.py::test_bookings_are_believable": "dates and Unix times that follow each other",
    "test_bookings.py::test_the_documented_booking_exists": _TEXT_KEYS,
    "test_bookings.py::test_cursors_lead_through_all_bookings_and_end": _TEXT_KEYS,
    "test_bookings.py::test_a_new_booking_is_where_location_says": _TEXT_KEYS,
    "test_bookings.py::test_a_change_stays": _TEXT_KEYS,
    "test_bookings.py::test_a_deleted_booking_is_gone": _TEXT_KEYS,
    "test_shop.py::test_a_page_of_products": _TEXT_KEYS,
    "test_shop.py::test_pages_follow_each_other_and_end": _TEXT_KEYS,
    "test_shop.py::test_a_new_product_is_there": _TEXT_KEYS,
    "test_shop.py::test_products_are_filtered": _TEXT_KEYS,
    "test_shop.py::test_a_product_is_read_under_its_id": _TEXT_KEYS,
    "test_shop.py::test_a_change_stays": _TEXT_KEYS,
    "test_shop.py::test_a_removed_product_is_gone": _TEXT_KEYS,
    "test_shop.py::test_an_order_is_placed_and_cancelled": _TEXT_KEYS,
    "test_tickets.py::test_a_ticket_is_closed": "actions below an entity change nothing",
    "test_tickets.py::test_comments_are_those_of_their_ticket": _NESTED,
    "test_tickets.py::test_boards_are_known_by_their_slugs": _TEXT_KEYS,
    "test_tickets.py::test_every_listed_board_is_read_under_its_slug": _TEXT_KEYS,
}
