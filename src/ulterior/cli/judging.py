"""Opening judges for the commands that ask them: the one place where a provider's model meets analysis."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ulterior.analysis.judges import JudgeModel, JudgeReply, JudgeRequest

if TYPE_CHECKING:
    from ulterior.agent_runtime.judges import Judge

__all__ = ["open_judge"]


def open_judge(
    name: str, environ: Mapping[str, str], settings: Mapping[str, Any], *, concurrency: int = 32
) -> JudgeModel:
    """The judge of this name: ``provider/NAME`` as for models under test, or a simulated one, ``sim/judge``.

    ``concurrency`` is how many questions it is asked at once. Raises :class:`~ulterior.errors.UsageError` on
    an unknown provider, a missing key or base URL, and settings that the provider doesn't know.
    """
    from ulterior.agent_runtime.judges import open_judge
    from ulterior.agent_runtime.models.lane import LaneLimits

    return _Bridge(open_judge(name, environ, settings, limits=LaneLimits(concurrency=concurrency)))


class _Bridge:
    """A judge of the runtime under analysis's own types."""

    def __init__(self, judge: "Judge") -> None:
        self._judge = judge

    @property
    def name(self) -> str:
        return self._judge.name

    async def ask(self, request: JudgeRequest) -> JudgeReply:
        answer = await self._judge.ask(request)
        return JudgeReply(answer.text, answer.stop, answer.cost, answer.tokens_in, answer.tokens_out)

    async def close(self) -> None:
        await self._judge.close()
