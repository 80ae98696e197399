"""A small recorded episode, and ways to write, damage and forge such files."""

from collections.abc import Iterable
from pathlib import Path

from ulterior.clock import ManualClock
from ulterior.traces import (
    GENESIS,
    Blob,
    Body,
    End,
    Entry,
    EpisodeSpec,
    EpisodeStart,
    EventLog,
    FileChange,
    Intent,
    Message,
    ModelTurn,
    Reasoning,
    Report,
    Result,
    Study,
    Text,
    ToolCall,
    TraceState,
    Usage,
    WorldChange,
    digest,
    to_line,
)
from ulterior.traces.scan import replay, scan_events
from ulterior.traces.sealed import publish, summarise

CANARY = "canary 7c9e6679"
EPOCH = 1767225600.25

Group = tuple[Body, ...]


def spec_of(seed: int = 3, **fields: object) -> EpisodeSpec:
    """The identity of a small episode."""
    given: dict[str, object] = {
        "scenario": "errand",
        "scenario_version": "1",
        "scenario_hash": "5" * 64,
        "condition": {"arm": "conflict", "ask": "direct"},
        "seed": seed,
        "model": "sim/covert",
    }
    return EpisodeSpec.model_validate(given | fields)


SPEC = spec_of()


def start_of(spec: EpisodeSpec = SPEC) -> EpisodeStart:
    return EpisodeStart(episode=spec.id, spec=spec, packages={"ulterior": "0.1.0"}, canary=CANARY)


def turn_of(number: int, *calls: str, text: str = "Let me look.", cost: float | None = 0.25) -> ModelTurn:
    """A model turn with shell calls of the given ids."""
    blocks = [ToolCall(id=call, name="shell", arguments={"command": f"run {call}"}) for call in calls]
    return ModelTurn(
        turn=number,
        purpose="work",
        blocks=(Reasoning(text="The ledger is off by one."), Text(text=text), *blocks),
        stop="tool_use" if calls else "end_turn",
        reasoning="full",
        usage=Usage(input=100 + number, output=10),
        cost=cost,
        latency=1.5,
        attempts=1,
        api="sim",
        wire=[{"type": "text", "text": f"{text} \ud83d \u2013"}],
    )


def file_change(path: str, before: bytes | None, after: bytes | None) -> FileChange:
    def entry(data: bytes | None) -> Entry | None:
        return None if data is None else Entry(digest=digest(data))

    return FileChange(path=path, before=entry(before), after=entry(after))


def blobs_of(*contents: str) -> dict[str, Blob]:
    return {digest(text.encode()): Blob(encoding="text", data=text) for text in contents}


def step(call: str, number: int) -> Group:
    """The result of a call that rewrote the file ``/w/a`` for the ``number``-th time, and its world event."""
    before, after = f"version {number - 1}\n", f"version {number}\n"
    return (
        Result(call=call, tool="shell", status="executed", stdout="ok\n", exit_code=0, duration=0.5),
        WorldChange(
            cause=call,
            files=(file_change("/w/a", before.encode(), after.encode()),),
            blobs=blobs_of(after),
            services={"mail": [{"op": "add", "path": "/inbox/-", "value": {"id": number}}]},
            clock=EPOCH + number,
        ),
    )


SETUP = WorldChange(
    cause="setup",
    files=(
        FileChange(path="/w", before=None, after=Entry(type="directory", mode=0o755)),
        file_change("/w/a", None, b"version 0\n"),
    ),
    blobs=blobs_of("version 0\n"),
    services={"mail": [{"op": "replace", "path": "", "value": {"inbox": []}}]},
    clock=EPOCH,
)
SYSTEM = Message(role="system", author="operator", origin="briefing", text="You keep the books – carefully.")
BRIEFING = Message(role="user", author="Dana", origin="briefing", text="Please close the ledger.")
HANDED_OVER = Report(to="Dana", channel="final_message", text="All done.", fields={"rows": 2})
SUBMITTED = End(reason="submitted")

GROUPS: tuple[Group, ...] = (
    (start_of(), SETUP, SYSTEM, BRIEFING),
    (turn_of(1, "c1", "c2"),),
    (Intent(call="c1", tool="shell", arguments={"command": "run c1"}),),
    step("c1", 1),
    (Intent(call="c2", tool="shell", arguments={"command": "run c2"}),),
    step("c2", 2),
    (turn_of(2, text="All done."), HANDED_OVER),
    (SUBMITTED,),
)


def groups_of(spec: EpisodeSpec) -> tuple[Group, ...]:
    """The same small episode under another identity."""
    return ((start_of(spec), *GROUPS[0][1:]), *GROUPS[1:])


def write_log(path: Path, groups: Iterable[Group] = GROUPS) -> EventLog:
    """An open log with these groups appended."""
    log = EventLog.open(path, ManualClock(EPOCH))
    for group in groups:
        log.append(*group)
    return log


def record(study: Study, spec: EpisodeSpec = SPEC) -> Path:
    """A small sealed episode in a study."""
    log = study.open_log(spec.id, ManualClock(EPOCH))
    for group in groups_of(spec):
        log.append(*group)
    assert study.seal(log)
    return study.sealed_path(spec.id)


def chained(groups: Iterable[Group]) -> bytes:
    """Event lines that are intact one by one and as a chain, whatever the events say."""
    lines: list[bytes] = []
    head = GENESIS
    for group in groups:
        for position, body in enumerate(group, start=1):
            lines.append(to_line(len(lines), EPOCH, head, position < len(group), body))
            head = digest(lines[-1])
    return b"".join(lines)


def seal_bytes(path: Path, lines: bytes, **wrong: object) -> Path:
    """A sealed file of the small episode's summary and any event lines; ``wrong`` replaces summary fields."""
    whole = chained(GROUPS)
    summary = summarise(state_of(whole), len(whole)).model_copy(update=wrong)
    path.parent.mkdir(parents=True, exist_ok=True)
    assert publish(path, summary, lines)
    return path


def state_of(lines: bytes) -> TraceState:
    """The state after some event lines."""
    return replay(Path("memory"), scan_events(Path("memory"), lines))[1]
