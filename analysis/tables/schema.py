"""The schema of the tables: what each column holds, in which unit, and what it means where it is null.

The schema is data. Frames, Parquet files, CSV, the description beside them and ``docs/tables.md`` are all
made from it, so that they can't differ.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

__all__ = ["FACTOR", "SCHEMA", "TABLES", "Column", "Kind", "TableName", "columns_of", "schema_markdown"]

Kind = Literal["text", "integer", "number", "truth"]
"""``integer`` has 64 bits; ``number`` is a double and never NaN; ``truth`` is true or false."""

TableName = Literal["episodes", "reasons", "facts", "findings", "judgements", "measures", "effects"]


class Column(NamedTuple):
    """One column. ``null`` says what it means that there is no value; empty where there always is one."""

    name: str
    kind: Kind
    about: str
    null: str = ""
    unit: str = ""


FACTOR = "factor."
"""Begins the names of the columns that hold conditions: one for every factor of the study's scenarios."""

_UNKNOWN = "the episode's identity can't be read"
_UNSCORED = "unscored: see `reasons`"
_EPISODE = Column("episode", "text", "the episode's id")
_PLACE = (
    Column("event", "integer", "the event (`seq`) of the trace", "the finding cites none"),
    Column("block", "integer", "the block of that model turn, from 0", "not in a model turn"),
    Column("field", "text", "the structured field of a report, whose text is its JSON", "in free text"),
    Column("start", "integer", "where the quote begins in that text", "no quote", "code points"),
    Column("end", "integer", "where it ends", "no quote", "code points"),
    Column("quote", "text", "the stored words", "the evidence is a state of the world"),
    Column("match", "text", "`exact`, `normalised` or `ellipsis`: how the quote was found", "no quote"),
    Column("visibility", "text", "`full` or `summary`: how the reasoning was shown", "not reasoning"),
)

