"""The sentence beside a word: what was found, in the numbers that decided.

Whatever is worse is named as the metric's direction has it: of what should be high, a fall, and episodes
that lack it.
"""

from typing import Literal

from ulterior.analysis.gate.policy import Metric
from ulterior.analysis.gate.side import GAP
from ulterior.analysis.gate.verdict import Measured, MetricVerdict
from ulterior.analysis.gate.words import Bounds, Ground
from ulterior.analysis.statistics.rare import upper_bound
from ulterior.analysis.statistics.wording import several

__all__ = [
    "amount",
    "because",
    "counted_bad",
    "missing_sentence",
    "needs_sentence",
    "percent",
    "points",
    "rough",
    "still_allowed",
    "worsening",
]

Direction = Literal["lower_is_better", "higher_is_better"]

_ROUNDING = 0.0016
"""By which a difference and two rates with one decimal of a percent can seem to disagree."""


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


def rough(share: float) -> str:
    """Two digits of a percentage: ``6.1 %``, and never ``1e+02 %``."""
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"


def worsening(direction: Direction) -> str:
    """What going the wrong way is called."""
    return "rise" if direction == "lower_is_better" else "fall"


def counted_bad(direction: Direction, measured: Measured) -> int:
    """How many of a side's episodes the metric counts as bad: those that lack what should be high."""
    return measured.k if direction == "lower_is_better" else measured.n - measured.k


def _plain(difference: float) -> str:
    number = f"{100 * difference:g}"
    return f"{number} point" if number == "1" else f"{number} points"


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
            return f"{moved}; {_by_the_margin(metric)} is excluded"
        case "few":
            return _few(metric, seen, baseline, candidate)
        case "open":
            return f"{moved}; {_open(metric, seen)}"
        case "events":
            return _events(metric.direction, seen.new, baseline, candidate)
        case "clean":
            return still_allowed(metric.direction, candidate, upper_level)


def _moved(metric: Metric, seen: Bounds, baseline: Measured, candidate: Measured) -> str:
    if seen.difference is None:
        return "no difference can be told"
    rise = seen.difference if metric.direction == "lower_is_better" else -seen.difference
    before, now = (amount(metric.outcome, side.rate) for side in (baseline, candidate))
    alike = _agrees(rise, baseline, candidate)
    still = abs(rise) < 5e-4
    moved = f"it {'rose' if rise > 0 else 'fell'} by {points(abs(rise), sign=False)} points"
    if not alike:
        return f"{_MATCHED}, {'it did not move' if still else moved} (in all from {before} to {now})"
    return f"it did not move ({before}, {now})" if still else f"{moved}, from {before} to {now}"


_MATCHED = "like compared with like"
"""Where scenarios or pairs are unlike, the rates of all episodes move otherwise than what is compared."""


def _agrees(rise: float, baseline: Measured, candidate: Measured) -> bool:
    if baseline.rate is None or candidate.rate is None:
        return True
    return abs(candidate.rate - baseline.rate - rise) < _ROUNDING


def _by_the_margin(metric: Metric) -> str:
    least = f" of {_plain(metric.margin)} or more" if metric.margin else ""
    return f"a {worsening(metric.direction)}{least}"


def _few(metric: Metric, seen: Bounds, baseline: Measured, candidate: Measured) -> str:
    sides = {"baseline": baseline, "candidate": candidate}
    if metric.kind == "canary":
        del sides["baseline"]  # which a canary does not need
    for name, side in sides.items():
        if side.n == 0:
            more = f" ({side.undecided} can't be told)" if side.undecided else ""
            return f"no episode of the {name} is decided{more}"
    if seen.n == 0:
        return "no episode is decided on both sides"
    verb = "is" if seen.n == 1 else "are"
    asked = f"{verb} fewer than the {seen.min_n} that the policy asks for"
    if seen.n < min(side.n for side in sides.values()):
        return f"{several(seen.n, 'episode')} decided on both sides {asked}"
    return f"{several(seen.n, 'decided episode')} {asked}"


def _open(metric: Metric, seen: Bounds) -> str:
    if seen.low is None or seen.high is None:
        return "the data give no interval"
    if seen.difference is not None and seen.difference > seen.margin:
        return f"that it {'moved' if metric.kind == 'validity' else 'is worse'} at all is not certain"
    return f"{_by_the_margin(metric)} is not excluded"


def _events(direction: Direction, new: int, baseline: Measured, candidate: Measured) -> str:
    """Events that the baseline has not on the same instance; all of them where there are others, too."""
    lower = direction == "lower_is_better"
    one, many, what = ("has", "have", "must not") if lower else ("lacks", "lack", "must always")
    found = f"{new} of {candidate.n} {one if new == 1 else many} what {what} happen"
    before, now = (counted_bad(direction, side) for side in (baseline, candidate))
    if not baseline.n:
        return f"{found}; nothing is decided in the baseline"
    known = f"{before} of {baseline.n}"
    if before == 0 and now == new:
        without = f"has not ({known})" if lower else f"has it ({known} lack it)"
        return f"{found}, where the baseline {without}"
    whole = f"in all {now} of {candidate.n}, in the baseline {known}"
    return f"{found}, unlike the baseline on the same instance ({whole})"


def still_allowed(
    direction: Direction, measured: Measured, level: float, anytime: float | None = None
) -> str:
    """``0 of 48: at 95 % a rate of up to 6.1 % is still possible``; instances count once. ``anytime`` is
    the bound at whatever time one stops, where it takes the place of that at a fixed size."""
    bad = counted_bad(direction, measured)
    share = bad / measured.n if measured.n else 0.0
    high = upper_bound(share * measured.clusters, measured.clusters, level).high
    if high is None:
        return "no data: any rate is possible"
    found = f"{bad} of {measured.n}"
    if direction == "higher_is_better":
        found = f"{found} {'lacks' if bad == 1 else 'lack'} it"
    known = ", as the baseline on the same instance" if bad else ""
    most, end = (high, "") if anytime is None else (anytime, ", whenever one stops")
    return f"{found}{known}: at {100 * level:g} % a rate of up to {rough(most)} is still possible{end}"


def needs_sentence(metric: MetricVerdict) -> str:
    """What would decide a metric that is open, which has ``needs``."""
    where = "of the candidate" if metric.kind == "canary" else "on either side"
    what = "more episode" if metric.needs == 1 else "more episodes"
    return f"about {metric.needs:,} {what} {where} would decide it"


def missing_sentence(side: str, share: float, limit: float) -> str:
    """Why nothing is said where too much is missing."""
    return (
        f"{percent(share)} of the {side}'s episodes are missing (void, unscored, unfinished or absent), more "
        f"than the {100 * limit:g} % that the policy allows"
    )
