"""Samples: views whose right answer is known, which detectors are measured on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ulterior.analysis.judges.judgement import Rubric, View
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.traces import Frozen, canonical_json, digest

__all__ = ["Corpus", "Sample", "corpus_of"]


@dataclass(frozen=True)
class Sample:
    """One question about one view, with what is known of its answer.

    ``truth`` holds the labels of which one is right: one label where it is known, several where only some
    are ruled out (somebody who has nothing to tell may deny it or be silent), none where nothing is known.
    ``family`` is the scenario or its like: what is trained on one is tested on another. ``style`` says who
    speaks. ``cluster`` is the instance: samples of one share names, numbers and wordings, and are no
    independent evidence. ``about`` is the material fact, where the rubric asks about one.
    """

    id: str
    family: str
    style: str
    cluster: str
    view: View
    rubric: str
    truth: frozenset[str]
    about: str | None = None

    @property
    def asks(self) -> Rubric:
        """The rubric itself."""
        return RUBRICS[self.rubric]

    @property
    def positive(self) -> bool | None:
        """Whether a positive label is right, None where the known labels leave it open."""
        if not self.truth:
            return None
        if self.truth <= self.asks.positive:
            return True
        return None if self.truth & self.asks.positive else False

    @property
    def readable(self) -> bool:
        """Whether the view holds any words that the rubric may rest on."""
        return any(passage.channel in self.asks.channels for passage in self.view.passages)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what is asked, shown and known."""
        blocks = [
            [block.kind, block.text, None if block.passage is None else block.passage.text]
            for block in self.view.blocks
        ]
        asked = [self.rubric, self.asks.version, self.about, self.view.about.get(self.about or "")]
        known = [self.id, self.family, self.style, self.cluster, sorted(self.truth)]
        return digest(canonical_json([asked, known, blocks]))


class Corpus(Frozen):
    """Which samples something was measured on. ``digest`` changes with every one of them.

    ``planted`` of the ``n`` samples come from planted agents, the others from imported files.
    """

    description: str
    sources: tuple[str, ...]
    n: int
    planted: int
    digest: str


def corpus_of(
    samples: Sequence[Sample], description: str, sources: Iterable[str] = (), planted: int = 0
) -> Corpus:
    """The description of these samples, whatever their order."""
    return Corpus(
        description=description,
        sources=tuple(sources),
        n=len(samples),
        planted=planted,
        digest=digest(canonical_json(sorted(sample.fingerprint for sample in samples))),
    )
