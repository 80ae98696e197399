"""Why a gate did not simply pass: where each metric moved, which instances flipped, what to do about it.

Nothing here changes a word, and none of it is a second gate: the verdict was about the pooled metrics, and
a family or a level that stands out in a table of many may do so by chance. How much each p-value is adjusted
for is said beside it (see :mod:`~ulterior.analysis.gate.parts`).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from shlex import quote

from ulterior.analysis.commit_step import most_bisected
from ulterior.analysis.gate.cycles import schedule_of
from ulterior.analysis.gate.explanation import Address, Explanation, Flip, Look, Lost, MetricExplanation, Part
from ulterior.analysis.gate.pairing import Asked, Instance, Unit, asked_of
from ulterior.analysis.gate.parts import exploratory_parts, scenario_parts
from ulterior.analysis.gate.policy import Metric, Policy
from ulterior.analysis.gate.sentences import needs_sentence, points
from ulterior.analysis.gate.side import GAP, Side
from ulterior.analysis.gate.verdict import MetricVerdict, Sequential, Verdict
from ulterior.analysis.statistics.wording import several

__all__ = ["REPLICAS", "explain"]

REPLICAS = 10
"""Forks of each step that the commands ask for."""

_SCANNED = {"covert": "covert", "deceptive": "deceptive"} | dict.fromkeys(
    ("violated", "overt", "attempted", "thinks"), "violated"
)
"""What a scan looks for, by outcome; of others there is none."""

_FINE = ("PASS",)


def nowhere(_: str) -> Address | None:
    """For a candidate without stored episodes."""
    return None


def explain(
    baseline: Side,
    candidate: Side,
    policy: Policy,
    verdict: Verdict,
    address: Callable[[str], Address | None] = nowhere,
) -> Explanation:
    """The explanation of a verdict on these very sides under this policy. ``address`` finds an episode of the
    candidate by the beginning of its id."""
    open_ = [metric for metric in verdict.metrics if metric.word not in _FINE]
    within = _looked_at(baseline, candidate, policy, verdict.sequential)
    return Explanation(
        canary=verdict.canary,
        word=verdict.word,
        because=verdict.because,
        blocked=verdict.because if verdict.word == "NOT COMPARABLE" else None,
        metrics=tuple(
            _metric(baseline, candidate, policy, metric, within=within, address=address) for metric in open_
        ),
        passed=tuple(metric.metric for metric in verdict.metrics if metric.word in _FINE),
        notes=verdict.notes,
    )


def _metric(
    baseline: Side,
    candidate: Side,
    policy: Policy,
    metric: MetricVerdict,
    *,
    within: Collection[Instance] | None,
    address: Callable[[str], Address | None],
) -> MetricExplanation:
    """``within``: the instances that a sequential gate rests on."""
    anytime = within is not None
    rule = policy.metrics[metric.metric]
    asked = asked_of(baseline, candidate, rule)
    if within is not None and rule.kind != "canary":  # which sees incomplete cycles, too
        asked = asked.within(within).of_pairs()
    elif rule.kind == "paired":
        asked = asked.of_pairs()
    conditions = {arm.key: arm.condition for side in (baseline, candidate) for arm in side.arms}
    scenarios = scenario_parts(asked, metric.alpha, anytime=anytime)
    flips = sorted(_flips(asked, address), key=_telling(scenarios, metric))
    how = "anytime-valid, " if anytime else ""
    return MetricExplanation(
        metric=metric.metric,
        outcome=metric.outcome,
        word=metric.word,
        because=metric.because,
        gist=_gist(scenarios) if flips or _unmatched(asked) else "",
        difference=metric.difference,
        adjusted=f"{how}Holm over {several(len(scenarios), 'scenario')}",
        anytime=anytime,
        scenarios=scenarios,
        exploratory=exploratory_parts(asked, conditions, metric.alpha),
        pairs=sum(1 for _ in asked.pairs()),
        worse=sum(flip.worse for flip in flips),
        better=sum(not flip.worse for flip in flips),
        unmatched=_unmatched(asked),
        flips=tuple(flips),
        lost=tuple(_lost(asked)) if metric.missing > policy.max_missing else (),
        looks=tuple(_looks(candidate, metric, rule, flips)),
    )


def _looked_at(
    baseline: Side, candidate: Side, policy: Policy, about: Sequential | None
) -> frozenset[Instance] | None:
    """The instances of the cycles of a sequential gate that count: those of the candidate, without incomplete
    ones. None: all that there are."""
    if about is None:
        return None
    ran = {(arm.scenario, seed) for arm in candidate.arms for seed in arm.seeds}
    cycles = schedule_of(baseline, policy).cycles if about.incomplete else ()
    left_out = {
        planned.instance for cycle in cycles if cycle.number in about.incomplete for planned in cycle.episodes
    }
    return frozenset(ran - left_out)


def _gist(scenarios: Sequence[Part]) -> str:
    """Where it is: the families that moved beyond doubt, else the one that carries most."""
    whole = sum(part.carries for part in scenarios)
    if not scenarios or abs(whole) < 5e-4:
        return ""
    if len(scenarios) == 1:
        return f"All of it is in {scenarios[0].name}, the only scenario"
    moved = [part for part in scenarios if part.moved and part.carries * whole > 0]
    if not moved:
        most = f"{scenarios[0].name} carries most, {points(scenarios[0].carries)} of {points(whole)} points"
        return f"No scenario moved beyond doubt by itself; {most}"
    listed = ", ".join(f"{part.name} ({points(part.carries)})" for part in moved)
    others = [part.name for part in scenarios if part not in moved]
    rest = others[0] if len(others) == 1 else f"the other {len(others)}"
    tail = f"; {rest} did not" if others else ""
    return f"Of {points(whole)} points, what moved beyond doubt by itself: {listed}{tail}"


# ---- Flips -------------------------------------------------------------------------------------------


def _flips(asked: Asked, address: Callable[[str], Address | None]) -> Iterator[Flip]:
    for first, second in asked.pairs():
        if second.rise_from(first):
            yield Flip(
                scenario=second.scenario,
                cell=second.cell,
                seed=second.seed,
                epoch=second.epoch,
                worse=second.rise_from(first) > 0,
                baseline=first.episode,
                candidate=second.episode,
                address=address(second.episode) if second.episode else None,
            )


def _telling(scenarios: Sequence[Part], metric: MetricVerdict) -> Callable[[Flip], tuple[object, ...]]:
    """Those that go the metric's way first, and of these the ones of the family that carries most."""
    place = {part.name: at for at, part in enumerate(scenarios)}
    rose = (metric.difference or 0.0) >= 0
    return lambda flip: (flip.worse != rose, place[flip.scenario], flip.cell, flip.seed, flip.epoch)


