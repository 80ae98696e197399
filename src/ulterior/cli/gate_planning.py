"""What a gate's episodes will cost, from what the baseline's took and the candidate's price."""

from ulterior.agent_runtime.models.prices import price
from ulterior.analysis.gate.planning import GatePlan, PriceOf, plan_gate
from ulterior.analysis.gate.policy import Policy
from ulterior.analysis.gate.side import Arm, Side

__all__ = ["plan_of", "price_of"]

_PROMPT = 0.9
"""The share of an agent's tokens that are taken to be prompt: a baseline's file does not tell them apart."""


def plan_of(
    baseline: Side,
    policy: Policy,
    model: str,
    budget: float | None = None,
    cycles: int | None = None,
    *,
    name: str | None = None,
) -> GatePlan:
    """The plan of a gate of this model."""
    priced = price_of(baseline, model)
    return plan_gate(baseline, policy, model, priced, budget=budget, most=cycles, name=name)


def price_of(baseline: Side, model: str) -> PriceOf:
    """US dollars for an episode of an arm: what the baseline paid, if it is the same model, else its tokens
    at the model's price, without any discount for cached ones. None where either is unknown."""
    known = price(model)

    def priced(arm: Arm) -> float | None:
        if model == baseline.model and arm.cost is not None:
            return arm.cost
        if known is None or arm.tokens is None:
            return None
        return arm.tokens * (_PROMPT * known.input + (1 - _PROMPT) * known.output) / 1_000_000

    return priced
