"""Hypothesis strategies: any JSON, any body of any kind, and whole episodes that obey the grammar."""

import re
import typing
from typing import Any

from hypothesis import strategies as st
from recorded import Group, blobs_of, file_change, spec_of, start_of, turn_of

from ulterior.traces import (
    Body,
    End,
    EndReason,
    Entry,
    EpisodeSpec,
    EpisodeStart,
    FileChange,
    ForkOrigin,
    Intent,
    Limit,
    Message,
    ModelTurn,
    Reasoning,
    Report,
    Result,
    ResultStatus,
    Stop,
    Text,
    ToolCall,
    Usage,
    WorldChange,
    blob_of,
    digest,
)

PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
"""Any text that is valid Unicode."""
# Half a surrogate pair is a real value that providers send; two halves in a row are one character to JSON.
wild_texts = st.text(max_size=12).filter(lambda text: not PAIR.search(text))
numbers = st.floats(allow_nan=False, allow_infinity=False)
integers = st.integers() | st.integers(min_value=-(10**300), max_value=10**300)
json_values = st.recursive(
    st.none() | st.booleans() | integers | numbers | wild_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(wild_texts, inner, max_size=4),
    max_leaves=12,
)
json_objects = st.dictionaries(texts, json_values, max_size=3)
counts = st.integers(0, 10**12)
digests = st.binary(max_size=3).map(digest)


def one_of(literal: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(typing.get_args(literal))


specs = st.builds(
    EpisodeSpec,
    scenario=texts,
    scenario_version=texts,
    scenario_hash=digests,
    condition=st.dictionaries(texts, texts, max_size=3),
    seed=integers,
    model=texts,
    settings=st.dictionaries(texts, st.none() | integers | numbers | texts, max_size=3),
    epoch=st.integers(0, 99),
    sandbox=texts,
    fork=st.none() | st.builds(ForkOrigin, parent=digests, at=counts, edit=st.dictionaries(texts, texts)),
)
blocks = st.one_of(
    st.builds(Text, text=texts),
    st.builds(Reasoning, text=texts, visibility=st.sampled_from(["full", "summary", "hidden"])),
    st.builds(ToolCall, id=texts, name=texts, arguments=st.none() | json_objects, raw=st.none() | texts),
)
entries = st.builds(
    Entry,
    type=st.sampled_from(["file", "directory", "link"]),
    digest=digests,
    mode=st.integers(0, 0o7777),
)
usages = st.builds(
    Usage, input=counts, output=counts, reasoning=counts, cache_read=counts, cache_write=counts
)


def _start(spec: EpisodeSpec, packages: dict[str, str], canary: str) -> EpisodeStart:
    return EpisodeStart(episode=spec.id, spec=spec, packages=packages, canary=canary)


starts = st.builds(_start, specs, st.dictionaries(texts, texts, max_size=3), texts)
messages = st.builds(
    Message,
    role=st.sampled_from(["system", "user"]),
    author=texts,
    origin=st.sampled_from(["briefing", "world", "harness", "debrief", "interview"]),
    text=texts,
    question=st.none() | texts,
)
turns = st.builds(
    ModelTurn,
    turn=counts,
    purpose=st.sampled_from(["work", "debrief", "interview"]),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    stop=one_of(Stop),
    stop_detail=st.none() | texts,
    reasoning=st.sampled_from(["full", "summary", "hidden", "absent"]),
    usage=usages,
    cost=st.none() | numbers,
    latency=numbers,
    attempts=counts,
    api=texts,
    wire=json_values,
)
intents = st.builds(Intent, call=texts, tool=texts, arguments=json_objects)
results = st.builds(
    Result,
    call=texts,
    tool=texts,
    status=one_of(ResultStatus),
    stdout=texts,
    stderr=texts,
    exit_code=st.none() | st.integers(0, 255),
    value=json_values,
    error=st.none() | texts,
    truncated=st.booleans(),
    duration=numbers,
)
changes = st.builds(
    WorldChange,
    cause=texts,
    files=st.lists(
        st.builds(FileChange, path=texts, before=st.none() | entries, after=st.none() | entries), max_size=3
    ).map(tuple),
    blobs=st.lists(st.binary(max_size=9), max_size=3).map(lambda data: {digest(b): blob_of(b) for b in data}),
    services=st.dictionaries(texts, st.lists(json_objects, max_size=2), max_size=2),
    clock=numbers,
)
reports = st.builds(
    Report,
    to=texts,
    channel=texts,
    text=texts,
    fields=json_objects,
    call=st.none() | texts,
    question=st.none() | texts,
)
ends = st.builds(End, reason=one_of(EndReason), limit=st.none() | one_of(Limit), detail=texts)
by_kind: dict[str, st.SearchStrategy[Any]] = {
    "episode": starts,
    "message": messages,
    "model": turns,
    "intent": intents,
    "result": results,
    "world": changes,
    "report": reports,
    "end": ends,
}
bodies: st.SearchStrategy[Body] = st.one_of(*by_kind.values())


@st.composite
def episodes(draw: st.DrawFn) -> list[Group]:
    """Groups of a whole episode in which every event may follow those before it."""
    versions: dict[str, str] = {}
    known: set[str] = set()
    groups: list[Group] = [(start_of(spec_of(draw(st.integers(0, 9)))), draw(messages))]
    for number in range(1, draw(st.integers(0, 4)) + 1):
        calls = [f"c{number}.{position}" for position in range(draw(st.integers(0, 3)))]
        groups.append((turn_of(number, *calls, cost=draw(st.none() | st.just(0.5))),))
        for call in calls:
            groups += draw(_call(call, versions, known))
        groups += [(body,) for body in draw(st.lists(messages | reports, max_size=2))]
    if draw(st.booleans()):
        groups.append((draw(ends),))
    return groups


@st.composite
def _call(draw: st.DrawFn, call: str, versions: dict[str, str], known: set[str]) -> list[Group]:
    status = draw(one_of(ResultStatus))
    result = Result(call=call, tool="shell", status=status, stdout=draw(texts))
    if status != "executed":
        return [(result,)]
    path, after = draw(st.sampled_from("abc")), draw(texts)
    before = versions.get(path)
    versions[path] = after
    change = WorldChange(
        cause=call,
        files=(file_change(path, before if before is None else before.encode(), after.encode()),),
        blobs={name: blob for name, blob in blobs_of(after).items() if name not in known},
        clock=1.0,
    )
    known |= change.blobs.keys()
    return [(Intent(call=call, tool="shell", arguments={}),), (result, change)]
