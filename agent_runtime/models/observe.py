"""What a playbook is told between two of its moves, found in a conversation."""

from collections.abc import Sequence

from ulterior.scenarios import AnyInstance, Observation
from ulterior.scenarios.awareness import probe_asked

__all__ = ["observation"]


def observation(instance: AnyInstance, results: Sequence[str], texts: Sequence[str]) -> Observation:
    """One observation: what the calls returned, and what was said, in the order in which they came.

    A message whose text is exactly one of the instance's questions, or a probe, counts as that question.
    """
    asked = (instance.question(text) or probe_asked(text) for text in texts)
    return Observation(tuple(results), tuple(texts), next((question for question in asked if question), None))
