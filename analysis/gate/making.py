"""From a study and its findings to a side: outcomes by arm, and what they rest on.

Only the main line counts: a fork is an experiment on an episode, not another one. What a condition is
there for is the scenario's own declaration. A side is about one version of every scenario, one model and
one episode of every instance and epoch; a study that holds more than that is refused with what to do,
since no choice among them would be the reader's.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.finding import EpisodeFinding, detectors_of
from ulterior.analysis.gate.absent import Absent, find_absent
from ulterior.analysis.gate.gaps import Gap, gap_between, partners_in
from ulterior.analysis.gate.outcomes import OUTCOMES, mark_of, missing_because
from ulterior.analysis.gate.side import GAP, Arm, Fingerprint, ScenarioMark, Side
from ulterior.analysis.report.detectors import cards_in
from ulterior.analysis.report.grouping import declared
from ulterior.analysis.sandbagging import puts_items
from ulterior.analysis.visible import visible
from ulterior.errors import TraceError, UsageError
from ulterior.scenarios import CANARY, AnyScenario, load_scenario
from ulterior.traces import EpisodeSpec, Study, canonical_json, digest, read_summary

__all__ = ["fingerprint_of", "side_of"]

_SHOWN = 12
"""Digits of an episode's id that a side keeps."""

_Known = tuple[EpisodeSpec, EpisodeFinding | None]
"""An episode of the model; one that never began has no finding."""


def side_of(
    study: Study,
    findings: Iterable[EpisodeFinding],
    model: str | None = None,
    load: LoadScenario = load_scenario,
    only: Collection[str] | None = None,
) -> Side:
    """The side of one model in a study; ``model`` may be left out where there is only one. ``only`` are the
    ids of the episodes that it is about, all by default.

    Raises :class:`~ulterior.errors.UsageError` when that is none or several, and when the study holds
    two versions of a scenario, or two episodes that only settings or the back end tell apart.
    """
    main = [
        finding for finding in findings if finding.fork is None and (only is None or finding.episode in only)
    ]
    model = _the_model(study, main, model)
    specs = {episode: spec for episode, spec in _specs(study, main) if spec.fork is None}
    absent = find_absent(study, main, specs.values(), model, only)
    own: list[_Known] = [
        (specs[finding.episode], finding)
        for finding in main
        if finding.model == model and finding.episode in specs
    ]
    damaged = {finding.episode: finding for finding in main}  # of a damaged one nothing but the id is known
    own += [(spec, damaged.get(spec.id)) for spec in absent.specs]
    scenarios = {name: declared(name, load) for name in sorted({spec.scenario for spec, _ in own})}
    arms = tuple(_arms(study, own, scenarios))
    return Side(
        canary=CANARY,
        study=visible(study.name),  # a folder's name may be no UTF-8
        model=model,
        missing=_missing(own, absent, {episode for episode, _ in study.attempts()}),
        adrift=absent.adrift,
        fingerprint=_fingerprint(study, own),
        arms=arms,
    )


def _the_model(study: Study, main: Sequence[EpisodeFinding], model: str | None) -> str:
    models = sorted({finding.model for finding in main if finding.model is not None})
    if not models:
        raise UsageError(f"{study.root} holds no episodes", "nothing of it has begun", "run the study first")
    known = f"it has: {', '.join(models)}"
    if model is None and len(models) > 1:
        raise UsageError(
            f"{study.root} holds {len(models)} models", "a side is one of them", f"say which one; {known}"
        )
    if model is not None and model not in models:
        raise UsageError(f"{study.root} has no model {model!r}", known, "name one of these")
    return model or models[0]


def _specs(study: Study, main: Iterable[EpisodeFinding]) -> Iterator[tuple[str, EpisodeSpec]]:
    """The specs of all episodes of the main line that can be read."""
    for finding in main:
        if finding.status == "running" and not study.is_sealed(finding.episode):
            with suppress(TraceError, UsageError, OSError, ValueError):
                start = study.trace(finding.episode, salvage=True).final.start
                if start is not None:
                    yield finding.episode, start.spec
            continue
        with suppress(TraceError, UsageError, OSError):
            summary = read_summary(study.sealed_path(finding.episode))
            if summary.episode == finding.episode:
                yield finding.episode, summary.spec


