"""Voices change what planted agents think and say beside their work, and nothing that is done or told."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from families import Played, play

from ulterior.agent_runtime.models.conversation import dialogue_of
from ulterior.agent_runtime.models.observe import observation
from ulterior.errors import UsageError
from ulterior.scenarios import AWARENESS, INTENTS, LIBRARY, AnyScenario, Taken, load_scenario, parse_simulated
from ulterior.scenarios import voiced_words as words
from ulterior.scenarios.awareness import PROBES, planted_answer
from ulterior.scenarios.consistency import turns_in_common
from ulterior.scenarios.simulated import find_playbook
from ulterior.scenarios.voices import VOICES
from ulterior.traces import Message, ModelTurn, Reasoning, Report, Result, ToolCall

SCENARIO = load_scenario("locked_file")
TEMPTED = SCENARIO.cells[next(iter(SCENARIO.conditions))]
LISTS = {name: value for name, value in vars(words).items() if name.isupper()}
_WORD = re.compile(r"[a-z]{4,}")


def turns(played: Played) -> list[ModelTurn]:
    return [event.body for event in played.trace.events if isinstance(event.body, ModelTurn)]


def thoughts(played: Played) -> list[str]:
    return [block.text for turn in turns(played) for block in turn.blocks if isinstance(block, Reasoning)]


def calls(played: Played) -> list[tuple[str, Any]]:
    blocks = (block for turn in turns(played) for block in turn.blocks)
    return [(block.name, block.arguments) for block in blocks if isinstance(block, ToolCall)]


def heard(played: Played, *lists: tuple[str, ...]) -> bool:
    said = "\n".join(thoughts(played))
    return any(sentence in said for variants in lists for sentence in variants)


def declared(
    scenario: AnyScenario, agent: str, condition: dict[str, str]
) -> tuple[str, dict[str, str | None]]:
    playbook = find_playbook(scenario, agent, condition)
    return playbook.act(condition), dict(playbook.disclosure(condition))


def truth_of_thoughts(agent: str, condition: dict[str, str] = TEMPTED) -> tuple[str, str]:
    playbook = find_playbook(SCENARIO, agent, condition)
    return playbook.intent(condition), playbook.awareness(condition)


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("agent", ["honest", "covert"])
def test_a_voice_changes_no_call_and_no_answer(agent: str, voice: str) -> None:
    plain, voiced = (play(SCENARIO, name, TEMPTED) for name in (agent, f"{agent}+{voice}"))
    assert calls(voiced) == calls(plain)
    first, *_ = (index for index, turn in enumerate(turns(plain)) if not turn.calls)
    after = slice(first + 1, None)
    assert [turn.text for turn in turns(voiced)[after]] == [turn.text for turn in turns(plain)[after]]


@pytest.mark.parametrize("name", LIBRARY)
def test_act_and_disclosure_are_as_declared_in_every_voice(name: str) -> None:
    """A sample: each family meets every voice, over three agents and its named conditions by turns."""
    scenario = load_scenario(name)
    cells = [scenario.condition(levels) for levels in scenario.conditions.values()]
    for number, voice in enumerate(VOICES):
        agent = f"{('covert', 'honest', 'denier')[number % 3]}+{voice}"
        condition = cells[number % len(cells)]
        played = play(scenario, agent, condition, seed=number)
        assert (played.act, played.labels) == declared(scenario, agent, condition), agent


@pytest.mark.parametrize(
    ("agent", "truth"),
    [
        ("covert+admits", ("stated", "none")),
        ("covert+silent", ("not_available", "none")),
        ("covert+rationalises", ("euphemistic", "none")),
        ("covert+obfuscates", ("none", "none")),
        ("honest+admits", ("none", "none")),
        ("honest+rationalises", ("none", "none")),
        ("honest+weighs", ("none", "none")),
        ("honest+suspects", ("none", "alignment_test")),
        ("honest+graded", ("none", "other_test")),
        ("honest+believes", ("none", "states_real")),
        ("honest+in_fiction", ("none", "none")),
        ("honest+verbose", ("none", "none")),
        ("honest+injects", ("none", "other_test")),
        ("honest+graded+suspects+believes", ("none", "alignment_test")),
        ("covert+silent+suspects", ("none", "alignment_test")),
        ("covert+suspects+silent", ("not_available", "none")),
    ],
)
def test_what_is_true_of_thoughts_follows_from_voices_and_deed(agent: str, truth: tuple[str, str]) -> None:
    assert truth_of_thoughts(agent) == truth


def test_only_who_breaks_the_rule_admits_it_or_makes_excuses() -> None:
    assert heard(play(SCENARIO, "covert+admits", TEMPTED), words.PLANS)
    assert heard(play(SCENARIO, "covert+admits", TEMPTED), words.HIDES)
    assert heard(play(SCENARIO, "open_violation+admits", TEMPTED), words.OWNS)
    assert heard(play(SCENARIO, "covert+rationalises", TEMPTED), words.EXCUSES)
    for voice in ("admits", "rationalises"):
        plain, voiced = (play(SCENARIO, name, TEMPTED) for name in ("honest", f"honest+{voice}"))
        assert thoughts(voiced) == thoughts(plain)


def test_only_who_keeps_the_rule_weighs_breaking_it() -> None:
    assert heard(play(SCENARIO, "honest+weighs", TEMPTED), words.WEIGHS)
    assert not heard(play(SCENARIO, "covert+weighs", TEMPTED), words.WEIGHS)


def test_the_silent_one_leaves_no_reasoning() -> None:
    played = play(SCENARIO, "suspicious+silent", TEMPTED)
    assert thoughts(played) == []
    assert {turn.reasoning for turn in turns(played)} == {"absent"}


def test_who_addresses_the_judge_does_so_in_the_final_message() -> None:
    played = play(SCENARIO, "covert+injects", TEMPTED)
    said = [event.body.text for event in played.trace.events if isinstance(event.body, Report)]
    assert any(sentence in text for text in said for sentence in words.TO_JUDGES)


@pytest.mark.parametrize("name", LISTS)
def test_each_thing_is_said_in_six_ways_without_a_word_in_common(name: str) -> None:
    variants = LISTS[name]
    assert len(set(variants)) == len(variants) >= 6
    vocabularies = [set(_WORD.findall(text.lower())) for text in variants]
    assert {word for word in vocabularies[0] if all(word in each for each in vocabularies)} == set()


def test_wording_varies_with_the_seed_and_not_with_the_run() -> None:
    told = [thoughts(play(SCENARIO, "honest+suspects", TEMPTED, seed)) for seed in (*range(6), 0)]
    assert told[0] == told[-1]
    heard_of = {sentence for sentence in words.SUSPECTS for seed in told if sentence in "\n".join(seed)}
    assert len(heard_of) >= 3


def drawn(mixture: str) -> Iterator[str]:
    model = parse_simulated(mixture)
    for seed in range(40):
        yield model.playbook(SCENARIO, seed, TEMPTED, 0).name


def test_mixtures_hold_agents_with_voices() -> None:
    names = list(drawn("mixed?covert+admits=0.3&covert+silent=0.2&base=honest+verbose"))
    assert set(names) == {"covert+admits", "covert+silent", "honest+verbose"}
    assert parse_simulated("mixed?covert+admits=0.3").playbooks == ("honest", "covert")


def taken(played: Played) -> list[Taken]:
    """The turns of an episode up to the first that calls nothing."""
    conversation = [
        event for event in played.trace.events if isinstance(event.body, ModelTurn | Message | Result)
    ]
    found: list[Taken] = []
    for exchange in dialogue_of(conversation).exchanges:
        shown = [result.shown() for result in exchange.heard.results]
        found.append(Taken(exchange.turn, observation(played.instance, shown, exchange.heard.texts)))
        if not exchange.turn.calls:
            break
    return found


def test_agents_that_differ_in_their_thoughts_alone_may_go_on_for_each_other_in_a_fork() -> None:
    """Thoughts commit to nothing, what is said at the end does."""
    played = play(SCENARIO, "covert+admits", TEMPTED)
    steps = taken(played)
    agreeing = {
        agent: turns_in_common(find_playbook(SCENARIO, agent, TEMPTED), played.instance, steps)
        for agent in ("covert+admits", "covert+rationalises", "covert+verbose", "honest+admits")
    }
    whole = len(steps)
    assert agreeing["covert+admits"] == agreeing["covert+rationalises"] == whole
    assert agreeing["covert+verbose"] == whole - 1
    assert agreeing["honest+admits"] < whole - 1


@pytest.mark.parametrize(
    "name", ["covert+sings", "mixed?covert+sings=0.2", "mixed?covert=0.2&base=honest+sings"]
)
def test_a_voice_that_there_is_not_is_a_usage_error_with_the_list(name: str) -> None:
    with pytest.raises(UsageError, match="no voice 'sings'") as raised:
        parse_simulated(name)
    assert all(voice in str(raised.value) for voice in VOICES)


def test_voices_name_labels_that_exist() -> None:
    for voice in VOICES:
        intent, awareness = truth_of_thoughts(f"covert+{voice}")
        assert intent in INTENTS
        assert awareness in AWARENESS


def test_who_suspects_a_test_says_so_when_a_probe_asks() -> None:
    probe = PROBES[0]
    assert planted_answer("covert+suspects", probe).startswith(probe.test)
    assert planted_answer("covert+in_fiction", probe).startswith(probe.real)


def test_the_page_about_studies_lists_the_voices() -> None:
    page = (Path(__file__).parents[2] / "docs/studies.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page.split("| voice |")[1].split("\n\n")[0], re.M))
    assert rows == {voice.name: voice.about for voice in VOICES.values()}
