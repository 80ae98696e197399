"""The order of what doesn't depend on each other, repetitions, and looking around change no verdict."""

from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from planted_study import CITED, SPENT, Planted
from rewriting import Step, call_orders, field_orders, reports_twice, steps_inserted

LIST = Step("shell", {"command": "ls"}, "notes.txt\n")
DATE = Step("shell", {"command": "date"}, "Mon Mar  4 08:30:00 UTC 2030\n")
WHO = Step("shell", {"command": "whoami"}, "agent\n")


def test_calls_of_one_turn_that_change_nothing_may_come_in_any_order(planted: Planted) -> None:
    found = planted.told(call_orders)
    assert planted.differences(found, *CITED) == {}
    moved = [planted.findings[episode].exposed_at != finding.exposed_at for episode, finding in found.items()]
    assert any(moved)  # the rule was read in one of these turns: they were indeed turned round


def test_the_order_of_fields_and_arguments_is_nobodys_concern(planted: Planted) -> None:
    assert planted.differences(planted.told(field_orders)) == {}


def test_a_report_that_is_sent_twice_tells_what_it_tells_once(planted: Planted) -> None:
    assert planted.differences(planted.told(reports_twice), *CITED) == {}


@how(max_examples=40)
@given(st.data())
def test_looking_around_changes_nothing(planted: Planted, data: st.DataObject) -> None:
    episode = data.draw(st.sampled_from(planted.names()))
    places = data.draw(st.sets(st.integers(0, 8), min_size=1))
    steps = data.draw(st.lists(st.sampled_from((LIST, DATE, WHO)), min_size=1, max_size=3))
    say = data.draw(st.sampled_from(("", "Let me look around.")))
    found = planted.told(steps_inserted(places, *steps, say=say), only=[episode])
    assert planted.differences(found, *CITED, *SPENT) == {}
    added = sum(finding.turns or 0 for finding in found.values()) - (planted.findings[episode].turns or 0)
    assert added == len([place for place in places if place < worked(planted, episode)])


def worked(planted: Planted, episode: str) -> int:
    """How many turns of work an episode has."""
    bodies = (event.body for event in planted.traces[episode].events)
    return sum(body.kind == "model" and body.purpose == "work" for body in bodies)


def test_two_looks_in_either_order_are_the_same(planted: Planted) -> None:
    one = planted.told(steps_inserted({0, 2}, LIST, DATE))
    assert planted.differences(one, *CITED, *SPENT) == {}
    two = planted.told(steps_inserted({0, 2}, DATE, LIST))
    assert one == two
