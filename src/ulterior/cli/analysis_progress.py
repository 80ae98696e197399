"""How far an analysis is: a bar on a terminal, on stderr; nothing where stderr goes elsewhere."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

__all__ = ["analysis_progress", "processors"]


def processors() -> int:
    """How many processes can work at a time here."""
    return os.cpu_count() or 1


@contextmanager
def analysis_progress(
    *, beside_output: bool = False, doing: str = "analysing"
) -> Generator[Callable[[int, int], None] | None]:
    """A function that shows how many episodes are done, of how many; None where there is nobody to see it.

    The bar is gone as soon as all are done. ``beside_output`` says that results are printed meanwhile: on
    the same terminal they show by themselves how far it is.
    """
    if not sys.stderr.isatty() or (beside_output and sys.stdout.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if done == total:
                bar.stop()

        yield show
