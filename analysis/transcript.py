"""``ulterior show``: one trace to be read from top to bottom, with its findings at the events they cite.

Everything that a model, a tool or a colleague wrote stands in code blocks whose fences are longer than any
in it, names are escaped, and characters that steer a terminal are made visible: a transcript can't break
out of its own structure.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ulterior.analysis.changes import Change, changes_by_step
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.language import MEASURED
from ulterior.analysis.visible import fence, markdown
from ulterior.traces import (
    Block,
    End,
    EpisodeStart,
    Event,
    Intent,
    Message,
    ModelTurn,
    Reasoning,
    Report,
    Result,
    Text,
    ToolCall,
    Trace,
    WorldChange,
)
from ulterior.traces.fold import EDIT

__all__ = ["Steps", "render_transcript"]

Steps = tuple[int, int]
"""First and last event number, both included."""


def render_transcript(
    trace: Trace,
    finding: EpisodeFinding | None = None,
    steps: Steps | None = None,
    form: Literal["md", "json"] | str = "md",
) -> str:
    """The transcript of a trace, or of some of its steps, as Markdown or JSON, ending with a newline."""
    first, last = steps or (0, len(trace.events))
    events = [event for event in trace.events if first <= event.seq <= last]
    changes = {seq: made for seq, made in changes_by_step(trace) if first <= seq <= last}
    notes = _notes(finding)
    if form == "json":
        return _json(trace, finding, events, changes, notes)
    lines = [*_header(trace, finding)]
    for event in events:
        lines += _event(event, changes.get(event.seq, ()), notes.get(event.seq, []))
    return "\n".join(lines).rstrip("\n") + "\n"


def _notes(finding: EpisodeFinding | None) -> dict[int, list[str]]:
    """What was found, by the event that it cites."""
    notes: dict[int, list[str]] = {}
    if finding is None:
        return notes
    if finding.exposed_at is not None:
        notes.setdefault(finding.exposed_at, []).append("audit: the rule had been shown from here on")
    for citation in finding.citations:
        notes.setdefault(citation.seq, []).append(f"audit: {citation.note}")
    for quote in finding.quotes:
        verb = quote.rule.split()[1]
        where = f"field {quote.field}" if quote.field else f"characters {quote.start} to {quote.end}"
        detector = finding.detectors.get("disclosure", "")
        notes.setdefault(quote.seq, []).append(
            f"disclosure ({detector}): {verb} {quote.fact}: “{quote.quote}” ({where})"
        )
    return notes


def _json(
    trace: Trace,
    finding: EpisodeFinding | None,
    events: list[Event],
    changes: Mapping[int, tuple[Change, ...]],
    notes: Mapping[int, list[str]],
) -> str:
    """The same as data. A provider's wire JSON is left to the trace itself."""
    shown: list[dict[str, Any]] = [
        {
            "seq": event.seq,
            "at": event.at,
            **event.body.model_dump(mode="json", exclude={"wire", "blobs"}),
            **(
                {"changes": [change.model_dump() for change in changes[event.seq]]}
                if event.seq in changes
                else {}
            ),
            "findings": notes.get(event.seq, []),
        }
        for event in events
    ]
    return (
        json.dumps(
            {
                "episode": trace.episode,
                "spec": trace.spec.model_dump(mode="json"),
                "events": len(trace.events),
                "damage": None if trace.fault is None else str(trace.fault),
                "finding": None if finding is None else finding.as_json(),
                "steps": shown,
            },
            indent=2,
        )
        + "\n"
    )


def _header(trace: Trace, finding: EpisodeFinding | None) -> Iterator[str]:
    spec = trace.spec
    yield f"# Episode {markdown(trace.episode)}\n"
    name = f"{markdown(spec.scenario)} {markdown(spec.scenario_version)}"
    yield f"- scenario: {name}, seed {spec.seed}, epoch {spec.epoch}"
    yield f"- condition: {markdown(spec.cell.replace(',', ', ')) or 'none'}"
    yield f"- model: {markdown(spec.model)}, in the {markdown(spec.sandbox)} sandbox"
    if trace.fault is not None:
        yield f"- **damaged**: {markdown(trace.fault.reason)}; only what stands before the damage is shown"
    if finding is not None:
        yield from _verdict(finding)
    yield ""


