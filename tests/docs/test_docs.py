"""The documents can't lie: what they name exists, and what exists is named."""

import re
from pathlib import Path

import click
import pytest

from ulterior.agent_runtime.edit_syntax import KINDS, parse_edits
from ulterior.agent_runtime.plan import StudyDesign, read_design
from ulterior.cli import cli
from ulterior.scenarios import ACTS, DISCLOSURE_LABELS, LIBRARY, load_scenario
from ulterior.scenarios.awareness import PROBES
from ulterior.yaml_files import parse_yaml

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def leaves(group: click.Group, prefix: str = "ulterior") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += leaves(command, f"{prefix} {name}")
        else:
            found.append((f"{prefix} {name}", command))
    return found


def test_every_command_stands_in_the_list_of_commands() -> None:
    text = (ROOT / "docs/commands.md").read_text()
    assert [name for name, _ in leaves(cli) if f"`{name}" not in text] == []


def test_every_option_of_what_runs_or_shows_episodes_stands_in_the_list_of_commands() -> None:
    text = (ROOT / "docs/commands.md").read_text()
    commands = dict(leaves(cli))
    running = ("run", "fork", "interview", "probe", "view", "export")
    parameters = [parameter for name in running for parameter in commands[f"ulterior {name}"].params]
    options = [option for parameter in parameters for option in parameter.opts if option.startswith("--")]
    assert [option for option in options if f"`{option}`" not in text] == []


def test_every_command_that_a_document_shows_exists() -> None:
    known = {name for name, _ in leaves(cli)} | {
        "ulterior gate",
        "ulterior scenarios",
        "ulterior models",
        "ulterior sandbox",
    }
    for document in DOCUMENTS:
        for words in re.findall(
            r"^(?:\$ )?(?:\.venv/bin/)?(ulterior [a-z]+(?: [a-z]+)?)", document.read_text(), re.M
        ):
            assert {words, " ".join(words.split()[:2])} & known, f"{document.name}: {words}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", document.read_text())
    known = ROOT / "docs/demo.html"  # CI builds it and compares
    assert [
        link for link in links if not ((document.parent / link).exists() or document.parent / link == known)
    ] == []


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.M | re.S)
    headings = re.findall(r"^#+ +(.*?) *$", text, re.M)
    words = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", each).replace(" ", "-") for each in words}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_heading_leads_to_one(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", document.read_text())
    targets = [(document.parent / path if path else document, anchor) for path, anchor in links]
    assert [str(target) for target, anchor in targets if anchor not in anchors(target)] == []


def test_every_picture_is_shown_and_small() -> None:
    pictures = {path.name: path for path in (ROOT / "docs/images").glob("*.png")}
    shown = {
        Path(name).name
        for document in DOCUMENTS
        for name in re.findall(r"images/[\w-]+\.png", document.read_text())
    }
    assert {name.rsplit("-", 2)[0] for name in shown} == {name.rsplit("-", 2)[0] for name in pictures}
    assert [name for name, path in pictures.items() if path.stat().st_size > 250_000] == []
    assert sum(path.stat().st_size for path in pictures.values()) < 2_500_000


def test_the_study_file_in_the_documents_is_a_study_file(tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/studies.md").read_text(), re.S)
    assert block is not None
    (tmp_path / "study.yaml").write_text(block.group(1))
    design = read_design(tmp_path / "study.yaml")
    assert (design.seeds, design.limits.turns, len(design.models)) == (list(range(20)), 30, 2)
    assert set(StudyDesign.model_fields) == set(design.model_dump())


def test_the_glossary_holds_every_act_and_every_label() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert [word for word in (*ACTS, *DISCLOSURE_LABELS) if f"`{word}`" not in text] == []


def test_the_readme_and_the_changelog_name_every_scenario() -> None:
    for name in ("README.md", "CHANGELOG.md"):
        text = (ROOT / name).read_text()
        assert [scenario for scenario in LIBRARY if scenario not in text] == []


def test_every_scenario_says_in_a_sentence_what_it_is_about() -> None:
    assert all(load_scenario(name).summary.endswith(".") for name in LIBRARY)


def test_every_kind_of_edit_stands_in_the_page_about_forks() -> None:
    text = (ROOT / "docs/forks.md").read_text()
    assert [kind for kind in KINDS if f"`{kind}:" not in text] == []


def test_every_probe_stands_in_the_page_about_forks_with_its_answers() -> None:
    rows = {
        line.split("`")[1]: line
        for line in (ROOT / "docs/forks.md").read_text().splitlines()
        if "| `probe_" in line
    }
    assert set(rows) == {probe.id for probe in PROBES}
    assert all(", ".join(probe.options) in rows[probe.id] for probe in PROBES)


def test_the_edits_in_the_documents_are_edits() -> None:
    block = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/forks.md").read_text(), re.S)
    assert block is not None
    assert len(parse_edits(parse_yaml(block.group(1)), str)) == 3
