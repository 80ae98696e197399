"""Where the probability of an act jumps: the commit step of an episode, from forks at its steps.

Forks without an edit from one step are independent draws with one unknown rate. The commit step is the
change point that makes the outcomes of all steps most likely under two rates, one up to it and one after it
(binomial likelihood, Hinkley and Hinkley 1970, Biometrika 57). Whether there is any jump at all is decided
by a permutation test of the likelihood ratio against one rate throughout: its null distribution is that of
the same outcomes dealt out anew among the steps, with fixed dice, so that the same data always say the
same. It needs no large-sample theory and allows for having looked at every step.

A bisection looks where outcomes differ, so dealing out all its outcomes anew would flatter it. There the test
compares the first and the last step alone, which were chosen before anything was seen.
"""

import random
from collections.abc import Sequence
from math import log
from typing import Literal

from ulterior.analysis.statistics import Rate
from ulterior.traces import Frozen

__all__ = ["SUPPORTED", "CommitStep", "StepRate", "commit_step", "most_bisected", "next_to_try"]

SUPPORTED = 0.05
"""The p-value up to which a jump is taken as supported."""

_DEALS = 1_999
_SEED = 20_261_124


class StepRate(Frozen):
    """One scanned step, behind event ``at`` and before model turn ``turn``, and how its forks came out.

    ``unscored`` counts forks without an answer by reason; they are in no rate.
    """

    at: int
    turn: int
    rate: Rate
    unscored: dict[str, int]


class CommitStep(Frozen):
    """The largest jump, and whether there is one.

    It lies in model turns ``first_turn`` to ``last_turn``: one turn, when both steps around it were tried.
    ``before`` and ``after`` are the rates on its sides, ``jump`` their difference.

    ``ratio`` is twice the log-likelihood ratio against no change, ``p`` its permutation test. ``found`` is
    False where the data don't support a jump; the other values are then the best candidate's, or None
    without one.
    """

    found: bool
    first_turn: int | None
    last_turn: int | None
    at: int | None
    before: float | None
    after: float | None
    jump: float | None
    ratio: float | None
    p: float | None
    test: Literal["all steps", "first against last step", "no data"]


_NOTHING = CommitStep(
    found=False,
    first_turn=None,
    last_turn=None,
    at=None,
    before=None,
    after=None,
    jump=None,
    ratio=None,
    p=None,
    test="no data",
)


def commit_step(steps: Sequence[StepRate], *, bisected: bool = False) -> CommitStep:
    """The commit step among scanned steps of one episode, in their order."""
    usable = sorted((step for step in steps if step.rate.n), key=lambda step: step.at)
    if len(usable) < 2:
        return _NOTHING
    counts = [(step.rate.k, step.rate.n) for step in usable]
    split, ratio = _best_split(counts)
    p = _permuted([counts[0], counts[-1]] if bisected else counts)
    left, right = _pooled(counts[:split]), _pooled(counts[split:])
    before, after = left[0] / left[1], right[0] / right[1]
    return CommitStep(
        found=p <= SUPPORTED,
        first_turn=usable[split - 1].turn,
        last_turn=usable[split].turn - 1,
        at=usable[split - 1].at,
        before=before,
        after=after,
        jump=after - before,
        ratio=ratio,
        p=p,
        test="first against last step" if bisected else "all steps",
    )


def most_bisected(steps: int) -> int:
    """How many of so many steps a bisection tries at most: both ends, and one for every halving between."""
    return min(steps, 2 + max(0, steps - 2).bit_length())


def next_to_try(tried: Sequence[StepRate], candidates: Sequence[int]) -> int | None:
    """The next step of a bisection, by its event: the middle of the half in which the rate changes most.

    ``candidates`` are all steps in order. The ends come first; None when the jump is between neighbours, or
    the ends don't differ at all.
    """
    rates = {step.at: step.rate.estimate for step in tried if step.rate.estimate is not None}
    known = {step.at for step in tried}
    for end in (candidates[0], candidates[-1]):
        if end not in known:
            return end
    if candidates[0] not in rates or candidates[-1] not in rates:
        return None
    low, high = 0, len(candidates) - 1
    if rates[candidates[low]] == rates[candidates[high]]:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        at = candidates[middle]
        if at not in known:
            return at
        if at not in rates:  # nothing there could be judged
            return None
        here = rates[at]
        if abs(here - rates[candidates[low]]) >= abs(rates[candidates[high]] - here):
            high = middle
        else:
            low = middle
    return None


def _best_split(counts: Sequence[tuple[int, int]]) -> tuple[int, float]:
    """How many steps come before the likeliest change, and twice the log-likelihood ratio of it."""
    hits, trials = _pooled(counts)
    null = _likelihood(hits, trials)
    best, ratio = 1, -1.0
    k = n = 0
    for split in range(1, len(counts)):
        k, n = k + counts[split - 1][0], n + counts[split - 1][1]
        found = 2 * (_likelihood(k, n) + _likelihood(hits - k, trials - n) - null)
        if found > ratio + 1e-9:
            best, ratio = split, found
    return best, max(0.0, ratio)


def _permuted(counts: Sequence[tuple[int, int]]) -> float:
    """The share of deals, the real one among them, whose best split is at least as good."""
    hits, trials = _pooled(counts)
    if hits in (0, trials):
        return 1.0
    observed = _best_split(counts)[1]
    outcomes = [True] * hits + [False] * (trials - hits)
    dice, as_good = random.Random(_SEED), 1
    for _ in range(_DEALS):
        dice.shuffle(outcomes)
        dealt: list[tuple[int, int]] = []
        start = 0
        for _, n in counts:
            dealt.append((sum(outcomes[start : start + n]), n))
            start += n
        as_good += _best_split(dealt)[1] >= observed - 1e-9
    return as_good / (_DEALS + 1)


def _pooled(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(k for k, _ in counts), sum(n for _, n in counts)


def _likelihood(k: int, n: int) -> float:
    """The greatest log-likelihood of k hits in n trials, without its constant."""
    if k in (0, n):
        return 0.0
    return k * log(k / n) + (n - k) * log(1 - k / n)
