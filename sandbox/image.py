"""The workstation image that Docker sandboxes start from: what it is made of, and its files without Docker.

There are two ways to make it. With a registry, Docker builds ``images/Dockerfile``. Without one,
:func:`make_rootfs` asks Debian for packages and Docker imports the result. Both take what they install from
``images/packages.txt`` and what they change from ``images/furnish.sh``, so there is one machine. The image
carries :func:`digest` as a label; a daemon that has an image with this label has this machine.
"""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from ulterior.errors import SandboxUnavailable

__all__ = [
    "BASE",
    "CLOCK",
    "COMPILER_FLAGS",
    "DIGEST_LABEL",
    "ENVIRONMENT",
    "FOLDER",
    "FURNISHING",
    "IMAGE",
    "MAIN",
    "MAIN_LABEL",
    "SUITE",
    "changes",
    "debian_sources",
    "digest",
    "labels",
    "make_rootfs",
    "packages",
]

IMAGE = "ulterior-workstation:1"
"""The image's name at the daemon. What is in it is told by its label, see :func:`digest`."""

DIGEST_LABEL = "ulterior.image"
MAIN_LABEL = "ulterior.main"
MAIN = "/usr/sbin/sessiond"
"""The program that a container runs as its main process; it takes one line of Python on its stdin."""

ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
SUITE = "bookworm"
BASE = f"debian:{SUITE}-slim"
CLOCK = "libadjtime.so.1"
COMPILER_FLAGS = ("-O2", "-fPIC", "-shared", f"-Wl,-soname,{CLOCK}")
FURNISHING = ("furnish.sh", "sessiond", "adjtime", "bash_history")
"""What lies beside ``furnish.sh`` when it runs, together with the compiled clock."""

FOLDER = Path(__file__).parent / "images"
_STEPS = tuple(
    f"I: {step}" for step in ("running apt-get", "downloading", "extracting", "installing", "creating")
)
_REGISTRY_INSTEAD = "or, where a registry can be reached: ulterior sandbox build --dockerfile"


