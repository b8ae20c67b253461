"""Which of the two languages a caller reads, from ``Accept-Language`` (RFC 9110, section
12.5.4)."""

from __future__ import annotations

from cases.messages import Language


def preferred(accept_language: str | None) -> Language:
    """The caller's language; Chinese unless English is asked for with a higher weight."""
    weights: dict[Language, float] = {}
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            weight = 0.0
        if language == "zh":
            weights["zh"] = max(weight, weights.get("zh", 0.0))
        elif language == "en":
            weights["en"] = max(weight, weights.get("en", 0.0))
    return "en" if weights.get("en", 0.0) > weights.get("zh", 0.0) else "zh"
