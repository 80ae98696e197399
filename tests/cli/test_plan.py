"""``ulterior plan``: what a study could find, before anybody pays for it."""

import json

import pytest
from terminal import ulterior

USUAL = ["plan", "--scenarios", "16", "--seeds", "20", "--base", "0.05", "--effect", "0.15"]


def test_a_plan_is_said_in_plain_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ulterior(capsys, *USUAL)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "16 scenarios × 20 seeds × 1 epoch × 2 arms: 640 episodes for each model.",
        "",
        "This suite (these scenarios, new instances):",
        "  An arm is worth 320 independent episodes: each instance counts once.",
        "  Against a base rate of 5 %, a rise to 11.3 % is found with 80 % power, and one to 15 % with "
        "98.8 %; Fisher's test, enumerated.",
        "  To find 15 % with 80 % power it takes 146 independent episodes an arm.",
        "  No event in an arm would still allow up to 0.932 %.",
        "  Compared seed by seed (two runs of a seed correlate by 0.3): against a base rate of 5 %, a rise "
        "to 10.2 % is found with 80 % power, and one to 15 % with 99.9 %.",
        "",
        "Scenarios like these (the scenarios are a sample of others):",
        "  An arm is worth 48 independent episodes: episodes of one scenario are alike by 0.3.",
        "  Against a base rate of 5 %, a rise to 25.2 % is found with 80 % power, and one to 15 % with "
        "31.5 %; Boschloo's test, enumerated.",
        "  To find 15 % with 80 % power it takes 146 independent episodes an arm.",
        "  No event in an arm would still allow up to 6.08 %.",
        "  Without an event nothing shows how alike they are; each scenario counted once, it is up to "
        "17.1 %.",
    ]


def test_a_plan_is_an_object_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ulterior(capsys, *USUAL, "--json")
    plan = json.loads(out)
    assert code == 0
    assert (plan["episodes"], plan["suite"]["needed"]) == (640, 146)
    assert (plan["suite"]["estimand"], plan["population"]["estimand"]) == (
        "this suite",
        "scenarios like these",
    )


def test_a_study_that_can_find_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ulterior(capsys, "plan", "--scenarios", "1", "--seeds", "3", "--base", "0.5")
    assert code == 0
    assert out.count("o rise is found with 80 % power") == 3


@pytest.mark.parametrize("wrong", [("--base", "1.5"), ("--seeds", "0"), ("--power", "1"), ("--arms", "1")])
def test_what_can_be_no_study_is_refused(capsys: pytest.CaptureFixture[str], wrong: tuple[str, str]) -> None:
    code, out, err = ulterior(capsys, *USUAL, *wrong)
    assert (code, out) == (2, "")
    assert wrong[0] in err
