"""``ulterior scenarios``."""

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from ulterior.cli.options import read_environment, read_salt, salt_option

__all__ = ["scenarios"]

CHECK_FAILED = 10


@click.group()
def scenarios() -> None:
    """Scenarios: what there is, what each holds, and whether its oracle tells its planted agents apart."""


@scenarios.command("ls")
@click.option("--json", "as_json", is_flag=True)
def ls(as_json: bool) -> None:
    """List the scenarios of the library and of installed packages, with where they come from."""
    from ulterior.scenarios import list_scenarios

    for listed in list_scenarios():
        scenario = listed.scenario
        if as_json:
            row = {"name": listed.name, "from": listed.source}
            if scenario is None:
                row["error"] = listed.error
            else:
                row |= {"version": scenario.version, "title": scenario.title, "hash": scenario.content_hash}
            click.echo(json.dumps(row))
        elif scenario is None:
            why = listed.error.replace("\n", "; ")
            click.echo(f"{listed.name}  can't be loaded ({listed.source}): {why}")
        else:
            source = "" if listed.source == "library" else f" ({listed.source})"
            click.echo(f"{listed.name}  {scenario.title}: {scenario.summary}{source}")


@scenarios.command("show")
@click.argument("name")
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Which instance to print."
)
@click.option("--factor", "-f", "factors", multiple=True, help="name=level. Repeatable.")
@salt_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def show(name: str, seed: int, factors: tuple[str, ...], salt: str | None, as_json: bool) -> None:
    """Print a scenario: what it declares, what its numbers are worth, an instance as the agent meets it."""
    from ulterior.cli.options import parse_factors
    from ulterior.cli.scenario_page import scenario_object, scenario_page
    from ulterior.errors import UsageError
    from ulterior.scenarios import load_scenario, salted_seeds

    chosen = parse_factors(factors)
    if several := [
        f"{factor}={','.join(levels)}"
        for factor, levels in chosen.items()
        if len(levels) > 1 or "*" in levels
    ]:
        raise UsageError(
            f"can't show {several[0]} at once", "an instance has one level of each factor", "name one level"
        )
    levels = {factor: level for factor, (level,) in chosen.items()}
    (seed,) = salted_seeds(read_salt(salt, read_environment()), [seed])
    scenario = load_scenario(name)
    if as_json:
        click.echo(json.dumps(scenario_object(scenario, seed, levels)))
    else:
        click.echo(scenario_page(scenario, seed, levels))


@scenarios.command("verify")
@click.argument("names", nargs=-1)
@click.option("--seeds", default=2, show_default=True, type=click.IntRange(min=1), help="Instances per cell.")
@click.option(
    "--all-levels",
    is_flag=True,
    help="Every level of every factor, one at a time, not only the conditions that the scenario names.",
)
@click.option(
    "--playbook", "playbooks", multiple=True, help="Only this planted agent. Repeatable.  [default: all]"
)
@click.option("--sandbox", default="embedded", show_default=True)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Worker processes.")
@salt_option
@click.option("--json", "as_json", is_flag=True)
def verify(names: tuple[str, ...], seeds: int, salt: str | None, as_json: bool, **extent: Any) -> int:
    """Run every planted agent of a scenario and compare what the audit finds with its declared truth.

    The exit code is 10 when an agent is not found to be what it declares.
    """
    from ulterior.cli.verification import Extent, verify_scenarios
    from ulterior.scenarios import LIBRARY, salted_seeds

    chosen = salted_seeds(read_salt(salt, read_environment()), range(seeds))
    checks = asyncio.run(verify_scenarios(names or LIBRARY, Extent(chosen, **extent)))
    wrong = [check for check in checks if check.problems]
    if as_json:
        click.echo(json.dumps([check.model_dump(mode="json") for check in checks]))
    else:
        for check in wrong:
            click.echo(f"{check.scenario} {check.playbook} seed {check.seed} {check.condition}")
            for problem in check.problems:
                click.echo(f"  {problem}")
        click.echo(
            f"{len(checks) - len(wrong)} of {len(checks)} episodes were found to be what their agent declares"
        )
    return CHECK_FAILED if wrong else 0


@scenarios.command("lint")
@click.argument("names", nargs=-1)
@click.option(
    "--seeds", default=6, show_default=True, type=click.IntRange(min=2), help="Instances to compare."
)
@click.option("--static", is_flag=True, help="Only what needs no planted agent to act.")
@click.option("--json", "as_json", is_flag=True)
def lint(names: tuple[str, ...], seeds: int, static: bool, as_json: bool) -> int:
    """Check what a scenario declares and shows: canary, leaks, controls, budgets, tells.

    The exit code is 10 when there is an error. What is called realism has a budget, and fails nothing.
    """
    from ulterior.cli.linting import lint_by_name, lint_text
    from ulterior.scenarios import LIBRARY

    linted = asyncio.run(lint_by_name(names or LIBRARY, seeds, static))
    if as_json:
        click.echo(json.dumps([each.model_dump(mode="json") for each in linted]))
    else:
        for line in lint_text(linted):
            click.echo(line)
    return CHECK_FAILED if any(each.errors for each in linted) else 0


@scenarios.command("mutants")
@click.argument("names", nargs=-1, required=True)
@click.option("--seeds", default=1, show_default=True, type=click.IntRange(min=1), help="Instances per cell.")
@click.option("--all-levels", is_flag=True, help="Every level of every factor, one at a time, as well.")
@click.option("--limit", type=click.IntRange(min=1), help="Only so many mutants, the same ones every time.")
@click.option("--json", "as_json", is_flag=True)
def mutants(names: tuple[str, ...], seeds: int, all_levels: bool, limit: int | None, as_json: bool) -> None:
    """Put small mistakes into a scenario's oracle and see whether its planted agents notice.

    A mutant that survives is equivalent to the oracle, or stands for something that no agent tries.
    """
    from ulterior.cli.mutating import mutate, mutation_text
    from ulterior.scenarios import load_scenario

    loaded = {name: load_scenario(name) for name in names}
    mutated = [asyncio.run(mutate(name, each, seeds, limit, all_levels)) for name, each in loaded.items()]
    if as_json:
        click.echo(json.dumps([each.model_dump(mode="json") for each in mutated]))
    else:
        for line in mutation_text(mutated):
            click.echo(line)


@scenarios.command("new")
@click.argument("name")
@click.option(
    "--into", default=".", show_default=True, type=click.Path(path_type=Path), help="Where to put the folder."
)
def new(name: str, into: Path) -> None:
    """Write a small whole scenario to begin with: a folder called NAME, and its test beside it."""
    from ulterior.scenarios.starter import write_scenario

    for path in write_scenario(name, into):
        click.echo(path)
    folder = into / name
    loaded = folder if folder.is_absolute() else f"./{folder}"
    click.echo("next:", err=True)
    for command in ("lint", "verify", "show"):
        click.echo(f"  ulterior scenarios {command} {loaded}", err=True)


@scenarios.command("docs")
@click.argument("names", nargs=-1)
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path), help="The folder to write pages into."
)
def docs(names: tuple[str, ...], output: Path) -> None:
    """Write a page for every scenario, from what it declares, and an index of them."""
    from ulterior.cli.scenario_docs import write_documents
    from ulterior.scenarios import LIBRARY, load_scenario

    for path in write_documents({name: load_scenario(name) for name in names or LIBRARY}, output):
        click.echo(path)
