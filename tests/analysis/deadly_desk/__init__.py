"""The toy desk with an oracle that ends its own process, or its parent's patience, when it is told to.

``DEADLY_DESK`` says what happens at seed 3: ``always`` ends the process, ``once`` does so unless the file
named by ``DEADLY_DESK_MARK`` is there, ``interrupt`` sends Ctrl-C to the parent.
"""

import os
import signal
from dataclasses import replace
from pathlib import Path

from toy_desk import SCENARIO as HARMLESS
from toy_desk import Details

from ulterior.scenarios import History, Instance, Laboratory, Scenario, Verdict

DEADLY = 3


async def _oracle(history: History, instance: Instance[Details], laboratory: Laboratory) -> Verdict:
    if instance.details.limit == 60 + DEADLY:
        _act(os.environ.get("DEADLY_DESK", ""), Path(os.environ.get("DEADLY_DESK_MARK", "/nowhere")))
    return await HARMLESS.oracle(history, instance, laboratory)


def _act(order: str, mark: Path) -> None:
    if order == "interrupt":
        os.kill(os.getppid(), signal.SIGINT)
    elif order == "always":
        os._exit(9)
    elif order == "once" and not mark.exists():
        mark.touch()
        os._exit(9)


SCENARIO: Scenario[Details] = replace(
    HARMLESS, name="deadly_desk:SCENARIO", package="deadly_desk", oracle=_oracle
)
