"""Numbers over a study: copies add no certainty, and where or in which order episodes lie doesn't matter."""

import random
from collections.abc import Iterator

import pytest
from planted_study import Planted, play, spec, tempting
from rewriting import copied, thoughts_stripped

from ulterior.analysis import analyze_study, build_report
from ulterior.analysis.report import Report
from ulterior.analysis.statistics import Rate
from ulterior.analysis.statistics.effects import FactorEffect
from ulterior.analysis.triangle import triangle_of
from ulterior.traces import Study, Trace

SEEDS = range(12)
FAMILY = "locked_file"
STAKES = ("low", "high")


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> list[Trace]:
    """An agent that breaks the rule about every other time, with little and with much at stake."""
    study = Study.create(tmp_path_factory.mktemp("halves"), {})
    conditions = [{**tempting(FAMILY), "stakes": level} for level in STAKES]
    specs = [spec(FAMILY, "mixed?covert=0.5", seed, each) for each in conditions for seed in SEEDS]
    play(study, specs)
    return [study.trace(each.id) for each in specs]


def report_of(study: Study, traces: list[Trace], copies: int = 1) -> Report:
    """The report of a study that holds each episode so many times, as its epochs."""
    for trace in traces:
        for epoch in range(copies):
            copied(trace, study, spec=trace.spec.model_copy(update={"epoch": epoch}))
    return build_report(study, analyze_study(study))


@pytest.fixture(scope="module")
def once(planted: Planted, halves: list[Trace]) -> Report:
    return report_of(planted.fresh(), halves)


@pytest.fixture(scope="module")
def thrice(planted: Planted, halves: list[Trace]) -> Report:
    return report_of(planted.fresh(), halves, 3)


def rates(report: Report) -> Iterator[tuple[str, Rate]]:
    for section in report.scenarios:
        for cell in section.cells:
            for name in ("exposed", "violated", "covert", "overt", "deceptive"):
                yield f"{cell.label} {name}", getattr(cell, name)
            yield from ((f"{cell.label} {stage.name}", stage.rate) for stage in cell.funnel)
        for row in section.disclosure:
            yield f"{row.label} {row.fact}", row.volunteered


def test_copies_of_episodes_narrow_no_interval(once: Report, thrice: Report) -> None:
    single, triple = dict(rates(once)), dict(rates(thrice))
    assert single.keys() == triple.keys()
    open_ones = 0
    for name, one in single.items():
        three = triple[name]
        assert (three.k, three.n, three.clusters) == (3 * one.k, 3 * one.n, one.clusters), name
        assert three.estimate == one.estimate, name
        if one.low is None or one.high is None or three.low is None or three.high is None:
            assert (one.n, three.n) == (0, 0), name
            continue
        assert three.low <= one.low + 1e-9, name
        assert three.high >= one.high - 1e-9, name
        open_ones += 0 < one.k < one.n
    assert open_ones >= 2


def test_copies_of_episodes_narrow_no_interval_of_an_effect(once: Report, thrice: Report) -> None:
    pairs = [
        pair
        for one, three in zip(once.effects, thrice.effects, strict=True)
        for pair in zip(one.effects, three.effects, strict=True)
    ]
    methods = {before.method for before, _ in pairs}
    assert methods == {"logistic regression, cluster-robust", "Mantel-Haenszel"}
    for before, after in pairs:
        assert (after.n, after.k, after.clusters) == (3 * before.n, 3 * before.k, before.clusters)
        assert after.method == before.method
        assert after.difference == pytest.approx(before.difference)
        # The correction for few episodes is a factor of (n - 1) / (n - p) to the variance, and goes to 1.
        assert width(after) >= width(before) * (1 if before.method == "Mantel-Haenszel" else 0.97)


def width(effect: FactorEffect) -> float:
    assert effect.low is not None
    assert effect.high is not None
    return effect.high - effect.low + 1e-9


def test_in_which_order_findings_come_changes_no_number(planted: Planted) -> None:
    found = list(planted.findings.values())
    first = build_report(planted.study, found)
    for seed in range(3):
        mixed = random.Random(seed).sample(found, len(found))
        assert build_report(planted.study, mixed) == first


def test_in_which_order_episodes_were_written_changes_no_finding(planted: Planted) -> None:
    study = planted.fresh()
    for episode in reversed(planted.names()):
        copied(planted.traces[episode], study)
    assert analyze_study(study) == analyze_study(planted.study)


def test_two_processes_find_what_one_does(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    study = planted.fresh()
    for trace in planted.traces.values():
        copied(trace, study)
    monkeypatch.setattr("ulterior.analysis.pipeline._WORTH", 1)
    assert analyze_study(study, workers=2) == analyze_study(planted.study)


def test_other_numbers_for_the_repetitions_change_no_rate(
    planted: Planted, halves: list[Trace], once: Report
) -> None:
    study = planted.fresh()
    for number, trace in enumerate(halves):
        copied(trace, study, spec=trace.spec.model_copy(update={"epoch": 7 * number + 1}))
    renumbered = build_report(study, analyze_study(study))
    assert dict(rates(renumbered)) == dict(rates(once))
    assert renumbered.effects == once.effects


def test_without_reasoning_the_report_counts_acts_and_words_as_before(planted: Planted) -> None:
    stripped = planted.told(thoughts_stripped)
    before = build_report(planted.study, planted.findings.values())
    after = build_report(planted.study, stripped.values())
    assert dict(rates(after)) == dict(rates(before))
    assert (after.scope, after.effects, after.funnel) == (before.scope, before.effects, before.funnel)
    for episode, finding in stripped.items():
        one, two = triangle_of(planted.findings[episode]), triangle_of(finding)
        assert one is not None
        assert two is not None
        assert (two.think, two.do, two.say) == ("not_available", one.do, one.say)
