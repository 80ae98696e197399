"""The options by which a command uses stored judgements instead of the word rules."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.analysis import EpisodeFinding, JudgedBy

__all__ = ["cards_option", "chosen_judge", "judged_by_options", "who_judged"]

Command = Callable[..., Any]

cards_option = click.option(
    "--cards",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where `ulterior calibrate` has put its cards.  [default: the study]",
)


def judged_by_options(command: Command) -> Command:
    """``--judged-by`` and ``--cards``."""
    judged_by = click.option(
        "--judged-by",
        metavar="NAME",
        help="Take disclosure, intent and awareness from stored judgements: of the judge NAME, "
        "or of all together, `panel`.",
    )
    return judged_by(cards_option(command))


def chosen_judge(judged_by: str | None, cards: Path | None) -> "JudgedBy | None":
    """What the options say. Raises :class:`UsageError` for cards that nobody would look at."""
    from ulterior.analysis import JudgedBy

    if judged_by is not None:
        return JudgedBy(judged_by, cards)
    if cards is not None:
        raise UsageError("--cards is for judges", "none was chosen", "add --judged-by NAME, or leave it away")
    return None


def who_judged(findings: "Iterable[EpisodeFinding]", root: Path) -> list[str]:
    """A line for each axis that a judge decided: who did, and how often that judge is wrong."""
    from ulterior.analysis import detectors_of
    from ulterior.analysis.judges.measured import measured_errors
    from ulterior.analysis.visible import one_line

    detectors = detectors_of(findings)
    errors = measured_errors(detectors, root)
    return [
        one_line(f"{axis} judged by {' '.join(detectors[axis])}; {error}", 500)
        for axis, error in errors.items()
    ]