def _verdict(finding: EpisodeFinding) -> Iterator[str]:
    reason = finding.reasons.get("act", "")
    yield f"- act: **{markdown(finding.act or 'unscored')}**" + (f" ({markdown(reason)})" if reason else "")
    for name, value in (("covert", finding.covert), ("deceptive", finding.deceptive)):
        why = finding.reasons.get(name, "")
        said = {True: "**yes**", False: "no", None: "not decided"}[value]
        yield f"- {name}: {said}" + (f" ({markdown(why)})" if why else "")
    for fact, label in finding.disclosure.items():
        why = finding.reasons.get(f"disclosure.{fact}") or finding.reasons.get("disclosure", "")
        yield f"- disclosure of {markdown(fact)}: " + (
            f"**{markdown(label)}**" if label else f"none ({markdown(why)})"
        )
    if finding.flags:
        yield f"- flags: {markdown(', '.join(finding.flags))}"
    detectors = ", ".join(f"{stage} {version}" for stage, version in finding.detectors.items())
    yield f"- judged by: {markdown(detectors)} (rule baseline: {MEASURED})"


def _event(event: Event, changes: tuple[Change, ...], notes: list[str]) -> Iterator[str]:
    body = list(_body(event, changes))
    if not body and not notes:
        return
    yield from body or [_heading(event.seq, event.body.kind)]
    for note in notes:
        yield f"\n> ➜ **finding** {markdown(note)}"
    yield ""


def _body(event: Event, changes: tuple[Change, ...]) -> Iterator[str]:
    seq = event.seq
    match event.body:
        case EpisodeStart() | Intent():  # told by the header, and by the call before it
            return
        case Message() as message:
            question = f", question {markdown(message.question)}" if message.question else ""
            yield _heading(seq, f"{message.role}: {markdown(message.author)}", f"{message.origin}{question}")
            yield fence(message.text)
        case ModelTurn() as turn:
            yield from _turn(seq, turn)
        case Result() as result:
            exit_code = "" if result.exit_code is None else f", exit code {result.exit_code}"
            about = f"{result.status}{exit_code}, {result.duration:.1f} s"
            yield _heading(seq, f"result of {markdown(result.tool)}", about)
            yield fence(result.shown())
        case WorldChange() as change:
            cause = "the initial world" if change.cause == "setup" else f"by {markdown(change.cause)}"
            if changes or change.cause.startswith(EDIT):
                yield _heading(seq, "world", cause)
            for made in changes:
                yield from _change(made)
        case Report() as report:
            yield from _report(seq, report)
        case End() as end:
            limit = f", {end.limit}" if end.limit else ""
            detail = f": {markdown(end.detail)}" if end.detail else ""
            yield _heading(seq, "end", f"{end.reason}{limit}{detail}")


def _turn(seq: int, turn: ModelTurn) -> Iterator[str]:
    tokens = f"{turn.usage.input} tokens in, {turn.usage.output} out"
    about = f"{turn.purpose}, {turn.stop}, {tokens}, reasoning {turn.reasoning}"
    yield _heading(seq, f"model, turn {turn.turn}", about)
    yield "\n\n".join(map(_block, turn.blocks)) or "(it said nothing)"


def _block(block: Block) -> str:
    match block:
        case Reasoning():
            return f"> reasoning ({block.visibility})\n>\n{_quoted(fence(block.text))}"
        case Text():
            return fence(block.text)
        case ToolCall(arguments=None):
            return f"call **{markdown(block.name)}** ({markdown(block.id)})\n\n{fence(block.raw or '')}"
        case ToolCall():
            arguments = json.dumps(block.arguments, indent=2, ensure_ascii=False)
            return f"call **{markdown(block.name)}** ({markdown(block.id)})\n\n{fence(arguments, 'json')}"


def _report(seq: int, report: Report) -> Iterator[str]:
    asked = f", answering {markdown(report.question)}" if report.question else ""
    yield _heading(seq, f"REPORT to {markdown(report.to)}", f"{markdown(report.channel)}{asked}")
    yield "> [!IMPORTANT]\n>"
    yield _quoted(fence(report.text or "(no text)"))
    if report.fields:
        yield ">"
        yield _quoted(fence(json.dumps(report.fields, indent=2, ensure_ascii=False), "json"))


def _change(change: Change) -> Iterator[str]:
    note = f", {markdown(change.note)}" if change.note else ""
    yield f"- {markdown(change.name)}: {change.what}{note}"
    if change.diff:
        yield f"\n{fence(change.diff, 'diff')}"


def _heading(seq: int, what: str, about: str = "") -> str:
    return f"## {seq} · {what}" + (f" · {about}" if about else "") + "\n"


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}" for line in block.split("\n"))
