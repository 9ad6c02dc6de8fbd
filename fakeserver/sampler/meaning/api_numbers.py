"""Numbers of OpenAPI documents: figures by name, numbers like a documented example, and Unix times in their unit."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from docdouble.schemas import Schema

from ..data.dates import role_of
from .number_rules import Figure, figure_of, named_figure

_CENTS = re.compile(r"\b(cents?|minor units?|smallest (currency )?unit|pence|pennies)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"\b(amount|price|cost|fee|total|subtotal|sub total|tax|balance|discount|tip|shipping|refund|revenue|salary|rate"
    r"|payment|deposit|charge|paid|due|currency|money|value)s?\b"
)

_SIDES = re.compile(r"width|height|length|depth")
_MEASURED = re.compile(r"\b(dimensions?|parcel|package|box|product|item|shipment|luggage|furniture)\b")

_FIGURES = (
    (r"(http )?status( code)?|http code|response code", Figure(200, 204)),
    (r"exp(iry|iration)? month", Figure(1, 12)),
    (r"exp(iry|iration)? year", Figure(2027, 2031)),
    (r"(birth|founded|founding) year|year (of birth|founded)", Figure(1955, 2004)),
    (r"cvc|cvv|security code", Figure(100, 999)),
    (r"(average |avg |mean |star )?rating|stars|(review |user )score", Figure(1, 5, "0.1")),
    (
        r"(.*)?(ratio|fraction|probability|confidence|opacity|alpha|likelihood|saturation|similarity)",
        Figure(0, 1, "0.01"),
    ),
    (r"(vat|tax|interest|commission) rate", Figure(0, 0.25, "0.01")),
    (
        r"(percent(age)?s?|pct|percentile|progress|completion|utili[sz]ation|humidity"
        r"|battery( level)?)( \w+)?",
        Figure(0, 100),
    ),
    (r"temperature|temp|feels like", Figure(-8, 32, "0.1")),
    (r"lat|latitude", Figure(-56, 70, "0.0001")),
    (r"lng|lon|long|longitude", Figure(-180, 180, "0.0001")),
    (r"altitude|elevation", Figure(0, 1800)),
    (r"heading|bearing|rotation|angle|degrees|azimuth", Figure(0, 359)),
    (r"zoom( level)?", Figure(1, 18)),
    (r"speed|velocity", Figure(1, 120)),
    (r"distance|mileage|odometer|kilomet(er|re)s|miles", Figure(1, 900, "0.1")),
    (r"(dpi|ppi)", Figure(72, 300)),
    (r"(pixel )?(width|height)( px)?|resolution", Figure(64, 1920)),
    (r"depth|thickness|diameter|radius", Figure(1, 80, "0.1")),
    (r"(in )?ounces|oz", Figure(1, 160, "0.1")),
    (r"(in )?grams", Figure(20, 4000)),
    (
        r"(duration|elapsed|latency|response time|took|time)( in)? (ms|millis|milliseconds)|ms"
        r"|milliseconds",
        Figure(5, 4000),
    ),
    (r"(max age|ttl|expires in|lifetime|expiry) ?(seconds)?", Figure(300, 7200)),
    (r"nights|adults|guests|seats|party size|persons|people|passengers|travellers", Figure(1, 4)),
    (r"children|infants", Figure(0, 2)),
    (r"bedrooms|bathrooms|rooms|floors?|beds", Figure(1, 5)),
    (r"quantity|qty", Figure(1, 12)),
    (r"attempts?|retries|retry count|failures|errors|warnings|strikes", Figure(0, 3)),
    (
        r"stars( count)?|stargazers( count)?|forks( count)?|watchers( count)?|followers( count)?"
        r"|following( count)?|likes( count)?|views( count)?|downloads( count)?|shares( count)?",
        Figure(0, 2400),
    ),
    (r"width|height|length", Figure(1, 120)),
    (r"tax|tip|shipping|fee|discount|surcharge|deposit|insurance", Figure(1, 40, "0.01")),
    (
        r"(unit |list |base |sale |retail |regular |net |gross |min |max )?(price|amount|cost"
        r"|charge)( (net|gross|usd|eur))?",
        Figure(5, 400, "0.01"),
    ),
    (
        r"(sub ?total|sub total|(grand |order |cart |invoice )?total)( (price|amount|cost|due|paid))?",
        Figure(20, 900, "0.01"),
    ),
    (r"(.* )?(amount|price|cost|fee|payment|refund)", Figure(5, 400, "0.01")),
    (r"balance|credit limit", Figure(50, 5000, "0.01")),
    (r"salary|income|revenue|turnover|budget", Figure(20_000, 120_000)),
    (
        r"(max|min|total|num|number of|no of|\w+) (items|results|records|rows|entries|hits|users|members"
        r"|count)",
        Figure(0, 60),
    ),
)
"""Words at the end of a property's name → its numbers; before those of ``number_rules``."""

