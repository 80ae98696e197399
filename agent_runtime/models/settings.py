"""Sampling settings: which ones a provider knows, and what values they may take.

They differ by provider and none is required. A setting that would silently do nothing is refused, because a
study that names it believes that it has an effect.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ulterior.errors import UsageError

__all__ = ["ANTHROPIC_SETTINGS", "COMPATIBLE_SETTINGS", "OPENAI_SETTINGS", "Setting", "check_settings"]

_OTHERS = frozenset({"limits"})  # the study's own, kept in the same place


@dataclass(frozen=True)
class Setting:
    """One setting. ``about`` completes the sentence "it must be ..."."""

    about: str
    accepts: Callable[[Any], bool]


def _number(low: float, high: float) -> Setting:
    def accepts(value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high

    return Setting(f"a number from {low:g} to {high:g}", accepts)


def _integer(low: int) -> Setting:
    def accepts(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and value >= low

    return Setting(f"a whole number from {low} on", accepts)


def _one_of(*words: str) -> Setting:
    return Setting(f"one of: {', '.join(words)}", lambda value: value in words)


_SMALLEST_BUDGET = 1024  # what the API accepts
_BUDGET = _integer(_SMALLEST_BUDGET)
_THINKING = Setting(
    f"adaptive, off, or a budget in tokens from {_SMALLEST_BUDGET} on",
    lambda value: value in ("adaptive", "off") or _BUDGET.accepts(value),
)

ANTHROPIC_SETTINGS: Mapping[str, Setting] = {
    "max_tokens": _integer(1),
    "temperature": _number(0, 1),  # models up to 4.6 only
    "top_p": _number(0, 1),  # likewise
    "thinking": _THINKING,
    "effort": _one_of("low", "medium", "high", "xhigh", "max"),
}
OPENAI_SETTINGS: Mapping[str, Setting] = {
    "max_tokens": _integer(16),
    "temperature": _number(0, 2),
    "top_p": _number(0, 1),
    "effort": _one_of("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "summary": _one_of("auto", "concise", "detailed", "none"),
}
COMPATIBLE_SETTINGS: Mapping[str, Setting] = {
    "max_tokens": _integer(1),
    "temperature": _number(0, 2),
    "top_p": _number(0, 1),
    "seed": _integer(0),
    "effort": _one_of("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "extra_body": Setting("a mapping that is sent as it is", lambda value: isinstance(value, dict)),
}


def check_settings(model: str, known: Mapping[str, Setting], settings: Mapping[str, Any]) -> None:
    """Raise :class:`UsageError` when a model can't be asked with these settings."""
    for name, value in settings.items():
        if name in _OTHERS:
            continue
        if name not in known:
            choice = f"it knows: {', '.join(known)}" if known else "it knows none"
            raise UsageError(f"{model} has no setting {name!r}", choice, f"leave {name} out for this model")
        if not known[name].accepts(value):
            raise UsageError(
                f"{name}={value!r} is not a value for {model}", fix=f"it must be {known[name].about}"
            )