def _missing(own: Iterable[_Known], absent: Absent, failed: Collection[str]) -> dict[str, int]:
    """By reason; what is not finished and has a failed attempt behind it is void, not merely late."""
    whys = ((spec.id, "absent" if finding is None else missing_because(finding)) for spec, finding in own)
    counts = Counter(
        "void" if why in ("running", "absent") and episode in failed else why
        for episode, why in whys
        if why is not None
    )
    counts["absent"] += absent.adrift
    return {why: number for why, number in sorted(counts.items()) if number}


# ---- Arms --------------------------------------------------------------------------------------------


def _arms(study: Study, own: Iterable[_Known], scenarios: Mapping[str, AnyScenario | None]) -> Iterator[Arm]:
    groups: dict[tuple[str, str], list[_Known]] = {}
    for spec, finding in own:
        groups.setdefault((spec.scenario, spec.cell), []).append((spec, finding))
    for members in groups.values():
        members.sort(key=lambda known: (known[0].seed, known[0].epoch))
        _check_distinct(study, [spec for spec, _ in members])
    items = puts_items(finding for members in groups.values() for _, finding in members if finding)
    beside = {name: _beside(scenarios[name], name, groups) if name in items else {} for name in scenarios}
    for (name, cell), members in sorted(groups.items()):
        scenario = scenarios[name]
        condition = members[0][0].condition
        against = beside[name].get(cell, "")
        gaps = _gaps(members, groups[name, against]) if against else ()
        yield _arm(members, scenario.purpose(condition) if scenario else None, against, gaps)


_Groups = Mapping[tuple[str, str], Sequence[_Known]]
"""Episodes by scenario and cell."""


def _beside(scenario: AnyScenario | None, name: str, groups: _Groups) -> dict[str, str]:
    """By cell in which it pays to fail on items, the cell that it is compared with."""
    if scenario is None:
        return {}
    own = {cell: members[0][0].condition for (each, cell), members in groups.items() if each == name}
    return partners_in(scenario, own)


def _gaps(members: Sequence[_Known], partners: Sequence[_Known]) -> Sequence[Gap]:
    known = {(spec.seed, spec.epoch): finding for spec, finding in partners}
    return [gap_between(finding, known.get((spec.seed, spec.epoch))) for spec, finding in members]


def _arm(members: Sequence[_Known], purpose: str | None, against: str, gaps: Sequence[Gap]) -> Arm:
    found = [finding for _, finding in members if finding is not None and finding.turns is not None]
    tokens = [
        finding.tokens_in + finding.tokens_out
        for finding in found
        if finding.tokens_in is not None and finding.tokens_out is not None
    ]
    costs = [finding.cost for finding in found]
    known = [cost for cost in costs if cost is not None]
    return Arm(
        scenario=members[0][0].scenario,
        condition=dict(sorted(members[0][0].condition.items())),
        purpose=purpose,
        seeds=tuple(spec.seed for spec, _ in members),
        epochs=tuple(spec.epoch for spec, _ in members) if any(spec.epoch for spec, _ in members) else (),
        episodes=tuple(spec.id[:_SHOWN] for spec, _ in members),
        outcomes={
            name: "".join("-" if finding is None else mark_of(finding, outcome) for _, finding in members)
            for name, outcome in OUTCOMES.items()
        }
        | ({GAP: "".join(mark for mark, _ in gaps)} if gaps else {}),
        gaps=tuple(value for _, value in gaps),
        against=against,
        tokens=sum(tokens) / len(tokens) if tokens else None,
        cost=sum(known) / len(known) if known and len(known) == len(costs) else None,
    )


def _check_distinct(study: Study, specs: Sequence[EpisodeSpec]) -> None:
    for one, other in pairwise(specs):
        if (one.seed, one.epoch) == (other.seed, other.epoch):
            raise UsageError(
                f"{study.root} holds several episodes of {one.scenario} {one.cell}, seed {one.seed}",
                f"they differ by {' and '.join(_differences(one, other))}",
                "run each into a folder of its own",
            )


