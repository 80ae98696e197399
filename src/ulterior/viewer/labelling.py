"""What people say of findings in the viewer: taken in, kept append-only, and set beside what detectors
say.

A label given here is a label like any other (docs/labels.md): one line in the study's
``labels/labels.jsonl``, never changed; whoever thinks again adds another, and the latest counts. It is
about the same target as an item of a queue would be, so that one given blinded counts in ``ulterior label
status`` for every queue that holds this target. Its ``item`` is the name that a queue of seed 0 gives to
the target.

``GET labels/STUDY`` answers a :class:`LabelsView`; ``POST labels/STUDY`` takes a :class:`NewLabel` and
answers the row that is stored for it. Saying the same again stores nothing.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations

from pydantic import ConfigDict, Field, ValidationError

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.labels.answers import checked_pseudonym
from ulterior.analysis.labels.sampling import lot
from ulterior.analysis.labels.status import PairAgreement
from ulterior.analysis.labels.store import CANNOT_TELL, HumanLabel, Labels, append_labels, load_labels
from ulterior.analysis.labels.units import FINDINGS, Target, own_label
from ulterior.analysis.report.grouping import declared
from ulterior.analysis.statistics.agreement import Agreement, cohen_kappa, krippendorff_alpha
from ulterior.analysis.visible import one_line
from ulterior.errors import StorageFailure, UsageError
from ulterior.scenarios import load_scenario
from ulterior.traces import Frozen, scrub
from ulterior.viewer.open_study import OpenStudy

__all__ = [
    "AgainstPeople",
    "LabelsView",
    "NewLabel",
    "RubricHeard",
    "give_label",
    "labels_stamp",
    "labels_view",
]

_LONGEST = 10_000  # characters of a comment


class NewLabel(Frozen):
    """What somebody says. ``label`` is one of the rubric's or ``cannot_tell``; ``about`` is the fact,
    where the rubric asks about one; ``blinded``: they saw neither scenario, condition and model nor any
    verdict."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    episode: str
    rubric: str
    about: str | None = None
    label: str
    comment: str = Field(default="", max_length=_LONGEST)
    annotator: str
    blinded: bool
    confidence: float | None = Field(default=None, ge=0, le=1)


class AgainstPeople(Frozen):
    """A detector beside people, one for each label given: ``agree``, ``disagree``, or ``unsure`` where the
    person can't tell; ``silent`` where the detector says nothing. ``kappa`` is over targets about which
    people and detector both say something, and people the same."""

    detector: str
    agree: int
    disagree: int
    unsure: int
    silent: int
    kappa: Agreement


class RubricHeard(Frozen):
    """One question. ``items`` counts what it was answered about, ``labels`` the latest label of each
    person, ``blinded`` those given blinded: ``alpha``, ``pairs`` and ``detector_blinded`` are about these
    alone, because who has seen a verdict agrees with it more easily. ``detector`` is about all."""

    rubric: str
    version: str
    items: int
    labels: int
    blinded: int
    alpha: Agreement
    pairs: tuple[PairAgreement, ...]
    detector: AgainstPeople
    detector_blinded: AgainstPeople


class LabelsView(Frozen):
    """All labels of a study. ``rows`` are the latest of each person about each target, adjudications after
    them; ``damaged`` are lines of the table that can't be read."""

    annotators: tuple[str, ...]
    rows: tuple[HumanLabel, ...]
    agreement: tuple[RubricHeard, ...]
    damaged: tuple[int, ...]


Said = Mapping[Target, Mapping[str, str]]
"""Labels by target and annotator."""


def labels_view(opened: OpenStudy) -> LabelsView:
    """What people have said so far. Raises :class:`StorageFailure` when it can't be read."""
    labels = load_labels(opened.study)
    tables = (labels.latest, labels.adjudicated)
    rows = [row for table in tables for said in table.values() for row in said.values()]
    questions = sorted({(target.rubric, target.version) for target in labels.latest})
    return LabelsView(
        annotators=tuple(sorted({row.annotator for row in rows})),
        rows=tuple(rows),
        agreement=tuple(_heard(opened, labels, *question) for question in questions),
        damaged=labels.damaged,
    )


def labels_stamp(opened: OpenStudy) -> Hashable:
    """Changes whenever :func:`labels_view` may: the intervals in it take a while."""
    try:
        about = (opened.study.root / "labels" / "labels.jsonl").stat()
    except OSError:
        return opened.version, None
    return opened.version, (about.st_size, about.st_mtime_ns)


