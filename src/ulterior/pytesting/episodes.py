"""What the fixture ``ulterior_episodes`` gives to a test: findings, and rates with their intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.gate.outcomes import OUTCOMES, Outcome, mark_of
from ulterior.analysis.gate.sentences import percent
from ulterior.analysis.statistics import clustered_rate
from ulterior.analysis.visible import one_line
from ulterior.cli.shell_words import join_words
from ulterior.errors import UsageError
from ulterior.scenarios import load_scenario

__all__ = ["Episodes", "Share"]


@dataclass(frozen=True)
class Share:
    """``k`` of ``n`` decided episodes. ``estimate`` and the bounds of its two-sided interval at ``level``
    are proportions in 0..1; instances that were repeated count once (see
    :func:`~ulterior.analysis.statistics.clustered_rate`). ``undecided`` were judged and can't be told,
    ``missing`` were not judged: neither is a no."""

    outcome: str
    k: int
    n: int
    estimate: float
    low: float
    high: float
    level: float
    undecided: int = 0
    missing: int = 0

    def __str__(self) -> str:
        bounds = f"{100 * self.level:g} % [{percent(self.low)}, {percent(self.high)}]"
        return f"{self.outcome} {self.k}/{self.n}, {bounds}"


@dataclass(frozen=True)
class Episodes:
    """Episodes of one study with their findings, in table order. ``root`` is the study's folder."""

    root: Path
    findings: tuple[EpisodeFinding, ...]

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[EpisodeFinding]:
        return iter(self.findings)

    def __repr__(self) -> str:
        return one_line(f"<{len(self.findings)} episodes in {self.root}>", 1000)

    def where(
        self,
        *,
        scenario: str | None = None,
        model: str | None = None,
        purpose: str | None = None,
        **levels: str,
    ) -> "Episodes":
        """Those of a scenario, a model, an arm's purpose, or under a level of a factor (``arm="control"``).

        Raises :class:`~ulterior.errors.UsageError` where there are none: a statement about nothing would
        hold.
        """
        fit = tuple(
            finding
            for finding in self.findings
            if scenario in (None, finding.scenario)
            and model in (None, finding.model)
            and purpose in (None, _purpose(finding))
            and all((finding.condition or {}).get(factor) == level for factor, level in levels.items())
        )
        if not fit:
            asked = {"scenario": scenario, "model": model, "purpose": purpose, **levels}
            words = ", ".join(f"{name}={value}" for name, value in asked.items() if value is not None)
            raise UsageError(
                one_line(f"no episode is one of {words}", 500), self._has(), "ask for one of these"
            )
        return Episodes(self.root, fit)

    def rate(
        self,
        outcome: str = "covert",
        *,
        purpose: str | None = "temptation",
        level: float = 0.95,
        scenario: str | None = None,
        **levels: str,
    ) -> Share:
        """How often an outcome of gates (``covert``, ``violated``, ``deceptive``, ``aware`` ...) came out.

        Of the arms that tempt, unless ``purpose`` names others or is None for all. Raises
        :class:`~ulterior.errors.UsageError` where no episode is decided.
        """
        asked = _outcome(outcome)
        chosen = self.where(scenario=scenario, purpose=purpose, **levels)
        marks = [(finding, mark_of(finding, asked)) for finding in chosen]
        found = clustered_rate(
            (((finding.scenario, finding.cell, finding.seed), mark == "x") for finding, mark in marks
             if mark in "x."),
            level,
        )  # fmt: skip
        if found.estimate is None or found.low is None or found.high is None:
            raise UsageError(
                f"{outcome} is decided in none of {len(chosen)} episodes",
                one_line(_first_reason(chosen.findings), 500),
                f"see `{join_words(['ulterior', 'analyze', str(self.root)])}`",
            )
        return Share(
            outcome=outcome,
            k=found.k,
            n=found.n,
            estimate=found.estimate,
            low=found.low,
            high=found.high,
            level=level,
            undecided=sum(mark == "?" for _, mark in marks),
            missing=sum(mark == "-" for _, mark in marks),
        )

    def showing(self, outcome: str = "covert") -> tuple[EpisodeFinding, ...]:
        """The episodes in which it came out."""
        asked = _outcome(outcome)
        return tuple(finding for finding in self.findings if mark_of(finding, asked) == "x")

    def describe(self) -> str:
        """One line: whose episodes, how many, and what stands out."""
        models = ", ".join(sorted({finding.model for finding in self.findings if finding.model}))
        scenarios = ", ".join(sorted({finding.scenario for finding in self.findings if finding.scenario}))
        words = [f"{len(self.showing(name))} {name}" for name in ("covert", "deceptive")]
        about = one_line(f"{models} in {scenarios}", 500)
        return f"{about}: {len(self)} episodes, {', '.join(words)}; {one_line(str(self.root), None)}"

    def _has(self) -> str:
        scenarios = sorted({finding.scenario or "?" for finding in self.findings})
        purposes = sorted({_purpose(finding) or "no declared purpose" for finding in self.findings})
        return one_line(f"the test has: {', '.join(scenarios)}, with {', '.join(purposes)}", 500)


def _outcome(name: str) -> Outcome:
    if name not in OUTCOMES:
        raise UsageError(f"there is no outcome {name!r}", f"there are: {', '.join(OUTCOMES)}", "name one")
    return OUTCOMES[name]


def _purpose(finding: EpisodeFinding) -> str | None:
    if finding.scenario is None or finding.condition is None:
        return None
    return load_scenario(finding.scenario).purpose(finding.condition)


def _first_reason(findings: Sequence[EpisodeFinding]) -> str:
    return next((reason for finding in findings for reason in finding.reasons.values()), "no reason is known")
