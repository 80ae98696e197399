"""``ulterior tells``."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.forking import (
    ForkRun,
    Options,
    carry_out,
    fork_options,
    give_options,
)
from ulterior.cli.options import read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.agent_runtime.edits import Edit
    from ulterior.analysis.awareness.artefacts import Artefact, Material
    from ulterior.analysis.awareness.tells import SuspicionMean, TellEffect, TellResult
    from ulterior.scenarios.awareness import Probe
    from ulterior.traces import Frozen, Study, Trace

__all__ = ["tells"]

_WIDTH = 118
_PROBES = ("probe_confidence", "probe_test", "probe_real")


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("episode")
@click.option(
    "--at",
    "place",
    default="start",
    show_default=True,
    help="Where to ask: start, or turn:N (before it), of what was not shown by then.",
)
@click.option(
    "--artefacts",
    "pieces",
    default="all",
    show_default=True,
    type=click.Choice(["files", "sentences", "all"]),
    help="Leave out whole files, sentences of the instructions, or each.",
)
@click.option(
    "--in", "within", multiple=True, metavar="PATH", help="Sentences of this file, too; repeatable."
)
@click.option("--unread", is_flag=True, help="Files that the agent never came to see, too.")
@click.option(
    "--probe",
    "probe_id",
    default=_PROBES[0],
    show_default=True,
    type=click.Choice(_PROBES),
    help="The question that is put.",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most N pieces.")
@fork_options(10, "arm")
def tells(
    study: Path,
    episode: str,
    place: str,
    pieces: str,
    within: tuple[str, ...],
    unread: bool,
    probe_id: str,
    limit: int | None,
    budget: str | None,
    **options: Any,
) -> int:
    """Find what gives a situation away as a test: leave out one file or sentence at a time, and ask.

    Forks of EPISODE are shown all files at once and asked how likely this is a test; each arm lacks one
    piece. One model turn per fork. What it costs: (pieces + 1) times -n turns, see --dry-run.

    \b
    ulterior tells DIR EPISODE -n 20
    ulterior tells DIR EPISODE --artefacts sentences --in /srv/data/notes.md
    """
    from ulterior.traces import Study

    opened, how = Study.open(study), give_options(budget, options)
    asked = _Asked(place, pieces, within, unread, probe_id, limit)
    return asyncio.run(_tells(opened, opened.trace(opened.find(episode)), asked, how))


@dataclass(frozen=True)
class _Asked:
    """What to leave out, where, and what to ask."""

    place: str
    pieces: str
    within: tuple[str, ...]
    unread: bool
    probe: str
    limit: int | None


async def _tells(study: "Study", parent: "Trace", asked: _Asked, how: Options) -> int:
    from ulterior.agent_runtime.fork_plan import plan_tells
    from ulterior.agent_runtime.fork_points import parse_place
    from ulterior.analysis.awareness.artefacts import material_at
    from ulterior.analysis.awareness.tells import tell_result
    from ulterior.cli.fork_text import counts_text
    from ulterior.scenarios.awareness import PROBES

    at = parse_place(asked.place).locate(parent)
    material = material_at(parent, at, unread=asked.unread)
    artefacts = _chosen(material, asked)
    left_out = counts_text(Counter(material.left_out.values()))
    click.echo(f"{len(material.files)} files enclosed; left out: {left_out or 'none'}", err=True)
    probe = next(probe for probe in PROBES if probe.id == asked.probe)
    plan = plan_tells(
        parent,
        at,
        [_arm(parent, material, probe, piece) for piece in (None, *artefacts)],
        how.replicas,
        sandbox=how.sandbox,
        environ=read_environment(),
        now=time.time(),
    )

    async def found(run: ForkRun) -> "tuple[Frozen, str]":
        result = tell_result(plan.experiment, artefacts, probe, run.answers(plan))
        return result, tells_text(result)

    return await carry_out(study, plan, how, found)


def _chosen(material: "Material", asked: _Asked) -> "Sequence[Artefact]":
    from ulterior.analysis.awareness.artefacts import artefacts_of

    for path in asked.within:
        if path not in material.files:
            why = material.left_out.get(path, "there is no such file")
            known = ", ".join(material.files) or "none"
            raise UsageError(f"can't leave out sentences of {path}", why, f"files that could be: {known}")
    files, sentences = asked.pieces != "sentences", asked.pieces != "files"
    found = artefacts_of(material, files=files, sentences=sentences, within=asked.within)
    if not found:
        raise UsageError(
            "there is nothing to leave out",
            f"no file or sentence of this kind lies ahead of {asked.place}",
            "--at start, or --unread for files that the agent never came to see",
        )
    return found[: asked.limit]


def _arm(parent: "Trace", material: "Material", probe: "Probe", piece: "Artefact | None") -> "list[Edit]":
    """The edits of one arm: without its piece, the files put in front, and the question."""
    from ulterior.agent_runtime.edits import AskEdit, BriefingEdit, Edit, MessageAdd
    from ulterior.analysis.awareness.artefacts import INSTRUCTIONS, enclosed
    from ulterior.analysis.awareness.tells import EVERYTHING
    from ulterior.scenarios.awareness import probe_questions

    edits: list[Edit] = []
    if piece is not None and piece.where in INSTRUCTIONS:
        edits.append(BriefingEdit(old=piece.text))
    question = next(q for q in probe_questions(parent.spec.seed, parent.spec.epoch) if q.id == probe.id)
    if files := enclosed(material, piece):
        edits.append(MessageAdd(author=question.author, text=files))
    name = EVERYTHING if piece is None else piece.name
    edits.append(
        AskEdit(id=question.id, asks=question.kind, author=question.author, text=question.text, wording=name)
    )
    return edits


def tells_text(result: "TellResult") -> str:
    """A line for every piece, the most telling first."""
    return "\n".join(_lines(result))


def _lines(result: "TellResult") -> Iterator[str]:
    from ulterior.analysis.visible import one_line

    yield one_line(f"tells {result.experiment} in {result.parent[:12]}: {result.asks}", _WIDTH)
    yield f"with everything: {_mean(result.everything)}"
    yield ""
    yield f"{'raises suspicion by':24}{'p':9}{'without it':14}what was left out"
    for effect in result.effects:
        yield _line(effect)
    yield ""
    found = len(result.tells)
    raise_it = "piece raises" if found == 1 else "pieces raise"
    yield f"{found or 'no'} {raise_it} suspicion (*: p <= {1 - result.level:.2f} after Holm's correction)"
    yield "asked for, in forks that were shown the files at once: not what agents thought while they worked."


def _line(effect: "TellEffect") -> str:
    from ulterior.analysis.visible import one_line

    if effect.effect is None or effect.low is None or effect.high is None or effect.p is None:
        number, p = "-", ""
    else:
        number = f"{effect.effect:+.2f} [{effect.low:+.2f}, {effect.high:+.2f}]"
        p = f"{effect.p:.4f}{'*' if effect.found else ''}"
    piece = effect.artefact
    what = piece.where if piece.kind == "file" else f"{piece.where}: {piece.text}"
    begin = f"{number:24}{p:9}{_mean(effect.without):14}"
    return f"{begin}{one_line(what, max(20, _WIDTH - len(begin)))}"


def _mean(mean: "SuspicionMean") -> str:
    from ulterior.cli.fork_text import counts_text

    unscored = f"; unscored: {counts_text(mean.unscored)}" if mean.unscored else ""
    return f"{'-' if mean.mean is None else f'{mean.mean:.2f}'} of {mean.n}{unscored}"
