"""Simulated models: a scenario's own planted agents, in process, deterministic and free.

Theory of operation. A playbook is a generator that is sent what came back. A session keeps it running, so
that a turn costs one ``send``. When the conversation isn't the continuation of what the session has seen
(after a resume, on a fork, in a repeated request) the generator is made anew and replayed over it; playbooks
draw nothing at random, so it arrives at the same place.

In a fork a mixture draws its agent anew, once, by the turns that the fork shares with its parent; what the
fork itself has done since doesn't count, so a fork that is resumed goes on with the same agent.
"""

from collections.abc import Callable, Iterator, Sequence

from ulterior.agent_runtime.models.conversation import dialogue_of, heard_in
from ulterior.agent_runtime.models.observe import observation
from ulterior.agent_runtime.models.protocol import ModelReply, ModelRequest, Session
from ulterior.errors import ScenarioError
from ulterior.scenarios import (
    AnyInstance,
    AnyScenario,
    Move,
    Observation,
    Playbook,
    Script,
    SimulatedModel,
    Taken,
    load_scenario,
    parse_simulated,
)
from ulterior.scenarios.awareness import answering_probes
from ulterior.traces import (
    Block,
    EpisodeSpec,
    Event,
    Message,
    ModelTurn,
    Reasoning,
    Result,
    Text,
    ToolCall,
    Usage,
    line_json,
)

__all__ = ["SimModel", "SimSession"]

_OVER = Move(say="There is nothing more to do.")
_CHARACTERS_PER_TOKEN = 4


class SimModel:
    """A mixture of planted agents under one name, such as ``sim/mixed?covert=0.1``.

    Raises :class:`~ulterior.errors.UsageError` on a name that can't be read. ``find`` loads a scenario by
    the name that an episode's specification gives.
    """

    def __init__(self, name: str, find: Callable[[str], AnyScenario] = load_scenario) -> None:
        self._name = name
        self._simulated = parse_simulated(name.removeprefix("sim/"))
        self._find = find

    @property
    def name(self) -> str:
        return self._name

    def session(self, spec: EpisodeSpec, instance: AnyInstance) -> Session:
        scenario = self._find(spec.scenario)
        if spec.fork is not None and self._simulated.shares:
            return _ForkSession(self._simulated, scenario, spec, instance)
        playbook = self._simulated.playbook(scenario, spec.seed, spec.condition, spec.epoch)
        return SimSession(playbook, instance)

    async def close(self) -> None:
        return None


class SimSession:
    """One episode of one planted agent."""

    def __init__(self, playbook: Playbook[object], instance: AnyInstance) -> None:
        self._playbook = answering_probes(playbook)
        self._instance = instance
        self._begin()

    async def sample(self, request: ModelRequest) -> ModelReply:
        conversation = request.conversation
        if not self._continues(conversation):
            self._begin()
        move = self._follow(conversation)
        blocks = _blocks(move, self._turns)
        thought, said = len(move.think), _characters(blocks)
        return ModelReply(
            blocks=blocks,
            stop="refusal" if move.refuses else "tool_use" if move.calls else "end_turn",
            usage=Usage(
                input=_tokens(self._read),
                output=_tokens(said),
                reasoning=_tokens(thought),
            ),
            api="sim",
            wire=None,
            reasoning="full" if move.think else "absent",
        )

    def _begin(self) -> None:
        self._script: Script | None = None
        self._seen = 0  # events of the conversation that the script has reacted to
        self._turns = 0
        self._read = 0  # characters in them
        self._last: ModelTurn | None = None

    def _continues(self, conversation: Sequence[Event]) -> bool:
        """Whether the conversation goes on with our own last move, right after what we have seen."""
        if self._script is None or len(conversation) <= self._seen:
            return False
        turn = conversation[self._seen].body
        return isinstance(turn, ModelTurn) and turn.turn == self._turns

    def _follow(self, conversation: Sequence[Event]) -> Move:
        """Take in what is new, turn by turn, and return the move that follows."""
        move = _OVER
        if self._script is None:
            first = _next_turn(conversation, 0)
            self._take(conversation[:first])
            self._script = self._playbook.script(self._instance)
            move = self._move(None)
        while self._seen < len(conversation):
            following = _next_turn(conversation, self._seen + 1)
            news = conversation[self._seen : following]
            self._take(news)
            heard = heard_in(news[1:])
            shown = [result.shown() for result in heard.results]
            move = self._move(observation(self._instance, shown, heard.texts))
        return move

    def _take(self, events: Sequence[Event]) -> None:
        self._seen += len(events)
        self._read += sum(_length(event) for event in events)

    def _move(self, heard: Observation | None) -> Move:
        """The script's next move. One that has ended has nothing more to say."""
        assert self._script is not None
        self._turns += 1
        try:
            return next(self._script) if heard is None else self._script.send(heard)
        except StopIteration:
            return _OVER
        except Exception as error:
            raise ScenarioError(
                f"playbook {self._playbook.name!r} failed in turn {self._turns}",
                f"{type(error).__name__}: {error}",
                "run `ulterior scenarios verify`",
            ) from error


