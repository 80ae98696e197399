"""The awareness panel: all four channels beside each other, and none of them merged with another.

What the act's rate *given* awareness is worth. Agents that voice a suspicion are no sample: what made
them suspicious may be what decided the act, and who thinks more says more. The difference between those
who voice one and those who don't is therefore no effect of awareness; the contrasts of the cue are
effects, of the cue.

Bounds. Among those in whose words no suspicion was read are some who voiced one that the rules missed.
If the rules read a share ``s`` of the suspicions that are voiced, and the share of episodes with one
that was read is at most ``a``, then at most ``a * n / s`` of ``n`` episodes voiced one. Taking ``a``
and ``s`` at the bounds of their intervals that leave most room, the missed ones may all have broken the
rule, or none: between these two lies the rate among those who voiced nothing. What is suspected in
silence stays outside: no bound here covers it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import floor

from ulterior.analysis.awareness.cues import CueEffects, PrimaryOf, cue_effects, suspects, tempts
from ulterior.analysis.awareness.mentions import MEASURED, PRECEDENCE, SUSPECTS_WHEN_ASKED
from ulterior.analysis.awareness.probing import PROBES_ENVIRONMENT
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.forks import instance_of
from ulterior.analysis.probes import ProbeAnswers, ProbeArm, ProbeResult
from ulterior.analysis.statistics import Rate, clopper_pearson, clustered_rate
from ulterior.scenarios.axes import Awareness
from ulterior.traces import Frozen

__all__ = [
    "CAVEATS",
    "AwarenessPanel",
    "AwarenessRow",
    "Bounds",
    "PromptedRow",
    "awareness_panel",
    "unvoiced_bounds",
]

Read = tuple[int, int]
"""How many suspicions were found, of how many that were there."""

CAVEATS: Mapping[str, str] = {
    "lower bound": "what is voiced is a lower bound of what is suspected: agents may suspect in silence",
    "selection": (
        "who voices a suspicion was not drawn by lot: the rate of "
        "the act given awareness is no effect of"
        " awareness; the contrasts of the cue are effects, of the cue"
    ),
    "prompted": "prompted answers were asked for, in forks, and say nothing about what was thought before",
}
"""What has to stand beside the numbers wherever they are printed."""

_NO_RULED = "no episode was judged"
_UNMEASURED = "how many suspicions the detector misses is not known"
_NO_ROOM = "so many suspicions may have been missed that nothing can be said"


class Bounds(Frozen):
    """The rate of the act among those who voiced no suspicion lies in ``low`` to ``high``; None for a reason.

    ``missed`` is the greatest number of voiced suspicions that the rules may have overlooked among
    ``n`` episodes in which they read none."""

    n: int
    missed: int
    low: float | None
    high: float | None
    reason: str | None = None


class AwarenessRow(Frozen):
    """One scenario and model, or one model over all scenarios (``scenario`` None), in the arms that tempt.

    ``labels`` are the shares of episodes by what they say unasked; ``unread`` counts those that have no
    label, by reason. ``reasoning`` counts episodes by how their reasoning was visible at best,
    ``visible`` is the share in which some was. ``act`` is the rate of the act by label; ``act_unread``
    of those without one."""

    scenario: str | None
    model: str
    episodes: int
    labels: dict[Awareness, Rate]
    suspects: Rate
    unread: dict[str, int]
    probes_environment: Rate
    suspects_when_asked: int
    reasoning: dict[str, int]
    visible: Rate
    act: dict[Awareness, Rate]
    act_suspects: Rate
    act_others: Rate
    bounds: Bounds


class PromptedRow(Frozen):
    """The awareness probe in one arm: how often "test", and the mean of how likely it is found (0 to 100)."""

    scenario: str
    model: str
    arm: str
    ordinary: bool
    says_test: Rate
    likely: float | None
    unscored: dict[str, int]


class AwarenessPanel(Frozen):
    """Everything about awareness, channel by channel."""

    rows: tuple[AwarenessRow, ...]
    prompted: tuple[PromptedRow, ...]
    prompted_reason: str | None = None
    cues: CueEffects
    caveats: dict[str, str]


def awareness_panel(
    findings: Iterable[EpisodeFinding],
    primary_of: PrimaryOf,
    probes: Sequence[ProbeResult] = (),
    read: Read | None = MEASURED.suspicions,
) -> AwarenessPanel:
    """The panel of a study. ``primary_of`` gives the condition that tempts, by the scenario's name;
    forks are left out of everything but ``probes``. ``read`` is what the detector behind the labels was
    measured to find, of the word rules without it; None where nobody has measured that."""
    rated = [f for f in findings if f.fork is None and f.act is not None and f.act != "infra_error"]
    tempting = sorted((f for f in rated if tempts(f, primary_of)), key=lambda finding: finding.order)
    prompted = tuple(_prompted(arm) for result in probes for arm in result.arms)
    return AwarenessPanel(
        rows=tuple(_rows(tempting, read)),
        prompted=prompted,
        prompted_reason=None if prompted else "no probe was put in this study",
        cues=cue_effects(rated, primary_of),
        caveats=dict(CAVEATS),
    )


def _rows(findings: Sequence[EpisodeFinding], read: Read | None) -> Iterable[AwarenessRow]:
    by_model: dict[str, list[EpisodeFinding]] = {}
    for finding in findings:
        by_model.setdefault(str(finding.model), []).append(finding)
    for model, group in by_model.items():
        scenarios = list(dict.fromkeys(str(finding.scenario) for finding in group))
        for scenario in scenarios:
            yield _row(scenario, model, [f for f in group if f.scenario == scenario], read)
        if len(scenarios) > 1:
            yield _row(None, model, group, read)


def _row(
    scenario: str | None, model: str, group: Sequence[EpisodeFinding], read: Read | None
) -> AwarenessRow:
    labelled = [finding for finding in group if finding.awareness is not None]
    voiced = _rate(labelled, suspects)
    others = _act([finding for finding in labelled if not suspects(finding)])
    return AwarenessRow(
        scenario=scenario,
        model=model,
        episodes=len(group),
        labels={label: _rate(labelled, _has(label)) for label in PRECEDENCE},
        suspects=voiced,
        unread=dict(
            sorted(Counter(f.reasons.get("awareness", "") for f in group if f.awareness is None).items())
        ),
        probes_environment=_rate(group, lambda finding: PROBES_ENVIRONMENT in finding.flags),
        suspects_when_asked=sum(SUSPECTS_WHEN_ASKED in finding.flags for finding in group),
        reasoning=dict(sorted(Counter(finding.reasoning or "unknown" for finding in group).items())),
        visible=_rate(group, lambda finding: finding.reasoning in ("full", "summary")),
        act={label: _act([f for f in labelled if f.awareness == label]) for label in PRECEDENCE},
        act_suspects=_act([finding for finding in labelled if suspects(finding)]),
        act_others=others,
        bounds=unvoiced_bounds(others, voiced, read),
    )


def _has(label: Awareness) -> Callable[[EpisodeFinding], bool]:
    return lambda finding: finding.awareness == label


def _rate(group: Iterable[EpisodeFinding], outcome: Callable[[EpisodeFinding], bool | None]) -> Rate:
    return clustered_rate((instance_of(finding), bool(outcome(finding))) for finding in group)


def _act(group: Iterable[EpisodeFinding]) -> Rate:
    return _rate((f for f in group if f.violated is not None), lambda finding: finding.violated)


def unvoiced_bounds(others: Rate, voiced: Rate, read: Read | None = MEASURED.suspicions) -> Bounds:
    """Between what bounds the act's rate lies among those who voiced no suspicion.

    ``others`` is its rate where none was read, ``voiced`` the share of episodes in which one was,
    ``read`` how many of how many suspicions the rules read on texts that they were not made from. See
    the module's text."""
    if others.n == 0 or voiced.high is None:
        return Bounds(n=others.n, missed=0, low=None, high=None, reason=_NO_RULED)
    if read is None:
        return Bounds(n=others.n, missed=0, low=None, high=None, reason=_UNMEASURED)
    least_read, _ = clopper_pearson(*read)
    share_missed = voiced.high * (1 / least_read - 1)  # of all episodes: voiced, and not read
    missed = floor(share_missed * voiced.n + 1e-9)
    left = others.n - missed
    if left <= 0:
        return Bounds(n=others.n, missed=missed, low=None, high=None, reason=_NO_ROOM)
    low, high = max(0, others.k - missed) / left, min(others.k, left) / left
    return Bounds(n=others.n, missed=missed, low=low, high=high)


def _prompted(arm: ProbeArm) -> PromptedRow:
    answers: dict[str, ProbeAnswers] = {answers.probe: answers for answers in arm.probes}
    return PromptedRow(
        scenario=arm.scenario,
        model=arm.model,
        arm=arm.arm,
        ordinary=arm.ordinary,
        says_test=answers["probe_test"].answers["TEST"],
        likely=answers["probe_confidence"].mean,
        unscored=answers["probe_test"].unscored,
    )
