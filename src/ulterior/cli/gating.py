"""What ``ulterior gate`` does: read two sides, check the detectors, compare, and hand the verdict out.

Nothing here loads LangGraph unless planted agents have to be played, which :func:`play_planted` does.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from ulterior.analysis import EpisodeFinding, JudgedBy, analyze_study, detectors_of
from ulterior.analysis.gate.deciding import judge_sides
from ulterior.analysis.gate.policy import DEFAULT, Policy
from ulterior.analysis.gate.policy_file import read_policy
from ulterior.analysis.gate.rendering import render_verdict
from ulterior.analysis.gate.self_check import Planted, check_detectors
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.stored import load_side, stored_side
from ulterior.analysis.gate.verdict import Verdict
from ulterior.analysis.judges.measured import measured_errors
from ulterior.analysis.visible import one_line, visible
from ulterior.cli.analysis_progress import analysis_progress, processors
from ulterior.cli.gate_evidence import export_evidence, with_pages
from ulterior.cli.gate_links import with_whole_ids
from ulterior.cli.shell_words import join_words
from ulterior.errors import StorageFailure, UsageError
from ulterior.scenarios import AnyScenario
from ulterior.traces import Study

__all__ = [
    "Inputs",
    "Request",
    "called",
    "gate_inputs",
    "gate_verdict",
    "hand_out",
    "kept_checks",
    "play_planted",
    "read_policy_or_default",
    "read_side",
    "run_gate",
    "show_command",
    "stopped_early",
    "verdict_of",
    "write_verdict",
]

FILES: Mapping[str, str] = {"json": "verdict.json", "md": "gate.md", "junit": "junit.xml"}
"""What `-o` writes."""


@dataclass(frozen=True)
class Request:
    """A comparison that was asked for, as the options say it."""

    baseline: Path
    candidate: Path
    policy: Path | None = None
    model: str | None = None
    candidate_model: str | None = None
    accepted: tuple[str, ...] = ()
    forms: tuple[str, ...] = ("text",)
    output: Path | None = None
    judge: JudgedBy | None = None

    def command(self, *verb: str) -> str:
        """The command that repeats it, or one of the gate's verbs about it."""
        words = ["ulterior", "gate", *verb, "--baseline", str(self.baseline)]
        words += ["--candidate", str(self.candidate)]
        named = (
            ("--policy", self.policy), ("--model", self.model), ("--candidate-model", self.candidate_model)
        )  # fmt: skip
        for option, value in named:
            words += [option, str(value)] if value is not None else []
        if self.judge is not None:
            words += ["--judged-by", self.judge.name]
            words += ["--cards", str(self.judge.cards)] if self.judge.cards is not None else []
        for kind in self.accepted:
            words += ["--accept-drift", kind]
        return join_words(words)


def run_gate(request: Request) -> int:
    """Compare, print, write; the exit code of the verdict."""
    return hand_out(gate_verdict(request), request)


def hand_out(verdict: Verdict, request: Request) -> int:
    """Print and write a verdict where the request says; its exit code."""
    if request.output is not None:
        verdict = write_verdict(request.output, verdict, request.candidate)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        _append(Path(summary), render_verdict(verdict, "md"))
    for form in request.forms:
        click.echo(render_verdict(verdict, form), nl=False)
    return verdict.exit_code


@dataclass(frozen=True)
class Inputs:
    """What a comparison reads."""

    policy: Policy
    baseline: Side
    candidate: Side


def gate_inputs(request: Request) -> Inputs:
    """Policy and sides. Raises :class:`~ulterior.errors.UsageError` for what can't be read."""
    return Inputs(
        policy=read_policy_or_default(request.policy),
        baseline=read_side(request.baseline, request.model, "--model", request.judge),
        candidate=read_side(request.candidate, request.candidate_model, "--candidate-model", request.judge),
    )


def gate_verdict(request: Request) -> Verdict:
    """The verdict. Raises :class:`~ulterior.errors.UsageError` for what can't be read."""
    return verdict_of(request, gate_inputs(request))


def verdict_of(request: Request, inputs: Inputs) -> Verdict:
    """The verdict on what was read, with links that the pages know."""
    verdict = judge_sides(
        inputs.baseline,
        inputs.candidate,
        inputs.policy,
        self_check=check_detectors(inputs.candidate, play_planted, kept_checks()),
        accepted=request.accepted,
        name=called(request.baseline, inputs.baseline),
        commands={
            "again": request.command(),
            "explain": request.command("explain"),
            **show_command(request.candidate),
        },
        notes=[
            *_about_judge(request.judge, inputs.candidate, request.candidate),
            *stopped_early(request.candidate),
        ],
    )
    return with_whole_ids(verdict, request.candidate)


_STOPPED_EARLY = (
    "the candidate was run by `ulterior gate run`, which stops when it has seen enough: its own verdict "
    "holds for that, the bounds of a single look here do not"
)


