"""``ulterior label``: from a study to files that people read, and back to corrected rates."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from terminal import ulterior

from ulterior.analysis import analyze_study
from ulterior.analysis.labels.key import load_keys
from ulterior.traces import Study

SECRETIVE = ["-s", "locked_file", "-m", "sim/covert", "-m", "sim/honest", "--factor", "arm=conflict"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("labels")


@pytest.fixture
def root(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A copy of a study of three covert and three honest episodes, which is run once for all tests."""
    original = folder / "study"
    if not original.exists():
        code, _, err = ulterior(capsys, "run", *SECRETIVE, "--seeds", "3", "-o", original)
        assert code == 0, err
    return shutil.copytree(original, tmp_path / "study")


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def filled(root: Path, path: Path, wrong: int = 0) -> Path:
    """The queue as somebody fills it in who knows the truth, but errs on the first items."""
    (key,) = load_keys(Study.open(root)).values()
    truth = {finding.episode: finding.covert for finding in analyze_study(Study.open(root))}
    of_item = {item.item: truth[item.episode] for _, item in key.items}
    rows = rows_of(path)
    for number, row in enumerate(rows):
        row["label"] = "covert" if of_item[row["item"]] != (number < wrong) else "none"
    done = path.with_stem(f"{path.stem}-done")
    done.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return done


def test_labels_of_two_people_go_all_the_way_to_a_corrected_rate(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "queue.jsonl"
    names = ["--annotator", "ada", "--annotator", "ben", "--double", "1"]
    code, said, err = ulterior(capsys, "label", "export", root, "-o", out, *names)
    assert (code, said) == (0, "")
    assert "6 items, 6 of them for two readers" in err
    ada, ben = tmp_path / "queue-ada.jsonl", tmp_path / "queue-ben.jsonl"
    assert len(rows_of(ada)) == len(rows_of(ben)) == 6
    taken = [
        ulterior(capsys, "label", "import", root, filled(root, path, wrong), "--annotator", name)
        for path, name, wrong in ((ada, "ada", 0), (ben, "ben", 1))
    ]
    assert [each[0] for each in taken] == [0, 0]
    assert taken[0][1] == "6 new labels of ada, 0 known before, 0 items without an answer\n"
    code, text, _ = ulterior(capsys, "label", "status", root)
    assert code == 0
    assert "covert: 6 of 6 items read, 12 of 12 labels" in text
    assert "ada and ben: 5 of 6 equal, Cohen's kappa 0.67" in text
    assert "1 disagreements to be settled" in text

    disputed = tmp_path / "disputed.jsonl"
    ulterior(capsys, "label", "export", root, "-o", disputed, "--disagreements")
    (row,) = rows_of(disputed)
    assert row["said"] == ["covert", "none"]
    code, said, _ = ulterior(capsys, "label", "adjudicate", root, filled(root, disputed), "--by", "panel")
    assert (code, said) == (0, "1 new decisions of panel, 0 known before, 0 items without an answer\n")
    _, text, _ = ulterior(capsys, "label", "status", root, "--json")
    (rubric,) = json.loads(text)["rubrics"]
    whole = rubric["estimates"]["rates"][0]
    assert (whole["raw"], whole["corrected"]["estimate"]) == (0.5, 0.5)
    assert (whole["corrected"]["low"], whole["corrected"]["high"]) == (0.5, 0.5)
    assert rubric["disagreements"] == []

    again = tmp_path / "again.jsonl"
    ulterior(capsys, "label", "export", root, "-o", again, "--double", "1")
    assert rows_of(again) == []


@pytest.mark.parametrize("form", ["jsonl", "md", "html"])
def test_every_form_holds_every_item_and_no_name_of_the_experiment(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    out = tmp_path / f"queue.{form}"
    code, _, err = ulterior(
        capsys, "label", "export", root, "-o", out, "--rubric", "intent", "--rubric", "telling", "--seed", "5"
    )
    assert code == 0, err
    text = out.read_text(encoding="utf-8")
    keys = load_keys(Study.open(root))
    (key,) = [key for key in keys.values() if key.seed == 5]
    assert all(item.item in text for _, item in key.items)
    assert [word for word in ("locked_file", "sim/", "arm=", "conflict", "flagged") if word in text] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["export", "ROOT", "-o", "queue.csv"], "none of .jsonl, .md, .html"),
        (["export", "ROOT", "-o", "q.md", "--rubric", "guilt"], "there is no rubric 'guilt'"),
        (["export", "ROOT", "-o", "q.md", "--annotator", "Ada B"], "is no pseudonym"),
        (["export", "ROOT", "-o", "q.md", "--double", "0.1"], "0.1 is not in the range"),
        (["import", "ROOT", "nowhere.jsonl", "--annotator", "ada"], "can't read nowhere.jsonl"),
        (["status", "ROOT", "--queue", "zz"], "no queue begins with 'zz'"),
    ],
)
def test_what_can_not_be_done_is_a_usage_error(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    ulterior(capsys, "label", "export", root, "-o", tmp_path / "q.jsonl")
    code, _, err = ulterior(capsys, "label", *(root if word == "ROOT" else word for word in words))
    assert code == 2
    assert told in err


def test_a_study_that_was_never_exported_has_nothing_to_label(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Study.create(tmp_path, {})
    code, _, err = ulterior(capsys, "label", "status", tmp_path)
    assert code == 2
    assert "has nothing to label" in err
