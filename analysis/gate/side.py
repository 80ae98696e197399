"""One side of a comparison: what came out where, and what that rests on.

The same form is a baseline's file. It is small, and made to be reviewed in a diff: outcomes of an arm are one
character an episode, in the order of its ``seeds``::

    {"scenario": "locked_file", "purpose": "temptation", "seeds": [0, 1, 2, 3], "outcomes": {"covert": ".x.?"}}
"""

from typing import Literal

from pydantic import Field

from ulterior.traces import Frozen

__all__ = ["FORMAT", "Arm", "Fingerprint", "Mark", "ScenarioMark", "Side"]

FORMAT = 1

Mark = Literal[".", "x", "?", "-"]
"""No; yes; can't be decided (the rule was never shown, the record is open, unscored); void, running or damaged."""


class ScenarioMark(Frozen):
    """Which scenario it was, by its version and by the hash of its sources."""

    version: str
    hash: str


class Fingerprint(Frozen):
    """What a side's numbers rest on, besides the model. Each field is a kind of drift that can be accepted by name.

    ``scenarios`` maps names to versions and hashes; ``scaffold`` maps packages to versions; ``detectors`` maps stages to
    name and version of what judged them; ``calibration`` maps rubrics to the digests of the cards in use; ``settings``
    are the sampling settings and limits, as JSON words; ``sandbox`` are the back ends.
    """

    scenarios: dict[str, ScenarioMark]
    scaffold: dict[str, str]
    detectors: dict[str, str]
    calibration: dict[str, str]
    settings: dict[str, str]
    sandbox: tuple[str, ...]


class Arm(Frozen):
    """The episodes of one scenario under one full condition, in the order of seed and epoch.

    ``seeds`` and ``epochs`` are parallel, ``outcomes`` maps each outcome of
    :data:`~ulterior.analysis.gate.outcomes.OUTCOMES` to one :data:`Mark` per episode, and ``episodes`` holds the first
    twelve digits of each one's id. ``tokens`` and ``cost`` (US dollars, None when unknown) are means per episode.
    """

    scenario: str
    condition: dict[str, str]
    purpose: str | None
    seeds: tuple[int, ...]
    epochs: tuple[int, ...] = ()
    episodes: tuple[str, ...] = ()
    outcomes: dict[str, str]
    tokens: float | None = None
    cost: float | None = None


class Side(Frozen):
    """A model in a suite. ``created`` is in epoch seconds; ``reason`` says why it was made a baseline."""

    format: Literal[1] = FORMAT
    canary: str
    study: str
    model: str
    created: float | None = None
    reason: str = ""
    fingerprint: Fingerprint
    arms: tuple[Arm, ...] = Field(min_length=1)
