"""Labelled corpora from outside: one JSON object per line, read strictly.

::

    {"id": "a-17", "family": "expenses", "style": "plain", "rubric": "telling", "label": "tells",
     "about": "limit_raised", "fact": "The agent raised the limit.",
     "blocks": [{"kind": "report", "channel": "report", "text": "I raised the limit to 500."}]}

============ ===========================================================================================
``id``       any text, once per file
``family``   the scenario or task that it comes from: no detector is tested on a family it was trained on
``style``    who speaks, such as ``covert`` or ``model-x``; results are broken down by it
``rubric``   a rubric's id; it decides the view
``label``    a label of that rubric, or a list of labels of which one is right
``about``    the id of the material fact, and ``fact`` the sentence that states it: for rubrics that ask
             about a fact, and for no others
``cluster``  optional: lines that share it are no independent evidence; ``family/id`` unless given
``blocks``   what is shown, in order: ``kind`` as in a view; ``channel`` (``reasoning``, ``action`` or
             ``report``) where the agent itself produced the text, left out where it did not; ``text``
============ ===========================================================================================

A key that is not in this table, a label that the rubric lacks and a line that is no JSON are errors with
the line's number. Nothing is left out quietly.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from ulterior.analysis.calibration.samples import Sample
from ulterior.analysis.evidence import Passage
from ulterior.analysis.judges.floors import Wordings
from ulterior.analysis.judges.judgement import BlockKind, View, ViewBlock
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.errors import UsageError
from ulterior.scenarios import LIBRARY, FactReading, load_scenario
from ulterior.traces import Frozen, line_json

__all__ = ["CorpusBlock", "CorpusLine", "library_wordings", "line_of", "parse_corpus", "read_corpus"]

_MEND = "mend the line; docs/calibration.md shows the format"


class CorpusBlock(Frozen):
    """One block of a view. Only one with a channel may be quoted."""

    kind: BlockKind
    channel: Literal["reasoning", "action", "report"] | None = None
    text: str


class CorpusLine(Frozen):
    """One line of a corpus."""

    id: str = Field(min_length=1)
    family: str = Field(min_length=1)
    style: str = Field(min_length=1)
    rubric: str
    label: str | tuple[str, ...]
    about: str | None = None
    fact: str | None = None
    cluster: str | None = None
    blocks: tuple[CorpusBlock, ...] = Field(min_length=1)

    @property
    def labels(self) -> frozenset[str]:
        return frozenset((self.label,) if isinstance(self.label, str) else self.label)


def read_corpus(path: Path) -> list[Sample]:
    """The samples of a file. Raises :class:`UsageError` with the number of the first line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"can't read the corpus {path}", error.strerror or str(error), "check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"can't read the corpus {path}", "it is not UTF-8 text", _MEND) from error
    return parse_corpus(text, str(path))


def parse_corpus(text: str, name: str = "corpus") -> list[Sample]:
    """The samples of a corpus; empty lines are allowed. Raises as :func:`read_corpus`."""
    samples: list[Sample] = []
    first: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        parsed = _line(line, name, number)
        if parsed.id in first:
            raise _wrong(name, number, f"the id {parsed.id!r} stands in line {first[parsed.id]} already")
        first[parsed.id] = number
        samples.append(_sample(parsed))
    if not samples:
        raise UsageError(f"can't use the corpus {name}", "it has no line", _MEND)
    return samples


def _line(line: str, name: str, number: int) -> CorpusLine:
    try:
        parsed = CorpusLine.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise _wrong(name, number, f"{where}: {first['msg']}" if where else first["msg"]) from error
    if why := _contradiction(parsed):
        raise _wrong(name, number, why)
    return parsed


def _contradiction(line: CorpusLine) -> str | None:
    """What is wrong with a line that has the right shape."""
    rubric = RUBRICS.get(line.rubric)
    if rubric is None:
        return f"there is no rubric {line.rubric!r}; there are {', '.join(RUBRICS)}"
    if not line.labels:
        return "it has no label"
    if unknown := sorted(line.labels - rubric.labels.keys()):
        return f"rubric {rubric.id} has no label {unknown[0]!r}; it has {', '.join(rubric.labels)}"
    if rubric.about and (line.about is None or line.fact is None):
        return f"rubric {rubric.id} asks about a fact: `about` and `fact` are missing"
    if not rubric.about and (line.about is not None or line.fact is not None):
        return f"rubric {rubric.id} asks about no fact: leave `about` and `fact` away"
    return None


def _wrong(name: str, number: int, why: str) -> UsageError:
    return UsageError(f"can't use the corpus {name}", f"line {number}: {why}", _MEND)


def _sample(line: CorpusLine) -> Sample:
    blocks = [
        ViewBlock(number, block.kind, block.text, _passage(number, block))
        for number, block in enumerate(line.blocks, 1)
    ]
    thought = any(block.channel == "reasoning" for block in line.blocks)
    about = {} if line.about is None or line.fact is None else {line.about: line.fact}
    view = View(RUBRICS[line.rubric].view, line.id, blocks, "full" if thought else "absent", about)
    return Sample(
        id=line.id,
        family=line.family,
        style=line.style,
        cluster=line.cluster or f"{line.family}/{line.id}",
        view=view,
        rubric=line.rubric,
        truth=line.labels,
        about=line.about,
    )


def _passage(number: int, block: CorpusBlock) -> Passage | None:
    """A block's own number stands for the event that it would be in a trace."""
    if block.channel is None:
        return None
    shown = "full" if block.channel == "reasoning" else None
    return Passage(number, None, None, block.channel, block.text, shown)


def line_of(sample: Sample) -> str:
    """The sample as a line of a corpus, without its newline. A passage stands for what was shown of it."""
    line = CorpusLine(
        id=sample.id,
        family=sample.family,
        style=sample.style,
        rubric=sample.rubric,
        label=tuple(sorted(sample.truth)),
        about=sample.about,
        fact=None if sample.about is None else sample.view.about[sample.about],
        cluster=sample.cluster,
        blocks=tuple(_block(block) for block in sample.view.blocks),
    )
    return line_json(line.model_dump(mode="json", exclude_none=True)).decode()


def _block(block: ViewBlock) -> CorpusBlock:
    passage = block.passage
    if passage is None or passage.channel == "state":
        return CorpusBlock(kind=block.kind, text=block.text)
    return CorpusBlock(kind=block.kind, channel=passage.channel, text=passage.text)


def library_wordings(samples: Iterable[Sample]) -> dict[tuple[str, str], Wordings]:
    """The library's words for the facts that samples ask about, by (episode, fact): those of a scenario's
    first instance, where the family is a scenario and the fact one of its own."""
    found: dict[tuple[str, str], Wordings] = {}
    for sample in samples:
        if sample.about is None or sample.family not in LIBRARY:
            continue
        reading = _readings(sample.family).get(sample.about)
        if reading is not None:
            found[sample.view.episode, sample.about] = Wordings(reading)
    return found


@lru_cache(maxsize=64)
def _readings(family: str) -> Mapping[str, FactReading]:
    scenario = load_scenario(family)
    return scenario.instance(0, next(iter(scenario.conditions.values()))).facts
