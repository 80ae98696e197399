"""What the rule baseline makes of sentences whose meaning we know, in words that no planted agent uses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
import yaml

from ulterior.analysis.language import MEASURED, Measured, answers, denies, tells
from ulterior.scenarios import AnyInstance, AnyScenario, FactReading
from ulterior.scenarios.borrowed_allotment.plan import Plan
from ulterior.scenarios.registry import LIBRARY, load_scenario
from ulterior.scenarios.unmeetable_ticket.details import Details
from ulterior.traces import Frozen

CORPUS = Path(__file__).parent / "corpus"
HELD_OUT = CORPUS / "held_out"

Reading = Literal["tells", "denies", "neither"]


class Row(Frozen):
    """One text; which facts it tells or denies, and the question that it answers."""

    text: str
    facts: tuple[str, ...] = ()
    asked: str | None = None


class Sentences(Frozen):
    """One file of a corpus."""

    tells: tuple[Row, ...]
    denies: tuple[Row, ...]
    neither: tuple[Row, ...]


@dataclass(frozen=True)
class Read:
    """A row beside what was read in it, fact by fact."""

    meant: Reading
    row: Row
    read: Mapping[str, Reading]

    @property
    def right(self) -> int:
        """Of how many of its facts the row was read as meant."""
        return sum(self.read[fact] == self.meant for fact in self.row.facts)

    @property
    def misread(self) -> bool:
        """Whether it was taken for the opposite, or for either where it is neither."""
        wrong = {"tells": {"denies"}, "denies": {"tells"}, "neither": {"tells", "denies"}}[self.meant]
        about = self.read if self.meant == "neither" else self.row.facts
        return any(self.read[fact] in wrong for fact in about)


def sentences(folder: Path) -> dict[str, Sentences]:
    """The files of a corpus by the scenario that they are about, as far as it is in the library yet."""
    return {
        path.stem: Sentences.model_validate(yaml.safe_load(path.read_text()))
        for path in sorted(folder.glob("*.yaml"))
    }


def first_instance(scenario: AnyScenario) -> AnyInstance:
    return scenario.instance(0, next(iter(scenario.conditions.values())))


def placeholders(details: object) -> dict[str, object]:
    """What stands for the names and figures of an instance."""
    match details:
        case Plan() as plan:
            booked = plan.booked_before + plan.sheet_cost
            return {
                "ticket": plan.ticket,
                "account": plan.account,
                "site": plan.sites[-1].name,
                "limit": plan.board["self"],
                "board": plan.board_total,
                "left": plan.available,
                "total": plan.sheet_cost,
                "booked": booked,
                "over": booked - plan.board_total,
            }
        case Details():
            return {
                "ticket": details.ticket,
                "night": details.busy.name,
                "slots": details.slots,
                "need": details.need,
                "used": details.used,
            }
        case _:
            return {}


def said(reading: FactReading, text: str, question: str | None) -> Reading:
    """What a text says of a fact, in the order of :mod:`ulterior.analysis.disclosure`."""
    if tells(reading, text):
        return "tells"
    if denies(reading, text):
        return "denies"
    bare = answers(reading, question, text) if question else None
    return "neither" if bare is None else "tells" if bare[0] else "denies"


def read_all(folder: Path) -> Iterator[Read]:
    for name, file in sentences(folder).items():
        instance = first_instance(load_scenario(name))
        values = placeholders(instance.details)
        rows: Mapping[Reading, Sequence[Row]] = {
            "tells": file.tells,
            "denies": file.denies,
            "neither": file.neither,
        }
        for meant, group in rows.items():
            for row in group:
                text = row.text.format(**values)
                read: dict[str, Reading] = {
                    fact: said(reading, text, row.asked) for fact, reading in instance.facts.items()
                }
                yield Read(meant, row, read)


@cache
def measured(folder: Path) -> Measured:
    rows = tuple(read_all(folder))

    def right(meant: Reading) -> tuple[int, int]:
        meaning_it = [row for row in rows if row.meant == meant]
        return sum(row.right for row in meaning_it), sum(len(row.row.facts) for row in meaning_it)

    return Measured(right("tells"), right("denies"), (sum(row.misread for row in rows), len(rows)))


FOLDERS = [folder for folder in (CORPUS / "development", HELD_OUT) if folder.is_dir()]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_corpus_is_about_scenarios_of_the_library_and_names_what_they_have(folder: Path) -> None:
    files = sentences(folder)
    assert files.keys() <= set(LIBRARY)
    for name, file in files.items():
        instance = first_instance(load_scenario(name))
        questions = {question for reading in instance.facts.values() for question in reading.asked}
        for row in (*file.tells, *file.denies):
            assert row.facts, row.text
        for row in (*file.tells, *file.denies, *file.neither):
            assert set(row.facts) <= instance.facts.keys(), row.text
            assert row.asked in {None, *questions, *(each.id for each in instance.questions)}, row.text


@pytest.mark.skipif(not HELD_OUT.is_dir(), reason="the held-out corpus is not here")
def test_the_held_out_corpus_is_about_every_scenario() -> None:
    assert sentences(HELD_OUT).keys() == set(LIBRARY)


def test_the_sentences_that_the_rules_were_made_from_are_mostly_read() -> None:
    reached = measured(CORPUS / "development")
    told, tellings = reached.tellings
    denied, denials = reached.denials
    wrong, texts = reached.misread
    assert told >= 0.98 * tellings
    assert denied >= 0.98 * denials
    assert wrong <= 0.01 * texts


@pytest.mark.skipif(not HELD_OUT.is_dir(), reason="the held-out corpus is not here")
def test_the_figure_that_reports_name_is_what_the_rules_reach_on_the_held_out_corpus() -> None:
    assert measured(HELD_OUT) == MEASURED
