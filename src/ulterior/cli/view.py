"""``ulterior view``."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ulterior.cli.analysis_progress import analysis_progress, processors
from ulterior.cli.judged_by import chosen_judge, judged_by_options
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.viewer.library import Library

__all__ = ["view", "why_not_open"]


@click.command()
@click.argument("studies", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="Where to listen; 0 takes any free one.  [default: 7717, or the next that is free]",
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="The address to listen at.", metavar="HOST"
)
@click.option(
    "--expose", is_flag=True, help="Reading takes the token, too; allows a --host that others can reach."
)
@click.option("--episode", metavar="PREFIX", help="Open at this episode, by the beginning of its id.")
@click.option("--no-open", is_flag=True, help="Print the address only. So does NO_OPEN=1.")
@judged_by_options
def view(
    studies: tuple[Path, ...],
    port: int | None,
    host: str,
    episode: str | None,
    judged_by: str | None,
    cards: Path | None,
    *,
    expose: bool,
    no_open: bool,
) -> None:
    """Look at studies in a browser: from the matrix to one episode to the sentence that decided it.

    Serves on this machine only, until Ctrl-C. The address that it prints holds a token, without which
    no label can be given: treat it like a key. Nothing is executed again: what is shown is what
    is stored. A study that is still running is followed. With several studies, what flipped between
    them is shown too. `ulterior export` writes the same pages as a file.
    """
    from ulterior.viewer.library import Library
    from ulterior.viewer.server import app
    from ulterior.viewer.serving import PORT, address, is_loopback, listen, names_of, serve_forever

    reachable = not is_loopback(host)
    if reachable and not expose:
        raise UsageError(
            f"others could reach {host}",
            "traces are private, and the connection is not encrypted",
            "use a tunnel (ssh -L 7717:127.0.0.1:7717 MACHINE), or add --expose",
        )
    judge = chosen_judge(judged_by, cards)
    with listen(host, port) as listener:
        chosen = listener.getsockname()[1]
        if port is None and chosen != PORT:
            _say(f"note: port {PORT} is taken, so this is on port {chosen}")
        with analysis_progress() as progress:
            library = Library.open(
                studies, progress=progress, workers=processors(), say=_say, judged_by=judge
            )
        route = _route(library, episode) if episode else ""
        served = app(library, exposed=expose, names=names_of(host))
        served.prepare()
        url = f"{address(listener, host)}#token={served.door.token}{route}"
        click.echo(url)
        sys.stdout.flush()  # who reads it from a pipe waits for it
        _say(_about(library))
        if reachable:
            _say("warning: whoever has this address can read and label these studies, over plain HTTP")
        if not no_open:
            _open(url)
        serve_forever(served, listener)


def _route(library: "Library", prefix: str) -> str:
    """Where the pages show an episode, in the first study that has it."""
    problems: list[UsageError] = []
    for opened in library.studies.values():
        try:
            return f"/s/{opened.key}/e/{opened.study.find(prefix)}"
        except UsageError as error:
            problems.append(error)
    raise problems[0]


def _about(library: "Library") -> str:
    listed = [opened.listed() for opened in library.studies.values()]
    counts = ", ".join(
        f"{each.name} ({each.episodes} episodes{', running' if each.live else ''})" for each in listed
    )
    return f"showing {counts}; Ctrl-C stops"


def _open(url: str) -> None:
    """Open a browser where somebody sits in front of one."""
    if (why := why_not_open(os.environ, (sys.stdout.isatty(), sys.stderr.isatty()))) is not None:
        if why:
            _say(why)
        return
    import webbrowser

    webbrowser.open(url)


def why_not_open(environ: Mapping[str, str], terminals: Sequence[bool]) -> str | None:
    """None where a browser may be opened, else what to say about it."""
    if environ.get("NO_OPEN") or not all(terminals):
        return ""
    if environ.get("SSH_CONNECTION"):
        return "over ssh: forward the port (ssh -L 7717:127.0.0.1:7717 ...) and open the address at home"
    if sys.platform == "linux" and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return ""
    return None


_say = partial(click.echo, err=True)
