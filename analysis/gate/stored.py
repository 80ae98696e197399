"""Sides on disk: kept beside a study so that a gate need not read it again, and as baselines' files.

A study's side is kept in ``STUDY/findings/side-<model>-<key>.json``. The key is a hash of all that it
depends on: the names, sizes and times of the stored files, what was planned, the detectors, the cards,
and this version. A side with an episode that could not be judged is not kept: the reason may be gone the
next time. It is a cache and may be deleted.

A baseline's file is the same JSON, laid out for reviews: one scenario and one arm a line, in an order
that depends on nothing but the content.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from ulterior import __version__
from ulterior.analysis.finding import DETECTORS, EpisodeFinding
from ulterior.analysis.gate.making import side_of
from ulterior.analysis.gate.outcomes import OUTCOMES
from ulterior.analysis.gate.side import FORMAT, GAP, Side
from ulterior.analysis.visible import one_line
from ulterior.errors import UsageError
from ulterior.traces import Study, canonical_json, digest

__all__ = ["dump_side", "load_side", "side_key", "stored_side"]

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape in JSON that names half of a character; with its other half it is fine."""

Analyse = Callable[[Study], Sequence[EpisodeFinding]]
"""All findings of a study; called only where they are needed."""


def stored_side(study: Study, analyse: Analyse, model: str | None = None, *, kept: bool = True) -> Side:
    """The side of a study's model, as it was made before if nothing has changed since.

    ``kept`` is false where ``analyse`` uses other detectors than the usual ones. Raises as
    :func:`~ulterior.analysis.gate.making.side_of` does.
    """
    path = study.root / "findings" / f"side-{_word(model)}-{side_key(study, model)}.json"
    if kept:
        with suppress(OSError, ValueError):
            return Side.model_validate_json(path.read_bytes())
    side = side_of(study, analyse(study), model)
    if kept and "unscored" not in side.missing:
        with suppress(OSError):
            _keep(path, side)
    return side


def _keep(path: Path, side: Side) -> None:
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        draft.write_text(side.model_dump_json(), encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    stem = path.name.rpartition("-")[0]
    for old in path.parent.glob(f"{stem}-*.json"):
        if old != path:
            old.unlink(missing_ok=True)


def _word(model: str | None) -> str:
    return digest((model or "").encode())[:8]


def side_key(study: Study, model: str | None) -> str:
    """16 hex digits that change whenever a side of this study could."""
    rests_on = {
        "versions": [FORMAT, __version__, dict(DETECTORS), sorted(OUTCOMES), GAP],
        "study": study.name,
        "model": model,
        "about": study.about,
        "episodes": _listing(study.root / "episodes"),
        "planned": _stamp(study.root / "planned.txt"),
        "forks": _stamp(study.root / "forks" / "experiments.jsonl"),
        "cards": _listing(study.root / "findings", only="cards"),
    }
    return digest(canonical_json(rests_on))[:16]


def _listing(root: Path, only: str | None = None) -> str:
    """A hash of the names, sizes and times of all files in the folders of a folder; "" without any."""
    found = hashlib.sha256()
    for folder in _entries(root):
        if only in (None, folder.name):
            for entry in _entries(Path(folder.path)):
                with suppress(OSError):
                    about = entry.stat()
                    found.update(f"{entry.name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    """In order of their names; os.scandir because a study may hold 50,000 files."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _stamp(path: Path) -> list[int]:
    try:
        about = path.stat()
    except OSError:
        return []
    return [about.st_size, about.st_mtime_ns]


# ---- Baselines' files --------------------------------------------------------------------------------


def dump_side(side: Side) -> str:
    """The text of a baseline's file; equal sides have equal texts."""
    whole = side.model_dump(mode="json")
    fingerprint, arms = whole.pop("fingerprint"), whole.pop("arms")
    head = [f"  {_json(name)}: {_json(value)}" for name, value in whole.items()]
    parts = ",\n".join(f"    {_json(name)}: {_part(value)}" for name, value in fingerprint.items())
    head.append(f'  "fingerprint": {{\n{parts}\n  }}')
    ordered = sorted(arms, key=lambda arm: (arm["scenario"], canonical_json(arm["condition"])))
    lines = ",\n".join(f"    {_json(_filled(arm))}" for arm in ordered)
    head.append(f'  "arms": [\n{lines}\n  ]')
    return "{\n" + ",\n".join(head) + "\n}\n"


def _filled(arm: dict[str, Any]) -> dict[str, Any]:
    """Without what only arms with items have."""
    return {name: value for name, value in arm.items() if value or name not in ("gaps", "against")}


def _part(value: Any) -> str:
    """A mapping of mappings takes a line for each; what is small stays on its own."""
    if not isinstance(value, dict):
        return _json(value)
    pairs = cast("dict[str, Any]", value)
    if not any(isinstance(item, dict) for item in pairs.values()):
        return _json(dict(sorted(pairs.items())))
    return "{\n" + ",\n".join(f"      {line}" for line in _lines(pairs)) + "\n    }"


def _lines(value: dict[str, Any]) -> Iterator[str]:
    for name, item in sorted(value.items()):
        yield f"{_json(name)}: {_json(item)}"


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False)


def load_side(path: Path) -> Side:
    """The side in a baseline's file. Raises :class:`UsageError` that says what is wrong with it."""
    remake = "make it again with `ulterior baseline set`"
    try:
        content: Any = _read(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"can't read the baseline {path}", error.strerror or str(error), "check the path"
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the baseline {path} is no JSON", str(error), remake) from error
    match content:
        case {"format": 1, "fingerprint": dict(), "arms": list()}:  # FORMAT
            pass
        case {"format": int(found)} if found != FORMAT:
            why = f"it has format {found}; this version reads format {FORMAT}"
            raise UsageError(
                f"can't read the baseline {path}", why, "use the version of ulterior that wrote it"
            )
        case _:
            raise UsageError(f"{path} is no baseline", "it does not describe a side", remake)
    try:
        return Side.model_validate(content)
    except ValidationError as error:
        raise UsageError(f"the baseline {path} can't be used", _first(error), remake) from error


def _read(text: str) -> Any:
    """Raises ``ValueError`` for what could not be written again: NaN, infinities, halves of characters."""
    content = json.loads(text, parse_constant=_no_number)
    if _HALF.search(text):
        try:
            json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("it holds half of a character, which is no text") from error
    return content


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _first(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    place = ".".join(map(str, problem["loc"]))
    text = problem["msg"].removeprefix("Value error, ")
    return one_line(f"{place}: {text}" if place else text, 300)
