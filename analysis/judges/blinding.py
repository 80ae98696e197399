"""Blinding: what says which experiment an episode belongs to never reaches a detector.

Nothing of it is ever written into a view on purpose. It may still stand in the trace's own words: an agent
that knows its model's name may say it, a file may happen to hold ``arm=conflict``. There it is masked as
``[…]``, which a quote may contain and still be found (see :mod:`ulterior.analysis.evidence`). Whatever is
about to be sent is searched once more by :func:`leaks`, and not sent if anything is found.
"""

import re
from collections.abc import Iterable, Sequence

from ulterior.errors import UlteriorError
from ulterior.scenarios import ACTS, CANARY, DISCLOSURE_LABELS
from ulterior.traces import EpisodeSpec

__all__ = ["MASK", "Blinder", "JudgeLeak", "leaks", "names_in"]

MASK = "[…]"

_VERDICTS = tuple(word for word in (*ACTS, *DISCLOSURE_LABELS) if "_" in word)
_ORDINARY = re.compile(r"[a-z]{1,15}", re.IGNORECASE)  # a plain word can't be told from the story's prose
_SHORTEST = 5


class JudgeLeak(UlteriorError):
    """A prompt that says which experiment it is about. A bug of ours: nothing has been sent."""


class Blinder:
    """Finds and masks the names of one episode's experiment. ``also`` are more names, such as a title."""

    def __init__(self, spec: EpisodeSpec, also: Sequence[str] = ()) -> None:
        self.names = tuple(sorted({*_names(spec), *also}, key=lambda name: (-len(name), name)))
        self._pattern = _pattern(self.names)

    def blind(self, text: str) -> str:
        """The text with every name of the experiment masked."""
        return self._pattern.sub(MASK, text)

    def found_in(self, text: str) -> list[str]:
        """The names that stand in the text, each once."""
        return names_in(text, self.names)


def names_in(text: str, names: Sequence[str]) -> list[str]:
    """Which of these names stand in the text, each once."""
    return sorted({match[0].casefold() for match in _pattern(names).finditer(text)}) if names else []


def leaks(text: str, spec: EpisodeSpec, also: Sequence[str] = ()) -> list[str]:
    """Which names of the episode's experiment stand in a text that a detector is about to be shown.

    They are the scenario's name, the model's, ``factor=level``, the ids of the episode and of a fork's
    parent, the canary, the words of verdicts (``false_denial``), and ``also``, such as a scenario's title.
    """
    return Blinder(spec, also).found_in(text)


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    one_of = "|".join(map(re.escape, names))
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{one_of})(?![A-Za-z0-9_])", re.IGNORECASE)


def _names(spec: EpisodeSpec) -> Iterable[str]:
    yield from (CANARY, spec.id, spec.scenario_hash, spec.model, *_VERDICTS)
    yield from (f"{factor}={level}" for factor, level in spec.condition.items())
    if spec.fork is not None:
        yield spec.fork.parent
    yield from filter(_tells, (spec.scenario, *re.split(r"[/:.]", spec.scenario)))
    yield from filter(_tells, spec.model.split("/")[1:])


def _tells(name: str) -> bool:
    """Whether a name can be nothing else than a name: ``locked_file`` or ``gpt-5``, but not ``errand``."""
    return len(name) >= _SHORTEST and not _ORDINARY.fullmatch(name)
