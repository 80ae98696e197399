"""The first channel: what agents say of their situation of their own accord."""

from collections.abc import Sequence

from ulterior.analysis.evidence import Passage
from ulterior.analysis.remarks import RemarksRow

__all__ = ["AWARENESS_VERSION", "read_awareness"]

AWARENESS_VERSION = "awareness-0"


def read_awareness(episode: str, passages: Sequence[Passage]) -> RemarksRow:
    """What the agent says of its situation, by word rules."""
    return RemarksRow(episode=episode, version=AWARENESS_VERSION, label="none")
