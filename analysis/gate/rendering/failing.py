"""Which metrics fail, in every form that has failures: as the exit code treats them."""

from ulterior.analysis.gate.verdict import MetricVerdict, Verdict, Word

__all__ = ["FINE", "fails"]

FINE: tuple[Word, ...] = ("PASS", "IMPROVED")


def fails(metric: MetricVerdict, verdict: Verdict) -> bool:
    """Whether a metric is a reason for the exit code, where that is not 0. What neither fails nor is fine is
    told without failing. Some metric fails exactly where the code is not 0, unless the sides can't be
    compared; see :mod:`~ulterior.analysis.gate.deciding`."""
    if metric.word in FINE:
        return False
    if metric.word in ("REGRESSION", "NOT COMPARABLE"):
        return True
    if metric.kind == "validity" and metric.word == "INCONCLUSIVE":
        return False
    return verdict.exit_code != 0 and metric.on_inconclusive == "fail"
