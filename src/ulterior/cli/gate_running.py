"""What ``ulterior gate run`` does: check everything that can be known before, say the plan, run, conclude."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from ulterior.agent_runtime.episode import package_versions
from ulterior.agent_runtime.models.catalogue import check_model
from ulterior.agent_runtime.plan import check_playbooks
from ulterior.analysis.gate.deciding import blocking
from ulterior.analysis.gate.drifting import drifts_between
from ulterior.analysis.gate.making import fingerprint_of, side_of
from ulterior.analysis.gate.plan_text import plan_text
from ulterior.analysis.gate.policy import Policy
from ulterior.analysis.gate.self_check import check_detectors
from ulterior.analysis.gate.sequentially import SequentialGate, open_gate
from ulterior.analysis.gate.side import Arm, Side
from ulterior.analysis.gate.stopping import sequential_verdict
from ulterior.analysis.gate.verdict import SelfCheck, Sequential, Stopped, Verdict
from ulterior.analysis.visible import visible
from ulterior.cli.baselining import check_sound
from ulterior.cli.driving import check_budget, check_sandboxes
from ulterior.cli.exit_codes import INTERRUPTED
from ulterior.cli.gate_cycles import Run, Runner
from ulterior.cli.gate_evidence import with_whole_ids
from ulterior.cli.gate_planning import plan_of
from ulterior.cli.gate_specs import specs_of
from ulterior.cli.gating import (
    Request,
    called,
    hand_out,
    kept_checks,
    play_planted,
    read_policy_or_default,
    read_side,
    show_command,
)
from ulterior.cli.options import read_environment
from ulterior.cli.shell_words import join_words
from ulterior.errors import UsageError
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec

__all__ = ["Wanted", "run_sequentially"]


@dataclass(frozen=True)
class Wanted:
    """A gate that was asked for, as the options say it. ``budget`` is in US dollars."""

    baseline: Path
    model: str
    output: Path
    budget: float | None = None
    policy: Path | None = None
    margin: float | None = None
    baseline_model: str | None = None
    accepted: tuple[str, ...] = ()
    cycles: int | None = None
    look_every: int = 1
    every_metric: bool = False
    concurrency: int = 16
    as_json: bool = False

    def rules(self) -> Policy:
        """The policy, with another margin for rates and pairs if one was given."""
        policy = read_policy_or_default(self.policy)
        if self.margin is None:
            return policy
        metrics = {
            name: metric.model_copy(update={"margin": self.margin})
            if metric.kind in ("rate", "paired")
            else metric
            for name, metric in policy.metrics.items()
        }
        return policy.model_copy(update={"metrics": metrics})

    def command(self) -> str:
        """The command that goes on with it."""
        words = ["ulterior", "gate", "run", "--baseline", str(self.baseline), "--model", self.model]
        named = (
            ("--output", self.output), ("--policy", self.policy), ("--margin", self.margin),
            ("--baseline-model", self.baseline_model), ("--cycles", self.cycles),
        )  # fmt: skip
        for option, value in named:
            words += [option, str(value)] if value is not None else []
        words += ["--budget", f"{self.budget:g}usd"] if self.budget is not None else []
        words += ["--look-every", str(self.look_every)] if self.look_every > 1 else []
        words += ["--every-metric"] if self.every_metric else []
        for kind in self.accepted:
            words += ["--accept-drift", kind]
        return join_words(words)

    def request(self) -> Request:
        """Where the verdict is to go."""
        forms = ("json",) if self.as_json else ("text",)
        return Request(self.baseline, self.output, self.policy, forms=forms, output=self.output / "gate")


def run_sequentially(wanted: Wanted) -> int:
    """Run, print, write; the exit code. Raises :class:`~ulterior.errors.UsageError` before anything is
    spent, and :class:`~ulterior.errors.InfrastructureError` when cycle after cycle is void."""
    policy = wanted.rules()
    baseline = read_side(wanted.baseline, wanted.baseline_model, "--baseline-model")
    check_sound(baseline, policy)
    gate = open_gate(baseline, policy)
    cycles = gate.schedule.cycles[: wanted.cycles]
    if not cycles:
        raise UsageError(
            "there is nothing to run",
            f"{wanted.baseline} has no arm that the policy asks about",
            "name the purposes and scenarios that `ulterior baseline show` lists",
        )
    environ = read_environment()
    specs = specs_of(baseline, cycles, wanted.model)
    _check_model(wanted, specs, environ)
    expected = _expected(baseline, wanted, specs)
    click.echo(_plan(baseline, policy, wanted), err=True)
    check = check_detectors(expected, play_planted, kept_checks())
    if blocking(check, drifts_between(baseline, expected, policy, wanted.accepted)):
        click.echo("nothing was run: the two could not be compared", err=True)
        return hand_out(_verdict(gate, expected, "refused", 0.0, wanted, check), wanted.request())
    run = asyncio.run(_run(wanted, gate, specs, environ))
    if run.stopped == "running":
        click.echo(f"interrupted after {run.gate.looked} cycles; the same command goes on", err=True)
        return INTERRUPTED
    candidate = side_of(run.study, run.findings, wanted.model, only=run.episodes)
    verdict = _verdict(run.gate, candidate, run.stopped, run.spent, wanted, check)
    return hand_out(with_whole_ids(verdict, wanted.output), wanted.request())


def _check_model(
    wanted: Wanted, specs: Mapping[int, tuple[EpisodeSpec, ...]], environ: dict[str, str]
) -> None:
    """Raises :class:`~ulterior.errors.UsageError` for a model that can't run these episodes."""
    first = next(iter(specs.values()))[0]
    check_model(wanted.model, first.settings, environ)
    names = sorted({spec.scenario for each in specs.values() for spec in each})
    check_playbooks(wanted.model, [load_scenario(name) for name in names])
    check_budget(wanted.budget, [wanted.model])


