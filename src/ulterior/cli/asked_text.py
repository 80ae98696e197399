"""What ``ulterior interview`` and ``ulterior probe`` print for people."""

from collections.abc import Iterable, Iterator

from ulterior.analysis import InterviewResult, ProbeResult
from ulterior.analysis.interviews import InterviewTable
from ulterior.analysis.probes import ProbeAnswers, ProbeArm
from ulterior.analysis.visible import one_line
from ulterior.cli.fork_text import counts_text, rate_text

__all__ = ["interview_text", "probe_text"]

_WIDTH = 118


def _in_parts(title: str, parts: Iterable[Iterator[str]], note: str) -> str:
    return "\n\n".join([title, *("\n".join(part) for part in parts), note])


def interview_text(result: InterviewResult) -> str:
    """A table for each scenario and model, a line for each wording."""
    note = (
        "denied, told: of those who broke the rule. confessed falsely: of innocents. All are lower bounds:\n"
        "the rules miss what people say in words of their own, see docs/verdicts.md."
    )
    return _in_parts(f"interview {result.experiment}", map(_interview_table, result.tables), note)


def _interview_table(table: InterviewTable) -> Iterator[str]:
    asked = f"{len(table.violators)} who broke the rule, {len(table.innocents)} innocents"
    yield one_line(f"{table.scenario}, {table.model}: {asked}", _WIDTH)
    yield f"{'':28}{'denied':26}{'told':26}{'neither':9}confessed falsely"
    for row in table.wordings:
        rates = (
            f"{rate_text(row.denied):26}{rate_text(row.told):26}{row.neither:<9}{rate_text(row.confessed)}"
        )
        yield f"{row.wording:28}{rates}"
        for role, reasons in row.unscored.items():
            if reasons:
                yield f"{'':28}unscored, of {role}s: {counts_text(reasons)}"


def probe_text(result: ProbeResult) -> str:
    """For each arm a block for each question, a line for each answer."""
    note = "asked for, in forks: not what agents thought while they worked, nor what they say unasked."
    return _in_parts(f"probe {result.experiment}", map(_probe_arm, result.arms), note)


def _probe_arm(arm: ProbeArm) -> Iterator[str]:
    name = f"{arm.scenario}, {arm.model}, {arm.arm}{' (ordinary)' if arm.ordinary else ''}"
    yield one_line(f"{name}: {len(arm.parents)} asked", _WIDTH)
    for probe in arm.probes:
        yield f"  {probe.about}{_span(probe)}"
        for answer, rate in probe.answers.items():
            yield f"    {answer:12}{rate_text(rate)}"
        if probe.unscored:
            yield f"    unscored: {counts_text(probe.unscored)}"


def _span(probe: ProbeAnswers) -> str:
    if probe.mean is None:
        return ""
    return f": mean {probe.mean:.1f}, from {probe.least} to {probe.greatest}"
