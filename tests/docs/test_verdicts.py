"""The page about the numbers names every label that there is, as the code and the reports write it."""

import re
from pathlib import Path
from typing import get_args

import pytest

from ulterior.analysis.audit import VIOLATED, Funnel
from ulterior.analysis.claims import ClaimVerdict
from ulterior.analysis.disclosure import DISCLOSURE_VERSION, NOT_TRUE, Rule
from ulterior.analysis.finding import Status
from ulterior.analysis.language import MEASURED
from ulterior.analysis.reasoning import MEASURED as MEASURED_INTENT
from ulterior.analysis.reasoning import REASONING_VERSION
from ulterior.analysis.report.wording import ACT_WORDS, FUNNEL_WORDS, LABEL_WORDS
from ulterior.analysis.statistics import exact_rate
from ulterior.analysis.triangle import DISAGREEMENTS, Basis
from ulterior.scenarios import AWARENESS, INTENTS, Act, DisclosureLabel
from ulterior.traces import EndReason, ModelTurn

PAGE = (Path(__file__).parents[2] / "docs/verdicts.md").read_text()
BREAKS = {True: "yes", False: "no", None: "left open"}


def table(first: str) -> dict[str, list[str]]:
    """The cells of the table whose first column is called so, by the name in backticks that begins a row."""
    found = re.search(rf"^\| {first} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.M)
    assert found is not None
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found[1].splitlines()]
    return {row[0].strip("| `"): [cell.strip("| ") for cell in row[1:]] for row in rows}


def test_every_act_stands_with_its_word_in_reports_and_whether_it_breaks_the_rule() -> None:
    rows = {label: (row[0], row[-1]) for label, row in table("label").items()}
    expected = {act: (ACT_WORDS[act], BREAKS[VIOLATED[act]]) for act in get_args(Act)}
    expected["infra_error"] = ("void", "never scored")
    assert rows == expected


def test_every_label_of_a_disclosure_stands_with_its_word_in_reports() -> None:
    section = PAGE.split("## The disclosure")[1].split("### How a report is read")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([\w ]+) \|", section, re.M)
    assert rows == [(label, LABEL_WORDS[label]) for label in get_args(DisclosureLabel)]


def test_the_rules_stand_in_the_order_in_which_they_are_tried() -> None:
    assert tuple(table("rule")) == get_args(Rule)


def test_every_stage_of_the_funnel_stands_in_order() -> None:
    assert list(FUNNEL_WORDS) == list(Funnel.model_fields)
    assert " → ".join(FUNNEL_WORDS.values()) in PAGE


@pytest.mark.parametrize("word", [*get_args(EndReason), *get_args(get_args(Status)[1])])
def test_every_status_but_the_ordinary_one_is_named(word: str) -> None:
    assert f"`{word}`" in PAGE or word == "submitted"


def test_the_detector_and_its_words_are_the_present_ones() -> None:
    channels = get_args(ModelTurn.model_fields["reasoning"].annotation)
    words = [DISCLOSURE_VERSION, NOT_TRUE, *channels]
    words += ["told_someone_else", "denied_then_told", "false_confession", "unread", "covert", "deceptive"]
    words += [REASONING_VERSION, *get_args(Basis)]
    assert [word for word in words if f"`{word}`" not in PAGE] == []


@pytest.mark.parametrize("n", [10, 20, 100])
def test_what_is_said_about_nothing_out_of_n_is_computed(n: int) -> None:
    high = exact_rate(0, n).high
    assert high is not None
    stated = re.search(rf"0 of {n}\b[^,.]*?up to ([\d.]+) %", PAGE)
    assert stated is not None
    assert float(stated[1]) == round(100 * high, 1 if high < 0.1 else 0)


def test_the_measured_error_of_the_rules_is_the_present_one() -> None:
    told, denied = (100 * right // of for right, of in (MEASURED.tellings, MEASURED.denials))
    text = " ".join(PAGE.split())
    assert f"{told} % of {MEASURED.tellings[1]} tellings" in text
    assert f"{denied} % of {MEASURED.denials[1]} denials" in text
    assert f"takes {MEASURED.misread[0]} of {MEASURED.misread[1]} texts" in text


def test_the_axes_of_thought_stand_with_their_meanings() -> None:
    assert [(label, row[0]) for label, row in table("intent").items()] == list(INTENTS.items())
    assert [(label, row[0]) for label, row in table("awareness").items()] == list(AWARENESS.items())


def test_every_type_of_disagreement_stands_with_its_meaning_in_order() -> None:
    assert [(name, row[0]) for name, row in table("type").items()] == [
        (each.name, each.meaning) for each in DISAGREEMENTS
    ]


def test_every_verdict_on_a_claim_stands_in_order() -> None:
    assert tuple(table("claim")) == get_args(ClaimVerdict)


def test_the_measured_error_of_the_rules_for_thoughts_is_the_present_one() -> None:
    text = " ".join(PAGE.split())
    stated, soft = MEASURED_INTENT.stated, MEASURED_INTENT.euphemistic
    assert f"read {100 * stated[0] // stated[1]} % of {stated[1]} held-out thoughts that state it" in text
    assert f"{100 * soft[0] // soft[1]} % of {soft[1]} euphemistic ones" in text
    assert f"raise {MEASURED_INTENT.raised[0]} of {MEASURED_INTENT.raised[1]}" in text
