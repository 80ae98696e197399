#!/usr/bin/env python3
"""What the pages take from others: fetched by version and hash, changed in recorded ways, written down.

    .venv/bin/python tools/vendor.py            fetch and write front/vendor again (by hand, with a network)
    .venv/bin/python tools/vendor.py --check    the files are those that README.md lists (in the tests)

Packages come through `npm pack` from whatever registry npm is told to use. What it brings must have the
sha512 below, the package's own "integrity". To take a newer version, change version and hash here.
"""

import base64
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "src" / "ulterior" / "viewer" / "front" / "vendor"


@dataclass(frozen=True)
class Package:
    """One npm package. ``files`` are names in it → names here; ``edits`` are (before, after) by name here."""

    name: str
    version: str
    licence: str
    integrity: str
    files: dict[str, str]
    edits: dict[str, tuple[tuple[str, str], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, str], ...]]
    )


PACKAGES = (
    Package(
        "preact",
        "11.2.0",
        "MIT",
        "sha512-/HfHI/7N84e6GrWBJ3J280z3mLaRJiDcSvj/A+y/4AbLnND/1UlGHe1sR6oYuTGwId0nP7dqDU9OnLxMPZ7xBg==",
        {"dist/preact.mjs": "preact.js", "hooks/dist/hooks.mjs": "hooks.js"},
        {
            "preact.js": (("//# sourceMappingURL=preact.mjs.map\n", ""),),
            "hooks.js": (
                ('from"preact"', 'from"./preact.js"'),
                ("//# sourceMappingURL=hooks.mjs.map\n", ""),
            ),
        },
    ),
    Package(
        "htm",
        "3.1.1",
        "Apache-2.0",
        "sha512-983Vyg8NwUE7JkZ6NmOqpCZ+sh1bKv2iYTlUkzlWmA5JD2acKoxd4KVxbMmxX/85mtfdnDmTFoNKcg5DGAvxNQ==",
        {"dist/htm.mjs": "htm.js"},
    ),
    Package(
        "diff",
        "9.0.0",
        "BSD-3-Clause",
        "sha512-svtcdpS8CgJyqAjEQIXdb3OjhFVVYjzGAPO8WGCmRbrml64SPw/jJD4GoE98aR7r25A0XcgrK3F02yw9R/vhQw==",
        {
            f"libesm/{name}.js": f"diff/{name}.js"
            for name in ("diff/array", "diff/base", "diff/line", "util/params")
        },
    ),
)

INTRODUCTION = """\
# What the pages take from others

Written by `tools/vendor.py`, which fetches the packages by version and hash. The files are as published but
for the edits named here; `.d.ts` files beside them are ours, for the type checker.

| file | package | licence | edits | sha256 |
|---|---|---|---|---|
"""


def fetched(package: Package) -> dict[str, bytes]:
    """The files of a package, as published. Exits when they aren't what we know them to be."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "npm",
            "pack",
            f"{package.name}@{package.version}",
            "--silent",
            "--pack-destination",
            folder,
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (packed,) = Path(folder).glob("*.tgz")
        data = packed.read_bytes()
    found = f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}"
    if found != package.integrity:
        sys.exit(f"{package.name}@{package.version} is {found}, not {package.integrity}")
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for name in (*package.files, "LICENSE"):
            member = archive.extractfile(f"package/{name}")
            assert member is not None
            files[name] = member.read()
    return files


def edited(package: Package, name: str, data: bytes) -> bytes:
    """A file with its recorded edits, each of which must fit exactly once."""
    text = data.decode("utf-8")
    for before, after in package.edits.get(name, ()):
        if text.count(before) != 1:
            sys.exit(f"{name}: {before!r} stands there {text.count(before)} times, not once")
        text = text.replace(before, after)
    return text.encode("utf-8")


def write() -> None:
    """Fetch everything and write it, with licences and README.md."""
    rows: list[str] = []
    for package in PACKAGES:
        files = fetched(package)
        written = {here: edited(package, here, files[there]) for there, here in package.files.items()} | {
            f"LICENSE.{package.name}": files["LICENSE"]
        }
        for name, data in written.items():
            (VENDOR / name).parent.mkdir(parents=True, exist_ok=True)
            (VENDOR / name).write_bytes(data)
            edits = "; ".join(
                f"`{before.strip()}` → `{after}`" if after else f"without `{before.strip()}`"
                for before, after in package.edits.get(name, ())
            )
            cells = (f"`{name}`", f"{package.name} {package.version}", package.licence, edits)
            rows.append(f"| {' | '.join(cells)} | {hashlib.sha256(data).hexdigest()} |")
    (VENDOR / "README.md").write_text(INTRODUCTION + "\n".join(rows) + "\n", encoding="utf-8")


def problems() -> list[str]:
    """What is not as README.md says."""
    lines = (VENDOR / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| `")]
    listed = {row[0].strip("`"): row[-1] for row in rows}
    ours = {"README.md", *(str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*.d.ts"))}
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} - ours
    expected = {name for package in PACKAGES for name in package.files.values()}
    return [
        *(f"{name} is not in README.md" for name in sorted(there - listed.keys())),
        *(f"{name} is missing" for name in sorted((listed.keys() | expected) - there)),
        *(
            f"{name} is not the file that README.md lists"
            for name in sorted(listed.keys() & there)
            if hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() != listed[name]
        ),
    ]


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit("\n".join(problems()) or 0)
    write()
