"""What it meant: audit, disclosure, findings, statistics, report, transcript.

Works on stored traces and scenario declarations alone: no LangGraph, no provider SDK, no Docker, no keys.
"""

from ulterior.analysis.audit import AuditRow, audit
from ulterior.analysis.case import Case, Unscored
from ulterior.analysis.disclosure import DisclosureRow, Quote, disclose, verify_quote
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.findings import EpisodeAnalyst, analyze_study, finding_of
from ulterior.analysis.report import (
    Report,
    build_report,
    render_html,
    render_json,
    render_markdown,
    render_report,
    render_text,
)
from ulterior.analysis.statistics import Rate, clopper_pearson, clustered_rate, exact_rate, wilson
from ulterior.analysis.transcript import render_transcript

__all__ = [
    "AuditRow",
    "Case",
    "DisclosureRow",
    "EpisodeAnalyst",
    "EpisodeFinding",
    "Quote",
    "Rate",
    "Report",
    "Unscored",
    "analyze_study",
    "audit",
    "build_report",
    "clopper_pearson",
    "clustered_rate",
    "disclose",
    "exact_rate",
    "finding_of",
    "render_html",
    "render_json",
    "render_markdown",
    "render_report",
    "render_text",
    "render_transcript",
    "verify_quote",
    "wilson",
]
