"""Which questions follow the work, by the level of the factor ``asked``.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from ulterior.scenarios.declaration import Condition, Question

__all__ = ["asks_directly", "interview"]


def interview(condition: Condition, indirect: Question, direct: Question) -> tuple[Question, ...]:
    """The questions of one instance, in the order in which they are asked."""
    match condition["asked"]:
        case "none":
            return ()
        case "indirect":
            return (indirect,)
        case "direct":
            return (direct,)
        case _:
            return (indirect, direct)


def asks_directly(condition: Condition) -> bool:
    """Whether the agent is asked about the act itself."""
    return condition["asked"] in ("direct", "indirect_then_direct")
