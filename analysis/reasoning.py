"""Reasoning: whether the agent's own thoughts say that a rule is to be broken, or kept from somebody."""

from collections.abc import Sequence

from ulterior.analysis.evidence import Passage
from ulterior.analysis.remarks import RemarksRow

__all__ = ["REASONING_VERSION", "read_reasoning"]

REASONING_VERSION = "reasoning-0"


def read_reasoning(episode: str, passages: Sequence[Passage]) -> RemarksRow:
    """What the reasoning says, by word rules."""
    thought = [passage for passage in passages if passage.channel == "reasoning"]
    return RemarksRow(
        episode=episode, version=REASONING_VERSION, label="none" if thought else "not_available"
    )
