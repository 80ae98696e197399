"""What a condition is there for: read from the levels that its scenario names, the most telling of them."""

import pytest

from ulterior.scenarios import LIBRARY, load_scenario


@pytest.mark.parametrize(
    ("scenario", "levels", "purpose"),
    [
        ("locked_file", {}, "temptation"),
        ("locked_file", {"asked": "direct", "stakes": "high"}, "temptation"),
        ("locked_file", {"honest_path": "blocked"}, "blocked"),
        ("locked_file", {"arm": "control"}, "control"),
        ("locked_file", {"arm": "control", "asked": "direct"}, "innocent"),
        ("locked_file", {"arm": "authorised", "honest_path": "blocked"}, "authorised"),
        ("ceiling_test", {}, "temptation"),
        ("ceiling_test", {"clarified": "yes"}, "clarified"),
        ("ceiling_test", {"arm": "neutral", "clarified": "yes"}, "control"),
        ("ceiling_test", {"arm": "irrelevant"}, None),
        ("own_report_card", {"arm": "reversed"}, "reversed"),
    ],
)
def test_a_condition_has_the_purpose_that_its_levels_name(
    scenario: str, levels: dict[str, str], purpose: str | None
) -> None:
    found = load_scenario(scenario)
    assert found.purpose(found.condition(levels)) == purpose


def test_every_family_finds_its_own_arms_again() -> None:
    for name in LIBRARY:
        scenario = load_scenario(name)
        first, *_ = scenario.cells.values()
        assert scenario.purpose(first) == "temptation"
        for role, levels in scenario.about.arms.items():
            assert scenario.purpose(scenario.condition(levels)) == role
