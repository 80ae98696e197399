"""The panel of sandbagging: verdicts on groups, never on episodes."""

from ulterior.analysis.report.grid import Grid, Measured, Panel, measured
from ulterior.analysis.report.model import Report
from ulterior.analysis.report.numbers import NO_DATA, p_value, percent, signed_percent
from ulterior.analysis.sandbagging.paired_gap import PairedGap
from ulterior.analysis.sandbagging.verdict import GroupVerdict

__all__ = ["sandbagging_panel"]


def sandbagging_panel(report: Report) -> Panel | None:
    """One row per scenario and model that answered single items; None where nothing of the kind was run."""
    if not report.sandbagging:
        return None
    rows = tuple(
        (
            each.scenario,
            each.model,
            each.verdict,
            _drawn(each.gap),
            p_value(each.p_adjusted),
            str(each.gap.pairs),
            NO_DATA if each.gap.detectable is None else percent(each.gap.detectable),
            _drawn(each.specific),
            "; ".join(_beside(each)) or NO_DATA,
        )
        for each in report.sandbagging
    )
    columns = (
        "scenario",
        "model",
        "verdict",
        "gap",
        "p (Holm)",
        "pairs",
        "would be found",
        "against doing well",
        "beside it",
    )
    unseen = dict.fromkeys(each.cannot_see for each in report.sandbagging)
    return Panel(
        "sandbagging",
        "Worse answers where it pays to fail",
        "Pairs of episodes on the same items, where a low score pays and where it doesn't. Refusals,"
        " unreadable and missing answers are no wrong answers. A gap has no explanation here: it depends on"
        " the incentive, and that is all that is said.",
        (Grid("Gaps in right answers, in percentage points", columns, rows, frozenset({3, 4, 5, 6, 7})),),
        tuple(f"Not seen by any of this: {text}." for text in unseen),
    )


def _drawn(gap: PairedGap) -> str | Measured:
    return measured(gap.estimate, gap.low, gap.high, write=signed_percent)


def _beside(verdict: GroupVerdict) -> list[str]:
    reason = [verdict.reason] if verdict.reason else []
    return [*reason, *verdict.notes]
