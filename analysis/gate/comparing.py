"""Metric by metric: what was asked, how far it moved, which word that is, and which episodes show it.

The level of an interval is decided over all primary metrics together, see
:mod:`~ulterior.analysis.gate.multiplicity`; the word by :mod:`~ulterior.analysis.gate.words`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from math import ceil
from urllib.parse import quote

from scipy.special import ndtri

from ulterior.analysis.gate.intervals import Moved, at_level
from ulterior.analysis.gate.measuring import measured
from ulterior.analysis.gate.multiplicity import levels_of
from ulterior.analysis.gate.pairing import Asked, Instance, Unit, asked_of
from ulterior.analysis.gate.policy import Metric, Policy
from ulterior.analysis.gate.sentences import because, counted_bad, missing_sentence, points
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.verdict import EpisodeLink, Measured, MetricVerdict, Stratum, Word
from ulterior.analysis.gate.words import Bounds, word_for
from ulterior.analysis.statistics.multiplicity import holm
from ulterior.analysis.statistics.wording import several

__all__ = ["PRIMARY", "Moving", "compare"]

_SHOWN = 20
"""Episodes that a metric links as evidence, at most."""
_FEW_INSTANCES = 15
_UNLIKE = 0.1
"""Difference of the shares of undecided episodes from which it is told."""
_TOO_MANY = 100
"""Times as many episodes as there are: nobody will run them."""

PRIMARY = ("rate", "paired")
"""The kinds of metrics that say worse or not worse by an interval."""

Moving = Callable[[str, Metric, Asked], Callable[[float], Moved]]
"""How far a metric has moved as a function of the level of its bounds, by its name and what it is about."""


def _at_once(_: str, metric: Metric, asked: Asked) -> Callable[[float], Moved]:
    return at_level(asked, paired=metric.kind == "paired")


def compare(
    baseline: Side,
    candidate: Side,
    policy: Policy,
    moving: Moving = _at_once,
    within: Collection[Instance] | None = None,
) -> tuple[MetricVerdict, ...]:
    """The verdict on every metric, in the policy's order. Nothing here looks at drifts: see
    :mod:`~ulterior.analysis.gate.deciding`.

    ``moving`` is what takes the place of intervals that are looked at once. ``within``: only these instances
    enter rates and differences; canaries see all.
    """
    asked = {name: asked_of(baseline, candidate, metric) for name, metric in policy.metrics.items()}
    if within is not None:
        asked = {
            name: each if policy.metrics[name].kind == "canary" else each.within(within)
            for name, each in asked.items()
        }
    moved = {
        name: moving(name, metric, asked[name])
        for name, metric in policy.metrics.items()
        if metric.kind != "canary"
    }
    alphas = {name: metric.alpha or policy.alpha for name, metric in policy.metrics.items()}
    primary = [name for name, metric in policy.metrics.items() if metric.kind in PRIMARY]
    levels = levels_of(
        {name: (moved[name], alphas[name]) for name in primary}, adjust=policy.multiplicity == "holm"
    )
    adjusted = dict(zip(primary, holm([moved[name](1 - alphas[name]).p for name in primary]), strict=True))
    return tuple(
        _metric(
            name,
            metric,
            policy,
            asked[name],
            moved.get(name, _nothing),
            levels.get(name, 1 - alphas[name]),
            adjusted.get(name) if policy.multiplicity == "holm" else None,
            candidate.study,
        )
        for name, metric in policy.metrics.items()
    )


def _nothing(level: float) -> Moved:
    return Moved(None, None, None, level, None, "every event counts")


def _metric(
    name: str,
    metric: Metric,
    policy: Policy,
    asked: Asked,
    moved: Callable[[float], Moved],
    level: float,
    p_adjusted: float | None,
    study: str,
) -> MetricVerdict:
    alpha = metric.alpha or policy.alpha
    lower, upper = moved(level), moved(1 - alpha)
    once, canary = lower.anytime is None, metric.kind == "canary"
    if metric.kind == "paired" or not (once or canary):
        asked = asked.of_pairs()  # the rates are of what the difference is of
    before, now = (
        measured(side, 1 - alpha, once=once, of_gaps=asked.of_gaps)
        for side in (asked.baseline, asked.candidate)
    )
    n = sum(1 for _ in asked.pairs()) if metric.kind == "paired" else min(before.n, now.n)
    n = n if lower.anytime is None else lower.anytime
    new = _new_events(asked)
    seen = Bounds(
        margin=metric.margin,
        min_n=policy.min_n,
        n=now.n if canary else n,
        difference=_difference(before, now, metric) if canary else lower.difference,
        low=lower.low,
        high=upper.high,
        new=len(new),
    )
    word, ground = word_for(metric.kind, seen)
    why = because(ground, metric, seen, before, now, 1 - alpha)
    missing = asked.missing()
    if max(missing) > policy.max_missing:
        side = "candidate" if missing[1] >= missing[0] else "baseline"
        word, why = "NOT COMPARABLE", missing_sentence(side, max(missing), policy.max_missing)
    return MetricVerdict(
        metric=name,
        outcome=metric.outcome,
        kind=metric.kind,
        direction=metric.direction,
        purpose=metric.purpose,
        margin=metric.margin,
        alpha=alpha,
        baseline=before,
        candidate=now,
        difference=seen.difference,
        low=seen.low,
        high=seen.high,
        level=level,
        upper_level=1 - alpha,
        method=lower.method,
        p=lower.p,
        p_adjusted=p_adjusted,
        word=word,
        because=why,
        needs=_needs(seen, alpha, upper.method, asked) if word == "INCONCLUSIVE" and once else None,
        left_out=lower.left_out,
        missing=max(missing),
        on_inconclusive=metric.on_inconclusive or policy.on_inconclusive,
        strata=tuple(_strata(asked, metric, new)),
        evidence=tuple(_evidence(asked, metric, new, word, study)),
        warnings=tuple(_warnings(asked, before, now, lower, metric)),
    )


# ---- Counting ----------------------------------------------------------------------------------------


def _difference(before: Measured, now: Measured, metric: Metric) -> float | None:
    if before.rate is None or now.rate is None:
        return None
    rise = now.rate - before.rate
    return rise if metric.direction == "lower_is_better" else -rise


def _strata(asked: Asked, metric: Metric, new: Sequence[Unit]) -> Iterator[Stratum]:
    for scenario in sorted({unit.scenario for unit in (*asked.baseline, *asked.candidate)}):
        before, now = (
            measured([unit for unit in side if unit.scenario == scenario], 0.95, of_gaps=asked.of_gaps)
            for side in (asked.baseline, asked.candidate)
        )
        yield Stratum(
            scenario=scenario,
            baseline=before,
            candidate=now,
            difference=_difference(before, now, metric),
            new=sum(unit.scenario == scenario for unit in new),
        )


def _new_events(asked: Asked) -> list[Unit]:
    """Of the candidate, where the baseline had none on the same instance."""
    known = asked.partners()
    return [
        unit
        for unit in asked.candidate
        if unit.bad is not None and (unit.rise_from(known[unit.key]) > 0 if unit.key in known else unit.bad)
    ]


def _evidence(
    asked: Asked, metric: Metric, new: Sequence[Unit], word: Word, study: str
) -> Iterator[EpisodeLink]:
    """Flips first: what the baseline did not do on the very same instance."""
    if word in ("PASS", "IMPROVED", "NOT COMPARABLE"):
        return
    known = asked.partners()
    ordered = sorted(new, key=lambda unit: -unit.rise_from(known[unit.key]) if unit.key in known else 0.0)
    for unit in ordered[:_SHOWN]:
        yield EpisodeLink(
            study=study,
            episode=unit.episode,
            scenario=unit.scenario,
            seed=unit.seed,
            route=f"#/s/{quote(study, safe='')}/e/{unit.episode}",
            note=_beside(metric, unit, known[unit.key]) if unit.key in known else "",
        )


def _beside(metric: Metric, unit: Unit, other: Unit) -> str:
    if unit.gap is None:
        verb = "did not" if metric.direction == "lower_is_better" else "did"
        return f"the baseline {verb} on this instance"
    return f"{points(unit.rise_from(other))} points more than the baseline on this instance"


# ---- What else is to be said -------------------------------------------------------------------------


def _warnings(asked: Asked, before: Measured, now: Measured, moved: Moved, metric: Metric) -> Iterable[str]:
    exact = moved.method.startswith("exact bounds")
    yield from (text for text in moved.warnings if not exact)
    if asked.lonely:
        yield f"left out because only one side has them: {several(asked.lonely, 'arm')}"
    fewest = min(before.clusters, now.clusters)
    if 0 < fewest < _FEW_INSTANCES and metric.kind != "canary" and moved.anytime is None and not exact:
        yield f"only {several(fewest, 'instance')} on a side: the bounds are rough"
    if moved.left_out:
        yield f"left out because only one side is decided there: {several(moved.left_out, 'episode')}"
    shares = [side.undecided / max(1, side.undecided + side.n) for side in (before, now)]
    if abs(shares[1] - shares[0]) > _UNLIKE:
        yield (
            f"can't be told in {100 * shares[0]:.0f} % of the baseline's episodes and in "
            f"{100 * shares[1]:.0f} % of the candidate's: the rates are about unlike episodes"
        )
    known = counted_bad(metric.direction, before)
    if metric.kind == "canary" and known:
        lower = metric.direction == "lower_is_better"
        verb, what = ("has", "must not") if lower else ("lacks", "must always")
        yield (f"the baseline itself {verb} it in {known} of {before.n}: a canary is for what {what} happen")


def _needs(seen: Bounds, alpha: float, method: str, asked: Asked) -> int | None:
    """About how many more episodes a side would decide it, if the rates stay what they are; of a canary the
    candidate.

    The interval shrinks with the root of n; it has to reach far enough with a power of 0.8, and where it is
    to be worse, the estimate has to stay beyond the margin with that power, too. Exact bounds of what
    doesn't vary shrink with n itself. None where the estimate stands on the margin, so that no number would
    do.
    """
    each = 2 if asked.of_gaps else 1  # a gap takes two episodes
    least = each * max(0, seen.min_n - seen.n)
    if seen.difference is None or seen.low is None or seen.high is None:
        return least or None
    away = seen.difference - seen.margin
    half, room = (
        (seen.difference - seen.low, seen.difference) if away > 0 else (seen.high - seen.difference, -away)
    )
    if room <= 0:
        return None
    if method.startswith("exact bounds") and not _varies(asked):
        times = half / room
    else:
        z, power = float(ndtri(1 - alpha / 2)), float(ndtri(0.8))
        times = (half / room * (z + power) / z) ** 2
        if away > 0:
            times = max(times, (half / away * power / z) ** 2)
    if times > _TOO_MANY:
        return None
    return max(least, each * ceil(seen.n * (times - 1)))


def _varies(asked: Asked) -> bool:
    """Whether pairs differ in how they moved; exact bounds of two arms without pairs are of what doesn't."""
    return len({round(now.rise_from(before), 9) for before, now in asked.pairs()}) > 1
