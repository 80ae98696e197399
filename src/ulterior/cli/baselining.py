"""What ``ulterior baseline`` does."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ulterior.analysis import JudgedBy
from ulterior.analysis.gate.diffing import counts_of, diff_sides, diff_text, side_text
from ulterior.analysis.gate.pairing import asked_of
from ulterior.analysis.gate.policy import DEFAULT, Policy
from ulterior.analysis.gate.policy_file import read_policy
from ulterior.analysis.gate.sentences import missing_sentence
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.stored import dump_side
from ulterior.analysis.visible import one_line
from ulterior.cli.gating import read_side
from ulterior.errors import StorageFailure, UsageError

__all__ = ["Wanted", "check_sound", "diff_baselines", "set_baseline", "show_baseline"]

Told = tuple[Any, Callable[[], str]]
"""What is told, as JSON and as text."""


@dataclass(frozen=True)
class Wanted:
    """A baseline that was asked for, as the options say it."""

    study: Path
    model: str | None
    output: Path
    reason: str
    policy: Path | None = None
    judge: JudgedBy | None = None
    replace: bool = False


def set_baseline(wanted: Wanted) -> str:
    """Write a baseline's file; a line that says what it holds. Raises
    :class:`~ulterior.errors.UsageError` where the study is too poor for one, and where the file is
    there."""
    policy = read_policy(wanted.policy) if wanted.policy is not None else DEFAULT
    if not wanted.reason.strip():
        raise UsageError(
            "the reason is empty", "whoever reviews the baseline wants to know why", '--reason "..."'
        )
    if wanted.study.is_file():
        raise UsageError(
            f"{wanted.study} is no study", "it is a file", "give the folder that `ulterior run -o` wrote"
        )
    if wanted.output.exists() and not wanted.replace:
        raise UsageError(
            f"{wanted.output} is there", "a baseline is replaced on purpose only", "--replace, or another -o"
        )
    side = read_side(wanted.study, wanted.model, "--model", wanted.judge)
    check_sound(side, policy)
    made = side.model_copy(update={"created": float(int(time.time())), "reason": wanted.reason.strip()})
    try:
        wanted.output.parent.mkdir(parents=True, exist_ok=True)
        draft = wanted.output.with_name(f".{wanted.output.name}.draft")
        draft.write_text(dump_side(made), encoding="utf-8")
        draft.replace(wanted.output)
    except OSError as error:
        raise StorageFailure(
            f"can't write {wanted.output}", error.strerror or str(error), "choose another file with -o"
        ) from error
    what = f"{made.model}, {made.counted} episodes in {len(made.arms)} arms"
    return one_line(f"{wanted.output}: {what}", None)


def check_sound(side: Side, policy: Policy) -> None:
    """Raises :class:`~ulterior.errors.UsageError` for a side that nothing should be compared with."""
    if running := side.missing.get("running", 0):
        raise _poor(side, f"{running} episodes are still running", "finish the run first")
    missing = sum(side.missing.values())
    if missing > policy.max_missing * side.planned:
        reasons = ", ".join(f"{number} {why}" for why, number in side.missing.items())
        limit = f"more than {100 * policy.max_missing:g} %"
        why = f"{missing} of {side.planned} episodes are missing ({reasons}), {limit}"
        raise _poor(side, why, "run it again: what is missing is run, the rest is skipped")
    for name, metric in policy.metrics.items():
        share, _ = asked_of(side, side, metric).missing()
        if share > policy.max_missing:
            why = f"{name}: {missing_sentence('baseline', share, policy.max_missing)}"
            raise _poor(side, why, "run it again: what is missing is run, the rest is skipped")
        arms = [
            arm
            for arm in side.arms
            if arm.purpose == metric.purpose and (not metric.scenarios or arm.scenario in metric.scenarios)
        ]
        decided = sum(arm.outcomes.get(metric.outcome, "").count(mark) for arm in arms for mark in "x.")
        if decided < policy.min_n and metric.kind != "validity":
            why = f"{name}: {decided} decided episodes under {metric.purpose} are fewer than {policy.min_n}"
            raise _poor(side, why, "run more seeds, or lower min_n in the policy")


def _poor(side: Side, why: str, fix: str) -> UsageError:
    return UsageError(f"{side.study} makes no baseline", why, fix)


def show_baseline(path: Path) -> Told:
    """A baseline's numbers."""
    side = read_side(path, None, "a file instead of a study: --model")
    counts = [count.model_dump(mode="json") for count in counts_of(side)]
    about = side.model_dump(mode="json", exclude={"arms"})
    return about | {"arms": counts}, lambda: side_text(side)


def diff_baselines(first: Path, second: Path) -> Told:
    """What changed."""
    found = diff_sides(read_side(first, None, "--model"), read_side(second, None, "--model"))
    return found.model_dump(mode="json"), lambda: diff_text(found)
