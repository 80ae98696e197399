"""The queue as people read it: JSON lines to be filled in, or one page of Markdown to be read beside
them.

Everything that an agent, a tool or a colleague wrote stands in code blocks whose fences are longer than
any in it."""

from collections.abc import Iterable, Iterator
from typing import Any

from ulterior.analysis.labels.queue import QueueItem
from ulterior.analysis.visible import fence, markdown
from ulterior.traces import line_json

__all__ = ["as_lines", "as_markdown"]


def as_lines(items: Iterable[QueueItem]) -> str:
    """One JSON object per line, with the annotator's fields at the end."""
    return "".join(line_json(item.model_dump(mode="json")).decode() + "\n" for item in items)


def as_markdown(items: Iterable[QueueItem]) -> str:
    """A page to read. Answers go into a file of JSON lines, an example of which stands under each
    item."""
    return "\n".join(line for item in items for line in _item(item))


def _item(item: QueueItem) -> Iterator[str]:
    yield f"# Item {item.item}\n"
    yield f"**{markdown(item.question)}**\n"
    if item.fact is not None:
        yield f"The fact: {markdown(item.fact)}\n"
    yield from (f"- `{label}`: {markdown(meaning)}" for label, meaning in item.answers.items())
    yield ""
    if item.said:
        yield f"Annotators disagree: {', '.join(f'`{label}`' for label in item.said)}.\n"
    answer: dict[str, Any] = {"item": item.item, "label": None, "confidence": None, "quotes": [], "note": ""}
    yield f"Your answer, as one line: `{line_json(answer).decode()}`\n"
    for block in item.blocks:
        own = ", the agent's own" if block.own else ""
        yield f"Block {block.block}, {block.kind}{own}\n"
        yield f"{fence(block.text)}\n"
