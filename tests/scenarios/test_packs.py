"""Scenarios from elsewhere: by module, by path, by entry point, and what is said when they are broken."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packs import offered, written_pack

from ulterior.cli import main
from ulterior.errors import ScenarioError, UlteriorError, UsageError
from ulterior.scenarios import LIBRARY, list_scenarios, load_scenario
from ulterior.traces import Study


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test imports is gone after it."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of ``sys.path`` where distributions are installed."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    return folder


def ulterior(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    output = capsys.readouterr()
    return int(stopped.value.code or 0), output.out, output.err


def said(name: str) -> tuple[type[UlteriorError], str]:
    with pytest.raises(UlteriorError) as raised:
        load_scenario(name)
    assert raised.value.fix, "an error says what to do"
    return type(raised.value), str(raised.value)


def test_a_folder_is_a_scenario_and_its_relative_imports_work(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    scenario = load_scenario(str(pack))
    assert (scenario.name, load_scenario(f"{pack}:OTHER")) == ("till", scenario)
    assert scenario.instance(0, {}).briefing == "Write a list."


def test_a_relative_path_is_one_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written_pack(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert load_scenario("./till") is load_scenario(str(tmp_path / "till"))


def test_two_folders_called_alike_are_two_scenarios(tmp_path: Path) -> None:
    one, other = written_pack(tmp_path / "a"), written_pack(tmp_path / "b")
    (other / "world.py").write_text((other / "world.py").read_text().replace("a list", "two lists"))
    here, there = load_scenario(str(one)), load_scenario(str(other))
    assert (here.instance(0, {}).briefing, there.instance(0, {}).briefing) == (
        "Write a list.",
        "Write two lists.",
    )
    assert here.content_hash != there.content_hash


def test_what_tools_leave_in_a_folder_is_not_its_content(tmp_path: Path) -> None:
    one, other = written_pack(tmp_path / "a"), written_pack(tmp_path / "b")
    for litter in (".pytest_cache/v/x", ".git/HEAD", "till.egg-info/PKG-INFO", "world.py~"):
        (other / litter).parent.mkdir(parents=True, exist_ok=True)
        (other / litter).write_text("litter")
    assert load_scenario(str(one)).content_hash == load_scenario(str(other)).content_hash


def test_a_pack_runs_in_workers_and_is_audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = written_pack(tmp_path)
    command = ["run", "--scenario", pack, "--model", "sim/steady", "--seeds", "4", "--workers", "2"]
    code, out, err = ulterior(capsys, *command, "-o", tmp_path / "study", "--json")
    assert (code, json.loads(out)["done"]) == (0, 4), err
    assert {s.spec.scenario for s in Study.open(tmp_path / "study").summaries()} == {str(pack)}
    code, out, _ = ulterior(capsys, "analyze", tmp_path / "study", "--json")
    assert [json.loads(line)["act"] for line in out.splitlines()] == ["none"] * 4


def test_an_installed_package_offers_its_scenarios_by_name(site: Path) -> None:
    written_pack(site, "shop_till")
    offered(site, "shop-scenarios", till="shop_till:SCENARIO")
    assert load_scenario("till").name == "shop_till"
    assert load_scenario("till") is load_scenario("shop_till:SCENARIO")


def test_the_list_names_what_is_installed_and_survives_what_is_broken(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written_pack(site, "shop_till")
    (site / "shop_torn.py").write_text("import os\nos.nothing\n")
    offered(site, "shop-scenarios", till="shop_till:SCENARIO", torn="shop_torn:SCENARIO", gone="shop_gone:X")
    offered(site, "rival", ceiling_test="shop_till:SCENARIO", twice="shop_till:SCENARIO")
    offered(site, "other-rival", twice="shop_till:SCENARIO")
    listed = {row.name: row for row in list_scenarios() if row.source != "library"}
    assert listed["till"].source == "shop_till:SCENARIO, from shop-scenarios 1.0"
    assert {name for name, row in listed.items() if row.error} == {"torn", "gone", "ceiling_test", "twice"}
    assert "AttributeError" in listed["torn"].error
    assert f"{site / 'shop_torn.py'}, line 2" in listed["torn"].error
    assert "comes first" in listed["ceiling_test"].error
    assert "other-rival 1.0 and by rival 1.0" in listed["twice"].error
    code, out, _ = ulterior(capsys, "scenarios", "ls")
    assert (code, len(out.splitlines())) == (0, len(LIBRARY) + 5)
    _, out, _ = ulterior(capsys, "scenarios", "ls", "--json")
    rows = {row["from"]: row for row in map(json.loads, out.splitlines())}
    assert rows["shop_till:SCENARIO, from shop-scenarios 1.0"]["title"] == "shop_till"
    assert "AttributeError" in rows["shop_torn:SCENARIO, from shop-scenarios 1.0"]["error"]


def test_an_unknown_name_is_told_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written_pack(tmp_path)
    monkeypatch.chdir(tmp_path)
    kind, text = said("till")
    assert (kind, "ceiling_test" in text, "as ./till" in text) == (UsageError, True, True)


def test_a_folder_without_a_scenario_is_refused_with_the_reason(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    assert "is no folder" in said(str(tmp_path / "nowhere"))[1]
    assert "has no __init__.py" in said(str(tmp_path))[1]
    assert "it has: OTHER, SCENARIO" in said(f"{pack}:NOTHING")[1]
    assert "it is a int" in said(f"{pack}:NUMBER")[1]
    assert "No module named 'nowhere'" in said("nowhere.at_all:SCENARIO")[1]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("def broken(:", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import nothing_like_it", "No module named 'nothing_like_it'"),
    ],
)
def test_a_broken_pack_is_its_authors_and_is_told_where_it_breaks(
    tmp_path: Path, line: str, why: str
) -> None:
    pack = written_pack(tmp_path)
    world = pack / "world.py"
    whole = world.read_text()
    world.write_text(f"{line}\n{whole}")
    kind, text = said(str(pack))
    assert (kind, why in text, f"{world}, line 1" in text) == (ScenarioError, True, True), text
    world.write_text(whole)
    assert load_scenario(str(pack)).name == "till", "what was half imported is forgotten"


def test_a_folder_that_takes_another_for_its_own_is_refused(tmp_path: Path) -> None:
    pack = written_pack(tmp_path)
    init = pack / "__init__.py"
    init.write_text(init.read_text().replace("__package__", '"ulterior.scenarios.ceiling_test"'))
    kind, text = said(str(pack))
    assert (kind, "package=__package__" in text) == (ScenarioError, True)
