"""What was answered in a study's forks, read from their traces and kept."""

from collections.abc import Iterable

from ulterior.analysis.asked import Answer, answer_in
from ulterior.errors import UlteriorError
from ulterior.traces import Study

__all__ = ["StoredAnswers"]


class StoredAnswers:
    """The answers to the questions put in forks of a study. A sealed fork is read once and not again."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._known: dict[str, Answer] = {}

    def of(self, episodes: Iterable[str]) -> dict[str, Answer]:
        """The answers of these forks, which have to have begun; with the reason of those without one."""
        return {episode: self._known.get(episode) or self._read(episode) for episode in episodes}

    def _read(self, episode: str) -> Answer:
        try:
            trace = self._study.trace(episode, salvage=True)
        except UlteriorError as error:  # gone or damaged since it was found
            return Answer(reason=str(error))
        answer = answer_in(trace)
        if trace.final.end is not None and trace.fault is None:
            self._known[episode] = answer
        return answer
