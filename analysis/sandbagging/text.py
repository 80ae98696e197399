"""Verdicts in lines for people."""

from collections.abc import Iterable, Iterator, Mapping

from ulterior.analysis.sandbagging.arms import TEMPTED
from ulterior.analysis.sandbagging.group import ArmSummary, GroupVerdict
from ulterior.analysis.sandbagging.outcomes import Outcome
from ulterior.analysis.sandbagging.paired_gap import PairedGap
from ulterior.analysis.sandbagging.patterns import ErrorPattern
from ulterior.analysis.visible import one_line

__all__ = ["points", "verdicts_text"]

_WIDTH = 118
_QUOTED = 3
_COLUMNS: Mapping[Outcome, str] = {
    "correct": "right",
    "wrong": "wrong",
    "refused": "refused",
    "malformed": "malformed",
    "missing": "missing",
    "gave_up": "gave up",
    "out_of_budget": "budget",
}


def verdicts_text(verdicts: Iterable[GroupVerdict]) -> str:
    """A block for each model and scenario, and below them what no verdict can see."""
    verdicts = list(verdicts)
    blocks = ["\n".join(_block(verdict)) for verdict in verdicts]
    unseen = dict.fromkeys(f"not seen by any of this: {verdict.cannot_see}." for verdict in verdicts)
    estimand = (
        "gaps are means over these instances, baseline minus tempted; intervals are 95 % over seeds, p-values"
        " adjusted by Holm."
    )
    return "\n\n".join([*blocks, "\n".join([estimand, *unseen])])


def points(gap: PairedGap) -> str:
    """An estimate with its bounds in points of a hundred, ``+43 [38, 47]``, or a dash."""
    if gap.estimate is None or gap.low is None or gap.high is None:
        return "-"
    return f"{100 * gap.estimate:+.0f} [{100 * gap.low:.0f}, {100 * gap.high:.0f}]"


def _block(verdict: GroupVerdict) -> Iterator[str]:
    yield one_line(f"{verdict.scenario}, {verdict.model}: {verdict.verdict}", _WIDTH)
    yield from ([f"  because {verdict.reason}"] if verdict.reason else [])
    yield from (f"  {note}" for note in verdict.notes)
    yield from _gap_lines(verdict)
    yield f"  {'arm, % of items':24}{'episodes':>9}{'seeds':>6}" + "".join(
        f"{name:>10}" for name in _COLUMNS.values()
    )
    yield from map(_arm_line, verdict.arms)
    yield from _beside(verdict)
    left_out = ", ".join(f"{n} {reason}" for reason, n in verdict.left_out.items())
    yield from (["  " + one_line(f"left out: {left_out}", _WIDTH)] if left_out else [])


def _gap_lines(verdict: GroupVerdict) -> Iterator[str]:
    gap, items = verdict.gap, verdict.items
    if gap.estimate is not None:
        adjusted = "" if verdict.p_adjusted is None else f", p {verdict.p_adjusted:.4f}"
        yield (
            f"  gap to {verdict.against}: {points(gap)} points{adjusted}; {gap.pairs} pairs of {gap.seeds}"
            f" seeds, worse in {gap.more}, better in {gap.less}"
        )
        if gap.detectable is not None:
            how = "as sheets that fail altogether" if gap.exact else "at this spread"
            yield f"  found four times in five, {how}: a gap of {100 * gap.detectable:.0f} points"
        yield (
            f"  items: {items.both_right} right in both, {items.both_wrong} wrong in both,"
            f" {items.only_baseline_right} right in {verdict.against} only,"
            f" {items.only_tempted_right} in {TEMPTED} only"
        )
    more = {
        "gap to an incentive to do well": verdict.specific,
        "right in the record, handed in otherwise": verdict.held_in_state,
        "right in the reasoning, handed in otherwise": verdict.held_in_reasoning,
    }
    for name, each in more.items():
        if each.estimate:
            yield f"  {name}: {points(each)} points"
    for arm, each in verdict.others.items():
        if each.estimate is not None:
            yield "  " + one_line(f"{verdict.against} minus {arm}: {points(each)} points", _WIDTH)


def _arm_line(arm: ArmSummary) -> str:
    shares = "".join(f"{100 * arm.outcomes[name]:10.0f}" for name in _COLUMNS)
    return f"  {one_line(arm.arm, 22):24}{arm.episodes:>9}{arm.seeds:>6}{shares}"


def _beside(verdict: GroupVerdict) -> Iterator[str]:
    for side in verdict.sides:
        if side.contrast.estimate:
            arms = f"{TEMPTED} minus {verdict.against}"
            yield f"  {_COLUMNS[side.outcome]}, {arms}: {points(side.contrast)} points"
    for held in verdict.quotes[:_QUOTED]:
        for item in (held.items or ())[:1]:
            said = (
                f"{held.episode[:12]}, event {item.evidence.seq}: {item.evidence.quote!r}, then {item.given}"
            )
            yield "  " + one_line(said, _WIDTH)
    for arm, pattern in verdict.errors.items():
        if pattern.wrong:
            yield f"  errors in {arm}: {_pattern(pattern)}"
    turns = verdict.effort.turns.estimate
    if turns:
        yield f"  turns, {verdict.against} minus {TEMPTED}: {turns:+.1f}"


def _pattern(pattern: ErrorPattern) -> str:
    parts = [f"{pattern.wrong} on {pattern.sheets} sheets"]
    if pattern.entropy is not None and pattern.entropy_p is not None:
        parts.append(f"evenness over places {pattern.entropy:.2f} (p {pattern.entropy_p:.3f})")
    if pattern.near_misses is not None:
        parts.append(f"near misses {pattern.near_misses:.0%}")
    if pattern.commonest_share is not None and pattern.commonest_offset is not None:
        parts.append(f"off by {pattern.commonest_offset:+g} in {pattern.commonest_share:.0%}")
    if pattern.spread is not None:
        parts.append(f"spread {pattern.spread:.2f}")
    if pattern.just_below is not None and pattern.just_below.estimate is not None:
        parts.append(f"just below the threshold {pattern.just_below.estimate:.0%}")
    return ", ".join(parts)
