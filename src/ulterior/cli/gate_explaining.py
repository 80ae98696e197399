"""What ``ulterior gate explain`` does: the comparison once more, then where it comes from."""

from pathlib import Path

from pydantic import ValidationError

from ulterior.analysis.gate.explaining import explain
from ulterior.analysis.gate.explanation import Explanation
from ulterior.analysis.gate.rendering.explanation import render_explanation
from ulterior.analysis.gate.verdict import Verdict
from ulterior.cli.gate_links import Addresses
from ulterior.cli.gating import Request, gate_inputs, verdict_of
from ulterior.errors import UsageError

__all__ = ["explained", "read_verdict", "told"]


def explained(request: Request, verdict: Verdict | None = None) -> Explanation:
    """The explanation of a verdict on a comparison; of the one that `ulterior gate` would give, without one.

    Raises :class:`UsageError` for what can't be read, and for a policy that isn't the verdict's.
    """
    inputs = gate_inputs(request)
    if verdict is None:
        verdict = verdict_of(request, inputs)
    if unknown := [each.metric for each in verdict.metrics if each.metric not in inputs.policy.metrics]:
        raise UsageError(
            "the policy is another one than the verdict's",
            f"it has no metric {unknown[0]!r}",
            "gate again, or give the policy that the verdict was made with",
        )
    addresses = Addresses(request.candidate)
    return explain(inputs.baseline, inputs.candidate, inputs.policy, verdict, addresses.address)


def told(found: Explanation) -> str:
    """As text."""
    return render_explanation(found)


def read_verdict(path: Path) -> Verdict:
    """A verdict's file. Raises :class:`UsageError` that says what is wrong with it."""
    try:
        return Verdict.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"can't read {path}", error.strerror or str(error), "check the path") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise UsageError(
            f"{path} is no verdict",
            f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}",
            "give the verdict.json that `ulterior gate -o DIR` wrote",
        ) from error
