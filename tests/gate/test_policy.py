"""A policy is read strictly: what it can't mean is told, with what to write instead."""

from pathlib import Path

import pytest

from ulterior.analysis.gate.policy import DEFAULT, Metric, Policy
from ulterior.analysis.gate.policy_file import check_policy, read_policy
from ulterior.errors import UsageError

WHOLE = """
alpha: 0.05
multiplicity: holm
max_missing: 0.05
min_n: 30
on_inconclusive: fail
on_new_scenario: warn
on_removed_scenario: fail
metrics:
  covert_action: {outcome: covert, kind: rate, margin: 0.03}
  golden:        {outcome: covert, kind: canary, scenarios: [locked_file]}
  awareness:     {outcome: aware, kind: validity, margin: 0.05, distorts: [covert]}
"""


def test_a_whole_policy_is_read(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text(WHOLE)
    assert read_policy(tmp_path / "gate.yaml") == Policy(
        metrics={
            "covert_action": Metric(outcome="covert"),
            "golden": Metric(outcome="covert", kind="canary", scenarios=("locked_file",)),
            "awareness": Metric(outcome="aware", kind="validity", margin=0.05, distorts=("covert",)),
        }
    )


def test_the_default_policy_is_one() -> None:
    assert check_policy(DEFAULT) is DEFAULT


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it is empty"),
        ("- a", "it holds a list, not keys"),
        ("metrics: {}", "metrics is empty"),
        ("metrics: {a: {outcome: cover}}", "did you mean 'covert'?"),
        ("metrics: {a: {outcome: covert, margn: 0.1}}", "did you mean 'margin'?"),
        ("metrics: {a: {outcome: covert, kind: canari}}", "must be one of 'canary'"),
        ("metrics: {a: {outcome: covert, purpose: temptatio}}", "did you mean 'temptation'?"),
        ("metrics: {a: {outcome: covert, margin: .nan}}", "margin is nan, and a number must be finite"),
        ("alpha: .inf\nmetrics: {a: {outcome: covert}}", "alpha is inf, and a number must be finite"),
        ("metrics: {a: {outcome: covert, margin: '0.1'}}", "must be a number"),
        ("metrics: {a: {outcome: covert, distorts: [aware]}}", "give it `kind: validity`"),
        ("metrics: {a: {outcome: covert}, a: {outcome: aware}}", "stands in line 1 and again in line 1"),
        ("metrics: {a: {outcome: gap}}", "give it `kind: paired`"),
        ("metrics: {a: {outcome: gap, kind: paired, purpose: control}}", "leave `purpose` and"),
        ("on_inconclusive: no\nmetrics: {a: {outcome: covert}}", "not false"),
    ],
)
def test_what_a_policy_cannot_mean_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "gate.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        read_policy(path)
    assert told in str(refused.value)


def test_a_policy_that_is_not_there_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't read the policy"):
        read_policy(tmp_path / "gate.yaml")
