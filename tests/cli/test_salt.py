"""Private instances from the command line: other seeds, and the salt nowhere."""

import json
from pathlib import Path

import pytest
from terminal import SMALL, start, ulterior

from ulterior.scenarios import salt_mark, salted_seeds
from ulterior.traces import Study

SALT = "quince-and-medlar-7"


def test_a_salted_run_has_the_salts_seeds_and_goes_on_with_the_same_salt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", *SMALL, "--seeds", "3", "-o", tmp_path, "--salt", SALT]
    code, _, err = ulterior(capsys, *words)
    assert (code, f"the seeds are salted (mark {salt_mark(SALT)})" in err) == (0, True)
    study = Study.open(tmp_path)
    assert sorted(s.spec.seed for s in study.summaries()) == salted_seeds(SALT, range(3))
    (design,) = study.about["designs"]
    assert design["salted"] == {"base_digest": salt_mark(SALT)}
    assert ulterior(capsys, *words)[0] == 15


def test_the_variable_says_the_same_in_every_process_and_the_salt_is_in_no_file(tmp_path: Path) -> None:
    words = ["run", *SMALL, "--seeds", "4", "--workers", "2", "-o", tmp_path]
    with start(*words, environ={"ULTERIOR_SALT": SALT}) as process:
        _, err = process.communicate(timeout=120)
    study = Study.open(tmp_path)
    traces = [study.trace(summary.spec.id) for summary in study.summaries()]
    assert sorted(trace.spec.seed for trace in traces) == salted_seeds(SALT, range(4))
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    written += [event.model_dump_json().encode() for trace in traces for event in trace.events]
    assert [text for text in (*written, err.encode()) if SALT.encode() in text] == []


def test_a_scenario_is_shown_and_verified_on_salted_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    (seed,) = salted_seeds(SALT, [2])
    shown = ulterior(capsys, "scenarios", "show", "ceiling_test", "--seed", "2", "--salt", SALT)[1]
    assert shown == ulterior(capsys, "scenarios", "show", "ceiling_test", "--seed", str(seed))[1]
    words = ["errand:SCENARIO", "--seeds", "1", "--salt", SALT, "--json"]
    _, out, _ = ulterior(capsys, "scenarios", "verify", *words)
    assert {check["seed"] for check in json.loads(out)} == set(salted_seeds(SALT, [0]))
