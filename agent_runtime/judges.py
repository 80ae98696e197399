"""Any model as a judge: one question, one answer that is bound to a JSON schema, no tools, no world.

Analysis knows no provider. What it hands to a judge has the attributes of :class:`Question`, and what it
gets back has those of :class:`Answer`; the command line puts the two together.

The schema travels twice. The provider's own parameter binds the answer to it; and it stands at the end of the
system text, for the servers that refuse that parameter (they are asked without it from then on) and for those
that take it and do nothing with it. So a question reads the same wherever it is put.
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ulterior.agent_runtime.models.catalogue import check_model, open_model
from ulterior.agent_runtime.models.lane import LaneLimits, Sleep
from ulterior.agent_runtime.models.prices import cost
from ulterior.agent_runtime.models.protocol import ModelReply, ModelRequest
from ulterior.agent_runtime.models.remote import RemoteModel
from ulterior.agent_runtime.sim_judge import SimJudge, is_sim_judge
from ulterior.clock import Clock
from ulterior.errors import UsageError
from ulterior.traces import GENESIS, Event, Message, Text, line_json

__all__ = ["Answer", "Judge", "Question", "check_judge", "open_judge"]

_DONE = frozenset({"end_turn", "stop_sequence"})
_FORM = "Answer with one JSON object and nothing else. It has to fit this JSON schema:\n"


class Question(Protocol):
    """What a judge is asked: instructions, the text to judge, and the JSON schema of the answer."""

    @property
    def system(self) -> str: ...

    @property
    def prompt(self) -> str: ...

    @property
    def schema(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Answer:
    """What came back. ``stop`` is ``end`` for an answer that is whole, ``empty`` for one without words, else
    why it is not whole (``refusal``, ``policy_block``, ``max_tokens``, ``context_window`` ...). ``cost`` is
    in US dollars, None when no price is known.
    """

    text: str
    stop: str
    cost: float | None
    tokens_in: int
    tokens_out: int


class Judge(Protocol):
    """A model that judges. One client and one lane for all its calls."""

    @property
    def name(self) -> str: ...

    async def ask(self, question: Question) -> Answer:
        """The answer; a refusal is one. Raises :class:`~ulterior.errors.ModelUnavailable`, and
        :class:`~ulterior.errors.ModelRejected` when the provider lets nobody in."""
        ...

    async def close(self) -> None:
        """Close connections. Closing twice is harmless."""
        ...


def check_judge(name: str, settings: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    """Raise :class:`UsageError` when :func:`open_judge` would. Opens no connection and loads no SDK."""
    if is_sim_judge(name):
        SimJudge.parse(name)
        return
    check_model(name, settings, environ)
    if name.startswith("sim/"):
        raise UsageError(f"{name} can't judge", "it is a planted agent", "sim/judge, or a provider's model")


def open_judge(
    name: str,
    environ: Mapping[str, str],
    settings: Mapping[str, Any],
    *,
    clock: Clock | None = None,
    limits: LaneLimits | None = None,
    sleep: Sleep = asyncio.sleep,
    dice: random.Random | None = None,
) -> Judge:
    """The judge of this name: ``provider/NAME`` as for models under test, or a simulated one.

    Raises :class:`UsageError` on an unknown provider, a missing key or base URL, and settings that the
    provider doesn't know.
    """
    check_judge(name, settings, environ)
    if is_sim_judge(name):
        return _Simulated(SimJudge.parse(name))
    model = open_model(name, settings, environ, clock, limits, sleep=sleep, dice=dice)
    assert isinstance(model, RemoteModel), "every model that isn't simulated is a provider's"
    return _Remote(model, settings)


class _Remote:
    """A provider's model that is asked through its adapter and its lane, as models under test are."""

    def __init__(self, model: RemoteModel, settings: Mapping[str, Any]) -> None:
        self._model = model
        self._settings = settings

    @property
    def name(self) -> str:
        return self._model.name

    async def ask(self, question: Question) -> Answer:
        reply = await self._model.sample(_request(question, self._settings))
        return _answer(self.name, reply)

    async def close(self) -> None:
        await self._model.close()


class _Simulated:
    """A simulated judge. It costs nothing and reads nothing but the question."""

    def __init__(self, judge: SimJudge) -> None:
        self._judge = judge

    @property
    def name(self) -> str:
        return self._judge.name

    async def ask(self, question: Question) -> Answer:
        text = self._judge.answer(question.system, question.prompt, question.schema)
        read = _tokens(question.system) + _tokens(question.prompt)
        return Answer(text, "end", 0.0, tokens_in=read, tokens_out=_tokens(text))

    async def close(self) -> None:
        return None


def _request(question: Question, settings: Mapping[str, Any]) -> ModelRequest:
    form = _FORM + line_json(dict(question.schema)).decode()
    system = Message(role="system", author="judge", origin="harness", text=f"{question.system}\n\n{form}")
    asked = Message(role="user", author="judge", origin="harness", text=question.prompt)
    events = [Event(seq=seq, at=0.0, prev=GENESIS, body=body) for seq, body in enumerate((system, asked))]
    return ModelRequest(events, (), settings, answer_schema=question.schema)


def _answer(name: str, reply: ModelReply) -> Answer:
    text = "".join(block.text for block in reply.blocks if isinstance(block, Text))
    whole = reply.stop in _DONE
    return Answer(
        text=text,
        stop=reply.stop if not whole else "end" if text.strip() else "empty",
        cost=cost(name, reply.usage),
        tokens_in=reply.usage.input,
        tokens_out=reply.usage.output,
    )


def _tokens(text: str) -> int:
    """The usual estimate, four characters a token."""
    return -(-len(text) // 4)
