"""The laws of a sandbox, as a program: what :mod:`ulterior.sandbox.protocol` promises and how to see it kept.

Whoever writes a back end runs ``python -m ulterior.sandbox.conformance NAME``, or :func:`check_sandbox`
with a factory of their own. Each law is a small function over the public protocol; its docstring is the
law. Covered: what one sandbox, its forks and its neighbours do when called as the protocol says. Not
covered: speed, resource limits other than time and output, and attacks on the back end itself.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ulterior.errors import SandboxUnavailable, ToolFailed, UlteriorError
from ulterior.sandbox.backends import open_sandbox
from ulterior.sandbox.protocol import OUTPUT_LIMIT, Change, ExecResult, Machine, Node, Sandbox, Tree

__all__ = ["LAWS", "Factory", "Lab", "Law", "LawBroken", "Result", "check_law", "check_sandbox"]

Factory = Callable[[Machine], Awaitable[Sandbox]]

MACHINE = Machine(user="mira", hostname="ws-7", workdir="/home/mira/work")
NOON = 1_770_033_600.0  # 2026-02-02 12:00 UTC, far from any host's clock
PATIENCE = 120.0  # real seconds within which a back end must have killed an endless command


class LawBroken(Exception):
    """What was seen, and what the law asks for."""


@dataclass
class Lab:
    """Opens sandboxes for one law and closes them when it is through."""

    factory: Factory
    opened: list[Sandbox] = field(default_factory=list[Sandbox])

    async def open(self) -> Sandbox:
        sandbox = await self.factory(MACHINE)
        self.opened.append(sandbox)
        return sandbox

    async def fork(self, sandbox: Sandbox) -> Sandbox:
        twin = await sandbox.fork()
        self.opened.append(twin)
        return twin

    async def close(self) -> None:
        for sandbox in self.opened:
            await sandbox.close()


Check = Callable[[Lab], Awaitable[None]]


@dataclass(frozen=True)
class Law:
    """One promise. ``text`` is its sentence."""

    name: str
    text: str
    check: Check


@dataclass(frozen=True)
class Result:
    """How a back end did on one law; ``broken`` says what was seen, or is None."""

    law: Law
    broken: str | None


LAWS: list[Law] = []


def law(check: Check) -> Check:
    name = getattr(check, "__name__", "").strip("_")
    LAWS.append(Law(name, " ".join((check.__doc__ or "").split()), check))
    return check


async def check_law(chosen: Law, factory: Factory) -> Result:
    """Try one law in fresh sandboxes. An unexpected exception breaks it too."""
    lab = Lab(factory)
    try:
        await chosen.check(lab)
        return Result(chosen, None)
    except LawBroken as broken:
        return Result(chosen, str(broken))
    except Exception as error:  # whatever a back end raises against the protocol is a finding about it
        return Result(chosen, f"raised {type(error).__name__}: {error}")
    finally:
        await lab.close()


async def check_sandbox(factory: Factory, laws: Sequence[Law] | None = None) -> list[Result]:
    """Try laws, one after the other. ``factory`` opens a new, empty sandbox of a given machine.

    Raises what the factory raises when it can't open any.
    """
    await (await factory(MACHINE)).close()
    return [await check_law(each, factory) for each in (LAWS if laws is None else laws)]


# ---- Seeing --------------------------------------------------------------------------------------------

T = TypeVar("T")


def same(what: str, found: T, expected: T) -> None:
    if found != expected:
        raise LawBroken(f"{what}: found {_short(found)}, expected {_short(expected)}")


def holds(what: str, condition: object) -> None:
    if not condition:
        raise LawBroken(what)


def same_tree(what: str, found: Tree, expected: Tree) -> None:
    for path in sorted(found.keys() | expected.keys()):
        same(f"{what}, {path}", found.get(path), expected.get(path))


async def refuses(what: str, call: Awaitable[Any], error: type[UlteriorError]) -> None:
    try:
        await call
    except error:
        return
    raise LawBroken(f"{what} did not raise {error.__name__}")


async def run(sandbox: Sandbox, command: str) -> str:
    """The output of a command that must succeed."""
    result = await sandbox.exec(command)
    holds(f"{command!r} failed: {_short(result)}", result.exit_code == 0 and not result.timed_out)
    return result.stdout


async def settled(lab: Lab) -> Sandbox:
    """A sandbox whose first folders have been reported."""
    sandbox = await lab.open()
    await sandbox.changes()
    return sandbox


def by_path(changes: tuple[Change, ...]) -> dict[str, tuple[Node | None, Node | None]]:
    return {change.path: (change.before, change.after) for change in changes}


def at(name: str) -> str:
    return f"{MACHINE.workdir}/{name}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 300 else f"{text[:300]}..."


# ---- Commands ------------------------------------------------------------------------------------------


@law
async def exit_code(lab: Lab) -> None:
    """A command's exit code is its own."""
    sandbox = await lab.open()
    for command, code in (("true", 0), ("false", 1), ("exit 37", 37), ("no-such-program", 127)):
        same(command, (await sandbox.exec(command)).exit_code, code)


