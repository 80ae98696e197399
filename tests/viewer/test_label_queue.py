"""In which order the pages lead readers through episodes, asked of the very module that the browser runs."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import ulterior.viewer

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node is installed")

MODULE = Path(ulterior.viewer.__file__).parent / "front" / "labels" / "queue.js"
SCRIPT = f"""
import {{ readFileSync }} from "node:fs";
import {{ openOf, targetsOf }} from {json.dumps(MODULE.as_uri())};
const {{ runs, rubric, readers, rows }} = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(readers.map((who) => openOf(targetsOf(runs, rubric, who), rows, rubric, who))));
"""


def queues(runs: dict[str, Any], rubric: str, *readers: str, rows: Any = ()) -> list[list[dict[str, Any]]]:
    answer = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT],
        input=json.dumps({"runs": runs, "rubric": rubric, "readers": readers, "rows": list(rows)}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(answer.stdout)


def study(episodes: int, **words: list[str | None]) -> dict[str, Any]:
    """A runs document with as much as a queue looks at."""
    coded = {
        name: {
            "values": list(dict.fromkeys(column)),
            "codes": [list(dict.fromkeys(column)).index(w) for w in column],
        }
        for name, column in words.items()
    }
    return {
        "table": {"ids": [f"e{n}" for n in range(episodes)], "words": coded},
        "scenarios": {"one": {"facts": {"limit": "", "credits": ""}}, "none": {"facts": {}}},
    }


def episodes(queue: list[dict[str, Any]]) -> list[str]:
    return [target["episode"] for target in queue]


@pytest.mark.parametrize("size", [0, 1, 4, 5, 6, 11, 60])
def test_everything_comes_once_and_every_fifth_place_is_the_same_for_all(size: int) -> None:
    ada, ben, again = queues(study(size), "covert", "ada", "ben", "ada")
    assert sorted(episodes(ada)) == sorted(episodes(ben)) == sorted(f"e{n}" for n in range(size))
    assert ada == again
    assert ada[::5] == ben[::5]
    assert size < 11 or ada != ben


def test_forks_and_what_has_not_ended_are_not_read() -> None:
    runs = study(4, fork=[None, "e0", None, None], outcome=["kept", "kept", "running", "covert"])
    (queue,) = queues(runs, "covert", "ada")
    assert sorted(episodes(queue)) == ["e0", "e3"]


def test_what_one_has_answered_is_not_asked_again_and_facts_are_asked_one_by_one() -> None:
    runs = study(2, scenario=["one", "none"])
    said = {"episode": "e0", "rubric": "telling", "about": "limit", "annotator": "ada"}
    ada, ben = queues(runs, "telling", "ada", "ben", rows=[said])
    left = {"episode": "e0", "about": "credits", "finding": "disclosure.credits"}
    assert ada == [left]
    assert sorted(ben, key=lambda target: target["about"]) == [
        left,
        {"episode": "e0", "about": "limit", "finding": "disclosure.limit"},
    ]
