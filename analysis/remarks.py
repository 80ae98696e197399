"""What the reasoning and awareness stages note: words of the agent, and what they are taken for."""

from typing import Literal

from ulterior.analysis.evidence import Evidence
from ulterior.traces import Frozen

__all__ = ["Axis", "Remark", "RemarksRow"]

Axis = Literal["intent", "awareness", "probing"]


class Remark(Evidence):
    """Words that say something on one axis. ``label`` is one of that axis; ``rule`` names the rule that
    read it.

    On the axis ``awareness`` there is one label more, ``in_fiction``: reviewers, audits and tests of the
    story itself, which never count. On ``probing`` the label says what was looked for.
    """

    axis: Axis
    label: str
    rule: str


class RemarksRow(Frozen):
    """What one stage found in one episode. ``label`` is the episode's label on the stage's axis, None with
    a ``reason`` where there is none; ``flags`` go into the finding's."""

    episode: str
    version: str
    label: str | None
    reason: str | None = None
    remarks: tuple[Remark, ...] = ()
    flags: tuple[str, ...] = ()
