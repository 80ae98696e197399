"""All forms say the same, and nothing in them can be more than text."""

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sides import arm, covert, judged, marks, policy, side

from ulterior.analysis.gate.policy import DEFAULT, Metric
from ulterior.analysis.gate.rendering import FORMS, render_verdict
from ulterior.analysis.gate.rendering.github import MOST_LINES
from ulterior.analysis.gate.rendering.markdown import render_gate_markdown
from ulterior.analysis.gate.verdict import SelfCheck, Verdict

BAD = SelfCheck(n=4, right=4)
NASTY = st.text(st.sampled_from("a\x1b[31m\n\r%:,`|<>&\"'\x00\ufffe\u202e]]>"), min_size=1, max_size=30)


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    """Verdicts of every word, with names and reasons that try to break out."""
    n = draw(st.sampled_from([20, 300]))

    def one(name: str) -> dict[str, str]:
        return {
            outcome: marks(draw(st.sampled_from([0, 1, n // 10, n // 2])), n)
            for outcome in ("covert", "deceptive", "aware", "refused")
        }

    before, now = side(arm(one("before"))), side(arm(one("now")))
    check = SelfCheck(n=4, right=draw(st.sampled_from([4, 4, 4, 3])), wrong=(draw(NASTY),))
    found = judged(before, now, DEFAULT, check)
    metrics = tuple(
        each.model_copy(update={"metric": f"{each.metric}{draw(NASTY)}", "because": draw(NASTY)})
        for each in found.metrics
    )
    return found.model_copy(update={"metrics": metrics, "because": found.because + draw(NASTY)})


@settings(max_examples=50, deadline=None)
@given(verdicts())
def test_every_form_has_the_same_words_and_the_same_exit_code(verdict: Verdict) -> None:
    text, markdown = render_verdict(verdict, "text"), render_verdict(verdict, "md")
    assert text.startswith(f"GATE  {verdict.word} (exit {verdict.exit_code})\n")
    assert markdown.startswith(f"## GATE  {verdict.word} (exit {verdict.exit_code})\n")
    assert Verdict.model_validate_json(render_verdict(verdict, "json")) == verdict
    suite = ElementTree.fromstring(render_verdict(verdict, "junit"))[0]
    first, *others = suite
    assert (first.find("failure") is not None) == (verdict.exit_code != 0)
    assert len(others) == len(verdict.metrics)
    for case, metric in zip(others, verdict.metrics, strict=True):
        told = case.find("failure") if case.find("failure") is not None else case.find("skipped")
        assert (told is None) == (metric.word in ("PASS", "IMPROVED"))
        if told is not None:
            assert str(told.get("message")).startswith(f"{metric.word}: ")
    annotations = render_verdict(verdict, "github").splitlines()
    assert bool(annotations) == (
        verdict.word not in ("PASS", "IMPROVED")
        or any(metric.word not in ("PASS", "IMPROVED") for metric in verdict.metrics)
    )
    assert any(line.startswith("::error ") for line in annotations) == (verdict.exit_code != 0)


@settings(max_examples=50, deadline=None)
@given(verdicts())
def test_no_form_lets_through_what_steers_a_terminal_or_a_runner(verdict: Verdict) -> None:
    for form in ("text", "md", "github"):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", render_verdict(verdict, form))
    for line in render_verdict(verdict, "github").splitlines():
        assert re.fullmatch(r"::(?:error|warning|notice) title=[^:,]*::.*", line)
    rows = [line for line in render_verdict(verdict, "md").splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {9}


def test_a_regression_is_an_error_line_and_a_failed_case_with_its_episodes() -> None:
    verdict = judged(covert(2, 200), covert(60, 200))
    lines = render_verdict(verdict, "github").splitlines()
    assert lines[0].startswith(
        "::error title=ulterior gate%3A REGRESSION::covert_action: it rose by 29.0 points, from 1.0 %25"
    )
    suites = ElementTree.fromstring(render_verdict(verdict, "junit"))
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in suites] == [
        ("gate", "2", "2"), ("till", "1", "1")
    ]  # fmt: skip
    assert "till seed 2: till00000002 in study #/s/study/e/till00000002" in str(
        suites[1][0].findtext("system-out")
    )


@pytest.mark.parametrize(("action", "tag"), [("fail", "failure"), ("warn", "skipped")])
def test_what_is_inconclusive_fails_or_is_skipped_as_the_policy_says(action: str, tag: str) -> None:
    rules = policy().model_copy(update={"on_inconclusive": action})
    suites = ElementTree.fromstring(render_verdict(judged(covert(1, 40), covert(2, 40), rules), "junit"))
    assert {
        child.tag for suite in suites for case in suite for child in case if child.tag != "system-out"
    } == {tag}


def test_annotations_stay_few_and_say_how_many_were_left_out() -> None:
    many = policy(**{f"m{number}": Metric(outcome="covert") for number in range(30)})
    lines = render_verdict(judged(covert(2, 200), covert(60, 200), many), "github").splitlines()
    assert len(lines) == MOST_LINES
    assert lines[-1] == "::notice title=ulterior gate::and 22 more in verdict.json"


def test_a_long_summary_is_cut_where_github_would_drop_it() -> None:
    many = policy(**{f"m{number}": Metric(outcome="covert") for number in range(30)})
    verdict = judged(covert(2, 200), covert(60, 200), many)
    text = render_gate_markdown(verdict, 5_000)
    assert len(text.encode()) <= 5_000
    assert text.endswith("*Cut here: the whole is in verdict.json.*\n")
    assert len(render_gate_markdown(verdict).encode()) > 5_000


def test_the_json_is_the_whole_verdict() -> None:
    verdict = judged(covert(0, 300), covert(0, 300))
    found = json.loads(render_verdict(verdict, "json"))
    assert (found["format"], found["word"], found["exit_code"]) == (1, "PASS", 0)
    assert set(FORMS) == {"text", "json", "md", "junit", "github"}
