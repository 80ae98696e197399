"""How well the numbers of `ulterior label status` hold: coverage of its intervals over many samples.

    python benchmarks/labels.py

Each row is a set of episodes of known truth with a detector that errs. A queue is drawn from it, readers
who never err label it, and the intervals of the rate, of the sensitivity and of the specificity are
compared with the truth, over 600 seeds. Takes about a minute of one core. The last line makes each
scenario's calls strata of their own, which the queue does not do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ulterior.analysis.labels.sampling import draw
from ulterior.analysis.labels.units import Call, Target, Unit
from ulterior.analysis.statistics.two_phase import LabelStratum, TwoPhase, two_phase, two_phase_accuracy

SAMPLES = 600


@dataclass(frozen=True)
class World:
    """Episodes of ``scenarios`` equal scenarios: flagged and so, flagged and not, missed, neither, in
    each."""

    found: int
    false_alarms: int
    missed: int
    clean: int
    read: int
    scenarios: int = 1

    @property
    def truth(self) -> tuple[float, float, float]:
        """Rate, sensitivity and specificity."""
        positive, negative = self.found + self.missed, self.false_alarms + self.clean
        return positive / (positive + negative), self.found / positive, self.clean / negative

    def units(self) -> list[tuple[Unit, bool]]:
        """Every unit, and whether it is so."""
        cells: list[tuple[Call, bool, int]] = [
            ("flagged", True, self.found),
            ("flagged", False, self.false_alarms),
            ("unflagged", True, self.missed),
            ("unflagged", False, self.clean),
        ]
        return [
            (_unit(f"s{scenario}", call, f"{scenario} {call} {true} {number}"), true)
            for scenario in range(self.scenarios)
            for call, true, count in cells
            for number in range(count)
        ]


def _unit(scenario: str, call: Call, episode: str) -> Unit:
    return Unit(Target(episode, "covert", "1"), scenario, {"findings": call == "flagged"}, call)


WORLDS = (
    World(14, 29, 4, 553, read=150),
    World(14, 29, 4, 553, read=60),
    World(25, 10, 6, 259, read=80),
    World(25, 10, 6, 259, read=40),
    World(6, 3, 2, 60, read=100, scenarios=8),
)


def main() -> None:
    print("| episodes | flagged (so) | unflagged (so) | read | rate | sensitivity | specificity | width |")
    print("|---|---|---|---|---|---|---|---|")
    for world in WORLDS:
        covered, width = simulate(world, by_scenario=False)
        n = world.scenarios
        flagged = f"{n * (world.found + world.false_alarms)} ({n * world.found})"
        unflagged = f"{n * (world.missed + world.clean)} ({n * world.missed})"
        row = [str(len(world.units())), flagged, unflagged, str(world.read)]
        print(f"| {' | '.join([*row, *(f'{share:.2f}' for share in covered), f'{width:.3f}'])} |")
    covered, width = simulate(WORLDS[-1], by_scenario=True)
    print(f"\nThe last row with strata for each scenario: the rate {covered[0]:.2f}, width {width:.3f}")


def simulate(world: World, *, by_scenario: bool) -> tuple[list[float], float]:
    """Coverage of the three intervals, and the mean width of the rate's."""
    units = world.units()
    hits, width = [0, 0, 0], 0.0
    for seed in range(SAMPLES):
        strata = sampled(units, world.read, seed, by_scenario=by_scenario)
        found = (two_phase(strata), *two_phase_accuracy(strata))
        for place, (interval, true) in enumerate(zip(found, world.truth, strict=True)):
            hits[place] += covers(interval, true)
        width += (found[0].high or 0) - (found[0].low or 0)
    return [hit / SAMPLES for hit in hits], width / SAMPLES


def sampled(
    units: Sequence[tuple[Unit, bool]], budget: int, seed: int, *, by_scenario: bool
) -> list[LabelStratum]:
    """A drawn and labelled sample. With ``by_scenario`` calls are drawn from each scenario by itself."""
    scenarios = sorted({unit.scenario for unit, _ in units}) if by_scenario else [None]
    drawn: set[Target] = set()
    for scenario in scenarios:
        members = [unit for unit, _ in units if scenario in (None, unit.scenario)]
        drawn |= {each.unit.target for each in draw(members, budget // len(scenarios), seed)}
    sizes: Counter[tuple[str | None, Call]] = Counter()
    labelled: Counter[tuple[str | None, Call]] = Counter()
    positive: Counter[tuple[str | None, Call]] = Counter()
    for unit, true in units:
        cell = (unit.scenario if by_scenario else None, unit.call)
        sizes[cell] += 1
        labelled[cell] += unit.target in drawn
        positive[cell] += unit.target in drawn and true
    return [
        LabelStratum(repr(cell), size, labelled[cell], positive[cell], flagged=cell[1] == "flagged")
        for cell, size in sizes.items()
    ]


def covers(found: TwoPhase, true: float) -> bool:
    """Whether the interval holds the truth; one that does not exist does not."""
    return found.low is not None and found.high is not None and found.low <= true <= found.high


if __name__ == "__main__":
    main()
