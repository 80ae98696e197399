"""A panel as one detector: what all judges of a study say together, as answers of one called ``panel``.

Its version is a hash of who sits on it and of their weights, so that it changes when a member does. Evidence
is that of the members that have a voice and gave the label that won.
"""

from collections.abc import Iterable, Mapping, Sequence

from ulterior.analysis.judges.answers import Answers
from ulterior.analysis.judges.ensemble import Combined, Weight
from ulterior.analysis.judges.judge import NOT_AVAILABLE
from ulterior.analysis.judges.judgement import Judgement
from ulterior.analysis.judges.panel import Member, combine_all
from ulterior.traces import canonical_json, digest

__all__ = ["PANEL", "panel_answers"]

PANEL = "panel"

_Question = tuple[str, str | None, int | None]


def panel_answers(members: Sequence[Answers], weights: Mapping[Member, Weight]) -> Answers:
    """The answers of these detectors to one rubric, put together."""
    rubric = members[0].rubric
    version = _version(members, weights)
    judgements = [each for member in members for given in member.given.values() for each in given]
    asked: dict[_Question, list[Judgement]] = {}
    for judgement in judgements:
        asked.setdefault((judgement.episode, judgement.about, judgement.report), []).append(judgement)
    given: dict[str, list[Judgement]] = {}
    versions = {member.detector: member.version for member in members}
    for combined in combine_all(judgements, weights, versions):
        heard = asked[combined.episode, combined.about, combined.report]
        given.setdefault(combined.episode, []).append(_judgement(combined, heard, version))
    return Answers(
        rubric=rubric,
        detector=PANEL,
        version=version,
        given=given,
        faults={
            episode: _joined(member.missing(episode) for member in members)
            for episode in {episode for member in members for episode in member.faults}
        },
        otherwise=_joined(member.otherwise for member in members),
    )


def _version(members: Sequence[Answers], weights: Mapping[Member, Weight]) -> str:
    seats = [(member.detector, member.version, member.rubric) for member in members]
    voices = [weights.get(seat) for seat in seats]
    measured = [None if voice is None else [voice.sensitivity, voice.specificity] for voice in voices]
    return digest(canonical_json(sorted(map(list, zip(seats, measured, strict=True)), key=repr)))[:12]


def _judgement(combined: Combined, heard: Sequence[Judgement], version: str) -> Judgement:
    winning = [each for each in heard if each.detector in combined.voices and each.label == combined.label]
    evidence = dict.fromkeys(piece for each in winning for piece in each.evidence)
    return Judgement(
        episode=combined.episode,
        rubric=combined.rubric,
        detector=PANEL,
        version=version,
        about=combined.about,
        report=combined.report,
        label=combined.label,
        score=combined.score,
        evidence=() if combined.label is None else tuple(evidence),
        reason=_reason(combined, heard),
        review=combined.review,
        flags=tuple(sorted({flag for each in heard for flag in each.flags})),
        cost=None,
    )


def _reason(combined: Combined, heard: Sequence[Judgement]) -> str | None:
    """Why there is no label; that there is nothing to judge is what every member says of it."""
    if all((each.reason or "").startswith(NOT_AVAILABLE) for each in heard):
        return heard[0].reason
    silent = "; ".join(f"{name}: {why}" for name, why in sorted(combined.left_out.items()))
    return f"{combined.reason} ({silent})" if combined.reason and silent else combined.reason


def _joined(reasons: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(reasons))
