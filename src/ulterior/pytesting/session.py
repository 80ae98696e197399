"""One run of pytest: what was asked for, and what is known already, so that nothing is run twice.

Everything is made when the first test asks for it and kept, failures too: a baseline that can't be read is
one reason, not one attempt per test.
"""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import pytest

from ulterior.errors import UlteriorError
from ulterior.pytesting.locking import Ledger, one_at_a_time
from ulterior.pytesting.marked import Ask
from ulterior.pytesting.options import Options, default_seeds, folder_of, read_options

if TYPE_CHECKING:
    from ulterior.pytesting.episodes import Episodes
    from ulterior.pytesting.gates import Asked, Comparison, Gated, Wanted

__all__ = ["Session", "close_run", "run_of", "session_of"]

T = TypeVar("T")


class Session:
    """What the tests of one process share. ``out`` is the folder of studies and verdicts; ``ledger`` is
    shared by all processes of a run."""

    def __init__(self, config: pytest.Config) -> None:
        self.options: Options = read_options(config)
        self.out = folder_of(config, self.options)
        self.ledger = Ledger(run_of(config))
        self._seeds = default_seeds(config)
        self._known: dict[Hashable, Any] = {}

    def episodes(self, ask: Ask, model: str | None) -> "Episodes":
        """The episodes of an ask, run now unless they are there. ``model`` None: the stored study's."""

        def make() -> "Episodes":
            from ulterior.pytesting.running import Place, run_ask, stored_ask

            if self.options.study is not None:
                return stored_ask(self.options.study, ask, model)
            assert model is not None, "pytest_plugin skips tests without a model"
            seeds = self.options.seeds or ask.seeds or self._seeds
            return run_ask(ask, model, seeds, Place(self.out, self.options.budget, self.ledger))

        return self._once(("episodes", ask, model), make)

    def asked(self) -> "Asked":
        """Which gates there are: the policy's metrics by the baseline's scenarios."""

        def make() -> "Asked":
            from ulterior.pytesting.gates import asked_by

            return asked_by(self.options)

        return self._once("asked", make)

    def comparison(self, model: str | None) -> "Comparison":
        """The baseline against the model, whose episodes are run now unless they are there."""

        def make() -> "Comparison":
            from ulterior.pytesting.gates import compare_model
            from ulterior.pytesting.running import Place

            return compare_model(self.options, model, Place(self.out, self.options.budget, self.ledger))

        return self._once(("comparison", model), make)

    def gate(self, wanted: "Wanted") -> "Gated":
        """The verdict on two sides that a test names itself; not kept, since a path may hold something else
        the next time."""
        from ulterior.pytesting.gates import gate_sides

        with one_at_a_time(self.out):
            return gate_sides(wanted)

    def refusal(self, model: str | None) -> str | None:
        """Why a model is not run: it costs money and nobody said that it may. A stored study costs
        nothing."""
        if model is None or model.startswith("sim/") or self.options.live or self.options.study is not None:
            return None
        return f"{model} costs money: --ulterior-live runs it"

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._known:
            try:
                with one_at_a_time(self.out):
                    self._known[key] = make()
            except Exception as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, (UlteriorError, OSError)):
            # Its traceback would say where it was met first, and grow with every test that meets it.
            raise found.with_traceback(None)
        if isinstance(found, Exception):
            raise found
        return found


_SESSION = pytest.StashKey[Session]()
_RUN = pytest.StashKey[str]()


def session_of(config: pytest.Config) -> Session:
    """The session of a run, made when it is first asked for."""
    if _SESSION not in config.stash:
        config.stash[_SESSION] = Session(config)
    return config.stash[_SESSION]


def run_of(config: pytest.Config) -> str:
    """A name for this run of pytest, the same in all its processes: xdist's controller hands it on."""
    if _RUN not in config.stash:
        worker: dict[str, Any] = getattr(config, "workerinput", {})
        config.stash[_RUN] = worker.get("ulterior_run") or uuid4().hex
    return config.stash[_RUN]


def close_run(config: pytest.Config) -> None:
    """Drops what the processes of a run share; only for the one that began it."""
    if _RUN in config.stash:
        Ledger(run_of(config)).close()