def _differences(one: EpisodeSpec, other: EpisodeSpec) -> Iterator[str]:
    if one.sandbox != other.sandbox:
        yield f"the sandbox ({one.sandbox}, {other.sandbox})"
    if one.settings != other.settings:
        yield "their settings"
    if one.scenario_hash != other.scenario_hash:
        yield "the scenario's content"


# ---- What it rests on --------------------------------------------------------------------------------


def _fingerprint(study: Study, own: Sequence[_Known]) -> Fingerprint:
    packages = study.about.get("packages")
    versions = cast("dict[object, object]", packages) if isinstance(packages, dict) else {}
    findings = [finding for _, finding in own if finding is not None]
    return fingerprint_of([spec for spec, _ in own], versions, findings, study.root)


def fingerprint_of(
    specs: Sequence[EpisodeSpec],
    packages: Mapping[Any, object],
    findings: Iterable[EpisodeFinding],
    root: Path,
) -> Fingerprint:
    """What these episodes of the study at ``root`` rest on; without findings, on the usual detectors.

    Raises :class:`~ulterior.errors.UsageError` for two versions of a scenario or of a detector.
    """
    try:
        detectors = detectors_of(findings)
    except ValueError as error:
        raise UsageError(
            "these episodes can't make a side", str(error), "analyse them with one set of detectors"
        ) from error
    return Fingerprint(
        scenarios=dict(_scenario_marks(root, specs)),
        scaffold={name: word for name, word in _words(packages) if _matters(name, specs)},
        detectors={stage: " ".join(judged) for stage, judged in detectors.items()},
        calibration={
            f"{card.detector} {card.rubric}": digest(canonical_json(card.model_dump(mode="json")))[:16]
            for card in cards_in(root)
        },
        settings=_settings(specs),
        sandbox=tuple(sorted({spec.sandbox for spec in specs})),
    )


_ONLY_FOR: Mapping[str, Callable[[EpisodeSpec], bool]] = {
    "anthropic": lambda spec: spec.model.startswith("anthropic/"),
    "openai": lambda spec: spec.model.startswith("openai"),
    "docker": lambda spec: spec.sandbox == "docker",
    "bashkit": lambda spec: spec.sandbox == "embedded",
}
"""Packages that decide how some episodes run and have no part in others."""


def _matters(package: str, specs: Sequence[EpisodeSpec]) -> bool:
    return package not in _ONLY_FOR or any(map(_ONLY_FOR[package], specs))


def _words(values: Mapping[object, object]) -> Iterator[tuple[str, str]]:
    for name, value in sorted(values.items(), key=str):
        yield str(name), str(value)


def _scenario_marks(root: Path, specs: Iterable[EpisodeSpec]) -> Iterator[tuple[str, ScenarioMark]]:
    marks: dict[str, set[tuple[str, str]]] = {}
    for spec in specs:
        marks.setdefault(spec.scenario, set()).add((spec.scenario_version, spec.scenario_hash))
    for name, found in sorted(marks.items()):
        if len(found) > 1:
            raise UsageError(
                f"{root} holds {len(found)} versions of {name}",
                f"with the contents {', '.join(sorted(hash_[:8] for _, hash_ in found))}",
                "run each into a folder of its own",
            )
        version, content = next(iter(found))
        yield name, ScenarioMark(version=version, hash=content)


def _settings(specs: Iterable[EpisodeSpec]) -> dict[str, str]:
    """Each setting as JSON; one that differs between episodes with all its values."""
    values: dict[str, set[str]] = {}
    distinct = {canonical_json(spec.settings): spec.settings for spec in specs}
    for settings in distinct.values():
        for name, value in settings.items():
            values.setdefault(name, set()).add(canonical_json(value).decode())
    for name, found in values.items():
        if any(name not in settings for settings in distinct.values()):
            found.add("not set")
    return {name: " | ".join(sorted(found)) for name, found in sorted(values.items())}