def packages() -> list[str]:
    """The names of the Debian packages that are installed on top of a minimal system."""
    lines = (FOLDER / "packages.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def digest() -> str:
    """SHA-256 of all that decides what is in the image, but for the versions that Debian has today."""
    hashed = hashlib.sha256()
    for name in ("packages.txt", "clock.c", *FURNISHING):
        hashed.update(hashlib.sha256((FOLDER / name).read_bytes()).digest())
    hashed.update(repr((SUITE, COMPILER_FLAGS, MAIN, sorted(ENVIRONMENT.items()))).encode())
    return hashed.hexdigest()


def labels() -> dict[str, str]:
    """The image's labels. A container has them too, but no program in it sees them."""
    return {DIGEST_LABEL: digest(), MAIN_LABEL: MAIN}


def changes() -> list[str]:
    """The image's settings as the Dockerfile instructions that an import takes."""
    environment = [f"ENV {name}={value}" for name, value in ENVIRONMENT.items()]
    return [*environment, *(f"LABEL {name}={value}" for name, value in labels().items()), 'CMD ["bash"]']


def make_rootfs(tar: Path, say: Callable[[str], None]) -> None:
    """Write the machine's files as a tar archive, telling ``say`` what is going on. About a minute.

    Raises :class:`SandboxUnavailable` when a tool is missing or fails.
    """
    _need("mmdebstrap", "apt-get install mmdebstrap")
    _need("cc", "apt-get install gcc libc6-dev")
    with TemporaryDirectory(prefix="furnish") as folder:
        furnishing = Path(folder)
        for name in FURNISHING:
            shutil.copy(FOLDER / name, furnishing)
        _compile(furnishing / CLOCK)
        _debootstrap(_mmdebstrap(furnishing, tar, _sources_of_this_machine()), say)


def debian_sources(files: Mapping[str, str]) -> list[str]:
    """The package sources of :data:`SUITE` among a machine's apt files, in apt's one-line form.

    ``files`` are texts by name: ``*.sources`` are read as deb822, the others as lines. Only Debian's own
    archive counts, from whatever mirror.
    """
    found: list[str] = []
    for name, text in files.items():
        entries = _deb822(text) if name.endswith(".sources") else _one_line(text)
        found += [line for line in entries if line not in found]
    return found


def _one_line(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if match := re.match(r"deb\s+(?:\[([^]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)", line):
            options, address, suite, components = match.groups()
            signed = re.search(r"signed-by=(\S+)", options or "", re.IGNORECASE)
            yield from _entry(address, suite, components.split(), signed[1] if signed else "")


def _deb822(text: str) -> Iterator[str]:
    for stanza in re.split(r"\n\s*\n", re.sub(r"^#.*\n?", "", text, flags=re.MULTILINE)):
        fields = re.findall(r"^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)", stanza, re.MULTILINE)
        field = {name.lower(): value.strip() for name, value in fields}
        if "deb" not in field.get("types", "").split() or field.get("enabled", "yes").lower() == "no":
            continue
        for address in field.get("uris", "").split():
            for suite in field.get("suites", "").split():
                yield from _entry(
                    address, suite, field.get("components", "").split(), field.get("signed-by", "")
                )


def _entry(address: str, suite: str, components: list[str], signed: str) -> Iterator[str]:
    parts = urlsplit(address)
    archive = {"debian", "debian-security"} & set(parts.path.split("/"))
    archive = archive or {"deb", "debian", "security"} & set((parts.hostname or "").split(".")[:1])
    ours = suite in (SUITE, f"{SUITE}-updates", f"{SUITE}-security") and "main" in components
    if ours and archive and parts.scheme in ("http", "https"):
        key = f"[signed-by={signed}] " if signed.startswith("/") and not re.search(r"\s", signed) else ""
        yield f"deb {key}{address} {suite} main"


def _sources_of_this_machine() -> list[str]:
    apt = Path("/etc/apt")
    paths = [apt / "sources.list", *sorted(apt.glob("sources.list.d/*.list"))]
    paths += sorted(apt.glob("sources.list.d/*.sources"))
    found = debian_sources(
        {path.name: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}
    )
    if not found:
        raise SandboxUnavailable(
            "can't build the image here",
            f"/etc/apt names no package sources of Debian {SUITE}",
            f"add one to /etc/apt/sources.list.d, {_REGISTRY_INSTEAD}",
        )
    return found


def _mmdebstrap(furnishing: Path, tar: Path, sources: list[str]) -> list[str]:
    files = " ".join(shlex.quote(str(furnishing / name)) for name in (*FURNISHING, CLOCK))
    return [
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join(packages())}",
        '--customize-hook=mkdir "$1/furnish"',
        f"--customize-hook=copy-in {files} /furnish",
        '--customize-hook=chroot "$1" sh /furnish/furnish.sh',
        SUITE,
        str(tar),
        *sources,
    ]


def _installed() -> int:
    """The date that furnish.sh gives everything, in epoch seconds: mmdebstrap still cleans up after it."""
    text = (FOLDER / "furnish.sh").read_text(encoding="utf-8")
    match = re.search(r"^installed='(.+) UTC'", text, re.MULTILINE)
    assert match is not None
    return int(datetime.fromisoformat(f"{match[1]}+00:00").timestamp())


def _debootstrap(command: list[str], say: Callable[[str], None]) -> None:
    """Run it; its informative lines are progress, and what else it says explains a failure."""
    complaints: list[str] = []
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(_installed())}
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        errors="replace",
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if line.startswith(_STEPS):
                say(line[3:].strip())
            elif line.strip() and not line.startswith(("I:", "E: setup failed")):
                complaints.append(line.strip())
    if running.returncode:
        # What apt says comes before what mmdebstrap makes of it; what furnish.sh says has no mark.
        errors = [line for line in complaints if line.startswith("E:")] or complaints[-1:]
        raise SandboxUnavailable(
            "can't build the image",
            f"mmdebstrap failed: {errors[0] if errors else 'it does not say why'}",
            f"see to that and build again, {_REGISTRY_INSTEAD}",
        )


def _compile(result: Path) -> None:
    done = subprocess.run(
        ["cc", *COMPILER_FLAGS, "-o", str(result), str(FOLDER / "clock.c")],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        why = next((line for line in done.stderr.splitlines() if "error" in line), "it does not say why")
        raise SandboxUnavailable(
            "can't compile the image's clock", why, f"install a C compiler that works, {_REGISTRY_INSTEAD}"
        )


def _need(program: str, fix: str) -> None:
    if shutil.which(program) is None:
        raise SandboxUnavailable(
            "can't build the image here", f"{program} is not installed", f"{fix}; {_REGISTRY_INSTEAD}"
        )
