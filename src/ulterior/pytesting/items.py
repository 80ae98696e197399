"""Gates as items: ``ulterior::covert_action[all]`` and one for each scenario family, so that ``-v``, ``-k``,
``--lf``, JUnit's XML and xdist treat them as any test."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from ulterior.errors import UlteriorError
from ulterior.pytesting.options import PREFIX
from ulterior.pytesting.reporting import plainly
from ulterior.pytesting.session import session_of

if TYPE_CHECKING:
    from ulterior.pytesting.gates import Asked
    from ulterior.pytesting.telling import Told

__all__ = ["GateItem", "gate_items"]


class _Gates(pytest.Collector):
    """The parent of a model's gates; they are made by :func:`gate_items`."""

    def collect(self) -> list[pytest.Item]:
        return []


class GateItem(pytest.Item):
    """A metric of the policy, in one scenario family or (``scenario`` None) over all of them."""

    def __init__(self, *, metric: str, scenario: str | None, model: str | None, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]
        self.metric = metric
        self.scenario = scenario
        self.model = model

    def setup(self) -> None:
        """Runs what is to be compared, unless another item did. Whatever can't be compared is an error of
        all."""
        refusal = session_of(self.config).refusal(self.model)
        if refusal:
            pytest.skip(refusal)
        told = self._told()
        if told.how == "error":
            pytest.fail(told.text, pytrace=False)

    def runtest(self) -> None:
        """Ends as the verdict says."""
        told = self._told()
        self.user_properties.extend(told.numbers)
        if told.how == "fail":
            pytest.fail(told.text, pytrace=False)
        if told.how == "xfail":
            pytest.xfail(told.why)
        if told.how in ("skip", "xfail"):  # --runxfail makes nothing of pytest.xfail
            pytest.skip(told.why)

    def reportinfo(self) -> tuple[str, None, str]:
        return str(self.config.rootpath / PREFIX.rstrip(":")), None, self.name

    def summary(self) -> str | None:
        """The verdict as ``ulterior gate`` prints it; None where there is none."""
        try:
            return session_of(self.config).comparison(self.model).verdict.text
        except Exception:  # it is the item's own failure already
            return None

    def _told(self) -> "Told":
        try:
            found = session_of(self.config).comparison(self.model)
        except (UlteriorError, OSError) as error:
            raise pytest.fail.Exception(plainly(error), pytrace=False) from None
        from ulterior.pytesting.telling import tell

        return tell(found, self.metric, self.scenario)


def gate_items(session: pytest.Session) -> list[GateItem]:
    """All gates of a run that has a baseline and a candidate."""
    known = session_of(session.config)
    asked = known.asked()
    models: tuple[str | None, ...] = known.options.models or (None,)
    gates: list[GateItem] = []
    for model in models:
        called = PREFIX.rstrip(":") if len(models) == 1 else f"{PREFIX}{model}"
        parent: Any = _made(_Gates, session, name=called, nodeid=called)
        own = list(_items(parent, asked, model))
        # So that they are counted as collected.
        report = pytest.CollectReport(called, "passed", None, list(own))
        session.config.hook.pytest_collectreport(report=report)
        gates += own
    return gates


def _items(parent: Any, asked: "Asked", model: str | None) -> Iterator[GateItem]:
    for metric, scenarios in asked.items():
        for scenario in (None, *scenarios):
            name = f"{_shown(metric)}[{_shown(scenario or 'all')}]"
            # Given as a text, it is read as pytest will read it from its cache for --lf.
            about = {"name": name, "nodeid": f"{parent.nodeid}::{name}", "metric": metric}
            yield _made(GateItem, parent, scenario=scenario, model=model, **about)


def _shown(text: str) -> str:
    """A name that can be printed and given on a command line; it comes from the policy or from a file."""
    from ulterior.analysis.visible import visible

    return visible(text).replace("\n", "␊")


def _made(kind: Any, parent: Any, **about: object) -> Any:
    """A node; pytest leaves the types of these keywords open."""
    return kind.from_parent(parent, **about)
