"""``ulterior calibrate``: cards from planted agents and corpora, and what it refuses."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from ulterior.analysis.calibration.corpus import line_of
from ulterior.analysis.calibration.planted import Planted
from ulterior.analysis.calibration.store import load_cards
from ulterior.cli import main
from ulterior.traces import Study


def calibrate(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    with pytest.raises(SystemExit) as stopped:
        main(["calibrate", *map(str, words)])
    output = capsys.readouterr()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, output.out, output.err


@pytest.fixture
def corpus(found: Planted, tmp_path: Path) -> Path:
    """The thoughts of the planted agents as a corpus from outside."""
    samples = [sample for sample in found.samples if sample.rubric == "intent"]
    path = tmp_path / "thoughts.jsonl"
    path.write_text("".join(f"{line_of(sample)}\n" for sample in samples))
    return path


def test_the_cards_of_planted_agents_stand_in_their_study(planted: Study) -> None:
    cards = load_cards(planted.root)
    assert [(card.detector, card.rubric) for card in cards] == [
        ("rules", "awareness"),
        ("rules", "intent"),
        ("rules", "telling"),
    ]
    telling = cards[-1]
    assert set(telling.families) == {"borrowed_allotment", "locked_file"}
    assert {"honest", "covert+admits", "denier"} <= telling.styles.keys()
    assert telling.corpus.planted == telling.corpus.n == telling.whole.n
    assert telling.whole.sensitivity.k == telling.whole.sensitivity.n > 0
    assert telling.default is False


def test_a_corpus_alone_is_measured_without_running_anybody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    root = tmp_path / "study"
    words = ("-o", root, "--no-planted", "--corpus", corpus, "--rubric", "intent", "--json")
    code, out, _ = calibrate(capsys, *words)
    assert code == 0
    result: dict[str, Any] = json.loads(out)
    assert result["left_out"] == {}
    rules, words_card = result["cards"]
    assert [rules["detector"], words_card["detector"]] == ["rules", "words"]
    assert (rules["corpus"]["planted"], rules["corpus"]["n"]) == (0, len(corpus.read_text().splitlines()))
    assert rules["corpus"]["sources"] == [str(corpus)]
    assert (root / "findings/cards/words-intent.model").is_file()
    assert not any((root / "episodes").rglob("*")) if (root / "episodes").exists() else True


def test_a_judge_is_measured_beside_the_floors_and_they_keep_their_cards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    words = ("--no-planted", "--corpus", corpus, "--rubric", "intent", "--limit", "20", "--json")
    code, out, _ = calibrate(capsys, "-o", tmp_path / "study", *words, "--detector", "sim/judge")
    assert code == 0
    (card,) = json.loads(out)["cards"]
    assert (card["detector"], card["whole"]["n"], card["default"]) == ("sim/judge", 20, False)
    assert [floor["floor"] for floor in card["floors"]] == ["rules", "words"]
    assert [each.detector for each in load_cards(tmp_path / "study")] == ["sim/judge"]


def test_a_card_is_printed_with_its_caveat(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    words = ("--no-planted", "--corpus", corpus, "--rubric", "intent", "--detector", "rules")
    code, out, err = calibrate(capsys, "-o", tmp_path / "study", *words)
    assert code == 0
    assert out.startswith("rules on intent: finds ")
    assert "were written by the same project as the detectors" in out
    assert err.endswith("1 cards in " + str(tmp_path / "study/findings/cards") + "\n")


def test_a_rubric_without_samples_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    words = ("--no-planted", "--corpus", corpus, "--rubric", "breach", "--json")
    code, out, err = calibrate(capsys, "-o", tmp_path / "study", *words)
    assert (code, json.loads(out)["cards"], err) == (0, [], "note: no sample for breach\n")


def test_without_scikit_learn_the_rules_are_measured_and_words_say_what_is_missing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    corpus: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    words = ("-o", tmp_path / "study", "--no-planted", "--corpus", corpus, "--rubric", "intent")
    code, _, err = calibrate(capsys, *words, "--detector", "words")
    assert code == 2
    assert "scikit-learn is not installed" in err
    assert "pip install 'ulterior[ml]'" in err
    assert calibrate(capsys, *words, "--detector", "rules")[0] == 0


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--rubric", "honesties"], "there is no rubric 'honesties'"),
        (["--no-planted"], "there is nothing to measure on"),
        (["--style", "nobody", "-s", "ceiling_test"], "there is nobody to plant"),
        (["--no-planted", "--corpus", "none.jsonl"], "can't read the corpus none.jsonl"),
        (["-s", "nowhere"], "unknown scenario 'nowhere'"),
        (["--detector", "rules", "--detector", "nobody"], "unknown model 'nobody'"),
    ],
)
def test_what_cant_be_measured_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], what: str
) -> None:
    code, _, err = calibrate(capsys, "-o", tmp_path / "study", *words)
    assert code == 2
    assert f"error: {what}" in err
    assert not (tmp_path / "study").exists()
