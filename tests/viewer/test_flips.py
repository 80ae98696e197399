"""The flips document: two studies in cells, every pair in one, everything else counted with a reason."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_traces import Episode, covert, honest, spec

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.statistics.paired import paired_difference
from ulterior.errors import UsageError
from ulterior.traces import Study
from ulterior.viewer.documents import Flip, FlipCell, FlipKind, Flips, StudyListed
from ulterior.viewer.flips import build_flips, contents_of
from ulterior.viewer.library import Library

SCENARIO = "toy_desk:SCENARIO"
NONE: dict[FlipKind, int] = {
    "safe_to_covert": 0,
    "covert_to_safe": 0,
    "both_covert": 0,
    "both_safe": 0,
    "undecided": 0,
}


def made(root: Path, *agents: Any, **more: Any) -> Study:
    """A study of one model: an agent for each seed."""
    study = Study.create(root, {"name": root.name})
    for seed, agent in enumerate(agents):
        agent(study, spec(f"sim/{root.name}", seed).model_copy(update=more))
    return study


def unread(study: Study, which: Any) -> None:
    Episode(study, which).end("infrastructure_error", detail="the provider did not answer")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    old = made(tmp_path / "old", honest, covert, covert, honest, covert)
    honest(old, spec("sim/old", 0, arm="plenty"))
    new = made(tmp_path / "new", covert, covert, honest, unread)
    honest(new, spec("sim/new", 0, arm="plenty").model_copy(update={"sandbox": "docker"}))
    return Library.open([old.root, new.root])


def ids(model: str) -> list[str]:
    return [spec(f"sim/{model}", seed).id for seed in range(4)]


def test_two_studies_are_paired_in_cells_with_their_difference(library: Library) -> None:
    changes: list[tuple[FlipKind, str | None]] = [
        ("safe_to_covert", None),
        ("both_covert", None),
        ("covert_to_safe", None),
        ("undecided", "B: void, an infrastructure error: the provider did not answer"),
    ]
    pairs = [
        Flip(a=a, b=b, cell=0, seed=seed, epoch=0, kind=kind, reason=reason)
        for seed, (a, b, (kind, reason)) in enumerate(zip(ids("old"), ids("new"), changes, strict=True))
    ]
    counts: dict[FlipKind, int] = {
        **NONE,
        "safe_to_covert": 1,
        "both_covert": 1,
        "covert_to_safe": 1,
        "undecided": 1,
    }
    difference = paired_difference([(0, False, True), (1, True, True), (2, True, False)])
    found = library.document("flips/old/new")
    assert isinstance(found, Flips)
    assert found == Flips(
        a=StudyListed(key="old", name="old", episodes=6),
        b=StudyListed(key="new", name="new", episodes=5),
        models=(("sim/old", "sim/new"),),
        cells=(
            FlipCell(
                scenario=SCENARIO,
                label="all",
                model_a="sim/old",
                model_b="sim/new",
                purpose="temptation",
                counts=counts,
                difference=difference,
            ),
        ),
        pairs=tuple(pairs),
        counts=counts,
        whole=difference,
        alone_a=2,
        alone_b=1,
        why_alone_a={
            "the other study has no episode of this seed": 1,
            "the other study has no such condition in this sandbox": 1,
        },
        why_alone_b={"the other study has no such condition in this sandbox": 1},
    )


def test_every_pair_of_studies_is_offered_in_the_order_given(library: Library, tmp_path: Path) -> None:
    assert library.catalog().flips == (("old", "new"),)
    third = made(tmp_path / "third", honest)
    roots = [tmp_path / "new", third.root, tmp_path / "old"]
    assert Library.open(roots).catalog().flips == (("new", "third"), ("new", "old"), ("third", "old"))
    with pytest.raises(UsageError, match="flips/old/gone"):
        library.document("flips/old/gone")


def test_a_scenario_that_changed_pairs_nothing(tmp_path: Path) -> None:
    old = made(tmp_path / "old", honest)
    new = made(tmp_path / "new", honest, scenario_hash="0" * 64)
    found = Library.open([old.root, new.root]).document("flips/old/new")
    assert isinstance(found, Flips)
    assert (found.pairs, found.why_alone_b) == ((), {"the scenario was another one there": 1})


def test_a_file_that_cannot_be_read_has_no_known_content(tmp_path: Path) -> None:
    study = made(tmp_path / "old", honest, covert)
    damaged = study.sealed_path(ids("old")[0])
    damaged.chmod(0o644)
    damaged.write_bytes(b"no trace at all")
    assert contents_of(study) == {ids("old")[1]: spec().scenario_hash}


# ---- Whatever the studies ------------------------------------------------------------------------------

CELLS = st.fixed_dictionaries(
    {
        "scenario": st.sampled_from(["locked_file", "gone"]),
        "condition": st.sampled_from([{"arm": "a"}, {"arm": "b"}]),
        "model": st.sampled_from(["one", "two"]),
        "seed": st.integers(0, 3),
        "epoch": st.integers(0, 1),
        "covert": st.sampled_from([True, False, None]),
        "fork": st.sampled_from([None, None, "parent"]),
    }
)


def findings(side: str) -> st.SearchStrategy[list[EpisodeFinding]]:
    return st.lists(CELLS, max_size=15).map(
        lambda cells: [_made(f"{side}{number}", cell) for number, cell in enumerate(cells)]
    )


def _made(episode: str, cell: dict[str, Any]) -> EpisodeFinding:
    reasons = {"covert": "the record leaves the act open"} if cell["covert"] is None else {}
    return EpisodeFinding(episode=episode, status="submitted", act="none", reasons=reasons, **cell)


A, B = (StudyListed(key=key, name=key, episodes=0) for key in "AB")


@given(findings("a"), findings("b"))
def test_the_counts_of_cells_are_those_of_their_pairs(
    a: list[EpisodeFinding], b: list[EpisodeFinding]
) -> None:
    found = build_flips((A, a), (B, b))
    for number, cell in enumerate(found.cells):
        kinds = Counter(pair.kind for pair in found.pairs if pair.cell == number)
        assert cell.counts == NONE | kinds
        assert sum(kinds.values()) > 0
        assert cell.difference.n == sum(kinds.values()) - kinds["undecided"]
    assert found.counts == NONE | Counter(pair.kind for pair in found.pairs)
    assert found.whole.n == len(found.pairs) - found.counts["undecided"]
    for side, alone, why in ((a, found.alone_a, found.why_alone_a), (b, found.alone_b, found.why_alone_b)):
        assert alone == sum(why.values())
        assert len(found.pairs) + alone == sum(finding.fork is None for finding in side)


@given(findings("a"), findings("b"))
def test_turning_the_studies_round_turns_every_cell(a: list[EpisodeFinding], b: list[EpisodeFinding]) -> None:
    there, back = build_flips((A, a), (B, b)), build_flips((B, b), (A, a))
    swap = {"safe_to_covert": "covert_to_safe", "covert_to_safe": "safe_to_covert"}
    turned = {
        (cell.scenario, cell.label, cell.model_b): {
            swap.get(kind, kind): n for kind, n in cell.counts.items()
        }
        for cell in back.cells
    }
    assert {(cell.scenario, cell.label, cell.model_a): cell.counts for cell in there.cells} == turned
    estimates = there.whole.estimate, back.whole.estimate
    assert estimates == (None, None) or estimates[0] == pytest.approx(-(estimates[1] or 0))
