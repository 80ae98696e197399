"""What a side says in numbers, and what changed between two: for people who review a baseline."""

from collections.abc import Iterator, Mapping, Sequence

from ulterior.analysis.gate.drifting import drifts_between
from ulterior.analysis.gate.intervals import at_level
from ulterior.analysis.gate.outcomes import OUTCOMES
from ulterior.analysis.gate.pairing import asked_of
from ulterior.analysis.gate.policy import DEFAULT, Metric
from ulterior.analysis.gate.sentences import percent, points
from ulterior.analysis.gate.side import GAP, Arm, Side
from ulterior.analysis.gate.verdict import Drift
from ulterior.analysis.statistics.differences import two_rates
from ulterior.analysis.statistics.rates import LEVEL, exact_rate
from ulterior.analysis.visible import one_line
from ulterior.traces import Frozen

__all__ = ["ArmCount", "SideDiff", "counts_of", "diff_sides", "diff_text", "side_text"]


class ArmCount(Frozen):
    """One outcome in one arm: ``k`` of ``n`` decided, and how many can't be told or are missing; of gaps
    their ``mean``, too."""

    scenario: str
    cell: str
    purpose: str | None
    outcome: str
    k: int
    n: int
    undecided: int
    missing: int
    mean: float | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.scenario, self.cell, self.outcome


class ArmChange(Frozen):
    """One outcome in one arm on both sides; None where a side lacks it. Bounds are of the difference, at
    95 %; of gaps it is one of their means."""

    scenario: str
    cell: str
    outcome: str
    before: ArmCount | None
    now: ArmCount | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None


class SideDiff(Frozen):
    """All that differs. ``drifts`` are about what the numbers rest on; ``short`` says the cells of each
    scenario by what varies there."""

    short: dict[str, dict[str, str]]
    first: str
    second: str
    changes: tuple[ArmChange, ...]
    drifts: tuple[Drift, ...]


def counts_of(side: Side, outcomes: Sequence[str] = (*OUTCOMES, GAP)) -> tuple[ArmCount, ...]:
    """Every arm and outcome of a side, in the order of its arms."""
    return tuple(_count(arm, outcome) for arm in side.arms for outcome in outcomes if outcome in arm.outcomes)


def _count(arm: Arm, outcome: str) -> ArmCount:
    marks = arm.outcomes[outcome]
    yes, no = marks.count("x"), marks.count(".")
    gaps = [gap for gap in arm.gaps if gap is not None] if outcome == GAP else []
    return ArmCount(
        scenario=arm.scenario,
        cell=arm.cell,
        purpose=arm.purpose,
        outcome=outcome,
        k=yes,
        n=yes + no,
        undecided=marks.count("?"),
        missing=marks.count("-"),
        mean=sum(gaps) / len(gaps) if gaps else None,
    )


def diff_sides(first: Side, second: Side) -> SideDiff:
    """What changed from the first to the second. Says nothing of whether it could be chance for all of
    them at once: each interval stands alone, and a gate decides."""
    before = {count.key: count for count in counts_of(first)}
    now = {count.key: count for count in counts_of(second)}
    keys = dict.fromkeys((*before, *now))
    changes = (_change(key, before.get(key), now.get(key), first, second) for key in keys)
    return SideDiff(
        short=_short((*first.arms, *second.arms)),
        first=f"{first.model} in {first.study}",
        second=f"{second.model} in {second.study}",
        changes=tuple(change for change in changes if change.before != change.now),
        drifts=drifts_between(first, second, DEFAULT),
    )


def _short(arms: Sequence[Arm]) -> dict[str, dict[str, str]]:
    """By scenario and cell, the levels of the factors that are not the same in all arms; ``all`` of a
    single one."""
    short: dict[str, dict[str, str]] = {}
    for scenario in dict.fromkeys(arm.scenario for arm in arms):
        own = [arm for arm in arms if arm.scenario == scenario]
        for arm in own:
            varied = [
                f"{name}={level}"
                for name, level in arm.condition.items()
                if any(other.condition.get(name) != level for other in own)
            ]
            short.setdefault(scenario, {})[arm.cell] = ",".join(varied) or "all"
    return short


def _change(
    key: tuple[str, str, str], before: ArmCount | None, now: ArmCount | None, first: Side, second: Side
) -> ArmChange:
    scenario, cell, outcome = key
    difference, low, high = None, None, None
    if before is not None and now is not None:
        if outcome == GAP:
            difference, low, high = _gaps_moved(before, now, first, second)
        else:
            found = two_rates(now.k, now.n, before.k, before.n)
            difference, low, high = found.estimate, found.low, found.high
    return ArmChange(
        scenario=scenario,
        cell=cell,
        outcome=outcome,
        before=before,
        now=now,
        difference=difference,
        low=low,
        high=high,
    )


