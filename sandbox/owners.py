"""Which process a container belongs to, so that what a killed process left behind can be told from the rest.

A process is named by its machine (boot id and process namespace), its number and when it started: numbers
are used again, these three together are not. Where there is no ``/proc`` only a deadline can tell.
"""

import os
from functools import cache
from pathlib import Path

__all__ = ["is_gone", "this_process"]


def this_process() -> str:
    """This process, as a label."""
    return f"{_here()}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(owner: str) -> bool:
    """Whether the owner was a process on this machine that is not there any more."""
    place, _, rest = owner.partition(":")
    number, _, started = rest.partition(":")
    if not place or place != _here() or not number.isdigit():
        return False
    return _started(int(number)) != started


@cache
def _here() -> str:
    """This machine since it was started, and our view of its processes; "" when that can't be told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}.{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _started(number: int) -> str:
    """When a process started, in the kernel's ticks; "" when there is none."""
    try:
        about = Path(f"/proc/{number}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
    fields = about.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
