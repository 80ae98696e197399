"""One long sealed episode, for measuring what the viewer does with it.

    python benchmarks/viewer_episode.py STUDY [--events 10000]

writes it into STUDY, prints its id, and measures the replay document: CPU seconds until it stands, and
bytes, raw and compressed. :func:`long_trace` is what other measurements make theirs with.

The episode is one of the scenario ``borrowed_allotment`` and begins as such an episode does; what
follows was never sampled from a model. It is a mixture of what agents write and get to see: some hundred
characters of reasoning per turn, shell calls with one or two kB of output in about half of the turns, else
files written, mails to colleagues and bookings, and in between what people write by themselves. Words come
from a list, drawn with a seed, so that the text is about as hard to compress as prose. 10,000 events are
some 9 MB.
"""

import argparse
import gzip
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.analysis.waiting import wait_for
from ulterior.clock import ManualClock
from ulterior.scenarios import CANARY, load_scenario
from ulterior.traces import (
    Block,
    Body,
    End,
    Entry,
    EpisodeSpec,
    EpisodeStart,
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
    Usage,
    WorldChange,
    blob_of,
    digest,
)
from ulterior.viewer.beside import Beside
from ulterior.viewer.documents import json_of
from ulterior.viewer.replays import build_replay, trace_of

__all__ = ["long_trace"]

_VOCABULARY = (
    "the of and to in is that it was for on are as with they at be this have from or one had by but not "
    "what all were when we there can an your which their said if do will each about how up out them "
    "then she many some so these would other into has more her two like him see time could no make than "
    "first been its who now people my made over did down only way find use may water long little very "
    "after words called just where most know get through back much before go good new write our used me "
    "man too any day same right look think also around another came come work three word must because "
    "does part even place well such here take why things help put years different away again off went "
    "old number great tell men say small every found still between name should home big give air line "
    "set own under read last never us left end along while might next sound below saw allotment ledger "
    "station gauge drift reprocess credit board ticket table archive sensor calibration offset manifest "
    "release batch quota planning survey harbour atoll reading merged gathered second pass figure "
)
_WORDS = _VOCABULARY.split()


def long_trace(root: Path, events: int = 10_000, seed: int = 0) -> str:
    """Write one sealed episode of about this many events into the study at ``root``, made if need be;
    the episode's id. The same numbers make the same episode."""
    study = Study.create(root, {"name": "one long episode"})
    scenario = load_scenario("borrowed_allotment")
    condition = next(iter(scenario.cells.values()))
    spec = EpisodeSpec(
        scenario=scenario.name,
        scenario_version=scenario.version,
        scenario_hash=scenario.content_hash,
        condition=dict(condition),
        seed=seed,
        model="sim/long",
        settings={"limits": {"turns": events}},
    )
    log = study.open_log(spec.id, ManualClock(1_790_000_000.0))
    for group in _Writer(spec, random.Random(seed)).groups(events):
        log.append(*group)
    study.seal(log)
    return spec.id


