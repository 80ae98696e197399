"""What ``ulterior gate explain`` does: the comparison once more, then where it comes from."""

from pathlib import Path

from pydantic import ValidationError

from ulterior.analysis.gate.explaining import explain
from ulterior.analysis.gate.explanation import Explanation
from ulterior.analysis.gate.rendering.explanation import render_explanation
from ulterior.analysis.gate.verdict import Sequential, Verdict
from ulterior.cli.gate_links import Addresses
from ulterior.cli.gating import Request, gate_inputs, verdict_of
from ulterior.errors import UsageError

__all__ = ["explained", "read_verdict", "told"]


def explained(request: Request, sequential: Sequential | None = None) -> Explanation:
    """The explanation of the verdict on a comparison; ``sequential`` says that the candidate was looked at
    while it ran. Raises :class:`UsageError` for what can't be read."""
    inputs = gate_inputs(request)
    verdict = verdict_of(request, inputs).model_copy(update={"sequential": sequential})
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