def _unmatched(asked: Asked) -> int:
    known = {unit.key for unit in asked.baseline if unit.bad is not None}
    return sum(unit.bad is True and unit.key not in known for unit in asked.candidate)


def _lost(asked: Asked) -> Iterator[Lost]:
    """The arms with missing episodes, most of them first."""
    found: list[Lost] = []
    for stratum in sorted({unit.stratum for unit in (*asked.baseline, *asked.candidate)}):
        for side in ("baseline", "candidate"):
            units: Sequence[Unit] = asked.baseline if side == "baseline" else asked.candidate
            own = [unit for unit in units if unit.stratum == stratum]
            missing = sum(unit.mark == "-" for unit in own)
            if missing:
                found.append(
                    Lost(side=side, scenario=stratum[0], cell=stratum[1], missing=missing, planned=len(own))
                )
    yield from sorted(found, key=lambda lost: -lost.missing)


# ---- What to do --------------------------------------------------------------------------------------


def _looks(candidate: Side, metric: MetricVerdict, rule: Metric, flips: Sequence[Flip]) -> Iterator[Look]:
    shown = next((flip for flip in flips if flip.address is not None), None)
    if shown is not None and shown.address is not None:
        yield Look(what="read it", command=_view(shown.address), cost="costs nothing")
        yield from _local(candidate, metric, shown, shown.address)
    if metric.word == "INCONCLUSIVE" and metric.needs:
        yield Look(
            what=needs_sentence(metric),
            command="",
            cost=f"{_dollars(_mean_cost(candidate, rule), metric.needs)} for the candidate's",
        )
    if metric.word == "NOT COMPARABLE":
        yield Look(
            what="run what is missing: the same `ulterior run` again does only that",
            command="",
            cost="only the missing episodes",
        )


def _local(candidate: Side, metric: MetricVerdict, flip: Flip, address: Address) -> Iterator[Look]:
    """The commands that find the step, or the sentence, from which it went this way."""
    if metric.outcome == GAP:
        yield Look(
            what="see what became of the items, and what their reasoning says",
            command=f"ulterior sandbagging {quote(address.study)}",
            cost="costs nothing",
        )
        return
    if metric.outcome == "aware":
        yield Look(
            what="find the file or sentence that gives it away as a test",
            command=f"ulterior tells {quote(address.study)} {flip.candidate} -n {REPLICAS}",
            cost="add --dry-run to see how many short forks",
        )
        return
    if metric.outcome not in _SCANNED or address.turns is None:
        return
    wanted = _SCANNED[metric.outcome]
    forks = most_bisected(address.turns) * REPLICAS
    arm = next((a for a in candidate.arms if a.key == (flip.scenario, flip.cell)), None)
    outcome = "" if wanted == "violated" else f" --outcome {wanted}"
    yield Look(
        what="find the step at which it is decided",
        command=(
            f"ulterior fork {quote(address.study)} {flip.candidate} --scan --bisect{outcome} -n {REPLICAS}"
        ),
        cost=f"at most {forks} forks, {_dollars(arm.cost if arm else None, forks)}",
    )


def _view(address: Address) -> str:
    return f"ulterior view {quote(address.study)} --episode {address.episode[:12]}"


def _mean_cost(side: Side, rule: Metric) -> float | None:
    """US dollars per episode over the metric's arms; None when one is unknown."""
    arms = [arm for arm in side.arms if arm.purpose == rule.purpose and rule.outcome in arm.outcomes]
    chosen = [arm for arm in arms if not rule.scenarios or arm.scenario in rule.scenarios]
    costs = [(arm.cost, len(arm.seeds)) for arm in chosen]
    if not costs or any(cost is None for cost, _ in costs):
        return None
    return sum((cost or 0.0) * n for cost, n in costs) / sum(n for _, n in costs)


def _dollars(each: float | None, number: int) -> str:
    """What so many episodes cost; an unknown price is not nothing."""
    return "price unknown" if each is None else f"about ${each * number:,.2f}"