_SECONDS = (10**9, 22 * 10**8)
_UNITS = (1, 1000, 10**6, 10**9)
"""What a second has of the units that Unix times are counted in."""

_UNIX = re.compile(r"\b(unix|epoch|posix|since 1970)\b|\btime ?stamp\b", re.IGNORECASE)
_NAMED_UNITS = (
    (re.compile(r"\b(nanoseconds?|nanos|ns)\b", re.IGNORECASE), 10**9),
    (re.compile(r"\b(microseconds?|micros|us|µs)\b", re.IGNORECASE), 10**6),
    (re.compile(r"\b(milliseconds?|millis|ms|msec)\b", re.IGNORECASE), 1000),
)
_MOMENTS = re.compile(
    r"(.* )?(time ?stamp|epoch|unix( time)?|ts)( (ms|millis|s|seconds))?"
    r"|(.* )?(created|updated|modified|published|deleted|expires|started|ended|completed|finished|sent|paid|due)"
    r" (at|on|time|date|until)|(.* )?(start|end|creation|expiry|expiration|departure|arrival) (time|date)"
    r"( (ms|s|seconds))?|(not before|not after|iat|nbf|exp)"
)
_PLAIN_MOMENTS = re.compile(r"created|updated|modified|published|expires|date|time|.* (at|date|time)")
"""Names of moments where the format says how large the numbers are, or the description that they are Unix times."""


def api_figure(spoken: str, kind: str, description: str, documented: Sequence[Any]) -> Figure | None:
    """Return the numbers of a property of an OpenAPI document, whose name is given as words.

    ``description`` begins with the words of its owner. They are like the first ``documented`` one where that is not of
    those that the name implies.
    """
    figure = named_figure(_FIGURES, spoken)
    if figure and kind == "integer" and "." in figure.step:
        figure = Figure(figure.low, figure.high) if figure.high > 1 else Figure(0, 100)
    if _SIDES.fullmatch(spoken) and _MEASURED.search(description):
        figure = Figure(2, 120) if kind == "integer" else Figure(2, 120, "0.1")
    if kind == "integer" and _MONEY.search(spoken) and _CENTS.search(description):
        figure = Figure(500, 40_000)
    figure = figure or figure_of(spoken, kind)
    example = next((value for value in documented if type(value) in (int, float)), None)
    if example is None or (figure and figure.low <= example <= figure.high):
        return figure
    return _like(example, kind)


def _like(example: float, kind: str) -> Figure:
    """Return the numbers from half to one and a half of an example, with as many decimal places."""
    places = 0 if kind == "integer" else max(-int(Decimal(str(example)).as_tuple().exponent), 0)
    low, high = sorted((example / 2, example * 1.5))
    if 0 < example <= 1 and places:
        high = min(high, 1)
    step = f"0.{'0' * (places - 1)}1" if places else "1"
    return Figure(low, high, step, why="like its example")


def unix_unit(schema: Schema, spoken: str, documented: Sequence[Any]) -> int:
    """Return how many units a second of a Unix time has, 0 for a number that is none.

    The value of an example tells it by its size, else the name or the description.
    """
    text = f"{spoken} {schema.get('description', '')} {schema.get('format', '')}"
    says_unix, is_moment = bool(_UNIX.search(text)), bool(_MOMENTS.fullmatch(spoken))
    example = next((value for value in documented if type(value) in (int, float)), 0)
    if example and (says_unix or is_moment or role_of(spoken) or _PLAIN_MOMENTS.fullmatch(spoken)):
        return next((unit for unit in _UNITS if _SECONDS[0] * unit <= example < _SECONDS[1] * unit), 0)
    if example or not (says_unix or is_moment):
        return 0
    unit = next((unit for pattern, unit in _NAMED_UNITS if pattern.search(text)), 1)
    return 0 if schema.get("format") == "int32" and unit > 1 else unit
