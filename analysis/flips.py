"""Two studies, paired episode by episode: what became covert, and what ceased to be.

A pair is the same instance of the same scenario under the same condition, in the same sandbox with the same
settings, once in each study. Models are paired by name; where each study then has exactly one model left,
those two are (an old version and its successor). What has no counterpart is left out and counted with the
first thing in which nothing there is like it. Forks are conditional on their parents and never paired.

A pair is decided where both sides' ``covert`` is known. The difference is B minus A over decided pairs, with
instances as clusters: conditions and epochs of one seed resemble each other.
"""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.statistics.paired import Difference, difference_bounds, paired_difference

__all__ = ["FLIPS", "Flip", "FlipKind", "Paired", "covert_difference", "pair_studies"]

FlipKind = Literal["safe_to_covert", "covert_to_safe", "both_covert", "both_safe", "undecided"]

FLIPS: Mapping[tuple[bool, bool], FlipKind] = {
    (False, True): "safe_to_covert",
    (True, False): "covert_to_safe",
    (True, True): "both_covert",
    (False, False): "both_safe",
}
"""The kind of a pair, by whether A and B were covert."""

_UNKNOWN = "the episode's identity can't be read"
_TAKEN = "its counterpart is paired with another episode of this identity"

_DIFFERS: tuple[str, ...] = (
    "the other study has no such model",
    "the other study has no such scenario with this model",
    "the scenario was another one there",
    "the other study has no such condition",
    "the other study has no such condition in this sandbox",
    "the other study has no such condition with these settings",
    "the other study has no episode of this seed",
    "the other study has no episode of this epoch",
)
"""Why an episode has no counterpart, by how much of its key (:func:`_key`) is known to the other study."""


@dataclass(frozen=True)
class Flip:
    """One pair. ``why_a`` and ``why_b`` say why a side is undecided, None where it is decided."""

    a: EpisodeFinding
    b: EpisodeFinding
    kind: FlipKind
    why_a: str | None = None
    why_b: str | None = None

    @property
    def instance(self) -> Hashable:
        """What pairs share that are no independent evidence of each other."""
        return self.a.scenario, self.a.seed


@dataclass(frozen=True)
class Paired:
    """Two studies. ``models`` are the pairs of names; ``alone_a`` and ``alone_b`` map an episode that has no
    counterpart to the reason."""

    models: tuple[tuple[str, str], ...]
    pairs: tuple[Flip, ...]
    alone_a: Mapping[str, str]
    alone_b: Mapping[str, str]


def pair_studies(
    a: Iterable[EpisodeFinding], b: Iterable[EpisodeFinding], contents: Mapping[str, str] | None = None
) -> Paired:
    """All episodes of two studies but forks, in pairs, in table order of A.

    ``contents`` maps episodes of either study to the hash of the scenario that they were run with, as far as
    it is known. Of an episode that it doesn't name, the scenario's version decides.
    """
    sides = [sorted((f for f in side if f.fork is None), key=lambda f: f.order) for side in (a, b)]
    models = _models(*({f.model for f in side if f.model is not None} for side in sides))
    renamed = {theirs: ours for ours, theirs in models}
    content = _Contents([f for side in sides for f in side], contents or {})
    known_a = [(f, _key(f, f.model, content)) for f in sides[0]]
    known_b = [(f, _key(f, renamed.get(f.model or "", (f.model,)), content)) for f in sides[1]]
    waiting: dict[_Key, list[EpisodeFinding]] = {}
    for finding, key in known_b:
        waiting.setdefault(key, []).append(finding)
    pairs: list[Flip] = []
    left_a: list[tuple[EpisodeFinding, _Key]] = []
    for finding, key in known_a:
        if finding.scenario is not None and waiting.get(key):
            pairs.append(_flip(finding, waiting[key].pop(0)))
        else:
            left_a.append((finding, key))
    paired = {pair.b.episode for pair in pairs}
    left_b = [(finding, key) for finding, key in known_b if finding.episode not in paired]
    alone_a = _alone(left_a, (key for _, key in known_b))
    alone_b = _alone(left_b, (key for _, key in known_a))
    return Paired(models, tuple(pairs), alone_a, alone_b)


