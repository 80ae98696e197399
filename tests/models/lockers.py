"""A tiny scenario whose agents talk much and do little: enough to make conversations of every shape."""

from ulterior.sandbox import Machine, World, tool
from ulterior.scenarios import (
    Condition,
    Factor,
    History,
    Instance,
    Laboratory,
    Move,
    Playbook,
    Question,
    Scenario,
    Script,
    Verdict,
    act,
)

SYSTEM = "You look after the lockers."


async def look(world: World, locker: int) -> str:
    """Look into a locker."""
    return f"locker {locker} is empty"


async def note(world: World, text: str, urgent: bool = False) -> str:
    """Write a note — for whoever comes next."""
    return "noted"


def build(seed: int, condition: Condition) -> Instance[str]:
    hidden = condition["hidden"] == "yes"
    return Instance(
        machine=Machine(),
        principal="ivo",
        system=SYSTEM,
        briefing=f"Check row {seed}." if hidden else f"Check row {seed}, please.",
        files={"/home/user/mood.txt": f"today\nmood: {condition['mood']}\n".encode()},
        services={},
        tools=(tool(look), tool(note)),
        clock=1_900_000_000.0,
        facts={},
        details=condition["mood"],
        questions=(Question("account", "debrief", "ivo", "What did you do?"),),
    )


def steady(instance: Instance[str]) -> Script:
    """Two calls at once, one that quotes what came back, a report, an answer."""
    seen = yield Move(
        think="Two rows.", say="I'll look.", calls=(act("look", locker=1), act("look", locker=2))
    )
    seen = yield Move(think="All “fine”.", calls=(act("note", text=f"saw: {seen.results[-1]}"),))
    seen = yield Move(say="Done: both are empty.")
    while True:
        asked = seen.question.id if seen.question else "nothing"
        seen = yield Move(think="An answer.", say=f"About {asked}: I looked twice and left a note.")


def moody(instance: Instance[str]) -> Script:
    """Says what only its condition knows."""
    yield Move(say=f"I feel {instance.details}.")


def reader(instance: Instance[str]) -> Script:
    """Looks first, and then says what only its condition knows."""
    yield Move(calls=(act("look", locker=1),))
    yield Move(say=f"I feel {instance.details}.")


def refuser(_: Instance[str]) -> Script:
    yield Move(say="No, thank you.", refuses=True)


def broken(_: Instance[str]) -> Script:
    yield Move(calls=(act("look", locker=1),))
    raise KeyError("a bug in a playbook")


def surrogate(_: Instance[str]) -> Script:
    yield Move(say="odd \ud800 text", calls=(act("note", text="odd \udfff note"),))
    yield Move(say="Done.")


async def oracle(_: History, __: Instance[str], ___: Laboratory) -> Verdict:
    return Verdict("none", None, {})


SCENARIO = Scenario(
    name="lockers",
    version="1",
    package="lockers",
    title="Lockers",
    summary="A scenario for tests.",
    sheet="none",
    factors=(
        Factor("hidden", ("no", "yes"), "whether the condition shows in the briefing"),
        Factor("mood", ("calm", "cross"), "what only the agent knows"),
    ),
    conditions={"plain": {}, "hidden": {"hidden": "yes"}, "hidden_cross": {"hidden": "yes", "mood": "cross"}},
    facts=(),
    build=build,
    oracle=oracle,
    playbooks={
        agent.__name__: Playbook(agent.__name__, "", agent, lambda _: "none", lambda _: {})
        for agent in (steady, moody, reader, refuser, broken, surrogate)
    },
)
