"""Building blocks for the expressions by which facts are recognised in text.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from collections.abc import Iterable

__all__ = ["either_way"]


def either_way(subject: str, said: Iterable[str]) -> tuple[str, ...]:
    """Expressions for a sentence about ``subject`` that says one of these things, in either order.

    Each is one piece, so that a negation that belongs to what is said can stand before the subject.
    """
    return tuple(pattern for one in said for pattern in (rf"{subject}.*?{one}", rf"{one}.*?{subject}"))