class _Writer:
    """Writes the events, group by group, and keeps what later ones build on."""

    def __init__(self, spec: EpisodeSpec, dice: random.Random) -> None:
        self._spec = spec
        self._dice = dice
        self._instance = load_scenario(spec.scenario).instance(spec.seed, spec.condition)
        self._clock = self._instance.clock
        self._files: dict[str, bytes] = {}
        self._known: set[str] = set()
        self._turn = 0
        self._mails = 0
        self._bookings = 0

    def groups(self, events: int) -> Iterator[tuple[Body, ...]]:
        written = 0
        for group in self._beginning():
            written += len(group)
            yield group
        while written < events - 4:
            for group in self._step():
                written += len(group)
                yield group
        over = self._words(60)
        yield (self._model((Text(text=over),)),)
        yield (
            Report(to=self._instance.principal, channel="final_message", text=over),
            End(reason="submitted"),
        )

    def _beginning(self) -> Iterator[tuple[Body, ...]]:
        instance = self._instance
        services: dict[str, Any] = {
            name: each.model_dump(mode="json") for name, each in instance.services.items()
        }
        self._mails = len(services["mailbox"]["mails"])
        self._bookings = len(services["ledger"]["entries"])
        patches = {name: [{"op": "add", "path": "", "value": value}] for name, value in services.items()}
        yield (
            EpisodeStart(episode=self._spec.id, spec=self._spec, packages={"ulterior": "0"}, canary=CANARY),
        )
        yield (self._change("setup", dict(instance.files), patches),)
        yield (
            Message(role="system", author="operator", origin="briefing", text=instance.system),
            Message(role="user", author=instance.principal, origin="briefing", text=instance.briefing),
        )
        pages = [data.decode() for path, data in instance.files.items() if "/handbook/" in path]
        yield from self._called("c0", "shell", {"command": "cat /srv/handbook/*"}, "\n".join(pages), {}, {})

    def _step(self) -> Iterator[tuple[Body, ...]]:
        call = f"c{self._turn + 1}"
        drawn = self._dice.random()
        if drawn < 0.55:
            yield from self._shell(call)
        elif drawn < 0.80:
            yield from self._write(call)
        elif drawn < 0.90:
            yield from self._mail(call)
        elif drawn < 0.97:
            yield from self._book(call)
        else:
            text = self._words(40)
            yield (self._change(f"schedule:colleague_{self._turn}", {}, {}),)
            yield (Message(role="user", author="Leila Osei", origin="world", text=text),)

    def _shell(self, call: str) -> Iterator[tuple[Body, ...]]:
        command = f"grep -n {self._dice.choice(_WORDS)} data/*.csv | head -40; wc -l notes.md"
        shown = "\n".join(f"data/{n:03}.csv:{n}:{self._words(12)}" for n in range(self._dice.randint(15, 40)))
        yield from self._called(call, "shell", {"command": command}, shown, {}, {})

    def _write(self, call: str) -> Iterator[tuple[Body, ...]]:
        path = f"{self._instance.machine.workdir}/notes/page-{self._dice.randint(0, 59):02}.md"
        text = self._files.get(path, b"").decode()[-1500:] + f"\n- {self._words(30)}\n"
        arguments = {"path": path, "text": text}
        yield from self._called(call, "write_file", arguments, "", {path: text.encode()}, {})

    def _mail(self, call: str) -> Iterator[tuple[Body, ...]]:
        self._mails += 1
        subject, body = self._words(5), self._words(70)
        to = "planning@atoll.internal"
        mail = {
            "id": self._mails,
            "folder": "sent",
            "sender": "assistant",
            "to": to,
            "at": self._clock,
            "subject": subject,
            "body": body,
            "read": True,
        }
        patch = [{"op": "add", "path": f"/mails/{self._mails - 1}", "value": mail}]
        arguments = {"to": to, "subject": subject, "body": body}
        report = Report(to=to, channel="mail", text=f"{subject}\n\n{body}", call=call)
        yield from self._called(call, "send_mail", arguments, f"sent to {to}", {}, {"mailbox": patch}, report)

    def _book(self, call: str) -> Iterator[tuple[Body, ...]]:
        self._bookings += 1
        booking = {
            "no": self._bookings,
            "at": self._clock,
            "account": self._dice.choice(["night", "day", "publisher"]),
            "who": "assistant",
            "what": self._words(4),
            "amount": 1,
            "limit": 10**6,
        }
        patch = [{"op": "add", "path": f"/entries/{self._bookings - 1}", "value": booking}]
        yield from self._called(call, "run_step", {"step": "drift"}, "booked 1 credit", {}, {"ledger": patch})

    def _called(
        self,
        call: str,
        tool: str,
        arguments: dict[str, Any],
        shown: str,
        files: dict[str, bytes],
        services: dict[str, list[dict[str, Any]]],
        *reports: Report,
    ) -> Iterator[tuple[Body, ...]]:
        said = (Text(text=self._words(15)),) if self._dice.random() < 0.5 else ()
        blocks = (*said, ToolCall(id=call, name=tool, arguments=arguments))
        yield (self._model((Reasoning(text=self._words(90)), *blocks)),)
        yield (Intent(call=call, tool=tool, arguments=arguments),)
        result = Result(call=call, tool=tool, status="executed", stdout=shown, exit_code=0)
        yield (result, self._change(call, files, services), *reports)

    def _model(self, blocks: tuple[Block, ...]) -> ModelTurn:
        self._turn += 1
        return ModelTurn(
            turn=self._turn,
            purpose="work",
            blocks=blocks,
            stop="tool_use" if any(block.type == "tool_call" for block in blocks) else "end_turn",
            reasoning="full",
            usage=Usage(input=40_000, output=300),
            cost=0.01,
            latency=3.0,
            attempts=1,
            api="sim",
            wire=None,
        )

    def _change(
        self, cause: str, files: dict[str, bytes], services: dict[str, list[dict[str, Any]]]
    ) -> WorldChange:
        self._clock += 60.0
        changes: list[FileChange] = []
        for path, data in files.items():
            before = self._files.get(path)
            old = None if before is None else Entry(digest=digest(before))
            changes.append(FileChange(path=path, before=old, after=Entry(digest=digest(data))))
        self._files |= files
        blobs = {digest(data): blob_of(data) for data in files.values() if digest(data) not in self._known}
        self._known |= blobs.keys()
        return WorldChange(
            cause=cause, files=tuple(changes), blobs=blobs, services=services, clock=self._clock
        )

    def _words(self, number: int) -> str:
        return " ".join(self._dice.choices(_WORDS, k=number))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("study", type=Path, metavar="STUDY", help="made if it is not there")
    parser.add_argument("--events", type=int, default=10_000)
    options = parser.parse_args()
    episode = long_trace(options.study, options.events)
    print(episode)
    study = Study.open(options.study)
    finding = wait_for(EpisodeAnalyst(study).analyze(episode))
    start = time.process_time()
    trace = trace_of(study, episode)
    read = time.process_time()
    replay = build_replay(study.name, trace, finding, Beside.of(study))
    built = time.process_time()
    text = json_of(replay).encode()
    written = time.process_time()
    packed = len(gzip.compress(text, 6))
    print(f"{len(trace.events)} events, {len(replay.steps)} steps, act {finding.act}")
    print(f"CPU: reading {read - start:.2f} s, document {built - read:.2f} s, JSON {written - built:.2f} s")
    print(f"{len(text) / 1e6:.2f} MB, compressed {packed / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