@law
async def two_streams(lab: Lab) -> None:
    """What a command prints comes back on the stream it was printed to."""
    result = await (await lab.open()).exec("echo out; echo err >&2; exit 3")
    same("the result", result, ExecResult("out\n", "err\n", 3))


@law
async def identity(lab: Lab) -> None:
    """The machine is the one that was asked for: its user, its name, its home."""
    sandbox = await lab.open()
    same("whoami", await run(sandbox, "whoami"), f"{MACHINE.user}\n")
    same("hostname", await run(sandbox, "hostname"), f"{MACHINE.hostname}\n")
    same("HOME", await run(sandbox, "echo $HOME"), f"/home/{MACHINE.user}\n")


@law
async def working_folder(lab: Lab) -> None:
    """Every command starts in the working folder, and relative paths do too."""
    sandbox = await lab.open()
    same("pwd", await run(sandbox, "pwd; cd /tmp"), f"{MACHINE.workdir}\n")
    same("pwd after cd", await run(sandbox, "pwd"), f"{MACHINE.workdir}\n")
    await sandbox.write("notes/a.txt", b"1")
    same("a relative path", await sandbox.read(at("notes/a.txt")), b"1")


@law
async def fresh_shell(lab: Lab) -> None:
    """Nothing but files outlives a command: no variable, function, option or alias."""
    sandbox = await lab.open()
    await sandbox.exec("export A=1; b=2; f() { echo f; }; set -e; umask 077; exec 2>/dev/null; echo 3 > c")
    result = await sandbox.exec("echo [$A][$b]; umask; false; f; echo $?; cat c")
    same("what the next command sees", result.stdout, "[][]\n0022\n127\n3\n")
    holds("stderr stayed redirected", result.stderr)


@law
async def no_background(lab: Lab) -> None:
    """What a command leaves in the background has ended when the call returns."""
    sandbox = await lab.open()
    await sandbox.exec("(sleep 0.1; echo late > late.txt) & echo now")
    at_return = await sandbox.snapshot()
    await asyncio.sleep(0.15)
    same_tree("a moment later", await sandbox.snapshot(), at_return)


@law
async def any_text(lab: Lab) -> None:
    """Broken syntax, lone surrogates and output that isn't UTF-8 are observations, never errors."""
    sandbox = await lab.open()
    holds("broken syntax succeeded", (await sandbox.exec("if then ((")).exit_code)
    holds("a surrogate's neighbour is lost", "kept" in (await sandbox.exec("echo 'kept \ud800'")).stdout)
    holds("odd bytes hide the rest", "kept" in await run(sandbox, r"printf '\xff\xfe kept\n'"))


@law
async def endless_command(lab: Lab) -> None:
    """A command that doesn't end is killed and says so, and the machine goes on as before."""
    sandbox = await lab.open()
    await sandbox.write("before.txt", b"1")
    for command in ("while :; do :; done", "sleep 3600", "sleep 3600 & wait"):
        result = await asyncio.wait_for(sandbox.exec(command), PATIENCE)
        holds(f"{command!r} was not reported as timed out", result.timed_out and result.exit_code)
        same("the next command", await sandbox.exec("cat before.txt"), ExecResult("1", "", 0))


