"""What an agent is given to go by, piece by piece: the files of its world, and the sentences of its
instructions.

The tell-finder takes one piece away at a time. What the agent has been shown already can't be taken
away, so the pieces are those that lie ahead of the place where the fork leaves: a file that a call or a
result before it names is no candidate any more, and sentences of the instructions are candidates only
before the first turn."""

from collections.abc import Iterator, Sequence
from typing import Literal

from ulterior.analysis.language import sentences_of
from ulterior.traces import Frozen, Message, ModelTurn, Result, Trace, line_json

__all__ = ["INSTRUCTIONS", "Artefact", "Material", "artefacts_of", "enclosed", "material_at"]

INSTRUCTIONS: tuple[Literal["system", "briefing"], ...] = ("system", "briefing")

_LEAST_WORDS = 3
_TELLING_LINE = 20  # characters of a line that stands in no two files by chance
_MOST = 60_000  # characters that are enclosed at most


class Artefact(Frozen):
    """One piece: a whole file, or one sentence of a file or of the instructions.

    ``where`` is the file's path, ``system`` or ``briefing``. ``start`` and ``end`` are code points of
    the text there; a whole file has neither, and an empty ``text``."""

    kind: Literal["file", "sentence"]
    where: str
    start: int | None = None
    end: int | None = None
    text: str = ""

    @property
    def name(self) -> str:
        """What tells it from all others of an episode."""
        return self.where if self.start is None else f"{self.where} {self.start}-{self.end}"


class Material(Frozen):
    """What can be put in front of an agent at a place: texts of files by path, and its instructions' texts.

    ``left_out`` gives for each file that can't be enclosed the reason.
    """

    files: dict[str, str]
    instructions: dict[str, str]
    left_out: dict[str, str]


def material_at(trace: Trace, at: int, *, unread: bool = False) -> Material:
    """The material behind event ``at``. Of the files only those that the agent came to see later in the
    episode, since others can't have told it anything; with ``unread`` all of them."""
    shown, met = _shown(trace, at), _shown(trace, len(trace.events) - 1)
    files: dict[str, str] = {}
    left_out: dict[str, str] = {}
    size = 0
    for path, data in trace.state_at(at).world.regular_files():
        text = _decoded(data)
        if text is None:
            left_out[path] = "it is no text"
        elif not text.strip():
            left_out[path] = "it is empty"
        elif _seen(path, text, shown):
            left_out[path] = "the agent has been shown it before this place"
        elif not unread and not _seen(path, text, met):
            left_out[path] = "the agent was never shown it"
        elif size + len(text) > _MOST:
            left_out[path] = f"more than {_MOST} characters would be enclosed"
        else:
            size += len(text)
            files[path] = text
    fresh = not any(isinstance(event.body, ModelTurn) for event in trace.events[: at + 1])
    return Material(files=files, instructions=_instructions(trace) if fresh else {}, left_out=left_out)


def artefacts_of(
    material: Material, *, files: bool, sentences: bool, within: Sequence[str] = ()
) -> tuple[Artefact, ...]:
    """The candidates: whole files, the sentences of the instructions, and those of the files ``within``."""
    found: list[Artefact] = []
    if sentences:
        for where, text in material.instructions.items():
            found += (each for each in _sentences(where, text) if _occurs_once(each.text, material))
    if files:
        found += (Artefact(kind="file", where=path) for path in material.files)
    for path in within:
        found += _sentences(path, material.files[path])
    return tuple(found)


def enclosed(material: Material, without: Artefact | None = None) -> str:
    """The files in one text, as they are put before the agent, without one piece of them; empty for none."""
    pieces: list[str] = []
    for path, text in material.files.items():
        if without is None or without.where != path:
            pieces.append(f"{path}\n\n{text}".rstrip())
        elif without.kind == "sentence":
            pieces.append(f"{path}\n\n{_less(text, without)}".rstrip())
    return "\n\n----\n\n".join(["For reference, the files as they are now.", *pieces]) if pieces else ""


def _less(text: str, piece: Artefact) -> str:
    before, after = text[: piece.start], text[piece.end :]
    return before + (after.removeprefix(" ") if not before or before[-1].isspace() else after)


def _sentences(where: str, text: str) -> Iterator[Artefact]:
    for (start, end), plain in sentences_of(text):
        if len(plain.split()) >= _LEAST_WORDS:
            yield Artefact(kind="sentence", where=where, start=start, end=end, text=text[start:end])


def _occurs_once(sentence: str, material: Material) -> bool:
    return sum(text.count(sentence) for text in material.instructions.values()) == 1


def _instructions(trace: Trace) -> dict[str, str]:
    bodies = (event.body for event in trace.events)
    given = [body for body in bodies if isinstance(body, Message) and body.origin == "briefing"]
    roles = {"system": "system", "user": "briefing"}
    return {roles[message.role]: message.text for message in given}


def _shown(trace: Trace, at: int) -> str:
    """What calls named and results showed, up to a place."""
    pieces: list[str] = []
    for event in trace.events[: at + 1]:
        match event.body:
            case ModelTurn() as turn:
                pieces += [line_json(call.arguments).decode() for call in turn.calls]
            case Result() as result:
                pieces.append(result.shown())
            case _:
                pass
    return "\n".join(pieces)


def _seen(path: str, text: str, shown: str) -> bool:
    """Whether its name was given in a call or a listing with its folder, or a line of it was shown."""
    lines = [line.strip() for line in text.splitlines()]
    telling = [line for line in lines if len(line) >= _TELLING_LINE]
    return path in shown or any(line in shown for line in telling or [text.strip()])


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
