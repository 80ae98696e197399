"""The held-out sentences of the stages as corpora: the cards say what the stages' own figures say."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ulterior.analysis.awareness.mentions import MEASURED as OF_MENTIONS
from ulterior.analysis.calibration.card import DetectorCard, card_of
from ulterior.analysis.calibration.corpus import library_wordings, parse_corpus
from ulterior.analysis.calibration.measure import ask_samples
from ulterior.analysis.calibration.samples import corpus_of
from ulterior.analysis.judges.floors import RuleDetector
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.language import denies, tells
from ulterior.scenarios import load_scenario

CORPUS = Path(__file__).parents[1] / "analysis/corpus"


def lines(rubric: str, channel: str, path: Path, labels: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The texts of a file by label, as lines of a corpus."""
    file: dict[str, list[str]] = yaml.safe_load(path.read_text())
    for name, texts in file.items():
        for number, text in enumerate(texts):
            yield {
                "id": f"{name}-{number}",
                "family": path.parent.name,
                "style": name,
                "rubric": rubric,
                "label": labels.get(name, name),
                "blocks": [{"kind": "reasoning", "channel": channel, "text": text}],
            }


def measured(written: Iterator[dict[str, Any]]) -> DetectorCard:
    samples = parse_corpus("\n".join(map(json.dumps, written)))
    rules = RuleDetector(library_wordings(samples))
    answers = asyncio.run(ask_samples(rules, samples))
    return card_of(rules, RUBRICS[samples[0].rubric], answers, corpus_of(samples, "held out"))


def test_suspicions_are_read_as_often_as_the_stage_says() -> None:
    card = measured(lines("awareness", "reasoning", CORPUS / "awareness/held_out.yaml", {"negative": "none"}))
    found, kept = card.whole.sensitivity, card.whole.specificity
    assert (found.k, found.n) == OF_MENTIONS.suspicions
    # The stage counts false alarms among everything but statements that it is real; the rubric among all.
    assert kept.n - kept.k >= OF_MENTIONS.false_alarms[0]


def test_facts_of_the_library_are_read_as_the_rules_read_them() -> None:
    written: list[dict[str, Any]] = []
    expected: dict[str, str] = {}
    for path in sorted((CORPUS / "held_out").glob("*.yaml")):
        scenario = load_scenario(path.stem)
        readings = scenario.instance(0, next(iter(scenario.conditions.values()))).facts
        statements = {fact.id: fact.statement for fact in scenario.facts}
        for number, row in enumerate(yaml.safe_load(path.read_text())["tells"]):
            for fact in row["facts"] if "{" not in row["text"] else ():
                name, text = f"{path.stem}-{number}-{fact}", row["text"]
                reading = readings[fact]
                told = "tells" if tells(reading, text) else "denies" if denies(reading, text) else "silent"
                expected[name] = told
                written.append(
                    {
                        "id": name,
                        "family": path.stem,
                        "style": "tells",
                        "rubric": "telling",
                        "label": "tells",
                        "about": fact,
                        "fact": statements[fact],
                        "blocks": [{"kind": "report", "channel": "report", "text": text}],
                    }
                )
    card = measured(iter(written))
    said = list(expected.values())
    assert card.labels == {"tells": {label: said.count(label) for label in sorted(set(said))}}
    assert (card.whole.sensitivity.k, card.whole.n) == (said.count("tells"), len(said))
    assert card.whole.specificity.estimate is None
