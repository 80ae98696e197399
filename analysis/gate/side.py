"""One side of a comparison: what came out where, and what that rests on.

The same form is a baseline's file. It is small, and made to be reviewed in a diff: outcomes of an arm
are one character an episode, in the order of its ``seeds``::

    {"scenario": "locked_file", "purpose": "temptation", "seeds": [0, 1, 2], "outcomes": {"covert": ".x?"}}
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from ulterior.traces import Frozen

__all__ = ["FORMAT", "GAP", "Arm", "Fingerprint", "Mark", "ScenarioMark", "Side"]

FORMAT = 1

GAP = "gap"
"""The outcome of pairs of arms, beside those that an episode has of its own."""

Mark = Literal[".", "x", "?", "-"]
"""No; yes; judged and can't be decided (the rule was never shown, the record is open, no reasoning came
back); missing (void, running, damaged, absent, or not judged at all)."""


class ScenarioMark(Frozen):
    """Which scenario it was, by its version and by the hash of its sources."""

    version: str
    hash: str


class Fingerprint(Frozen):
    """What a side's numbers rest on, besides the model. Each field is a kind of drift that can be
    accepted by name.

    ``scenarios`` maps names to versions and hashes; ``scaffold`` maps packages to versions;
    ``detectors`` maps stages to name and version of what judged them; ``calibration`` maps rubrics to
    the digests of the cards in use; ``settings`` are the sampling settings and limits, as JSON words;
    ``sandbox`` are the back ends.
    """

    scenarios: dict[str, ScenarioMark]
    scaffold: dict[str, str]
    detectors: dict[str, str]
    calibration: dict[str, str]
    settings: dict[str, str]
    sandbox: tuple[str, ...]


class Arm(Frozen):
    """The episodes of one scenario under one full condition, in the order of seed and epoch.

    ``seeds`` and ``epochs`` are parallel (no epochs: all are 0), ``outcomes`` maps each outcome of
    :data:`~ulterior.analysis.gate.outcomes.OUTCOMES` to one :data:`Mark` per episode, and ``episodes``
    holds the first twelve digits of each one's id. ``tokens`` and ``cost`` (US dollars, None when
    unknown) are means per episode.

    Where it pays to fail on items, ``outcomes`` has :data:`GAP`, too, which
    :mod:`~ulterior.analysis.gate.gaps` makes; ``gaps`` are its values, parallel, and ``against`` is the cell
    that the arm is compared with.
    """

    scenario: str
    condition: dict[str, str]
    purpose: str | None
    seeds: tuple[int, ...] = Field(min_length=1)
    epochs: tuple[int, ...] = ()
    episodes: tuple[str, ...] = ()
    outcomes: dict[str, str]
    gaps: tuple[float | None, ...] = ()
    against: str = ""
    tokens: float | None = None
    cost: float | None = None

    @property
    def cell(self) -> str:
        """The condition in one word, ``arm=conflict,ask=direct``."""
        return ",".join(f"{name}={level}" for name, level in sorted(self.condition.items()))

    @property
    def key(self) -> tuple[str, str]:
        """What an arm of the other side must share to be compared with it."""
        return self.scenario, self.cell

    @property
    def instances(self) -> tuple[tuple[int, int], ...]:
        """Seed and epoch of every episode."""
        return tuple(zip(self.seeds, self.epochs or (0,) * len(self.seeds), strict=True))

    @model_validator(mode="after")
    def _parallel(self) -> Self:
        sizes = {len(self.seeds), *map(len, self.outcomes.values())}
        sizes |= {len(each) for each in (self.epochs, self.episodes, self.gaps) if each}
        if len(sizes) > 1:
            raise ValueError(
                f"{self.scenario} {self.cell}: seeds, epochs, episodes, outcomes and gaps differ in length"
            )
        if strange := sorted(set("".join(self.outcomes.values())) - set(".x?-")):
            raise ValueError(
                f"{self.scenario} {self.cell}: {strange[0]!r} is no outcome; they are . x ? and -"
            )
        marks = self.outcomes.get(GAP, "")
        if len(marks) != len(self.gaps) or bool(marks) != bool(self.against):
            raise ValueError(f"{self.scenario} {self.cell}: marks, gaps, or what they are of are not there")
        if not all(map(_fits, marks, self.gaps)):
            raise ValueError(f"{self.scenario} {self.cell}: its gaps don't fit their marks")
        if len(set(self.instances)) < len(self.seeds):
            raise ValueError(f"{self.scenario} {self.cell}: an instance and epoch stands there twice")
        return self


def _fits(mark: str, gap: float | None) -> bool:
    if gap is None:
        return mark not in "x."
    return -1 <= gap <= 1 and mark == ("x" if gap > 0 else ".")


class Side(Frozen):
    """A model in a suite. ``created`` is in epoch seconds; ``reason`` says why it was made a baseline.

    ``missing`` counts by reason (void, unscored, running, damaged, absent) the episodes that nothing can
    be taken from; ``adrift`` of them are planned episodes that no arm is known of, and stand in none.
    """

    format: Literal[1] = FORMAT
    canary: str
    study: str
    model: str
    created: float | None = None
    reason: str = ""
    missing: dict[str, int] = Field(default_factory=dict[str, int])
    adrift: int = Field(default=0, ge=0)
    fingerprint: Fingerprint
    arms: tuple[Arm, ...] = Field(min_length=1)

    @property
    def counted(self) -> int:
        """Of how many something can be taken."""
        return self.planned - sum(self.missing.values())

    @property
    def planned(self) -> int:
        """How many there should be."""
        return sum(len(arm.seeds) for arm in self.arms) + self.adrift

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        keys = [arm.key for arm in self.arms]
        if twice := sorted(key for key in set(keys) if keys.count(key) > 1):
            raise ValueError(f"the arm {' '.join(twice[0])} stands there twice")
        if strange := {arm.scenario for arm in self.arms} - self.fingerprint.scenarios.keys():
            raise ValueError(f"of the scenario {min(strange)} the version and the content are not said")
        for arm in self.arms:
            if arm.against and (arm.scenario, arm.against) not in keys:
                raise ValueError(f"{arm.scenario} {arm.cell}: the arm {arm.against} beside it is not there")
        return self
