"""Journeys that don't go through yet: test → reason. A journey that goes through must leave this table."""

_TEXT_KEYS = "entities that are known by texts are not kept"
_JSON_API = "the resources of JSON:API documents are not kept"

NOT_YET = {
    "test_bookings.py::test_bookings_are_filtered": "the cursor of a list that ends is not null",
    "test_tickets.py::test_comments_on_a_ticket_that_is_gone_are_gone": "what belongs to an entity outlives it",
    "test_articles.py::test_articles_are_listed_in_pages_with_links": _JSON_API,
    "test_bookings.py::test_bookings_are_believable": "dates and Unix times that follow each other",
    "test_bookings.py::test_the_documented_booking_exists": _TEXT_KEYS,
    "test_bookings.py::test_cursors_lead_through_all_bookings_and_end": _TEXT_KEYS,
    "test_bookings.py::test_a_new_booking_is_where_location_says": _TEXT_KEYS,
    "test_bookings.py::test_a_change_stays": _TEXT_KEYS,
    "test_bookings.py::test_a_deleted_booking_is_gone": _TEXT_KEYS,
}
