"""The specification of the trace format says what the code writes, and its programs work."""

import base64
import hashlib
import json
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import pytest
import zstandard
from pydantic import BaseModel

from ulterior.cli import main
from ulterior.scenarios import CANARY
from ulterior.traces import (
    GENESIS,
    SCHEMA_VERSION,
    Blob,
    Body,
    Entry,
    EpisodeSpec,
    Event,
    FileChange,
    ForkBranch,
    ForkExperiment,
    ForkOrigin,
    Reasoning,
    Study,
    Summary,
    Text,
    ToolCall,
    Trace,
    Usage,
    WorldState,
    bytes_of,
    digest,
    parse_event,
    to_line,
)
from ulterior.traces.events import parse_line
from ulterior.traces.patch import apply_patch
from ulterior.traces.sealed import read_sealed
from ulterior.traces.store import STUDY_FORMAT

PAGE = (Path(__file__).parents[2] / "docs/trace-format.md").read_text()

KINDS: dict[str, type[BaseModel]] = {
    body.model_fields["kind"].default: body for body in get_args(get_args(Body)[0])
}
PARTS: dict[str, type[BaseModel]] = {
    "summary": Summary,
    "spec": EpisodeSpec,
    "fork": ForkOrigin,
    "usage": Usage,
    "text": Text,
    "reasoning": Reasoning,
    "tool_call": ToolCall,
    "files": FileChange,
    "before and after": Entry,
    "blobs": Blob,
    "Forks": ForkExperiment,
    "branches": ForkBranch,
}
"""The other objects that are written, by the heading of their table."""

FIELDS = {
    **{heading: [name for name in model.model_fields if name != "kind"] for heading, model in KINDS.items()},
    **{heading: list(model.model_fields) for heading, model in PARTS.items()},
    # A line is flat: the kind's fields stand where the event has its body, and the checksum ends it.
    "envelope": [*(name for name in Event.model_fields if name != "body"), "kind", "sum"],
    "study.json": ["format", "designs", "packages", "prices"],
}
"""The fields that each table has to list, in the order in which they are written."""


