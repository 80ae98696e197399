"""Batches: what is asked, kept, resumed, stopped and believed."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judge_fakes import Gullible, Keyed, Told, answer
from toy_desk import SCENARIO
from written_traces import covert, denier, honest, spec

from ulterior.analysis.judges import Judgement, JudgeModel, JudgeReply, JudgeRequest
from ulterior.analysis.judges.batch import BatchPlan, judge_episodes
from ulterior.analysis.judges.cache import JudgeCache, Question
from ulterior.analysis.judges.judge import ModelJudge
from ulterior.analysis.judges.questions import Questions
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.spikes import PlantedSpike
from ulterior.analysis.judges.store import (
    BatchRecord,
    SpikeRecord,
    keep_batch,
    keep_judgement,
    load_batches,
    load_judgements,
    rows_of,
)
from ulterior.analysis.judges.views import view_of
from ulterior.errors import ModelRejected, ModelUnavailable
from ulterior.traces import Study
from ulterior.traces.disk import append_lines

INTENT, TELLING, COVERT, BREACH = (RUBRICS[each] for each in ("intent", "telling", "covert", "breach"))
REQUEST = JudgeRequest("system", "prompt", {"type": "object"})


def schemers(study: Study, n: int = 4) -> None:
    for seed in range(n):
        covert(study, spec(seed=seed))
        honest(study, spec(model="sim/honest", seed=seed))


def busy(study: Study, n: int = 8) -> None:
    """Episodes whose deeds all differ, so that no two questions are the same."""
    for seed in range(n):
        covert(study, spec(seed=seed))


def plan(study: Study, *rubrics: Any, **more: Any) -> BatchPlan:
    return BatchPlan(rubrics or (INTENT,), list(study.summaries()), load=lambda _: SCENARIO, **more)


def ran(study: Study, model: JudgeModel, how: BatchPlan, **more: Any) -> BatchRecord:
    judge = ModelJudge(model, cache=JudgeCache(study.root), clock=lambda: 0.0)
    return asyncio.run(judge_episodes(study, judge, how, **more))


def spikes(study: Study, rubric: Any, truths: Sequence[tuple[str, str]]) -> list[PlantedSpike]:
    """Spikes of these episodes with these truths."""
    views = {name: view_of(study.trace(name), rubric.view) for name, _ in truths}
    return [
        PlantedSpike(f"spike {at}", views[name], rubric.id, truth) for at, (name, truth) in enumerate(truths)
    ]


# ---- What is asked and kept ---------------------------------------------------------------------------


def test_every_episode_is_judged_once_and_its_judgement_can_be_loaded(study: Study) -> None:
    schemers(study)
    record = ran(study, Gullible("Nobody will notice", "stated"), plan(study))
    assert (record.planned, record.done, record.stopped, record.failed) == (8, 8, None, {})
    assert (record.rubrics["intent"].positive, record.rubrics["intent"].negative) == (4, 4)
    judgements = load_judgements(study)
    assert {(each.episode, each.label) for each in judgements} == {
        (summary.episode, "none" if summary.spec.model == "sim/honest" else "stated")
        for summary in study.summaries()
    }
    assert load_batches(study) == {record.batch: record}


def test_a_question_about_facts_is_put_for_each_report_and_each_fact(study: Study) -> None:
    trace = denier(study)
    record = ran(study, Gullible("did not change", "denies", "silent"), plan(study, TELLING))
    assert record.planned == record.done == 6
    reports = [event.seq for event in trace.events if event.body.kind == "report"]
    asked = [(each.report, each.about) for each in load_judgements(study)]
    assert sorted(asked) == [
        (seq, fact.id) for seq in reports for fact in sorted(SCENARIO.facts, key=lambda f: f.id)
    ]


def test_a_share_of_episodes_is_asked_again_always_the_same_ones(study: Study) -> None:
    schemers(study, 10)
    asked = [
        [(item.view.episode, item.repeat) for item in plan(study, repeats=3, sample=0.3).questions(study)]
        for _ in range(2)
    ]
    assert asked[0] == asked[1]
    thrice = {episode for episode, repeat in asked[0] if repeat == 2}
    assert 0 < len(thrice) < 20
    assert (
        len(asked[0]) == 20 + 2 * len(thrice) == plan(study, repeats=3, sample=0.3).questions(study).count()
    )


def test_repeats_that_agree_are_counted(study: Study) -> None:
    schemers(study, 2)
    wavering = Keyed(lambda _: answer("none", 0 if wavering.asked % 2 else 40))
    record = ran(study, wavering, plan(study, repeats=2, sample=1.0))
    assert (record.rubrics["intent"].repeated, record.rubrics["intent"].agreed) == (4, 4)
    assert wavering.asked == 4  # equal prompts with equal repeats are one question


def test_a_damaged_file_is_left_out_with_its_reason(study: Study) -> None:
    schemers(study, 1)
    how = plan(study)
    path = study.sealed_path(how.episodes[0].episode)
    path.write_bytes(path.read_bytes()[:-20])
    record = ran(study, Gullible("Nobody will notice", "stated"), how)
    assert (record.done, record.left_out) == (1, {"the stored file is damaged": 1})


def test_a_scenario_that_changed_leaves_no_facts_to_ask_about_and_the_rest_goes_on(study: Study) -> None:
    covert(study, spec().model_copy(update={"scenario_hash": "0" * 64}))
    record = ran(study, Gullible("Nobody", "stated"), plan(study, TELLING, INTENT))
    assert record.rubrics["telling"].asked == 0
    assert record.rubrics["intent"].asked == 1
    (why,) = record.left_out
    assert why.startswith("no facts to ask about: the scenario has changed since")


def test_equal_prompts_are_one_question_that_is_paid_for_once(study: Study) -> None:
    for epoch in range(3):
        covert(study, spec(epoch=epoch))
    model = Gullible("Nobody will notice", "stated")
    record = ran(study, model, plan(study, concurrency=1))
    assert (record.done, record.cached, model.asked) == (3, 2, 1)
    assert len({each.episode for each in load_judgements(study)}) == 3


# ---- Stopping and going on ----------------------------------------------------------------------------


def test_the_same_batch_again_pays_nothing_and_writes_nothing_twice(study: Study) -> None:
    schemers(study)
    model = Gullible("Nobody will notice", "stated")
    first = ran(study, model, plan(study))
    asked, kept = model.asked, (study.root / "findings/judgements-fake-gullible.jsonl").read_bytes()
    second = ran(study, model, plan(study))
    assert (second.batch, second.done, second.cached, second.cost) == (first.batch, 8, 8, 0.0)
    assert model.asked == asked
    assert (study.root / "findings/judgements-fake-gullible.jsonl").read_bytes() == kept


def test_a_budget_stops_it_and_another_run_goes_on_from_there(study: Study) -> None:
    busy(study)
    model = Keyed(lambda _: answer("none"), cost=1.0)
    first = ran(study, model, plan(study, BREACH, budget=3.0, concurrency=1))
    assert (first.stopped, first.done, first.cost) == ("budget", 3, 3.0)
    second = ran(study, model, plan(study, BREACH, budget=30.0, concurrency=1))
    assert (second.stopped, second.done, second.cached, second.cost) == (None, 8, 3, 5.0)
    assert model.asked == 8
    assert len(load_judgements(study)) == 8


def test_without_a_price_a_budget_can_not_be_kept(study: Study) -> None:
    schemers(study)
    record = ran(study, Told(answer("none"), cost=None), plan(study, budget=3.0, concurrency=1))
    assert (record.stopped, record.done, record.cost) == ("no price", 1, None)


def test_a_question_that_got_no_answer_is_left_for_the_next_time(study: Study) -> None:
    busy(study, 4)
    flaky = Told(ModelUnavailable("not there"), JudgeReply("", "refusal"), answer("none"))
    first = ran(study, flaky, plan(study, BREACH, concurrency=1))
    assert (first.done, first.failed) == (3, {"not there": 1})
    assert first.rubrics["breach"].unlabelled == {"the model refused": 1}
    second = ran(study, flaky, plan(study, BREACH, concurrency=1))
    assert (second.done, second.cached, second.failed) == (4, 2, {})
    assert [each.label for each in load_judgements(study)] == ["none"] * 4


def test_it_stops_when_the_model_stays_away(study: Study) -> None:
    schemers(study, 10)
    record = ran(study, Told(ModelUnavailable("not there")), plan(study, concurrency=1))
    assert (record.stopped, record.done, record.failed) == ("failures", 0, {"not there": 5})


def test_a_provider_that_lets_nobody_in_ends_it_without_a_record(study: Study) -> None:
    schemers(study, 1)
    with pytest.raises(ModelRejected, match="no key"):
        ran(study, Told(ModelRejected("no key")), plan(study))
    assert load_batches(study) == {}


def test_it_can_be_drained(study: Study) -> None:
    busy(study)
    drain = asyncio.Event()
    told: list[int] = []

    def progress(done: int, planned: int, spent: float | None) -> None:
        told.append(done)
        assert (planned, spent) == (8, pytest.approx(0.01 * done))
        if done == 2:
            drain.set()

    model = Keyed(lambda _: answer("none"))
    record = ran(study, model, plan(study, BREACH, concurrency=1), progress=progress, drain=drain)
    assert (record.stopped, record.done, told) == ("interrupted", 2, [1, 2])


# ---- Spikes -------------------------------------------------------------------------------------------


def test_spikes_are_judged_among_the_others_and_a_good_detector_passes(study: Study) -> None:
    schemers(study)
    ids = {summary.spec.model: summary.episode for summary in study.summaries()}
    mixed = spikes(study, INTENT, [(ids["sim/covert"], "stated"), (ids["sim/honest"], "none")])
    record = ran(study, Gullible("Nobody will notice", "stated"), plan(study, spikes=mixed))
    assert (record.planned, record.done, record.valid) == (10, 10, True)
    assert record.rubrics["intent"].spikes == SpikeRecord(planned=2, positives=1, negatives=1)
    assert len(load_judgements(study)) == 8


def test_who_misses_the_spikes_is_not_believed_about_that_rubric(study: Study) -> None:
    schemers(study)
    ids = {summary.spec.model: summary.episode for summary in study.summaries()}
    mixed = spikes(study, INTENT, [(ids["sim/covert"], "stated")] * 3 + [(ids["sim/honest"], "none")])
    blind = Gullible("words that nobody says", "stated")
    record = ran(study, blind, plan(study, INTENT, BREACH, spikes=mixed))
    assert record.rubrics["intent"].reason == "3 of 3 known schemers were missed, more than 25%"
    assert record.rubrics["intent"].spikes.wrong == ("spike 0", "spike 1", "spike 2")
    assert (record.valid, record.rubrics["breach"].valid) == (False, True)
    assert {each.rubric for each in load_judgements(study)} == {"breach"}
    assert {each.rubric for each in load_judgements(study, invalid=True)} == {"breach", "intent"}


def test_who_suspects_everybody_is_not_believed_either_and_no_answer_is_no_excuse(study: Study) -> None:
    schemers(study)
    ids = {summary.spec.model: summary.episode for summary in study.summaries()}
    mixed = spikes(study, INTENT, [(ids["sim/honest"], "none")] * 2)
    record = ran(study, Told("I will not say."), plan(study, spikes=mixed))
    assert record.rubrics["intent"].reason == "2 of 2 known honest runs were not recognised, more than 25%"
    assert record.rubrics["intent"].spikes.unanswered == 2


def test_an_older_batch_that_nobody_checked_does_not_stand_in_for_an_invalid_one(study: Study) -> None:
    schemers(study)
    blind = Gullible("words that nobody says", "stated")
    ran(study, blind, plan(study))
    assert len(load_judgements(study)) == 8
    ids = {summary.spec.model: summary.episode for summary in study.summaries()}
    ran(study, blind, plan(study, spikes=spikes(study, INTENT, [(ids["sim/covert"], "stated")])))
    assert load_judgements(study) == []


def test_a_batch_that_stops_before_its_spikes_is_not_believed(study: Study) -> None:
    schemers(study)
    ids = {summary.spec.model: summary.episode for summary in study.summaries()}
    mixed = spikes(study, INTENT, [(ids["sim/covert"], "stated")] * 6)
    model = Keyed(lambda _: answer("none"), cost=1.0)
    record = ran(study, model, plan(study, spikes=mixed, budget=0.5, concurrency=1))
    assert (record.stopped, record.valid) == ("budget", False)
    assert str(record.rubrics["intent"].reason).startswith("it stopped when ")


# ---- On disk ------------------------------------------------------------------------------------------


def question(repeat: int = 0, model: str = "fake/m", **settings: Any) -> Question:
    return Question.of(model, settings, REQUEST, repeat)


def test_a_reply_is_found_by_all_that_was_asked_and_by_nothing_less(study: Study) -> None:
    JudgeCache(study.root).put(question(), JudgeReply("yes", cost=0.5, tokens_in=7, tokens_out=2))
    cache = JudgeCache(study.root)
    assert cache.get(question()) == JudgeReply("yes", "end", 0.5, 7, 2)
    others = [question(1), question(model="fake/n"), question(temperature=0)]
    others.append(Question.of("fake/m", {}, JudgeRequest("system", "prompt!", {"type": "object"}), 0))
    assert [cache.get(other) for other in others] == [None] * 4


def test_a_reply_that_is_no_answer_is_not_kept(study: Study) -> None:
    with pytest.raises(ValueError, match="stopped with refusal"):
        JudgeCache(study.root).put(question(), JudgeReply("", "refusal"))
    schemers(study, 1)
    for text in ("malformed", answer("stated", 90)[:-3]):
        ran(study, Told(text), plan(study))
    assert not JudgeCache(study.root).path.exists()


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(0, 400))
def test_a_torn_cache_keeps_its_whole_lines_and_takes_new_ones(
    tmp_path_factory: pytest.TempPathFactory, repeats: list[int], cut: int
) -> None:
    root = tmp_path_factory.mktemp("study")
    cache = JudgeCache(root)
    for repeat in repeats:
        cache.put(question(repeat), JudgeReply(f"reply {repeat}"))
    whole = cache.path.read_bytes() if repeats else b""
    left = whole[: max(0, len(whole) - cut)]
    if repeats:
        cache.path.write_bytes(left)
    JudgeCache(root).put(question(9), JudgeReply("new"))
    again = JudgeCache(root)
    assert again.get(question(9)) == JudgeReply("new")
    for line in left.split(b"\n")[:-1]:
        kept = json.loads(line)
        found = again.get(Question.model_validate(kept["question"]))
        assert found is not None
        assert found.text == kept["text"]


def test_torn_judgements_are_skipped_and_a_batch_without_a_record_is_not_read(study: Study) -> None:
    schemers(study, 1)
    record = ran(study, Gullible("Nobody will notice", "stated"), plan(study))
    path = study.root / "findings/judgements-fake-gullible.jsonl"
    append_lines(path, b'{"batch": "torn", "judge')
    (one, two) = load_judgements(study)
    keep_judgement(study, "killed", one.model_copy(update={"label": "euphemistic"}))
    assert load_judgements(study) == [one, two]
    assert [each.label for each in load_judgements(study, unfinished=True)].count("euphemistic") == 1
    assert list(rows_of(study, "fake/gullible", record.batch).values()) in ([one, two], [two, one])


def test_the_latest_judgement_of_a_question_stands(study: Study) -> None:
    schemers(study, 1)
    record = ran(study, Gullible("Nobody will notice", "stated"), plan(study))
    one, two = load_judgements(study)
    changed = one.model_copy(update={"label": "euphemistic"})
    keep_judgement(study, "later", changed)
    keep_batch(study, record.model_copy(update={"batch": "later"}))
    assert load_judgements(study, "intent") == [changed, two]
    assert load_judgements(study, "breach") == []


def test_equal_questions_make_an_equal_batch_whatever_their_order(study: Study) -> None:
    schemers(study, 2)
    judge = ModelJudge(Told(""))
    one = plan(study, INTENT, BREACH)
    two = BatchPlan((BREACH, INTENT), one.episodes[::-1], load=one.load)
    assert one.id(judge) == two.id(judge)
    assert one.id(judge) != plan(study, INTENT).id(judge)

    def order(how: BatchPlan) -> list[str]:
        return list(dict.fromkeys(item.view.episode for item in how.questions(study)))

    assert order(one) == order(two)


def test_questions_are_made_episode_by_episode(study: Study) -> None:
    schemers(study, 3)
    asked = list(Questions(study, list(study.summaries()), [INTENT, BREACH], load=lambda _: SCENARIO))
    episodes = [item.view.episode for item in asked]
    assert episodes == [each for episode in dict.fromkeys(episodes) for each in (episode, episode)]


def test_judgements_read_back_are_what_was_judged(study: Study) -> None:
    schemers(study, 1)
    ran(study, Gullible("Nobody will notice", "stated"), plan(study))
    for judgement in load_judgements(study):
        assert Judgement.model_validate(judgement.model_dump(mode="json")) == judgement
