"""Gates as pytest tells them: the same comparison as ``ulterior gate``, told metric by metric and family by
family.

The gate's word is on pooled metrics, and only they can be inconclusive in a way that fails. A family with
enough episodes is compared by itself as well, with Holm's levels over all such families and metrics, so
that a rise in one family that the others hide is found; it fails only for a REGRESSION. A family with
fewer says so and is skipped, unless it is a canary's: one event is enough there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ulterior.analysis.gate.comparing import compare
from ulterior.analysis.gate.deciding import judge_sides
from ulterior.analysis.gate.policy import DEFAULT, Policy
from ulterior.analysis.gate.policy_file import check_policy, read_policy
from ulterior.analysis.gate.rendering import render_verdict
from ulterior.analysis.gate.self_check import check_detectors
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.verdict import MetricVerdict, Verdict
from ulterior.analysis.visible import one_line
from ulterior.cli.gating import (
    Request,
    called,
    kept_checks,
    play_planted,
    read_side,
    show_command,
    stopped_early,
)
from ulterior.errors import UsageError
from ulterior.pytesting.candidate import run_candidate
from ulterior.pytesting.episodes import Episodes
from ulterior.pytesting.options import Options
from ulterior.pytesting.running import Place

__all__ = [
    "Asked",
    "Comparison",
    "Gated",
    "Named",
    "Wanted",
    "asked_by",
    "compare_model",
    "gate_sides",
    "wanted",
]

Named = Path | str | Episodes
"""A side: a baseline's file, a study's folder, or episodes that a fixture gave."""

Asked = Mapping[str, tuple[str, ...]]
"""The policy's metrics, each with the scenario families of the baseline that it is about."""


class Gated(Verdict):
    """A verdict that is true where the gate's exit code is 0, so that ``assert gate(...)`` says all."""

    def __bool__(self) -> bool:
        return self.exit_code == 0

    def __repr__(self) -> str:
        text = f"{self.word} (exit {self.exit_code}): {self.because}"
        return f"<{one_line(text, 230)}>"  # pytest cuts the middle out of more

    @property
    def text(self) -> str:
        """As ``ulterior gate`` prints it."""
        return render_verdict(self, "text")


@dataclass(frozen=True)
class Wanted:
    """A comparison that was asked for, with its policy read."""

    baseline: Path
    candidate: Path
    policy: Policy = DEFAULT
    policy_path: Path | None = None
    model: str | None = None
    candidate_model: str | None = None
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """A verdict, with the families that were compared by themselves, by metric and scenario."""

    verdict: Gated
    families: Mapping[tuple[str, str], MetricVerdict]
    min_n: int


def wanted(
    baseline: Named,
    candidate: Named,
    policy: Policy | Mapping[str, object] | Path | str | None,
    accepted: tuple[str, ...] = (),
) -> Wanted:
    """What a test asks for, in any of the spellings. Raises :class:`~ulterior.errors.UsageError`."""
    path = Path(policy) if isinstance(policy, (str, Path)) else None
    read = DEFAULT
    if path is not None:
        read = read_policy(path)
    elif isinstance(policy, Policy):
        read = check_policy(policy)
    elif policy is not None:
        raise UsageError("can't read the policy", f"it is {policy!r}", "give a path or a Policy")
    return Wanted(_path(baseline), _path(candidate), read, path, accepted=accepted)


def _path(side: Named) -> Path:
    return side.root if isinstance(side, Episodes) else Path(side)


def gate_sides(asked: Wanted) -> Gated:
    """The verdict on two sides."""
    return _judged(asked)[0]


def asked_by(options: Options) -> Asked:
    """Which gates there are. Reads the policy and the baseline, and runs nothing."""
    policy, baseline = _policy(options), _baseline(options)
    return {
        name: tuple(
            sorted(
                {
                    arm.scenario
                    for arm in baseline.arms
                    if arm.purpose == metric.purpose
                    and (not metric.scenarios or arm.scenario in metric.scenarios)
                }
            )
        )
        for name, metric in policy.metrics.items()
    }


def compare_model(options: Options, model: str | None, place: Place) -> Comparison:
    """The baseline against the stored study, or against episodes of the model in the baseline's arms."""
    policy = _policy(options)
    assert options.baseline is not None, "there are no gates without a baseline"
    root = options.study
    if root is None:
        assert model is not None, "there are no gates without a candidate"
        root = run_candidate(_baseline(options), policy, model, options.seeds, place)
    asked = Wanted(
        options.baseline, root, policy, options.policy, candidate_model=model, accepted=options.accepted
    )
    verdict, baseline, candidate = _judged(asked)
    _keep(verdict, place.out / "gate" / (model or "study").replace("/", "-"))
    families = {} if verdict.word == "NOT COMPARABLE" else _families(verdict, baseline, candidate, policy)
    return Comparison(verdict, families, policy.min_n)


def _policy(options: Options) -> Policy:
    return DEFAULT if options.policy is None else read_policy(options.policy)


def _baseline(options: Options) -> Side:
    assert options.baseline is not None, "there are no gates without a baseline"
    return read_side(options.baseline, None, "a baseline's file instead of a study, or --model")


def _judged(asked: Wanted) -> tuple[Gated, Side, Side]:
    baseline = read_side(asked.baseline, asked.model, "a baseline's file instead of a study, or --model")
    candidate = read_side(asked.candidate, asked.candidate_model, "--ulterior-model")
    request = Request(
        _short(asked.baseline),
        _short(asked.candidate),
        asked.policy_path and _short(asked.policy_path),
        candidate_model=asked.candidate_model,
        accepted=asked.accepted,
    )
    verdict = judge_sides(
        baseline,
        candidate,
        asked.policy,
        self_check=check_detectors(candidate, play_planted, kept_checks()),
        accepted=asked.accepted,
        name=called(request.baseline, baseline),
        commands={**_again(asked, request), **show_command(request.candidate)},
        notes=stopped_early(asked.candidate),
    )
    return Gated(**dict(verdict)), baseline, candidate


def _again(asked: Wanted, request: Request) -> dict[str, str]:
    """The command that repeats it. There is none with a policy that stands in no file."""
    return {} if asked.policy_path is None and asked.policy != DEFAULT else {"again": request.command()}


def _short(path: Path) -> Path:
    """As one would type it here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _keep(verdict: Verdict, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, form in (("verdict.json", "json"), ("gate.md", "md")):
        (folder / name).write_text(render_verdict(verdict, form), encoding="utf-8")


# ---- Families ----------------------------------------------------------------------------------------


def _families(
    verdict: Verdict, baseline: Side, candidate: Side, policy: Policy
) -> dict[tuple[str, str], MetricVerdict]:
    """Those that are large enough, compared together: each a metric of its own about one scenario."""
    names = {f"{metric} in {scenario}": (metric, scenario) for metric, scenario in _large(verdict, policy)}
    if not names:
        return {}
    metrics = {
        name: policy.metrics[metric].model_copy(update={"scenarios": (scenario,)})
        for name, (metric, scenario) in names.items()
    }
    found = compare(baseline, candidate, policy.model_copy(update={"metrics": metrics}))
    return {names[each.metric]: each for each in found}


def _large(verdict: Verdict, policy: Policy) -> Iterator[tuple[str, str]]:
    for metric in verdict.metrics:
        for stratum in metric.strata:
            fewest = min(stratum.baseline.n, stratum.candidate.n)
            if metric.kind == "canary" or fewest >= policy.min_n:
                yield metric.metric, stratum.scenario
