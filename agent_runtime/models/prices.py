"""What model turns cost: a dated table, and nothing where no price is known.

Sources, read on :data:`PRICES_DATE`: the providers' public price lists (platform.claude.com, model overview
pages; developers.openai.com/api/docs/pricing). Standard tier, short cache writes, no batch discount.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ulterior.traces import Usage

__all__ = ["PRICES", "PRICES_DATE", "LongPrompt", "Price", "cost", "price"]

PRICES_DATE = "2026-11-06"
_MILLION = 1_000_000
# `claude-haiku-4-5-20251001` is the model before the dash, `gpt-5.2-pro` is another one.
_SNAPSHOT = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$")


@dataclass(frozen=True)
class LongPrompt:
    """Prompts of more than ``above`` tokens, cached ones included, cost this many times as much."""

    above: int
    input: float
    output: float


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens of each sort."""

    input: float
    output: float
    cache_read: float
    cache_write: float
    long_prompt: LongPrompt | None = None


_HAIKU_LONG = LongPrompt(100_000, input=5.0, output=5.0)
_OPENAI_LONG = LongPrompt(272_000, input=2.0, output=1.5)

PRICES: Mapping[str, Price] = {
    "anthropic/claude-fable-5-1": Price(10.0, 50.0, cache_read=0.25, cache_write=12.5),
    "anthropic/claude-opus-5-5": Price(4.0, 20.0, cache_read=0.2, cache_write=5.0),
    "anthropic/claude-opus-5": Price(5.0, 25.0, cache_read=0.5, cache_write=6.25),
    "anthropic/claude-opus-4-8": Price(5.0, 25.0, cache_read=0.5, cache_write=6.25),
    "anthropic/claude-sonnet-5-5": Price(2.0, 10.0, cache_read=0.1, cache_write=2.5),
    "anthropic/claude-sonnet-5": Price(2.0, 10.0, cache_read=0.2, cache_write=2.5),
    "anthropic/claude-sonnet-4-6": Price(3.0, 15.0, cache_read=0.3, cache_write=3.75),
    "anthropic/claude-haiku-5-5": Price(
        0.1, 0.5, cache_read=0.01, cache_write=0.125, long_prompt=_HAIKU_LONG
    ),
    "anthropic/claude-haiku-4-5": Price(1.0, 5.0, cache_read=0.1, cache_write=1.25),
    "openai/gpt-6-astra": Price(10.0, 50.0, cache_read=1.0, cache_write=12.5, long_prompt=_OPENAI_LONG),
    "openai/gpt-6.1-sol": Price(2.0, 10.0, cache_read=0.1, cache_write=2.5, long_prompt=_OPENAI_LONG),
    "openai/gpt-6-sol": Price(2.0, 10.0, cache_read=0.2, cache_write=2.5, long_prompt=_OPENAI_LONG),
    "openai/gpt-6.1-terra": Price(1.0, 5.0, cache_read=0.05, cache_write=1.25, long_prompt=_OPENAI_LONG),
    "openai/gpt-6-luna": Price(0.1, 0.5, cache_read=0.01, cache_write=0.125, long_prompt=_OPENAI_LONG),
    "sim/": Price(0.0, 0.0, 0.0, 0.0),
}
"""Full model names without a snapshot's date; one that ends in ``/`` stands for all of its provider."""


def price(model: str) -> Price | None:
    """The price of a model by its full name, or None when none is known."""
    provider = model.partition("/")[0]
    return PRICES.get(_SNAPSHOT.sub("", model)) or PRICES.get(f"{provider}/")


def cost(model: str, usage: Usage) -> float | None:
    """US dollars for the tokens of one turn of a model. None, and never 0, when its price is unknown."""
    known = price(model)
    if known is None:
        return None
    fresh = max(0, usage.input - usage.cache_read - usage.cache_write)
    prompt = fresh * known.input + usage.cache_read * known.cache_read + usage.cache_write * known.cache_write
    reply = usage.output * known.output
    if known.long_prompt is not None and usage.input > known.long_prompt.above:
        prompt *= known.long_prompt.input
        reply *= known.long_prompt.output
    return (prompt + reply) / _MILLION