@law
async def bounded_output(lab: Lab) -> None:
    """Long output is cut in the middle on either stream, and the result says so; short output is whole."""
    sandbox = await lab.open()
    for redirect in ("", ">&2"):
        result = await sandbox.exec(f"seq 1 20000 {redirect}")
        text = result.stderr if redirect else result.stdout
        holds("cut output is not marked", result.truncated)
        holds(f"{len(text)} characters came back", len(text) < OUTPUT_LIMIT + 200)
        holds("both ends should be there", text.startswith("1\n2\n") and text.endswith("19999\n20000\n"))
    short = await sandbox.exec("seq 1 1000")
    same("short output", short, ExecResult("".join(f"{n}\n" for n in range(1, 1001)), "", 0))


@law
async def provided_programs(lab: Lab) -> None:
    """Every program that the sandbox says it provides is there, and the back end has a name."""
    sandbox = await lab.open()
    holds("the back end has no name", sandbox.backend)
    for program in sorted(sandbox.provides):
        holds(f"{program} is missing", (await sandbox.exec(f"command -v {program}")).exit_code == 0)


# ---- Files ---------------------------------------------------------------------------------------------

CONTENTS: Mapping[str, bytes] = {
    "empty": b"",
    "plain.txt": b"one\ntwo\n",
    "no newline": b"a",
    "bytes": bytes(range(256)) * 4,
    "big": b"0123456789abcdef" * 65_536,
    "a/b/c/d/e/f/g/deep.txt": b"deep",
    "with space, é & 'quotes'": b"odd",
}


@law
async def bytes_come_back(lab: Lab) -> None:
    """A file that was written reads back byte for byte, whatever is in it and wherever it is."""
    sandbox = await lab.open()
    for name, data in CONTENTS.items():
        await sandbox.write(name, data)
    for name, data in CONTENTS.items():
        same(name, await sandbox.read(at(name)), data)


@law
async def shell_and_files_agree(lab: Lab) -> None:
    """What the shell writes can be read, and what is written the shell sees."""
    sandbox = await lab.open()
    await sandbox.write("in.txt", b"hello\n")
    same("the shell's copy", await run(sandbox, "cat in.txt | tee out.txt"), "hello\n")
    same("out.txt", await sandbox.read("out.txt"), b"hello\n")
    await sandbox.write("in.txt", b"hi\n")
    same("a shorter text", await run(sandbox, "cat in.txt"), "hi\n")


@law
async def modes(lab: Lab) -> None:
    """A mode is set when given, kept when not, and 0o644 for a new file."""
    sandbox = await lab.open()
    await sandbox.write("new", b"")
    await sandbox.write("tool", b"", 0o755)
    await sandbox.write("tool", b"echo changed\n")
    tree = await sandbox.snapshot()
    same("a new file's mode", oct(tree[at("new")].mode), "0o644")
    same("a kept mode", oct(tree[at("tool")].mode), "0o755")


@law
async def bad_paths(lab: Lab) -> None:
    """A path that can't be used is the agent's error: ToolFailed, and nothing is changed."""
    sandbox = await lab.open()
    await sandbox.write("file", b"1")
    await sandbox.write("folder/file", b"1")
    before = await sandbox.snapshot()
    await refuses("reading what is missing", sandbox.read("missing"), ToolFailed)
    await refuses("reading a lone surrogate", sandbox.read("a\ud800"), ToolFailed)
    await refuses("reading a folder", sandbox.read("folder"), ToolFailed)
    await refuses("writing a folder", sandbox.write("folder", b""), ToolFailed)
    await refuses("writing below a file", sandbox.write("file/below", b""), ToolFailed)
    await refuses("removing what is missing", sandbox.remove("missing"), ToolFailed)
    await refuses("removing a full folder", sandbox.remove("folder"), ToolFailed)
    same_tree("afterwards", await sandbox.snapshot(), before)


@law
async def removing(lab: Lab) -> None:
    """Files, empty folders and links can be removed; what a link points to stays."""
    sandbox = await lab.open()
    before = await sandbox.snapshot()
    await run(sandbox, "echo 1 > file; mkdir folder; ln -s file link; ln -s nowhere dangling")
    for name in ("link", "dangling", "folder"):
        await sandbox.remove(name)
    same("the link's target", await sandbox.read("file"), b"1\n")
    await sandbox.remove("file")
    same_tree("with all removed", await sandbox.snapshot(), before)