def stopped_early(path: Path) -> list[str]:
    """Said of a candidate of which it depended on what came out how much was run."""
    if not path.is_dir():
        return []
    designs = Study.open(path).about["designs"]
    return [_STOPPED_EARLY] if any(isinstance(each, dict) and "gate" in each for each in designs) else []


def show_command(candidate: Path) -> dict[str, str]:
    """How to look at an episode; a side in a file holds no traces."""
    if not candidate.is_dir():
        return {}
    return {"show": f"{join_words(['ulterior', 'show', str(candidate)])} EPISODE"}


def called(path: Path, side: Side) -> str:
    """What a verdict calls a baseline; a name that is no UTF-8 could be written nowhere."""
    return visible(str(path)) if path.is_file() else side.study


def read_policy_or_default(path: Path | None) -> Policy:
    """What to look at. Raises :class:`~ulterior.errors.UsageError`."""
    return DEFAULT if path is None else read_policy(path)


def _about_judge(judge: JudgedBy | None, candidate: Side, study: Path) -> list[str]:
    """The self-check is of the oracle and the word rules. A judge is checked by the spikes in its own
    batches, and by its card, so that is said."""
    if judge is None:
        return []
    usual = detectors_of(())
    told = {stage: words.rpartition(" ") for stage, words in candidate.fingerprint.detectors.items()}
    judged = {stage: (name, version) for stage, (name, _, version) in told.items() if stage in usual}
    errors = measured_errors({**usual, **judged}, judge.cards or study)
    return [
        f"{stage} was judged by {' '.join(judged[stage])}, which planted agents did not go through; {error}"
        for stage, error in errors.items()
        if judged.get(stage, usual[stage]) != usual[stage]
    ]


def read_side(path: Path, model: str | None, option: str, judge: JudgedBy | None = None) -> Side:
    """A side from a baseline's file or from a study. Raises :class:`~ulterior.errors.UsageError`;
    ``option`` is what names the model."""
    if path.is_file():
        side = load_side(path)
        if model is not None and side.model != model:
            raise UsageError(
                f"{path} is no baseline of {model}", f"it is one of {side.model}", f"leave {option} away"
            )
        return side
    study = Study.open(path)
    try:
        return stored_side(study, partial(_analyse, judge=judge), model, kept=judge is None)
    except UsageError as error:
        if "models" in error.what:
            raise UsageError(error.what, error.why, f"{option} NAME; {error.fix}") from error
        raise


def _analyse(study: Study, judge: JudgedBy | None) -> Sequence[EpisodeFinding]:
    def say(text: str) -> None:
        click.echo(text, err=True)

    with analysis_progress() as progress:
        return analyze_study(study, progress, workers=processors(), say=say, judged_by=judge)


# ---- The self-check ----------------------------------------------------------------------------------


def kept_checks() -> Path:
    """Where successes of the self-check are remembered."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ulterior" / "gate"


def play_planted(scenarios: Mapping[str, AnyScenario], planted: Planted) -> Sequence[EpisodeFinding]:
    """Play the agents of each scenario on seed 0 under its first condition, and analyse them as any
    study."""
    import asyncio
    import tempfile

    from ulterior.cli.playing import Part, play

    number = sum(map(len, planted.values()))
    click.echo(
        f"self-check: playing {number} planted agents, once for these scenarios and detectors", err=True
    )
    findings: list[EpisodeFinding] = []
    with tempfile.TemporaryDirectory(prefix="ulterior-gate-") as folder:
        for place, (name, scenario) in enumerate(scenarios.items()):
            study = Study.create(Path(folder) / str(place), {})
            cell, condition = next(iter(scenario.cells.items()), ("defaults", scenario.condition({})))
            parts = [Part(agent, cell, condition, 0) for agent in planted[name]]
            asyncio.run(play(scenario, parts, study))

            def load(_: str, scenario: AnyScenario = scenario) -> AnyScenario:
                return scenario

            findings += analyze_study(study, load=load)
    return findings


# ---- Handing out -------------------------------------------------------------------------------------


def write_verdict(folder: Path, verdict: Verdict, candidate: Path) -> Verdict:
    """Everything that a CI job keeps; the verdict as it was written, with links into the exported pages.

    Raises :class:`~ulterior.errors.StorageFailure` when the disk refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page = export_evidence(verdict, candidate, folder)
        if page is not None:
            verdict = with_pages(verdict, page, folder)
        for form, name in FILES.items():
            (folder / name).write_text(render_verdict(verdict, form), encoding="utf-8")
    except OSError as error:
        raise StorageFailure(
            f"can't write to {folder}", error.strerror or str(error), "choose another folder with -o"
        ) from error
    pages = () if page is None else (page.relative_to(folder).as_posix(),)
    click.echo(one_line(f"wrote {', '.join([*FILES.values(), *pages])} to {folder}", None), err=True)
    return verdict


def _append(path: Path, text: str) -> None:
    """To the summary of a GitHub step. A runner that refuses it must not change the verdict."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        click.echo(f"can't append to $GITHUB_STEP_SUMMARY: {error.strerror or error}", err=True)
