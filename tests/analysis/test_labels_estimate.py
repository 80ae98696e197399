"""What labels do to the rates: right on average, covered, and silent where nothing is known."""

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ulterior.analysis.labels.estimate import LabelledRates, labelled_rates
from ulterior.analysis.labels.key import KeyItem, QueueKey, RubricKey, Stratum
from ulterior.analysis.labels.sampling import draw
from ulterior.analysis.labels.status import label_status
from ulterior.analysis.labels.store import HumanLabel, Labels
from ulterior.analysis.labels.units import Target, Unit

LABELS_OF, POSITIVE = ("covert", "open", "none"), ("covert",)
LABELS = {True: "covert", False: "none"}


class World:
    """Episodes of known truth, and a detector that errs."""

    def __init__(self, *cells: tuple[str, int, bool, bool]) -> None:
        """Each cell: scenario, how many, whether the detector says yes, whether it is so."""
        self.units: list[Unit] = []
        self.truth: dict[str, bool] = {}
        for scenario, count, said, true in cells:
            for _ in range(count):
                episode = f"e{len(self.units):04}"
                call = "flagged" if said else "unflagged"
                self.units.append(Unit(Target(episode, "covert", "1"), scenario, {"findings": said}, call))
                self.truth[episode] = true

    def rate(self, scenario: str | None = None) -> float:
        chosen = [self.truth[u.target.episode] for u in self.units if scenario in (None, u.scenario)]
        return sum(chosen) / len(chosen)

    def key(self, budget: int, seed: int = 0) -> QueueKey:
        drawn = draw(self.units, budget, seed)
        counts: dict[tuple[str, bool], int] = {}
        for unit in self.units:
            where = (unit.scenario, unit.call == "flagged")
            counts[where] = counts.get(where, 0) + 1
        rubric = RubricKey(
            rubric="covert",
            version="1",
            labels=LABELS_OF,
            positive=POSITIVE,
            strata=tuple(
                Stratum(
                    scenario=scenario,
                    call="flagged" if said else "unflagged",
                    says={"findings": said},
                    size=size,
                )
                for (scenario, said), size in counts.items()
            ),
            items=tuple(
                KeyItem(
                    item=f"i-{each.unit.target.episode}",
                    episode=each.unit.target.episode,
                    scenario=each.unit.scenario,
                    call=each.unit.call,
                    says=dict(each.unit.says),
                    probability=each.probability,
                )
                for each in drawn
            ),
        )
        return QueueKey(id="q", seed=seed, budget=budget, double=0.2, detectors={}, rubrics=(rubric,))

    def read(self, key: QueueKey, says: Callable[[KeyItem], str | None] | None = None) -> Labels:
        """What an annotator who is always right says, or whoever ``says``."""
        rows: list[HumanLabel] = []
        for rubric, item in key.items:
            label = LABELS[self.truth[item.episode]] if says is None else says(item)
            if label is not None:
                rows.append(labelled(rubric, item, label))
        return Labels(tuple(rows))


def labelled(key: RubricKey, item: KeyItem, label: str, annotator: str = "ada", **more: Any) -> HumanLabel:
    usual: dict[str, Any] = {"blinded": True, "at": 1.0, "rubric_version": key.version, "about": item.about}
    place = {"item": item.item, "episode": item.episode, "rubric": key.rubric}
    return HumanLabel.model_validate(usual | place | {"label": label, "annotator": annotator} | more)


def estimated(key: QueueKey, labels: Labels) -> LabelledRates:
    (found,) = labelled_rates(key, labels)
    return found


ERRING = World(
    ("locks", 20, True, True),
    ("locks", 10, True, False),
    ("locks", 6, False, True),
    ("locks", 164, False, False),
    ("keys", 5, True, True),
    ("keys", 95, False, False),
)


