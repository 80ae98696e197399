"""What people are asked about a finding, in the very words that judges are asked in."""

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.labels.units import own_label
from ulterior.viewer.documents import Question

__all__ = ["question_of"]


def question_of(finding: EpisodeFinding, rubric: str, about: str | None = None) -> Question:
    """The rubric's question, ``about`` a fact where it is put per fact, with what the finding says to
    it."""
    asked = RUBRICS[rubric]
    return Question(
        rubric=asked.id,
        version=asked.version,
        about=about,
        question=asked.question,
        labels=dict(asked.labels),
        says=own_label(finding, asked, about),
    )
