"""Rows of parameters and properties in tables, bullets and definition lists."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from ..dialects.family_settings import ColumnWords, FamilySettings
from .blocks import Definition, ListItem, PageTable, TableRow
from .inline_text import heading_words, plain_text, without_tags
from .row_methods import limiting_methods

_NAME_CHARS = r"[\w$@.\-\[\]*{}<>:/]"
_NAME = re.compile(rf"(?P<name>[\w$@_](?:{_NAME_CHARS})*)")
_YES = re.compile(
    r"\A(?:yes|true|y|required|mandatory|always|1|✓|✔️?|✅|☑️?|x|must|tick|\*)\b"
    r"|\A[✓✔✅☑*]|\A:(?:\w+[_-])*check",
    re.IGNORECASE,
)
_READ_ONLY = re.compile(r"\[read-?only\]", re.IGNORECASE)
_NO = re.compile(
    r"\A(?:no|false|n|optional|never|0|✗|✘|❌|-|\u2013|—|none|error|cross)\b|\A[✗✘❌\u2013—-]\Z|\A:(?:\w+[_-])*(?:x|close|cross):",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:not|isn't|un)[ -]?required|\brequired (?:if|when|for|only|unless|in|by|on|to|with|until|as|at|fields?"
    r"|parameters?)\b",
    re.IGNORECASE,
)
_REQUIRED_WORD = re.compile(
    r"<required>|\*\*required[.:]?\*\*|[(\[]\s*required\s*[,)\]]|[,;]\s*required\s*[)\]]|(?:\A|[.;:]\s+"
    r"|>)_?required_?\s*(?=[.;:!,)<-]|\u2013|—|\Z)|\bmandatory\b(?! for| if)|\A`?required`?\s",
    re.IGNORECASE,
)
_OPTIONAL_WORD = re.compile(r"(?:\A|[.(;,\[_*>]\s*)optional(?=[.)\];:,_*]|\s|\Z)", re.IGNORECASE)
_DEFAULT = re.compile(
    r"(?:\bdefault(?:s|ed|ing)?(?: value)?(?: is| to|:| =|=|\s)\s*(?:is |to |:|=)?\s*|\bby default,? (?:it is"
    r"|is)\s+)(?:`(?P<code>[^`]+)`|\"(?P<quoted>[^\"]*)\"|'(?P<single>[^'\n]*)'(?!\w)|(?P<word>-?\d+(?:\.\d+)?|true"
    r"|false)\b|(?P<bracket>(?<=\[default to )(?!null\]|undefined\])[^\]]+(?=\])))",
    re.IGNORECASE,
)
_CHOICES = re.compile(
    r"(?:one of|either|(?:valid|possible|allowed|available|accepted|supported|permitted) (?:values?|options?"
    r"|types?)(?: are| is|:)?|options(?: are|:)|can be|must be|values?:|enum:)"
    r"(?P<list>(?:(?!\. [A-Z]|\n\n)[^`\"']){0,60}?(?:`[^`]+`|\"[^\"\n]+\"|'[^'\n]+')(?:[^`\"'.]{0,120}?(?:`[^`]+`"
    r"|\"[^\"\n]+\"|'[^'\n]+'))*)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"`\"?([^`\"]+)\"?`|\"([^\"\n]+)\"|'([^'\n]+)'")
_NESTING = re.compile(r"\A(?:&nbsp;|\s|»|\u203a|└─?|├─?|↳|--?>|→|\||-{1,2}\s|\.(?=\w))+")
_MARKED_NAME = (
    r"\*\*`[^`\n]+`\*\*|`\*\*[^`*\n]+\*\*`|`[^`\n]+`|\*\*[^*\n]+\*\*|__\S+?__(?!\w)|_[^_\s]+_(?!\w)|\*[^*\s]+\*"
)
_BULLET = re.compile(rf"(?P<name>{_MARKED_NAME})(?P<star>\s*(?:\\\*|\*))?(?P<rest>.*)\Z", re.DOTALL)
_BARE_BULLET = re.compile(
    r"(?P<name>[A-Za-z_$@][\w.$@\[\]-]*)(?P<star>\s?(?:\\\*|\*))?(?P<rest>\s*(?:[-\u2013—:=]\s|\().*)\Z", re.DOTALL
)
_ANNOTATION = re.compile(
    r"[\s:\u2013—-]*(?:`\((?P<code>[^`]*)\)`|\*{1,2}\((?P<bold>[^*]*)\)\*{1,2}|_\((?P<slanted>[^_]*)\)_"
    r"|\((?P<round>(?:[^()]|\([^()]*\))*)\)|`(?P<bare>[^`]*)`|\[(?P<square>[^\[\]]*)\](?!\()|_(?P<italic>[^_]*)_"
    r"|<(?P<angle>[\w ,-]+)>|\*(?P<star>[^*]+)\*)"
)
_PLACEHOLDER = re.compile(r"(?P<name>[\w.$@-]+(?:\[\])?)=[<{\[](?P<type>[\w |.-]+)[>}\]]")
_NAME_BEFORE_PLACEHOLDER = re.compile(
    r"\A(?:`|\*\*)(?P<name>[\w.$@-]+)(?:`|\*\*)=(?P<placeholder>[<{\[][\w |.-]+[>}\]])"
)
_TYPE_NOTE = re.compile(
    r"\s*(?:optional\b|required\b|<required>|array|bool|int|str|obj|list|map|num|float|double|date|long|enum"
    r"|any\b|file\b)",
    re.IGNORECASE,
)
_DEFAULT_NOTE = re.compile(
    r",?\s*\bdefaults?(?: value)?(?: is| to)?\b\s*[:=]?\s*[`\"]?(?P<default>[^,`\"]+)[`\"]?\Z", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\A\s*(?:[-\u2013—:=,]+|\.)?\s*")
_ROLES = (
    *("name", "type", "required", "optional", "default", "location"),
    *("example", "choices", "nullable", "read_only", "status", "text"),
)
_HEADER_LOCATIONS = {
    "query": ("query",),
    "path": ("path", "url"),
    "body": ("body", "form", "json"),
    "header": ("header", "headers"),
    "response": ("response",),
    "schema": ("property", "properties", "attribute", "attributes", "key"),
}
"""Places of rows by the first word of the header of their names."""
_WHOLE = "anonymous"
"""The name of a row that stands for a body as a whole, whose properties are below it."""
_STATED_PLACES = {
    "path": ("path",),
    "url": ("url", "uri"),
    "query": ("query", "querystring"),
    "header": ("header", "headers"),
    "cookie": ("cookie",),
    "body": ("body", "json", "payload", "requestbody"),
    "form": ("form", "formdata"),
    "response": ("response",),
}


@dataclass(frozen=True, slots=True)
class DocumentedRow:
    """Facts of a row about a parameter or a property; ``required`` is ``None`` where it says nothing.

    ``methods`` are those of the operations that it is of, empty for all that share its table.
    """

    name: str
    line: int
    type: str = ""
    text: str = ""
    required: bool | None = None
    default: str | None = None
    choices: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    example: str = ""
    location: str = ""
    nullable: bool = False
    depth: int = 0
    children: "tuple[DocumentedRow, ...]" = ()
    methods: tuple[str, ...] = ()
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status code and its description."""

    status: str
    text: str
    line: int
    headers: tuple[tuple[str, str], ...] = ()
    """The names of header fields that are answered with it, each with its description."""


