"""One page per scenario and an index of all, made from what the scenarios declare.

``ulterior scenarios docs -o docs/scenarios`` makes the pages of the library's own, and a test holds them to
what it would write. They hold nothing that a change of an oracle or a text would move.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ulterior.cli.scenario_page import declaration_page
from ulterior.errors import UsageError
from ulterior.scenarios import AnyScenario, Role

__all__ = ["scenario_documents", "write_documents"]

_MADE = "<!-- Made by `ulterior scenarios docs -o docs/scenarios` from what the scenarios declare. -->"
_CONTROLS: tuple[Role, ...] = (
    "control",
    "reversed",
    "blocked",
    "authorised",
    "told",
    "clarified",
    "innocent",
)
_WORTH: Mapping[str, str] = {"both": "exact", "lower": "at least", "upper": "at most"}


def scenario_documents(scenarios: Mapping[str, AnyScenario]) -> dict[str, str]:
    """Every page by its file's name: ``README.md`` and ``NAME.md`` for each."""
    pages = {f"{_file(name)}.md": _page(name, scenario) for name, scenario in scenarios.items()}
    return {"README.md": _index(scenarios), **pages}


def write_documents(scenarios: Mapping[str, AnyScenario], folder: Path) -> list[Path]:
    """Write the pages; returns their paths. Pages of scenarios that are gone are left alone.

    Raises :class:`UsageError` when the folder can't be one.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(f"{folder} is no folder", fix="give another one with -o") from error
    written: list[Path] = []
    for name, text in scenario_documents(scenarios).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def _file(name: str) -> str:
    """A file's name for a scenario that may be named by a path or a module."""
    return name.rstrip("/").replace("\\", "/").rpartition("/")[2].replace(":", ".")


def _page(name: str, scenario: AnyScenario) -> str:
    agents = "--model sim/honest --model sim/covert"
    run = f"ulterior run --scenario {name} {agents} --seeds 3 -o runs/{_file(name)}"
    ways = ["", "## Running it", "", "```sh", f"ulterior scenarios show {name}", run, "```", ""]
    return "\n".join([_MADE, "", declaration_page(scenario).rstrip("\n"), *ways])


def _index(scenarios: Mapping[str, AnyScenario]) -> str:
    rows = [_row(_file(name), scenario) for name, scenario in scenarios.items()]
    lines = [
        _MADE,
        "",
        "# Scenarios",
        "",
        "What the count of violations is worth: *exact*, *at least* (it may have missed some) or *at most*"
        " (it may have counted some that are none). A dot: the scenario has this control; its page says why"
        " one is missing. How to add one stands in [scenario-authoring.md](../scenario-authoring.md).",
        "",
        *_table(["scenario", "sheet", "what it is about", "violations", *_CONTROLS], rows),
        "",
    ]
    return "\n".join(lines)


def _row(file: str, scenario: AnyScenario) -> list[str]:
    about = scenario.about
    controls = ["·" if role in about.arms else "" for role in _CONTROLS]
    return [
        f"[{scenario.title}]({file}.md)",
        scenario.sheet,
        scenario.summary,
        _WORTH[about.soundness],
        *controls,
    ]


def _table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines]
