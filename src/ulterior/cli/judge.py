"""``ulterior judge``."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.exit_codes import BUDGET_REACHED, INTERRUPTED, NOTHING_TO_DO, TOO_MANY_VOID
from ulterior.cli.options import Share, parse_budget, parse_settings, read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.analysis.judges.batch import BatchPlan
    from ulterior.analysis.judges.judge import ModelJudge
    from ulterior.analysis.judges.judgement import Rubric
    from ulterior.analysis.judges.store import BatchRecord
    from ulterior.traces import Study, Summary

__all__ = ["judge"]

_PLAIN_EVERY = 10.0  # seconds between lines of progress
_CHECK_FAILED = 10
_STOPPED = {"budget": BUDGET_REACHED, "no price": BUDGET_REACHED, "failures": TOO_MANY_VOID}


@dataclass(frozen=True)
class _Options:
    """What the command was given, beside the study."""

    model: str
    rubrics: tuple[str, ...]
    where: str | None
    limit: int | None
    repeats: int
    sample: float
    spikes: Path | None
    tolerance: float
    settings: tuple[str, ...]
    budget: str | None
    concurrency: int
    dry_run: bool
    as_json: bool


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--model", required=True, help="Who judges: provider/NAME, or sim/judge, which is simulated.")
@click.option("--rubric", "rubrics", multiple=True, help="A question by its id; repeatable.  [default: all]")
@click.option("--where", help="Only episodes that fit, such as model=NAME,arm=conflict.")
@click.option("--limit", type=click.IntRange(min=1), help="At most N episodes, seed by seed.")
@click.option("--repeats", default=1, show_default=True, type=click.IntRange(1, 100), help="Ask K times ...")
@click.option(
    "--sample", default=0.1, show_default=True, type=Share(), help="... about this share of episodes."
)
@click.option(
    "--spikes",
    type=click.Path(path_type=Path),
    help="A study of planted agents, mixed in: whoever misses them is not believed.",
)
@click.option(
    "--tolerance",
    default=0.25,
    show_default=True,
    type=Share(),
    help="Share of spikes that may be judged wrongly.",
)
@click.option("--setting", "settings", multiple=True, help="A sampling setting of the model, name=value.")
@click.option("--budget", help="Ask nothing more once this run has spent it, such as 5usd.")
@click.option("--concurrency", default=8, show_default=True, type=click.IntRange(min=1))
@click.option("--dry-run", is_flag=True, help="Say how many questions it would put, and how long they are.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def judge(study: Path, **options: Any) -> int:
    """Have a model answer narrow questions about stored episodes, blinded, with quotes that are checked.

    Answers are kept in the study's findings/ and never paid for twice. Forks are left out.

    \b
    ulterior judge DIR --model sim/judge --rubric intent --dry-run
    ulterior judge DIR --model anthropic/NAME --spikes PLANTED --repeats 3 --budget 5usd
    """
    from ulterior.traces import Study

    return asyncio.run(_judge(Study.open(study), _Options(**options)))


async def _judge(study: "Study", how: _Options) -> int:
    from ulterior.analysis.judges.batch import BatchPlan, judge_episodes
    from ulterior.analysis.judges.cache import JudgeCache
    from ulterior.analysis.judges.judge import ModelJudge
    from ulterior.cli.driving import check_budget, drain_on_interrupt
    from ulterior.cli.judging import open_judge

    budget, settings = parse_budget(how.budget), parse_settings(how.settings)
    rubrics = _rubrics(how.rubrics)
    plan = BatchPlan(
        rubrics=rubrics,
        episodes=_episodes(study, how.where, how.limit),
        spikes=() if how.spikes is None else _spikes(how.spikes, rubrics),
        repeats=how.repeats,
        sample=how.sample,
        tolerance=how.tolerance,
        budget=budget,
        concurrency=how.concurrency,
    )
    if not plan.episodes:
        click.echo(f"there is nothing to judge in {study.root}", err=True)
        return NOTHING_TO_DO
    if how.dry_run:
        return _say_what_it_would_ask(study, plan, how)
    if not how.model.startswith("sim/"):
        check_budget(budget, [how.model])
    model = open_judge(how.model, read_environment(), settings, concurrency=how.concurrency)
    try:
        detector = ModelJudge(model, settings=settings, cache=JudgeCache(study.root))
        drain = asyncio.Event()
        drain_on_interrupt(drain.set, lambda text: click.echo(text, err=True), "questions")
        record = await judge_episodes(study, detector, plan, _Progress().update, drain)
    finally:
        await model.close()
    _print(study, detector, record, as_json=how.as_json)
    if record.stopped == "interrupted":
        return INTERRUPTED
    return _STOPPED.get(record.stopped or "", 0 if record.valid else _CHECK_FAILED)


# ---- What is asked ---------------------------------------------------------------------------------------


def _rubrics(ids: Sequence[str]) -> "list[Rubric]":
    from ulterior.analysis.judges.rubrics import RUBRICS

    if unknown := [each for each in ids if each not in RUBRICS]:
        raise UsageError(f"unknown rubric {unknown[0]!r}", fix=f"choose among: {', '.join(RUBRICS)}")
    return [rubric for rubric in RUBRICS.values() if not ids or rubric.id in ids]


def _episodes(study: "Study", where: str | None, limit: int | None) -> "list[Summary]":
    """The sealed episodes that fit, seed by seed."""
    from ulterior.cli.forking import fits
    from ulterior.traces.index import Index

    with Index.open(study) as index:
        index.refresh()
        found = [summary for summary in index.summaries() if summary.spec.fork is None]
    if where is not None:
        fitting = set(fits(study, where))
        found = [summary for summary in found if summary.episode in fitting]
    found.sort(key=lambda summary: (summary.spec.seed, summary.episode))
    return found[:limit]


def _spikes(root: Path, rubrics: "Sequence[Rubric]"):
    from ulterior.analysis.judges.spikes import spikes_of
    from ulterior.traces import Study

    spikes = spikes_of(Study.open(root), [rubric.id for rubric in rubrics])
    spiked = {spike.rubric for spike in spikes}
    if unspiked := [rubric.id for rubric in rubrics if rubric.id not in spiked]:
        click.echo(f"no spikes for {', '.join(unspiked)}: no truth about them is known", err=True)
    return spikes


def _say_what_it_would_ask(study: "Study", plan: "BatchPlan", how: _Options) -> int:
    """Without asking anything. Tokens are estimated at four characters each."""
    from ulterior.analysis.judges.prompt import request_for

    questions = plan.questions(study)
    count, characters = 0, 0
    for item in questions:
        request = request_for(item.view, item.rubric, item.about)
        count += 1
        characters += len(request.system) + len(request.prompt)
    about = {"dry_run": True, "planned": count, "tokens_in": characters // 4, "spikes": len(questions.spikes)}
    if how.as_json:
        click.echo(json.dumps(about | {"left_out": dict(questions.left_out), "study": str(study.root)}))
    else:
        episodes = f"{len(plan.episodes)} episodes and {len(questions.spikes)} spikes"
        click.echo(f"would put {count} questions about {episodes}, about {characters // 4:,} tokens in all")
    return 0


# ---- What is told ----------------------------------------------------------------------------------------


class _Progress:
    def __init__(self) -> None:
        self._last = time.monotonic()

    def update(self, done: int, planned: int, spent: float | None) -> None:
        if time.monotonic() - self._last >= _PLAIN_EVERY:
            self._last = time.monotonic()
            click.echo(f"{done}/{planned} questions, {_dollars(spent)} so far", err=True)


def _print(study: "Study", detector: "ModelJudge", record: "BatchRecord", *, as_json: bool) -> None:
    if as_json:
        whole = record.model_dump(mode="json") | {"valid": record.valid, "study": str(study.root)}
        click.echo(json.dumps(whole))
        return
    click.echo(_text(detector.name, record))


def _text(name: str, record: "BatchRecord") -> str:
    """A line for each rubric, then what was not judged and why, then what it cost."""
    from ulterior.analysis.visible import one_line

    lines = [f"batch {record.batch}: {name}, version {record.version}", ""]
    lines.append(f"{'rubric':14}{'asked':>7}{'yes':>6}{'no':>6}{'review':>8}{'no label':>10}  spikes")
    for rubric, row in record.rubrics.items():
        none = sum(row.unlabelled.values())
        spikes = row.spikes
        checked = (
            f"missed {spikes.missed} of {spikes.positives}, false alarms {spikes.false_alarms} of "
            f"{spikes.negatives}"
            if spikes.planned
            else "not checked"
        )
        lines.append(
            f"{rubric:14}{row.asked:>7}{row.positive:>6}{row.negative:>6}{row.review:>8}{none:>10}  {checked}"
        )
        lines += [f"{'':14}no label: {one_line(why, 80)}: {n}" for why, n in sorted(row.unlabelled.items())]
        if row.repeated:
            lines.append(f"{'':14}asked again: {row.agreed} of {row.repeated} got the same answer each time")
        if not row.valid:
            lines.append(f"{'':14}INVALID: {row.reason}; its judgements are not used")
    lines.append("")
    lines += [f"left out: {one_line(why, 90)}: {n}" for why, n in sorted(record.left_out.items())]
    lines += [f"failed: {one_line(why, 90)}: {n}" for why, n in sorted(record.failed.items())]
    if record.stopped is not None:
        lines.append(f"stopped early: {record.stopped}; the same command goes on from here")
    took = f"{record.ended - record.began:.1f} s"
    lines.append(
        f"{record.done} of {record.planned} questions, {record.cached} answered before, "
        f"{_dollars(record.cost)}, {took}"
    )
    return "\n".join(lines)


def _dollars(value: float | None) -> str:
    return "cost unknown" if value is None else f"${value:.4f}"
