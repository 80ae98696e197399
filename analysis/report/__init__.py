"""The report: numbers first, then four ways of drawing them."""

import json
from collections.abc import Callable, Mapping

from ulterior.analysis.report.build import build_report
from ulterior.analysis.report.html import render_html
from ulterior.analysis.report.markdown import render_markdown
from ulterior.analysis.report.model import Report
from ulterior.analysis.report.text import render_text

__all__ = [
    "FORMATS",
    "Report",
    "build_report",
    "render_html",
    "render_json",
    "render_markdown",
    "render_report",
    "render_text",
]


def render_json(report: Report) -> str:
    """The report's numbers as one JSON object, in ASCII: quotes may hold what no terminal should get."""
    return json.dumps(report.model_dump(mode="json"), indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": render_text,
    "md": render_markdown,
    "json": render_json,
    "html": render_html,
}


def render_report(report: Report, form: str) -> str:
    """The report in one of :data:`FORMATS`; text without colours."""
    return FORMATS[form](report)
