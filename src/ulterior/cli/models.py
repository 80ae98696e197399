"""``ulterior models``."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from ulterior.cli.options import read_environment

if TYPE_CHECKING:
    from ulterior.agent_runtime.models.catalogue import Provider

__all__ = ["models"]


@click.group()
def models() -> None:
    """Models: providers, what they need, what they cost."""


@models.command("ls")
def ls() -> None:
    """List the providers with the variables they read, the simulated models, and the known prices."""
    from ulterior.agent_runtime.models.catalogue import PROVIDERS
    from ulterior.agent_runtime.models.prices import PRICES, PRICES_DATE
    from ulterior.scenarios import LIBRARY, load_scenario
    from ulterior.scenarios.voices import VOICES

    environ = read_environment()
    for provider in PROVIDERS.values():
        click.echo(f"{provider.prefix}/NAME  {provider.about}")
        for line in _needs(provider, environ):
            click.echo(f"  {line}")
    playbooks = sorted({name for scenario in LIBRARY for name in load_scenario(scenario).playbooks})
    click.echo(f"sim models: {', '.join('sim/' + name for name in playbooks)}, sim/mixed?covert=0.1")
    click.echo(f"voices of sim models, as in sim/covert+admits: {', '.join(VOICES)}")
    click.echo("sim judges: sim/judge, sim/judge?abstains=0.1&malformed=0.05&lies=0.1, sim/judge?gullible=1")
    click.echo(f"prices of {PRICES_DATE}, US dollars per million tokens in/out:")
    for name, price in PRICES.items():
        click.echo(f"  {name}  {price.input:g}/{price.output:g}")


def _needs(provider: "Provider", environ: Mapping[str, str]) -> Iterator[str]:
    """The variables of a provider and whether they are set, in the environment or in ``.env``; no values."""
    if provider.url_variable:
        without = "needed" if provider.default_url is None else f"without it {provider.default_url}"
        yield f"{provider.url_variable}: {_whether_set(provider.url_variable, environ)} ({without})"
    if provider.key_variable:
        without = "needed" if provider.default_key is None else "only if the server wants one"
        yield f"{provider.key_variable}: {_whether_set(provider.key_variable, environ)} ({without})"
    if not (provider.url_variable or provider.key_variable):
        yield "needs no key"


def _whether_set(variable: str, environ: Mapping[str, str]) -> str:
    return "set" if environ.get(variable) else "not set"
