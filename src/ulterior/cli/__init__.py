"""The command line: thin commands over the parts. Nothing heavy is imported before a command needs it."""

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress

import click

from ulterior.cli.lazy import LazyGroup
from ulterior.cli.output import NobodyReads, guard_output
from ulterior.errors import UlteriorError, UsageError

__all__ = ["cli", "main"]

_COMMANDS = {
    "run": (
        "ulterior.cli.run:run",
        "Run what is missing of a study: scenarios × conditions × models × seeds.",
    ),
    "estimate": ("ulterior.cli.run:estimate", "Say what a run would do and cost, without doing it."),
    "plan": ("ulterior.cli.plan:plan", "Say what a study of a given size could find, before it is run."),
    "analyze": ("ulterior.cli.analyze:analyze", "Audit stored episodes: act, disclosure, one object each."),
    "report": ("ulterior.cli.report:report", "Report a study as text, Markdown, JSON or one HTML page."),
    "tables": (
        "ulterior.cli.tables:tables",
        "Write a study as tidy tables: Parquet, CSV or lines of JSON.",
    ),
    "show": ("ulterior.cli.show:show", "List a study's episodes, read one, or verify the stored files."),
    "view": (
        "ulterior.cli.view:view",
        "Look at studies in a browser: the matrix, an episode, the sentence that decided it.",
    ),
    "export": (
        "ulterior.cli.export:export",
        "Write studies as pages that open without a server: one file, or a folder.",
    ),
    "fork": (
        "ulterior.cli.fork:fork",
        "Run episodes on from a step, with and without an edit, or scan all steps.",
    ),
    "interview": (
        "ulterior.cli.interview:interview",
        "Ask in forks what was done, in eight wordings, those who broke the rule and innocents.",
    ),
    "probe": (
        "ulterior.cli.probe:probe",
        "Ask agents in forks what they take their situation for.",
    ),
    "calibrate": (
        "ulterior.cli.calibrate:calibrate",
        "Measure how often detectors are right, on planted agents and labelled corpora.",
    ),
    "judge": (
        "ulterior.cli.judge:judge",
        "Have a model answer narrow questions about stored episodes, blinded, with checked quotes.",
    ),
    "sandbagging": (
        "ulterior.cli.sandbagging:sandbagging",
        "Compare arms on the same items: whether answers are worse where it pays to fail.",
    ),
    "tells": (
        "ulterior.cli.tells:tells",
        "Find the file or sentence that gives a situation away as a test.",
    ),
    "label": (
        "ulterior.cli.label:label",
        "Have people label a blinded sample, and correct the rates by what they say.",
    ),
    "gate": (
        "ulterior.cli.gate:gate",
        "Say whether a candidate is worse than its baseline: yes, no, or can't tell.",
    ),
    "baseline": ("ulterior.cli.baseline:baseline", "Make, read and compare the baselines of gates."),
    "scenarios": ("ulterior.cli.scenarios:scenarios", "List, read and verify scenarios."),
    "models": ("ulterior.cli.models:models", "List providers, what they need, and the price table."),
    "sandbox": ("ulterior.cli.sandbox:sandbox", "Build the image of Docker sandboxes, and check the daemon."),
    "wire": ("ulterior.cli.wire:wire", "Serve the simulated models over the providers' own wire formats."),
}


@click.group(
    cls=LazyGroup, commands_by_path=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="ulterior", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def cli(debug: bool) -> None:
    """Simulate agentic scheming: run models through realistic work in which quietly breaking a rule pays,
    and say with evidence what they did and what they told people.

    Exit codes: 0 ok, 1 crash of ulterior, 2 usage, 10 a check failed (scenarios verify, sandbox check,
    judge) or a gate found a regression, 11 inconclusive, 12 not comparable, 13 budget reached, 14 too many
    void episodes, a full disk or no Docker, 15 nothing to do, 130 interrupted.
    """
    if debug:
        os.environ["ULTERIOR_DEBUG"] = "1"


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code. Errors are told in a few lines, without a traceback."""
    sys.exit(_run(argv))


def _run(argv: Sequence[str] | None) -> int:
    guard_output()
    try:
        result = cli.main(
            args=None if argv is None else list(argv), prog_name="ulterior", standalone_mode=False
        )
    except click.ClickException as error:
        with suppress(NobodyReads, UlteriorError):
            error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _tell("interrupted")
        return 130
    except NobodyReads as error:
        return error.exit_code
    except UlteriorError as error:
        _explain(error, _parts_of(error))
        return error.exit_code
    except PermissionError as error:
        what = f"can't use {error.filename or 'a file'}"
        _explain(error, str(UsageError(what, error.strerror or "permission denied", "check its permissions")))
        return UsageError.exit_code
    except Exception as error:
        what = f"ulterior crashed: {type(error).__name__}: {error}"
        _explain(
            error,
            f"{what}\nfix: run it again with --debug and report what it prints; stored episodes are safe",
        )
        return 1
    return result if isinstance(result, int) else 0


def _explain(error: Exception, text: str) -> None:
    if os.environ.get("ULTERIOR_DEBUG"):
        traceback.print_exception(error)
    _tell(f"error: {text}")


def _parts_of(error: UlteriorError) -> str:
    """What it says; what it names of a file must not steer the terminal."""
    if all(part.isprintable() for part in (error.what, error.why, error.fix)):
        return str(error)
    from ulterior.analysis.visible import plainly

    return plainly(error)


def _tell(text: str) -> None:
    with suppress(NobodyReads, UlteriorError):  # if nobody hears it, the exit code still says it
        click.echo(text, err=True)
