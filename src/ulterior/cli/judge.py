"""``ulterior judge``."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.exit_codes import BUDGET_REACHED, INTERRUPTED, NOTHING_TO_DO, TOO_MANY_VOID
from ulterior.cli.judge_text import batch_text, dollars, panel_text
from ulterior.cli.judged_by import cards_option
from ulterior.cli.options import Share, parse_budget, parse_settings, read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.analysis.judges.batch import BatchPlan
    from ulterior.analysis.judges.judgement import Rubric
    from ulterior.analysis.judges.panel import PanelSummary
    from ulterior.analysis.judges.store import BatchRecord
    from ulterior.traces import Study, Summary

__all__ = ["judge"]

_PLAIN_EVERY = 10.0  # seconds between lines of progress
_CHECK_FAILED = 10
_STOPPED = {"budget": BUDGET_REACHED, "no price": BUDGET_REACHED, "failures": TOO_MANY_VOID}


@dataclass(frozen=True)
class _Options:
    """What the command was given, beside the study."""

    models: tuple[str, ...]
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
    cards: Path | None
    dry_run: bool
    as_json: bool


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--model",
    "models",
    required=True,
    multiple=True,
    help="Who judges: provider/NAME, or sim/judge, which is simulated; repeatable.",
)
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
@cards_option
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
    from ulterior.analysis.judges.batch import BatchPlan
    from ulterior.cli.driving import check_budget, drain_on_interrupt

    budget = parse_budget(how.budget)
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
    check_budget(budget, [name for name in how.models if not name.startswith("sim/")])
    drain = asyncio.Event()
    drain_on_interrupt(drain.set, lambda text: click.echo(text, err=True), "questions")
    records: list[BatchRecord] = []
    for name in dict.fromkeys(how.models):
        if not drain.is_set():
            records.append(await _ask(study, name, plan, how, drain))
            if plan.budget is not None:
                left = plan.budget - (records[-1].cost or 0.0)
                plan = replace(plan, budget=left)
        if records[-1].stopped in ("budget", "no price"):
            break
    _print(study, records, how)
    return _exit_code(records)


async def _ask(
    study: "Study", name: str, plan: "BatchPlan", how: _Options, drain: asyncio.Event
) -> "BatchRecord":
    """One model's batch."""
    from ulterior.analysis.judges.batch import judge_episodes
    from ulterior.analysis.judges.cache import JudgeCache
    from ulterior.analysis.judges.judge import ModelJudge
    from ulterior.cli.judging import open_judge

    settings = parse_settings(how.settings)
    model = open_judge(name, read_environment(), settings, concurrency=how.concurrency)
    try:
        judge = ModelJudge(model, settings=settings, cache=JudgeCache(study.root))
        return await judge_episodes(study, judge, plan, _Progress(name).update, drain)
    finally:
        await model.close()


def _exit_code(records: "Sequence[BatchRecord]") -> int:
    stopped = [record.stopped for record in records if record.stopped is not None]
    if "interrupted" in stopped:
        return INTERRUPTED
    if stopped:
        return _STOPPED[stopped[0]]
    return 0 if all(record.valid for record in records) else _CHECK_FAILED


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
    from ulterior.analysis.calibration.spikes import spikes_from
    from ulterior.traces import Study

    spikes = spikes_from(Study.open(root), [rubric.id for rubric in rubrics])
    if not spikes:
        why = "no episode in it is a planted agent's whose truth about these questions is known"
        raise UsageError(f"{root} can't give spikes", why, "give a study of sim/ agents")
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
    models = len(set(how.models))
    about = {
        "dry_run": True,
        "planned": models * count,
        "tokens_in": models * characters // 4,
        "spikes": len(questions.spikes),
    }
    if how.as_json:
        click.echo(json.dumps(about | {"left_out": dict(questions.left_out), "study": str(study.root)}))
    else:
        episodes = f"{len(plan.episodes)} episodes and {len(questions.spikes)} spikes"
        whole = f"{about['planned']} questions about {episodes} to {models} judges"
        click.echo(f"would put {whole}, about {about['tokens_in']:,} tokens in all")
    return 0


# ---- What is told ----------------------------------------------------------------------------------------


class _Progress:
    def __init__(self, name: str) -> None:
        self._name = name
        self._last = time.monotonic()

    def update(self, done: int, planned: int, spent: float | None) -> None:
        if time.monotonic() - self._last >= _PLAIN_EVERY:
            self._last = time.monotonic()
            click.echo(f"{self._name}: {done}/{planned} questions, {dollars(spent)} so far", err=True)


def _print(study: "Study", records: "Sequence[BatchRecord]", how: _Options) -> None:
    panel = _panel(study, records, how.cards) if len(records) > 1 else {}
    if not how.as_json:
        click.echo("\n\n".join([*map(batch_text, records), *([panel_text(panel)] if panel else [])]))
        return
    batches = [record.model_dump(mode="json") | {"valid": record.valid} for record in records]
    together = {rubric: summary.model_dump(mode="json") for rubric, summary in panel.items()}
    click.echo(json.dumps({"batches": batches, "together": together or None, "study": str(study.root)}))


def _panel(study: "Study", records: "Sequence[BatchRecord]", cards: Path | None) -> "dict[str, PanelSummary]":
    """What these judges say together, weighed by their cards, or else by how they did on the spikes."""
    from ulterior.analysis.calibration.store import load_cards
    from ulterior.analysis.judges.panel import combine_all, measured_weights, summarise
    from ulterior.analysis.judges.store import load_judgements

    versions = {record.detector: record.version for record in records}
    rubrics = {rubric for record in records for rubric in record.rubrics}
    judgements = [each for each in load_judgements(study) if each.rubric in rubrics]
    weights = measured_weights(records, load_cards(cards or study.root))
    return summarise(combine_all(judgements, weights, versions))
