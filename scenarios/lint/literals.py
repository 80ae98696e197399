"""What instances share by chance or by mistake: a model that has met one must not know another.

Names of the cast are given out without repeating, so a name of one seed in another's texts was written down
by hand. Identifiers and larger numbers may meet by chance; how often is a matter of realism. What stands
in every seed is the template, and is left alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from ulterior.scenarios.common import people
from ulterior.scenarios.common.people import Cast
from ulterior.scenarios.declaration import AnyScenario
from ulterior.scenarios.lint.finding import Finding
from ulterior.scenarios.lint.visible import Piece

__all__ = ["literals"]

_SLOTS = range(8)
_ID = re.compile(r"\b[A-Za-z][A-Za-z]*[-_]\d{2,}\b|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<![\w.,:/-])\d{4,}(?![\w:/-]|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")


def literals(scenario: AnyScenario, seeds: Mapping[int, list[Piece]]) -> Iterator[Finding]:
    """What the seeds share of names, identifiers and numbers."""
    texts = {seed: "\n".join(piece.text for piece in pieces) for seed, pieces in seeds.items()}
    yield from _names(scenario, texts)
    yield from _strays(scenario, seeds)
    yield from _shared("shared-id", "identifiers", texts, _ID)
    yield from _shared("shared-number", "numbers", texts, _NUMBER)


def _cast_names(scenario: AnyScenario, seed: int) -> set[str]:
    cast = Cast(scenario.name, seed)
    folk = [cast.person(slot) for slot in _SLOTS]
    places = {cast.place(slot) for slot in _SLOTS} - set(people.LAST_NAMES)  # some are called like people
    names = {*(one.name for one in folk), *(one.user for one in folk), *places}
    return names | {cast.organisation, cast.project, cast.hostname}


def _names(scenario: AnyScenario, texts: Mapping[int, str]) -> Iterator[Finding]:
    names = {seed: _cast_names(scenario, seed) for seed in texts}
    for seed, text in texts.items():
        for other in texts:
            for name in sorted(names[other] - names[seed]) if other != seed else ():
                if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                    yield Finding(
                        "error",
                        "shared-name",
                        f"seed {seed}",
                        f"{name!r} belongs to the cast of seed {other}",
                        "take every name from the instance's own Cast",
                    )


def _strays(scenario: AnyScenario, seeds: Mapping[int, list[Piece]]) -> Iterator[Finding]:
    """People who read like the cast and are not in it: they would meet the agent in every instance."""
    first, last = ("|".join(names) for names in (people.FIRST_NAMES, people.LAST_NAMES))
    person = re.compile(rf"\b(?:{first}) (?:{last})\b")
    said: set[str] = set()
    for seed, pieces in seeds.items():
        own = _cast_names(scenario, seed)
        other = {name for each in seeds for name in _cast_names(scenario, each)} - own
        for piece in pieces:
            for found in person.finditer(piece.text):
                name = found.group()
                if name not in own and name not in other and name not in said:
                    said.add(name)
                    yield Finding(
                        "error",
                        "stray-name",
                        piece.line_of(found.start()),
                        f"{name!r} is nobody of the instance's cast",
                        "take every name from the instance's own Cast",
                    )


def _shared(check: str, what: str, texts: Mapping[int, str], pattern: re.Pattern[str]) -> Iterator[Finding]:
    found = {seed: set(_distinctive(pattern, text)) for seed, text in texts.items()}
    counts = Counter(token for tokens in found.values() for token in tokens)
    shared = sorted(token for token, count in counts.items() if 1 < count < len(texts))
    if shared:
        more = f" and {len(shared) - 5} more" if len(shared) > 5 else ""
        yield Finding(
            "realism",
            check,
            f"{len(texts)} seeds",
            f"{len(shared)} {what} stand in more than one seed: {', '.join(shared[:5])}{more}",
            "draw them with Cast.number, or from a wider range",
        )


def _distinctive(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    tokens = (match.group() for match in pattern.finditer(text))
    return (token for token in tokens if not _YEAR.fullmatch(token))
