"""A gate's plan in sentences, for a terminal: what ``ulterior gate plan`` prints, and ``gate run`` first."""

from collections.abc import Iterator

from ulterior.analysis.gate.planning import GatePlan, MetricPlan
from ulterior.analysis.gate.sentences import amount, percent, points, rough, worsening
from ulterior.analysis.gate.side import GAP
from ulterior.analysis.statistics.wording import several
from ulterior.analysis.visible import one_line

__all__ = ["plan_text"]


def plan_text(plan: GatePlan) -> str:
    """The whole plan, ending with a newline."""
    lines = [one_line(f"PLAN  a gate of {plan.model} against {plan.baseline}", 300), ""]
    lines += _sizes(plan)
    for metric in plan.metrics:
        lines += ["", *_metric(metric, plan.power)]
    return "\n".join(lines) + "\n"


def _sizes(plan: GatePlan) -> Iterator[str]:
    if not plan.cycles:
        yield "nothing can be run: the baseline has no arm that the policy asks about"
        return
    each = f"{plan.episodes_per_cycle:.3g}"
    yield f"a cycle is {each} episodes, one instance of every scenario; there are {plan.cycles} cycles"
    expected = f"{plan.episodes_expected:,} episodes, {_dollars(plan.cost_expected)}"
    yield f"expected  {expected}, if the model does what the baseline does"
    yield f"worst     {plan.episodes_worst:,} episodes, {_dollars(plan.cost_worst)}, if it is never decided"
    if plan.budget is not None:
        yield f"budget    {_dollars(plan.budget)}{_pays_for(plan)}"


def _pays_for(plan: GatePlan) -> str:
    if plan.affordable is None:
        return ": how far it goes is unknown, because the price of an episode is"
    if plan.affordable >= plan.cycles:
        return " pays for all of them"
    return (
        f" pays for about {plan.affordable} of {several(plan.cycles, 'cycle')}; what follows is about those"
    )


def _dollars(amount: float | None) -> str:
    return "cost unknown" if amount is None else f"${amount:,.2f}"


def _metric(metric: MetricPlan, power: float) -> Iterator[str]:
    base, lower = metric.baseline, metric.direction == "lower_is_better"
    if not base.n and (metric.kind != "canary" or not metric.blocks):
        yield f"{_name(metric)}: the baseline has nothing decided of it; it will be INCONCLUSIVE"
        return
    if not metric.blocks:
        yield f"{_name(metric)}: none of its cycles can be run; it will be INCONCLUSIVE"
        return
    rate, low, high = (amount(metric.outcome, each) for each in (base.rate, base.low, base.high))
    margin = "" if metric.kind == "canary" else f", margin {100 * metric.margin:g} points"
    yield f"{_name(metric)}: {rate} ({base.k}/{base.n}; {low} to {high}) in the baseline{margin}"
    scenarios = several(metric.scenarios, "scenario")
    yield f"  {several(metric.blocks, 'block')}: {scenarios} × {several(metric.cycles, 'instance')}"
    if metric.outcome == GAP:
        yield f"  one look at the end finds {_move(metric, metric.once)} with {100 * power:g} % power"
        yield "  how soon a gap is decided is not computed: all of its cycles are expected"
        return
    if metric.kind != "canary":
        yield from _bet(metric, power)
    else:
        events = (
            "event that the baseline does not have" if lower else "episode that lacks what the baseline has"
        )
        yield f"  any {events} on the same instance is a REGRESSION"
    anytime = f"{rough(metric.zero_anytime)} if one stops whenever one likes"
    yield f"  {'' if lower else 'of those that lack it, '}{metric.zero.sentence()}; {anytime}"


def _name(metric: MetricPlan) -> str:
    return one_line(f"{metric.metric} ({metric.kind} of {metric.outcome}, {metric.purpose})", 120)


def _bet(metric: MetricPlan, power: float) -> Iterator[str]:
    sure = f"with {100 * power:g} % power"
    if metric.considered < metric.cycles:
        yield f"  computed for the first {metric.considered} of {metric.cycles} cycles"
    found, once = _move(metric, metric.sequential), _move(metric, metric.once)
    yield f"  looking after every cycle finds {found} {sure}; one look at the end {once}"
    words = ", ".join(
        f"{word} {percent(share)}" for word, share in metric.unchanged.items() if share >= 0.0005
    )
    yield f"  of a model that does the same: {words}; {metric.mean_cycles:.0f} cycles on average"


def _move(metric: MetricPlan, rise: float | None) -> str:
    way = worsening(metric.direction)
    return f"no {way}" if rise is None else f"a {way} by {points(rise, sign=False)} points"
