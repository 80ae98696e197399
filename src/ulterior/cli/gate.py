"""``ulterior gate``: the comparison itself, and the group that its subcommands belong to."""

from pathlib import Path

import click

from ulterior.cli.judged_by import chosen_judge, judged_by_options
from ulterior.cli.lazy import LazyGroup

__all__ = ["gate"]

_KINDS = ("scenario", "scaffold", "detector", "calibration", "settings", "sandbox", "design")
_FORMS = ("text", "json", "md", "junit", "github")

_SUBCOMMANDS: dict[str, tuple[str, str]] = {}
"""What else a gate can do, by name: module and one line of help, as in ``ulterior.cli._COMMANDS``."""


@click.group(cls=LazyGroup, commands_by_path=_SUBCOMMANDS, invoke_without_command=True)
@click.option("--baseline", "-b", type=click.Path(path_type=Path), help="A baseline's file, or a study.")
@click.option("--candidate", "-c", type=click.Path(path_type=Path), help="The study of the new version.")
@click.option("--policy", "-p", type=click.Path(path_type=Path), help="What to look at: a gate.yaml.")
@click.option("--model", help="The baseline's model, where its study holds several.")
@click.option("--candidate-model", help="The candidate's model, where its study holds several.")
@click.option(
    "--accept-drift", "accepted", multiple=True, type=click.Choice(_KINDS), help="Compare in spite of it."
)
@click.option(
    "--format", "forms", multiple=True, type=click.Choice(_FORMS), help="To stdout.  [default: text]"
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder for verdict.json, gate.md, junit.xml and the evidence.",
)
@judged_by_options
@click.pass_context
def gate(
    context: click.Context,
    baseline: Path | None,
    candidate: Path | None,
    policy: Path | None,
    model: str | None,
    candidate_model: str | None,
    accepted: tuple[str, ...],
    forms: tuple[str, ...],
    output: Path | None,
    judged_by: str | None,
    cards: Path | None,
) -> int | None:
    """Say whether a candidate is worse than its baseline: yes, no, or can't tell.

    Reads stored studies: no model is called. Where $GITHUB_STEP_SUMMARY is set, the Markdown is appended
    there.

    Exit codes: 0 PASS or IMPROVED, 10 REGRESSION, 11 INCONCLUSIVE or VALIDITY WARNING, 12 NOT
    COMPARABLE.
    """
    if context.invoked_subcommand is not None:
        return None
    from ulterior.cli.gating import Request, run_gate
    from ulterior.errors import UsageError

    if baseline is None or candidate is None:
        missing = "--baseline" if baseline is None else "--candidate"
        raise UsageError(
            f"{missing} is not given",
            "a gate compares a candidate with a baseline",
            "ulterior gate --baseline baselines/main.json --candidate runs/new",
        )
    return run_gate(
        Request(
            baseline=baseline,
            candidate=candidate,
            policy=policy,
            model=model,
            candidate_model=candidate_model,
            accepted=accepted,
            forms=tuple(dict.fromkeys(forms)) or ("text",),
            output=output,
            judge=chosen_judge(judged_by, cards),
        )
    )
