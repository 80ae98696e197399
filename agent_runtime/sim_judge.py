"""Simulated judges: offline, free and the same every time. For tests, documents and demonstrations.

``sim/judge`` looks for a few words in the text that it is shown, quotes the sentence that holds them, and
answers in the form that it is asked for. It understands nothing: what it says of a real trace is worth
nothing. It is good for trying everything around a judge, and so it can be told to be a bad one:

================== ====================================================================================
``abstains=0.1``   one answer in ten says that it cannot tell
``malformed=0.05`` one in twenty is cut off in the middle of its JSON
``lies=0.1``       one in ten gives another label than the one it found, and quotes nothing
``gullible=1``     it does what it is told by words outside the data, such as those that broke out of it
``seed=2``         other answers are among them
================== ====================================================================================

Which answers go wrong is a hash of the name and the question, so that judges of different names fail apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from ulterior.agent_runtime.models.json_values import items, mapping, text
from ulterior.agent_runtime.sim_reading import Reading, orders_in, parts_of, read
from ulterior.errors import UsageError
from ulterior.traces import canonical_json, digest, line_json

__all__ = ["SimJudge", "is_sim_judge"]

_PREFIX = "sim/judge"
_SHARES = ("abstains", "malformed", "lies")
_EXAMPLE = "sim/judge?abstains=0.1&malformed=0.05&lies=0.1"


def is_sim_judge(name: str) -> bool:
    """Whether this is the name of a simulated judge."""
    return name == _PREFIX or name.startswith(f"{_PREFIX}?")


@dataclass(frozen=True)
class SimJudge:
    """One simulated judge. The shares lie in 0..1 and sum to at most 1."""

    name: str = _PREFIX
    abstains: float = 0.0
    malformed: float = 0.0
    lies: float = 0.0
    gullible: bool = False

    @classmethod
    def parse(cls, name: str) -> "SimJudge":
        """The judge of this name. Raises :class:`UsageError` on one that can't be read."""
        given = dict(parse_qsl(name.partition("?")[2], keep_blank_values=True))
        unknown = given.keys() - {*_SHARES, "gullible", "seed"}
        if unknown or ("?" in name and not given):
            raise _unreadable(name, f"it knows no {', '.join(sorted(unknown)) or 'empty setting'}")
        try:
            shares = {key: float(given[key]) for key in _SHARES if key in given}
        except ValueError as error:
            raise _unreadable(name, "a share is not a number") from error
        if any(not 0 <= share <= 1 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
            raise _unreadable(name, "its shares must lie in 0..1 and sum to at most 1")
        if given.get("gullible", "0") not in ("0", "1"):
            raise _unreadable(name, "gullible is 0 or 1")
        return cls(name, gullible=given.get("gullible") == "1", **shares)

    def answer(self, system: str, prompt: str, schema: Mapping[str, Any]) -> str:
        """The text of the answer to one question: JSON that fits ``schema``, unless it is malformed."""
        form = _Form.of(schema)
        drawn = int(digest(canonical_json([self.name, system, prompt]))[:13], 16) / 16**13
        parts = parts_of(prompt)
        found = read(parts, form.answers)
        if self.gullible and (told := orders_in(parts.instructions, form.labels)):
            found = Reading(told, None, None, "so it says")
        if drawn < self.malformed:
            whole = form.filled(found)
            return whole[: len(whole) // 2]
        if drawn < self.malformed + self.abstains:
            return form.filled(Reading(form.abstention, None, None, "it can't be told from this"))
        if drawn < self.malformed + self.abstains + self.lies:
            others = [label for label in form.answers if label != found.label]
            found = Reading(others[int(drawn * 1e6) % len(others)] if others else found.label)
        return form.filled(found)


def _unreadable(name: str, why: str) -> UsageError:
    return UsageError(f"can't read the judge {name}", why, _EXAMPLE)


_ABSTAIN = ("cannot_tell", "cannot tell", "abstain", "unclear")
_AGAINST = frozenset({"none", "silent", "faithful", "open", "attempted", "unsure", "states_real", "denies"})
"""Labels that say no to their question; every other one says yes."""


@dataclass(frozen=True)
class _Form:
    """What the schema leaves to the judge: ``labels`` are the values of its first property with a choice."""

    schema: Mapping[str, Any]
    choice: str
    labels: tuple[str, ...]

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> "_Form":
        for name, part in mapping(schema.get("properties")).items():
            labels = tuple(label for label in items(mapping(part).get("enum")) if isinstance(label, str))
            if labels:
                return cls(schema, name, labels)
        return cls(schema, "", ())

    @property
    def answers(self) -> tuple[str, ...]:
        """The labels without the one that abstains."""
        return tuple(label for label in self.labels if label not in _ABSTAIN)

    @property
    def abstention(self) -> str:
        return next(
            (label for label in self.labels if label in _ABSTAIN), self.labels[-1] if self.labels else ""
        )

    def filled(self, found: Reading) -> str:
        """The answer as JSON: what was found, and the emptiest value of whatever else the schema asks for."""
        value = mapping(_emptiest(self.schema))
        properties = mapping(self.schema.get("properties"))
        given: dict[str, Any] = {self.choice: found.label, "reason": found.why}
        if "score" in properties:
            given["score"] = _score(found, mapping(properties["score"]))
        quotes = mapping(properties.get("quotes"))
        if found.quote is not None and quotes:
            item = mapping(quotes.get("items"))
            given["quotes"] = [found.quote if item.get("type") == "string" else _quoted(found, item)]
        return line_json(value | {name: each for name, each in given.items() if name in properties}).decode()


def _quoted(found: Reading, item: Mapping[str, Any]) -> dict[str, Any]:
    said = {"block": found.block or 0, "text": found.quote, "quote": found.quote}
    value = mapping(_emptiest(item))
    return value | {name: each for name, each in said.items() if name in mapping(item.get("properties"))}


def _score(found: Reading, schema: Mapping[str, Any]) -> float:
    """Where the schema's scale begins and ends, by the label; a little apart for each quote."""
    most = schema.get("maximum", 100 if schema.get("type") == "integer" else 1)
    if found.label in _ABSTAIN:
        return most / 2 if schema.get("type") == "number" else round(most / 2)
    nudge = int(digest(canonical_json([found.quote]))[:2], 16) / 2560  # below a tenth
    share = 0.05 + nudge if found.label in _AGAINST else 0.85 + nudge
    return round(share * most) if schema.get("type") == "integer" else share * most


def _emptiest(schema: Mapping[str, Any]) -> Any:
    """The shortest value that fits a schema: no items, no words, the first of a choice, the least number."""
    choice = items(schema.get("enum"))
    if choice:
        return choice[0]
    if schema.get("anyOf"):
        return _emptiest(mapping(items(schema["anyOf"])[0]))
    kind = schema.get("type")
    kind = text(items(kind)[0]) if isinstance(kind, list) else kind
    if kind == "object":
        return {name: _emptiest(mapping(part)) for name, part in mapping(schema.get("properties")).items()}
    empty: dict[str, Any] = {"array": [], "string": "", "boolean": False, "integer": 0, "number": 0}
    return schema.get("minimum", empty.get(text(kind)))
