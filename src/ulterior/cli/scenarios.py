"""``ulterior scenarios``."""

import asyncio
import json
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
    """List the scenarios of the library."""
    from ulterior.scenarios import LIBRARY, load_scenario

    for name in LIBRARY:
        scenario = load_scenario(name)
        if as_json:
            click.echo(
                json.dumps(
                    {
                        "name": name,
                        "version": scenario.version,
                        "title": scenario.title,
                        "hash": scenario.content_hash,
                    }
                )
            )
        else:
            click.echo(f"{name}  {scenario.title}: {scenario.summary}")


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
