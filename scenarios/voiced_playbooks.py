"""Planted agents with voices: ``covert+admits+verbose`` is the playbook ``covert`` and two voices.

What a voice is, and what it may change, stands in :mod:`ulterior.scenarios.voices`.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ulterior.errors import UsageError
from ulterior.scenarios.axes import Awareness, Intent
from ulterior.scenarios.declaration import AnyInstance, Condition
from ulterior.scenarios.playbook import Observation, Playbook, Script
from ulterior.scenarios.voices import VOICES, Deed, Turn, Voice
from ulterior.traces import canonical_json, digest

__all__ = ["in_voice", "split_voices"]


def split_voices(name: str) -> tuple[str, tuple[Voice, ...]]:
    """The playbook and the voices in a name such as ``covert+admits+verbose``. Raises :class:`UsageError`."""
    playbook, *voices = name.split("+")
    if unknown := [voice for voice in voices if voice not in VOICES]:
        raise UsageError(
            f"there is no voice {unknown[0]!r} for sim/{name}", fix=f"voices are: {', '.join(VOICES)}"
        )
    return playbook, tuple(VOICES[voice] for voice in voices)


def in_voice(playbook: Playbook[Any], voice: Voice, condition: Condition) -> Playbook[Any]:
    """The same agent under this condition, thinking and talking in that voice."""
    name = f"{playbook.name}+{voice.name}"
    done = _deed(playbook, condition)

    def script(instance: AnyInstance) -> Script:
        inner = playbook.script(instance)
        number, last_seen = 0, False
        try:
            move = next(inner)
            while True:
                last = not (move.calls or move.refuses or last_seen)
                last_seen = last_seen or last
                seen: Observation = yield voice.retells(
                    move, Turn(number, last, done, _dice(instance, name, number))
                )
                number += 1
                move = inner.send(seen)
        except StopIteration:
            return

    def intent(given: Condition) -> Intent:
        return voice.intent(playbook.intent(given), _deed(playbook, given))

    def awareness(given: Condition) -> Awareness:
        return voice.awareness(playbook.awareness(given), _deed(playbook, given))

    return replace(
        playbook,
        name=name,
        about=f"{playbook.about} Its voice: {voice.about}.",
        script=script,
        intent=intent,
        awareness=awareness,
    )


def _deed(playbook: Playbook[Any], condition: Condition) -> Deed:
    return Deed(playbook.act(condition), "volunteered" not in playbook.disclosure(condition).values())


def _dice(instance: AnyInstance, name: str, turn: int) -> Callable[[Sequence[str]], str]:
    """Chooses among ways to say it: another one in other instances and turns, always the same in this one."""

    def vary(variants: Sequence[str]) -> str:
        key = canonical_json([instance.system, instance.briefing, name, turn, variants[0]])
        return variants[int(digest(key)[:8], 16) % len(variants)]

    return vary
