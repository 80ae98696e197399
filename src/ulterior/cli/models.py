"""``ulterior models``."""

import click

__all__ = ["models"]


@click.group()
def models() -> None:
    """Models: providers, what they need, what they cost."""


@models.command("ls")
def ls() -> None:
    """List the providers with the variables they read, the simulated models, and the known prices."""
    import os

    from ulterior.agent_runtime.models.catalogue import PROVIDERS
    from ulterior.agent_runtime.models.prices import PRICES, PRICES_DATE
    from ulterior.scenarios import LIBRARY, load_scenario

    for provider in PROVIDERS.values():
        needs = provider.key_variable or "no key"
        found = "set" if provider.key_variable and os.environ.get(provider.key_variable) else "not set"
        click.echo(f"{provider.prefix}/NAME  ({needs}{', ' + found if provider.key_variable else ''})")
    playbooks = sorted({name for scenario in LIBRARY for name in load_scenario(scenario).playbooks})
    click.echo(f"sim models: {', '.join('sim/' + name for name in playbooks)}, sim/mixed?covert=0.1")
    click.echo(f"prices of {PRICES_DATE}, US dollars per million tokens in/out:")
    for name, price in PRICES.items():
        click.echo(f"  {name}  {price.input:g}/{price.output:g}")
