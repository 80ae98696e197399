"""What each collected gate says: passed, failed, skipped or expected to fail, with its reason and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ulterior.analysis.gate.rendering.cells import interval
from ulterior.analysis.gate.sentences import amount, needs_sentence, points
from ulterior.analysis.gate.verdict import Measured, MetricVerdict
from ulterior.analysis.visible import one_line
from ulterior.cli.shell_words import join_words
from ulterior.pytesting.gates import Comparison

__all__ = ["Told", "tell"]

How = Literal["pass", "fail", "skip", "xfail", "error"]
_SHOWN = 5
_GOOD = ("PASS", "IMPROVED")


@dataclass(frozen=True)
class Told:
    """How an item ends. ``text`` is what a failure prints, ``why`` what a skip does."""

    how: How
    word: str
    why: str
    text: str
    numbers: tuple[tuple[str, object], ...] = ()


def tell(found: Comparison, metric: str, scenario: str | None) -> Told:
    """How the item of a metric ends, over all families (``scenario`` None) or in one of them."""
    verdict = found.verdict
    if verdict.word == "NOT COMPARABLE":
        because = verdict.because.replace("--accept-", "--ulterior-accept-")
        why = one_line(f"NOT COMPARABLE: {because}", 2000)
        return Told("error", verdict.word, why, why)
    pooled = next(each for each in verdict.metrics if each.metric == metric)
    if scenario is None:
        return _told(_how(pooled, found), pooled, pooled.because, found)
    own = found.families.get((metric, scenario))
    if own is None:
        return _small(pooled, scenario)
    return _told(*_of_family(own, pooled, found), found=found, called=f"{metric} in {scenario}")


def _how(metric: MetricVerdict, found: Comparison) -> How:
    """As the exit code treats it, so that the two agree: see :mod:`~ulterior.analysis.gate.deciding`."""
    if metric.word in _GOOD:
        return "pass"
    if metric.word == "REGRESSION":
        return "fail"
    if metric.kind == "validity" and metric.word == "INCONCLUSIVE":
        return "skip"
    if metric.on_inconclusive == "pass":
        return "xfail"
    return "fail" if metric.on_inconclusive == "fail" and found.verdict.exit_code else "skip"


def _of_family(
    own: MetricVerdict, pooled: MetricVerdict, found: Comparison
) -> tuple[How, MetricVerdict, str]:
    if own.word == "REGRESSION":
        return "fail", own, own.because
    if own.word in _GOOD and pooled.word not in (*_GOOD, "REGRESSION"):
        return "skip", own, f"over all families: {pooled.because}"
    if own.word in _GOOD:
        return "pass", own, own.because
    n = min(own.baseline.n, own.candidate.n)
    if own.kind == "canary" and n < found.min_n:
        return "skip", own, f"no event, and n = {n} is too few to say that there is none"
    return "skip", own, own.because


def _small(pooled: MetricVerdict, scenario: str) -> Told:
    stratum = next((each for each in pooled.strata if each.scenario == scenario), None)
    n = min(stratum.baseline.n, stratum.candidate.n) if stratum else 0
    why = f"n = {n} is too few to say anything; only a canary can"
    return Told("skip", "INCONCLUSIVE", why, why, (("ulterior_n", n),))


# ---- Words and numbers -------------------------------------------------------------------------------


def _told(how: How, metric: MetricVerdict, why: str, found: Comparison, called: str | None = None) -> Told:
    why = one_line(why, 600)
    lines = _lines(metric, why, called or metric.metric, found.verdict.commands.get("show", ""))
    return Told(how, metric.word, f"{metric.word}: {why}", "\n".join(lines), tuple(_numbers(metric)))


def _lines(metric: MetricVerdict, why: str, called: str, show: str) -> Iterator[str]:
    yield f"{one_line(called, 200)}: {metric.word}. {why}."
    yield f"  baseline   {_rate(metric.outcome, metric.baseline)}"
    yield f"  candidate  {_rate(metric.outcome, metric.candidate)}"
    if metric.difference is not None:
        margin = f", margin {100 * metric.margin:g}" if metric.kind != "canary" else ""
        yield f"  difference {points(metric.difference)} points {interval(metric)}{margin}; {metric.method}"
    if metric.needs:
        yield f"  {needs_sentence(metric)}"
    for warning in metric.warnings:
        yield f"  warning: {one_line(warning, 300)}"
    for link in metric.evidence[:_SHOWN]:
        note = f"; {link.note}" if link.note else ""
        where = one_line(f"{link.scenario} seed {link.seed}{note}", 120)
        if show:
            # An id is quoted, too: what a study keeps beside its episodes may say anything.
            command = f"{show.removesuffix('EPISODE')}{join_words([link.episode])}"
            yield f"  {one_line(command, None)}    # {where}"
        else:
            yield f"  {one_line(link.episode, 60)}  {where}"
    if len(metric.evidence) > _SHOWN:
        yield f"  and {len(metric.evidence) - _SHOWN} more in verdict.json"


def _rate(outcome: str, side: Measured) -> str:
    if not side.n:
        return "no data"
    rate, low, high = (amount(outcome, each) for each in (side.rate, side.low, side.high))
    return f"{side.k}/{side.n} {rate} [{low}, {high}]"


def _numbers(metric: MetricVerdict) -> Iterator[tuple[str, object]]:
    """As ``user_properties``, which JUnit's XML and pytest's JSON reports keep."""
    yield "ulterior_word", metric.word
    for name, side in (("baseline", metric.baseline), ("candidate", metric.candidate)):
        yield f"ulterior_{name}", f"{side.k}/{side.n}"
    for name in ("difference", "low", "high", "margin", "p"):
        value = getattr(metric, name)
        if value is not None:
            yield f"ulterior_{name}", round(value, 6)
    if metric.evidence:
        yield "ulterior_evidence", " ".join(link.episode for link in metric.evidence)
