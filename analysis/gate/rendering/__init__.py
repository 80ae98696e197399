"""A verdict in the forms that people and programs read: all drawn from the one object, so they can't
disagree."""

from collections.abc import Callable, Mapping

from ulterior.analysis.gate.rendering.github import render_github
from ulterior.analysis.gate.rendering.junit import render_junit
from ulterior.analysis.gate.rendering.markdown import render_gate_markdown
from ulterior.analysis.gate.rendering.text import render_gate_text
from ulterior.analysis.gate.verdict import Verdict

__all__ = ["FORMS", "render_verdict"]


def _json(verdict: Verdict) -> str:
    return verdict.model_dump_json(indent=2) + "\n"


FORMS: Mapping[str, Callable[[Verdict], str]] = {
    "text": render_gate_text,
    "json": _json,
    "md": render_gate_markdown,
    "junit": render_junit,
    "github": render_github,
}
"""By the names that `--format` takes."""


def render_verdict(verdict: Verdict, form: str) -> str:
    """The verdict in one of :data:`FORMS`, ending with a newline or empty."""
    return FORMS[form](verdict)
