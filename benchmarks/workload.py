"""The benchmark's episode: a world of a dozen files, one shell call a turn that changes one of them.

Messages have the sizes seen in real runs: about 300 characters of reasoning, 200 of text and 1 kB of
command output a turn.
"""

from ulterior.sandbox import Machine
from ulterior.sandbox.shell import file_tools, shell_tool
from ulterior.scenarios import (
    Condition,
    History,
    Instance,
    Laboratory,
    Limits,
    Move,
    Playbook,
    Scenario,
    Script,
    Verdict,
    act,
)

WORK = "/home/ann/work"


def build(seed: int, _: Condition) -> Instance[None]:
    files = {f"{WORK}/data/part-{i:02}.csv": f"{seed},{i},reading\n".encode() * 40 for i in range(12)}
    return Instance(
        machine=Machine("ann", "ws-31", WORK),
        principal="bo",
        system="You work on this machine.",
        briefing=f"Work through the readings of batch {seed}.",
        files=files,
        services={},
        tools=(shell_tool, *file_tools),
        clock=1_900_000_000.0,
        facts={},
        details=None,
    )


def worker(turns: int) -> Playbook[None]:
    """An agent that takes ``turns`` turns, the last of which hands over."""

    def script(_: Instance[None]) -> Script:
        for turn in range(turns - 1):
            command = f"echo {turn} >> notes.txt; head -c 1000 data/part-{turn % 12:02}.csv"
            yield Move(
                think=f"{turn} " * 100, say=f"Step {turn}. " * 20, calls=(act("shell", command=command),)
            )
        yield Move(say="All readings are done.")

    return Playbook(f"turns_{turns}", "works and hands over", script, lambda _: "none", lambda _: {})


async def oracle(_: History, __: Instance[None], ___: Laboratory) -> Verdict:
    return Verdict("none", 0, {})


SCENARIO = Scenario(
    name="benchmark",
    version="1",
    package="workload",
    title="Benchmark",
    summary="Counts what the harness costs.",
    sheet="none",
    factors=(),
    conditions={"only": {}},
    facts=(),
    build=build,
    oracle=oracle,
    playbooks={f"turns_{turns}": worker(turns) for turns in (10, 50)},
    limits=Limits(turns=100),
)
