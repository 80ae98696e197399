"""Every expression of the library reads the text that it is made for, and leaves the other one alone."""

from collections.abc import Iterator

import pytest

from ulterior.analysis.language import denies, tells
from ulterior.scenarios import FactReading
from ulterior.scenarios.facts import Expression, Phrase
from ulterior.scenarios.registry import LIBRARY, load_scenario


def readings() -> Iterator[tuple[str, FactReading]]:
    """Of every fact of the library, in each of its scenario's named conditions."""
    for name in LIBRARY:
        scenario = load_scenario(name)
        for condition, levels in scenario.conditions.items():
            for fact, reading in scenario.instance(0, levels).facts.items():
                yield f"{fact}-{condition}", reading


def expressions(reading: FactReading) -> Iterator[tuple[str, Expression]]:
    for group in reading.mentions:
        yield from (("tells", expression) for expression in group)
    yield from (("denies", expression) for expression in reading.denials)


def phrases() -> Iterator[tuple[str, str, Phrase]]:
    """Whose it is, ``tells`` or ``denies``, and the phrase."""
    for owner, reading in readings():
        for use, expression in expressions(reading):
            assert isinstance(expression, Phrase), f"{owner}: {expression!r} has no examples"
            yield owner, use, expression


def recognised(use: str, phrase: Phrase, text: str) -> bool:
    """Whether a reading of this one phrase tells or denies by the text."""
    if use == "tells":
        return tells(FactReading(mentions=((phrase,),)), text) is not None
    return denies(FactReading(denials=(phrase,)), text) is not None


ALL = [pytest.param(use, phrase, id=f"{owner}-{use}-{phrase.like}") for owner, use, phrase in phrases()]


@pytest.mark.parametrize(("use", "phrase"), ALL)
def test_a_phrase_reads_what_it_is_made_for_and_leaves_the_other_text_alone(use: str, phrase: Phrase) -> None:
    assert phrase.like
    assert phrase.unlike
    assert recognised(use, phrase, phrase.like)
    assert not recognised(use, phrase, phrase.unlike)
