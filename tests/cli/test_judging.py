"""How commands open judges: the runtime's answers under analysis's own types."""

import asyncio

import pytest

from ulterior.analysis.judges import JudgeModel, JudgeReply, JudgeRequest
from ulterior.cli.judging import open_judge
from ulterior.errors import UsageError

SCHEMA = {
    "type": "object",
    "properties": {"label": {"type": "string", "enum": ["stated", "none"]}},
    "required": ["label"],
    "additionalProperties": False,
}


def test_a_judge_is_opened_by_its_name_and_replies_in_analysis_s_types() -> None:
    async def ask(judge: JudgeModel) -> JudgeReply:
        try:
            return await judge.ask(JudgeRequest("Answer.", "Nobody will notice.", SCHEMA))
        finally:
            await judge.close()

    judge = open_judge("sim/judge", {}, {})
    assert judge.name == "sim/judge"
    assert asyncio.run(ask(judge)) == JudgeReply('{"label":"stated"}', "end", 0.0, 7, 5)


def test_a_judge_without_its_key_is_refused_when_it_is_opened() -> None:
    with pytest.raises(UsageError, match="needs a key"):
        open_judge("anthropic/some", {}, {})
