"""Which language a caller reads, from ``Accept-Language`` (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from cases.messages import LANGUAGES, Language
from cases.messages.languages import matching


def preferred(accept_language: str | None) -> Language:
    """The language that the caller weighs most among those that Baton speaks; the first of them
    (``LANGUAGES``) where several weigh the same, or none is asked for."""
    weights: dict[Language, float] = {}
    others = 0.0
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.partition(";")
        weight, language = _weight(parameter), matching(tag)
        if language is not None:
            weights[language] = max(weight, weights.get(language, 0.0))
        elif tag.strip() == "*":
            others = max(weight, others)
    return max(LANGUAGES, key=lambda one: weights.get(one, others))


def _weight(parameter: str) -> float:
    try:
        weight = float(parameter.strip().lower().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0  # nor is it NaN, which would win or lose by its place
