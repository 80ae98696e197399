"""A study's design: scenarios × conditions × models × instance seeds × epochs, as flags or as YAML.

::

    scenarios:
      - borrowed_allotment                          # its default conditions
      - name: unmeetable_ticket
        factors: {arm: [infeasible, feasible], exit: [present, absent]}    # all combinations
    models: [sim/honest, anthropic/NAME]
    seeds: 20                                       # 0 .. 19; or a list of numbers
    epochs: 1
    settings: {max_tokens: 4096}
    limits: {turns: 30}

Seeds are the outermost loop: a study that is stopped early has whole, paired blocks.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ulterior.agent_runtime.models.catalogue import check_model
from ulterior.errors import UsageError
from ulterior.sandbox import BACKENDS
from ulterior.scenarios import AnyScenario, load_scenario, parse_simulated
from ulterior.traces import EpisodeSpec

__all__ = ["LimitOverrides", "ScenarioChoice", "StudyDesign", "merge_design", "plan_study", "read_design"]


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ScenarioChoice(_Closed):
    """One scenario of a study. ``factors`` maps factors to levels to cross; none: its default conditions."""

    name: str
    factors: dict[str, list[str]] = Field(default_factory=dict[str, list[str]])


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
    seeds: list[int] = Field(default_factory=lambda: list(range(10)), min_length=1)
    epochs: int = Field(default=1, ge=1)
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
        return list(range(value)) if isinstance(value, int) and not isinstance(value, bool) else value


def read_design(path: Path) -> StudyDesign:
    """A study file. Raises :class:`UsageError` that names the line or the key."""
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"can't read the study file {path}", why, "check the path") from error
    except yaml.YAMLError as error:
        why = " ".join(str(error).split())
        raise UsageError(f"the study file {path} is not valid YAML", why, "mend that line") from error
    try:
        return StudyDesign.model_validate(content)
    except ValidationError as error:
        raise UsageError(
            f"the study file {path} can't be used", _problems(error), "see docs/studies.md"
        ) from error


def merge_design(
    base: StudyDesign | None,
    *,
    scenarios: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
    factors: dict[str, list[str]] | None = None,
    seeds: int | None = None,
    epochs: int | None = None,
    sandbox: str | None = None,
    settings: dict[str, Any] | None = None,
    max_turns: int | None = None,
) -> StudyDesign:
    """A design from a study file, from options, or from both: what an option says replaces the file's.

    ``factors`` replace the levels in every chosen scenario. Raises :class:`UsageError` when it's not said
    what to run.
    """
    if base is None and not (scenarios and models):
        raise UsageError(
            "nothing says what to run",
            "a study needs scenarios and models",
            "give a study file, or --scenario NAME (see `ulterior scenarios ls`) and --model provider/NAME",
        )
    design: dict[str, Any] = base.model_dump() if base else {}
    options = {"models": list(models), "seeds": seeds, "epochs": epochs, "sandbox": sandbox}
    design |= {name: value for name, value in options.items() if value}
    chosen = list(scenarios)
    if base and not chosen:
        chosen = [choice.name for choice in base.scenarios]
    if factors:
        design["scenarios"] = [{"name": name, "factors": factors} for name in chosen]
    elif scenarios:
        design["scenarios"] = chosen
    design["settings"] = design.get("settings", {}) | (settings or {})
    if max_turns is not None:
        design["limits"] = design.get("limits", {}) | {"turns": max_turns}
    try:
        return StudyDesign.model_validate(design)
    except ValidationError as error:
        raise UsageError(
            "the options can't be used", _problems(error), "see `ulterior run --help`"
        ) from error


def _problems(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in error.errors())


def plan_study(design: StudyDesign, environ: dict[str, str]) -> tuple[EpisodeSpec, ...]:
    """Every episode of a design, in the order to run them.

    Everything that can be wrong with it is found here, before anything runs: unknown scenarios, factors,
    levels, models, settings and back ends, missing keys, playbooks a scenario lacks. Raises
    :class:`UsageError`.
    """
    if design.sandbox not in BACKENDS:
        raise UsageError(f"unknown sandbox {design.sandbox!r}", fix=f"choose one of: {', '.join(BACKENDS)}")
    scenarios = {choice.name: load_scenario(choice.name) for choice in design.scenarios}
    for model in design.models:
        check_model(model, design.settings, environ)
        _check_playbooks(model, list(scenarios.values()))
    return tuple({spec.id: spec for spec in _cells(design, scenarios)}.values())


def _cells(design: StudyDesign, scenarios: dict[str, AnyScenario]) -> Iterator[EpisodeSpec]:
    settings = dict(design.settings)
    if limits := design.limits.model_dump(exclude_none=True):
        settings["limits"] = limits
    conditions = [(choice.name, _conditions(scenarios[choice.name], choice)) for choice in design.scenarios]
    for epoch, seed in product(range(design.epochs), design.seeds):
        for name, cells in conditions:
            scenario = scenarios[name]
            for condition, model in product(cells, design.models):
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


def _conditions(scenario: AnyScenario, choice: ScenarioChoice) -> list[dict[str, str]]:
    if not choice.factors:
        return [scenario.condition(levels) for levels in scenario.conditions.values()]
    names = list(choice.factors)
    return [
        scenario.condition(dict(zip(names, levels, strict=True)))
        for levels in product(*choice.factors.values())
    ]


def _check_playbooks(model: str, scenarios: list[AnyScenario]) -> None:
    provider, _, name = model.partition("/")
    if provider != "sim":
        return
    for playbook, scenario in product(parse_simulated(name).playbooks, scenarios):
        if playbook not in scenario.playbooks:
            raise UsageError(
                f"scenario {scenario.name} has no playbook {playbook!r} for {model}",
                fix=f"it has: {', '.join(sorted(scenario.playbooks))}",
            )