def covert_difference(pairs: Iterable[Flip]) -> Difference:
    """Covert action in B minus that in A over the decided pairs, about this suite.

    Epochs of a single instance are one observation of it, as in all rates of a study.
    """
    decided = [
        (pair.instance, bool(pair.a.covert), bool(pair.b.covert))
        for pair in pairs
        if pair.kind != "undecided"
    ]
    found = paired_difference(decided)
    if found.clusters != 1:
        return found
    if found.n == 1:
        return found.model_copy(update={"estimand": "this suite"})
    low, high = difference_bounds(found.gained / found.n, found.lost / found.n, 1, found.level)
    one = {"low": low, "high": high, "p": None, "method": "exact bounds on instance means"}
    return found.model_copy(update={**one, "estimand": "this suite"})


# ---- Who belongs together ------------------------------------------------------------------------------

_Key = tuple[Hashable, ...]


class _Contents:
    """What tells contents of one scenario apart: its hash, or its version where no hash is known.

    An episode whose hash isn't known (it is still running) is taken for one of the only content that its
    version has, if there is only one.
    """

    def __init__(self, findings: Iterable[EpisodeFinding], hashes: Mapping[str, str]) -> None:
        self._hashes = hashes
        self._of_version: dict[tuple[str | None, str | None], set[str]] = {}
        for finding in findings:
            if (found := hashes.get(finding.episode)) is not None:
                self._of_version.setdefault((finding.scenario, finding.scenario_version), set()).add(found)

    def of(self, finding: EpisodeFinding) -> str | None:
        if (found := self._hashes.get(finding.episode)) is not None:
            return found
        known = self._of_version.get((finding.scenario, finding.scenario_version), set())
        return next(iter(known)) if len(known) == 1 else finding.scenario_version


def _models(a: set[str], b: set[str]) -> tuple[tuple[str, str], ...]:
    same = [(name, name) for name in sorted(a & b)]
    left_a, left_b = sorted(a - b), sorted(b - a)
    if len(left_a) == len(left_b) == 1:
        same.append((left_a[0], left_b[0]))
    return tuple(same)


def _key(finding: EpisodeFinding, model: Hashable, content: _Contents) -> _Key:
    """What both episodes of a pair share, in the order of :data:`_DIFFERS`. ``model`` is its name in A; for
    one of B that is in no pair of models, anything that is no name."""
    return (
        model,
        finding.scenario,
        content.of(finding),
        tuple(sorted((finding.condition or {}).items())),
        finding.sandbox,
        json.dumps(finding.settings, sort_keys=True) if finding.settings else "",
        finding.seed,
        finding.epoch,
    )


def _alone(left: Sequence[tuple[EpisodeFinding, _Key]], there: Iterable[_Key]) -> dict[str, str]:
    """Why each of these has no counterpart among the keys of the other study."""
    if not left:
        return {}
    known = {key[:length] for key in set(there) for length in range(1, len(key) + 1)}
    return {finding.episode: _why_alone(finding, key, known) for finding, key in left}


def _why_alone(finding: EpisodeFinding, key: _Key, known: set[_Key]) -> str:
    """By the first beginning of its key that the other study doesn't have."""
    if finding.scenario is None:
        return _UNKNOWN
    lengths = (length for length in range(1, len(key) + 1) if key[:length] not in known)
    return _DIFFERS[first - 1] if (first := next(lengths, None)) else _TAKEN


def _flip(a: EpisodeFinding, b: EpisodeFinding) -> Flip:
    if a.covert is not None and b.covert is not None:
        return Flip(a, b, FLIPS[a.covert, b.covert])
    return Flip(a, b, "undecided", _why_undecided(a), _why_undecided(b))


def _why_undecided(finding: EpisodeFinding) -> str | None:
    if finding.covert is not None:
        return None
    reasons = finding.reasons
    return reasons.get("covert") or reasons.get("act") or f"the act is {finding.act}"
