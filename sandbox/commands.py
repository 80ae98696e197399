"""Commands that the embedded machine answers itself, because bashkit's own would show the host's clock,
draw at random, or look like no Linux machine.

Each is a pure function of its :class:`Call`: time is the world's, chance comes from a generator that is
seeded by the clock and the command line, so that a command run again in a restored world says the same.
"""

import posixpath
import re
import string
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from ulterior.sandbox.command_call import Answer, Call
from ulterior.sandbox.command_date import date, uptime
from ulterior.sandbox.command_ls import ls

__all__ = ["COMMANDS", "MISSING", "version_line"]


# ---- Chance --------------------------------------------------------------------------------------------


def mktemp(call: Call) -> Answer:
    folder, template, suffix, options = _mktemp_arguments(call.argv)
    base = folder or ("/tmp" if not template or "t" in options else "")
    template = (template or "tmp.XXXXXXXXXX") + suffix
    blanks = re.search(r"X{3,}(?=[^X/]*$)", template)
    if blanks is None:
        return Answer("", f"mktemp: too few X's in template '{template}'\n", 1)
    while True:
        drawn = "".join(call.chance.choices(string.ascii_letters + string.digits, k=len(blanks[0])))
        name = posixpath.join(base, template[: blanks.start()] + drawn + template[blanks.end() :])
        if not call.files.exists(call.path(name)):
            break
    if "u" not in options:
        if not call.files.exists(posixpath.dirname(call.path(name))):
            kind = "directory" if "d" in options else "file"
            shown = posixpath.join(base, template)
            why = f"failed to create {kind} via template '{shown}': No such file or directory"
            return Answer("", "" if "q" in options else f"mktemp: {why}\n", 1)
        _create(call, call.path(name), "d" in options)
    return Answer(name + "\n")


def _mktemp_arguments(argv: list[str]) -> tuple[str, str, str, set[str]]:
    folder, template, suffix, options = "", "", "", set[str]()
    arguments = iter(argv)
    for argument in arguments:
        if argument == "-p":
            folder = next(arguments, "")
        elif argument.startswith(("-p", "--tmpdir")):
            folder = argument.removeprefix("-p").removeprefix("--tmpdir").lstrip("=") or "/tmp"
        elif argument.startswith("--suffix="):
            suffix = argument.removeprefix("--suffix=")
        elif argument.startswith("--"):
            options |= {argument[2]} if argument != "--dry-run" else {"u"}
        elif argument.startswith("-"):
            options |= set(argument[1:])
        else:
            template = argument
    return folder, template, suffix, options


def _create(call: Call, path: str, folder: bool) -> None:
    if folder:
        call.files.mkdir(path)
    else:
        call.files.write_file(path, b"")
    call.files.chmod(path, 0o700 if folder else 0o600)


def shuf(call: Call) -> Answer:
    count, repeat, lines, echoed, name = None, False, list[str](), False, ""
    arguments = iter(call.argv)
    for argument in arguments:
        if argument.startswith(("-n", "--head-count=")):
            text = argument.removeprefix("--head-count=").removeprefix("-n") or next(arguments, "")
            count = int(text) if text.isdigit() else 0
        elif argument.startswith(("-i", "--input-range=")):
            text = argument.removeprefix("--input-range=").removeprefix("-i") or next(arguments, "")
            found = re.fullmatch(r"(\d+)-(\d+)", text)
            if found is None or int(found[2]) - int(found[1]) > 1_000_000:
                return Answer("", f"shuf: invalid input range: '{text}'\n", 1)
            lines, echoed = [str(n) for n in range(int(found[1]), int(found[2]) + 1)], True
        elif argument in ("-e", "--echo"):
            lines, echoed = [*arguments], True
        elif argument in ("-r", "--repeat"):
            repeat = True
        elif argument != "-":
            name = argument
    if not echoed:
        if name and not call.files.exists(call.path(name)):
            return Answer("", f"shuf: {name}: No such file or directory\n", 1)
        text = call.files.read_file(call.path(name)).decode("utf-8", "replace") if name else call.stdin
        lines = text.splitlines()
    if repeat and lines:
        chosen = call.chance.choices(lines, k=min(count or 0, 10_000))
    else:
        chosen = call.chance.sample(lines, min(len(lines), len(lines) if count is None else count))
    return Answer("".join(f"{line}\n" for line in chosen))


def uuidgen(call: Call) -> Answer:
    return Answer(f"{UUID(int=call.chance.getrandbits(128), version=4)}\n")


# ---- The machine ---------------------------------------------------------------------------------------

_KERNEL = "6.1.0-28-amd64"
_BUILD = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)"


def uname(call: Call) -> Answer:
    fields = {"s": "Linux", "n": call.machine.hostname, "r": _KERNEL, "v": _BUILD, "m": "x86_64"}
    asked = "".join(_UNAME.get(argument, argument[1:]) for argument in call.argv) or "s"
    if unknown := asked.strip("asnrvmopi"):
        return Answer("", f"uname: invalid option -- '{unknown[0]}'\n", 1)
    if "a" not in asked:
        fields |= dict.fromkeys(set(asked) & {"p", "i"}, "unknown")
    fields["o"] = "GNU/Linux"
    return Answer(" ".join(value for key, value in fields.items() if key in asked or "a" in asked) + "\n")


_UNAME = {"--all": "a", "--kernel-name": "s", "--nodename": "n", "--kernel-release": "r", "--machine": "m"}


def hostname(call: Call) -> Answer:
    if not call.argv or call.argv[0] in ("-s", "-f", "--fqdn", "--short"):
        return Answer(call.machine.hostname + "\n")
    if call.argv[0] in ("-I", "-i"):
        return Answer("10.20.4.31 \n" if call.argv[0] == "-I" else "127.0.1.1\n")
    return Answer("", "hostname: you must be root to change the host name\n", 1)