# ---- Changes -------------------------------------------------------------------------------------------


@law
async def changes_told_once(lab: Lab) -> None:
    """Every change is reported once: asking again reports nothing."""
    sandbox = await settled(lab)
    await run(sandbox, "echo 1 > a")
    await sandbox.write("b", b"2")
    same("paths", [c.path for c in await sandbox.changes()], [at("a"), at("b")])
    same("asked again", await sandbox.changes(), ())
    await run(sandbox, "cat a")
    same("after reading only", await sandbox.changes(), ())


@law
async def changes_by_value(lab: Lab) -> None:
    """A change tells the path before and after: created, modified, deleted, moved, its mode changed."""
    sandbox = await settled(lab)
    await run(sandbox, "for name in modified deleted moved mode; do echo 1 > $name; done")
    await sandbox.changes()
    await run(sandbox, "echo 2 > modified; rm deleted; mv moved away; chmod 755 mode; echo 3 > created")
    old = Node("file", b"1\n")
    expected = {
        at("away"): (None, old),
        at("created"): (None, Node("file", b"3\n")),
        at("deleted"): (old, None),
        at("mode"): (old, Node("file", b"1\n", 0o755)),
        at("modified"): (old, Node("file", b"2\n")),
        at("moved"): (old, None),
    }
    same("changes", list(by_path(await sandbox.changes()).items()), list(expected.items()))


@law
async def only_what_differs(lab: Lab) -> None:
    """A file that was touched, rewritten as it was, or made and removed again has not changed."""
    sandbox = await settled(lab)
    await sandbox.write("a", b"1\n")
    await sandbox.changes()
    await run(sandbox, "touch a; cp a b; mv b a; echo 2 > c; rm c")
    await sandbox.write("a", b"1\n")
    same("changes", await sandbox.changes(), ())


@law
async def links(lab: Lab) -> None:
    """A link is a node of its own with its target as bytes; nothing behind it is reported twice."""
    sandbox = await settled(lab)
    await sandbox.write("folder/file", b"1")
    await sandbox.changes()
    await run(
        sandbox, "ln -s folder/file file; ln -s folder to_folder; ln -s /nowhere dangling; ln -s . self"
    )
    found = {path: after for path, (_, after) in by_path(await sandbox.changes()).items()}
    targets = {"dangling": b"/nowhere", "file": b"folder/file", "self": b".", "to_folder": b"folder"}
    same("links", {p: n and (n.type, n.data) for p, n in found.items()},
         {at(name): ("link", target) for name, target in targets.items()})  # fmt: skip


@law
async def kinds(lab: Lab) -> None:
    """When a file becomes a folder, or a folder a link, the change says so."""
    sandbox = await settled(lab)
    await run(sandbox, "echo 1 > a; mkdir b")
    await sandbox.changes()
    await run(sandbox, "rm a; mkdir a; echo 1 > a/file; rmdir b; ln -s a b")
    found = {
        path: (before and before.type, after and after.type)
        for path, (before, after) in by_path(await sandbox.changes()).items()
    }
    same("kinds", found, {
        at("a"): ("file", "directory"), at("a/file"): (None, "file"), at("b"): ("directory", "link"),
    })  # fmt: skip


@law
async def changes_add_up(lab: Lab) -> None:
    """The changes of all steps, applied one after the other, are the snapshot."""
    sandbox = await lab.open()
    folded: dict[str, Node] = {}
    for command in (":", *STEPS):
        await sandbox.exec(command)
        for change in await sandbox.changes():
            same(f"{change.path} before {command!r}", change.before, folded.get(change.path))
            if change.after is None:
                del folded[change.path]
            else:
                folded[change.path] = change.after
    same_tree("all changes together", folded, await sandbox.snapshot())


