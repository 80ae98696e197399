"""``ulterior wire``."""

import sys

import click

from ulterior.cli.options import read_environment, read_salt, salt_option

__all__ = ["wire"]


@click.command()
@click.option(
    "--port", default=8999, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--seeds",
    default=20,
    show_default=True,
    type=click.IntRange(min=1),
    help="Instance seeds served, 0 .. N-1.",
)
@salt_option
@click.option(
    "--fault-rate",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 0.9),
    help="Share of calls that fail first.",
)
def wire(port: int, seeds: int, salt: str | None, fault_rate: float) -> None:
    """Serve the simulated models on 127.0.0.1 as Anthropic Messages, OpenAI Responses and Chat Completions.

    What it prints on stdout points every provider to it, in the shell where the study runs:

    \b
    ulterior wire > wire.env &
    set -a; . ./wire.env
    ulterior run studies/demo.yaml -m anthropic/covert -m openai/honest
    """
    from ulterior.agent_runtime.wire.app import wire_app
    from ulterior.agent_runtime.wire.cells import cells_of
    from ulterior.agent_runtime.wire.faults import Faults
    from ulterior.agent_runtime.wire.serve import environment, serve_forever
    from ulterior.scenarios import LIBRARY, load_scenario, salted_seeds

    def ready(base_url: str) -> None:
        for name, value in environment(base_url).items():
            click.echo(f"{name}={value}")
        sys.stdout.flush()  # who reads it from a pipe or a file waits for it
        click.echo(f"serving {len(LIBRARY)} scenarios at {base_url}; Ctrl-C stops", err=True)

    chosen = salted_seeds(read_salt(salt, read_environment()), range(seeds))
    cells = cells_of([load_scenario(name) for name in LIBRARY], chosen)
    serve_forever(wire_app(cells, Faults(rate=fault_rate)), port, ready)
