"""A verdict as JUnit's XML: a suite for the gate itself, and one for every scenario family with a case
per metric.

The verdict is on pooled metrics. The cases of a family say what its share in them is, and fail only with
the metric: a family by itself has too few episodes for a verdict of its own. What is inconclusive fails
or is skipped as the policy says.
"""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ulterior.analysis.gate.sentences import amount, points
from ulterior.analysis.gate.verdict import MetricVerdict, Stratum, Verdict, Word

__all__ = ["render_junit"]

_BAD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold, escaped or not."""

_FINE: tuple[Word, ...] = ("PASS", "IMPROVED")


def render_junit(verdict: Verdict) -> str:
    """The XML. The first suite holds the overall word, the self-check and every metric."""
    root = Element("testsuites", name="ulterior gate")
    suite = SubElement(root, "testsuite", name="gate")
    _case(suite, "verdict", verdict.word, verdict.because, fails=verdict.exit_code != 0)
    for metric in verdict.metrics:
        case = _case(suite, metric.metric, metric.word, metric.because, fails=_fails(metric, verdict))
        if metric.evidence:
            SubElement(case, "system-out").text = _clean("\n".join(_evidence(metric)))
    for scenario in sorted({stratum.scenario for metric in verdict.metrics for stratum in metric.strata}):
        family = SubElement(root, "testsuite", name=_clean(scenario))
        for metric in verdict.metrics:
            for stratum in metric.strata:
                if stratum.scenario == scenario:
                    _family_case(family, metric, stratum, verdict)
    for each in root:
        cases = each.findall("testcase")
        each.set("tests", str(len(cases)))
        each.set("failures", str(sum(case.find("failure") is not None for case in cases)))
        each.set("errors", "0")
        each.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _fails(metric: MetricVerdict, verdict: Verdict) -> bool:
    """Whether a metric that isn't fine fails, or is skipped: as the exit code treats it."""
    if metric.word in ("REGRESSION", "NOT COMPARABLE"):
        return True
    if metric.kind == "validity" and metric.word == "INCONCLUSIVE":
        return False
    return verdict.exit_code != 0 and metric.on_inconclusive == "fail"


def _case(suite: Element, name: str, word: Word, why: str, *, fails: bool) -> Element:
    case = SubElement(
        suite, "testcase", classname=f"ulterior.{suite.get('name')}", name=_clean(name), time="0"
    )
    if word not in _FINE:
        kind = "failure" if fails else "skipped"
        about = SubElement(case, kind, message=_clean(f"{word}: {why}"))
        if fails:
            about.set("type", word.lower().replace(" ", "-"))
    return case


def _family_case(suite: Element, metric: MetricVerdict, stratum: Stratum, verdict: Verdict) -> None:
    before, now = stratum.baseline, stratum.candidate
    moved = "" if stratum.difference is None else f", {points(stratum.difference)} points"
    first, second = (amount(metric.outcome, side.rate) for side in (before, now))
    share = f"{before.k}/{before.n} ({first}) to {now.k}/{now.n} ({second}){moved}"
    part = (stratum.difference or 0) > 0 or metric.word != "REGRESSION"
    word: Word = metric.word if part else "PASS"
    case = _case(
        suite,
        metric.metric,
        word,
        f"{metric.metric} over all families; here {share}",
        fails=_fails(metric, verdict),
    )
    here = _evidence(metric, stratum.scenario)
    SubElement(case, "system-out").text = _clean("\n".join([share, *here]))


def _evidence(metric: MetricVerdict, scenario: str | None = None) -> list[str]:
    return [
        f"{link.scenario} seed {link.seed}: {link.episode} in {link.study} {link.route} {link.note}".rstrip()
        for link in metric.evidence
        if scenario in (None, link.scenario)
    ]


def _clean(text: str) -> str:
    return _BAD.sub("\ufffd", text)
