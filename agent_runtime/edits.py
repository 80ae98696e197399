"""What may be changed where a fork begins: a closed set of typed edits.

An edit is a frozen value, part of the fork's identity. :meth:`Edit.apply` makes it on a
:class:`~ulterior.agent_runtime.beginning.Beginning`, or raises :class:`~ulterior.errors.UsageError` that
says why it can't be made there and what to do instead. How edits are spelled on the command line and in
files stands in :mod:`ulterior.agent_runtime.edit_syntax`.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, model_validator

from ulterior.agent_runtime.beginning import Beginning
from ulterior.agent_runtime.factor_edit import change_level
from ulterior.agent_runtime.models.reasoning import (
    PLAIN,
    carries_over,
    change_reasoning,
    is_bound,
    without_reasoning,
)
from ulterior.agent_runtime.phases import NO_MORE
from ulterior.errors import UsageError
from ulterior.scenarios.declaration import QuestionKind
from ulterior.traces import Frozen, Message, ModelTurn, Result

__all__ = [
    "AnyEdit",
    "AskEdit",
    "BriefingEdit",
    "Edit",
    "FactorEdit",
    "FileEdit",
    "MessageAdd",
    "MessageRemove",
    "ModelSwap",
    "ReasoningEdit",
    "ReplaceEdit",
    "ResultEdit",
    "ToolRemove",
    "edits_in",
    "recorded",
]


def _utf8(text: str) -> str:
    """Texts that reach files and models are what UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("it is no text that UTF-8 can hold") from error
    return text


Words = Annotated[str, AfterValidator(_utf8)]
Name = Annotated[str, Field(min_length=1), AfterValidator(_utf8)]


class Edit(Frozen):
    """One change. Every one leaves a ``world`` event with the cause ``edit:<kind>`` behind."""

    def apply(self, fork: Beginning) -> None:
        """Make it. Raises :class:`UsageError` when it can't be made at this point of this parent."""
        raise NotImplementedError


class FileEdit(Edit):
    """Another content for a file, new or not; with ``content`` None the file is gone."""

    kind: Literal["file"] = "file"
    path: Name
    content: Words | None

    def apply(self, fork: Beginning) -> None:
        _write(fork, self.kind, self.path, None if self.content is None else self.content.encode())


class ReplaceEdit(Edit):
    """Another text for a place in a file, such as a value in a configuration. ``old`` must occur once."""

    kind: Literal["replace"] = "replace"
    path: Name
    old: Name
    new: Words

    def apply(self, fork: Beginning) -> None:
        what = f"replace a text in {self.path}"
        data = fork.world.read(self.path)
        if data is None:
            fork.refuse(what, "there is no such file there", "`ulterior show` says when it came and went")
        count = data.count(self.old.encode())
        if count != 1:
            fork.refuse(what, f"the text occurs {count} times", "give a text that occurs exactly once")
        _write(fork, self.kind, self.path, data.replace(self.old.encode(), self.new.encode()))


def _write(fork: Beginning, kind: str, path: str, data: bytes | None) -> None:
    try:
        fork.note(kind, {path: data})
    except ValueError as error:
        fork.refuse(f"change {path}", str(error), "name a file of the world by its absolute path")


class ResultEdit(Edit):
    """Another result of a tool call, as the agent is shown it. What the call did to the world stays done.

    The given parts replace all that was shown of it. A call that reached the world then counts as executed,
    or as failed when an ``error`` is given.
    """

    kind: Literal["result"] = "result"
    call: Name
    stdout: Words | None = None
    value: Any = None
    error: Words | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ResultEdit":
        if self.stdout is None and self.value is None and self.error is None:
            raise ValueError("a result needs a stdout, a value or an error")
        return self

    def apply(self, fork: Beginning) -> None:
        what = f"change the result of call {self.call}"
        seq, result = self._find(fork, what)
        fork.require_no_turn_after(seq, what)
        reached = result.status in ("executed", "blocked", "failed")
        status = "executed" if self.error is None else "failed"
        shown: dict[str, Any] = {"stdout": self.stdout or "", "value": self.value, "error": self.error}
        cleared: dict[str, Any] = {"stderr": "", "exit_code": None, "truncated": False}
        changed = shown | cleared | {"status": status if reached else result.status}
        fork.put(seq, result.model_copy(update=changed))
        fork.note(self.kind)

    def _find(self, fork: Beginning, what: str) -> tuple[int, Result]:
        results = {e.body.call: e.seq for e in fork.parent.events if isinstance(e.body, Result)}
        if self.call not in results:
            known = ", ".join(list(results)[-6:]) or "none"
            fork.refuse(what, "the parent has no result of such a call", f"the last calls are: {known}")
        seq = results[self.call]
        if seq > fork.at:
            end = next(event.seq for event in fork.parent.events[seq:] if not event.more)
            fork.refuse(what, f"it came in event {seq}, after the fork", f"fork at {end}")
        body = fork.body(seq, what)
        assert isinstance(body, Result), "edits keep the kind of an event"
        return seq, body


