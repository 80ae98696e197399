"""An explanation as a short note: what moved, where, what to look at first, what it would cost to know."""

from collections.abc import Iterator, Sequence

from ulterior.analysis.gate.explanation import Explanation, Flip, MetricExplanation, Part
from ulterior.analysis.gate.sentences import points
from ulterior.analysis.statistics.wording import several
from ulterior.analysis.visible import one_line, visible

__all__ = ["render_explanation"]

_LISTED = 6
"""Parts and flips that are named each, and all parts that moved; the rest stands in the JSON."""


def render_explanation(found: Explanation) -> str:
    """For a terminal; ends with a newline."""
    lines = [visible(one_line(f"{found.word}: {found.because}", 2000))]
    if found.blocked is not None:
        lines += ["", "Until that is mended, nothing below can be relied on."]
    if not found.metrics:
        lines += ["", "Every metric passed: there is nothing to explain."]
    for metric in found.metrics:
        lines += ["", *_metric(metric, found.because)]
    if found.metrics and found.passed:
        lines += ["", one_line(f"passed, and not looked into: {', '.join(found.passed)}", 400)]
    lines += [one_line(f"note: {note}", 400) for note in found.notes]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _metric(found: MetricExplanation, said: str) -> Iterator[str]:
    yield f"{one_line(found.metric, 60)}: {found.word}"
    if found.because not in said:
        yield f"{one_line(found.because, 600)}."
    if found.gist:
        yield f"{one_line(found.gist, 600)}."
    for lost in found.lost[:_LISTED]:
        where = f"{lost.missing} of {lost.planned} in {lost.scenario} {lost.cell}"
        yield f"  {one_line(f'missing on the {lost.side}: {where}', 300)}"
    still = not (found.flips or found.unmatched)
    if found.pairs and still:
        yield f"Not one of {several(found.pairs, 'paired episode')} flipped."
    if found.scenarios and not still:
        yield ""
        fixed = "; intervals are for a size that was fixed before" if found.anytime else ""
        yield f"Where, by scenario (p: {found.adjusted}{fixed}):"
        yield from _parts(found.scenarios, found)
    if found.exploratory and not still:
        yield ""
        yield "Arms and levels, looked through for anything, so hints and no findings"
        yield "(p: Benjamini and Hochberg):"
        yield from _parts(found.exploratory, found)
    if found.pairs and not still:
        yield ""
        yield from _flips(found)
    if found.looks:
        yield ""
        yield "Look at first:"
        for number, look in enumerate(found.looks, start=1):
            yield f"  {number}. {one_line(f'{look.what}: {look.cost}', 300)}"
            if look.command:
                yield f"     {one_line(look.command, None)}"


# ---- Parts -------------------------------------------------------------------------------------------


def _parts(parts: Sequence[Part], found: MetricExplanation) -> Iterator[str]:
    shown = [part for at, part in enumerate(parts) if at < _LISTED or part.moved]
    width = max(len(one_line(part.name, 60)) for part in shown)
    whole = sum(part.carries for part in found.scenarios)
    for part in shown:
        carried = f"{points(part.carries)} of {points(whole)} points" if part.kind == "scenario" else ""
        cells = f"{_counts(part):<18} {_moved(part):<22} {_p(part):<11} {carried}"
        yield f"  {one_line(part.name, 60):<{width}}  {cells}"
    if len(parts) > len(shown):
        yield f"  and {len(parts) - len(shown)} more, none of them beyond doubt"


def _counts(part: Part) -> str:
    return f"{part.k0}/{part.n0} to {part.k}/{part.n}"


def _moved(part: Part) -> str:
    if part.difference is None:
        return "no difference"
    if part.low is None or part.high is None:
        return points(part.difference)
    return f"{points(part.difference)} [{points(part.low)}, {points(part.high)}]"


def _p(part: Part) -> str:
    if part.p_adjusted is None:
        return "no test"
    mark = " *" if part.moved else ""
    return ("p < 0.001" if part.p_adjusted < 0.001 else f"p {part.p_adjusted:.3f}") + mark


# ---- Flips -------------------------------------------------------------------------------------------


def _flips(found: MetricExplanation) -> Iterator[str]:
    head = f"Of {several(found.pairs, 'episode')} decided on both sides on the same instance"
    flipped = f"{found.worse} flipped for the worse, {found.better} for the better"
    yield f"{head}, {flipped}."
    if found.unmatched:
        events = several(found.unmatched, "more event")
        yield f"{events} of the candidate: the baseline is not decided on that instance."
    for flip in found.flips[:_LISTED]:
        yield f"  {_flip(flip)}"
    if len(found.flips) > _LISTED:
        yield f"  and {len(found.flips) - _LISTED} more with --json"


def _flip(flip: Flip) -> str:
    epoch = f" epoch {flip.epoch}" if flip.epoch else ""
    ids = f"{flip.candidate[:12] or 'no id'} (baseline: {flip.baseline[:12] or 'no id'})"
    route = f"  {flip.address.route}" if flip.address is not None else ""
    way = "worse " if flip.worse else "better"
    return one_line(f"{way}  {flip.scenario} seed {flip.seed}{epoch}  {ids}{route}", 300)
