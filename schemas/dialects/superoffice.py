"""The SuperOffice WebAPI reference, as data."""

import re
from dataclasses import replace
from datetime import date
from typing import get_args

from ..contract.behaviour_names import BehaviourName
from .base import Dialect, SampleRule, SecurityWord
from .filter_words import FilterWords, Period, PeriodFunction
from .verbs import USUAL

_INT32 = {"type": "integer", "format": "int32"}
_DOUBLE = {"type": "number", "format": "double"}


def _is_placeholder(owner: str, key: str) -> bool:
    """Sample generators number the keys after their owner, prefix them, or write a literal ``fieldName``."""
    return key == "fieldName" or ":" in key or bool(re.fullmatch(re.escape(owner) + r"\d+", key))


SUPEROFFICE = Dialect(
    name="superoffice",
    operation_fence="http",
    request_fence="http!",
    response_fence="http_",
    header_columns=("parameter name", "description"),
    parameter_tables={
        ("path part", "type", "description"): "path",
        ("parameter name", "type", "description"): "query",
    },
    property_columns=("property name", "type", "description"),
    status_columns=("response", "description"),
    request_heading=re.compile(r"request body:\s*\S*\s*(?P<type>.*)", re.IGNORECASE),
    response_heading=re.compile(r"response body:\s*(?P<type>.*)", re.IGNORECASE),
    types={
        "string": {"type": "string"},
        "integer": _INT32,
        "int32": _INT32,
        "int": _INT32,
        "int16": {"type": "integer"},
        "int64": {"type": "integer", "format": "int64"},
        "long": {"type": "integer", "format": "int64"},
        "number": _DOUBLE,
        "double": _DOUBLE,
        "decimal": _DOUBLE,
        "float": {"type": "number", "format": "float"},
        "bool": {"type": "boolean"},
        "boolean": {"type": "boolean"},
        "date-time": {"type": "string", "format": "date-time"},
        "date": {"type": "string", "format": "date"},
        "binary": {"type": "string", "format": "binary"},
        "byte": {"type": "string", "format": "byte"},
        "array": {"type": "array"},
        "object": {"type": "object"},
    },
    sampled_integer=_INT32,
    sampled_number=_DOUBLE,
    sampled_null={"type": "object"},
    include=re.compile(r"\[!include\s*\[[^\]]*\]\(\s*(?P<path>[^)\s]+)[^)]*\)\]", re.IGNORECASE),
    required_marker="**Required**",
    security_headers={
        "x-xsrf-token": SecurityWord("X-XSRF-TOKEN", "XsrfToken", {"type": "apiKey", "in": "header"}),
    },
    security_words=(
        SecurityWord("'Basic'", "Basic", {"type": "http", "scheme": "basic"}),
        SecurityWord("'SoTicket'", "SoTicket", {"type": "http", "scheme": "SoTicket"}),
        SecurityWord("'Bearer'", "Bearer", {"type": "http", "scheme": "bearer"}),
    ),
    parameter_behaviours={
        "$select": BehaviourName.SELECT_PROJECTION,
        "$format": BehaviourName.FORMAT_OVERRIDE,
        "accept-language": BehaviourName.LANGUAGE,
        "so-language": BehaviourName.LANGUAGE_OVERRIDE,
        "so-culture": BehaviourName.CULTURE,
        "so-timezone": BehaviourName.TIME_ZONE,
    },
    list_behaviours={
        "$select": BehaviourName.LIST_SELECT,
        "$filter": BehaviourName.LIST_FILTER,
        "$orderby": BehaviourName.LIST_ORDER,
        "$top": BehaviourName.LIST_TOP,
        "$skip": BehaviourName.LIST_SKIP,
    },
    list_parameter="$filter",
    filter_words=FilterWords(
        operators={
            "equals": "eq",
            "is": "eq",
            "unequals": "ne",
            "isNot": "ne",
            "greater": "gt",
            "less": "lt",
            "between": "between",
            "set": "set",
            "notContains": "not contains",
            "begins": "startswith",
            "notBegins": "not startswith",
            "ends": "endswith",
            "notEnds": "not endswith",
            "oneOf": "in",
            "notOneOf": "not in",
            "associateIsOneOf": "in",
            "associateIsNotOneOf": "not in",
            "currentAssociate": "caller",
            "before": "before",
            "date": "on",
            "after": "after",
            "dateBetween": "between dates",
        },
        periods={
            "today": ("day", range(1)),
            "beforeToday": ("day", range(-date.max.toordinal(), 0)),
            "afterToday": ("day", range(1, date.max.toordinal())),
            **{f"last{period.title()}": (period, range(-1, 0)) for period in get_args(Period)},
            **{f"this{period.title()}": (period, range(1)) for period in get_args(Period)},
            **{f"next{period.title()}": (period, range(1, 2)) for period in get_args(Period)},
        },
        functions={
            "this": PeriodFunction("uncounted", lambda count: range(1)),
            "next": PeriodFunction("counted", lambda count: range(1, count + 1)),
            "previous": PeriodFunction("counted", lambda count: range(-count, 0)),
            "thisAndNext": PeriodFunction("counted", lambda count: range(count + 1)),
            "thisAndPrevious": PeriodFunction("counted", lambda count: range(-count, 1)),
            "thisAndPreviousAndNext": PeriodFunction("either", lambda count: range(-count, count + 1)),
        },
    ),
    row_key="primarykey",
    row_entity="entityname",
    assumed_media_types={"PATCH": ("application/json", "application/json-patch+json", "application/merge-patch+json")},
    conventions=(BehaviourName.ANY_CASE,),
    dictionary_words=re.compile(r"\bdictionary\b", re.IGNORECASE),
    is_placeholder=_is_placeholder,
    verbs=replace(USUAL, reading=("Get", "Find", "Is", "Can", "Calculate", "Validate", "CreateDefault")),
    type_suffixes=("Info", "Entity", "Item"),
    sample_rules=(
        SampleRule(r"stripped value", "company e-mail", owner=r"contact e ?mails?", firm=True),
        SampleRule(r"stripped value", "person e-mail", owner=r".*e ?mails?", firm=True),
        SampleRule(r"stripped value", "phone_number", owner=r".*(phone|fax|faxe|mobile)s?", firm=True),
        SampleRule(r"stripped value", "web site", owner=r".*(url|web ?site)s?", firm=True),
        SampleRule(r"mr ?mrs", "prefix", firm=True),
        SampleRule(r"associate name", "full name", firm=True),
        SampleRule(r"name|display name", "full name", owner=r"associate", firm=True),
        SampleRule(r"title", "position", owner=r"associate"),
        SampleRule(r"postit", "text"),
    ),
    seldom_flags=frozenset({"xstop"}),
)
