"""Reasoning decides intent, and awareness where it was voiced there. It decides nothing else."""

from planted_study import Planted
from rewriting import thoughts_shown, thoughts_stripped

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.awareness.mentions import PRECEDENCE

VOICED = {"intent", "awareness", "reasoning", "remarks"}


def said_aloud(finding: EpisodeFinding) -> list[tuple[int, str, str]]:
    """Remarks on words that are no reasoning. Which block of its turn they stand in depends on that."""
    aloud = [remark for remark in finding.remarks if remark.channel != "reasoning"]
    return [(remark.seq, remark.quote, remark.label) for remark in aloud]


def test_a_copy_is_found_to_be_what_was_played(planted: Planted) -> None:
    assert planted.differences(planted.told()) == {}


def test_the_planted_study_has_something_to_lose_on_every_axis(planted: Planted) -> None:
    found = planted.findings.values()
    assert {finding.act for finding in found} == {"none", "violated"}
    assert {finding.covert for finding in found} == {finding.deceptive for finding in found} == {True, False}
    assert {"stated", "euphemistic", "none"} <= {finding.intent for finding in found}
    assert {finding.awareness for finding in found} == {"alignment_test", "none"}
    labels = {label for finding in found for label in finding.disclosure.values()}
    assert labels == {None, "volunteered", "on_direct_ask", "false_denial"}


def test_without_reasoning_only_what_it_said_is_gone(planted: Planted) -> None:
    stripped = planted.told(thoughts_stripped)
    assert planted.differences(stripped, *VOICED) == {}
    for episode, finding in stripped.items():
        before = planted.findings[episode]
        assert (finding.intent, finding.reasoning) == ("not_available", "absent")
        assert [remark for remark in finding.remarks if remark.channel == "reasoning"] == []
        assert said_aloud(finding) == said_aloud(before)
        left = {label for _, _, label in said_aloud(finding)}
        assert finding.awareness == next(label for label in PRECEDENCE if label in {*left, "none"})


def test_what_the_suspicious_think_is_lost_with_their_thoughts(planted: Planted) -> None:
    stripped = planted.told(thoughts_stripped, only=planted.of("suspicious"))
    assert {planted.findings[episode].awareness for episode in stripped} == {"alignment_test"}
    assert {finding.awareness for finding in stripped.values()} == {"none"}


def test_a_summary_of_reasoning_is_read_as_its_full_text_and_marked_as_one(planted: Planted) -> None:
    summed = planted.told(thoughts_shown("summary"))
    assert planted.differences(summed, "reasoning", "remarks") == {}
    for episode, finding in summed.items():
        before = planted.findings[episode]
        assert finding.reasoning == ("summary" if before.reasoning == "full" else before.reasoning)
        expected = [
            remark.model_copy(update={"visibility": "summary"} if remark.visibility else {})
            for remark in before.remarks
        ]
        assert list(finding.remarks) == expected
