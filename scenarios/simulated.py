"""Which playbook a ``sim/`` model plays: pure agents and reproducible mixtures.

``sim/covert`` plays ``covert`` in every episode. ``sim/mixed?covert=0.1`` plays ``covert`` with
probability 0.1 and ``honest`` otherwise; the draw is a hash of the episode's cell, so the same study
always gets the same agents. ``?base=NAME`` replaces ``honest`` as the rest.

A name may carry voices, ``sim/covert+admits`` or ``sim/mixed?covert+admits=0.1&base=honest+verbose``: see
:mod:`ulterior.scenarios.voices`.

A fork draws anew, among those agents of the mixture that would have taken the turns that it begins with; see
:mod:`ulterior.scenarios.consistency`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ulterior.errors import UsageError
from ulterior.scenarios.consistency import Taken, consistent
from ulterior.scenarios.declaration import AnyInstance, AnyScenario, Condition
from ulterior.scenarios.playbook import Playbook
from ulterior.scenarios.voiced_playbooks import in_voice, split_voices
from ulterior.traces import EpisodeSpec, canonical_json, digest

__all__ = ["SimulatedModel", "find_playbook", "parse_simulated"]


@dataclass(frozen=True)
class SimulatedModel:
    """A mixture of playbooks: ``shares`` in order, ``base`` for the rest of the probability."""

    base: str
    shares: tuple[tuple[str, float], ...] = ()

    @property
    def playbooks(self) -> tuple[str, ...]:
        """The playbooks that a scenario needs for it, without their voices."""
        return tuple(split_voices(name)[0] for name in (self.base, *(name for name, _ in self.shares)))

    def playbook(
        self, scenario: AnyScenario, seed: int, condition: Condition, epoch: int
    ) -> Playbook[object]:
        """The agent of one episode. Raises :class:`UsageError` when the scenario doesn't have it."""
        return find_playbook(scenario, self._draw(scenario.name, seed, condition, epoch), condition)

    def fork_playbook(
        self, scenario: AnyScenario, instance: AnyInstance, spec: EpisodeSpec, taken: Sequence[Taken]
    ) -> Playbook[object]:
        """The agent that goes on in a fork behind the turns ``taken`` that it shares with its parent.

        Drawn by the mixture's shares among those that would have taken these turns, by a hash of the cell,
        the fork's place and edit, and the replica. Raises as :meth:`playbook` does.
        """
        weights = self._weights()
        playbooks = {name: find_playbook(scenario, name, spec.condition) for name in weights}
        left = {playbook.name for playbook in consistent(playbooks.values(), instance, taken)}
        chosen = [(name, share) for name, share in weights.items() if playbooks[name].name in left]
        assert spec.fork is not None, "only a fork draws anew"
        fork = [spec.fork.at, spec.fork.edit, spec.fork.replica]
        cell = [scenario.name, spec.seed, spec.condition, spec.epoch, self.shares, fork]
        whole = sum(share for _, share in chosen)
        return playbooks[_at(chosen, _position(cell) * whole, chosen[-1][0])]

    def _draw(self, scenario: str, seed: int, condition: Condition, epoch: int) -> str:
        if not self.shares:
            return self.base
        position = _position([scenario, seed, dict(condition), epoch, self.shares])
        return _at(self.shares, position, self.base)

    def _weights(self) -> dict[str, float]:
        """The agents in order with their probabilities, the base last."""
        weights: dict[str, float] = {}
        for name, share in self.shares:
            weights[name] = weights.get(name, 0.0) + share
        rest = max(0.0, 1 - sum(weights.values()))
        return weights | {self.base: weights.get(self.base, 0.0) + rest}


def _position(cell: Sequence[object]) -> float:
    """A number in 0..1 that looks drawn and is the same every time."""
    return int(digest(canonical_json(cell))[:13], 16) / 16**13


def _at(shares: Sequence[tuple[str, float]], position: float, rest: str) -> str:
    """The name whose share holds the position, when all shares are laid end to end."""
    for name, share in shares:
        if position < share:
            return name
        position -= share
    return rest


def find_playbook(scenario: AnyScenario, name: str, condition: Condition) -> Playbook[object]:
    """The planted agent of this name, with its voices, under this condition. Raises :class:`UsageError`."""
    bare, voices = split_voices(name)
    if bare not in scenario.playbooks:
        raise UsageError(
            f"scenario {scenario.name} has no playbook {bare!r}",
            fix=f"it has: {', '.join(sorted(scenario.playbooks))}",
        )
    playbook = scenario.playbooks[bare]
    for voice in voices:
        playbook = in_voice(playbook, voice, condition)
    return playbook


def parse_simulated(name: str) -> SimulatedModel:
    """The model behind a name without its ``sim/``. Raises :class:`UsageError` on a broken mixture and on
    voices that there are not."""
    base, _, query = name.partition("?")
    if base != "mixed":
        if query:
            raise UsageError(
                f"can't read the model sim/{name}", "only sim/mixed takes shares", "sim/mixed?covert=0.1"
            )
        return _known(SimulatedModel(base))
    rest, shares = "honest", list[tuple[str, float]]()
    for key, value in parse_qsl(query.replace("+", "%2B"), keep_blank_values=True):
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
    return _known(SimulatedModel(rest, tuple(shares)))


def _known(model: SimulatedModel) -> SimulatedModel:
    """The model itself, if all of its voices exist."""
    for name in (model.base, *(name for name, _ in model.shares)):
        split_voices(name)
    return model
