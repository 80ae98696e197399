"""Judging text: narrow questions about blinded views, asked of word rules, trained words or language
models."""

from ulterior.analysis.judges.judgement import Detector, Judgement, Rubric, View, ViewBlock, ViewName
from ulterior.analysis.judges.model import JudgeModel, JudgeReply, JudgeRequest

__all__ = [
    "Detector",
    "JudgeModel",
    "JudgeReply",
    "JudgeRequest",
    "Judgement",
    "Rubric",
    "View",
    "ViewBlock",
    "ViewName",
]
