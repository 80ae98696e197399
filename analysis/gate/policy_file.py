"""Reading a policy from YAML, and refusing what it can't mean."""

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from ulterior.analysis.gate.outcomes import OUTCOMES
from ulterior.analysis.gate.policy import Metric, Policy
from ulterior.analysis.gate.side import GAP
from ulterior.errors import UsageError
from ulterior.scenarios import ROLES
from ulterior.yaml_files import kind_of, not_json, plain_problems, read_yaml

__all__ = ["check_policy", "read_policy"]

_KEYS = {"": list(Policy.model_fields), "metrics": list(Metric.model_fields)}
_PURPOSES = ("temptation", *ROLES)
_OF_A_GAP = {"kind": "paired", "purpose": "temptation", "direction": "lower_is_better"}
_FIX = "mend it; docs/gate.md shows a policy"


def read_policy(path: Path) -> Policy:
    """A policy's file. Raises :class:`UsageError` that names the line or the key."""
    content: object = read_yaml(path, "policy")
    if not isinstance(content, dict):
        why = "it is empty" if content is None else f"it holds {kind_of(content)}, not keys"
        raise UsageError(
            f"the policy {path} can't be used", why, "give it at least `metrics:`; docs/gate.md shows one"
        )
    try:
        policy = Policy.model_validate_json(_jsonable(cast("dict[Any, Any]", content)))
    except ValidationError as error:
        raise UsageError(f"the policy {path} can't be used", plain_problems(error, _KEYS), _FIX) from error
    return check_policy(policy, f"the policy {path}")


def check_policy(policy: Policy, called: str = "the policy") -> Policy:
    """The policy itself. Raises :class:`UsageError` when it names an outcome or a purpose that there
    isn't."""
    for name, metric in policy.metrics.items():
        for outcome in (metric.outcome, *metric.distorts):
            _check(called, name, "outcome", outcome, (*OUTCOMES, GAP))
        _check(called, name, "purpose", metric.purpose, _PURPOSES)
        if metric.outcome == GAP and metric != metric.model_copy(update=_OF_A_GAP):
            raise UsageError(
                f"{called} can't be used",
                f"metrics.{name} asks for {GAP}, which is of pairs with one episode where it pays to fail",
                "give it `kind: paired`, and leave `purpose` and `direction` away",
            )
        if metric.distorts and metric.kind != "validity":
            raise UsageError(
                f"{called} can't be used",
                f"metrics.{name} is of kind {metric.kind} and distorts others",
                "only metrics of kind validity do: give it `kind: validity`, or leave `distorts` away",
            )
    return policy


def _check(called: str, metric: str, what: str, word: str, known: tuple[str, ...]) -> None:
    if word in known:
        return
    near = get_close_matches(word, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"the known ones are: {', '.join(known)}"
    raise UsageError(
        f"{called} can't be used", f"metrics.{metric} names the {what} {word!r}, which there isn't", hint
    )


def _jsonable(content: dict[Any, Any]) -> bytes:
    """As JSON, whose lists pydantic takes for tuples in strict mode. Raises :class:`UsageError`."""
    try:
        why = not_json(content, "the policy")
    except RecursionError:
        why = "the policy refers to itself"
    if why:
        raise UsageError("the policy can't be used", why.replace("the policy.", ""), _FIX)
    return json.dumps(content).encode()
