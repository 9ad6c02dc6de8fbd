"""Which Faker provider fits a string property, by format and by the words in its name."""

import re

FORMATS = {
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "uri-reference": "uri_path",
    "hostname": "hostname",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "uuid": "uuid4",
}
"""JSON Schema format → Faker provider."""

NAMES = tuple(
    (re.compile(pattern), provider)
    for pattern, provider in (
        (r"e ?mail|email address", "email"),
        (r"guid|uuid", "uuid4"),
        (r"url|uri|href|link|web ?site|homepage", "url"),
        (r"(tele|cell)?phone|mobile|fax", "phone_number"),
        (r"first name|given name|forename", "first_name"),
        (r"middle name", "first_name"),
        (r"last name|surname|family name", "last_name"),
        (r"(full|formal|associate|person|owner|author|contact person|display) name", "name"),
        (r"(company|contact|organi[sz]ation|firm|customer|vendor|supplier|entity) name", "company"),
        (r"user ?name|login|nickname", "user_name"),
        (r"city|town", "city"),
        (r"country code|iso ?2", "country_code"),
        (r"country", "country"),
        (r"zip|post(al)? ?code", "postcode"),
        (r"state|county|province|region", "city"),
        (r"ip( address)?", "ipv4"),
        (r"street|address", "street_address"),
        (r"currency", "currency_code"),
        (r"language|locale|culture", "language_code"),
        (r"time ?zone", "timezone"),
        (r"file name|filename", "file_name"),
        (r"mime|content type|media type", "mime_type"),
        (r"colou?r", "hex_color"),
        (r"department|job|profession|occupation|position", "job"),
        (r"domain|host", "domain_name"),
        (r"location|place|venue|room", "city"),
        (r"title|subject|heading|headline|caption", "catch_phrase"),
        (r"description|comment|notes?|reason|text|body|summary|agenda|message|remark", "sentence"),
        (r"name|label", "company"),
    )
)
"""Words of a property's name → Faker provider; the first that fits is taken, so the narrower stand first."""

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-.\s]+")


def words(name: str) -> str:
    """Return a property name as lower-case words: ``EmailAddress`` is ``email address``."""
    return " ".join(part for part in _BOUNDARY.split(name) if part).lower()


def provider(name: str, format_name: str = "") -> str:
    """Return the Faker provider that fits a string property."""
    if format_name in FORMATS:
        return FORMATS[format_name]
    spoken = words(name)
    found = (provider for pattern, provider in NAMES if re.search(rf"\b(?:{pattern.pattern})s?\b", spoken))
    return next(found, "word")
