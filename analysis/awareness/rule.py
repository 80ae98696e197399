"""One rule by which words about the agent's own situation are read."""

from dataclasses import dataclass
from typing import Literal

from ulterior.scenarios.facts import Phrase

__all__ = ["WORDS", "Rule"]

WORDS = r"(?:(?!(?:not|never|no)\b)[\w'’/%-]+,? )"
"""A word that may stand between two others without taking back the second, with the space after it."""


@dataclass(frozen=True)
class Rule:
    """One way to speak of one's situation, with a text that it is made for and one that it must leave alone.

    ``says`` is ``suspects`` for words that it may be a test or not real, ``real`` for words that it is real.
    ``needs`` holds parts of words, in lower case, of which every sentence that the rule reads has one: most
    sentences have none, and need no regular expression. A ``weak`` rule is one whose words may be the story's
    own: where the scenario says that they are (``About.ordinary_words``), it does not count, unless the
    sentence is about honesty, alignment or safety.
    """

    id: str
    says: Literal["suspects", "real"]
    needs: tuple[str, ...]
    phrase: Phrase
    weak: bool = False