def _gaps_moved(
    before: ArmCount, now: ArmCount, first: Side, second: Side
) -> tuple[float | None, float | None, float | None]:
    """How far the mean moved, with the bounds that a gate gives where all decided instances are on both
    sides: those of others are not about these means. None where the two were compared with different arms."""
    metric = Metric(outcome=GAP, kind="paired", purpose=before.purpose or "")
    asked = asked_of(_alone(first, before), _alone(second, now), metric)
    if before.mean is None or now.mean is None or not asked.baseline:
        return None, None, None
    moved = at_level(asked, paired=True)(LEVEL)
    low, high = (None, None) if moved.left_out else (moved.low, moved.high)
    return now.mean - before.mean, low, high


def _alone(side: Side, count: ArmCount) -> Side:
    arms = tuple(arm for arm in side.arms if arm.key == (count.scenario, count.cell))
    return side.model_copy(update={"arms": arms})


# ---- As text -----------------------------------------------------------------------------------------


def side_text(side: Side) -> str:
    """Rates by scenario, arm and outcome, then what they rest on."""
    lines = [one_line(f"{side.model} in {side.study}: {side.counted} of {side.planned} episodes", 300)]
    lines += [f"reason: {one_line(side.reason, 500)}"] if side.reason else []
    if side.missing:
        reasons = ", ".join(f"{number} {why}" for why, number in side.missing.items())
        lines.append(one_line(f"missing: {reasons}", 300))
    short = _short(side.arms)
    for arm in side.arms:
        cell = short[arm.scenario][arm.cell]
        lines += ["", one_line(f"{arm.scenario}  {cell}  ({arm.purpose or 'no purpose'})", 300)]
        lines += [_told(_count(arm, outcome)) for outcome in (*OUTCOMES, GAP) if outcome in arm.outcomes]
    return "\n".join([*lines, "", *_rests_on(side)]) + "\n"


def _told(count: ArmCount) -> str:
    rate = exact_rate(count.k, count.n)
    bounds = "" if rate.low is None else f"  [{percent(rate.low)}, {percent(rate.high)}]"
    rest = [] if count.mean is None else [f"{points(count.mean)} points on average"]
    rest += [f"{count.undecided} can't be told"] if count.undecided else []
    rest += [f"{count.missing} missing"] if count.missing else []
    return (
        f"  {count.outcome:<10} {percent(rate.estimate):>8}  {count.k}/{count.n}{bounds}"
        f"{'  ' if rest else ''}{', '.join(rest)}"
    )


def _rests_on(side: Side) -> Iterator[str]:
    about = side.fingerprint
    for name, mark in about.scenarios.items():
        yield one_line(f"scenario     {name} version {mark.version}, content {mark.hash[:8]}", 300)
    parts = (
        ("scaffold", about.scaffold), ("detector", about.detectors), ("calibration", about.calibration),
        ("settings", about.settings),
    )  # fmt: skip
    for kind, values in parts:
        for name, value in values.items():
            yield one_line(f"{kind:<12} {name} {value}", 300)
    yield one_line(f"sandbox      {', '.join(about.sandbox)}", 300)


def diff_text(found: SideDiff) -> str:
    """One line for every count and every drift that differs."""
    lines = [one_line(f"from {found.first} to {found.second}", 400), ""]
    lines += [_changed(change, found.short) for change in found.changes] or ["no count differs"]
    lines += ["", *(_drifted(drift) for drift in found.drifts)] if found.drifts else ["", "nothing drifted"]
    return "\n".join(lines) + "\n"


def _changed(change: ArmChange, short: Mapping[str, Mapping[str, str]]) -> str:
    where = f"{change.scenario} {short[change.scenario][change.cell]} {change.outcome}"
    if change.before is None or change.now is None:
        kind, only = ("gone", change.before) if change.now is None else ("new", change.now)
        return one_line(f"{where}: {kind}, {only.k}/{only.n}" if only else where, 300)
    moved = "" if change.difference is None else f"  {points(change.difference)} points"
    if change.low is not None and change.high is not None:
        moved += f" [{points(change.low)}, {points(change.high)}]"
    counts = f"{_counted(change.before)} to {_counted(change.now)}"
    return one_line(f"{where}: {counts}{moved}", 300)


def _counted(count: ArmCount) -> str:
    mean = "" if count.mean is None else f" ({points(count.mean)})"
    return f"{count.k}/{count.n}{mean}"


def _drifted(drift: Drift) -> str:
    before, now = drift.baseline or "nothing", drift.candidate or "nothing"
    return one_line(f"{drift.kind} {drift.what}: {before}, now {now}", 300)