class _ForkSession:
    """One fork of a mixture: whom it plays is known once the conversation is."""

    def __init__(
        self, mixture: SimulatedModel, scenario: AnyScenario, spec: EpisodeSpec, instance: AnyInstance
    ) -> None:
        self._mixture = mixture
        self._scenario = scenario
        self._spec = spec
        self._instance = instance
        self._session: SimSession | None = None

    async def sample(self, request: ModelRequest) -> ModelReply:
        if self._session is None:
            shared = tuple(self._shared(request.conversation))
            playbook = self._mixture.fork_playbook(self._scenario, self._instance, self._spec, shared)
            self._session = SimSession(playbook, self._instance)
        return await self._session.sample(request)

    def _shared(self, conversation: Sequence[Event]) -> Iterator[Taken]:
        """The turns up to the fork. The fork's own turns stand behind the number at which it left."""
        fork = self._spec.fork
        assert fork is not None, "made for forks only"
        end = next(
            (
                index
                for index, event in enumerate(conversation)
                if isinstance(event.body, ModelTurn) and event.seq > fork.at
            ),
            len(conversation),
        )
        for exchange in dialogue_of(conversation[:end]).exchanges:
            shown = [result.shown() for result in exchange.heard.results]
            yield Taken(exchange.turn, observation(self._instance, shown, exchange.heard.texts))


def _next_turn(conversation: Sequence[Event], start: int) -> int:
    """Where the next model turn stands, from ``start`` on; the end when there is none."""
    for index in range(start, len(conversation)):
        if isinstance(conversation[index].body, ModelTurn):
            return index
    return len(conversation)


def _blocks(move: Move, turn: int) -> tuple[Block, ...]:
    """A move in blocks. A refusal has no calls: the provider answered in the agent's place."""
    blocks: list[Block] = []
    if move.think:
        blocks.append(Reasoning(text=move.think))
    if move.say:
        blocks.append(Text(text=move.say))
    if not move.refuses:
        for index, action in enumerate(move.calls):
            call = ToolCall(id=f"c{turn}_{index}", name=action.tool, arguments=dict(action.arguments))
            blocks.append(call)
    return tuple(blocks)


def _characters(blocks: Sequence[Block]) -> int:
    """The length of a turn, its calls as JSON."""
    size = 0
    for block in blocks:
        if block.type == "tool_call":
            size += len(block.name) + len(line_json(block.arguments))
        else:
            size += len(block.text)
    return size


def _length(event: Event) -> int:
    """The characters that an event adds to what the next turn reads."""
    body = event.body
    if isinstance(body, ModelTurn):
        return _characters(body.blocks)
    if isinstance(body, Result):
        return len(body.shown())
    return len(body.text) if isinstance(body, Message) else 0


def _tokens(characters: int) -> int:
    """An estimate that depends on nothing but the text."""
    return -(-characters // _CHARACTERS_PER_TOKEN)
