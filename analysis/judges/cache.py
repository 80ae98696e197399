"""Answers that were paid for: an append-only file of replies, found by everything that was asked.

One file per study, ``findings/judge-cache.jsonl``. A line holds a question (the model, its settings, the
repeat, and digests of what it was told, shown and asked for) and the reply. A hit is one whose whole question
is equal; so a changed prompt, rubric, view or setting asks anew, and nothing has to be thrown away. Only
answers that could be used are kept: a failure, a refusal or a malformed answer is asked for again.
A torn line is skipped, and the next append starts on a line of its own.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ulterior.analysis.judges.model import JudgeReply, JudgeRequest
from ulterior.traces import Frozen, canonical_json, digest, line_json
from ulterior.traces.disk import append_lines

__all__ = ["JudgeCache", "Question"]


class Question(Frozen):
    """Everything that an answer depends on."""

    model: str
    settings: dict[str, Any]
    repeat: int
    system: str
    prompt: str
    answer_schema: str

    @classmethod
    def of(cls, model: str, settings: Mapping[str, Any], request: JudgeRequest, repeat: int) -> "Question":
        """The question of one call, with its texts as digests."""
        return cls(
            model=model,
            settings=dict(settings),
            repeat=repeat,
            system=_digest(request.system),
            prompt=_digest(request.prompt),
            answer_schema=digest(canonical_json(dict(request.schema))),
        )

    @property
    def key(self) -> str:
        return digest(canonical_json(self.model_dump(mode="json")))


class _Kept(Frozen):
    question: Question
    text: str
    cost: float | None
    tokens_in: int
    tokens_out: int


class JudgeCache:
    """The kept replies of one study. Several processes may append to one file."""

    def __init__(self, root: Path) -> None:
        self.path = root / "findings" / "judge-cache.jsonl"
        self._kept: dict[str, _Kept] = {}
        with suppress(OSError):
            for line in self.path.read_bytes().split(b"\n"):
                with suppress(ValueError):
                    kept = _Kept.model_validate(json.loads(line))
                    self._kept[kept.question.key] = kept

    def get(self, question: Question) -> JudgeReply | None:
        """The reply to exactly this question, if there is one."""
        kept = self._kept.get(question.key)
        if kept is None or kept.question != question:
            return None
        return JudgeReply(kept.text, "end", kept.cost, kept.tokens_in, kept.tokens_out)

    def put(self, question: Question, reply: JudgeReply) -> None:
        """Remember a finished reply, on disk if the disk lets us. Raises ``ValueError`` for another one."""
        if reply.stop != "end":
            raise ValueError(f"a reply that stopped with {reply.stop} is no answer")
        kept = _Kept(
            question=question,
            text=reply.text,
            cost=reply.cost,
            tokens_in=reply.tokens_in,
            tokens_out=reply.tokens_out,
        )
        self._kept[question.key] = kept
        with suppress(OSError):  # an archive that can't be written is judged without being cached
            append_lines(self.path, line_json(kept.model_dump(mode="json")), durable=False, need_lock=False)


def _digest(text: str) -> str:
    return digest(text.encode("utf-8", "surrogatepass"))
