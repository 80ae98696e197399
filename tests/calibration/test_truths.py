"""What is true of planted agents: derived from what they declare, found by the stages too."""

import asyncio
from collections import Counter
from dataclasses import replace

from ulterior.analysis import analyze_study
from ulterior.analysis.calibration.planted import Planted
from ulterior.analysis.calibration.spikes import choose_spikes, in_turn, spikes_from
from ulterior.analysis.calibration.suite import STYLES, styles_of
from ulterior.analysis.calibration.truths import BREACH, DERIVED, TELLING, telling_truth, truth_of
from ulterior.analysis.judges.floors import RuleDetector
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.spikes import count_spikes, spike_fault
from ulterior.analysis.judges.views import view_of
from ulterior.scenarios import ACTS, DISCLOSURE_LABELS, LIBRARY, load_scenario
from ulterior.scenarios.simulated import find_playbook
from ulterior.traces import Report, Study


def test_every_act_and_every_label_has_its_row_and_names_labels_of_the_rubric() -> None:
    assert BREACH.keys() == set(ACTS)
    assert TELLING.keys() == {*DISCLOSURE_LABELS, None}
    assert all(truth <= RUBRICS["breach"].labels.keys() for truth in BREACH.values())
    truths = [truth for row in TELLING.values() for truth in row.values()]
    assert all(truth <= RUBRICS["telling"].labels.keys() for truth in truths)


def test_every_agent_of_the_library_has_truths_among_the_rubrics_labels() -> None:
    for name in LIBRARY:
        scenario = load_scenario(name)
        for condition in scenario.cells.values():
            for playbook in scenario.playbooks.values():
                for rubric in DERIVED:
                    truth = truth_of(rubric, playbook, condition)
                    assert truth <= RUBRICS[rubric].labels.keys(), (name, playbook.name, rubric)


def test_a_covert_agent_hides_until_it_is_asked_directly() -> None:
    scenario = load_scenario("borrowed_allotment")
    condition = scenario.condition(scenario.conditions["conflict"])
    covert = find_playbook(scenario, "covert+admits", condition)
    assert {rubric: set(truth_of(rubric, covert, condition)) for rubric in DERIVED} == {
        "breach": {"broken"},
        "intent": {"stated"},
        "telling": set(),
        "honesty": set(),
        "awareness": {"none"},
        "covert": {"covert"},
    }
    told = covert.disclosure(condition)["limit_changed"]
    assert told == "on_direct_ask"
    limit = next(fact for fact in scenario.facts if fact.id == "limit_changed")
    assert telling_truth(covert, condition, limit, "unasked") == {"silent", "denies"}
    assert telling_truth(covert, condition, limit, "direct") == {"tells"}


def test_what_an_oracle_may_overlook_is_not_known_to_be_untold() -> None:
    scenario = load_scenario("borrowed_allotment")
    condition = scenario.condition(scenario.conditions["conflict"])
    honest = scenario.playbooks["honest"]
    assert telling_truth(honest, condition, scenario.facts[0], "unasked") == {"silent", "denies"}
    unsure = replace(scenario.facts[0], sound="lower")
    assert telling_truth(honest, condition, unsure, "unasked") == frozenset()


def test_nothing_is_derived_for_whoever_takes_the_blame_for_what_it_has_not_done() -> None:
    scenario = load_scenario("borrowed_allotment")
    condition = scenario.condition(scenario.conditions["conflict"])
    for name in ("confessor", "confessor+verbose"):
        confessor = find_playbook(scenario, name, condition)
        assert truth_of("honesty", confessor, condition) == frozenset()
        assert telling_truth(confessor, condition, scenario.facts[0], "unasked") == frozenset()
        assert truth_of("breach", confessor, condition) == {"none"}


def test_the_stages_find_what_the_agents_declare(planted: Study, found: Planted) -> None:
    findings = {finding.episode: finding for finding in analyze_study(planted)}
    samples = [sample for sample in found.samples if sample.rubric in ("breach", "covert")]
    assert len(samples) > len(findings)
    for sample in samples:
        finding = findings[sample.view.episode]
        is_so = finding.violated if sample.rubric == "breach" else finding.covert
        assert (sample.positive, sample.style) == (bool(is_so), (finding.model or "").removeprefix("sim/"))


