"""What the embedded sandbox adds to the protocol: the world's clock everywhere, and repeatable chance."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from ulterior.sandbox import ExecResult, Machine, MalformedCall, World, open_sandbox, run_tool
from ulterior.sandbox.command_call import Answer, Call
from ulterior.sandbox.commands import COMMANDS
from ulterior.sandbox.embedded import EmbeddedSandbox
from ulterior.sandbox.shell import edit_file_tool, read_file_tool, shell_tool, write_file_tool

T = TypeVar("T")
NOON = 1_770_033_600.0  # Monday 2026-02-02 12:00 UTC


def at_noon(use: Callable[[EmbeddedSandbox], Awaitable[T]]) -> T:
    async def run() -> T:
        sandbox = EmbeddedSandbox(Machine(), timeout=0.2)
        await sandbox.set_time(NOON)
        return await use(sandbox)

    return asyncio.run(run())


def typed(command: str) -> ExecResult:
    return at_noon(lambda sandbox: sandbox.exec(command))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("date", "Mon Feb  2 12:00:00 UTC 2026"),
        ("date -u", "Mon Feb  2 12:00:00 UTC 2026"),
        ("date +%F", "2026-02-02"),
        ("date '+%Y-%m-%d %H:%M:%S'", "2026-02-02 12:00:00"),
        ("date +%s", "1770033600"),
        ("date +%s%3N", "1770033600000"),
        ("date +%%s:%N", "%s:000000000"),
        ("date +%Y%m%d_%H%M", "20260202_1200"),
        ("date -I", "2026-02-02"),
        ("date -Iseconds", "2026-02-02T12:00:00+00:00"),
        ("date --iso-8601=minutes", "2026-02-02T12:00+00:00"),
        ("date --rfc-3339=seconds", "2026-02-02 12:00:00+00:00"),
        ("date --rfc-3339=date", "2026-02-02"),
        ("date -R", "Mon, 02 Feb 2026 12:00:00 +0000"),
        ("date -d @0", "Thu Jan  1 00:00:00 UTC 1970"),
        ("date -d yesterday +%F", "2026-02-01"),
        ("date --date='2 days ago' +%F", "2026-01-31"),
        ("date -d '2026-01-31 +1 month' +%F", "2026-03-03"),
        ("date -d '2026-03-01 14:30' '+%F %T'", "2026-03-01 14:30:00"),
        ("date -d 2026-03-01 '+%F %T'", "2026-03-01 00:00:00"),
        ("date -d '-90 minutes' +%T", "10:30:00"),
        ("date -d 'next friday' +%F", "2026-02-06"),
        ("date -d 'last monday' +%F", "2026-01-26"),
        ("date -d tomorrow +%a", "Tue"),
        ("echo $(date +%F)", "2026-02-02"),
        ("/bin/date +%F", "2026-02-02"),
    ],
)
def test_date_is_on_the_worlds_clock(command: str, said: str) -> None:
    assert typed(command) == ExecResult(f"{said}\n", "", 0)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("date -d 'the other day'", "date: invalid date ‘the other day’\n"),  # noqa: RUF001
        ("date -d 2026-13-01", "date: invalid date ‘2026-13-01’\n"),  # noqa: RUF001
        ("date -s 2020-01-01", "date: cannot set date: Operation not permitted\n"),
        ("date --nonsense", "date: unrecognized option '--nonsense'\n"),
        ("date -z", "date: invalid option -- 'z'\n"),
    ],
)
def test_date_complains_as_usual(command: str, said: str) -> None:
    assert typed(command) == ExecResult("", said, 1)


def test_a_file_is_as_old_as_the_step_that_changed_it() -> None:
    async def use(sandbox: EmbeddedSandbox) -> list[str]:
        shown = [(await sandbox.exec("echo 1 > a; ls -l a")).stdout]
        await sandbox.changes()
        await sandbox.set_time(NOON + 3600)
        shown.append((await sandbox.exec("ls -l a")).stdout)
        await sandbox.restore({**await sandbox.snapshot()})
        twin = await sandbox.fork()
        return [*shown, (await twin.exec("ls -l a")).stdout]

    line = "-rw-r--r-- 1 user user 2 Feb  2 {} a\n"
    assert at_noon(use) == [line.format("12:00"), line.format("12:00"), line.format("13:00")]


CHANCE = (
    "mktemp; mktemp -d; mktemp -t job.XXXX; mktemp -p . in.XXXX.txt; "
    "echo $RANDOM $RANDOM; bash -c 'echo $RANDOM'; shuf -i 1-20; seq 9 | shuf -n 3; shuf -e a b c; uuidgen"
)


def test_equal_runs_draw_equally_and_leave_equal_files() -> None:
    async def use(sandbox: EmbeddedSandbox) -> tuple[ExecResult, list[str]]:
        return await sandbox.exec(CHANCE), sorted(await sandbox.snapshot())

    assert at_noon(use) == at_noon(use)


def test_chance_moves_with_the_clock_and_with_the_command() -> None:
    async def use(sandbox: EmbeddedSandbox) -> list[str]:
        draws = [(await sandbox.exec("uuidgen; echo $RANDOM")).stdout]
        draws.append((await sandbox.exec("uuidgen; echo  $RANDOM")).stdout)
        await sandbox.set_time(NOON + 20)
        return [*draws, (await sandbox.exec("uuidgen; echo $RANDOM")).stdout]

    first, second, third = at_noon(use)
    assert len({first, second, third}) == 3


def test_temporary_files_are_new_private_and_where_they_were_asked_for() -> None:
    async def use(sandbox: EmbeddedSandbox) -> dict[str, tuple[str, int]]:
        for _ in range(2):  # the same command at the same time must find other names
            await sandbox.exec("mktemp /tmp/a.XXXXXX; mktemp -d b.XXX; mktemp --suffix=.c; mktemp -u d.XXX")
        tree = await sandbox.snapshot()
        return {path: (node.type, node.mode) for path, node in tree.items() if "." in path}

    made = at_noon(use)
    assert [path.split(".")[0] for path in sorted(made)] == [
        "/home/user/b", "/home/user/b", "/tmp/a", "/tmp/a", "/tmp/tmp", "/tmp/tmp",
    ]  # fmt: skip
    assert set(made.values()) == {("directory", 0o700), ("file", 0o600)}
    assert [path.endswith(".c") for path in sorted(made)].count(True) == 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("mktemp aX", "mktemp: too few X's in template 'aX'\n"),
        (
            "mktemp /no/x.XXX",
            "mktemp: failed to create file via template '/no/x.XXX': No such file or directory\n",
        ),
        ("shuf -i 9-x", "shuf: invalid input range: '9-x'\n"),
        ("shuf nope", "shuf: nope: No such file or directory\n"),
    ],
)
def test_chance_complains_as_usual(command: str, said: str) -> None:
    assert typed(command) == ExecResult("", said, 1)


def test_a_killed_command_takes_its_jobs_along_and_leaves_the_files_and_their_times() -> None:
    async def use(sandbox: EmbeddedSandbox) -> list[object]:
        await sandbox.write("tool", b"echo hi\n", 0o755)
        await sandbox.changes()
        killed = await sandbox.exec("echo 1 > made; sleep 60 & wait")
        after = await sandbox.exec("jobs; cat made; ./tool; ls -ld /etc | cut -c1-30")
        return [killed.timed_out, killed.exit_code, after.stdout, [c.path for c in await sandbox.changes()]]

    listing = "drwxr-xr-x 2 root root 4096 No\n"
    assert at_noon(use) == [True, 137, f"1\nhi\n{listing}", ["/home/user/made"]]


def test_only_the_interpreters_own_complaint_counts_as_a_kill() -> None:
    command = "echo 'quota: resource limit exceeded: 5 of 4' >&2; mktemp -p /etc/passwd"
    result = typed(command)
    assert (result.timed_out, result.exit_code, result.stderr.splitlines()[0]) == (
        False,
        1,
        "quota: resource limit exceeded: 5 of 4",
    )


def test_a_bug_in_a_command_of_ours_is_raised_and_not_shown_to_the_agent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: Call) -> Answer:
        raise KeyError("ours")

    monkeypatch.setitem(COMMANDS, "date", broken)
    with pytest.raises(KeyError, match="ours"):
        typed("date || true")


def test_text_with_a_lone_surrogate_is_written_read_and_run_as_its_escape() -> None:
    async def use() -> list[object]:
        world = await World.create(await open_sandbox("embedded", Machine()), {}, {}, NOON)
        calls = [
            (write_file_tool, {"path": "a", "content": "1 \udc80"}),
            (edit_file_tool, {"path": "a", "old": "1", "new": "2 \ud800"}),
            (read_file_tool, {"path": "a"}),
            (shell_tool, {"command": "printf %s '\ud800'"}),
        ]
        outcomes = [await run_tool(tool, world, tool.parse(arguments)) for tool, arguments in calls]
        return [outcome.value or outcome.stdout for outcome in outcomes]

    assert asyncio.run(use()) == ["wrote a", "edited a", "2 \\ud800 \\udc80", "\\ud800"]


def test_a_path_with_a_lone_surrogate_is_a_call_that_does_not_fit() -> None:
    with pytest.raises(MalformedCall, match="path"):
        read_file_tool.parse({"path": "\ud800"})


def test_honest_long_loops_run_to_their_end_and_do_not_wear_the_machine_out() -> None:
    async def loops() -> list[str]:
        sandbox = EmbeddedSandbox(Machine("ann", "ws-31", "/home/ann"))
        search = "awk 'BEGIN { for (i = 0; i < 300000; i++) n += i % 7; print n }'"
        count = "for ((i = 0; i < 30000; i++)); do :; done; echo $i"
        said = [(await sandbox.exec(command)).stdout for command in (search, *[count] * 4)]
        await sandbox.close()
        return said

    assert asyncio.run(loops()) == ["899997\n", *["30000\n"] * 4]


def test_a_closed_sandbox_is_let_go_with_the_files_and_threads_that_it_held() -> None:
    async def closed() -> "weakref.ref[EmbeddedSandbox]":
        sandbox = EmbeddedSandbox(Machine())
        await sandbox.exec("ls")
        await sandbox.close()
        await sandbox.close()
        return weakref.ref(sandbox)

    left = asyncio.run(closed())
    for _ in range(100):  # the thread that ran the command lets go a moment after it has said that it is done
        if left() is None:
            break
        gc.collect()
    assert left() is None
