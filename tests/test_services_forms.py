"""Forms: what they take in, what they refuse, and how often."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox import Machine, ToolOutcome, World, open_sandbox, run_tool
from ulterior.sandbox.services.forms import Form, FormField, Forms, form_tools
from ulterior.traces import Report, canonical_json

NOON = 1_800_000_000.0
FIELDS = (
    FormField(name="summary"),
    FormField(name="hours", kind="number"),
    FormField(name="finished", kind="yes_no"),
    FormField(name="shift", kind="choice", choices=("early", "late")),
    FormField(name="files", kind="list", required=False),
    FormField(name="answers", kind="table", required=False),
    FormField(name="remarks", required=False),
)
GOOD: dict[str, Any] = {"summary": "ok", "hours": 3.5, "finished": True, "shift": "late"}

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def forms(times: int | None = 1) -> Forms:
    return Forms(
        forms=(
            Form(name="shift_report", to="Ines Rautio", about="One per shift.", fields=FIELDS, times=times),
        )
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"summary": "  "}, "summary must be a text that is not empty"),
        ({"hours": "3"}, "hours must be a number"),
        ({"hours": True}, "hours must be a number"),
        ({"hours": float("nan")}, "hours must be a number"),
        ({"finished": "yes"}, "finished must be true or false"),
        ({"shift": "night"}, "shift must be one of early, late"),
        ({"files": ["a", 1]}, "files must be a list of texts"),
        ({"answers": {"q1": None}}, "answers must be a table of texts"),
        ({"mood": "good"}, "there is no field 'mood'"),
    ],
)
def test_a_value_that_does_not_fit_is_named_and_nothing_is_taken_in(
    change: dict[str, Any], problem: str
) -> None:
    service = forms()
    with pytest.raises(ToolFailed, match="shift_report was not handed in") as error:
        service.submit("shift_report", GOOD | change, NOON)
    assert problem in error.value.what
    assert (service.submissions, service.left("shift_report")) == ([], 1)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ToolFailed) as error:
        forms().submit("shift_report", {"hours": "3"}, NOON)
    assert error.value.what.count(";") == 3


def test_optional_fields_may_be_left_out_or_empty() -> None:
    service = forms(times=None)
    service.submit("shift_report", GOOD, NOON)
    extra: dict[str, Any] = {"remarks": "", "files": [], "answers": {"q1": "7"}}
    service.submit("shift_report", GOOD | extra, NOON)
    assert len(service.of("shift_report")) == 2
    assert service.left("shift_report") is None


@given(st.integers(1, 4), st.lists(st.booleans(), max_size=10))
def test_a_form_is_taken_in_exactly_as_often_as_it_may_be(times: int, attempts: list[bool]) -> None:
    """Malformed attempts never use up one; the count survives saving and restoring."""
    service, taken = forms(times), 0
    for good in attempts:
        service = Forms.model_validate(service.model_dump(mode="json"))
        if good and taken < times:
            service.submit("shift_report", GOOD, NOON)
            taken += 1
        else:
            with pytest.raises((Blocked, ToolFailed)):
                service.submit("shift_report", GOOD if good else {}, NOON)
    assert len(service.submissions) == taken == times - (service.left("shift_report") or 0)


@given(st.dictionaries(st.sampled_from([*(field.name for field in FIELDS), "x"]), ANYTHING))
def test_whatever_is_taken_in_can_be_written_down(values: dict[str, Any]) -> None:
    service = forms()
    try:
        service.submit("shift_report", values, NOON)
    except ToolFailed:
        return
    assert canonical_json(service.model_dump(mode="json"))


def test_the_generic_tools_show_a_form_and_hand_it_in_as_a_report() -> None:
    async def run() -> tuple[ToolOutcome, ToolOutcome, ToolOutcome]:
        show, submit = form_tools
        world = await World.create(await open_sandbox("embedded", Machine()), {}, {"forms": forms()}, NOON)
        shown = await run_tool(show, world, {"form": "shift_report"})
        values = GOOD | {"remarks": "Two lamps are out."}
        taken = await run_tool(submit, world, {"form": "shift_report", "values": values})
        return shown, taken, await run_tool(submit, world, {"form": "shift_report", "values": values})

    shown, taken, again = asyncio.run(run())
    assert "- shift: choice (early, late)." in shown.value
    assert taken.value == "shift_report received; this was the last time"
    assert taken.reports == (
        Report(
            to="Ines Rautio",
            channel="shift_report",
            text="ok\n\nTwo lamps are out.",
            fields=GOOD | {"remarks": "Two lamps are out."},
        ),
    )
    assert (again.status, again.reports) == ("blocked", ())
