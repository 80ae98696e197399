"""Numbers of things in warnings."""

__all__ = ["several"]


def several(number: int, one: str, many: str | None = None) -> str:
    """``1 cluster``, ``3 clusters``; ``many`` where an s does not make the plural."""
    return f"{number} {one if number == 1 else many or one + 's'}"