class MessageAdd(Edit):
    """One more message to the agent, from somebody in the story, as the last thing that it reads."""

    kind: Literal["message"] = "message"
    author: Name
    text: Name

    def apply(self, fork: Beginning) -> None:
        if fork.state.pending:
            fork.refuse(
                "add a message", "calls of the last turn have no result yet", "fork behind the turn's results"
            )
        message = Message(role="user", author=self.author, origin="world", text=self.text)
        fork.note(self.kind, message=message)


class AskEdit(Edit):
    """A question in place of those that the scenario would still ask, as the last thing that the agent reads.

    ``asks`` is its kind: ``indirect`` or ``direct``, as in a scenario, or ``probe``. Under the ``id`` of one
    of the scenario's own questions, its answer is read as an answer to that one. ``wording`` says in which
    way it is put, where there are several.
    """

    kind: Literal["ask"] = "ask"
    id: Name = "put"
    asks: QuestionKind
    author: Name
    text: Name
    wording: Words = ""

    def apply(self, fork: Beginning) -> None:
        what = f"put the question {self.id!r}"
        state = fork.state
        if state.pending:
            fork.refuse(what, "calls of the last turn have no result yet", "fork behind the turn's results")
        if self.id in state.asked:
            fork.refuse(what, "it has been asked there already", "fork before it, or with --at handover")
        if state.last_turn is not None and state.last_turn.stop in NO_MORE:
            fork.refuse(what, f"the agent says nothing more after {state.last_turn.stop}", "fork before that")
        origin = "debrief" if self.asks == "debrief" else "interview"
        message = Message(role="user", author=self.author, origin=origin, text=self.text, question=self.id)
        fork.note(f"{self.kind}:{self.asks}", message=message)


class MessageRemove(Edit):
    """One message less: news that reached the agent, by its event number. What happened stays as it was."""

    kind: Literal["drop-message"] = "drop-message"
    seq: int = Field(ge=0)

    def apply(self, fork: Beginning) -> None:
        what = f"leave out message {self.seq}"
        body = fork.body(self.seq, what)
        if not isinstance(body, Message):
            fork.refuse(what, f"event {self.seq} is no message but a {body.kind}")
        if body.origin != "world":
            why = {
                "briefing": "without its briefing there is no task",
                "harness": "it is technical, and the episode can't go on without it",
            }.get(body.origin, "the question would be put again")
            fork.refuse(what, why, "only news from the world can be left out")
        fork.require_no_turn_after(self.seq, what)
        fork.leave_out(self.seq)
        fork.note(self.kind)


class BriefingEdit(Edit):
    """Another text for a place in the system text or the briefing, before the first turn.

    ``old`` must occur once in the two together; with an empty ``new`` it is left out.
    """

    kind: Literal["briefing"] = "briefing"
    old: Name
    new: Words = ""

    def apply(self, fork: Beginning) -> None:
        what = "change the briefing"
        given = [
            (event.seq, body)
            for event in fork.parent.events[: fork.at + 1]
            if isinstance(body := fork.body(event.seq, what), Message) and body.origin == "briefing"
        ]
        if (count := sum(body.text.count(self.old) for _, body in given)) != 1:
            fork.refuse(what, f"the text occurs {count} times", "give a text that occurs exactly once")
        seq, message = next((seq, body) for seq, body in given if self.old in body.text)
        fork.require_no_turn_after(seq, what)
        before, _, after = message.text.partition(self.old)
        gap = not self.new and (not before or before[-1].isspace())
        text = f"{before}{self.new}{after.removeprefix(' ') if gap else after}"
        if not text.strip():
            fork.refuse(what, "nothing would be left of it", "leave a sentence of it")
        fork.put(seq, message.model_copy(update={"text": text}))
        fork.note(self.kind)


class FactorEdit(Edit):
    """Another level of one of the scenario's factors. See :mod:`ulterior.agent_runtime.factor_edit`."""

    kind: Literal["factor"] = "factor"
    name: Name
    level: Name

    def apply(self, fork: Beginning) -> None:
        change_level(fork, self.name, self.level)


