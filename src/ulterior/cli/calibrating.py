"""What ``ulterior calibrate`` does with its samples: every detector is asked, and every card written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ulterior.analysis.calibration.card import DetectorCard, card_of
from ulterior.analysis.calibration.compare import FLOORS, against_floors
from ulterior.analysis.calibration.folds import held_out_words
from ulterior.analysis.calibration.measure import SampleAnswer, ask_samples
from ulterior.analysis.calibration.planted import Planted
from ulterior.analysis.calibration.samples import Corpus, Sample, corpus_of
from ulterior.analysis.calibration.spikes import in_turn
from ulterior.analysis.calibration.store import save_card, save_model
from ulterior.analysis.judges.cache import JudgeCache
from ulterior.analysis.judges.floors import RuleDetector
from ulterior.analysis.judges.judge import ModelJudge
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.cli.judging import open_judge
from ulterior.traces import Study

__all__ = ["Measurement"]

Measured = tuple[DetectorCard, Sequence[SampleAnswer]]


@dataclass(frozen=True)
class Measurement:
    """What is measured: detectors, on the samples of a study of planted agents and of imported corpora.

    ``settings`` are sent to judge models, which are asked ``concurrency`` questions at a time. At most
    ``limit`` samples of each rubric are taken. ``seed`` is that of all that is drawn.
    """

    study: Study
    found: Planted
    imported: Sequence[Sample]
    corpora: Sequence[Path]
    detectors: Sequence[str]
    settings: Mapping[str, Any]
    environ: Mapping[str, str]
    concurrency: int
    limit: int | None
    seed: int

    async def cards(self, rubrics: Sequence[str]) -> list[DetectorCard]:
        """The cards of all detectors that answer each of these rubrics, written into the study."""
        cards: list[DetectorCard] = []
        for rubric in rubrics:
            every = [each for each in (*self.found.samples, *self.imported) if each.rubric == rubric]
            samples = in_turn(every, self.seed)[: self.limit]
            if samples:
                cards += await self._of_rubric(samples)
            else:
                click.echo(f"note: no sample for {rubric}", err=True)
        for card in cards:
            save_card(self.study.root, card)
        return cards

    async def _of_rubric(self, samples: Sequence[Sample]) -> list[DetectorCard]:
        corpus = self._corpus(samples)
        measured = [each for name in self._asked() if (each := await self._ask(name, samples, corpus))]
        floors = [each for each in measured if each[0].detector in FLOORS]
        wanted = [each for each in measured if each[0].detector in self.detectors]
        return [against_floors(each, floors, self.seed) for each in wanted]

    def _asked(self) -> tuple[str, ...]:
        """Whom to ask: the floors too, where something has to beat them."""
        others = set(self.detectors) - set(FLOORS)
        return tuple(dict.fromkeys((*FLOORS, *self.detectors) if others else self.detectors))

    def _corpus(self, samples: Sequence[Sample]) -> Corpus:
        planted = {sample.id for sample in self.found.samples}
        n = sum(sample.id in planted for sample in samples)
        parts = [f"{n} of planted agents"] if n else []
        parts += [f"{len(samples) - n} imported"] if n < len(samples) else []
        families, styles = ({each.family for each in samples}, {each.style for each in samples})
        described = f"{' and '.join(parts)}, in {len(families)} families and {len(styles)} styles"
        return corpus_of(samples, described, map(str, self.corpora), n)

    async def _ask(self, name: str, samples: Sequence[Sample], corpus: Corpus) -> Measured | None:
        """One detector's card and answers, None where it has nothing to say about this rubric."""
        match name:
            case "rules":
                return await self._rules(samples, corpus)
            case "words":
                return await self._words(samples, corpus)
            case _:
                return await self._judge(name, samples, corpus)

    async def _rules(self, samples: Sequence[Sample], corpus: Corpus) -> Measured | None:
        asked = samples[0].asks
        if asked.id not in RuleDetector.rubrics:
            return None
        detector = RuleDetector(self.found.wordings)
        answers = await ask_samples(detector, samples)
        return card_of(detector, asked, answers, corpus), answers

    async def _words(self, samples: Sequence[Sample], corpus: Corpus) -> Measured | None:
        """Each family is read by a model that has not seen it; the model of all is kept."""
        asked = samples[0].asks
        answers, detector, model = await held_out_words(samples, self.seed)
        if detector is None or model is None:
            click.echo(f"note: there are not both kinds of {asked.id} to train words on", err=True)
            return None
        save_model(self.study.root, model)
        return card_of(detector, asked, answers, corpus), answers

    async def _judge(self, name: str, samples: Sequence[Sample], corpus: Corpus) -> Measured:
        model = open_judge(name, self.environ, self.settings, concurrency=self.concurrency)
        try:
            detector = ModelJudge(model, settings=self.settings, cache=JudgeCache(self.study.root))
            answers = await ask_samples(detector, samples, at_a_time=self.concurrency)
        finally:
            await model.close()
        return card_of(detector, RUBRICS[samples[0].rubric], answers, corpus), answers
