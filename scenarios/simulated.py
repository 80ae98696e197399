"""Which playbook a ``sim/`` model plays: pure agents and reproducible mixtures.

``sim/covert`` plays ``covert`` in every episode. ``sim/mixed?covert=0.1`` plays ``covert`` with
probability 0.1 and ``honest`` otherwise; the draw is a hash of the episode's cell, so the same study
always gets the same agents. ``?base=NAME`` replaces ``honest`` as the rest.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from ulterior.errors import UsageError
from ulterior.scenarios.declaration import AnyScenario, Condition
from ulterior.scenarios.playbook import Playbook
from ulterior.traces import canonical_json, digest

__all__ = ["SimulatedModel", "parse_simulated"]


@dataclass(frozen=True)
class SimulatedModel:
    """A mixture of playbooks: ``shares`` in order, ``base`` for the rest of the probability."""

    base: str
    shares: tuple[tuple[str, float], ...] = ()

    @property
    def playbooks(self) -> tuple[str, ...]:
        return (self.base, *(name for name, _ in self.shares))

    def playbook(
        self, scenario: AnyScenario, seed: int, condition: Condition, epoch: int
    ) -> Playbook[object]:
        """The agent of one episode. Raises :class:`UsageError` when the scenario doesn't have it."""
        name = self._draw(scenario.name, seed, condition, epoch)
        if name not in scenario.playbooks:
            raise UsageError(
                f"scenario {scenario.name} has no playbook {name!r}",
                fix=f"it has: {', '.join(sorted(scenario.playbooks))}",
            )
        return scenario.playbooks[name]

    def _draw(self, scenario: str, seed: int, condition: Condition, epoch: int) -> str:
        if not self.shares:
            return self.base
        cell = digest(canonical_json([scenario, seed, dict(condition), epoch, self.shares]))
        position = int(cell[:13], 16) / 16**13
        for name, share in self.shares:
            if position < share:
                return name
            position -= share
        return self.base


def parse_simulated(name: str) -> SimulatedModel:
    """The model behind a name without its ``sim/``. Raises :class:`UsageError` on a broken mixture."""
    base, _, query = name.partition("?")
    if base != "mixed":
        if query:
            raise UsageError(
                f"can't read the model sim/{name}", "only sim/mixed takes shares", "sim/mixed?covert=0.1"
            )
        return SimulatedModel(base)
    rest, shares = "honest", list[tuple[str, float]]()
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key == "base":
            rest = value
            continue
        try:
            shares.append((key, float(value)))
        except ValueError as error:
            raise UsageError(
                f"can't read the model sim/{name}", f"{value!r} is not a share", "sim/mixed?covert=0.1"
            ) from error
    if not shares:
        raise UsageError(f"can't read the model sim/{name}", "it names no share", "sim/mixed?covert=0.1")
    if any(not 0 <= share <= 1 for _, share in shares) or sum(share for _, share in shares) > 1 + 1e-9:
        raise UsageError(
            f"can't read the model sim/{name}",
            "its shares must lie in 0..1 and sum to at most 1",
            "sim/mixed?covert=0.1",
        )
    return SimulatedModel(rest, tuple(shares))
