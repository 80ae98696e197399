"""``ulterior wire``."""

import click

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
@click.option(
    "--fault-rate",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 0.9),
    help="Share of calls that fail first.",
)
def wire(port: int, seeds: int, fault_rate: float) -> None:
    """Serve the simulated models on 127.0.0.1 as Anthropic Messages, OpenAI Responses and Chat Completions.

    \b
    export ANTHROPIC_API_KEY=x ANTHROPIC_BASE_URL=http://127.0.0.1:8999
    ulterior run studies/demo.yaml -m anthropic/covert
    """
    from ulterior.agent_runtime.wire.serve import serve_forever

    serve_forever(
        port=port, seeds=seeds, fault_rate=fault_rate, announce=lambda line: click.echo(line, err=True)
    )
