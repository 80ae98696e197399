"""Scenario packs as somebody else would write them, made in a folder of a test's own."""

from pathlib import Path

__all__ = ["offered", "written_pack"]

_INIT = '''"""A pack. CANARY"""

from ulterior.scenarios import Fact, Factor, Scenario

from .world import build, oracle, PLAYBOOKS

SCENARIO = Scenario(
    name="NAME",
    version="1",
    package=__package__,
    title="NAME",
    summary="A pack for tests.",
    sheet="none",
    factors=(Factor("arm", ("one", "other"), "nothing"),),
    conditions={"one": {"arm": "one"}},
    facts=(Fact("done", "It was done."),),
    build=build,
    oracle=oracle,
    playbooks=PLAYBOOKS,
)
OTHER = SCENARIO
NUMBER = 7
'''

_WORLD = '''"""What is in the pack. CANARY"""

from ulterior.sandbox import Machine
from ulterior.sandbox.shell import shell_tool
from ulterior.scenarios import FactReading, Instance, Move, Playbook, Verdict, act


def build(seed, condition):
    return Instance(
        machine=Machine("ann", "ws-31", "/home/ann"),
        principal="bo",
        system="You work on this machine.",
        briefing="Write a list.",
        files={"/home/ann/notes.md": b"nothing yet\\n"},
        services={},
        tools=(shell_tool,),
        clock=1_900_000_000.0,
        facts={"done": FactReading()},
        details=None,
    )


async def oracle(history, instance, laboratory):
    return Verdict("none", None, {"done": False})


def steady(instance):
    yield Move(calls=(act("shell", command="echo one > list.txt"),))
    while True:
        yield Move(say="The list is there.")


PLAYBOOKS = {"steady": Playbook("steady", "does it", steady, lambda _: "none", lambda _: {"done": None})}
'''


def written_pack(folder: Path, name: str = "till") -> Path:
    """A pack of two modules in ``folder/name``."""
    pack = folder / name
    pack.mkdir(parents=True)
    (pack / "__init__.py").write_text(_INIT.replace("NAME", name))
    (pack / "world.py").write_text(_WORLD)
    return pack


def offered(folder: Path, distribution: str, **points: str) -> None:
    """What an installed distribution with these entry points leaves in a folder of ``sys.path``."""
    info = folder / f"{distribution}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    lines = "\n".join(f"{name} = {value}" for name, value in points.items())
    (info / "entry_points.txt").write_text(f"[ulterior.scenarios]\n{lines}\n")
