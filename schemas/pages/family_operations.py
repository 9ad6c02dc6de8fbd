"""Operations of a whole folder as one: paths spelled alike, an operation of several pages, samples shown elsewhere."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlsplit

from ..contract.model import Body, Grade, MediaType, Operation, Response, Schema, Server, evidence_of, with_media_types
from ..contract.paths import path_variables, unnamed_template
from ..dialects.family_settings import FamilySettings
from ..jsonschema.subschemas import with_subschemas
from .blocks import Fence, Heading, Label, ListItem, Page, PageTable, Paragraph
from .headed_blocks import headed_blocks
from .inline_text import heading_words
from .merge import TypeReading
from .operation_marks import FoundMark
from .page_reader import Reading
from .request_lines import is_server, path_templates

_MOST_SERVERS = 5
_BASE_URL = re.compile(
    r"\b(?:(?:ur[il]s?|paths?|endpoints?|requests?|routes?) (?:is|are) relative to|base (?:ur[il]|endpoint|address))\b"
    r"[^.\w\n]*(?:(?:is|of the api(?: is)?)\b[^.\w\n]*)?"
    r"(?P<url>https?://[\w.:/-]+\w)",
    re.IGNORECASE,
)
_SERVERS = re.compile(
    r"(?:api |the )?(?:base )?(?:ur[il]s?|servers?|hosts?|endpoint ur[il]s?|root ur[il]s?)|environments"
)
_URL = re.compile(r"https?://[\w.:/-]+\w")


def united(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings with one for each operation, in the order of the pages.

    Of an operation that several pages describe, the fullest description holds; what only others say is added.
    """
    names = _variable_names(readings)
    by_label: defaultdict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        renamed = _renamed(reading, names)
        by_label[renamed.operation.label].append(renamed)
    return _distinct_ids([_merged(same) for same in by_label.values()])


def _blank(path: str) -> str:
    """Return what a path and its other spellings have in common: those of its variables, a slash at its end or none."""
    return unnamed_template(path.rstrip("/") or "/")


