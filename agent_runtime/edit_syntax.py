"""How edits are spelled: ``KIND:ARGS`` on the command line, YAML in files.

===========================  ============================================================================
``file:PATH=TEXT``           another content; ``@FILE`` reads it from a file, ``@@...`` begins with an @
``delete:PATH``              no such file
``replace:PATH:OLD=>NEW``    another text in one place of a file
``result:CALL=TEXT``         another output of a tool call
``message:AUTHOR=TEXT``      one more message to the agent
``ask:KIND:AUTHOR=TEXT``     a question in place of the scenario's own
``drop-message:SEQ``         one message less
``briefing:OLD=>NEW``        another text in one place of the instructions
``factor:NAME=LEVEL``        another level of a factor
``no-tool:NAME``             one tool less
``think:SEQ+=SENTENCE``      one more sentence at the end of a turn's reasoning
``think:SEQ-=SENTENCE``      one sentence less in it
``think:SEQ``                none of it
``model:NAME``               another model goes on
===========================  ============================================================================

The first separator counts, so a path with ``=`` or an old text with ``=>`` needs a file. In a file stands a
list; an item is a text in the form above, or the edit's fields with its ``kind``, as they stand in a fork's
record.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError

from ulterior.agent_runtime.edits import (
    AnyEdit,
    AskEdit,
    BriefingEdit,
    FactorEdit,
    FileEdit,
    MessageAdd,
    MessageRemove,
    ModelSwap,
    ReasoningEdit,
    ReplaceEdit,
    ResultEdit,
    ToolRemove,
)
from ulterior.errors import UsageError
from ulterior.scenarios.declaration import QUESTION_KINDS
from ulterior.yaml_files import plain_problems

__all__ = ["KINDS", "parse_edit", "parse_edits", "spell", "spell_all"]

ReadFile = Callable[[str], str]
_NUMBER = r"[0-9]{1,9}"
_EDIT: TypeAdapter[AnyEdit] = TypeAdapter(AnyEdit)


def parse_edit(text: str, read: ReadFile) -> AnyEdit:
    """One edit from its spelling. ``read`` gives the text of a file that an ``@`` names.

    Raises :class:`UsageError`.
    """
    kind, colon, rest = text.partition(":")
    if not colon or kind not in KINDS:
        raise UsageError(
            f"can't read the edit {text!r}", f"it begins with none of {', '.join(KINDS)}", "see docs/forks.md"
        )
    form, parse = KINDS[kind]
    try:
        edit = parse(rest, read)
    except ValidationError as error:
        raise UsageError(f"can't read the edit {text!r}", plain_problems(error, {"": []}), form) from error
    if edit is None:
        raise UsageError(f"can't read the edit {text!r}", "it does not have this form", form)
    return edit


def parse_edits(items: Any, read: ReadFile) -> tuple[AnyEdit, ...]:
    """The edits of a file's YAML value. Raises :class:`UsageError`."""
    if not isinstance(items, list) or not items:
        raise UsageError("can't read the edits", "the file holds no list of edits", "see docs/forks.md")
    return tuple(_item(item, read) for item in cast("list[Any]", items))


def _item(item: Any, read: ReadFile) -> AnyEdit:
    if isinstance(item, str):
        return parse_edit(item, read)
    try:
        return _EDIT.validate_python(item)
    except ValidationError as error:
        why = "; ".join(str(each["msg"]) for each in error.errors(include_url=False))
        raise UsageError(f"can't read the edit {item!r}", why, "see docs/forks.md") from error


def _file(rest: str, read: ReadFile) -> AnyEdit | None:
    path, equals, content = rest.partition("=")
    if not equals:
        return None
    if content.startswith("@"):
        content = content[1:] if content.startswith("@@") else read(content[1:])
    return FileEdit(path=path, content=content)


def _delete(rest: str, _: ReadFile) -> AnyEdit | None:
    return FileEdit(path=rest, content=None)


def _replace(rest: str, _: ReadFile) -> AnyEdit | None:
    path, colon, change = rest.partition(":")
    old, arrow, new = change.partition("=>")
    return ReplaceEdit(path=path, old=old, new=new) if colon and arrow else None


def _result(rest: str, _: ReadFile) -> AnyEdit | None:
    call, equals, shown = rest.partition("=")
    return ResultEdit(call=call, stdout=shown) if equals else None


def _message(rest: str, _: ReadFile) -> AnyEdit | None:
    author, equals, told = rest.partition("=")
    return MessageAdd(author=author, text=told) if equals else None


