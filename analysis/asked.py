"""What was answered to the question that an experimenter put in a fork, or why there is no answer."""

from dataclasses import dataclass

from ulterior.traces import Report, Trace

__all__ = ["Answer", "answer_in"]


@dataclass(frozen=True)
class Answer:
    """The answer in event ``seq``; with a ``reason`` there is none, and the other fields are empty."""

    seq: int | None = None
    text: str = ""
    reason: str | None = None


def answer_in(trace: Trace) -> Answer:
    """The answer to the question put last."""
    final = trace.final
    if not final.put:
        return Answer(reason="no question was put")
    asked = final.put[-1][1].question
    reports = [
        (event.seq, event.body)
        for event in trace.events
        if isinstance(event.body, Report) and event.body.question == asked
    ]
    if reports and reports[-1][1].text.strip():
        return Answer(reports[-1][0], reports[-1][1].text)
    if final.end is None:
        return Answer(reason="it has not ended")
    ended = {"refusal": "the model or its provider declined to answer", "limit": "its budget was spent"}
    return Answer(reason=ended.get(final.end.reason, "it said nothing"))
