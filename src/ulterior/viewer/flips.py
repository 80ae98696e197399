"""Two studies as the flips document: pairs of episodes, in cells with their differences."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import get_args

from ulterior.analysis import EpisodeFinding
from ulterior.analysis import flips as pairing
from ulterior.analysis.case import LoadScenario
from ulterior.analysis.report.counting import counted
from ulterior.analysis.report.grouping import fixed_choices, labelled, purposes
from ulterior.errors import UlteriorError
from ulterior.scenarios import load_scenario
from ulterior.traces import Study, read_summary
from ulterior.viewer.documents import Flip, FlipCell, FlipKind, Flips, StudyListed

__all__ = ["build_flips", "contents_of"]

_KINDS: tuple[FlipKind, ...] = get_args(FlipKind)


def build_flips(
    a: tuple[StudyListed, Iterable[EpisodeFinding]],
    b: tuple[StudyListed, Iterable[EpisodeFinding]],
    contents: Mapping[str, str] | None = None,
    load: LoadScenario = load_scenario,
) -> Flips:
    """The document of two studies; ``contents`` as for :func:`~ulterior.analysis.flips.pair_studies`.

    Cells come by scenario, condition and model, their pairs together and in the order of instances.
    """
    paired = pairing.pair_studies(a[1], b[1], contents)
    cells: list[FlipCell] = []
    pairs: list[Flip] = []
    purpose = purposes([pair.a for pair in paired.pairs], load)
    for (scenario, label, model_a, model_b), members in _cells(paired.pairs):
        pairs += (_flip(pair, len(cells)) for pair in members)
        cells.append(
            FlipCell(
                scenario=scenario,
                label=label,
                model_a=model_a,
                model_b=model_b,
                purpose=purpose(members[0].a),
                counts=_counts(members),
                difference=pairing.covert_difference(members),
            )
        )
    return Flips(
        a=a[0],
        b=b[0],
        models=paired.models,
        cells=tuple(cells),
        pairs=tuple(pairs),
        counts=_counts(paired.pairs),
        whole=pairing.covert_difference(paired.pairs),
        alone_a=len(paired.alone_a),
        alone_b=len(paired.alone_b),
        why_alone_a=counted(paired.alone_a.values()),
        why_alone_b=counted(paired.alone_b.values()),
    )


def contents_of(study: Study) -> dict[str, str]:
    """The hash of the scenario that each sealed episode was run with, as far as it can be read."""
    found: dict[str, str] = {}
    for path in study.sealed():
        with suppress(UlteriorError, OSError):
            summary = read_summary(path)
            found[summary.episode] = summary.spec.scenario_hash
    return found


_Place = tuple[str, str, str, str]


def _cells(pairs: Sequence[pairing.Flip]) -> list[tuple[_Place, list[pairing.Flip]]]:
    """The pairs by scenario, condition and models. A condition is labelled by what varies over the pairs."""
    of_scenario: dict[str, list[pairing.Flip]] = {}
    for pair in pairs:
        of_scenario.setdefault(pair.a.scenario or "", []).append(pair)
    cells: dict[_Place, list[pairing.Flip]] = {}
    for scenario, group in of_scenario.items():
        fixed = fixed_choices([pair.a for pair in group])
        for pair in group:
            place = (scenario, labelled(pair.a, fixed), pair.a.model or "", pair.b.model or "")
            cells.setdefault(place, []).append(pair)
    return sorted(cells.items())


def _counts(pairs: Iterable[pairing.Flip]) -> dict[FlipKind, int]:
    counts = dict.fromkeys(_KINDS, 0)
    for pair in pairs:
        counts[pair.kind] += 1
    return counts


def _flip(pair: pairing.Flip, cell: int) -> Flip:
    why = [f"{side}: {reason}" for side, reason in (("A", pair.why_a), ("B", pair.why_b)) if reason]
    return Flip(
        a=pair.a.episode,
        b=pair.b.episode,
        cell=cell,
        seed=pair.a.seed or 0,
        epoch=pair.a.epoch or 0,
        kind=pair.kind,
        reason="; ".join(why) or None,
    )
