"""The pages about scenarios are what the scenarios declare, and the guide's commands exist."""

import re
from pathlib import Path

import pytest
from packs import written_pack

from ulterior.cli import main
from ulterior.cli.scenario_docs import scenario_documents, write_documents
from ulterior.errors import UsageError
from ulterior.scenarios import LIBRARY, load_scenario

ROOT = Path(__file__).parents[2]
PAGES = scenario_documents({name: load_scenario(name) for name in LIBRARY})


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_what_the_command_would_write(page: str) -> None:
    stored = ROOT / "docs" / "scenarios" / page
    now = stored.read_text(encoding="utf-8") if stored.exists() else ""
    assert now == PAGES[page], "run `ulterior scenarios docs -o docs/scenarios`"


def test_there_is_no_page_of_a_scenario_that_is_gone() -> None:
    assert {path.name for path in (ROOT / "docs" / "scenarios").iterdir()} == set(PAGES)


def test_links_of_the_index_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGES["README.md"])
    assert [link for link in links if not (ROOT / "docs" / "scenarios" / link).exists()] == []


def test_a_pack_gets_a_page_by_its_folders_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = written_pack(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main(["scenarios", "docs", str(pack), "-o", str(tmp_path / "pages")])
    assert stopped.value.code == 0
    made = [str(tmp_path / "pages" / name) for name in ("README.md", "till.md")]
    assert capsys.readouterr().out.splitlines() == made
    assert "| [till](till.md) | none | A pack for tests. | at least |" in Path(made[0]).read_text()


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is no folder"):
        write_documents({}, tmp_path / "file")


def test_the_guide_names_every_file_that_a_new_scenario_has() -> None:
    guide = (ROOT / "docs" / "scenario-authoring.md").read_text()
    sources = ROOT / "scenarios" / "starter" / "templates" / "scenario"
    names = [path.name.removesuffix(".txt") for path in sources.glob("*.py.txt")]
    assert [name for name in names if name not in ("test_scenario.py",) and f"`{name}`" not in guide] == []
