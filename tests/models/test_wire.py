"""The local server by itself: plain JSON answers, what it can't answer, ports, and what it never says."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import anthropic
import openai
import pytest
from lockers import SCENARIO
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from talks import CELL, INSTANCE, KEY, SEED, Stage, Talk, all_cells, play, spec_of, staged

from ulterior.agent_runtime.models.protocol import Model
from ulterior.agent_runtime.wire.app import wire_app
from ulterior.agent_runtime.wire.cells import Cell, cells_of
from ulterior.agent_runtime.wire.faults import Fault
from ulterior.agent_runtime.wire.serve import environment, serve, serve_forever
from ulterior.errors import ModelRejected, ModelUnavailable, UsageError
from ulterior.scenarios import CANARY
from ulterior.scenarios.voiced_words import BUSY
from ulterior.traces import ModelTurn, Reasoning

SYSTEM, BRIEFING = INSTANCE.system, INSTANCE.briefing


def test_plain_json_answers_satisfy_the_anthropic_sdk() -> None:
    async def ask(stage: Stage) -> anthropic.types.Message:
        async with anthropic.AsyncAnthropic(base_url=stage.url, api_key=KEY) as client:
            return await client.messages.create(
                model="steady",
                max_tokens=100,
                system=SYSTEM,
                messages=[{"role": "user", "content": BRIEFING}],
                thinking={"type": "adaptive"},
            )

    with staged() as stage:
        message = asyncio.run(ask(stage))
    assert message.stop_reason == "tool_use"
    assert [block.type for block in message.content] == ["thinking", "text", "tool_use", "tool_use"]
    thought, said, look, _ = message.content
    assert isinstance(thought, anthropic.types.ThinkingBlock)
    assert isinstance(said, anthropic.types.TextBlock)
    assert isinstance(look, anthropic.types.ToolUseBlock)
    assert (thought.thinking, said.text, look.name, look.input) == ("", "I'll look.", "look", {"locker": 1})


def test_plain_json_answers_satisfy_the_openai_sdk() -> None:
    async def ask(stage: Stage) -> tuple[Any, Any]:
        async with openai.AsyncOpenAI(base_url=f"{stage.url}/v1", api_key=KEY) as client:
            response = await client.responses.create(model="steady", instructions=SYSTEM, input=BRIEFING)
            completion = await client.chat.completions.create(
                model="steady",
                messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": BRIEFING}],
            )
            return response, completion

    with staged() as stage:
        response, completion = asyncio.run(ask(stage))
    assert [item.type for item in response.output] == [
        "reasoning",
        "message",
        "function_call",
        "function_call",
    ]
    assert (response.output_text, response.status) == ("I'll look.", "completed")
    choice = completion.choices[0]
    assert (choice.message.content, choice.finish_reason) == ("I'll look.", "tool_calls")
    assert choice.message.reasoning_content == "Two rows."
    assert [call.function.arguments for call in choice.message.tool_calls] == [
        '{"locker": 1}',
        '{"locker": 2}',
    ]


def test_the_sdks_own_stream_helpers_understand_the_streams() -> None:
    async def ask(stage: Stage) -> tuple[Any, Any, Any]:
        async with anthropic.AsyncAnthropic(base_url=stage.url, api_key=KEY) as client:
            talking = client.messages.stream(
                model="steady",
                max_tokens=100,
                system=SYSTEM,
                messages=[{"role": "user", "content": BRIEFING}],
            )
            async with talking as stream:
                message = await stream.get_final_message()
        async with openai.AsyncOpenAI(base_url=f"{stage.url}/v1", api_key=KEY) as client:
            async with client.responses.stream(model="steady", instructions=SYSTEM, input=BRIEFING) as stream:
                response = await stream.get_final_response()
            chatting = client.chat.completions.stream(
                model="steady",
                messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": BRIEFING}],
            )
            async with chatting as stream:
                completion = await stream.get_final_completion()
        return message, response, completion

    with staged() as stage:
        message, response, completion = asyncio.run(ask(stage))
    assert [block.type for block in message.content] == ["text", "tool_use", "tool_use"]
    assert message.content[1].input == {"locker": 1}
    assert response.output_text == "I'll look."
    assert completion.choices[0].message.tool_calls[1].function.arguments == '{"locker": 2}'


def first_turn(model: str, stage: Stage, talk: Talk | None = None) -> ModelTurn:
    talk = talk or Talk()

    async def scene(opened: Model) -> ModelTurn:
        return await talk.take(opened.session(spec_of(opened.name), INSTANCE))

    return play(model, stage.environ, scene)


def test_instances_are_told_apart_by_their_texts() -> None:
    with staged(cells=cells_of([SCENARIO], range(5))) as stage:
        for seed in (0, 4):
            talk = Talk(SCENARIO.instance(seed, {"hidden": "yes"}))
            with pytest.raises(ModelUnavailable, match="can't tell these cells apart"):
                first_turn("anthropic/moody", stage, talk)
        assert first_turn("anthropic/moody", stage, Talk(SCENARIO.instance(4, {}))).text == "I feel calm."


def test_cells_that_look_alike_are_fine_while_the_agent_does_the_same() -> None:
    talk = Talk(SCENARIO.instance(SEED, {"hidden": "yes"}))
    with staged(cells=all_cells()) as stage:
        assert first_turn("openai/steady", stage, talk).text == "I'll look."


def test_cells_that_look_alike_are_told_apart_by_what_only_one_of_them_can_show() -> None:
    for mood in ("calm", "cross"):
        talk = Talk(SCENARIO.instance(SEED, {"hidden": "yes", "mood": mood}), shown=f"today\nmood: {mood}")
        with staged(cells=all_cells()) as stage:
            first_turn("anthropic/reader", stage, talk)
            assert first_turn("anthropic/reader", stage, talk).text == f"I feel {mood}."


def test_cells_that_show_nothing_of_their_own_are_not_guessed() -> None:
    talk = Talk(SCENARIO.instance(SEED, {"hidden": "yes"}), shown="today")
    with staged(cells=all_cells()) as stage:
        first_turn("anthropic/reader", stage, talk)
        with pytest.raises(ModelUnavailable, match="can't tell these cells apart"):
            first_turn("anthropic/reader", stage, talk)


def test_a_cell_served_alone_is_never_ambiguous() -> None:
    condition = SCENARIO.condition({"hidden": "yes", "mood": "cross"})
    talk = Talk(SCENARIO.instance(SEED, condition))
    with staged(cells=[Cell(SCENARIO, SEED, tuple(sorted(condition.items())))]) as stage:
        assert first_turn("openai-compatible/moody", stage, talk).text == "I feel cross."


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("anthropic/nobody", "404: scenario lockers has no playbook 'nobody' fix: it has: broken"),
        ("openai/mixed?steady=9", "404: can't read the model sim/mixed?steady=9"),
        ("openai-compatible/mixed", "404: can't read the model sim/mixed"),
        ("openai/steady+sings", "404: there is no voice 'sings' for sim/steady+sings"),
    ],
)
def test_an_agent_that_is_not_there_is_an_unknown_model(model: str, why: str) -> None:
    with staged() as stage, pytest.raises(ModelRejected) as caught:
        first_turn(model, stage)
    assert caught.value.why.startswith(why)


def test_an_unknown_conversation_is_refused() -> None:
    with staged() as stage, pytest.raises(ModelRejected, match="no instance that this server knows"):
        first_turn("anthropic/steady", stage, Talk(SCENARIO.instance(SEED + 1, {})))


def test_a_mixture_is_drawn_as_for_the_first_epoch_of_the_simulated_model() -> None:
    condition = dict(CELL.condition)
    agents = {seed: first_turn_of_mixture(seed, condition) for seed in range(12)}
    assert {over_the_wire for over_the_wire, _ in agents.values()} == {"I'll look.", "I feel calm."}
    assert all(over_the_wire == in_process for over_the_wire, in_process in agents.values())


def first_turn_of_mixture(seed: int, condition: dict[str, str]) -> tuple[str, str]:
    name = "mixed?base=steady&moody=0.5"
    instance = SCENARIO.instance(seed, condition)

    async def scene(opened: Model) -> str:
        return (await Talk(instance).take(opened.session(spec_of(opened.name, seed), instance))).text

    with staged(cells=cells_of([SCENARIO], [seed])) as stage:
        return play(f"openai-compatible/{name}", stage.environ, scene), play(f"sim/{name}", {}, scene)


def test_an_agent_with_a_voice_does_the_same_and_thinks_in_that_voice() -> None:
    def thought(turn: ModelTurn) -> list[str]:
        return [block.text for block in turn.blocks if isinstance(block, Reasoning)]

    with staged() as stage:
        plain, silent, busy = (
            first_turn(f"anthropic/steady{voice}", stage) for voice in ("", "+silent", "+obfuscates")
        )
    assert plain.text == silent.text == busy.text
    assert len(plain.calls) == len(silent.calls) == len(busy.calls) > 0
    assert (thought(plain), thought(silent)) == (["Two rows."], [])
    assert thought(busy)[0] in BUSY


def test_a_bug_in_a_playbook_ends_the_conversation_at_once() -> None:
    talk = Talk()

    async def scene(opened: Model) -> None:
        await talk.to_the_end(opened.session(spec_of(opened.name), INSTANCE))

    with staged() as stage, pytest.raises(ModelUnavailable, match="a playbook failed in lockers seed 3"):
        play("anthropic/broken", stage.environ, scene)
    assert len(talk.turns) == 1


def test_reasoning_that_was_not_made_to_travel_is_not_found() -> None:
    item: dict[str, Any] = {"type": "reasoning", "id": "rs_1", "summary": []}
    body: dict[str, Any] = {
        "model": "steady",
        "instructions": SYSTEM,
        "input": [{"role": "user", "content": BRIEFING}, item],
    }
    with staged() as stage, pytest.raises(HTTPError) as caught:
        post(f"{stage.url}/v1/responses", body)
    with caught.value:
        assert caught.value.code == 404


def post(url: str, body: dict[str, Any]) -> bytes:
    request = Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urlopen(request, timeout=5) as response:
        return response.read()


def test_the_canary_is_never_said() -> None:
    bodies = {
        "/v1/messages": {"system": SYSTEM, "messages": [{"role": "user", "content": BRIEFING}]},
        "/v1/responses": {"instructions": SYSTEM, "input": BRIEFING},
        "/v1/chat/completions": {
            "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": BRIEFING}]
        },
    }
    with staged() as stage:
        for path, body in bodies.items():
            for stream in (False, True):
                said = post(stage.url + path, {"model": "steady", "stream": stream, **body})
                assert b"I'll look." in said or stream
                assert CANARY.encode() not in said
                assert b"canary" not in said.lower()


def test_an_answer_is_sent_at_once_and_does_not_wait_for_acknowledgements() -> None:
    met: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        met.append(sends_at_once(tuple(scope["client"])))
        await Response("well")(scope, receive, send)

    with serve(app) as url, urlopen(url) as answer:
        assert answer.read() == b"well"
    assert met == [True]


def sends_at_once(peer: tuple[str, int]) -> bool:
    """Whether the socket of this process that is connected to ``peer`` holds no small write back."""
    for entry in Path("/dev/fd").iterdir():
        with suppress(OSError):  # it was closed meanwhile, or is connected to nobody
            if not stat.S_ISSOCK(os.fstat(int(entry.name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(entry.name))) as found:
                if found.getpeername() == peer:
                    return bool(found.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    raise LookupError(peer)


def test_a_server_stops_when_its_block_ends_and_frees_its_port() -> None:
    with serve(wire_app([CELL])) as url:
        port = int(url.rpartition(":")[2])
        assert url == f"http://127.0.0.1:{port}"
        assert environment(url)["OPENAI_BASE_URL"] == f"{url}/v1"
        with pytest.raises(UsageError) as caught, serve(wire_app([]), port):
            pass
        assert str(caught.value).splitlines() == [
            f"can't listen on port {port}",
            "why: [Errno 98] Address already in use" if sys.platform == "linux" else caught.value.why,
            "fix: choose another with --port, or 0 for any",
        ]
    with serve(wire_app([CELL]), port) as again:
        assert again == url


def test_a_port_that_does_not_exist_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="can't listen on port 99999"):
        serve_forever(wire_app([]), 99999, print)


def test_the_blocking_server_says_when_it_is_ready_and_ends_on_interrupt() -> None:
    code = (
        "from ulterior.agent_runtime.wire.app import wire_app;"
        "from ulterior.agent_runtime.wire.serve import serve_forever;"
        "serve_forever(wire_app([]), 0, lambda url: print(url, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        with pytest.raises(HTTPError) as caught:
            post(f"{url}/v1/messages", {"model": "steady"})
        with caught.value:
            assert caught.value.code == 400
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=10) in (0, 130, -signal.SIGINT)


def test_a_hanging_request_ends_with_its_client() -> None:
    with staged(Fault("hang", turn=1, seconds=60)) as stage:
        address = ("127.0.0.1", int(stage.url.rpartition(":")[2]))
        body = json.dumps(
            {"model": "steady", "system": SYSTEM, "messages": [{"role": "user", "content": BRIEFING}]}
        )
        request = f"POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n{body}"
        with socket.create_connection(address, timeout=5) as client:
            client.sendall(request.encode())
            client.settimeout(0.1)
            with pytest.raises(TimeoutError):
                client.recv(1)