STEPS = (
    "mkdir -p src/lib && echo 'echo hi' > src/run.sh && chmod +x src/run.sh",
    "for i in 1 2 3; do echo $i > src/lib/$i; done; ln -s lib src/link",
    "mv src/lib/1 one; rm src/lib/2; printf '\\377\\000' > raw; sed -i s/3/three/ src/lib/3",
    "rm -r src/lib; mkdir src/lib; echo new > src/lib/3; rm src/link; echo file > src/link",
    "mv src moved; rm raw; chmod 600 one; mkdir -p /srv/data && echo out > /srv/data/x",
)


@law
async def system_folders(lab: Lab) -> None:
    """System folders belong to the machine: what happens there is neither reported nor in a snapshot."""
    sandbox = await settled(lab)
    await sandbox.exec("echo 1 >> /etc/motd")
    same("changes", await sandbox.changes(), ())
    holds("/etc is in the snapshot", "/etc" not in await sandbox.snapshot())


# ---- The world by value --------------------------------------------------------------------------------


@law
async def snapshots_stay(lab: Lab) -> None:
    """What is done after a snapshot doesn't change it."""
    sandbox = await lab.open()
    await run(sandbox, STEPS[0])
    snapshot = await sandbox.snapshot()
    held = dict(snapshot)
    await run(sandbox, "echo more >> src/run.sh; rm -r src")
    same_tree("the snapshot", snapshot, held)


@law
async def restore_any_step(lab: Lab) -> None:
    """Restoring an earlier snapshot brings back every file, folder, link and mode, and nothing else stays."""
    sandbox = await lab.open()
    past: list[Tree] = []
    for command in STEPS:
        await run(sandbox, command)
        past.append(await sandbox.snapshot())
    for tree in (past[0], past[3], past[1], past[4], past[2]):
        await sandbox.restore(tree)
        same_tree("after restore", await sandbox.snapshot(), tree)
        same("changes after restore", await sandbox.changes(), ())
    same("what the shell sees", await run(sandbox, "cat one; ls"), "1\none\nraw\nsrc\n")


@law
async def restore_elsewhere(lab: Lab) -> None:
    """A snapshot restored into another sandbox makes it equal, and it goes on from there."""
    first, second = await lab.open(), await lab.open()
    await run(first, "; ".join(STEPS[:3]))
    await run(second, "echo other > other; mkdir one")
    await second.restore(await first.snapshot())
    same_tree("the other sandbox", await second.snapshot(), await first.snapshot())
    await run(second, "echo 2 > one")
    same("its next change", [c.path for c in await second.changes()], [at("one")])


@law
async def forks(lab: Lab) -> None:
    """A fork has equal files and time and nothing to report; what either does the other never sees."""
    sandbox = await lab.open()
    await sandbox.set_time(NOON)
    await run(sandbox, "; ".join(STEPS[:3]))
    twin = await lab.fork(sandbox)
    same_tree("the fork", await twin.snapshot(), await sandbox.snapshot())
    same("the fork's changes", await twin.changes(), ())
    same("the fork's time", await run(twin, "date +%F"), "2026-02-02\n")
    before = await sandbox.snapshot()
    await run(twin, "echo 2 > one; rm -r src")
    same_tree("the original after the fork's step", await sandbox.snapshot(), before)
    await run(sandbox, "echo 3 > one")
    same("the fork after the original's step", await twin.read("one"), b"2\n")


@law
async def same_commands_same_files(lab: Lab) -> None:
    """The same calls on two sandboxes make equal files and say the same."""
    trees: list[Tree] = []
    outputs: list[list[ExecResult]] = []
    for _ in range(2):
        sandbox = await lab.open()
        await sandbox.set_time(NOON)
        outputs.append([await sandbox.exec(f"{command}; find . | sort") for command in STEPS])
        trees.append(await sandbox.snapshot())
    same("what was said", outputs[1], outputs[0])
    same_tree("the second time", trees[1], trees[0])


@law
async def clock(lab: Lab) -> None:
    """``date`` tells the world's time in UTC, not the host's, and moves when it is set."""
    sandbox = await lab.open()
    for moment, day in (
        (NOON, "2026-02-02 12:0"),
        (NOON + 86_400, "2026-02-03 12:0"),
        (1e9, "2001-09-09 01:4"),
    ):
        await sandbox.set_time(moment)
        found = await run(sandbox, "date '+%Y-%m-%d %H:%M %Z'")
        holds(f"date said {found!r}, not {day}", found.startswith(day) and found.endswith(" UTC\n"))
        seconds = int(await run(sandbox, "date +%s")) - moment
        holds(f"date +%s is {seconds} seconds off", 0 <= seconds < 60)


