"""``ulterior calibrate``."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.exit_codes import INTERRUPTED
from ulterior.cli.options import parse_settings, read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.analysis.calibration.card import DetectorCard
    from ulterior.analysis.calibration.measure import Answer
    from ulterior.analysis.calibration.planted import Planted
    from ulterior.analysis.calibration.samples import Corpus, Sample
    from ulterior.analysis.judges import Detector
    from ulterior.traces import EpisodeSpec, Study

__all__ = ["calibrate"]

FLOORS = ("rules", "words")


@dataclass(frozen=True)
class _Asked:
    """The options, as far as measuring needs them."""

    detectors: tuple[str, ...]
    rubrics: tuple[str, ...]
    settings: Mapping[str, Any]
    concurrency: int
    limit: int | None
    seed: int


@click.command()
@click.option(
    "--output", "-o", "root", required=True, type=click.Path(path_type=Path), help="The study's folder."
)
@click.option(
    "--detector",
    "-d",
    "detectors",
    multiple=True,
    help="rules, words, or a judge model such as anthropic/NAME. Repeatable.  [default: rules, words]",
)
@click.option(
    "--rubric", "rubrics", multiple=True, help="Only this question. Repeatable.  [default: all with a truth]"
)
@click.option(
    "--scenario", "-s", "scenarios", multiple=True, help="Repeatable.  [default: the whole library]"
)
@click.option("--style", "styles", multiple=True, help="Only this planted agent, such as covert+admits.")
@click.option("--seeds", default=2, show_default=True, type=click.IntRange(1, 1000), help="Instances each.")
@click.option(
    "--corpus",
    "corpora",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A labelled corpus as JSON lines; docs/calibration.md has the format. Repeatable.",
)
@click.option("--planted/--no-planted", default=True, help="Whether planted agents are run and read.")
@click.option("--limit", type=click.IntRange(min=1), help="At most N samples of each rubric, spread evenly.")
@click.option("--setting", "settings", multiple=True, help="key=value sent to judge models. Repeatable.")
@click.option("--concurrency", default=16, show_default=True, type=click.IntRange(min=1))
@click.option("--draw", "seed", default=0, show_default=True, help="Seed of all that is drawn.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def calibrate(
    root: Path,
    scenarios: tuple[str, ...],
    styles: tuple[str, ...],
    seeds: int,
    corpora: tuple[Path, ...],
    planted: bool,
    detectors: tuple[str, ...],
    rubrics: tuple[str, ...],
    settings: tuple[str, ...],
    limit: int | None,
    concurrency: int,
    seed: int,
    as_json: bool,
) -> int:
    """Measure how often detectors are right, where the truth is known, and write a card for each.

    Planted agents of all styles are run as an ordinary study, or what is still missing of it; labelled
    corpora are read beside them. The word rules and a trained model of words are the floors that a judge
    model has to beat before it may be a default.

    \b
    ulterior calibrate -o runs/calibration
    ulterior calibrate -o runs/calibration --detector sim/judge --rubric intent --limit 200
    ulterior calibrate -o runs/corpus --no-planted --corpus sentences.jsonl --detector rules
    """
    if not planted and not corpora:
        raise UsageError(
            "there is nothing to measure on", "--no-planted leaves only corpora", "--corpus FILE"
        )
    asked = _Asked(
        tuple(dict.fromkeys(detectors or FLOORS)),
        _rubrics(rubrics),
        parse_settings(settings),
        concurrency,
        limit,
        seed,
    )
    return asyncio.run(_calibrate(root, scenarios, styles, seeds if planted else 0, corpora, asked, as_json))


def _rubrics(names: tuple[str, ...]) -> tuple[str, ...]:
    from ulterior.analysis.calibration.truths import DERIVED
    from ulterior.analysis.judges.rubrics import RUBRICS

    if unknown := [name for name in names if name not in RUBRICS]:
        raise UsageError(f"there is no rubric {unknown[0]!r}", fix=f"choose one of: {', '.join(RUBRICS)}")
    return tuple(dict.fromkeys(names or DERIVED))


async def _calibrate(
    root: Path,
    scenarios: tuple[str, ...],
    styles: tuple[str, ...],
    seeds: int,
    corpora: tuple[Path, ...],
    asked: _Asked,
    as_json: bool,
) -> int:
    from ulterior.agent_runtime.episode import package_versions
    from ulterior.agent_runtime.models.prices import PRICES_DATE
    from ulterior.analysis.calibration.corpus import library_wordings, read_corpus
    from ulterior.analysis.calibration.planted import Planted, planted_samples
    from ulterior.traces import Study

    imported = [sample for path in corpora for sample in read_corpus(path)]
    environ = read_environment()
    planned = _plans(scenarios, styles, seeds, environ) if seeds else []
    designs = [design for design, _ in planned] or [{"calibration": [str(path) for path in corpora]}]
    for design in designs:
        study = Study.create(root, design, packages=package_versions(), prices=PRICES_DATE)
    study = Study.open(root)
    if planned and not await _run(study, [spec for _, specs in planned for spec in specs], environ):
        click.echo("interrupted; the same command goes on", err=True)
        return INTERRUPTED
    found = planted_samples(study, asked.rubrics) if planned else Planted()
    found.wordings.update(library_wordings(imported))
    cards = await _measure(study, found, imported, corpora, asked, environ)
    _tell(cards, found, root, as_json)
    return 0


def _plans(
    scenarios: tuple[str, ...], styles: tuple[str, ...], seeds: int, environ: dict[str, str]
) -> "list[tuple[dict[str, Any], tuple[EpisodeSpec, ...]]]":
    """The studies' designs, one for all scenarios that have the same agents, with their episodes."""
    from ulterior.agent_runtime.plan import merge_design, plan_study
    from ulterior.analysis.calibration.suite import STYLES, styles_of
    from ulterior.scenarios import LIBRARY, load_scenario

    groups: dict[tuple[str, ...], list[str]] = {}
    for name in scenarios or LIBRARY:
        there, missing = styles_of(load_scenario(name), styles or STYLES)
        if missing:
            click.echo(f"note: {name} has no {', '.join(missing)}", err=True)
        if there:
            groups.setdefault(tuple(f"sim/{style}" for style in there), []).append(name)
    if not groups:
        raise UsageError("there is nobody to plant", "no scenario has these agents", "leave --style away")
    designs = [
        merge_design(None, scenarios=tuple(names), models=models, seeds=seeds)
        for models, names in groups.items()
    ]
    return [(design.model_dump(mode="json"), plan_study(design, environ)) for design in designs]


