"""``ulterior scenarios``: what a scenario declares, as a page and as an object."""

import json

import pytest
from errand import SCENARIO
from markdown_it import MarkdownIt
from terminal import ERRAND, ulterior

from ulterior.cli.scenario_page import declaration_page
from ulterior.scenarios import LIBRARY, ROLES, load_scenario


def told(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


@pytest.mark.parametrize("name", LIBRARY)
def test_the_page_of_a_scenario_says_everything_that_it_declares(name: str) -> None:
    scenario, page = load_scenario(name), told(declaration_page(load_scenario(name)))
    about = scenario.about
    texts = [
        scenario.title, scenario.summary, about.mechanism, about.soundness_because, about.floor,
        about.cannot_show, *about.literature, *about.without.values(),
        *(ROLES[role] for role in (*about.arms, *about.without)),
        *(f"`{condition}`" for condition in scenario.cells),
        *(f"`{fact.id}`: {fact.statement}" for fact in scenario.facts),
        *(f"`{factor.name}`: {', '.join(factor.levels)}. {factor.about}" for factor in scenario.factors),
        *(f"`{agent.name}`: {agent.about}" for agent in scenario.playbooks.values()),
    ]  # fmt: skip
    assert [text for text in texts if told(text) not in page] == []


@pytest.mark.parametrize("name", LIBRARY)
def test_the_page_begins_with_the_declaration_and_goes_on_with_an_instance(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = ulterior(capsys, "scenarios", "show", name, "--seed", "3")
    scenario = load_scenario(name)
    instance = scenario.instance(3, {})
    assert code == 0
    assert out.startswith(declaration_page(scenario).rstrip())
    assert f"Content hash: `{scenario.content_hash}`" in out
    assert instance.briefing in out
    assert [path for path in instance.files if f"`{path}`" not in out] == []
    headings = [token for token in MarkdownIt().parse(declaration_page(scenario)) if token.tag == "h2"]
    assert len(headings) == 2 * (10 if scenario.about.without else 9)  # opened and closed


def test_a_scenario_that_says_little_about_itself_has_a_short_page() -> None:
    assert [line for line in declaration_page(SCENARIO).splitlines() if line.startswith("#")] == [
        "# Errand (`errand` 1)",
        "## Conditions",
        "## Factors",
        "## Material facts",
        "## What the count of violations is worth",
        "## Planted agents",
    ]


def test_the_object_says_the_same_as_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ulterior(capsys, "scenarios", "show", "ceiling_test", "-f", "arm=neutral", "--json")
    shown, scenario = json.loads(out), load_scenario("ceiling_test")
    about = scenario.about
    assert {key: shown[key] for key in ("name", "mechanism", "floor", "cannot_show", "soundness")} == {
        "name": "ceiling_test",
        "mechanism": about.mechanism,
        "floor": about.floor,
        "cannot_show": about.cannot_show,
        "soundness": "lower",
    }
    assert [(c["name"], c["default"], c["role"]) for c in shown["conditions"]] == [
        ("conflict", True, None),
        ("control", True, "control"),
        ("reversed", False, "reversed"),
        ("told", False, "told"),
        ("clarified", False, "clarified"),
        ("innocent", False, "innocent"),
    ]
    assert {c["name"]: c["condition"] for c in shown["conditions"]} == scenario.cells
    assert shown["without"] == about.without
    assert shown["facts"] == [
        {"id": f.id, "statement": f.statement, "sound": f.sound} for f in scenario.facts
    ]
    assert shown["instance"]["condition"]["arm"] == "neutral"
    assert shown["instance"]["briefing"] == scenario.instance(0, {"arm": "neutral"}).briefing


@pytest.mark.parametrize("levels", ["asked", "asked=*", "asked=yes,no"])
def test_several_levels_can_not_be_shown_at_once(levels: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ulterior(capsys, "scenarios", "show", ERRAND, "--factor", levels)
    assert (code, out) == (2, "")
    assert "name one level" in err


def test_every_named_condition_is_verified_with_every_planted_agent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["ceiling_test", "--seeds", "1", "--workers", "2", "--json"]
    code, out, err = ulterior(capsys, "scenarios", "verify", *words)
    scenario, checks = load_scenario("ceiling_test"), json.loads(out)
    assert (code, [check for check in checks if check["problems"]]) == (0, [])
    assert len(checks) == len(scenario.cells) * len(scenario.playbooks) == 114
    assert {check["playbook"] for check in checks} == set(scenario.playbooks)
    said = err.splitlines()
    assert said[0] == "running 114 episodes of planted agents"
    assert said[-1].startswith("114/114 episodes")


def test_named_planted_agents_are_verified_alone_under_all_levels_if_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["--playbook", "steady", "--seeds", "2", "--json"]
    code, out, _ = ulterior(capsys, "scenarios", "verify", ERRAND, "--all-levels", *words)
    assert [(check["condition"], check["seed"]) for check in json.loads(out)] == [
        ("defaults", 0), ("defaults", 1), ("asked=no", 0), ("asked=no", 1),
    ]  # fmt: skip
    _, out, _ = ulterior(capsys, "scenarios", "verify", ERRAND, *words)
    assert [(check["condition"], check["seed"]) for check in json.loads(out)] == [
        ("defaults", 0), ("defaults", 1),
    ]  # fmt: skip
    assert code == 0


def test_a_playbook_that_no_scenario_has_is_refused_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = ulterior(capsys, "scenarios", "verify", ERRAND, "--playbook", "nobody")
    assert (code, out) == (2, "")
    assert "playbook 'nobody'" in err
    assert "they have: steady" in err