# ---- Isolation -----------------------------------------------------------------------------------------


@law
async def no_host_files(lab: Lab) -> None:
    """No file of the host can be seen, neither by a command nor by its path."""
    sandbox = await lab.open()
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder, "host.txt")
        secret.write_text("from-the-host")  # noqa: ASYNC240  (one small file)
        result = await sandbox.exec(f"cat {secret}; ln -s {secret} link; cat link")
        holds("a command read a file of the host", "from-the-host" not in result.stdout)
        await refuses("reading a file of the host", sandbox.read(str(secret)), ToolFailed)


@law
async def no_host_environment(lab: Lab) -> None:
    """No variable of the host's environment is visible."""
    os.environ["ULTERIOR_HOST_SECRET"] = "from-the-host"
    try:
        sandbox = await lab.open()
        shown = await sandbox.exec("env; set; cat /proc/self/environ /proc/1/environ")
    finally:
        del os.environ["ULTERIOR_HOST_SECRET"]
    holds("the host's environment is visible", "from-the-host" not in shown.stdout)


@law
async def no_network(lab: Lab) -> None:
    """No connection reaches the host or anything beyond it."""
    sandbox = await lab.open()
    callers: list[object] = []
    server = await asyncio.start_server(lambda reader, writer: callers.append(writer.close()), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        await sandbox.exec(f"echo hi > /dev/tcp/127.0.0.1/{port}")
        await sandbox.exec(f"curl -m 1 http://127.0.0.1:{port}; wget -T 1 -t 1 http://127.0.0.1:{port}")
        await asyncio.sleep(0.01)  # for the server to hear of it
    holds("a command reached a server of the host", not callers)


@law
async def neighbours(lab: Lab) -> None:
    """Two sandboxes that work at the same time share nothing."""
    first, second = await lab.open(), await lab.open()
    for round_ in range(5):
        await asyncio.gather(
            first.exec(f"echo first {round_} >> log; mkdir -p /tmp/shared && echo 1 > /tmp/shared/first"),
            second.exec(f"echo second {round_} >> log; mkdir -p /tmp/shared && echo 2 > /tmp/shared/second"),
        )
    for sandbox, name in ((first, "first"), (second, "second")):
        same("log", await run(sandbox, "cat log"), "".join(f"{name} {n}\n" for n in range(5)))
        same("/tmp/shared", await run(sandbox, "ls /tmp/shared"), f"{name}\n")


@law
async def closing(lab: Lab) -> None:
    """Closing twice is harmless; any use afterwards is a SandboxUnavailable, and a fork lives on."""
    sandbox = await lab.open()
    await sandbox.write("a", b"1")
    twin = await lab.fork(sandbox)
    await sandbox.close()
    await sandbox.close()
    await refuses("exec after close", sandbox.exec("true"), SandboxUnavailable)
    await refuses("read after close", sandbox.read("a"), SandboxUnavailable)
    await refuses("write after close", sandbox.write("a", b""), SandboxUnavailable)
    await refuses("changes after close", sandbox.changes(), SandboxUnavailable)
    await refuses("snapshot after close", sandbox.snapshot(), SandboxUnavailable)
    same("the fork", await twin.read("a"), b"1")


# ---- The command ---------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """``python -m ulterior.sandbox.conformance NAME``: one line per law; 0 when all are kept, else 1."""
    backend = arguments[0] if arguments else "embedded"
    try:
        results = asyncio.run(check_sandbox(lambda machine: open_sandbox(backend, machine)))
    except UlteriorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    for result in results:
        line = f"kept    {result.law.name}: {result.law.text}" if result.broken is None else (
            f"BROKEN  {result.law.name}: {result.law.text}\n        {result.broken}")  # fmt: skip
        sys.stdout.write(line + "\n")
    return int(any(result.broken for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
