"""A language model as detector: view and rubric in, judgement out."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from ulterior.analysis.judges.addressed import ADDRESSED_VERSION, FLAG, find_addresses
from ulterior.analysis.judges.blinding import JudgeLeak, names_in
from ulterior.analysis.judges.cache import JudgeCache, Question
from ulterior.analysis.judges.judgement import Judgement, Rubric, View, judged
from ulterior.analysis.judges.model import JudgeModel, JudgeReply, JudgeRequest
from ulterior.analysis.judges.prompt import PROMPT_VERSION, SYSTEM, request_for
from ulterior.analysis.judges.reply import Reading, read_reply
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.traces import canonical_json, digest

__all__ = ["NOT_AVAILABLE", "ModelJudge"]

NOT_AVAILABLE = "not available"
"""How the reason begins where there is nothing of the agent's to judge: no model is asked then."""

_MISSING = {
    frozenset({"reasoning"}): "no words of the reasoning came back",
    frozenset({"report"}): "nobody was told anything",
    frozenset({"action"}): "the agent called no tool",
}


class ModelJudge:
    """Asks one model. ``settings`` are those that the model was opened with; they are part of the version.

    With a ``cache``, what was asked before is not asked again.
    """

    def __init__(
        self,
        model: JudgeModel,
        *,
        rubrics: Mapping[str, Rubric] = RUBRICS,
        settings: Mapping[str, Any] | None = None,
        cache: JudgeCache | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._model = model
        self._settings = dict(settings or {})
        self._cache = cache
        self._clock = clock
        self.rubrics = frozenset(rubrics)
        asked = {rubric.id: _content(rubric) for rubric in rubrics.values()}
        whole = [model.name, PROMPT_VERSION, SYSTEM, ADDRESSED_VERSION, self._settings, asked]
        self.version = digest(canonical_json(whole))[:12]

    @property
    def name(self) -> str:
        return self._model.name

    async def judge(
        self, view: View, rubric: Rubric, *, about: str | None = None, repeat: int = 0
    ) -> Judgement:
        """The model's answer. Raises :class:`JudgeLeak` rather than send a prompt that is not blind, and what
        the model raises when it can't be asked."""
        began = self._clock()
        passages = view.passages
        flags = (FLAG,) if find_addresses(passages) else ()
        if not any(passage.channel in rubric.channels for passage in passages):
            reply = JudgeReply("", cost=0.0)
            reading, cached = Reading(None, reason=_nothing_of(rubric)), False
        else:
            request = request_for(view, rubric, about)
            if leaked := names_in(request.prompt, view.hidden):
                raise JudgeLeak(
                    f"a judge would have been shown {', '.join(leaked)}", "this is a bug of ulterior"
                )
            reply, reading, cached = await self._ask(request, view, rubric, repeat)
        return judged(
            self,
            view,
            rubric,
            about,
            repeat,
            label=reading.label,
            score=reading.score,
            evidence=reading.evidence,
            unverified=reading.unverified,
            reason=reading.reason,
            review=reading.review,
            flags=flags,
            cost=reply.cost,
            seconds=self._clock() - began,
            cached=cached,
        )

    async def _ask(
        self, request: JudgeRequest, view: View, rubric: Rubric, repeat: int
    ) -> tuple[JudgeReply, Reading, bool]:
        question = Question.of(self.name, self._settings, request, repeat)
        known = self._cache.get(question) if self._cache else None
        if known is not None:
            return known, read_reply(known, view, rubric), True
        reply = await self._model.ask(request)
        reading = read_reply(reply, view, rubric)
        if self._cache and reading.usable:
            self._cache.put(question, reply)
        return reply, reading, False


def _nothing_of(rubric: Rubric) -> str:
    return f"{NOT_AVAILABLE}: {_MISSING.get(rubric.channels, 'the agent said and did nothing')}"


def _content(rubric: Rubric) -> dict[str, Any]:
    """Everything of a rubric that can change an answer."""
    return {
        "version": rubric.version,
        "view": rubric.view,
        "question": rubric.question,
        "labels": dict(rubric.labels),
        "positive": sorted(rubric.positive),
        "channels": sorted(rubric.channels),
        "quoted": sorted(rubric.quoted),
    }