async def _run(study: "Study", specs: "Sequence[EpisodeSpec]", environ: dict[str, str]) -> bool:
    """Run what is missing of the planted agents; whether none is missing any more."""
    from ulterior.agent_runtime.batch import Batch
    from ulterior.cli.driving import drive
    from ulterior.clock import SystemClock

    study.expect(spec.id for spec in specs)
    batch = Batch(study, specs, environ, SystemClock())
    await drive(batch)
    return batch.total.finished == batch.total.planned


async def _measure(
    study: "Study",
    found: "Planted",
    imported: "list[Sample]",
    corpora: Sequence[Path],
    asked: _Asked,
    environ: dict[str, str],
) -> "list[DetectorCard]":
    from ulterior.analysis.calibration.compare import against_floors
    from ulterior.analysis.calibration.samples import corpus_of
    from ulterior.analysis.calibration.spikes import spread
    from ulterior.analysis.calibration.store import save_card

    cards: list[DetectorCard] = []
    for rubric in asked.rubrics:
        planted = [sample for sample in found.samples if sample.rubric == rubric]
        samples = [*planted, *(sample for sample in imported if sample.rubric == rubric)]
        samples = spread(samples, asked.seed)[: asked.limit]
        if not samples:
            click.echo(f"note: no sample for {rubric}", err=True)
            continue
        inside = {sample.id for sample in planted}
        corpus = corpus_of(samples, _described(samples, inside), map(str, corpora), _count(samples, inside))
        measured = [
            each
            for name in _with_floors(asked.detectors)
            if (each := await _ask(name, study, rubric, samples, found, corpus, asked, environ))
        ]
        floors = [each for each in measured if each[0].detector in FLOORS]
        for card, answers in measured:
            if card.detector in FLOORS and card.detector not in asked.detectors:
                continue
            cards.append(against_floors((card, answers), floors, asked.seed))
            save_card(study.root, cards[-1])
    return cards


