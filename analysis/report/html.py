"""The report as one HTML file: no script, nothing loaded from anywhere, readable from ``file://``.

Covered: text of models, tools and studies is escaped by the template engine and can't become markup; a
content security policy in the page forbids scripts and every load, should an escape ever be missed. Not
covered: what a reader pastes into a shell.
"""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ulterior.analysis.report import figures, numbers
from ulterior.analysis.report.forest import forest_figure, forest_key
from ulterior.analysis.report.model import Report
from ulterior.analysis.report.panels import panels_of
from ulterior.analysis.report.tables import header_lines, section_grids, unscored_grid
from ulterior.analysis.report.wording import ACT_WORDS, FUNNEL_WORDS, LABEL_WORDS, LIMIT_WORDS
from ulterior.analysis.visible import visible
from ulterior.scenarios import DISCLOSURE_LABELS

__all__ = ["render_html"]

_FOLDER = Path(__file__).parent


def render_html(report: Report) -> str:
    """The report as a self-contained page."""
    style = (_FOLDER / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            style=Markup(style),  # our own file
            policy=policy,
            header=header_lines(report),
            forest={"plot": forest_figure(report), "key": forest_key(report)},
            panels=panels_of(report),
            section_grids=section_grids,
            unscored=unscored_grid(report),
            figures=figures,
            numbers=numbers,
            labels=DISCLOSURE_LABELS,
            words={"acts": ACT_WORDS, "funnel": FUNNEL_WORDS, "labels": LABEL_WORDS, "limits": LIMIT_WORDS},
        )
    )


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def _finalize(value: object) -> object:
    """Whatever stands in the page is visible; the engine escapes it afterwards."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