@dataclass(frozen=True)
class ColumnRoles:
    """Columns of a table by what they hold, and the location that the header of the names says."""

    columns: dict[str, int] = field(default_factory=dict)
    location: str = ""

    def cell(self, row: TableRow, role: str) -> str:
        """Return the text of a row's cell, empty where there is none."""
        number = self.columns.get(role)
        return row.cells[number].strip(" \t\n") if number is not None and number < len(row.cells) else ""


@cache
def column_roles(header: tuple[str, ...], words: ColumnWords) -> ColumnRoles:
    """Return the roles of a table's columns; the first of a role has it."""
    columns: dict[str, int] = {}
    location = ""
    for role in _ROLES:
        known = getattr(words, role)
        candidates = [
            (_role_rank(cell, known, words), number)
            for number, cell in enumerate(header)
            if number not in columns.values()
        ]
        ranked = sorted((rank, number) for rank, number in candidates if rank is not None)
        if ranked:
            columns[role] = ranked[0][1]
            if role == "name":
                location = _header_location(header[ranked[0][1]])
            if role == "text" and len(ranked) > 1:
                columns["notes"] = ranked[1][1]
    return ColumnRoles(columns, location)


def _role_rank(cell: str, known: tuple[str, ...], words: ColumnWords) -> int | None:
    bare = heading_words(cell)
    if bare in known:
        return known.index(bare)
    for before in words.before:
        if bare.startswith(f"{before} ") and bare.removeprefix(f"{before} ") in known:
            return known.index(bare.removeprefix(f"{before} "))
    return None


