"""What a run would take: episodes, tokens and dollars, from what past episodes of the study took.

Per model and scenario: past sealed episodes of the same scenario in the study's folder give the lowest,
the mean and the highest tokens per episode. They are taken from the model itself if it has any, else from
others of its kind, else from the other kind, and ``basis`` says from which: a simulated agent writes a
few words where a real model may think for pages.

What is at most possible never comes from the past: it is the token limit at the model's highest price,
or the cost limit if that is less. The turn that reaches a limit is still finished and paid. An unknown
price stays unknown.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from ulterior.agent_runtime.episode import limits_of
from ulterior.agent_runtime.models.prices import cost, price
from ulterior.errors import CorruptTrace
from ulterior.scenarios import Limits, load_scenario
from ulterior.traces import EpisodeSpec, Frozen, Study, Summary, Usage, read_summary

__all__ = ["Basis", "Estimate", "estimate_cost"]

Basis = Literal["own", "other models", "simulated agents", "nothing"]
"""Whose past episodes an estimate rests on."""


class Estimate(Frozen):
    """One model in one scenario. Tokens are per episode, in and out; costs are US dollars in all.

    ``past`` counts the episodes that it rests on. ``_low``, ``_expected`` and ``_highest`` are what those
    took; ``_limit`` is what no episode may pass, but for its last turn.
    """

    model: str
    scenario: str
    planned: int
    missing: int
    basis: Basis
    past: int
    tokens_low: int | None
    tokens_expected: int | None
    tokens_highest: int | None
    tokens_limit: int
    cost_low: float | None
    cost_expected: float | None
    cost_highest: float | None
    cost_limit: float | None

    def describe(self) -> str:
        """A few lines for people."""
        lines = [f"{self.model}  {self.scenario}: {self.missing} of {self.planned} episodes to run"]
        if self.basis == "nothing":
            lines.append("  expected: unknown, because no episode of this scenario is in the folder yet")
        else:
            lines += [
                f"  expected: {self.tokens_expected:,} tokens each, {_in_all(self.cost_expected)}, "
                + self._rests_on(),
                f"  highest so far: {self.tokens_highest:,} tokens; "
                f"if all were so, {_in_all(self.cost_highest)}",
            ]
        lines.append(
            f"  at most: {self.tokens_limit:,} tokens each, {_in_all(self.cost_limit)}, "
            "by an episode's limits"
        )
        return "\n".join(lines)

    def _rests_on(self) -> str:
        count = f"{self.past} past episode{'' if self.past == 1 else 's'}"
        match self.basis:
            case "own" | "nothing":
                return f"from {count} of this model"
            case "other models":
                return f"from {count} of other models; this one may differ several-fold"
            case "simulated agents":
                if self.model.startswith("sim/"):
                    return f"from {count} of other simulated agents"
                return f"from {count} of simulated agents; a real model may differ several-fold"


def _in_all(dollars: float | None) -> str:
    return "cost unknown" if dollars is None else f"${dollars:,.2f} in all"


def estimate_cost(specs: Sequence[EpisodeSpec], root: Path) -> list[Estimate]:
    """One estimate for each model and scenario among ``specs``, in their order."""
    study = Study.open(root) if (root / "study.json").exists() else None
    past: dict[str, list[Summary]] = defaultdict(list)
    for summary in _readable(study) if study else ():
        past[summary.spec.scenario].append(summary)
    cells: dict[tuple[str, str], list[EpisodeSpec]] = defaultdict(list)
    for spec in specs:
        cells[spec.model, spec.scenario].append(spec)
    return [_estimate(group, past[group[0].scenario], study) for group in cells.values()]


def _readable(study: Study) -> Iterator[Summary]:
    """The summaries that can be read: one damaged file must not hide what the others tell."""
    for path in study.sealed():
        try:
            yield read_summary(path)
        except (CorruptTrace, OSError):
            continue


def _estimate(specs: list[EpisodeSpec], past: list[Summary], study: Study | None) -> Estimate:
    spec = specs[0]
    missing = sum(study is None or not study.is_sealed(each.id) for each in specs)
    basis, seen = _basis(spec.model, past)
    used = [Usage(input=summary.tokens_in, output=summary.tokens_out) for summary in seen]
    low, mean, high = _spread(used) if used else (None, None, None)
    limits = limits_of(spec, load_scenario(spec.scenario))
    paid = [summary.cost for summary in seen if summary.cost is not None] if basis == "own" else []
    if used and len(paid) == len(used):  # what was paid knows of cached prompts, a price list does not
        costs = (min(paid), sum(paid) / len(paid), max(paid))
    else:
        costs = (_priced(spec.model, low), _priced(spec.model, mean), _priced(spec.model, high))
    cheap, middle, dear = (None if each is None else each * missing for each in costs)
    bound = _dearest(spec.model, limits)
    return Estimate(
        model=spec.model,
        scenario=spec.scenario,
        planned=len(specs),
        missing=missing,
        basis=basis,
        past=len(seen),
        tokens_low=low.total if low else None,
        tokens_expected=mean.total if mean else None,
        tokens_highest=high.total if high else None,
        tokens_limit=limits.tokens,
        cost_low=cheap,
        cost_expected=middle,
        cost_highest=dear,
        cost_limit=None if bound is None else bound * missing,
    )


def _basis(model: str, past: list[Summary]) -> tuple[Basis, list[Summary]]:
    """The past episodes nearest to a model, and whose they are."""
    own = [summary for summary in past if summary.spec.model == model]
    simulated = [summary for summary in past if _is_simulated(summary.spec.model)]
    real = [summary for summary in past if not _is_simulated(summary.spec.model)]
    others: list[tuple[Basis, list[Summary]]] = [("other models", real), ("simulated agents", simulated)]
    if _is_simulated(model):
        others.reverse()
    nearest_first: list[tuple[Basis, list[Summary]]] = [("own", own), *others]
    for basis, seen in nearest_first:
        if seen:
            return basis, seen
    return "nothing", []


def _is_simulated(model: str) -> bool:
    return model.startswith("sim/")


def _spread(used: list[Usage]) -> tuple[Usage, Usage, Usage]:
    """The lowest, the mean and the highest."""
    mean = Usage(
        input=sum(usage.input for usage in used) // len(used),
        output=sum(usage.output for usage in used) // len(used),
    )
    return min(used, key=_total), mean, max(used, key=_total)


def _total(usage: Usage) -> int:
    return usage.total


def _priced(model: str, usage: Usage | None) -> float | None:
    return None if usage is None else cost(model, usage)


def _dearest(model: str, limits: Limits) -> float | None:
    """US dollars for an episode that uses up its limits with the dearest sort of tokens."""
    known = price(model)
    if known is None:
        return None
    long = known.long_prompt
    each = max(
        max(known.input, known.cache_read, known.cache_write) * (long.input if long else 1),
        known.output * (long.output if long else 1),
    )
    tokens = limits.tokens * each / 1_000_000
    return tokens if limits.cost is None else min(tokens, limits.cost)
