"""What a metric's difference is made of: scenario families, then arms and levels of factors.

The metric compares within strata (a scenario under a condition) and averages with Mantel and Haenszel's
weights, so each stratum carries ``weight * difference / sum of weights``, and these sum to the whole.

*How sure.* The scenarios were there before anybody looked: Holm's adjustment (1979) over them bounds the
chance of naming a single one that did not move. A gate that was looked at while it ran gets p-values that
allow for that: one over the capital of Turner, Ly and Grünwald's e-process, averaged over the arms of a
scenario (a mean of e-processes is one, however they depend); it bets on "worse" only. Arms and levels
are looked through for anything of interest: Benjamini and Hochberg (1995), and exploratory.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from ulterior.analysis.gate.explanation import Part
from ulterior.analysis.gate.gaps import badness
from ulterior.analysis.gate.intervals import at_level
from ulterior.analysis.gate.pairing import Asked, Instance, Unit
from ulterior.analysis.gate.sequentially import blocks_of
from ulterior.analysis.statistics.multiplicity import benjamini_hochberg, holm
from ulterior.analysis.statistics.sequential import Block, ScenarioTest, SequentialTest

__all__ = ["Stratum", "carried", "exploratory_parts", "scenario_parts"]

Stratum = tuple[str, str]
"""A scenario and a condition, as ``factor=level,...``."""

Conditions = Mapping[Stratum, Mapping[str, str]]


@dataclass(frozen=True)
class _Group:
    kind: str
    scenario: str | None
    name: str
    strata: frozenset[Stratum]


def carried(asked: Asked) -> dict[Stratum, float]:
    """What every stratum that both sides have decided adds to the difference; -1..1."""
    if asked.of_gaps:
        return _carried_gaps(asked)
    tops: dict[Stratum, float] = {}
    whole = 0.0
    now, before = _counts(asked.candidate), _counts(asked.baseline)
    for stratum in sorted(now.keys() & before.keys()):
        (k, n), (k0, n0) = now[stratum], before[stratum]
        tops[stratum] = (k * n0 - k0 * n) / (n + n0)
        whole += n * n0 / (n + n0)
    return {stratum: top / whole for stratum, top in tops.items()}


def _carried_gaps(asked: Asked) -> dict[Stratum, float]:
    """The mean rise of an instance is the mean of its pairs; all instances count the same."""
    rises: dict[Instance, list[tuple[Stratum, float]]] = {}
    for first, second in asked.pairs():
        rises.setdefault(second.instance, []).append((second.stratum, second.rise_from(first)))
    found: dict[Stratum, float] = {}
    for own in rises.values():
        for stratum, rise in own:
            found[stratum] = found.get(stratum, 0.0) + rise / len(own) / len(rises)
    return found


def _counts(units: Iterable[Unit]) -> dict[Stratum, tuple[int, int]]:
    counts: dict[Stratum, tuple[int, int]] = {}
    for unit in units:
        if unit.bad is not None:
            k, n = counts.get(unit.stratum, (0, 0))
            counts[unit.stratum] = k + unit.bad, n + 1
    return counts


def scenario_parts(asked: Asked, alpha: float, *, anytime: bool) -> tuple[Part, ...]:
    """The families, the one that carries most of what happened first."""
    strata = _strata(asked)
    groups = [
        _Group("scenario", name, name, frozenset(s for s in strata if s[0] == name))
        for name in dict.fromkeys(name for name, _ in strata)
    ]
    peeked = _anytime(asked) if anytime else None
    return _ranked(_parts(asked, groups, alpha, holm, peeked), asked)


def exploratory_parts(asked: Asked, conditions: Conditions, alpha: float) -> tuple[Part, ...]:
    """Arms of scenarios with several, and levels of factors that vary within a scenario; what holds the very
    same episodes as something before it is left out."""
    strata = _strata(asked)
    known = {frozenset(s for s in strata if s[0] == name) for name, _ in strata}
    groups: list[_Group] = []
    for group in (*_arms(strata, conditions), *_levels(strata, conditions)):
        if group.strata not in known:
            known.add(group.strata)
            groups.append(group)
    return _ranked(_parts(asked, groups, alpha, benjamini_hochberg), asked)


def _strata(asked: Asked) -> tuple[Stratum, ...]:
    return tuple(sorted({unit.stratum for unit in (*asked.baseline, *asked.candidate)}))


# ---- Which groups ------------------------------------------------------------------------------------


def _varied(strata: Sequence[Stratum], conditions: Conditions) -> dict[str, list[str]]:
    """By scenario, the factors that are not the same in all of its arms."""
    varied: dict[str, list[str]] = {}
    for scenario in dict.fromkeys(name for name, _ in strata):
        own = [conditions[stratum] for stratum in strata if stratum[0] == scenario]
        names = sorted({name for condition in own for name in condition})
        varied[scenario] = [name for name in names if len({each.get(name) for each in own}) > 1]
    return varied


def _arms(strata: Sequence[Stratum], conditions: Conditions) -> Iterator[_Group]:
    varied = _varied(strata, conditions)
    for stratum in strata:
        if factors := varied[stratum[0]]:
            here = conditions[stratum]
            cell = ",".join(f"{name}={here[name]}" for name in factors if name in here)
            yield _Group("arm", stratum[0], f"{stratum[0]} {cell}", frozenset([stratum]))


def _levels(strata: Sequence[Stratum], conditions: Conditions) -> Iterator[_Group]:
    varied = _varied(strata, conditions)
    levels: dict[tuple[str, str], set[Stratum]] = {}
    for stratum in strata:
        for factor in varied[stratum[0]]:
            if factor in conditions[stratum]:
                levels.setdefault((factor, conditions[stratum][factor]), set()).add(stratum)
    for (factor, level), members in sorted(levels.items()):
        yield _Group("level", None, f"{factor}={level}", frozenset(members))


# ---- Counting ----------------------------------------------------------------------------------------


def _parts(
    asked: Asked,
    groups: Sequence[_Group],
    alpha: float,
    adjust: Callable[[Sequence[float | None]], Sequence[float | None]],
    known: Mapping[str, float] | None = None,
) -> Iterator[Part]:
    carries = carried(asked)
    divided = _divided(asked.baseline), _divided(asked.candidate)
    within = [_within(*divided, group.strata, of_gaps=asked.of_gaps) for group in groups]
    moved = [at_level(each, paired=False)(1 - alpha) for each in within]
    p = [
        each.p if known is None else known.get(group.name) for group, each in zip(groups, moved, strict=True)
    ]
    for group, each, found, own, adjusted in zip(groups, within, moved, p, adjust(p), strict=True):
        now, before = _total(each.candidate), _total(each.baseline)
        yield Part.model_validate(
            {
                "kind": group.kind,
                "scenario": group.scenario,
                "name": group.name,
                "k": now[0],
                "n": now[1],
                "k0": before[0],
                "n0": before[1],
                "difference": found.difference,
                "low": found.low,
                "high": found.high,
                "level": found.level,
                "carries": sum(carries.get(stratum, 0.0) for stratum in sorted(group.strata)),
                "p": own,
                "p_adjusted": adjusted,
                "moved": adjusted is not None and adjusted <= alpha,
            }
        )


def _divided(units: Iterable[Unit]) -> dict[Stratum, list[Unit]]:
    divided: dict[Stratum, list[Unit]] = {}
    for unit in units:
        divided.setdefault(unit.stratum, []).append(unit)
    return divided


def _within(
    before: Mapping[Stratum, list[Unit]],
    now: Mapping[Stratum, list[Unit]],
    strata: Iterable[Stratum],
    *,
    of_gaps: bool,
) -> Asked:
    """The units of these strata, of the baseline and of the candidate."""
    ordered = sorted(strata)
    return Asked(
        baseline=tuple(unit for stratum in ordered for unit in before.get(stratum, ())),
        candidate=tuple(unit for stratum in ordered for unit in now.get(stratum, ())),
        lonely=0,
        of_gaps=of_gaps,
    )


def _total(units: Iterable[Unit]) -> tuple[int, int]:
    counts = _counts(units).values()
    return sum(k for k, _ in counts), sum(n for _, n in counts)


def _ranked(parts: Iterable[Part], asked: Asked) -> tuple[Part, ...]:
    """By what they carry of the way that the metric went."""
    sign = 1 if sum(carried(asked).values()) >= 0 else -1
    return tuple(sorted(parts, key=lambda part: (-sign * round(part.carries, 9), part.name)))


def _anytime(asked: Asked) -> dict[str, float]:
    """Per scenario a p-value that may be looked at as the gate runs. One block of every instance and arm:
    its first epoch. Gaps are no yes and no: theirs is one over the capital of the paired bet."""
    if asked.of_gaps:
        return _anytime_gaps(asked)
    blocks: dict[Stratum, dict[int, Block]] = {}
    for first, second in asked.pairs():
        own = blocks.setdefault(second.stratum, {})
        own.setdefault(second.seed, Block(second.scenario, int(bool(first.bad)), int(bool(second.bad))))
    capitals: dict[str, list[float]] = {}
    for (scenario, _), own in sorted(blocks.items()):
        test = ScenarioTest().after(own[seed] for seed in own)
        capitals.setdefault(scenario, []).append(exp(min(test.log_e, 700.0)))
    return {name: min(1.0, len(each) / sum(each)) for name, each in capitals.items()}


def _anytime_gaps(asked: Asked) -> dict[str, float]:
    pairs: dict[Instance, list[tuple[float, float]]] = {}
    for first, second in asked.pairs():
        pair = badness(first.gap or 0.0), badness(second.gap or 0.0)
        pairs.setdefault(second.instance, []).append(pair)
    found: dict[str, list[Block]] = {}
    for block in blocks_of(pairs):
        found.setdefault(block.stratum, []).append(block)
    return {name: SequentialTest((name,)).after(own).p for name, own in found.items()}
