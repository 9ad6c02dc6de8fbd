"""Choice of a documented example: the one that is asked for, or that an OpenAPI document means as its answer."""

from typing import Any

from docdouble.schemas.contract.parameter_styles import scalar_text

from ..http.documented import FAILURE
from ..http.preferences import Preferences
from ..requests.request_reader import Request
from ..sampler.seeds import mix
from .answer_plan import AnswerPlan, ResponsePlan
from .examples import Example


def asked_example(response: ResponsePlan, preferences: Preferences, answers: str) -> Example | None:
    """Return the example that is asked for, or that alone documents the body; raises ``ConfigError``.

    ``answers`` is that of the settings.
    """
    examples = response.examples
    if preferences.name:
        return examples.named(preferences.name)
    if not examples.samples:
        return None
    wanted = preferences.example or (answers == "documented" and not preferences.generated)
    # failures are reported in the documentation's own words, where it shows some
    if wanted or examples.stand_alone or response.status >= FAILURE:
        return next(iter(examples.fitting), None)
    return None


def usual_example(
    request: Request, response: ResponsePlan, plan: AnswerPlan, preferences: Preferences, key: int
) -> Example | None:
    """Return the example that an OpenAPI document means as its answer, ``None`` where the request asks for another.

    It does so by the name of an entity that no example shows, by parameters of a list, and by a seed where there are
    not several examples.
    """
    fitting = response.examples.fitting if response.examples.samples and not preferences.generated else ()
    named = {scalar_text(request.parameters[name]) for name in plan.variables if name in request.parameters}
    shown = [example for example in fitting if named <= example.scalars]
    if not shown or (preferences.seed is not None and len(shown) == 1):
        return None
    varies = preferences.seed is not None or request.parameters or request.body is not None
    example = shown[mix(key, preferences.seed or 0) % len(shown)] if varies else shown[0]
    return None if request.call.query and _holds_list(example.value) else example


def _holds_list(value: Any) -> bool:
    """Tell whether a value is a list, or an object around one."""
    return isinstance(value, list) or (
        isinstance(value, dict) and any(isinstance(part, list) for part in value.values())
    )
