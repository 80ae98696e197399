"""Reading option values: each function turns one spelling into a value or says how it is spelled."""

import math
from typing import Any

import yaml

from ulterior.errors import UsageError

__all__ = ["parse_budget", "parse_factors", "parse_settings", "parse_shard", "parse_steps"]


def parse_budget(text: str | None) -> float | None:
    """``20usd``, ``$20`` or ``20`` as US dollars."""
    if text is None:
        return None
    number = text.strip().lower().removesuffix("usd").removeprefix("$").strip()
    try:
        amount = float(number)
    except ValueError:
        amount = math.nan
    if not amount > 0 or math.isinf(amount):
        raise UsageError(
            f"can't read the budget {text!r}", "it is no positive amount of US dollars", "--budget 20usd"
        )
    return amount


def parse_factors(pairs: tuple[str, ...]) -> dict[str, list[str]]:
    """``arm=conflict,enough`` as a factor with the levels to cross."""
    factors: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, levels = pair.partition("=")
        chosen = [level.strip() for level in levels.split(",") if level.strip()]
        if not (name.strip() and equals and chosen):
            raise UsageError(f"can't read the factor {pair!r}", fix="--factor name=level,level")
        factors[name.strip()] = chosen
    return factors


def parse_settings(pairs: tuple[str, ...]) -> dict[str, Any]:
    """``max_tokens=4096`` as a model setting; values are read as YAML, so numbers are numbers."""
    settings: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name.strip() and equals):
            raise UsageError(f"can't read the setting {pair!r}", fix="--setting name=value")
        try:
            settings[name.strip()] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise UsageError(f"can't read the setting {pair!r}", str(error).splitlines()[0]) from error
    return settings


def parse_shard(text: str | None) -> tuple[int, int] | None:
    """``2/8`` as the second of eight shares."""
    if text is None:
        return None
    part, slash, of = text.partition("/")
    if not (slash and part.isdigit() and of.isdigit() and 1 <= int(part) <= int(of)):
        raise UsageError(
            f"can't read the shard {text!r}", fix="--shard i/n with i from 1 to n, such as --shard 2/8"
        )
    return int(part), int(of)


def parse_steps(text: str | None) -> tuple[int, int] | None:
    """``10-20`` or ``10`` as a range of event numbers, both ends included."""
    if text is None:
        return None
    first, dash, last = text.partition("-")
    if not first.isdigit() or (dash and not last.isdigit()):
        raise UsageError(f"can't read the steps {text!r}", fix="--steps 10-20")
    return int(first), int(last) if dash else int(first)