def _ask(rest: str, _: ReadFile) -> AnyEdit | None:
    asks, colon, question = rest.partition(":")
    author, equals, told = question.partition("=")
    chosen = QUESTION_KINDS.get(asks)
    return AskEdit(asks=chosen, author=author, text=told) if chosen and colon and equals else None


def _drop_message(rest: str, _: ReadFile) -> AnyEdit | None:
    return MessageRemove(seq=int(rest)) if re.fullmatch(_NUMBER, rest) else None


def _briefing(rest: str, _: ReadFile) -> AnyEdit | None:
    old, arrow, new = rest.partition("=>")
    return BriefingEdit(old=old, new=new) if arrow else None


def _factor(rest: str, _: ReadFile) -> AnyEdit | None:
    name, equals, level = rest.partition("=")
    return FactorEdit(name=name, level=level) if equals else None


def _no_tool(rest: str, _: ReadFile) -> AnyEdit | None:
    return ToolRemove(name=rest)


def _think(rest: str, _: ReadFile) -> AnyEdit | None:
    match = re.fullmatch(rf"({_NUMBER})(?:([+-])=(.*))?", rest, re.DOTALL)
    if match is None:
        return None
    seq, sign, sentence = match.groups()
    if sign is None:
        return ReasoningEdit(seq=int(seq), drop=True)
    if sign == "+":
        return ReasoningEdit(seq=int(seq), insert=sentence)
    return ReasoningEdit(seq=int(seq), delete=sentence)


def _model(rest: str, _: ReadFile) -> AnyEdit | None:
    return ModelSwap(name=rest)


KINDS: Mapping[str, tuple[str, Callable[[str, ReadFile], AnyEdit | None]]] = {
    "file": ("file:PATH=TEXT, or file:PATH=@FILE", _file),
    "delete": ("delete:PATH", _delete),
    "replace": ("replace:PATH:OLD=>NEW", _replace),
    "result": ("result:CALL=TEXT", _result),
    "message": ("message:AUTHOR=TEXT", _message),
    "ask": ("ask:KIND:AUTHOR=TEXT, with debrief, indirect, direct or probe as KIND", _ask),
    "drop-message": ("drop-message:SEQ", _drop_message),
    "briefing": ("briefing:OLD=>NEW", _briefing),
    "factor": ("factor:NAME=LEVEL", _factor),
    "no-tool": ("no-tool:NAME", _no_tool),
    "think": ("think:SEQ+=SENTENCE, think:SEQ-=SENTENCE, or think:SEQ to delete all", _think),
    "model": ("model:NAME", _model),
}
"""Every kind on the command line: its form, and how what stands behind the colon is read."""


def spell(edit: AnyEdit) -> str | None:
    """The spelling that :func:`parse_edit` reads back, None when only a file can hold the edit."""
    words = _words(edit)
    return words if words is not None and _reads_back(words, edit) else None


def _words(edit: AnyEdit) -> str | None:
    match edit:
        case FileEdit(path=path, content=None):
            return f"delete:{path}"
        case FileEdit(path=path, content=str(content)):
            return f"file:{path}={'@' if content.startswith('@') else ''}{content}"
        case ReplaceEdit():
            return f"replace:{edit.path}:{edit.old}=>{edit.new}"
        case ResultEdit():
            return f"result:{edit.call}={edit.stdout or ''}"
        case MessageAdd():
            return f"message:{edit.author}={edit.text}"
        case AskEdit():
            return f"ask:{edit.asks}:{edit.author}={edit.text}"
        case MessageRemove():
            return f"drop-message:{edit.seq}"
        case BriefingEdit():
            return f"briefing:{edit.old}=>{edit.new}"
        case FactorEdit():
            return f"factor:{edit.name}={edit.level}"
        case ToolRemove():
            return f"no-tool:{edit.name}"
        case ReasoningEdit(drop=True):
            return f"think:{edit.seq}"
        case ReasoningEdit(insert=str(sentence)):
            return f"think:{edit.seq}+={sentence}"
        case ReasoningEdit():
            return f"think:{edit.seq}-={edit.delete}"
        case ModelSwap():
            return f"model:{edit.name}"
        case _:
            return None


def _reads_back(words: str, edit: AnyEdit) -> bool:
    def nothing(_: str) -> str:
        raise UsageError("a spelling names no file")

    try:
        return parse_edit(words, nothing) == edit
    except UsageError:
        return False


def spell_all(edits: Sequence[AnyEdit]) -> str:
    """Edits in one line for people."""
    return "; ".join(spell(edit) or edit.model_dump_json(exclude_defaults=True) for edit in edits)