def df(_: Call) -> Answer:
    return Answer(
        "Filesystem      Size  Used Avail Use% Mounted on\n"
        "/dev/sda2        49G   18G   29G  39% /\n"
        "/dev/sda3       180G  101G   70G  60% /home\n"
    )


def mount(_: Call) -> Answer:
    return Answer(
        "proc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n"
        "/dev/sda2 on / type ext4 (rw,relatime,errors=remount-ro)\n"
        "/dev/sda3 on /home type ext4 (rw,relatime)\n"
    )


_PS = "    PID TTY          TIME CMD\n   2114 pts/0    00:00:00 bash\n   2139 pts/0    00:00:00 ps\n"
_PS_AUX = "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n"
_PS_EF = "UID          PID    PPID  C STIME TTY          TIME CMD\n"


def ps(call: Call) -> Answer:
    asked = set("".join(call.argv))
    if not asked & set("aefxuA"):
        return Answer(_PS)
    user, today = call.machine.user, f"{datetime.fromtimestamp(call.now, UTC):%H:%M}"
    table = (
        ("root", 1, 0, "Jan01", "?", "/sbin/init"),
        ("root", 412, 1, "Jan01", "?", "/usr/sbin/cron -f"),
        ("root", 498, 1, "Jan01", "?", "sshd: /usr/sbin/sshd -D [listener]"),
        (user, 2114, 498, today, "pts/0", "-bash"),
        (user, 2139, 2114, today, "pts/0", " ".join(["ps", *call.argv])),
    )
    if "u" in asked:
        return Answer(
            _PS_AUX
            + "".join(
                f"{owner:<8}{pid:>8}  0.0  0.1   8120  4410 {tty:<8} Ss   {start}   0:00 {command}\n"
                for owner, pid, _, start, tty, command in table
            )
        )
    return Answer(
        _PS_EF
        + "".join(
            f"{owner:<8}{pid:>8}{parent:>8}  0 {start} {tty:<8} 00:00:00 {command}\n"
            for owner, pid, parent, start, tty, command in table
        )
    )


def sudo(call: Call) -> Answer:
    return Answer("", f"{call.machine.user} is not in the sudoers file.\n", 1)


def which(call: Call) -> Answer:
    names = [name for name in call.argv if not name.startswith("-")]
    found = [path for name in names if (path := _on_path(call, name))]
    return Answer("".join(f"{path}\n" for path in found), "", 0 if len(found) == len(names) > 0 else 1)


def _on_path(call: Call, name: str) -> str:
    path = call.path(name) if "/" in name else f"/usr/bin/{name}"
    return path if call.files.exists(path) else ""


def curl(call: Call) -> Answer:
    if host := _host(call.argv):
        return Answer("", f"curl: (6) Could not resolve host: {host}\n", 6)
    return Answer("", "curl: try 'curl --help' or 'curl --manual' for more information\n", 2)


def wget(call: Call) -> Answer:
    if host := _host(call.argv):
        return Answer("", f"wget: unable to resolve host address ‘{host}’\n", 4)  # noqa: RUF001
    return Answer("", "wget: missing URL\n", 1)


def _host(argv: list[str]) -> str:
    urls = [a for a in argv if not a.startswith("-") and ("." in a or "://" in a or a == "localhost")]
    return re.sub(r"^\w+://|[/:?].*$", "", urls[-1]) if urls else ""


# ---- What there is and what there isn't ----------------------------------------------------------------

COMMANDS: dict[str, Callable[[Call], Answer]] = {
    "curl": curl, "date": date, "df": df, "hostname": hostname, "ls": ls, "mktemp": mktemp, "mount": mount,
    "ps": ps, "shuf": shuf, "sudo": sudo, "uname": uname, "uptime": uptime, "uuidgen": uuidgen,
    "wget": wget, "which": which,
}  # fmt: skip

# bashkit has these, but either they say what they are or no ordinary machine has them.
MISSING = (
    "assert", "busybox", "csv", "dotenv", "glob", "help", "http", "json", "log", "man", "nano", "parallel",
    "retry", "rg", "scp", "semver", "sftp", "ssh", "systemctl", "tomlq", "verify", "vi", "yq",
)  # fmt: skip

_VERSIONS = {
    "awk": "GNU Awk 5.2.1, API 3.2",
    "bash": "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)",
    "bc": "bc 1.07.1",
    "curl": "curl 7.88.1 (x86_64-pc-linux-gnu)",
    "diff": "diff (GNU diffutils) 3.8",
    "file": "file-5.44",
    "find": "find (GNU findutils) 4.9.0",
    "gawk": "GNU Awk 5.2.1, API 3.2",
    "grep": "grep (GNU grep) 3.8",
    "gzip": "gzip 1.12",
    "less": "less 590 (GNU regular expressions)",
    "make": "GNU Make 4.3",
    "patch": "GNU patch 2.7.6",
    "sh": "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)",
    "sed": "sed (GNU sed) 4.9",
    "tar": "tar (GNU tar) 1.34",
    "tree": "tree v2.1.0",
    "wget": "GNU Wget 1.21.3 built on linux-gnu.",
    "xargs": "xargs (GNU findutils) 4.9.0",
}


def version_line(name: str) -> str | None:
    """What ``NAME --version`` says first on this machine; None for what has no such option."""
    if name in _VERSIONS:
        return _VERSIONS[name]
    return None if name in MISSING or name in _WITHOUT_VERSION else f"{name} (GNU coreutils) 9.1"


_WITHOUT_VERSION = frozenset({"jq", "echo", "cd", "printf", "type", "command", "git", "test"})
