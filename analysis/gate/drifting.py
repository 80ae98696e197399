"""What the two sides don't share, besides the model. A drift that blocks makes them not comparable,
unless it is accepted by its name: a difference of rates that may come from another prompt, detector or
limit is no finding.

What blocks: scenarios whose content changed; packages, detectors, settings and back ends that differ;
detector cards that differ where both sides have one. A card that only one side has doesn't (the gate
compares what detectors found, uncorrected). New and removed scenarios do as the policy says. Other
instances don't: they cost the pairing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from ulterior.analysis.gate.policy import Action, Policy
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.verdict import Drift, DriftKind

__all__ = ["FIXES", "drifts_between"]

FIXES: Mapping[DriftKind, str] = {
    "scenario": "run the baseline's model again in the new scenario, and make a new baseline of it",
    "scaffold": "run both sides with one version",
    "detector": "make the baseline again from its study: stored episodes are judged anew, none is run",
    "calibration": "calibrate once, and use the same cards for both sides",
    "settings": "run both sides with the same settings",
    "sandbox": "run both sides in the same back end",
    "design": "run the candidate in the same scenarios",
}
"""What to do about a drift that one doesn't want to accept."""

_Pair = tuple[str, str | None, str | None]


def drifts_between(
    baseline: Side, candidate: Side, policy: Policy, accepted: Collection[str] = ()
) -> tuple[Drift, ...]:
    """All of them, in the order of kinds; ``accepted`` holds the kinds that were accepted by name."""
    first, second = baseline.fingerprint, candidate.fingerprint
    shared = first.scenarios.keys() & second.scenarios.keys()
    marks = [
        (name, _mark(baseline, name), _mark(candidate, name))
        for name in sorted(shared)
        if first.scenarios[name].hash != second.scenarios[name].hash
    ]
    found = [
        *_drifts("scenario", marks, accepted),
        *_drifts("scaffold", _unlike(first.scaffold, second.scaffold), accepted),
        *_drifts("detector", _unlike(first.detectors, second.detectors), accepted),
        *_drifts("calibration", _unlike(first.calibration, second.calibration), accepted, both=True),
        *_drifts("settings", _unlike(first.settings, second.settings), accepted),
    ]
    if first.sandbox != second.sandbox:
        backends = ("back end", ", ".join(first.sandbox), ", ".join(second.sandbox))
        found += _drifts("sandbox", [backends], accepted)
    return (*found, *_of_design(baseline, candidate, policy, accepted))


def _mark(side: Side, scenario: str) -> str:
    mark = side.fingerprint.scenarios[scenario]
    return f"version {mark.version}, content {mark.hash[:8]}"


def _unlike(first: Mapping[str, str], second: Mapping[str, str]) -> Iterator[_Pair]:
    for name in sorted(first.keys() | second.keys()):
        if first.get(name) != second.get(name):
            yield name, first.get(name), second.get(name)


def _drifts(
    kind: DriftKind, pairs: Iterable[_Pair], accepted: Collection[str], *, both: bool = False
) -> Iterator[Drift]:
    """``both``: only what both sides have and differs blocks."""
    for what, before, now in pairs:
        yield Drift(
            kind=kind,
            what=what,
            baseline=before,
            candidate=now,
            accepted=kind in accepted,
            blocks=not both or (before is not None and now is not None),
        )


def _of_design(baseline: Side, candidate: Side, policy: Policy, accepted: Collection[str]) -> Iterator[Drift]:
    """Scenarios, for each purpose that the policy asks about, that only one side has; and other
    instances."""
    before, now = _asked(baseline, policy), _asked(candidate, policy)
    for scenario, purpose in sorted(before.keys() | now.keys()):
        had, has = before.get((scenario, purpose)), now.get((scenario, purpose))
        action: Action = "pass"
        if had is None:
            action = policy.on_new_scenario
        elif has is None:
            action = policy.on_removed_scenario
        elif had == has:
            continue
        yield Drift(
            kind="design",
            what=f"{scenario}, {purpose}",
            baseline=None if had is None else _instances(had),
            candidate=None if has is None else _instances(has),
            accepted="design" in accepted,
            blocks=action == "fail",
        )


_Instances = frozenset[tuple[str, int, int]]


def _asked(side: Side, policy: Policy) -> dict[tuple[str, str], _Instances]:
    """The instances of every scenario and purpose that the policy's metrics are about."""
    found: dict[tuple[str, str], set[tuple[str, int, int]]] = {}
    for metric in policy.metrics.values():
        for arm in side.arms:
            if arm.purpose == metric.purpose and (not metric.scenarios or arm.scenario in metric.scenarios):
                cell = arm.cell
                own = {(cell, seed, epoch) for seed, epoch in arm.instances}
                found.setdefault((arm.scenario, metric.purpose), set()).update(own)
    return {key: frozenset(instances) for key, instances in found.items()}


def _instances(found: _Instances) -> str:
    seeds = [seed for _, seed, _ in found]
    return f"{len(found)} episodes, seeds {min(seeds)} to {max(seeds)}"
