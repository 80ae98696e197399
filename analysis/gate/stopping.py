"""From a sequential gate that has stopped to its verdict: the numbers of the bet, and why it stopped."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from math import ceil

from ulterior.analysis.gate.comparing import compare
from ulterior.analysis.gate.deciding import judge_sides
from ulterior.analysis.gate.sentences import counted_bad, still_allowed
from ulterior.analysis.gate.sequentially import SequentialGate, scale_of
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.verdict import MetricVerdict, SelfCheck, Sequential, Verdict
from ulterior.analysis.statistics.sequential import CanaryTest
from ulterior.analysis.statistics.wording import several

__all__ = ["sequential_verdict"]

_ENDED: Mapping[str, str] = {
    "budget": "the budget ended first",
    "exhausted": "there are no more cycles",
    "running": "the gate has not ended",
    "refused": "nothing was run",
    "decided": "the gate was decided by others before",
}
"""Why nothing more is known of a metric that is INCONCLUSIVE, by why the gate stopped."""


def sequential_verdict(
    gate: SequentialGate,
    candidate: Side,
    sequential: Sequential,
    *,
    self_check: SelfCheck,
    accepted: Collection[str] = (),
    name: str | None = None,
    commands: Mapping[str, str] | None = None,
) -> Verdict:
    """The verdict of a gate on the candidate's side, which holds the episodes of all cycles that were looked
    at. ``sequential`` says how it went; its counts are filled in here."""
    found = compare(gate.baseline, candidate, gate.policy, moving=gate.moving, within=gate.complete)
    return judge_sides(
        gate.baseline,
        candidate,
        gate.policy,
        self_check=self_check,
        accepted=accepted,
        name=name,
        commands=commands,
        notes=tuple(_notes(gate)),
        metrics=[_told(gate, metric, sequential.stopped) for metric in found],
        sequential=sequential.model_copy(
            update={
                "blocks": len(gate.complete),
                "cycles": gate.cycles,
                "planned": len(gate.schedule.cycles),
                "incomplete": gate.incomplete,
            }
        ),
    )


def _told(gate: SequentialGate, metric: MetricVerdict, stopped: str) -> MetricVerdict:
    """With what only the gate knows: how many more cycles it takes, and why there are none."""
    if metric.kind == "canary":
        return _canary(metric)
    if metric.word != "INCONCLUSIVE":
        return metric
    beyond = metric.difference is not None and metric.difference > metric.margin
    test = replace(gate.tests[metric.metric], alpha=1 - metric.level if beyond else metric.alpha)
    scale = scale_of(gate.policy.metrics[metric.metric])  # and a gap takes two episodes
    more, pairs = test.needs(metric.margin / scale), gate.pairs[metric.metric]
    each = scale * pairs / max(1, gate.cycles)
    least = scale * (gate.policy.min_n - pairs)
    used_up = gate.looked >= gate.schedule.depth(metric.metric)
    ended = _ENDED["exhausted" if used_up and stopped == "decided" else stopped]
    return metric.model_copy(
        update={
            "because": f"{metric.because}; {ended}",
            "needs": None if more is None else max(least, round(max(1, more) * each)),
        }
    )


def _canary(metric: MetricVerdict) -> MetricVerdict:
    """One that is clean says what can't be excluded at whatever time one stops."""
    if metric.word != "PASS":
        return metric
    seen = metric.candidate
    # an instance with an event among its epochs is one with an event: rounded up, the bound holds
    k = ceil(counted_bad(metric.direction, seen) * seen.clusters / seen.n - 1e-9)
    high = CanaryTest(metric.alpha, k, seen.clusters).high
    why = still_allowed(metric.direction, seen, 1 - metric.alpha, high)
    return metric.model_copy(update={"because": why})


def _notes(gate: SequentialGate) -> Iterator[str]:
    if gate.cycles:
        yield (
            "bounds hold at whatever cycle one stops; at the moment of stopping the difference itself leans "
            "towards the decision"
        )
    if gate.incomplete:
        shown = ", ".join(map(str, gate.incomplete[:10])) + (", ..." if len(gate.incomplete) > 10 else "")
        verb = "does" if len(gate.incomplete) == 1 else "do"
        number = several(len(gate.incomplete), "cycle")
        yield f"{number} {verb} not count, because an episode is missing: {shown}"
    for name, test in gate.tests.items():
        waiting = sum(map(len, test.waiting))
        if waiting:
            blocks = several(waiting, "block")
            yield f"{name}: {blocks} can't be used, since other scenarios have fewer decided ones"
