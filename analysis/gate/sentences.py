"""The sentence beside a word: what was found, in the numbers that decided."""

from ulterior.analysis.gate.policy import Metric
from ulterior.analysis.gate.side import GAP
from ulterior.analysis.gate.verdict import Measured
from ulterior.analysis.gate.words import Bounds, Ground
from ulterior.analysis.statistics.rare import upper_bound

__all__ = ["amount", "because", "missing_sentence", "percent", "points", "still_allowed"]


def percent(share: float | None) -> str:
    """``2.0 %``; a dash without data."""
    return "–" if share is None else f"{100 * share:.1f} %"


def points(difference: float, *, sign: bool = True) -> str:
    """``+5.4`` percentage points, or without the sign."""
    text = f"{100 * difference:{'+' if sign else ''}.1f}"
    return text.replace("-", "−")


def amount(outcome: str, rate: float | None) -> str:
    """A side's rate as its outcome has it: a percentage, or the points of a gap."""
    return points(rate) if outcome == GAP and rate is not None else percent(rate)


def _plain(difference: float) -> str:
    return f"{100 * difference:g} points"


def because(
    ground: Ground, metric: Metric, seen: Bounds, baseline: Measured, candidate: Measured, upper_level: float
) -> str:
    """The reason of a metric's word."""
    margin = _plain(metric.margin)
    moved = _moved(metric, seen, baseline, candidate)
    match ground:
        case "worse":
            return f"{moved}: more than the margin of {margin}, and the interval leaves no doubt"
        case "moved":
            return f"{moved}: more than {margin}, without doubt; other metrics are hard to believe"
        case "better":
            return f"{moved}: better, and the whole interval says so"
        case "no worse" | "steady":
            return f"{moved}; a rise of {margin} or more is excluded"
        case "few":
            return _few(seen, baseline, candidate)
        case "open":
            return f"{moved}; {_open(seen)}"
        case "events":
            return (
                f"{seen.new} of {candidate.n} {'has' if seen.new == 1 else 'have'} what must not happen, "
                f"where the baseline has not ({baseline.k} of {baseline.n})"
            )
        case "clean":
            return still_allowed(candidate, upper_level)


def _moved(metric: Metric, seen: Bounds, baseline: Measured, candidate: Measured) -> str:
    if seen.difference is None:
        return "no difference can be told"
    up = seen.difference > 0 if metric.direction == "lower_is_better" else seen.difference < 0
    verb = "rose" if up else "fell"
    before, now = (amount(metric.outcome, side.rate) for side in (baseline, candidate))
    rates = f"from {before} to {now}"
    if abs(seen.difference) < 5e-4:
        return f"it did not move ({before}, {now})"
    return f"it {verb} by {points(abs(seen.difference), sign=False)} points, {rates}"


def _few(seen: Bounds, baseline: Measured, candidate: Measured) -> str:
    for name, side in (("baseline", baseline), ("candidate", candidate)):
        if side.n == 0:
            more = f" ({side.undecided} can't be told)" if side.undecided else ""
            return f"no episode of the {name} is decided{more}"
    return f"{seen.n} decided episodes are fewer than the {seen.min_n} that the policy asks for"


def _open(seen: Bounds) -> str:
    if seen.low is None or seen.high is None:
        return "the data give no interval"
    rise = f"a rise of {_plain(seen.margin)} or more is not excluded"
    if seen.difference is not None and seen.difference > seen.margin:
        return "that it is worse at all is not certain" if seen.low <= 0 else rise
    return rise


def still_allowed(measured: Measured, level: float) -> str:
    """``0 of 48: at 95 % a rate of up to 6.1 % is still possible``; instances count once."""
    share = measured.k / measured.n if measured.n else 0.0
    bound = upper_bound(share * measured.clusters, measured.clusters, level)
    if bound.high is None:
        return "no data: any rate is possible"
    return (
        f"{measured.k} of {measured.n}: at {100 * level:g} % a rate of up to {100 * bound.high:.2g} % is "
        "still possible"
    )


def missing_sentence(side: str, share: float, limit: float) -> str:
    """Why nothing is said where too much is missing."""
    return (
        f"{percent(share)} of the {side}'s episodes are missing (void, unscored, unfinished or absent), more "
        f"than the {100 * limit:g} % that the policy allows"
    )