def _header_location(cell: str) -> str:
    first = heading_words(cell).partition(" ")[0]
    return next((location for location, words in _HEADER_LOCATIONS.items() if first in words), "")


def table_rows(table: PageTable, settings: FamilySettings, explicit: bool) -> list[DocumentedRow]:
    """Return the rows of a table that describes parameters or properties; none for a table of anything else.

    Where the heading above says ``explicit``-ly what the rows are, a first column of names needs no header.
    """
    roles = _with_location(table, column_roles(table.header, settings.columns), settings.columns)
    roles = _with_required(table, roles)
    if "name" not in roles.columns:
        if not explicit or roles.columns.get("status") == 0 or not _names_first(table):
            return []
        roles = ColumnRoles({**roles.columns, "name": 0}, roles.location)
    if not set(roles.columns) - {"name", "status"} and not explicit:
        return []
    rows = nested([row for line in table.rows for row in _table_row(line, roles)])
    return [part for row in rows for part in (row.children if row.name == _WHOLE else (row,))]


def _with_location(table: PageTable, roles: ColumnRoles, words: ColumnWords) -> ColumnRoles:
    """Return the roles of a table whose column of types holds locations: another one has the types then."""
    column = roles.columns.get("type")
    if column is None or "location" in roles.columns or not table.rows:
        return roles
    if not all(stated_place(row.cells[column]) for row in table.rows):
        return roles
    ranks = [_role_rank(cell, words.type, words) for cell in table.header]
    others = [number for number, rank in enumerate(ranks) if number != column and rank is not None]
    columns = {**roles.columns, "location": column}
    del columns["type"]
    return ColumnRoles({**columns, **({"type": others[0]} if others else {})}, roles.location)


def stated_place(written: str) -> str:
    """Return the place that a cell or an attribute names, empty for none: ``query`` for ``QueryParam``."""
    bare = re.sub(r"param(?:eter)?s?\Z", "", re.sub(r"[^a-z]", "", written.lower()))
    return next((place for place, words in _STATED_PLACES.items() if bare in words), "")


def _with_required(table: PageTable, roles: ColumnRoles) -> ColumnRoles:
    """Return the roles of a table of which a column without a name says "required" or "optional"."""
    unnamed = (number for number, cell in enumerate(table.header) if not cell.strip())
    for number in unnamed if "required" not in roles.columns else ():
        words = {plain_text(row.cells[number]).lower() for row in table.rows}
        if words & {"required", "optional"} and words <= {"required", "optional", ""}:
            return ColumnRoles({**roles.columns, "required": number}, roles.location)
    return roles


def _names_first(table: PageTable) -> bool:
    marked = [
        bool(re.fullmatch(rf"(?:\*\*|_)?`[^`]+`(?:\*\*|_)?\s*(?:\\?\*)?|\*\*{_NAME_CHARS}+\*\*", row.cells[0].strip()))
        for row in table.rows
    ]
    return bool(marked) and sum(marked) >= 0.8 * len(marked)


