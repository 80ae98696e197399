"""A study's design: scenarios × conditions × models × instance seeds × epochs, as flags or as YAML.

::

    scenarios:
      - borrowed_allotment                          # its default conditions
      - name: unmeetable_ticket
        factors: {arm: [infeasible, feasible], exit: [present, absent]}    # all combinations
      - name: ceiling_test
        factors: {nudge: "*"}                       # all its levels
        design: one_at_a_time                       # instead of the study's
    models: [sim/honest, anthropic/NAME]
    design: default
    seeds: 20                                       # 0 .. 19; or a list of numbers
    epochs: 1
    settings: {max_tokens: 4096}
    limits: {turns: 30}

``design`` says which conditions that makes; :mod:`ulterior.agent_runtime.designs` has them all. By default
the factors that are given are crossed with the scenario's default conditions, so that a temptation keeps its
control; a factor that is given itself has the given levels only.

Seeds are the outermost loop: a study that is stopped early has whole, paired blocks, but for its last.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ulterior.agent_runtime.designs import EVERY, DesignName, Layout, lay_out
from ulterior.agent_runtime.models.catalogue import check_model
from ulterior.errors import UsageError
from ulterior.sandbox import BACKENDS
from ulterior.scenarios import AnyScenario, load_scenario, parse_simulated
from ulterior.traces import EpisodeSpec
from ulterior.yaml_files import kind_of, not_json, plain_problems, read_yaml

__all__ = [
    "MOST",
    "LimitOverrides",
    "ScenarioChoice",
    "StudyDesign",
    "check_playbooks",
    "merge_design",
    "plan_study",
    "read_design",
]

MOST = 1_000_000
"""Seeds, epochs and episodes that a study may have: what one folder and one process can hold."""

Levels = Annotated[list[str], Field(min_length=1)]


class _Closed(BaseModel):
    # Strict: what is not what it should be is told, not guessed at (`epochs: true` is no 1).
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ScenarioChoice(_Closed):
    """One scenario of a study. ``factors`` maps factors to levels that its design is about, ``["*"]`` to all.

    ``design`` is None where the study's own holds.
    """

    name: str
    factors: dict[str, Levels] = Field(default_factory=dict[str, list[str]])
    design: DesignName | None = None

    @field_validator("factors", mode="before")
    @classmethod
    def _every(cls, value: Any) -> Any:
        """``"*"`` may stand for a list of all levels."""
        if not isinstance(value, dict):
            return value
        given = cast("dict[Any, Any]", value)
        return {name: [EVERY] if levels == EVERY else levels for name, levels in given.items()}


class LimitOverrides(_Closed):
    """Budgets per episode that replace the scenario's own: turns, tokens, US dollars, seconds."""

    turns: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    cost: float | None = Field(default=None, gt=0)
    seconds: float | None = Field(default=None, gt=0)


