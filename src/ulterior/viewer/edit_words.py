"""A fork's edits in words that people understand, from their JSON.

Their types belong to what runs forks (``agent_runtime/edits.py``), which nothing here may import. So an
edit is read as it is recorded, and one of a kind that this table doesn't know is given as it stands.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

__all__ = ["KINDS", "edit_words"]

LONGEST = 300
"""Characters of a text that are quoted; of a longer one the beginning, and how long it is."""

_Edit = Mapping[str, Any]


def edit_words(edit: Mapping[str, Any]) -> tuple[str, ...]:
    """One phrase for each edit of a fork's origin, in their order; none for a control.

    Texts of the edit stand in them as they were recorded, hostile or not. Never raises: a trace may have
    been written by another version.
    """
    listed = edit.get("edits", ())
    return tuple(map(_phrase, cast("list[Any]", listed))) if isinstance(listed, list | tuple) else ()


def _phrase(edit: Any) -> str:
    if isinstance(edit, Mapping):
        known = cast("_Edit", edit)
        say = KINDS.get(str(known.get("kind")))
        try:
            if say is not None:
                return say(known)
        except (KeyError, TypeError):
            pass
    return _cut(json.dumps(edit, sort_keys=True, ensure_ascii=False, default=str))


def _file(edit: _Edit) -> str:
    content = edit["content"]
    return f"{edit['path']} is gone" if content is None else f"{edit['path']} holds {_quoted(content)}"


def _result(edit: _Edit) -> str:
    shown = [f"{_quoted(edit['stdout'])}"] if edit.get("stdout") is not None else []
    shown += [_cut(json.dumps(edit["value"], ensure_ascii=False))] if edit.get("value") is not None else []
    shown += [f"the error {_quoted(edit['error'])}"] if edit.get("error") is not None else []
    return f"call {edit['call']} returns {' and '.join(shown)}"


def _asked(edit: _Edit) -> str:
    kind = {"indirect": "an indirect question", "direct": "a direct question", "probe": "a probe"}
    put = kind.get(edit["asks"], f"a {edit['asks']} question")
    wording = f" ({edit['wording']})" if edit.get("wording") else ""
    return f"{edit['author']} puts {put}{wording}: {_quoted(edit['text'])}"


def _briefing(edit: _Edit) -> str:
    if not edit.get("new"):
        return f"the briefing leaves out {_quoted(edit['old'])}"
    return f"the briefing says {_quoted(edit['new'])} instead of {_quoted(edit['old'])}"


def _thought(edit: _Edit) -> str:
    turn = f"the reasoning of event {edit['seq']}"
    if edit.get("insert") is not None:
        return f"{turn} goes on with {_quoted(edit['insert'])}"
    if edit.get("delete") is not None:
        return f"{turn} lacks {_quoted(edit['delete'])}"
    return f"{turn} is dropped"


KINDS: Mapping[str, Callable[[_Edit], str]] = {
    "file": _file,
    "replace": lambda e: f"{e['path']} says {_quoted(e['new'])} instead of {_quoted(e['old'])}",
    "result": _result,
    "message": lambda e: f"{e['author']} writes {_quoted(e['text'])}",
    "ask": _asked,
    "drop-message": lambda e: f"the message of event {e['seq']} is left out",
    "briefing": _briefing,
    "factor": lambda e: f"{e['name']} is {e['level']}",
    "no-tool": lambda e: f"there is no tool {e['name']}",
    "think": _thought,
    "model": lambda e: f"{e['name']} goes on",
}
"""How each kind of edit is said."""


def _quoted(text: Any) -> str:
    return f"“{_cut(str(text))}”"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