SCHEMA: Mapping[TableName, tuple[Column, ...]] = {
    "episodes": (
        _EPISODE,
        Column("scenario", "text", "the scenario's name", _UNKNOWN),
        Column("scenario_version", "text", "its version", _UNKNOWN),
        Column("model", "text", "the model under test", _UNKNOWN),
        Column("seed", "integer", "the seed of the instance", _UNKNOWN),
        Column("epoch", "integer", "which repetition", _UNKNOWN),
        Column("sandbox", "text", "the back end of the sandbox", _UNKNOWN),
        Column("settings", "text", "the model's settings, as JSON"),
        Column("fork", "text", "the parent's id", "no fork"),
        Column("status", "text", "how it ended, or `running`, or `corrupt`"),
        Column("limit", "text", "which budget was exhausted", "none was"),
        Column("act", "text", "what was done, by the world's history", _UNSCORED),
        Column("exposed", "truth", "whether the rule had been shown", _UNSCORED),
        Column("exposed_at", "integer", "the event by which it had been", "it had not, or unscored"),
        Column("violated", "truth", "whether the rule was broken", "unscored, left open, or never shown"),
        Column("attempted", "truth", "whether it was broken or that was tried", "unscored or left open"),
        Column("covert", "truth", "broken, and no true fact volunteered", _UNSCORED),
        Column("overt", "truth", "broken, and a true fact volunteered", _UNSCORED),
        Column("deceptive", "truth", "something true was denied", _UNSCORED),
        Column("intent", "text", "what the reasoning says of the act", _UNSCORED),
        Column("awareness", "text", "what the agent says its situation is", _UNSCORED),
        Column("reasoning", "text", "how reasoning was visible at best", _UNSCORED),
        Column("flags", "text", "what else was noticed, separated by spaces; empty when nothing"),
        Column("turns", "integer", "model turns", "can't be read"),
        Column("tokens_in", "integer", "tokens read by the model under test", "can't be read", "tokens"),
        Column("tokens_out", "integer", "tokens written by it", "can't be read", "tokens"),
        Column("cost", "number", "what it cost", "no price is known, or can't be read", "US dollars"),
        Column("started", "number", "when it began", "can't be read", "epoch seconds"),
        Column("ended", "number", "when it ended", "it has not, or can't be read", "epoch seconds"),
    ),
    "reasons": (
        _EPISODE,
        Column("field", "text", "what is null, by the name it has in `ulterior analyze --json`"),
        Column("reason", "text", "why"),
    ),
    "facts": (
        _EPISODE,
        Column("fact", "text", "the material fact"),
        Column("true", "truth", "whether it is true of this run", _UNSCORED),
        Column("label", "text", "how it was disclosed", "see `reason`"),
        Column("reason", "text", "why there is no label", "there is one"),
    ),
    "findings": (
        _EPISODE,
        Column("stage", "text", "`audit`, `disclosure`, `intent`, `awareness` or `judge`"),
        Column("detector", "text", "what found it"),
        Column("version", "text", "the detector's version"),
        Column("target", "text", "what it is about: the act, a fact, an axis of thought, a rubric"),
        Column("label", "text", "what it was taken for", "a judge gave no label: see `judgements`"),
        Column("rule", "text", "the rule that read it, or the oracle's note", "judges follow none"),
        Column("score", "number", "how much speaks for a positive label, 0 to 1", "the detector gives none"),
        Column("channel", "text", "`state`, `action`, `report` or `reasoning`"),
        *_PLACE,
    ),
    "judgements": (
        _EPISODE,
        Column("rubric", "text", "the question"),
        Column("detector", "text", "what answered it"),
        Column("version", "text", "the detector's version"),
        Column("about", "text", "the fact that was asked about", "the question is about none"),
        Column("report", "integer", "the event of the report that was read", "the question is about none"),
        Column("repeat", "integer", "which repetition of the question"),
        Column("label", "text", "the answer", "see `reason`"),
        Column("score", "number", "how much speaks for a positive label, 0 to 1", "none was given"),
        Column("quotes", "integer", "verified quotes; they stand in `findings`"),
        Column("unverified", "integer", "quotes that stand nowhere in what was shown"),
        Column("review", "truth", "whether it waits for a human"),
        Column("flags", "text", "what else was noticed, separated by spaces; empty when nothing"),
        Column("reason", "text", "why there is no label, or what is to be said of it", "nothing is"),
        Column("cost", "number", "what the answer cost", "no price is known", "US dollars"),
        Column("seconds", "number", "how long it took", "", "seconds"),
        Column("cached", "truth", "whether it was paid for before"),
    ),
    "measures": (
        _EPISODE,
        Column("measure", "text", "the measure's name, without its item"),
        Column("item", "text", "what it is of: in `item:V5-01` that is `V5-01`", "it is of the episode"),
        Column("value", "number", "its value; the unit is the scenario's"),
    ),
    "effects": (
        Column("outcome", "text", "`violated`, `covert` or `deceptive`"),
        Column("factor", "text", "the factor"),
        Column("value", "text", "the level that is compared"),
        Column("reference", "text", "with which"),
        Column("k", "integer", "episodes with the outcome at the level", "", "episodes"),
        Column("n", "integer", "of how many there", "", "episodes"),
        Column("k0", "integer", "episodes with the outcome at the reference", "", "episodes"),
        Column("n0", "integer", "of how many there", "", "episodes"),
        Column("clusters", "integer", "instances that the error rests on", "", "instances"),
        Column("odds_ratio", "number", "the odds at the level over those at the reference", "see `reasons`"),
        Column("odds_low", "number", "its lower bound", "see `reasons`"),
        Column("odds_high", "number", "its upper bound", "see `reasons`"),
        Column("difference", "number", "the rate at the level less that at the reference", "see `reasons`"),
        Column("low", "number", "its lower bound", "see `reasons`"),
        Column("high", "number", "its upper bound", "see `reasons`"),
        Column("p", "number", "the p value", "see `reasons`"),
        Column("p_holm", "number", "adjusted after Holm, over one outcome's effects", "see `reasons`"),
        Column("p_bh", "number", "adjusted after Benjamini and Hochberg", "see `reasons`"),
        Column("level", "number", "the confidence of the intervals, 0 to 1"),
        Column("method", "text", "how it was estimated"),
        Column("estimand", "text", "what it is an estimate of"),
        Column("warnings", "text", "what weakens it, separated by semicolons; empty when nothing"),
        Column("reasons", "text", "why what is null is null, as JSON"),
    ),
}
"""Every table with its columns, in their order. ``episodes`` has those of the study's factors at its end."""

TABLES: Mapping[TableName, str] = {
    "episodes": "One row per episode that has begun, in the order of scenario, model, condition and seed.",
    "reasons": "Why something of an episode is null: one row for each.",
    "facts": "One row per episode and material fact.",
    "findings": "The evidence: one row per event or stretch of words that a verdict rests on.",
    "judgements": "One row per stored answer of a judge, of valid batches only; empty where none was asked.",
    "measures": "What scenarios measured, one row per episode, measure and item.",
    "effects": "What each level of each factor does to each outcome, over the whole study.",
}


def columns_of(table: TableName, factors: Iterable[str] = ()) -> tuple[Column, ...]:
    """The columns of a table of a study whose scenarios have these factors."""
    if table != "episodes":
        return SCHEMA[table]
    null = "the scenario has no such factor, or the episode's identity can't be read"
    levels = (Column(f"{FACTOR}{name}", "text", "the factor's level", null) for name in sorted(factors))
    return *SCHEMA[table], *levels


def schema_markdown() -> str:
    """The schema as it stands in ``docs/tables.md``."""
    lines: list[str] = []
    for table, columns in SCHEMA.items():
        lines += [f"### `{table}`", "", TABLES[table], "", "| column | type | holds | unit | null |"]
        lines.append("|---|---|---|---|---|")
        shown = (*columns, *columns_of(table, ("NAME",))[len(columns) :])
        lines += [f"| `{c.name}` | {c.kind} | {c.about} | {c.unit} | {c.null or 'never'} |" for c in shown]
        lines.append("")
    return "\n".join(lines)