class StudyDesign(_Closed):
    """What to run. See the module's text for the YAML form."""

    scenarios: list[ScenarioChoice] = Field(min_length=1)
    models: list[str] = Field(min_length=1)
    seeds: list[int] = Field(default_factory=lambda: list(range(10)), min_length=1, max_length=MOST)
    epochs: int = Field(default=1, ge=1, le=MOST)
    design: DesignName = "default"
    design_seed: int = 0
    sandbox: str = "embedded"
    settings: dict[str, Any] = Field(default_factory=dict[str, Any])
    limits: LimitOverrides = LimitOverrides()

    @field_validator("scenarios", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        """A bare name stands for a scenario with its default conditions."""
        if not isinstance(value, list):
            return value
        return [{"name": item} if isinstance(item, str) else item for item in cast("list[Any]", value)]

    @field_validator("seeds", mode="before")
    @classmethod
    def _count(cls, value: Any) -> Any:
        """A number N stands for the seeds 0 .. N-1."""
        if not isinstance(value, int) or isinstance(value, bool):
            return value
        if not 1 <= value <= MOST:
            raise ValueError(f"seeds must be a number from 1 to {MOST:,}, or a list of seeds")
        return list(range(value))

    @field_validator("settings")
    @classmethod
    def _storable(cls, value: dict[str, Any]) -> dict[str, Any]:
        """Settings are part of every episode's identity and record: what JSON can't hold is refused."""
        try:
            why = not_json(value, "settings")
        except RecursionError:
            why = "settings refer to themselves"
        if why:
            raise ValueError(why)
        return value


_KEYS = {
    "": list(StudyDesign.model_fields),
    "scenarios": list(ScenarioChoice.model_fields),
    "limits": list(LimitOverrides.model_fields),
}


def read_design(path: Path) -> StudyDesign:
    """A study file. Raises :class:`UsageError` that names the line or the key."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        why = "it is empty" if content is None else f"it holds {kind_of(content)}, not keys"
        raise UsageError(
            f"the study file {path} can't be used",
            why,
            "give it at least `scenarios:` and `models:`; docs/studies.md shows one",
        )
    try:
        return StudyDesign.model_validate(content)
    except ValidationError as error:
        raise UsageError(
            f"the study file {path} can't be used",
            plain_problems(error, _KEYS),
            "mend it; docs/studies.md shows a study file",
        ) from error


def merge_design(
    base: StudyDesign | None,
    *,
    scenarios: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
    factors: dict[str, list[str]] | None = None,
    seeds: int | None = None,
    epochs: int | None = None,
    design: str | None = None,
    design_seed: int | None = None,
    sandbox: str | None = None,
    settings: dict[str, Any] | None = None,
    max_turns: int | None = None,
) -> StudyDesign:
    """A design from a study file, from options, or from both: what an option says replaces the file's.

    ``factors`` and ``design`` hold in every chosen scenario; factors replace the levels that the file gives
    them. Raises :class:`UsageError` when it's not said what to run.
    """
    if base is None and not (scenarios and models):
        raise UsageError(
            "nothing says what to run",
            "a study needs scenarios and models",
            "give a study file, or --scenario NAME (see `ulterior scenarios ls`) and --model provider/NAME",
        )
    merged: dict[str, Any] = base.model_dump() if base else {}
    options = {
        "models": list(models),
        "seeds": seeds,
        "epochs": epochs,
        "design": design,
        "design_seed": design_seed,
        "sandbox": sandbox,
    }
    merged |= {name: value for name, value in options.items() if value not in (None, [])}
    chosen = [ScenarioChoice(name=name) for name in scenarios] or (base.scenarios if base else [])
    merged["scenarios"] = [
        {
            "name": choice.name,
            "factors": choice.factors | (factors or {}),
            "design": None if design else choice.design,
        }
        for choice in chosen
    ]
    merged["settings"] = merged.get("settings", {}) | (settings or {})
    if max_turns is not None:
        merged["limits"] = merged.get("limits", {}) | {"turns": max_turns}
    try:
        return StudyDesign.model_validate(merged)
    except ValidationError as error:
        raise UsageError(
            "the options can't be used", plain_problems(error, _KEYS), "see `ulterior run --help`"
        ) from error


def plan_study(design: StudyDesign, environ: dict[str, str]) -> tuple[EpisodeSpec, ...]:
    """Every episode of a design, in the order to run them.

    Everything that can be wrong with it is found here, before anything runs: unknown scenarios, factors,
    levels, models, settings and back ends, missing keys, playbooks a scenario lacks, more episodes than a
    study may have. Raises :class:`UsageError`.
    """
    if design.sandbox not in BACKENDS:
        raise UsageError(f"unknown sandbox {design.sandbox!r}", fix=f"choose one of: {', '.join(BACKENDS)}")
    scenarios = {choice.name: load_scenario(choice.name) for choice in design.scenarios}
    for model in design.models:
        check_model(model, design.settings, environ)
        check_playbooks(model, list(scenarios.values()))
    layouts = list(_layouts(design, scenarios))
    return tuple({spec.id: spec for spec in _cells(design, scenarios, layouts)}.values())


def _layouts(design: StudyDesign, scenarios: dict[str, AnyScenario]) -> Iterator[tuple[str, Layout]]:
    """The layout of each choice. Conditions are counted before they are made: levels multiply quickly."""
    planned = 0
    for choice in design.scenarios:
        layout = lay_out(
            choice.design or design.design, scenarios[choice.name], choice.factors, design.design_seed
        )
        planned += layout.size * len(design.models) * len(design.seeds) * design.epochs
        if planned > MOST:
            raise UsageError(
                f"the study would have {planned:,} episodes",
                f"more than {MOST:,} are too many for one study",
                "take fewer levels, seeds or epochs, the design fractional, or make it several studies",
            )
        yield choice.name, layout


def _cells(
    design: StudyDesign, scenarios: dict[str, AnyScenario], layouts: list[tuple[str, Layout]]
) -> Iterator[EpisodeSpec]:
    settings = dict(design.settings)
    if limits := design.limits.model_dump(exclude_none=True):
        settings["limits"] = limits
    for epoch, seed in product(range(design.epochs), design.seeds):
        for name, layout in layouts:
            scenario = scenarios[name]
            for condition, model in product(layout.conditions(seed), design.models):
                yield EpisodeSpec(
                    scenario=name,
                    scenario_version=scenario.version,
                    scenario_hash=scenario.content_hash,
                    condition=condition,
                    seed=seed,
                    model=model,
                    settings=settings,
                    epoch=epoch,
                    sandbox=design.sandbox,
                )


def check_playbooks(model: str, scenarios: Iterable[AnyScenario]) -> None:
    """Raises :class:`UsageError` for a simulated model whose agents a scenario lacks."""
    provider, _, name = model.partition("/")
    if provider != "sim":
        return
    for playbook, scenario in product(parse_simulated(name).playbooks, scenarios):
        if playbook not in scenario.playbooks:
            raise UsageError(
                f"scenario {scenario.name} has no playbook {playbook!r} for {model}",
                fix=f"it has: {', '.join(sorted(scenario.playbooks))}",
            )
