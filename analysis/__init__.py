"""What it meant: audit, disclosure, findings, statistics, report, transcript.

Works on stored traces and scenario declarations alone: no LangGraph, no provider SDK, no Docker, no keys.
"""

from ulterior.analysis.asked import Answer, answer_in
from ulterior.analysis.audit import AuditRow, audit
from ulterior.analysis.case import Case, Unscored
from ulterior.analysis.commit_step import next_to_try
from ulterior.analysis.disclosure import DisclosureRow, Quote, disclose, verify_quote
from ulterior.analysis.finding import EpisodeFinding, detectors_of
from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.analysis.forks import OUTCOMES, EditResult, Outcome, ScanResult, edit_result, scan_result
from ulterior.analysis.interviews import InterviewResult, interview_result, interviewees
from ulterior.analysis.judges.verdicts import JudgedBy
from ulterior.analysis.pipeline import analyze_study, finding_of, iter_findings
from ulterior.analysis.probes import ProbeResult, probe_result
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
    "OUTCOMES",
    "Answer",
    "AuditRow",
    "Case",
    "DisclosureRow",
    "EditResult",
    "EpisodeAnalyst",
    "EpisodeFinding",
    "InterviewResult",
    "JudgedBy",
    "Outcome",
    "ProbeResult",
    "Quote",
    "Rate",
    "Report",
    "ScanResult",
    "Unscored",
    "analyze_study",
    "answer_in",
    "audit",
    "build_report",
    "clopper_pearson",
    "clustered_rate",
    "detectors_of",
    "disclose",
    "edit_result",
    "exact_rate",
    "finding_of",
    "interview_result",
    "interviewees",
    "iter_findings",
    "next_to_try",
    "probe_result",
    "render_html",
    "render_json",
    "render_markdown",
    "render_report",
    "render_text",
    "render_transcript",
    "scan_result",
    "verify_quote",
    "wilson",
]
