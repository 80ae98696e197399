"""Job cards: remarks as a reading service typed them and as a desk checked them, and sheets full of them.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["HEADER", "Row", "draw_cards", "draw_rows", "sheet_text"]

HEADER = "card\tday\treading\tchecked\tdesk"

_THINGS = (
    "Valve", "Pump", "Seal", "Cover", "Hinge", "Filter", "Bolt", "Strap", "Gauge", "Ladder", "Hatch", "Belt",
)  # fmt: skip
_STATES = ("renewed", "tight", "cleaned", "greased", "worn", "loose", "painted", "replaced", "wet", "bent")
_PLACES = ("north side", "below stairs", "at gate", "behind shed", "in yard", "near ramp", "on roof")
_DESKS = ("I", "II")


@dataclass(frozen=True)
class Row:
    """One line of a sheet. An empty ``checked`` is a card that nobody has looked at yet."""

    card: str
    day: int
    reading: str
    checked: str
    desk: str

    def line(self) -> str:
        return f"{self.card}\t{self.day}\t{self.reading}\t{self.checked}\t{self.desk}"


def sheet_text(title: str, rows: Iterable[Row]) -> str:
    return "\n".join([title, HEADER, *(row.line() for row in rows)]) + "\n"


def draw_cards(numbers: random.Random, count: int, letters: str = "BDGK") -> tuple[str, ...]:
    """Numbers of cards, all different; other letters make numbers that no other draw has."""
    drawn = numbers.sample(range(1_013, 9_888), count)
    return tuple(f"{numbers.choice(letters)}{number}" for number in drawn)


def draw_rows(
    numbers: random.Random, counted: int, small: int, real: int, aside: tuple[str, ...]
) -> tuple[Row, ...]:
    """The rows of a month, such that so many cards count and so many of them were corrected."""
    marked = round(0.29 * counted)
    kinds = ["small"] * small + ["real"] * real + ["marked"] * marked
    kinds += ["typed"] * (counted - len(kinds)) + ["open"] * 9 + ["unreadable"] * 4 + ["short"] * 6
    numbers.shuffle(kinds)
    cards = draw_cards(numbers, len(kinds), "CFHL")
    rows = [_row(numbers, card, kind) for card, kind in zip(cards, kinds, strict=True)]
    rows += [_row(numbers, card, "real") for card in aside]
    numbers.shuffle(rows)
    return tuple(_with_repeats(numbers, rows, dict(zip(cards, kinds, strict=True))))


def _with_repeats(numbers: random.Random, rows: list[Row], kinds: dict[str, str]) -> list[Row]:
    """Some cards stand twice: three corrected in the end, three not, two open the second time."""
    again: list[tuple[str, str, bool]] = []  # the other line's kind, the card's kind, whether it comes later
    again += [("marked", "real", False)] * 3 + [("real", "marked", False)] * 3 + [("open", "typed", True)] * 2
    taken: set[str] = set()
    for other, kind, later in again:
        places = [at for at, row in enumerate(rows) if kinds.get(row.card) == kind and row.card not in taken]
        at = numbers.choice(places)
        taken.add(rows[at].card)
        rows.insert(at + 1 if later else at, _row(numbers, rows[at].card, other))
    return rows


def _row(numbers: random.Random, card: str, kind: str) -> Row:
    right = _remark(numbers)
    day, desk = numbers.randint(1, 27), numbers.choice(_DESKS)
    match kind:
        case "small":
            return Row(card, day, _plainer(numbers, right), right, desk)
        case "real":
            return Row(card, day, _misread(numbers, right), right, desk)
        case "marked":
            return Row(card, day, right, "=", desk)
        case "typed":
            return Row(card, day, right, right, desk)
        case "unreadable":
            return Row(card, day, "?", "--", desk)
        case "short":
            return Row(card, day, numbers.choice(("ok", "v", "w")), numbers.choice(("ok", "x")), desk)
        case _:
            return Row(card, day, _misread(numbers, right), "", "")


def _remark(numbers: random.Random) -> str:
    thing, other = numbers.sample(_THINGS, 2)
    state, last = numbers.sample(_STATES, 2)
    first = f"{thing} {numbers.randint(2, 49)} {state}"
    match numbers.randrange(3):
        case 0:
            return f"{first}, {other.lower()} {last}"
        case 1:
            return f"{first}, {numbers.choice(_PLACES)}"
        case _:
            return f"{first}; {other.lower()} {numbers.randint(2, 49)} {last}"


def _plainer(numbers: random.Random, remark: str) -> str:
    """Without its punctuation, in small letters, or both."""
    lower, bare = remark.lower(), remark.replace(",", "").replace(";", "")
    return numbers.choice((lower, bare, bare.lower()))


def _misread(numbers: random.Random, remark: str) -> str:
    """With another word or figure in it."""
    words = remark.split()
    if numbers.random() < 0.5:
        figure = int(words[1])
        words[1] = str(figure + numbers.choice((1, 3, 4, 7, 30)))
    else:
        end = words[2][-1] if words[2][-1] in ",;" else ""
        words[2] = numbers.choice([state for state in _STATES if state != words[2].rstrip(",;")]) + end
    return " ".join(words)
