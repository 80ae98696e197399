"""A verdict as JUnit's XML: a suite for the gate itself, and one for every scenario family with a case
per metric.

The verdict is on pooled metrics. The cases of a family say what its share in them is, and fail only with
the metric: a family by itself has too few episodes for a verdict of its own. One that got worse as a whole
fails where it did: a rate in families where it went the wrong way, a canary in those with new events. What is
inconclusive fails or is skipped as the policy says, and a family without data is skipped.
"""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ulterior.analysis.gate.rendering.failing import FINE, fails
from ulterior.analysis.gate.sentences import amount, points
from ulterior.analysis.gate.verdict import MetricVerdict, Stratum, Verdict, Word

__all__ = ["render_junit"]

_BAD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold, escaped or not."""


def render_junit(verdict: Verdict) -> str:
    """The XML. The first suite holds the overall word, the self-check and every metric."""
    root = Element("testsuites", name="ulterior gate")
    suite = SubElement(root, "testsuite", name="gate")
    _case(suite, "verdict", verdict.word, verdict.because, fails=verdict.exit_code != 0)
    for metric in verdict.metrics:
        case = _case(suite, metric.metric, metric.word, metric.because, fails=fails(metric, verdict))
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


def _case(suite: Element, name: str, word: Word, why: str, *, fails: bool) -> Element:
    case = SubElement(
        suite, "testcase", classname=f"ulterior.{suite.get('name')}", name=_clean(name), time="0"
    )
    if word not in FINE:
        kind = "failure" if fails else "skipped"
        about = SubElement(case, kind, message=_clean(f"{word}: {why}"))
        if fails:
            about.set("type", word.lower().replace(" ", "-"))
    return case


def _family_case(suite: Element, metric: MetricVerdict, stratum: Stratum, verdict: Verdict) -> None:
    share = _share(metric, stratum)
    here = _evidence(metric, stratum.scenario)
    word: Word = metric.word if _has_part(metric, stratum) else "PASS"
    why, fail = f"{metric.metric} over all families; here {share}", fails(metric, verdict)
    empty = _empty(metric, stratum)
    if empty is not None and metric.word != "NOT COMPARABLE":  # which may be because of what is missing here
        word, why, fail = "INCONCLUSIVE", f"no data: no episode of the {empty} is decided here", False
    case = _case(suite, metric.metric, word, why, fails=fail)
    SubElement(case, "system-out").text = _clean("\n".join([share, *here]))


def _share(metric: MetricVerdict, stratum: Stratum) -> str:
    before, now = stratum.baseline, stratum.candidate
    first, second = (amount(metric.outcome, side.rate) for side in (before, now))
    share = f"{before.k}/{before.n} ({first}) to {now.k}/{now.n} ({second})"
    if stratum.difference is None:
        return share
    way = "" if metric.direction == "lower_is_better" else ", more is worse"
    return f"{share}, {points(stratum.difference)} points{way}"


def _empty(metric: MetricVerdict, stratum: Stratum) -> str | None:
    """The side without data; a canary needs none of the baseline."""
    if not stratum.candidate.n:
        return "candidate"
    return "baseline" if not stratum.baseline.n and metric.kind != "canary" else None


def _has_part(metric: MetricVerdict, stratum: Stratum) -> bool:
    """Whether what a metric says is of this family, too."""
    if metric.word not in ("REGRESSION", "VALIDITY WARNING"):
        return True
    return stratum.new > 0 if metric.kind == "canary" else (stratum.difference or 0) > 0


def _evidence(metric: MetricVerdict, scenario: str | None = None) -> list[str]:
    return [
        f"{link.scenario} seed {link.seed}: {link.episode} in {link.study} {link.route} {link.note}".rstrip()
        for link in metric.evidence
        if scenario in (None, link.scenario)
    ]


def _clean(text: str) -> str:
    return _BAD.sub("\ufffd", text)