def _table_row(row: TableRow, roles: ColumnRoles) -> Iterator[DocumentedRow]:
    written = roles.cell(row, "name")
    text, notes = roles.cell(row, "text"), roles.cell(row, "notes")
    if not written:
        return
    depth = len(re.findall(r"»|\u203a|↳|└|├|\xa0\xa0", written))
    names, beside, star = _names(_NESTING.sub("", written))
    noted = f"{notes} {beside} {text}".strip()
    flags = (
        _column_flag(roles.cell(row, "required"), _YES, _NO),
        _column_flag(roles.cell(row, "optional"), _NO, _YES),
        True if star else None,
        *map(required_in, (noted, roles.cell(row, "type"))),
        False if re.search(r"\w\?[`*]*\Z", written) else None,
    )
    required = next((flag for flag in flags if flag is not None), None)
    default = roles.cell(row, "default")
    methods = limiting_methods(cell for number, cell in enumerate(row.cells) if number not in roles.columns.values())
    for name in names:
        yield DocumentedRow(
            name,
            row.line,
            roles.cell(row, "type") or _type_beside(beside),
            text,
            required,
            plain_text(default)
            if default
            else default_in(f"{notes} {roles.cell(row, 'required')}") or default_in(text),
            _column_choices(roles.cell(row, "choices")),
            choices_in(text) or _noted_choices(notes),
            plain_text(roles.cell(row, "example")),
            stated_place(roles.cell(row, "location")) or roles.location,
            bool(_YES.match(plain_text(roles.cell(row, "nullable")))),
            depth,
            methods=methods,
            read_only=bool(_YES.match(plain_text(roles.cell(row, "read_only"))) or _READ_ONLY.search(notes)),
        )


def _names(written: str) -> tuple[list[str], str, bool]:
    """Return the names in a cell, what stands beside them, and whether a star or the like marks them as required."""
    bare = without_tags(written).replace("\\_", "_")
    coded = re.findall(r"`([^`]+)`", bare)
    rest = re.sub(r"`[^`]+`|\*\*(?=\S)|(?<=\S)\*\*|__", "", bare)
    unmarked = re.sub(r"(?<!\S)\*(?=\w)([^*\n]{1,40})(?<=\w)\*", r"\1", rest)
    star = (
        bool(re.search(r"(?:\s|\\|\A|\w)\*\s*\Z|\s\*\s", unmarked.strip() + " "))
        if coded
        else bool(re.search(r"\w\s?\\?\*\s*\Z", plain_text(bare).strip()) and not bare.strip().endswith("**"))
    )
    if coded and not re.search(r"\w", re.split(r"`", bare)[0].replace("**", "")):
        separate = re.sub(r"[\s,/*_]|\bor\b|\band\b", "", rest)
        names = coded if len(coded) > 1 and not separate else coded[:1]
        beside = rest.strip(" ,*") if names == coded else bare.partition(f"`{coded[0]}`")[2].strip(" ,*")
    else:
        match = _NAME.search(re.sub(r"\A[*_]+", "", plain_text(bare).strip()))
        names = [match["name"]] if match else []
        beside = plain_text(bare).strip()[match.end() :].strip(" *") if match else ""
    cleaned = [name.strip().strip("\"'").rstrip(":*?") for name in names]
    return [name for name in cleaned if name and not re.search(r"\s", name)], beside, star


def _type_beside(beside: str) -> str:
    match = re.match(r"[(\[<]?\s*`?(?P<type>[A-Za-z][\w <>\[\]|-]*?)`?\s*[)\]>,]?(?:\s|\Z)", beside)
    return match["type"] if match and match["type"].lower() not in ("required", "optional") else ""


def _column_flag(cell: str, yes: re.Pattern[str], no: re.Pattern[str]) -> bool | None:
    plain = plain_text(cell).strip(" []()")
    if (
        not plain
        or _CONDITIONAL.search(plain)
        or re.match(r"(?:yes|no|required)\b.{0,3}\b(?:if|when|unless|for)\b", plain, re.IGNORECASE)
    ):
        return None
    return False if no.match(plain) else True if yes.match(plain) else None


_STATED_REQUIRED = re.compile(
    r"\b(?:this|it|parameter|field|value|which)\s+is\s+(?:always\s+)?required(?!\s+(?:if|when|for|only|unless|in"
    r"|by)\b)",
    re.IGNORECASE,
)


def required_in(text: str) -> bool | None:
    """Return whether a description's marker says that something is required, ``None`` where it has none."""
    bare = without_tags(text).strip()
    if _OPTIONAL_WORD.search(bare):
        return False
    is_marked = re.search(r"<i class=\"[^\"]*\">(?:mandatory|required)</i>", text) or _STATED_REQUIRED.search(bare)
    is_worded = _REQUIRED_WORD.search(bare) and not _CONDITIONAL.search(bare)
    return True if is_marked or is_worded else None


