"""Counting findings: how often something holds, and how often each value occurs."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.statistics import Rate, clustered_rate

__all__ = ["Findings", "Question", "counted", "rate_of"]

Findings = Sequence[EpisodeFinding]
Question = Callable[[EpisodeFinding], bool | None]


def rate_of(findings: Findings, question: Question) -> Rate:
    """How often the answer is yes, among the episodes in which there is one."""
    answered = ((finding, question(finding)) for finding in findings)
    return clustered_rate(
        ((finding.scenario, finding.seed), answer) for finding, answer in answered if answer is not None
    )


def counted(values: Iterable[str | None]) -> dict[str, int]:
    """How often each value occurs, in alphabetical order; None is not a value."""
    return dict(sorted(Counter(value for value in values if value is not None).items()))
