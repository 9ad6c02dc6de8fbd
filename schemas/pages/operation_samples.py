"""Samples of an operation among those of its section: whose they are, and which side they show."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .operation_marks import FoundMark
from .page_samples import PageSample, sample_names
from .request_lines import path_templates, with_variables
from .section_contents import SectionContents

WITH_BODY = ("POST", "PUT", "PATCH")
"""Methods whose requests have a body where nothing says otherwise."""


def own_samples(
    contents: SectionContents, own: FoundMark, lines: Sequence[FoundMark], body_names: frozenset[str]
) -> list[PageSample]:
    """Return the samples of an operation, each with its side.

    What nothing says is a response, but where a body is sent and nothing shows one.
    """
    method = own.method
    targets = {sample.target[1] for sample in contents.samples if sample.target[0]}
    fit = any(_like(target, line.path) for target in targets for line in lines)
    samples = [sample for sample in contents.samples if not fit or _is_of(sample, own, lines)]
    unsided = [sample for sample in samples if not sample.side]
    shown = any(sample.side == "request" for sample in samples) or contents.has_command
    may_ask = method in WITH_BODY and not shown

    def asks(sample: PageSample) -> bool:
        answered = any(page_sample.side == "response" and page_sample.line > sample.line for page_sample in samples)
        is_first = (len(unsided) > 1 or answered) and sample is unsided[0]
        return may_ask and (is_first or bool(sample_names(sample.value) & body_names))

    return [
        replace(page_sample, side=page_sample.side or ("request" if asks(page_sample) else "response"))
        for page_sample in samples
    ]


def sends_body(contents: SectionContents, line: FoundMark) -> bool:
    """Tell whether a sample shows a body that is sent to an operation, whatever its method."""
    return any(
        sample.side == "request"
        and sample.lines is not None
        and sample.target[0] == line.method
        and _like(sample.target[1], line.path)
        for sample in contents.samples
    )


def _is_of(sample: PageSample, own: FoundMark, lines: Sequence[FoundMark]) -> bool:
    """Tell whether a sample is of an operation: its request, or the one that it answers, has a path like it."""
    sent, path = sample.target
    if not sent:
        return True
    of_other = any(line.method == sent for line in lines) or sent not in WITH_BODY
    if sample.side == "request" and sent != own.method and of_other:
        return False
    if own.is_sample and (asked := [line for line in lines if line.path == with_variables(path)]):
        return any((line.method, line.path) == (own.method, own.path) for line in asked)
    return any(_like(path, line.path) for line in lines)


def consistent(samples: list[PageSample]) -> list[PageSample]:
    """Return the samples of a response that have its properties; those of something else are parts of one.

    What nothing calls a response has to share half of its properties with those that are called so, and what no status
    stands over one of them with those that a status stands over. What says itself that it failed is left out beside
    others.
    """
    samples = [sample for sample in samples if sample.status or not _failed(sample.value)] or samples
    with_status = _names_of(sample for sample in samples if sample.labelled and sample.status)
    whole = [
        sample
        for sample in samples
        if sample.status or not with_status or not (names := sample_names(sample.value)) or names & with_status
    ]
    labelled = _names_of(sample for sample in whole if sample.labelled)
    if not labelled:
        return whole
    return [
        sample
        for sample in whole
        if sample.labelled or len(labelled & sample_names(sample.value)) * 2 >= len(sample_names(sample.value))
    ]


def _failed(value: object) -> bool:
    """Tell whether a body says that the request failed: ``{"result": "error"}``, ``{"ok": false}``."""
    values = [value.get(name) for name in ("result", "status", "ok", "success")] if isinstance(value, dict) else []
    return any(said is False or said in ("error", "fail") for said in values)


def _names_of(samples: Iterable[PageSample]) -> set[str]:
    return {name for sample in samples for name in sample_names(sample.value)}


def _like(path: str, documented: str) -> bool:
    """Tell whether the path of a sample request ends as a documented one does, or has words of it."""
    shown = [template.path.strip("/").split("/") for template in path_templates(path)]
    for template in path_templates(documented):
        parts = template.path.strip("/").split("/")
        words = {part for part in parts if "{" not in part and part}
        for segments in shown:
            tail = segments[-len(parts) :]
            fits = len(tail) == len(parts) and all(
                "{" in part or part == own for part, own in zip(parts, tail, strict=True)
            )
            if fits or words & set(segments):
                return True
    return False