def _expected(baseline: Side, wanted: Wanted, specs: Mapping[int, tuple[EpisodeSpec, ...]]) -> Side:
    """The candidate's side before anything is run: the baseline's arms without outcomes, and what the
    numbers will rest on."""
    every = [spec for each in specs.values() for spec in each]
    return baseline.model_copy(
        update={
            "study": visible(wanted.output.resolve().name),
            "model": wanted.model,
            "missing": {},
            "adrift": 0,
            "fingerprint": fingerprint_of(every, package_versions(), (), wanted.output),
            "arms": tuple(_blank(arm) for arm in baseline.arms),
        }
    )


def _blank(arm: Arm) -> Arm:
    unknown = {outcome: "-" * len(marks) for outcome, marks in arm.outcomes.items()}
    return arm.model_copy(update={"outcomes": unknown, "episodes": ()})


def _plan(baseline: Side, policy: Policy, wanted: Wanted) -> str:
    name = str(wanted.baseline)
    return plan_text(plan_of(baseline, policy, wanted.model, wanted.budget, wanted.cycles, name=name))


async def _run(
    wanted: Wanted,
    gate: SequentialGate,
    specs: Mapping[int, tuple[EpisodeSpec, ...]],
    environ: dict[str, str],
) -> Run:
    await check_sandboxes(spec for each in specs.values() for spec in each)
    runner = Runner(
        root=wanted.output,
        model=wanted.model,
        gate=gate,
        specs=specs,
        environ=environ,
        budget=wanted.budget,
        slots=wanted.concurrency,
        at_once=wanted.look_every,
        every_metric=wanted.every_metric,
    )
    return await runner.run()


def _verdict(
    gate: SequentialGate,
    candidate: Side,
    stopped: Stopped,
    spent: float | None,
    wanted: Wanted,
    check: SelfCheck,
) -> Verdict:
    return sequential_verdict(
        gate,
        candidate,
        Sequential(blocks=0, stopped=stopped, spent=spent, budget=wanted.budget),
        self_check=check,
        accepted=wanted.accepted,
        name=called(wanted.baseline, gate.baseline),
        commands={
            "again": wanted.command(),
            **show_command(wanted.output),
        },
    )
