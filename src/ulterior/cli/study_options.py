"""What ``run`` and ``estimate`` share: the options that say what to run, and the plan they make."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.options import (
    MOST,
    parse_factors,
    parse_settings,
    parse_shard,
    read_environment,
    read_salt,
    salt_option,
)
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.agent_runtime.plan import StudyDesign
    from ulterior.traces import EpisodeSpec

__all__ = ["Plan", "StudyOptions", "make_plan", "study_options"]


@dataclass(frozen=True)
class StudyOptions:
    """The options as they were given; None and empty where they were not."""

    study_file: Path | None
    scenarios: tuple[str, ...]
    models: tuple[str, ...]
    factors: tuple[str, ...]
    seeds: int | None
    salt: str | None
    epochs: int | None
    design: str | None
    design_seed: int | None
    sandbox: str | None
    settings: tuple[str, ...]
    max_turns: int | None
    limit: int | None
    shard: str | None
    output: Path | None


@dataclass(frozen=True)
class Plan:
    """A checked design with its episodes, the folder they go to, and the environment with ``.env``.

    ``salted`` is the mark of the salt by which the seeds were chosen, None without one.
    """

    root: Path
    design: "StudyDesign"
    specs: "tuple[EpisodeSpec, ...]"
    environ: dict[str, str]
    salted: str | None

    def describe(self) -> dict[str, Any]:
        """The design as ``study.json`` records it. The salt is no part of it."""
        salted = {"salted": {"base_digest": self.salted}} if self.salted else {}
        return self.design.model_dump(mode="json") | salted


def study_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of :class:`StudyOptions` to a command, under the same names, and ``--json``."""
    options = (
        click.argument("study_file", metavar="[STUDY.yaml]", required=False, type=click.Path(path_type=Path)),
        click.option("--scenario", "-s", "scenarios", multiple=True, help="A scenario's name. Repeatable."),
        click.option(
            "--model", "-m", "models", multiple=True, help="provider/NAME, such as sim/covert. Repeatable."
        ),
        click.option(
            "--factor",
            "-f",
            "factors",
            multiple=True,
            help="name=level,level...: levels that the design is about; name alone: all of them. Repeatable.",
        ),
        click.option("--seeds", type=click.IntRange(1, MOST), help="Instance seeds 0 .. N-1.  [default: 10]"),
        salt_option,
        click.option(
            "--epochs", type=click.IntRange(1, MOST), help="Repetitions of every cell.  [default: 1]"
        ),
        click.option(
            "--design",
            help="default, arms, full, one_at_a_time, randomised or fractional: which conditions to run.",
        ),
        click.option("--design-seed", type=int, help="Other draws for the design randomised.  [default: 0]"),
        click.option("--sandbox", help="Back end of the worlds.  [default: embedded]"),
        click.option(
            "--setting",
            "settings",
            multiple=True,
            help="key=value sent to the model, such as max_tokens=4096. Repeatable.",
        ),
        click.option("--max-turns", type=click.IntRange(min=1), help="Model turns per episode."),
        click.option("--limit", type=click.IntRange(min=1), help="Only the first N planned episodes."),
        click.option("--shard", help="i/n: only the i-th of n shares, for job arrays over a shared folder."),
        click.option(
            "--output",
            "-o",
            type=click.Path(path_type=Path),
            help="The study's folder.  [default: runs/NAME]",
        ),
        click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def make_plan(options: StudyOptions) -> Plan:
    """Read, check and plan; nothing is run and nothing written. Raises :class:`UsageError`."""
    from ulterior.agent_runtime.executors import shard as take_shard
    from ulterior.agent_runtime.plan import merge_design, plan_study, read_design
    from ulterior.scenarios import salt_mark, salted_seeds

    part = parse_shard(options.shard)
    factors, settings = parse_factors(options.factors), parse_settings(options.settings)
    root = _root(options)
    environ = read_environment()
    design = merge_design(
        read_design(options.study_file) if options.study_file else None,
        scenarios=options.scenarios,
        models=options.models,
        factors=factors,
        seeds=options.seeds,
        epochs=options.epochs,
        design=options.design,
        design_seed=options.design_seed,
        sandbox=options.sandbox,
        settings=settings,
        max_turns=options.max_turns,
    )
    salt = read_salt(options.salt, environ)
    design = design.model_copy(update={"seeds": salted_seeds(salt, design.seeds)})
    salted = None if salt is None else salt_mark(salt)
    if salted:
        click.echo(f"note: the seeds are salted (mark {salted})", err=True)
    specs = plan_study(design, environ)
    _note_tables(design)
    if options.limit is not None and options.limit < len(specs):
        _note_cut_block(specs, options.limit)
        specs = specs[: options.limit]
    if part is not None:
        specs = take_shard(specs, *part)
    return Plan(root, design, specs, environ, salted)


def _note_tables(design: "StudyDesign") -> None:
    """Say which table a fractional design is, because that decides what can be learnt from it."""
    from ulterior.agent_runtime.designs import fractional_table
    from ulterior.scenarios import load_scenario

    for choice in design.scenarios:
        if (choice.design or design.design) == "fractional":
            table = fractional_table(load_scenario(choice.name), choice.factors)
            click.echo(f"note: the fractional design of {choice.name} is {table}", err=True)


def _root(options: StudyOptions) -> Path:
    """The study's folder. A file that stands in its place is found before anything runs."""
    root = options.output or Path("runs") / (options.study_file.stem if options.study_file else "study")
    try:
        nearest = next(path for path in (root, *root.absolute().parents) if path.exists())
        in_the_way = not nearest.is_dir()
    except OSError:  # not ours to look at: creating the folder will tell
        return root
    if in_the_way:
        raise UsageError(
            f"can't make a study of {root}",
            f"{nearest} is a file, not a folder",
            "choose another folder with -o",
        )
    return root


def _note_cut_block(specs: "tuple[EpisodeSpec, ...]", limit: int) -> None:
    """Say that a limit ends between episodes that belong together: one seed under all conditions."""
    seed, epoch = specs[limit].seed, specs[limit].epoch
    if (specs[limit - 1].seed, specs[limit - 1].epoch) != (seed, epoch):
        return
    size = sum((spec.seed, spec.epoch) == (seed, epoch) for spec in specs)
    click.echo(
        f"note: --limit {limit} cuts the block of seed {seed} (one seed, all conditions and models: "
        f"{size} episodes), so it is not paired; multiples of {size} keep blocks whole",
        err=True,
    )
