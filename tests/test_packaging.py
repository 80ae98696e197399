"""The package list, the links, the lock file and the wheel say the same as the folders on disk."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGE_DIR: dict[str, str] = PROJECT["tool"]["setuptools"]["package-dir"]
LOCK = (ROOT / "requirements" / "lock.txt").read_text()
LINKED = ("agent_runtime", "analysis", "sandbox", "scenarios")


def walk(top: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Each folder below ``top`` with its files; links are not followed, as in packaging itself."""
    for name, subfolders, files in os.walk(top, followlinks=False):
        subfolders[:] = [subfolder for subfolder in subfolders if subfolder != "__pycache__"]
        yield Path(name), [Path(name, file) for file in files]


def packages_on_disk() -> list[str]:
    """The import name of every folder that holds Python files."""
    return [
        ".".join((name, *folder.relative_to(ROOT / top).parts))
        for name, top in PACKAGE_DIR.items()
        for folder, files in walk(ROOT / top)
        if any(file.suffix == ".py" for file in files)
    ]


def locked_requirements() -> list[Requirement]:
    lines = re.findall(r"^([a-z0-9].*?)\s*\\$", LOCK, re.MULTILINE)
    return [Requirement(line) for line in lines]


def test_the_packages_list_names_every_package_folder_on_disk() -> None:
    listed: list[str] = PROJECT["tool"]["setuptools"]["packages"]
    assert set(listed) == set(packages_on_disk())


@pytest.mark.parametrize("name", LINKED)
def test_the_link_in_the_source_tree_points_to_the_folder_at_the_root(name: str) -> None:
    link = ROOT / "src" / "ulterior" / name
    assert link.is_symlink()
    assert link.readlink() == Path("../..") / name
    assert link.is_dir()


def test_importing_ulterior_loads_no_heavy_package() -> None:
    heavy = {"anthropic", "bashkit", "docker", "langgraph", "openai", "scipy"}
    code = "import sys, ulterior; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert heavy & set(run.stdout.split()) == set()


def test_the_lock_holds_versions_and_hashes_only() -> None:
    # No address of an index, no file of ours, no folder of the machine that made it.
    code = "\n".join(line for line in LOCK.splitlines() if not line.lstrip().startswith("#"))
    requirement = r"[a-z0-9-]+==[^\s/@]+(?: ; [^/@\n]+)? \\"
    digest = r"    --hash=sha256:[0-9a-f]{64}(?: \\)?"
    assert [line for line in code.splitlines() if not re.fullmatch(f"{requirement}|{digest}", line)] == []
    assert "://" not in LOCK
    assert re.findall(r"(?:^|\s)(?:/|~|[A-Za-z]:\\)\S+", LOCK) == []


def test_the_lock_satisfies_every_declared_dependency() -> None:
    wanted: list[str] = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]
    locked = {canonicalize_name(pin.name): pin for pin in locked_requirements()}
    for requirement in map(Requirement, wanted):
        pin = locked.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement.name} is not in the lock: run `make lock`"
        version = str(pin.specifier).removeprefix("==")
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_the_lock_names_each_package_once_for_this_machine() -> None:
    here = {key: str(value) for key, value in default_environment().items()}
    pins = [pin.name for pin in locked_requirements() if pin.marker is None or pin.marker.evaluate(here)]
    assert [name for name, times in Counter(pins).items() if times > 1] == []


def test_the_wheel_holds_every_file_of_every_package_once(tmp_path: Path) -> None:
    # Built from a copy: setuptools leaves build/ where it works, and would pack what a stale one holds.
    copy = tmp_path / "copy"
    no_caches = shutil.ignore_patterns("__pycache__")
    for folder in PACKAGE_DIR.values():
        shutil.copytree(ROOT / folder, copy / folder, symlinks=True, ignore=no_caches)
    for file in (ROOT / name for name in ("pyproject.toml", "LICENSE", "README.md")):
        if file.exists():
            shutil.copy(file, copy)
    code = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    command = [sys.executable, "-c", code, str(tmp_path)]
    build = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stderr

    (wheel,) = tmp_path.glob("*.whl")
    packed = [name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name]
    on_disk = [
        f"{name.replace('.', '/')}/{file.relative_to(ROOT / top).as_posix()}"
        for name, top in PACKAGE_DIR.items()
        for _, files in walk(ROOT / top)
        for file in files
    ]
    assert Counter(packed) == Counter(on_disk)
