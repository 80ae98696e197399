"""What a run would take: episodes, tokens and dollars, from what past episodes of the study took.

Per model and scenario: past sealed episodes of the same scenario in the study's folder (those of the same
model if there are any) give low, expected and high tokens per episode (minimum, mean, maximum). Without
any, only the upper bound is known: the scenario's token limit. An unknown price stays unknown.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from ulterior.agent_runtime.episode import limits_of
from ulterior.agent_runtime.models.prices import cost
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec, Frozen, Study, Summary, Usage

__all__ = ["Estimate", "estimate_cost"]


class Estimate(Frozen):
    """One model in one scenario. Tokens are per episode, in and out; costs are US dollars in all."""

    model: str
    scenario: str
    planned: int
    missing: int
    past: int
    tokens_low: int | None
    tokens_expected: int | None
    tokens_high: int
    cost_low: float | None
    cost_expected: float | None
    cost_high: float | None

    def describe(self) -> str:
        """One line for people."""
        expected = "unknown" if self.tokens_expected is None else f"{self.tokens_expected:,}"
        money = [_dollars(value) for value in (self.cost_low, self.cost_expected, self.cost_high)]
        return (
            f"{self.model}  {self.scenario}: {self.missing} of {self.planned} episodes to run; "
            f"tokens each: expected {expected}, at most {self.tokens_high:,}; "
            f"cost in all: low {money[0]}, expected {money[1]}, at most {money[2]}"
        )


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"${value:.2f}"


def estimate_cost(specs: Sequence[EpisodeSpec], root: Path) -> list[Estimate]:
    """One estimate for each model and scenario among ``specs``, in their order."""
    study = Study.open(root) if (root / "study.json").exists() else None
    past: dict[str, list[Summary]] = defaultdict(list)
    for summary in study.summaries() if study else ():
        past[summary.spec.scenario].append(summary)
    cells: dict[tuple[str, str], list[EpisodeSpec]] = defaultdict(list)
    for spec in specs:
        cells[spec.model, spec.scenario].append(spec)
    return [_estimate(group, past[group[0].scenario], study) for group in cells.values()]


def _estimate(specs: list[EpisodeSpec], past: list[Summary], study: Study | None) -> Estimate:
    spec = specs[0]
    missing = sum(study is None or not study.is_sealed(each.id) for each in specs)
    seen = [summary for summary in past if summary.spec.model == spec.model] or past
    used = [Usage(input=summary.tokens_in, output=summary.tokens_out) for summary in seen]
    cap = limits_of(spec, load_scenario(spec.scenario)).tokens
    mean = None
    if used:
        mean = Usage(
            input=sum(usage.input for usage in used) // len(used),
            output=sum(usage.output for usage in used) // len(used),
        )
    low, high = (min(used, key=_total), max(used, key=_total)) if used else (None, Usage(output=cap))
    return Estimate(
        model=spec.model,
        scenario=spec.scenario,
        planned=len(specs),
        missing=missing,
        past=len(seen),
        tokens_low=low.total if low else None,
        tokens_expected=mean.total if mean else None,
        tokens_high=high.total,
        cost_low=_priced(spec.model, low, missing),
        cost_expected=_priced(spec.model, mean, missing),
        cost_high=_priced(spec.model, high, missing),
    )


def _total(usage: Usage) -> int:
    return usage.total


def _priced(model: str, usage: Usage | None, episodes: int) -> float | None:
    each = None if usage is None else cost(model, usage)
    return None if each is None else each * episodes
