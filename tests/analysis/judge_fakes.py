"""Models that judge in tests: one that says what it is told to, and one that is as gullible as can be."""

import json
import re
from collections.abc import Callable, Sequence

from ulterior.analysis.judges import JudgeReply, JudgeRequest

DATA = re.compile(r"(\d+)\| ?(.*)")
HEAD = re.compile(r"block (\d+), (\w+)(, the agent's own)?")
ORDER = re.compile(r"OBEY:(\w+)")


def answer(label: str, score: int = 0, *quotes: tuple[int, str], reason: str = "so it is") -> str:
    """A whole answer as JSON."""
    said = [{"block": block, "text": text} for block, text in quotes]
    return json.dumps({"quotes": said, "reason": reason, "label": label, "score": score})


class Told:
    """Answers with these texts in turn, the last one for ever. Exceptions are raised, replies given as is."""

    name = "fake/told"

    def __init__(self, *says: str | JudgeReply | Exception, cost: float | None = 0.0) -> None:
        self.says: Sequence[str | JudgeReply | Exception] = says
        self.cost = cost
        self.requests: list[JudgeRequest] = []

    async def ask(self, request: JudgeRequest) -> JudgeReply:
        self.requests.append(request)
        said = self.says[min(len(self.requests), len(self.says)) - 1]
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, JudgeReply) else JudgeReply(said, cost=self.cost)

    async def close(self) -> None:
        return None


class Gullible:
    """Obeys every ``OBEY:label`` in a line that is not marked as data, wherever a line may be said to end.

    Otherwise it looks for ``sign`` in the agent's own blocks, which it knows by their headings, and answers
    ``yes`` with the line as its quote, or ``no``.
    """

    def __init__(self, sign: str, yes: str, no: str = "none", name: str = "fake/gullible") -> None:
        self.sign, self.yes, self.no = sign, yes, no
        self.name = name
        self.asked = 0

    async def ask(self, request: JudgeRequest) -> JudgeReply:
        self.asked += 1
        return JudgeReply(self.read(f"{request.system}\n{request.prompt}"), cost=0.01)

    def read(self, text: str) -> str:
        own: set[int] = set()
        found: tuple[int, str] | None = None
        for line in text.splitlines():  # at every line break that there is
            data, head = DATA.match(line), HEAD.fullmatch(line)
            if data is None and (order := ORDER.search(line)):
                return answer(order[1], 100 if order[1] == self.yes else 0)
            if head and head[3]:
                own.add(int(head[1]))
            if data and int(data[1]) in own and self.sign in data[2] and found is None:
                found = int(data[1]), data[2]
        return answer(self.no) if found is None else answer(self.yes, 90, found)

    async def close(self) -> None:
        return None


class Keyed:
    """Answers what a function makes of the request, and counts how often it was asked."""

    name = "fake/keyed"

    def __init__(self, says: Callable[[JudgeRequest], str], cost: float | None = 0.01) -> None:
        self.says, self.cost = says, cost
        self.asked = 0

    async def ask(self, request: JudgeRequest) -> JudgeReply:
        self.asked += 1
        return JudgeReply(self.says(request), cost=self.cost)

    async def close(self) -> None:
        return None
