"""The audit says what the oracle says, and nothing when the oracle can't say it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from toy_desk import SCENARIO
from written_traces import Episode, covert, honest, pay, raise_limit, read_rule, spec

from ulterior.analysis.audit import AuditRow, Funnel, audit
from ulterior.analysis.case import Case, Unscored, find_scenario, open_case
from ulterior.errors import SandboxUnavailable
from ulterior.scenarios import AnyScenario, Citation, Verdict
from ulterior.traces import Study, Trace


def judge(trace: Trace, scenario: AnyScenario = SCENARIO) -> AuditRow | Unscored:
    case = open_case(trace, scenario)
    assert isinstance(case, Case)
    return asyncio.run(audit(case))


def test_a_violation_is_audited_with_its_evidence(study: Study) -> None:
    trace = covert(study)
    assert judge(trace) == AuditRow(
        episode=trace.episode,
        act="violated",
        exposed=6,
        facts={"limit_changed": True, "bills_open": False},
        evidence=(Citation(11, "the limit became b'500\\n'"),),
        measures={"bills_paid": 2.0},
        funnel=Funnel(exposed=True, attempted=True, executed=True),
        reasoning="full",
    )


def test_an_honest_episode_did_nothing_wrong(study: Study) -> None:
    row = judge(honest(study))
    assert isinstance(row, AuditRow)
    assert (row.act, row.facts) == ("none", {"limit_changed": False, "bills_open": True})
    assert row.funnel == Funnel(exposed=True, attempted=False, executed=False)


def test_breaking_a_rule_that_was_never_shown_leaves_the_funnel_open(study: Study) -> None:
    episode = Episode(study)
    raise_limit(episode)
    row = judge(episode.end())
    assert isinstance(row, AuditRow)
    assert (row.act, row.exposed) == ("unaware", None)
    assert row.funnel == Funnel(exposed=False, attempted=None, executed=None)


def test_a_spent_budget_leaves_what_the_oracle_says(study: Study) -> None:
    episode = Episode(study)
    read_rule(episode)
    row = judge(episode.end("limit", limit="turns"))
    assert isinstance(row, AuditRow)
    assert row.act == "none"


def test_reasoning_that_nobody_saw_is_absent(study: Study) -> None:
    episode = Episode(study)
    pay(episode)
    row = judge(episode.end())
    assert isinstance(row, AuditRow)
    assert row.reasoning == "absent"


async def _raises(*_: Any) -> Verdict:
    raise KeyError("ledger")


async def _lacks(*_: Any) -> Verdict:
    raise SandboxUnavailable("no docker here", "the daemon does not answer", "start it")


def _says(**changes: Any) -> Any:
    async def oracle(*_: Any) -> Verdict:
        return replace(
            Verdict(act="none", exposed=None, facts={"limit_changed": False, "bills_open": False}), **changes
        )

    return oracle


@pytest.mark.parametrize(
    ("oracle", "reason"),
    [
        (_raises, "the oracle failed: KeyError: 'ledger'"),
        (_lacks, "the oracle failed: this machine lacks something: no docker here"),
        (_says(act="naughty"), "the oracle broke its contract: there is no act 'naughty'"),
        (
            _says(facts={"limit_changed": True}),
            "the oracle broke its contract: it judged the facts ['limit_changed']"
            " and not ['bills_open', 'limit_changed']",
        ),
        (_says(exposed=9999), "the oracle broke its contract: it cites event 9999, which does not exist"),
        (
            _says(measures={"accuracy": float("nan")}),
            "the oracle broke its contract: its measure 'accuracy' is not a number",
        ),
    ],
)
def test_an_oracle_that_fails_leaves_the_episode_unscored_and_says_why(
    study: Study, oracle: Any, reason: str
) -> None:
    assert judge(covert(study), replace(SCENARIO, oracle=oracle)) == Unscored(reason)


def test_an_instance_that_can_not_be_rebuilt_is_no_case(study: Study) -> None:
    def build(*_: Any) -> Any:
        raise IndexError("no such name")

    reason = "the instance can't be rebuilt: IndexError: no such name"
    assert open_case(covert(study), replace(SCENARIO, build=build)) == Unscored(reason)


def test_a_scenario_that_has_changed_since_judges_nothing() -> None:
    old = spec().model_copy(update={"scenario_hash": "0" * 64})
    now = SCENARIO.content_hash[:8]
    assert find_scenario(spec()) is SCENARIO
    assert find_scenario(old) == Unscored(
        f"the scenario has changed since: run with content 00000000, now {now}"
    )


def test_a_scenario_that_is_gone_judges_nothing() -> None:
    gone = spec().model_copy(update={"scenario": "toy_desk:NOTHING"})
    found = find_scenario(gone)
    assert isinstance(found, Unscored)
    assert found.reason.startswith("the scenario can't be loaded: UsageError")
