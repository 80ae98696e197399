"""Reading option values: each function turns one spelling into a value or says how it is spelled."""

import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ulterior.errors import UsageError

__all__ = [
    "MOST",
    "Share",
    "parse_budget",
    "parse_factors",
    "parse_settings",
    "parse_shard",
    "parse_steps",
    "read_environment",
    "read_salt",
    "salt_option",
]

MOST = 1_000_000
"""Seeds or epochs that an option may ask for; ``plan.MOST`` says why, and a test that they are equal."""

_NUMBER = r"([0-9]{1,9})"  # \d and str.isdigit know digits that int() does not


class Share(click.FloatRange):
    """A number from 0 to ``most``. Plain ``FloatRange`` lets "nan" pass."""

    def __init__(self, most: float = 1.0) -> None:
        super().__init__(0, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        share = super().convert(value, param, ctx)
        if math.isnan(share):
            self.fail(f"{value!r} is not a number", param, ctx)
        return share


def read_environment() -> dict[str, str]:
    """The environment, with what ``.env`` in the working folder adds to it. Raises :class:`UsageError`."""
    from ulterior.agent_runtime.models.dotenv import read_dotenv

    try:
        return {**read_dotenv(Path(".env")), **os.environ}
    except OSError as error:
        raise UsageError(
            "can't read .env", error.strerror or str(error), "make it readable or move it away"
        ) from error


salt_option = click.option(
    "--salt",
    help="Private instances: other seeds, which nobody can tell without it.  [default: $ULTERIOR_SALT]",
)


def read_salt(given: str | None, environ: Mapping[str, str]) -> str | None:
    """The salt of ``--salt`` or of ``ULTERIOR_SALT``; None where neither says one. It is written nowhere."""
    return given if given is not None else environ.get("ULTERIOR_SALT") or None


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
    """``arm=conflict,enough`` as a factor with its levels; given again, a factor gets more.

    ``arm`` and ``arm=*`` stand for all levels, which is ``["*"]``.
    """
    factors: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, levels = pair.partition("=")
        chosen = [level.strip() for level in levels.split(",") if level.strip()] if equals else ["*"]
        if not (name.strip() and chosen):
            raise UsageError(
                f"can't read the factor {pair!r}",
                fix="--factor name=level,level, or --factor name for all levels",
            )
        known = factors.setdefault(name.strip(), [])
        known += [level for level in dict.fromkeys(chosen) if level not in known]
    return factors


def parse_settings(pairs: tuple[str, ...]) -> dict[str, Any]:
    """``max_tokens=4096`` as a model setting; values are read as YAML, so numbers are numbers."""
    from ulterior.yaml_files import parse_yaml

    settings: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name.strip() and equals):
            raise UsageError(f"can't read the setting {pair!r}", fix="--setting name=value")
        if name.strip() in settings:
            raise UsageError(
                f"the setting {name.strip()} is given twice", "only one could count", "leave one of them out"
            )
        try:
            settings[name.strip()] = parse_yaml(value)
        except ValueError as error:
            raise UsageError(
                f"can't read the setting {pair!r}", str(error), "put its value in quotes, or write it as JSON"
            ) from error
    return settings


def parse_shard(text: str | None) -> tuple[int, int] | None:
    """``2/8`` as the second of eight shares."""
    if text is None:
        return None
    match = re.fullmatch(f"{_NUMBER}/{_NUMBER}", text)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise UsageError(
            f"can't read the shard {text!r}",
            "it is no i/n with i from 1 to n",
            "--shard 2/8 takes the second of eight shares",
        )
    return int(match[1]), int(match[2])


def parse_steps(text: str | None) -> tuple[int, int] | None:
    """``10-20`` or ``10`` as a range of event numbers, both ends included."""
    if text is None:
        return None
    match = re.fullmatch(f"{_NUMBER}(?:-{_NUMBER})?", text)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise UsageError(
            f"can't read the steps {text!r}", "they are no A-B with A up to B", "--steps 10-20, or --steps 10"
        )
    return int(match[1]), int(match[2] or match[1])