def default_in(text: str) -> str | None:
    """Return the default that a description names, ``None`` for none."""
    match = _DEFAULT.search(text)
    return next((group for group in match.groups() if group is not None), None) if match else None


def choices_in(text: str) -> tuple[str, ...]:
    """Return the values that a description lists: weak evidence, from which values are made."""
    match = _CHOICES.search(without_tags(text))
    values = ["".join(groups).strip() for groups in _QUOTED.findall(match["list"])] if match else []
    kept = [value for value in values if re.fullmatch(r"[\w.:+/-]{1,40}", value)]
    return tuple(dict.fromkeys(kept)) if len(kept) > 1 and len(kept) == len(values) else ()


def with_facts_of_text(row: DocumentedRow) -> DocumentedRow:
    """Return a row with what its description says and nothing states: whether it is required, its default, values."""
    return replace(
        row,
        required=required_in(row.text) if row.required is None else row.required,
        default=default_in(row.text) if row.default is None else row.default,
        listed=row.listed or choices_in(row.text),
    )


def _noted_choices(notes: str) -> tuple[str, ...]:
    """Return the values of a note in brackets: ``[enum: sail, motor]``."""
    match = re.search(r"\[enum: ([^\]]+)\]", notes)
    return _column_choices(match[1]) if match else ()


def _column_choices(cell: str) -> tuple[str, ...]:
    quoted = ["".join(groups) for groups in _QUOTED.findall(cell)] or re.split(r"\s*[,|]\s*|<br ?/?>", plain_text(cell))
    values = [value.strip() for value in quoted if value.strip()]
    return tuple(values) if len(values) > 1 and all(re.fullmatch(r"[\w.:+/-]{1,40}", value) for value in values) else ()


def list_rows(items: Sequence[ListItem], explicit: bool, follows: bool) -> list[DocumentedRow]:
    """Return the rows of a list; a name needs marks where no heading says that the list is one of parameters.

    Names with a placeholder (``limit=<number>``) are parameters where all are spelled so; beside others, or where the
    list ``follows`` on rows, they are values of those.
    """
    items = [
        replace(item, text=_NAME_BEFORE_PLACEHOLDER.sub(r"`\g<name>=\g<placeholder>`", item.text)) for item in items
    ]
    spelled = [bool(_PLACEHOLDER.match(item.text.lstrip("`*"))) for item in items if item.depth == 0]
    are_values = follows or not all(spelled)
    rows: list[DocumentedRow] = []
    for item in items:
        row = _bullet(item.text, item.line, explicit)
        if row is None or (are_values and _PLACEHOLDER.match(item.text.lstrip("`*"))):
            if not rows or item.depth == 0:
                continue
            value = re.match(r"`\"?([\w.:+/-]{1,40})\"?`", item.text)
            if value:
                rows[-1] = replace(rows[-1], listed=(*rows[-1].listed, value[1]))
            continue
        rows.append(replace(row, depth=item.depth))
    return nested(rows)


def _bullet(text: str, line: int, explicit: bool) -> DocumentedRow | None:
    match = _BULLET.match(text)
    if match is None and explicit:
        match = _BARE_BULLET.match(text)
    if match is None:
        return None
    name, kind = _with_placeholder(_unmarked(match["name"]).strip().strip('"').rstrip(":?"))
    rest = match["rest"]
    if not re.fullmatch(rf"{_NAME_CHARS}+", name) or re.match(r"\s*(?:=(?!\s)|[\w/(](?<!\())", rest):
        return None
    notes, text = _annotations(rest)
    if not explicit and not kind and not any(_TYPE_NOTE.match(note) for note in notes):
        return None
    row = DocumentedRow(name, line, kind, text, required=True if match["star"] else None)
    for note in notes:
        row = _annotated(row, note)
    return with_facts_of_text(row)


def placeholder_rows(text: str, line: int) -> list[DocumentedRow]:
    """Return the rows of a text that is nothing but names with placeholders: `` `id=[integer]` `` on each line."""
    written = [_PLACEHOLDER.fullmatch(part.strip().strip("`*")) for part in text.split("\n") if part.strip()]
    if not all(written):
        return []
    return [DocumentedRow(match["name"], line, match["type"]) for match in written if match]