def _variable_names(readings: Iterable[Reading]) -> dict[str, str]:
    """Return the commonest spelling of each path, whatever its variables are called."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for reading in readings:
        spellings[_blank(reading.operation.path)][reading.operation.path] += 1
    return {blank: counts.most_common(1)[0][0] for blank, counts in spellings.items()}


def _renamed(reading: Reading, names: dict[str, str]) -> Reading:
    """Return a reading with the path variables called as most pages call them."""
    operation = reading.operation
    path = names[_blank(operation.path)]
    if path == operation.path:
        return reading
    called = dict(zip(path_variables(operation.path), path_variables(path), strict=True))
    parameters = tuple(
        replace(parameter, name=called.get(parameter.name, parameter.name))
        if parameter.location == "path"
        else parameter
        for parameter in operation.parameters
    )
    return replace(reading, operation=replace(operation, path=path, parameters=parameters))


def _merged(same: list[Reading]) -> Reading:
    ordered = sorted(same, key=lambda reading: -_fullness(reading.operation))
    first, *others = ordered
    if not others:
        return first
    operation = first.operation
    for other in others:
        operation = _with_other(operation, other.operation)
    problems = tuple(dict.fromkeys(problem for reading in ordered for problem in reading.contradictions))
    readings = tuple(_required_by_all([part for reading in ordered for part in reading.type_readings]))
    secured = next((reading for reading in ordered if reading.operation.security_evidence), first)
    security, evidence = secured.operation.security, secured.operation.security_evidence
    operation = replace(operation, security=security, security_evidence=evidence)
    schemes = secured.security_schemes
    return Reading(operation, readings, schemes, problems, first.dialect)


def _required_by_all(parts: Sequence[TypeReading]) -> Iterator[TypeReading]:
    """Yield descriptions of bodies by several pages, of which each requires what all do that state properties."""
    required: dict[str, set[str]] = {}
    for part in parts:
        evidence = evidence_of(part.schema)
        if evidence and evidence.grade is Grade.STATED and "properties" in part.schema:
            own = set(part.schema.get("required", ()))
            required[part.name] = required.get(part.name, own) & own
    for part in parts:
        needed = [name for name in part.schema.get("required", ()) if name in required.get(part.name, ())]
        bare = {key: value for key, value in part.schema.items() if key != "required"}
        yield replace(part, schema={**bare, "required": needed} if needed else bare)


def with_other(reading: Reading, other: Reading) -> Reading:
    """Return a reading with what another one of the same operation says beside it."""
    return replace(
        reading,
        operation=_with_other(reading.operation, other.operation),
        type_readings=(*reading.type_readings, *other.type_readings),
        contradictions=(*reading.contradictions, *other.contradictions),
    )


def _fullness(operation: Operation) -> int:
    described = sum(bool(parameter.description) for parameter in operation.parameters)
    bodies = [
        *(operation.request.media_types if operation.request else ()),
        *(media for response in operation.responses for media in response.media_types),
    ]
    return len(operation.parameters) + described + 2 * len(bodies) + len(operation.responses)


def _with_other(operation: Operation, other: Operation) -> Operation:
    known = {(parameter.location, parameter.name.lower()) for parameter in operation.parameters}
    added = tuple(
        parameter
        for parameter in other.parameters
        if (parameter.location, parameter.name.lower()) not in known and parameter.location != "path"
    )
    statuses = {response.status for response in operation.responses}
    assumed = {
        response.status for response in other.responses if response.evidence and response.evidence.grade == "assumed"
    }
    responses = (
        *operation.responses,
        *(response for response in other.responses if response.status not in statuses | assumed),
    )
    return replace(
        operation,
        parameters=(*operation.parameters, *added),
        request=_with_samples(operation.request, other.request),
        responses=tuple(_with_response_samples(response, other) for response in responses),
    )


def _with_samples(body: Body | None, other: Body | None) -> Body | None:
    if body is None or other is None:
        return body or other
    return replace(body, media_types=_joined(body.media_types, other.media_types))


def _with_response_samples(response: Response, other: Operation) -> Response:
    same = next((known for known in other.responses if known.status == response.status), None)
    return replace(response, media_types=_joined(response.media_types, same.media_types)) if same else response


def _joined(own: tuple[MediaType, ...], others: tuple[MediaType, ...]) -> tuple[MediaType, ...]:
    if not own or not others:
        return own or others
    samples = list(own[0].samples)
    samples += [sample for media in others for sample in media.samples if sample not in samples]
    return (replace(own[0], samples=tuple(samples)), *own[1:])


def _distinct_ids(readings: list[Reading]) -> list[Reading]:
    """Return the readings with an id each that no other has."""
    taken: Counter[str] = Counter()
    distinct = []
    for reading in readings:
        wanted = reading.operation.id
        taken[wanted] += 1
        if taken[wanted] > 1:
            reading = _with_id(reading, f"{wanted}_{taken[wanted]}")
        distinct.append(reading)
    return distinct


def _with_id(reading: Reading, name: str) -> Reading:
    """Return a reading whose operation, and the bodies that are called after it, have another name."""
    old = reading.operation.id
    parts = tuple(replace(part, name=part.name.replace(old, name, 1)) for part in reading.type_readings)
    operation = with_media_types(
        replace(reading.operation, id=name),
        lambda media: replace(media, schema=_repointed(media.schema or {}, f"/{old}_", f"/{name}_")),
    )
    return replace(reading, operation=operation, type_readings=parts)


def _repointed(schema: Schema, old: str, new: str) -> Schema:
    changed = with_subschemas(schema, lambda part: _repointed(part, old, new))
    return {**changed, "$ref": changed["$ref"].replace(old, new)} if "$ref" in changed else changed


def documented_servers(lines: Iterable[str], settings: FamilySettings) -> tuple[Server, ...]:
    """Return the servers of the settings, else those of whole URLs in operation lines, the commonest first."""
    if settings.paths.servers:
        return tuple(Server(url) for url in settings.paths.servers)
    servers = Counter(
        template.server for line in lines for template in path_templates(line) if is_server(template.server)
    )
    return tuple(Server(url) for url, _ in servers.most_common(_MOST_SERVERS))


def stated_servers(pages: Iterable[Page], lines: Sequence[FoundMark]) -> list[str]:
    """Return the base URL that most pages state in a text, else those that they list below a heading.

    They are without their paths where operation lines repeat these.
    """
    known = list(pages)
    texts = (getattr(block, "text", "") for page in known for block in page.blocks if not isinstance(block, Fence))
    counts = Counter(match["url"].rstrip("/.") for text in texts for match in _BASE_URL.finditer(text))
    urls = [url for url, _ in counts.most_common(1)] or list(dict.fromkeys(_listed_servers(known)))[:_MOST_SERVERS]
    return [whole for url in urls if is_server(whole := _without_repeated(url, lines))]


def _without_repeated(url: str, lines: Sequence[FoundMark]) -> str:
    path = urlsplit(url).path.rstrip("/")
    repeated = sum(line.path.startswith(f"{path}/") for line in lines) if path else 0
    return url.removesuffix(path) if repeated * 2 > len(lines) else url


def _listed_servers(pages: Iterable[Page]) -> Iterator[str]:
    """Yield the URLs below headings, and in lists below lines, that say that base URLs follow."""
    for page in pages:
        below = (block for heading, blocks in headed_blocks(page.blocks) if _names_servers(heading) for block in blocks)
        pairs = pairwise(page.blocks)
        listed = (item for line, item in pairs if isinstance(line, Paragraph | Label) and _names_servers(line))
        for block in (*below, *(item for item in listed if isinstance(item, ListItem))):
            cells = [cell for row in block.rows for cell in row.cells] if isinstance(block, PageTable) else []
            for text in (*cells, getattr(block, "text", "")):
                yield from (url.rstrip("/.") for url in _URL.findall(text))


def _names_servers(block: Heading | Label | Paragraph) -> bool:
    return bool(_SERVERS.fullmatch(heading_words(block.text)))


def with_prefix(readings: list[Reading], prefix: str) -> list[Reading]:
    """Return the readings with the part of the paths that the pages leave out."""
    if not prefix:
        return readings
    start = "/" + prefix.strip("/")
    return [
        replace(reading, operation=replace(reading.operation, path=f"{start}{reading.operation.path}"))
        for reading in readings
    ]
