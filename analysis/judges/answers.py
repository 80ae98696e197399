"""What one detector has answered to one rubric over a study, and why it has not answered where it hasn't.

A detector's version is that of its latest batch that put the rubric: whoever judges a study again, with other
settings, wants the new answers. Answers of another version are not looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ulterior.analysis.case import Unscored
from ulterior.analysis.judges.judgement import Judgement
from ulterior.analysis.judges.repeats import settled
from ulterior.analysis.judges.store import BatchRecord, Standing, invalid_batch
from ulterior.errors import UsageError

__all__ = ["Answers", "answers_of", "judges_of"]


@dataclass(frozen=True)
class Answers:
    """One detector's answers to one rubric, by episode, repeats settled.

    ``faults`` says for episodes why judgements of theirs are not used, ``otherwise`` why an episode has
    none.
    """

    rubric: str
    detector: str
    version: str
    given: Mapping[str, Sequence[Judgement]]
    faults: Mapping[str, str]
    otherwise: str

    def of(self, episode: str) -> Sequence[Judgement] | Unscored:
        """The answers about one episode, or why there are none."""
        return self.given.get(episode) or Unscored(self.missing(episode))

    def missing(self, episode: str) -> str:
        """Why there is no answer to a question about this episode that was not answered."""
        return self.faults.get(episode, self.otherwise)


def judges_of(standing: Iterable[Standing], records: Iterable[BatchRecord]) -> tuple[str, ...]:
    """The names of all detectors that judged a study, or began to."""
    names = {each.judgement.detector for each in standing} | {record.detector for record in records}
    return tuple(sorted(names))


def answers_of(
    name: str, rubric: str, standing: Sequence[Standing], records: Sequence[BatchRecord]
) -> Answers:
    """The answers of the detector of this name. Raises :class:`UsageError` when it has judged nothing."""
    own = [each for each in standing if each.judgement.detector == name]
    batches = sorted((each for each in records if each.detector == name), key=lambda each: each.ended)
    if not own and not batches:
        known = ", ".join(judges_of(standing, records)) or "nobody"
        raise UsageError(
            f"no judgement of this study is by {name}",
            f"it was judged by {known}",
            f"ulterior judge DIR --model {name}",
        )
    putting = [record for record in batches if rubric in record.rubrics]
    asked = [each for each in own if each.judgement.rubric == rubric]
    version = _version(putting or batches, asked or own)
    current = [each for each in asked if each.judgement.version == version]
    last = next((record for record in reversed(putting) if record.version == version), None)
    return Answers(
        rubric=rubric,
        detector=name,
        version=version,
        given=_by_episode(settled(each.judgement for each in current if each.fault is None)),
        faults={
            each.judgement.episode: f"not judged by {name}: {each.fault}" for each in current if each.fault
        },
        otherwise=f"not judged by {name}{_why(last, rubric, begun=bool(current))}",
    )


def _version(batches: Sequence[BatchRecord], own: Sequence[Standing]) -> str:
    """That of the last batch; without a finished one, one of those that have begun."""
    return batches[-1].version if batches else max(each.judgement.version for each in own)


def _why(last: BatchRecord | None, rubric: str, *, begun: bool) -> str:
    if last is None:
        return ": its batch has not finished" if begun else f": it was not asked the question {rubric!r}"
    if fault := invalid_batch(last.rubrics[rubric]):
        return f": {fault}"
    return f": its batch stopped early ({last.stopped})" if last.stopped else ""


def _by_episode(judgements: Iterable[Judgement]) -> dict[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        found.setdefault(judgement.episode, []).append(judgement)
    return found