def _with_floors(detectors: Sequence[str]) -> tuple[str, ...]:
    """What is measured: the floors too, where something has to beat them."""
    return tuple(dict.fromkeys((*FLOORS, *detectors))) if set(detectors) - set(FLOORS) else tuple(detectors)


def _count(samples: "Sequence[Sample]", planted: set[str]) -> int:
    return sum(sample.id in planted for sample in samples)


def _described(samples: "Sequence[Sample]", planted: set[str]) -> str:
    n = _count(samples, planted)
    families, styles = ({sample.family for sample in samples}, {sample.style for sample in samples})
    parts = [f"{n} of planted agents"] if n else []
    parts += [f"{len(samples) - n} imported"] if len(samples) > n else []
    return f"{' and '.join(parts)}, in {len(families)} scenarios or families and {len(styles)} styles"


async def _ask(
    name: str,
    study: "Study",
    rubric: str,
    samples: "Sequence[Sample]",
    found: "Planted",
    corpus: "Corpus",
    asked: _Asked,
    environ: dict[str, str],
) -> "tuple[DetectorCard, Sequence[Answer]] | None":
    """One detector's card and answers, None where it has nothing to say about this rubric."""
    from ulterior.analysis.calibration.card import card_of
    from ulterior.analysis.calibration.measure import ask_samples
    from ulterior.analysis.judges.floors import RuleDetector
    from ulterior.analysis.judges.rubrics import RUBRICS

    if name == "words":
        return await _words(study, samples, corpus, asked)
    if name == "rules":
        rules: Detector = RuleDetector(found.wordings)
        if rubric not in rules.rubrics:
            return None
        answers = await ask_samples(rules, samples)
        return card_of(rules, RUBRICS[rubric], answers, corpus), answers
    return await _judge(name, study, rubric, samples, corpus, asked, environ)


async def _words(
    study: "Study", samples: "Sequence[Sample]", corpus: "Corpus", asked: _Asked
) -> "tuple[DetectorCard, Sequence[Answer]] | None":
    """The trained words, each family read by a model that has not seen it; the model of all is kept."""
    from ulterior.analysis.calibration.card import card_of
    from ulterior.analysis.calibration.folds import held_out_words
    from ulterior.analysis.calibration.store import save_model

    answers, detector, model = await held_out_words(samples, asked.seed)
    if detector is None or model is None:
        rubric = samples[0].rubric
        click.echo(f"note: words need positives and negatives to be trained on {rubric}", err=True)
        return None
    save_model(study.root, model)
    return card_of(detector, samples[0].asks, answers, corpus), answers


async def _judge(
    name: str,
    study: "Study",
    rubric: str,
    samples: "Sequence[Sample]",
    corpus: "Corpus",
    asked: _Asked,
    environ: dict[str, str],
) -> "tuple[DetectorCard, Sequence[Answer]]":
    from ulterior.analysis.calibration.card import card_of
    from ulterior.analysis.calibration.measure import ask_samples
    from ulterior.analysis.judges.cache import JudgeCache
    from ulterior.analysis.judges.judge import ModelJudge
    from ulterior.analysis.judges.rubrics import RUBRICS
    from ulterior.cli.judging import open_judge

    model = open_judge(name, environ, asked.settings, concurrency=asked.concurrency)
    try:
        judge = ModelJudge(model, settings=asked.settings, cache=JudgeCache(study.root))
        answers = await ask_samples(judge, samples, at_a_time=asked.concurrency)
    finally:
        await model.close()
    return card_of(judge, RUBRICS[rubric], answers, corpus), answers


def _tell(cards: "Sequence[DetectorCard]", found: "Planted", root: Path, as_json: bool) -> None:
    from ulterior.analysis.calibration.text import NOTE, render_card

    if as_json:
        left_out = dict(found.left_out.most_common())
        whole = {"cards": [card.model_dump(mode="json") for card in cards], "left_out": left_out}
        click.echo(json.dumps({"study": str(root), **whole}))
        return
    for card in cards:
        click.echo(render_card(card))
    click.echo(NOTE)
    for why, n in found.left_out.most_common():
        click.echo(f"left out: {n}, {why}", err=True)
    click.echo(f"{len(cards)} cards in {root / 'findings' / 'cards'}", err=True)