def test_where_everything_is_read_the_rate_is_known_exactly() -> None:
    key = ERRING.key(budget=300)
    found = estimated(key, ERRING.read(key))
    rates = {
        rate.scenario: (rate.corrected.estimate, rate.corrected.low, rate.corrected.high)
        for rate in found.rates
    }
    for scenario in (None, "keys", "locks"):
        assert rates[scenario] == pytest.approx((ERRING.rate(scenario),) * 3)
    (findings,) = found.detectors
    assert findings.sensitivity.estimate == pytest.approx(25 / 31)
    assert findings.specificity.estimate == pytest.approx(259 / 269)
    assert (found.rates[0].raw, found.fates) == (pytest.approx(35 / 300), {"negative": 269, "positive": 31})


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def test_estimates_are_right_on_average_and_their_intervals_cover() -> None:
    rates: list[float] = []
    covered: list[bool] = []
    found_share: list[float] = []
    for seed in range(200):
        key = ERRING.key(80, seed)
        found = estimated(key, ERRING.read(key))
        corrected, findings = found.rates[0].corrected, found.detectors[0]
        assert corrected.estimate is not None
        assert corrected.low is not None
        assert corrected.high is not None
        assert findings.specificity.estimate is not None
        rates.append(corrected.estimate)
        covered.append(corrected.low <= ERRING.rate() <= corrected.high)
        found_share.append(findings.specificity.estimate)
    assert mean(rates) == pytest.approx(ERRING.rate(), abs=0.004)
    assert mean(found_share) == pytest.approx(259 / 269, abs=0.01)
    assert mean(covered) >= 0.93


def test_the_raw_rate_of_a_detector_that_errs_is_corrected() -> None:
    blind = World(("locks", 5, True, True), ("locks", 45, False, True), ("locks", 150, False, False))
    key = blind.key(100)
    rate = estimated(key, blind.read(key)).rates[0]
    assert (rate.raw, rate.answered) == (0.025, 200)
    assert rate.corrected.low is not None
    assert rate.corrected.low > 0.15


@settings(max_examples=30)
@given(st.integers(8, 300), st.integers(0, 50))
def test_estimate_and_bounds_are_in_order(budget: int, seed: int) -> None:
    key = ERRING.key(budget, seed)
    dice = random.Random(seed)
    found = estimated(key, ERRING.read(key, lambda _: dice.choice(["covert", "none", "cannot_tell", None])))
    for rate in found.rates:
        corrected = rate.corrected
        if corrected.estimate is None:
            assert (corrected.low, corrected.high, rate.least, rate.most) == (None,) * 4
            assert corrected.reason
            continue
        assert corrected.low is not None
        assert corrected.high is not None
        assert rate.least is not None
        assert rate.most is not None
        assert 0 <= corrected.low <= corrected.high <= 1
        assert rate.least - 1e-12 <= corrected.estimate <= rate.most + 1e-12
    assert sum(found.fates.values()) == len(key.rubrics[0].items)


def test_without_labels_nothing_is_said_and_never_zero() -> None:
    rate = estimated(ERRING.key(20), Labels(())).rates[0]
    assert (rate.corrected.estimate, rate.corrected.low, rate.corrected.high) == (None, None, None)
    assert rate.corrected.reason is not None
    assert rate.corrected.reason.startswith("no label in ")


def test_a_stratum_that_nobody_could_decide_keeps_the_rate_unknown() -> None:
    key = ERRING.key(40)
    labels = ERRING.read(key, lambda item: "cannot_tell" if item.call == "unflagged" else "covert")
    rate = estimated(key, labels).rates[0]
    assert rate.corrected.estimate is None
    assert (rate.least, rate.most) == (None, None)


def test_what_people_left_open_widens_what_is_said_to_be_possible() -> None:
    key = ERRING.key(300)
    labels = ERRING.read(key, lambda item: "cannot_tell" if item.episode < "e0010" else "none")
    rate = estimated(key, labels).rates[0]
    assert (rate.corrected.estimate, rate.least, rate.most) == (0, 0, pytest.approx(10 / 300))


def test_one_scenario_is_estimated_from_its_own_items_where_there_are_any() -> None:
    many = World(*((f"s{n}", 10, said, said) for n in range(6) for said in (True, False)))
    key = many.key(8)
    found = estimated(key, many.read(key))
    assert found.rates[0].corrected.estimate == pytest.approx(0.5)
    sampled = {(item.scenario, item.call) for _, item in key.items}
    for rate in found.rates[1:]:
        both = {(rate.scenario, "flagged"), (rate.scenario, "unflagged")} <= sampled
        assert (rate.corrected.estimate is not None) == both