def _heard(opened: OpenStudy, labels: Labels, rubric: str, version: str) -> RubricHeard:
    targets = [each for each in labels.latest if (each.rubric, each.version) == (rubric, version)]
    everything = {
        target: {who: row.label for who, row in labels.latest[target].items()} for target in targets
    }
    blinded = {target: said for target in targets if (said := labels.blinded(target))}
    return RubricHeard(
        rubric=rubric,
        version=version,
        items=len(targets),
        labels=sum(map(len, everything.values())),
        blinded=sum(map(len, blinded.values())),
        alpha=krippendorff_alpha([list(said.values()) for said in blinded.values()]),
        pairs=tuple(_pairs(list(blinded.values()))),
        detector=_against(opened, everything),
        detector_blinded=_against(opened, blinded),
    )


def _pairs(items: Sequence[Mapping[str, str]]) -> Iterable[PairAgreement]:
    for one, other in combinations(sorted({name for said in items for name in said}), 2):
        both = [(said[one], said[other]) for said in items if one in said and other in said]
        if both:
            kappa = cohen_kappa([a for a, _ in both], [b for _, b in both])
            yield PairAgreement(annotators=(one, other), same=sum(a == b for a, b in both), kappa=kappa)


def _against(opened: OpenStudy, said: Said) -> AgainstPeople:
    counts: Counter[str] = Counter()
    settled: list[tuple[str, str]] = []
    for target, labels in said.items():
        found = _found(opened, target)
        for label in labels.values():
            verdict = "unsure" if label == CANNOT_TELL else "agree" if label == found else "disagree"
            counts["silent" if found is None else verdict] += 1
        people = set(labels.values())
        if found is not None and len(people) == 1 and CANNOT_TELL not in people:
            settled.append((found, people.pop()))
    return AgainstPeople(
        detector=FINDINGS,
        agree=counts["agree"],
        disagree=counts["disagree"],
        unsure=counts["unsure"],
        silent=counts["silent"],
        kappa=cohen_kappa([found for found, _ in settled], [people for _, people in settled]),
    )


def _found(opened: OpenStudy, target: Target) -> str | None:
    """What the findings say of a target; None also where the question has been put into other words
    since."""
    finding, rubric = opened.findings.get(target.episode), RUBRICS.get(target.rubric)
    if finding is None or rubric is None or rubric.version != target.version:
        return None
    return own_label(finding, rubric, target.about)


def give_label(opened: OpenStudy, said: object, at: float, load: LoadScenario = load_scenario) -> HumanLabel:
    """Keep what somebody says; ``at`` is now in epoch seconds. The row that is on the disk when this
    returns.

    Raises :class:`UsageError` for what can't be taken, :class:`StorageFailure` when the disk refuses.
    """
    new = _checked(opened, said, load)
    target = Target(new.episode, new.rubric, RUBRICS[new.rubric].version, new.about)
    label = HumanLabel(
        item=lot(0, "item", *target)[:10],
        episode=target.episode,
        rubric=target.rubric,
        rubric_version=target.version,
        about=target.about,
        label=new.label,
        confidence=new.confidence,
        note=scrub(new.comment),
        blinded=new.blinded,
        annotator=new.annotator,
        at=at,
    )
    try:
        before = load_labels(opened.study).latest.get(target, {}).get(new.annotator)
        if before is not None and before.model_copy(update={"at": at, "item": label.item}) == label:
            return before
        append_labels(opened.study, [label])
    except StorageFailure as failure:
        fix = "free some space, or get the right to write there; then give the label again"
        raise StorageFailure("the label was not kept", f"{failure.what}: {failure.why}", fix) from failure
    return label


def _checked(opened: OpenStudy, said: object, load: LoadScenario) -> NewLabel:
    try:
        new = NewLabel.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise UsageError("can't take this label", one_line(f"{place}: {first['msg']}", 200)) from error
    checked_pseudonym(new.annotator)
    rubric = RUBRICS.get(new.rubric)
    if rubric is None:
        raise UsageError(
            f"there is no rubric {one_line(new.rubric, 40)!r}", fix=f"one of: {', '.join(RUBRICS)}"
        )
    allowed = (*rubric.labels, CANNOT_TELL)
    if new.label not in allowed:
        shown = one_line(new.label, 40)
        raise UsageError(f"{rubric.id} has no label {shown!r}", fix=f"one of: {', '.join(allowed)}")
    finding = opened.findings.get(new.episode)
    if finding is None:
        raise UsageError(f"there is no episode {one_line(new.episode, 40)!r} in {opened.study.name}")
    if finding.status == "running":
        raise UsageError("this episode has not ended", "labels are about whole episodes", "wait for its end")
    scenario = declared(finding.scenario or "", load)
    facts = set(finding.facts) | ({fact.id for fact in scenario.facts} if scenario else set[str]())
    if rubric.about and new.about not in facts:
        raise UsageError(
            f"{rubric.id} is asked about a fact", fix=f"about, one of: {', '.join(sorted(facts))}"
        )
    if not rubric.about and new.about is not None:
        raise UsageError(f"{rubric.id} is not asked about a fact", fix="leave about away")
    return new