class ToolRemove(Edit):
    """One tool less from here on. Calls already made stay; their results too.

    The list of tools stands before every turn, so reasoning that is bound to what is before it is dropped.
    """

    kind: Literal["no-tool"] = "no-tool"
    name: Name

    def apply(self, fork: Beginning) -> None:
        tools = [tool.name for tool in fork.scenario.instance(fork.spec.seed, fork.spec.condition).tools]
        offered = [name for name in tools if name not in fork.removed_tools]
        if self.name not in offered:
            fork.refuse(
                f"take away the tool {self.name}", "the agent has none", f"it has: {', '.join(offered)}"
            )
        fork.removed_tools.add(self.name)
        fork.drop_reasoning(unless=lambda turn: not is_bound(turn))
        fork.note(f"{self.kind}:{self.name}")


class ReasoningEdit(Edit):
    """One sentence more or less in the reasoning of the last turn that the fork keeps, or none of it.

    ``seq`` is the turn's event. ``insert`` goes to the end of the reasoning, ``delete`` must occur in it
    once, ``drop`` deletes all of it. Providers that sign or encrypt reasoning allow the last only.
    """

    kind: Literal["think"] = "think"
    seq: int = Field(ge=0)
    insert: Name | None = None
    delete: Name | None = None
    drop: bool = False

    @model_validator(mode="after")
    def _one_change(self) -> "ReasoningEdit":
        if [self.insert is not None, self.delete is not None, self.drop].count(True) != 1:
            raise ValueError("reasoning is changed by one of insert, delete and drop")
        return self

    def apply(self, fork: Beginning) -> None:
        what = f"change the reasoning of turn {self.seq}"
        turn = fork.body(self.seq, what)
        if not isinstance(turn, ModelTurn):
            fork.refuse(what, f"event {self.seq} is no model turn but a {turn.kind}")
        fork.require_no_turn_after(self.seq, what)
        fork.put(self.seq, self._without(fork, turn, what) if self.drop else self._changed(fork, turn, what))
        fork.note(self.kind)

    def _without(self, fork: Beginning, turn: ModelTurn, what: str) -> ModelTurn:
        bare = without_reasoning(turn)
        if bare is turn:
            fork.refuse(what, "it has none")
        fork.dropped.append(self.seq)
        return bare

    def _changed(self, fork: Beginning, turn: ModelTurn, what: str) -> ModelTurn:
        if turn.api not in PLAIN:
            why = f"{turn.api} signs or encrypts it, and takes back only what it made itself"
            fork.refuse(what, why, "--drop-reasoning deletes all of this turn's reasoning instead")
        try:
            return change_reasoning(turn, self._edited)
        except ValueError as error:
            fork.refuse(what, str(error), "`ulterior show` prints the reasoning as it is")

    def _edited(self, thought: str) -> str:
        if self.insert is not None:
            gap = "" if not thought or thought[-1].isspace() else " "
            return f"{thought}{gap}{self.insert}"
        sentence = self.delete or ""
        if (count := thought.count(sentence)) != 1:
            raise ValueError(f"the sentence occurs in it {count} times")
        before, _, after = thought.partition(sentence)
        return f"{before}{after.removeprefix(' ')}" if before.strip() else after.lstrip()


class ModelSwap(Edit):
    """Another model goes on. It gets no reasoning that it can't read: see ``models/reasoning.py``."""

    kind: Literal["model"] = "model"
    name: Name

    def apply(self, fork: Beginning) -> None:
        if self.name == fork.spec.model:
            fork.refuse("swap the model", f"{self.name} is the model already")
        fork.spec = fork.spec.model_copy(update={"model": self.name})
        fork.drop_reasoning(unless=lambda turn: carries_over(turn, self.name))
        fork.note(self.kind)


AnyEdit = Annotated[
    FileEdit
    | ReplaceEdit
    | ResultEdit
    | MessageAdd
    | AskEdit
    | MessageRemove
    | BriefingEdit
    | FactorEdit
    | ToolRemove
    | ReasoningEdit
    | ModelSwap,
    Field(discriminator="kind"),
]
_EDITS: TypeAdapter[tuple[AnyEdit, ...]] = TypeAdapter(tuple[AnyEdit, ...])


def recorded(edits: Iterable[Edit]) -> dict[str, Any]:
    """Edits as a fork's origin holds them; nothing at all for none. What has its default is left out."""
    listed = [
        edit.model_dump(mode="json", exclude_defaults=True) | edit.model_dump(include={"kind"})
        for edit in edits
    ]
    return {"edits": listed} if listed else {}


def edits_in(record: Mapping[str, Any]) -> tuple[AnyEdit, ...]:
    """The edits that a fork's origin holds. Raises :class:`UsageError` when it knows none such."""
    try:
        return _EDITS.validate_python(record.get("edits", []))
    except ValidationError as error:
        raise UsageError(
            "can't read a fork's edit", str(error.errors()[0]["msg"]), "use the version that made the fork"
        ) from error
