"""Live progress of a batch: a table on a terminal, plain lines elsewhere, always on stderr."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Protocol

import click

from ulterior.agent_runtime.batch import Batch, Tally
from ulterior.agent_runtime.episode import Outcome

__all__ = ["Progress", "ProgressLines", "open_progress"]

_PLAIN_EVERY = 10.0  # seconds between plain lines


class Progress(Protocol):
    """Told of every outcome, and now and then of nothing."""

    def update(self, outcome: Outcome) -> None: ...
    def tick(self) -> None: ...
    def say(self, text: str) -> None:
        """Tell something in between, where the display does not swallow it."""
        ...


@contextmanager
def open_progress(batch: Batch) -> Generator[Progress]:
    """The display that fits where stderr goes."""
    if sys.stderr.isatty():
        with _Table(batch) as table:
            yield table
    else:
        yield ProgressLines(batch, f"into {batch.study.root}", _line)


class ProgressLines:
    """One line at the beginning, one after every interval, one for every failure.

    ``what`` says what is run and where to; ``line`` how far it is after so many seconds.
    """

    def __init__(self, batch: Batch, what: str, line: Callable[[Tally, float], str]) -> None:
        self._batch = batch
        self._line = line
        self._began = self._last = time.monotonic()
        click.echo(f"running {batch.total.planned} episodes {what}", err=True)

    def update(self, outcome: Outcome) -> None:
        if outcome.status == "void":
            self.say(_failure(outcome))
        if self._batch.total.finished == self._batch.total.planned:
            self._print()
        else:
            self.tick()

    def tick(self) -> None:
        if time.monotonic() - self._last >= _PLAIN_EVERY:
            self._print()

    def say(self, text: str) -> None:
        click.echo(text, err=True)

    def _print(self) -> None:
        self._last = time.monotonic()
        click.echo(self._line(self._batch.total, self._last - self._began), err=True)


class _Table:
    """One row per model and scenario, redrawn four times a second."""

    def __init__(self, batch: Batch) -> None:
        from rich.console import Console
        from rich.live import Live

        self._batch = batch
        self._began = time.monotonic()
        self._live = Live(console=Console(stderr=True), get_renderable=self._draw, refresh_per_second=4)

    def __enter__(self) -> "_Table":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def update(self, outcome: Outcome) -> None:
        if outcome.status == "void":
            self.say(_failure(outcome))

    def tick(self) -> None:
        """Nothing: the table draws itself."""

    def say(self, text: str) -> None:
        self._live.console.print(text, style="yellow", markup=False)

    def _draw(self):
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="dim")
        for name in ("model", "scenario"):
            table.add_column(name)
        for name in ("done", "void", "flagged", "tokens", "cost", "projected"):
            table.add_column(name, justify="right")
        for (model, scenario), tally in self._batch.tallies.items():
            table.add_row(model, scenario, *_cells(tally))
        total = self._batch.total
        table.add_section()
        table.add_row("all", _eta(total, time.monotonic() - self._began), *_cells(total), style="bold")
        return table


def _cells(tally: Tally) -> tuple[str, ...]:
    done = f"{tally.done + tally.skipped}/{tally.planned}"
    return (
        done,
        str(tally.void),
        str(tally.flagged),
        f"{tally.tokens:,}",
        _cost(tally.cost),
        _cost(projected(tally)),
    )


def projected(tally: Tally) -> float | None:
    """What the whole plan would cost at the mean cost so far, in US dollars; None when it can't be known."""
    worked = tally.done + tally.void
    if tally.cost is None or not worked:
        return None
    return tally.cost / worked * (tally.planned - tally.skipped)


def _cost(value: float | None) -> str:
    return "unknown" if value is None else f"${value:.2f}"


def _eta(total: Tally, seconds: float) -> str:
    worked = total.done + total.void
    if not worked:
        return "ETA unknown"
    left = seconds / worked * (total.planned - total.finished)
    return f"ETA {int(left) // 60}:{int(left) % 60:02d}"


def _line(total: Tally, seconds: float) -> str:
    return (
        f"{total.finished}/{total.planned} episodes, {total.void} void, {total.flagged} flagged, "
        f"{total.tokens:,} tokens, "
        f"{_cost(total.cost)} so far, {_cost(projected(total))} projected, {_eta(total, seconds)}"
    )


def _failure(outcome: Outcome) -> str:
    spec = outcome.spec
    why = outcome.why.splitlines()[0] if outcome.why else "no reason given"
    return f"void: {spec.model} {spec.scenario} seed {spec.seed} ({spec.id[:8]}): {why}"