def test_labels_that_mean_the_same_for_the_question_agree() -> None:
    key = ERRING.key(8)
    (rubric,) = key.rubrics
    item = rubric.items[0]
    rows = Labels((labelled(rubric, item, "none"), labelled(rubric, item, "open", "ben")))
    assert estimated(key, rows).fates == {"negative": 1, "nobody": len(rubric.items) - 1}
    opposed = Labels((labelled(rubric, item, "none"), labelled(rubric, item, "covert", "ben")))
    assert estimated(key, opposed).fates["disagreement"] == 1
    unsure = Labels((labelled(rubric, item, "none"), labelled(rubric, item, "cannot_tell", "ben")))
    assert estimated(key, unsure).fates["disagreement"] == 1


def test_people_who_were_not_blinded_change_no_rate() -> None:
    key = ERRING.key(8)
    (rubric,) = key.rubrics
    rows = Labels(tuple(labelled(rubric, item, "covert", blinded=False) for item in rubric.items))
    assert estimated(key, rows).fates == {"not blinded": len(rubric.items)}


def says(*pairs: tuple[str, bool | None]) -> dict[str, bool | None]:
    return dict(pairs)


def test_each_detector_is_measured_by_what_it_answers() -> None:
    """A judge that is silent about half of what is unflagged, and contradicts the findings elsewhere."""
    rows: list[tuple[Mapping[str, bool | None], str, int, bool]] = [
        (says(("findings", True), ("judge", True)), "flagged", 4, True),
        (says(("findings", True), ("judge", False)), "disputed", 2, False),
        (says(("findings", False), ("judge", True)), "disputed", 1, True),
        (says(("findings", False), ("judge", None)), "unflagged", 10, False),
        (says(("findings", False), ("judge", False)), "unflagged", 9, False),
        (says(("findings", False), ("judge", False)), "unflagged", 1, True),
    ]
    items: list[KeyItem] = []
    truth: dict[str, bool] = {}
    for said, call, count, true in rows:
        for _ in range(count):
            name = f"i{len(items)}"
            truth[name] = true
            fields = {
                "item": name,
                "episode": name,
                "scenario": "s",
                "call": call,
                "says": said,
                "probability": 1,
            }
            items.append(KeyItem.model_validate(fields))
    strata = [
        Stratum.model_validate({"scenario": "s", "call": call, "says": said, "size": count})
        for said, call, count, _ in rows
    ]
    rubric = RubricKey(
        rubric="covert",
        version="1",
        labels=LABELS_OF,
        positive=POSITIVE,
        strata=tuple(strata),
        items=tuple(items),
    )
    key = QueueKey(id="q", seed=0, budget=27, double=0.2, detectors={}, rubrics=(rubric,))
    labels = Labels(tuple(labelled(rubric, item, LABELS[truth[item.item]]) for item in items))
    findings, judge = estimated(key, labels).detectors
    measured = [
        (each.detector, each.sensitivity.estimate, each.specificity.estimate, each.unanswered)
        for each in (findings, judge)
    ]
    assert measured == [
        ("findings", pytest.approx(4 / 6), pytest.approx(19 / 21), 0),
        ("judge", pytest.approx(5 / 6), pytest.approx(1), 10),
    ]


def test_the_status_counts_readers_pairs_and_disagreements() -> None:
    key = ERRING.key(10)
    (rubric,) = key.rubrics
    twice = tuple(item.model_copy(update={"readers": 2}) for item in rubric.items[:4])
    rubric = rubric.model_copy(update={"items": (*twice, *rubric.items[4:])})
    key = key.model_copy(update={"rubrics": (rubric,)})
    rows = [labelled(rubric, item, LABELS[number % 2 == 0]) for number, item in enumerate(rubric.items[:6])]
    rows += [labelled(rubric, item, LABELS[number == 0], "ben") for number, item in enumerate(twice)]
    rows.append(labelled(rubric, rubric.items[9], "none", "cy", blinded=False))
    (status,) = label_status(key, Labels(tuple(rows), damaged=(3,))).rubrics
    counts = (status.items, status.read, status.wanted, status.given, status.unblinded, status.adjudicated)
    assert counts == (10, 6, 14, 10, 1, 0)
    (pair,) = status.pairs
    assert (pair.annotators, pair.same, pair.kappa.items) == (("ada", "ben"), 3, 4)
    assert pair.kappa.value == pytest.approx(0.5)
    assert [(each.item, each.said) for each in status.disagreements] == [
        (twice[2].item, {"ada": "covert", "ben": "none"})
    ]
    assert status.alpha.items == 4