def _with_placeholder(name: str) -> tuple[str, str]:
    """Return a name and the type that stands in place of its value: ``limit=<number>``."""
    match = _PLACEHOLDER.fullmatch(name)
    return (match["name"], match["type"]) if match else (name, "")


def _unmarked(name: str) -> str:
    bare = name.strip("*")
    bare = bare.strip("`").strip("*") if "`" in bare else bare
    marks = re.fullmatch(r"(__|_)(\S+?)\1", bare) if bare == name else None
    return marks[2] if marks else bare


def _annotations(rest: str) -> tuple[list[str], str]:
    """Return what stands in brackets behind a name, and the description after that."""
    notes: list[str] = []
    while len(notes) < 3 and (match := _ANNOTATION.match(rest)):
        note = next(group for group in match.groups() if group is not None)
        kind = match.lastgroup
        if kind in ("bare", "italic", "star") and (len(note) > 40 or notes):
            break
        if kind == "round" and len(note) > 60:
            break
        notes.append(note)
        rest = rest[match.end() :]
    return notes, _SEPARATOR.sub("", rest, count=1).strip()


def _annotated(row: DocumentedRow, note: str) -> DocumentedRow:
    """Return a row with what a note in brackets says: a type, a default, whether it is required."""
    lowered = note.lower()
    if "<required>" in lowered or (
        re.search(r"\brequired\b(?! if| when)", lowered) and not re.search(r"\bnot required\b", lowered)
    ):
        row = replace(row, required=True)
    elif re.search(r"\boptional\b", lowered):
        row = replace(row, required=False)
    kinds, defaults = [], []
    if (match := _DEFAULT_NOTE.search(note)) and match.start():
        note, defaults = note[: match.start()], [match["default"].strip()]
    for part in re.split(
        r"\s+or\s+(?=[\w<>\[\] -]+:)|\s+or\s+(?=\w+\Z)",
        re.sub(r",?\s*\b(?:optional|required)\b\s*,?", "", note.replace("<required>", ""), flags=re.IGNORECASE),
    ):
        kind, colon, default = part.partition(":")
        if kind.strip().lower().startswith("default"):
            kind, default, colon = "", (default or kind.strip()[7:]), ":"
        kinds.append(kind.strip(" `,"))
        if colon and default.strip(" ,"):
            defaults.append(default.strip(" ,"))
    known = [kind for kind in kinds if kind and not kind.startswith("the ")]
    if known and not row.type:
        row = replace(row, type=" or ".join(known))
    if defaults:
        row = replace(row, default=defaults[0], required=False if row.required is None else row.required)
    return row


def definition_row(block: Definition) -> DocumentedRow | None:
    """Return the row of a definition: a name, with a type beside it or at the beginning of the text."""
    names, beside, star = _names(block.term)
    if not names:
        return None
    row = DocumentedRow(names[0], block.line, text=block.text, required=True if star else None)
    notes, _ = _annotations(beside if beside[:1] in "(`[<_*:" else f" `{beside}`") if beside else ([], "")
    if not notes:
        notes, text = _annotations(block.text) if block.text[:1] in "(`[_" else ([], block.text)
        row = replace(row, text=text or block.text)
    for note in notes:
        row = _annotated(row, note)
    return replace(with_facts_of_text(replace(row, text=block.text)), text=row.text)


def _inside(outer: str, name: str) -> str:
    """Return the name of a part without that of what it is part of: ``owner.name`` or ``owner[name]`` of ``owner``."""
    rest = name.removeprefix(outer)
    if rest[:1] == "[" and (bracketed := re.fullmatch(r"\[(\w+)\](.*)", rest)):
        return f"{bracketed[1]}{bracketed[2]}"
    return rest[1:] if rest != name and rest[:1] == "." and len(rest) > 1 else name


def nested(rows: Sequence[DocumentedRow]) -> list[DocumentedRow]:
    """Return the rows with those that stand deeper below the one that they belong to."""
    result: list[Any] = []
    position = 0
    while position < len(rows):
        row, end = rows[position], position + 1
        while end < len(rows) and rows[end].depth > row.depth:
            end += 1
        inner = [replace(part, name=_inside(row.name, part.name)) for part in nested(rows[position + 1 : end])]
        result.append(replace(row, children=(*row.children, *inner)) if inner else row)
        position = end
    return result
