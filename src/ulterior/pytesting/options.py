"""The plugin's options, all under ``--ulterior-*``, and their keys in pytest's ini file.

An option is relative to the folder that pytest was called in, an ini key to the ini file's folder. What
spends money or replaces the model under test for one run (``--ulterior-live``, ``--ulterior-study``) has
no key: nobody should find it switched on in a file.
"""

from argparse import SUPPRESS
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

__all__ = ["PREFIX", "Options", "add_options", "default_seeds", "folder_of", "given_words", "read_options"]

PREFIX = "ulterior::"
"""How the node ids of collected gates begin."""


@dataclass(frozen=True)
class Options:
    """What was asked for. ``seeds`` and ``budget`` are None where nobody said them; ``budget`` is as it was
    spelled."""

    models: tuple[str, ...]
    baseline: Path | None
    policy: Path | None
    study: Path | None
    live: bool
    budget: str | None
    seeds: int | None
    out: Path | None
    accepted: tuple[str, ...] = ()

    @property
    def gates(self) -> bool:
        """Whether there is something to compare, and something to compare it with."""
        return self.baseline is not None and (self.study is not None or bool(self.models))


def add_options(parser: pytest.Parser) -> None:
    """Adds the group of options and the ini keys."""
    group = parser.getgroup("ulterior", "ulterior: scheming in agents, and gates against a baseline")
    add = group.addoption
    add(
        "--ulterior-model",
        action="append",
        default=[],
        metavar="MODEL",
        help="The model to run, such as sim/honest. Repeatable: every test once per model.",
    )
    add("--ulterior-baseline", metavar="PATH", help="Collect gates against this baseline's file, or study.")
    add("--ulterior-policy", metavar="PATH", help="What gates look at: a gate.yaml.")
    add("--ulterior-study", metavar="DIR", help="Take episodes from this study instead of running any.")
    add("--ulterior-live", action="store_true", help="Run models that cost money; else they are skipped.")
    add("--ulterior-budget", metavar="AMOUNT", help="Start nothing more once spent, such as 5usd.")
    add(
        "--ulterior-seeds",
        type=int,
        metavar="N",
        help="Instances of every condition, whatever the markers say.",
    )
    add("--ulterior-out", metavar="DIR", help="Where studies and verdicts go.")
    add(
        "--ulterior-accept-drift",
        action="append",
        default=[],
        choices=("scenario", "scaffold", "detector", "calibration", "settings", "sandbox", "design"),
        help="Compare in spite of it. Repeatable.",
    )
    add("--ulterior-chosen", action="append", default=[], help=SUPPRESS)  # see pytest_configure
    parser.addini("ulterior_model", "models of --ulterior-model", type="args", default=[])
    for name in ("baseline", "policy", "out"):
        parser.addini(f"ulterior_{name}", f"as --ulterior-{name}, relative to this file", type="string")
    parser.addini("ulterior_budget", "as --ulterior-budget", type="string")
    parser.addini("ulterior_seeds", "instances where no marker says how many", type="string")


def read_options(config: pytest.Config) -> Options:
    """The options of a run. Raises :class:`pytest.UsageError`."""
    option: Any = config.option
    seeds: int | None = option.ulterior_seeds
    if seeds is not None and seeds < 1:
        raise pytest.UsageError(f"--ulterior-seeds {seeds}: there have to be 1 or more")
    models: list[str] = option.ulterior_model or config.getini("ulterior_model")
    return Options(
        models=tuple(dict.fromkeys(models)),
        baseline=_path(config, "baseline"),
        policy=_path(config, "policy"),
        study=_path(config, "study"),
        live=option.ulterior_live,
        budget=option.ulterior_budget or config.getini("ulterior_budget") or None,
        seeds=seeds,
        out=_path(config, "out"),
        accepted=tuple(option.ulterior_accept_drift),
    )


def _path(config: pytest.Config, name: str) -> Path | None:
    option: str | None = config.getoption(f"ulterior_{name}")
    if option:
        return config.invocation_params.dir / option
    ini: str = config.getini(f"ulterior_{name}") if name != "study" else ""
    return (config.inipath.parent if config.inipath else config.rootpath) / ini if ini else None


def folder_of(config: pytest.Config, options: Options) -> Path:
    """Where studies and verdicts go. What was paid for does not go to a cache, which ``--cache-clear``
    empties."""
    if options.out is not None:
        return options.out
    if options.live:
        return config.rootpath / "runs" / "pytest"
    cache: pytest.Cache | None = getattr(config, "cache", None)
    return cache.mkdir("ulterior") if cache is not None else config.rootpath / ".ulterior"


def given_words(config: pytest.Config) -> list[str]:
    """What stood on the command line, as words; nothing where the plugin was not asked for anything."""
    names = ("model", "study", "baseline", "policy", "seeds", "budget", "out")
    values = {name: config.getoption(f"ulterior_{name}") for name in names}
    words = [
        f"{name} {', '.join(value) if name == 'model' else value}"
        for name, value in values.items()
        if value not in (None, [], "")
    ]
    return [*words, "live"] if config.getoption("ulterior_live") else words


def default_seeds(config: pytest.Config) -> int:
    """How many instances there are where neither an option nor a marker says it."""
    text: str = config.getini("ulterior_seeds") or "10"
    if not text.isdecimal() or int(text) < 1:
        raise pytest.UsageError(f"ulterior_seeds = {text}: it has to be a number from 1")
    return int(text)
