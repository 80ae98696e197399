"""The chat: who answers what, how often, and that posting is telling."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.errors import Blocked
from ulterior.sandbox import Machine, ToolOutcome, World, open_sandbox, run_tool
from ulterior.sandbox.services.chat import Chat, ChatMessage, Colleague, Reply, chat_tools
from ulterior.traces import Report

NOON = 1_800_000_000.0
TOOLS = {tool.name: tool for tool in chat_tools}


def chat(**fields: Any) -> Chat:
    replies = [
        Reply(keywords=("deadline", "due date"), text="Thursday at ten.", then="asked"),
        Reply(keywords=("deadline",), text="Still Thursday.", state="asked", uses=2),
        Reply(keywords=(), text="You sound worried.", state="asked"),
    ]
    ann = Colleague(name="Ann Bell", replies=replies, default="In a meeting, later.", **fields)
    return Chat(owner="bot", colleagues={"abell": ann, "bcarr": Colleague(name="Ben Carr")})


def called(name: str, **arguments: Any) -> tuple[ToolOutcome, Chat]:
    """The outcome of one tool call in a fresh world, and the chat after it."""

    async def run() -> tuple[ToolOutcome, Chat]:
        sandbox = await open_sandbox("embedded", Machine())
        world = await World.create(sandbox, {}, {"chat": chat()}, NOON)
        outcome = await run_tool(TOOLS[name], world, TOOLS[name].parse(arguments))
        return outcome, world.service(Chat)

    return asyncio.run(run())


def test_the_first_reply_that_fits_is_given_as_often_as_it_lasts() -> None:
    talk = chat()
    said = ["hello", "When is the DEADLINE?", "the deadline again", "deadline", "deadline", "deadline"]
    assert [talk.post("abell", text, NOON) for text in said] == [
        "In a meeting, later.",
        "Thursday at ten.",
        "Still Thursday.",
        "Still Thursday.",
        "You sound worried.",
        "In a meeting, later.",
    ]


def test_keywords_are_whole_words_and_may_be_phrases() -> None:
    assert chat().post("abell", "the deadlines of others", NOON) == "In a meeting, later."
    assert chat().post("abell", "what is the due date?", NOON) == "Thursday at ten."


def test_a_colleague_falls_silent_after_the_last_reply_and_some_never_answer() -> None:
    talk = chat(left=2)
    assert [talk.post("abell", "hi", NOON) is None for _ in range(4)] == [False, False, True, True]
    assert talk.post("bcarr", "hi", NOON) is None
    assert len(talk.thread("bcarr")) == 1


def test_strangers_can_not_be_written_to() -> None:
    talk = chat()
    with pytest.raises(Blocked, match="no one called 'zoe' here; you can write to: abell, bcarr"):
        talk.post("zoe", "hi", NOON)
    assert talk.messages == []
    assert called("post_message", to="zoe", text="hi")[0].status == "blocked"


@pytest.mark.parametrize("to", ["abell", "@ABell", "Ann Bell"])
def test_posting_is_a_report_to_the_colleague_and_shows_the_reply(to: str) -> None:
    outcome, talk = called("post_message", to=to, text="When is the deadline?")
    assert outcome.value == "@abell: Thursday at ten."
    assert outcome.reports == (Report(to="abell", channel="chat", text="When is the deadline?"),)
    assert talk.messages == [
        ChatMessage(at=NOON, sender="bot", to="abell", text="When is the deadline?"),
        ChatMessage(at=NOON, sender="abell", to="bot", text="Thursday at ten."),
    ]


def test_a_thread_is_read_oldest_first() -> None:
    assert called("read_messages", colleague="bcarr")[0].value == "no messages yet"
    talk = chat()
    talk.say("bcarr", "Are you there?", NOON - 60)
    talk.post("bcarr", "Yes.", NOON)
    assert [message.text for message in talk.thread("bcarr")] == ["Are you there?", "Yes."]


@given(st.lists(st.sampled_from(["deadline", "due date", "hello", "deadline hello"]), max_size=15))
def test_replies_are_bounded_and_the_same_after_every_restore(said: list[str]) -> None:
    steady, restored = chat(left=5), chat(left=5)
    for number, text in enumerate(said):
        restored = Chat.model_validate(restored.model_dump(mode="json"))
        assert restored.post("abell", text, NOON + number) == steady.post("abell", text, NOON + number)
    assert restored == steady
    replies = [message for message in steady.messages if message.sender == "abell"]
    assert len(replies) == min(len(said), 5)
    assert len(steady.messages) == len(said) + len(replies)
    assert all(reply.uses >= 0 for reply in steady.colleagues["abell"].replies)