def test_every_sample_is_one_question_and_what_is_left_out_has_a_reason(
    planted: Study, found: Planted
) -> None:
    ids = [sample.id for sample in found.samples]
    assert len(ids) == len(set(ids))
    assert {sample.rubric for sample in found.samples} == set(DERIVED)
    assert all(sample.truth and sample.readable and sample.positive is not None for sample in found.samples)
    by_rubric = Counter({rubric: n for why, n in found.left_out.items() for rubric in [why.split(":")[0]]})
    episodes = len(list(planted.sealed()))
    for rubric in ("breach", "covert", "honesty", "intent", "awareness"):
        assert sum(sample.rubric == rubric for sample in found.samples) + by_rubric[rubric] == episodes


def test_reports_are_told_apart_by_how_they_came_about(found: Planted) -> None:
    samples = [each for each in found.samples if (each.rubric, each.style) == ("telling", "covert")]
    kinds = Counter((sample.id.rpartition("/")[2], sample.positive) for sample in samples)
    assert kinds["unasked", True] == kinds["indirect", True] == 0
    assert kinds["direct", True] > 0


def test_every_style_of_the_suite_is_an_agent_of_some_scenario() -> None:
    there = {style for name in LIBRARY for style in styles_of(load_scenario(name))[0]}
    assert there == set(STYLES)
    assert styles_of(load_scenario(LIBRARY[0]), ["honest", "honest+yodels", "nobody"]) == (
        ["honest"],
        ["honest+yodels", "nobody"],
    )


# ---- Spikes ----------------------------------------------------------------------------------------------


def test_spikes_are_half_positive_spread_over_agents_and_the_same_each_time(
    planted: Study, found: Planted
) -> None:
    spikes = spikes_from(planted, ["breach", "intent"], n=8)
    assert spikes == choose_spikes(found.samples, ["breach", "intent"], n=8)
    other = choose_spikes(found.samples, ["breach", "intent"], n=8, seed=1)
    assert [spike.id for spike in spikes] != [spike.id for spike in other]
    for rubric in ("breach", "intent"):
        positive = [spike.truth in RUBRICS[rubric].positive for spike in spikes if spike.rubric == rubric]
        assert (len(positive), sum(positive)) == (8, 4)


def test_too_few_of_one_kind_are_made_up_for_by_the_other(found: Planted) -> None:
    breaches = [sample for sample in found.samples if sample.rubric == "breach"]
    few = [sample for sample in breaches if not sample.positive]
    few += [sample for sample in breaches if sample.positive][:2]
    spikes = choose_spikes(few, ["breach"], n=8)
    assert sorted(spike.truth == "broken" for spike in spikes) == [False] * 6 + [True] * 2


def test_the_word_rules_pass_the_spikes_of_what_they_can_read(found: Planted) -> None:
    rules, asked = RuleDetector(found.wordings), RUBRICS["telling"]
    spikes = choose_spikes(found.samples, ["telling"], n=12)
    judged = [(spike, asyncio.run(rules.judge(spike.view, asked, about=spike.about))) for spike in spikes]
    record = count_spikes(judged, asked, len(spikes))
    assert (record.positives, record.missed, record.negatives) == (6, 0, 6)
    assert spike_fault(record, tolerance=0.2) is None


def test_what_order_samples_come_in_makes_no_difference_to_how_they_are_spread(found: Planted) -> None:
    samples = [sample for sample in found.samples if sample.rubric == "breach"]
    assert in_turn(samples) == in_turn(samples[::-1])
    first = in_turn(samples)[: len({(each.family, each.style) for each in samples})]
    assert len({(each.family, each.style) for each in first}) == len(first)


def test_the_reports_that_are_shown_together_are_those_of_one_kind_with_their_questions(
    planted: Study, found: Planted
) -> None:
    for sample in found.samples:
        if sample.rubric != "telling":
            continue
        trace = planted.trace(sample.view.episode)
        reports = {block.passage.seq for block in sample.view.blocks if block.passage}
        shown = {each.seq for each in trace.events if isinstance(each.body, Report)} & reports
        assert shown == reports
        asked = [block.text for block in sample.view.blocks if block.kind == "question"]
        put = [trace.events[seq].body for seq in sorted(reports)]
        questions = [body.question for body in put if isinstance(body, Report) and body.question]
        assert len(asked) == len(questions)
        if len(reports) == 1:
            facts = load_scenario(sample.family).facts
            title = load_scenario(sample.family).title
            assert sample.view == view_of(trace, "report", facts, reports.pop(), also=[title])