def sections() -> dict[str, str]:
    """The text below each heading, by the heading without its backticks."""
    parts = re.split(r"^#{1,4} (.*)$", PAGE, flags=re.M)
    return {title.replace("`", ""): text for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def rows(section: str) -> list[str]:
    """What a section's table of fields has in its first column."""
    table = re.search(r"^\| field \|.*\n\|[-|]+\n((?:\|.*\n)+)", section, re.M)
    return re.findall(r"^\| `(\w+)` \|", table[1], re.M) if table else []


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Every model that a value of this type can hold, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models_in(field.annotation)
    for argument in get_args(annotation):
        yield from models_in(argument)


def words_of(model: type[BaseModel]) -> Iterator[str]:
    """The values that fields of this model are limited to. A kind's own name is its heading."""
    for name, field in model.model_fields.items():
        union = get_origin(field.annotation) in (Union, types.UnionType)
        for option in get_args(field.annotation) if union else (field.annotation,):
            if get_origin(option) is Literal and name != "kind":
                yield from get_args(option)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An episode as `ulterior run` leaves it; its files change, and a mail arrives by itself."""
    root = tmp_path_factory.mktemp("study")
    command = ["run", "-s", "borrowed_allotment", "-m", "sim/covert", "--limit", "1", "-o", str(root)]
    with pytest.raises(SystemExit) as stopped:
        main(command)
    assert stopped.value.code == 0
    (path,) = Study.open(root).sealed()
    return path


@pytest.fixture(scope="module")
def trace(sealed: Path) -> Trace:
    return Study.open(sealed.parents[2]).trace(sealed.name.split(".")[0])


# ---- Tables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", FIELDS)
def test_the_table_lists_exactly_the_fields_in_the_order_in_which_they_are_written(heading: str) -> None:
    assert rows(sections()[heading]) == FIELDS[heading]


def test_no_table_of_fields_is_about_something_else() -> None:
    assert {heading for heading, section in sections().items() if rows(section)} == set(FIELDS)


def test_every_object_within_an_event_or_a_summary_has_its_table() -> None:
    written = {model for root in (Event, Summary, ForkExperiment) for model in models_in(root)} - {Event}
    assert written == {*KINDS.values(), *PARTS.values()}


@pytest.mark.parametrize(("heading", "model"), [*KINDS.items(), *PARTS.items()], ids=[*KINDS, *PARTS])
def test_every_value_that_a_field_is_limited_to_is_explained(heading: str, model: type[BaseModel]) -> None:
    section = sections()[heading]
    assert [word for word in words_of(model) if f"`{word}`" not in section] == []


def test_a_line_has_the_fields_of_the_tables_in_their_order(trace: Trace) -> None:
    for event, line in zip(trace.events, trace.lines(), strict=True):
        envelope = [name for name in FIELDS["envelope"] if name != "more" or event.more]
        assert list(json.loads(line)) == [*envelope[:-1], *FIELDS[event.body.kind], "sum"]


def test_the_study_file_has_the_fields_of_its_table(sealed: Path) -> None:
    assert list(json.loads((sealed.parents[2] / "study.json").read_bytes())) == FIELDS["study.json"]


def test_versions_and_canary_are_the_present_ones() -> None:
    assert f"schema version {SCHEMA_VERSION} of traces and format {STUDY_FORMAT} of studies" in PAGE
    assert f"`{CANARY}` stands in" in PAGE


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    headings = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in sections()}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= headings


# ---- Examples ---------------------------------------------------------------------------------------------


def example(text: str) -> Event:
    """The event of an example, with the parts of the envelope that the examples leave out."""
    return parse_event({"at": 0.0, "prev": GENESIS, **json.loads(text)})


def test_every_kind_has_one_example_and_it_is_an_event_with_all_of_its_fields() -> None:
    examples = [json.loads(text) for text in blocks("json")]
    assert [record["kind"] for record in examples] == list(KINDS)
    for text, record in zip(blocks("json"), examples, strict=True):
        event = example(text)
        again = json.loads(to_line(event.seq, event.at, event.prev, event.more, event.body))
        assert {name: again[name] for name in record} == record
        assert again.keys() - record.keys() == {"at", "prev", "sum"}


def test_the_examples_name_their_contents_and_the_episode_rightly() -> None:
    bodies = {event.body.kind: event.body for event in map(example, blocks("json"))}
    start, change = bodies["episode"], bodies["world"]
    assert start.kind == "episode"
    assert start.episode == start.spec.id
    assert change.kind == "world"
    assert {name: digest(bytes_of(blob)) for name, blob in change.blobs.items()} == dict.fromkeys(
        change.blobs, change.files[0].after.digest if change.files[0].after else ""
    )


def test_the_line_shown_is_a_stored_line() -> None:
    (line,) = blocks("jsonl")
    event = parse_line(line.encode())
    assert to_line(event.seq, event.at, event.prev, event.more, event.body) == line.encode()


# ---- Programs ---------------------------------------------------------------------------------------------


def check(path: Path) -> tuple[int, str]:
    """Exit code and words of the program in the page that checks a file."""
    program = blocks("python")[0]
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout or done.stderr).strip()


def rewritten(sealed: Path, lines: bytes, folder: Path) -> Path:
    """A sealed file with the same summary and other event lines, in frames that are intact."""
    summary = zstandard.ZstdDecompressor().decompressobj().decompress(sealed.read_bytes())
    path = folder / sealed.name
    path.write_bytes(zstandard.compress(summary) + zstandard.compress(lines))
    return path


def test_the_program_in_the_page_finds_a_recorded_episode_intact(sealed: Path, trace: Trace) -> None:
    assert check(sealed) == (0, f"{len(trace.events)} events, intact")


def test_the_program_in_the_page_finds_one_flipped_bit(sealed: Path, tmp_path: Path) -> None:
    _, lines, _ = read_sealed(sealed)
    split = lines.splitlines(keepends=True)
    for number in (0, len(split) // 2, len(split) - 1):
        start = sum(map(len, split[:number]))
        for place in (start + 8, start + len(split[number]) // 2, start + len(split[number]) - 4):
            damaged = bytearray(lines)
            damaged[place] ^= 1
            assert check(rewritten(sealed, bytes(damaged), tmp_path)) == (1, f"event {number} is damaged")


def test_the_program_in_the_page_finds_lines_missing_and_exchanged(sealed: Path, tmp_path: Path) -> None:
    _, lines, _ = read_sealed(sealed)
    split = lines.splitlines(keepends=True)
    gap = b"".join([*split[:5], *split[6:]])
    assert check(rewritten(sealed, gap, tmp_path)) == (1, "event 5 does not follow the one before")
    event = parse_line(split[7])
    forged = [*split[:7], to_line(7, event.at + 1, event.prev, event.more, event.body), *split[8:]]
    found = check(rewritten(sealed, b"".join(forged), tmp_path))
    assert found == (1, "event 8 does not follow the one before")
    short = b"".join(split[:-1])
    found = check(rewritten(sealed, short, tmp_path))
    assert found == (1, "the file ends elsewhere than its summary says")


def test_the_program_in_the_page_stops_at_one_flipped_bit_of_the_stored_file(
    sealed: Path, tmp_path: Path
) -> None:
    stored = sealed.read_bytes()
    for place in (len(stored) // 2, len(stored) - 1):
        damaged = bytearray(stored)
        damaged[place] ^= 1
        (tmp_path / sealed.name).write_bytes(damaged)
        assert check(tmp_path / sealed.name)[0] == 1


def test_the_formula_in_the_page_names_the_episode(trace: Trace) -> None:
    names: dict[str, Any] = {"hashlib": hashlib, "json": json, "spec": trace.spec.model_dump(mode="json")}
    exec(blocks("python")[1], names)
    assert names["identity"] == trace.episode


def test_the_program_in_the_page_rebuilds_the_world_at_any_step(trace: Trace) -> None:
    lines = list(trace.lines())
    for seq in (0, 1, len(lines) // 2, len(lines) - 1):
        names: dict[str, Any] = {"base64": base64, "apply_patch": apply_patch}
        names |= {"files": {}, "contents": {}, "services": {}}
        names["events"] = [json.loads(line) for line in lines[: seq + 1]]
        exec(blocks("python")[2], names)
        world: WorldState = trace.state_at(seq).world
        assert names["files"] == {path: entry.model_dump() for path, entry in world.files.items()}
        assert (names["contents"], names["services"]) == (world.contents, world.services)
