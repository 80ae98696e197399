"""What people are asked about a finding, in the very words that judges are asked in."""

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.labels.units import own_label, units_of
from ulterior.viewer.documents import Question

__all__ = ["question_of"]


def question_of(finding: EpisodeFinding, rubric: str, about: str | None = None) -> Question | None:
    """The rubric's question, ``about`` a fact where it is put per fact, with what the finding says to it.

    None where there is nothing to ask, as in the queue of ``ulterior label``: of an episode that could not
    be scored, of reasoning of which no words came back, of a fact that is not true of the run.
    """
    asked = RUBRICS[rubric]
    units, _ = units_of([finding], asked)
    if all(unit.target.about != about for unit in units):
        return None
    return Question(
        rubric=asked.id,
        version=asked.version,
        about=about,
        question=asked.question,
        labels=dict(asked.labels),
        says=own_label(finding, asked, about),
    )
