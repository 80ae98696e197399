"""``ulterior calibrate``."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.exit_codes import INTERRUPTED
from ulterior.cli.options import parse_settings, read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.analysis.calibration.card import DetectorCard
    from ulterior.analysis.calibration.planted import Planted
    from ulterior.traces import EpisodeSpec, Study

__all__ = ["calibrate"]

_FLOORS = ("rules", "words")


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
    asked = _rubrics(rubrics)
    given = {"detectors": tuple(dict.fromkeys(detectors or _FLOORS)), "settings": parse_settings(settings)}
    how = {**given, "concurrency": concurrency, "limit": limit, "seed": seed}
    return asyncio.run(
        _calibrate(root, scenarios, styles, seeds if planted else 0, corpora, asked, how, as_json)
    )


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
    rubrics: tuple[str, ...],
    how: dict[str, Any],
    as_json: bool,
) -> int:
    from ulterior.agent_runtime.episode import package_versions
    from ulterior.agent_runtime.judges import check_judge
    from ulterior.agent_runtime.models.prices import PRICES_DATE
    from ulterior.analysis.calibration.corpus import library_wordings, read_corpus
    from ulterior.analysis.calibration.planted import Planted, planted_samples
    from ulterior.cli.calibrating import Measurement
    from ulterior.traces import Study

    imported = [sample for path in corpora for sample in read_corpus(path)]
    environ = read_environment()
    for name in how["detectors"]:
        if name not in _FLOORS:
            check_judge(name, how["settings"], environ)  # before anybody is run for it
    planned = _plans(scenarios, styles, seeds, environ) if seeds else []
    for design in [design for design, _ in planned] or [{"corpora": [str(path) for path in corpora]}]:
        Study.create(root, design, packages=package_versions(), prices=PRICES_DATE)
    study = Study.open(root)
    if planned and not await _run(study, [spec for _, specs in planned for spec in specs], environ):
        click.echo("interrupted; the same command goes on", err=True)
        return INTERRUPTED
    found = planted_samples(study, rubrics) if planned else Planted()
    found.wordings.update(library_wordings(imported))
    cards = await Measurement(study, found, imported, corpora, environ=environ, **how).cards(rubrics)
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
