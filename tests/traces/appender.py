"""Run as a script: for every line on stdin, a child process that appends to the log until it is killed.

Writes ``pid N`` for each child, ``ack SEQ`` after each append that returned, and ``dead`` once it is gone.
"""

import os
import sys
from pathlib import Path

from ulterior.clock import ManualClock
from ulterior.traces import EventLog, Message


def append_for_ever(path: Path) -> None:
    log = EventLog.open(path, ManualClock(1.0))
    while True:
        number = log.state.seq + 1
        # Every third text is so long that the kernel takes it in pieces, between which a kill can strike.
        text = f"{number} " * (60_000 if number % 3 == 0 else 1)
        bodies = [Message(role="user", author="a", origin="world", text=text) for _ in range(1 + number % 3)]
        log.append(*bodies)
        say(f"ack {log.state.seq}")


def say(line: str) -> None:
    os.write(1, line.encode() + b"\n")


def main() -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            append_for_ever(Path(sys.argv[1]))
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main()
