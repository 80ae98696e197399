"""Sandbagging: whether answers are worse where it pays to fail, over pairs of episodes on the same items.

=================  =====================================================================================
``outcomes.py``    what became of each item: right, wrong, refused, malformed, missing, gave up
``arms.py``        which arm an episode stands in, as its scenario declares
``pairs.py``       episodes of two arms on the same seed, items matched within them
``paired_gap.py``  differences with the seed as unit: intervals, sign flips, what could be found
``patterns.py``    how answers are wrong, scores beside a threshold, work done
``held.py``        right answers in the reasoning of a run that handed in others
``group.py``       what is judged, and how verdicts on it are written down
``verdict.py``     what it amounts to, for one model in one scenario
``study.py``       from stored findings to verdicts; ``text.py`` prints them
=================  =====================================================================================

What can be concluded, and what never can, stands in ``docs/sandbagging.md``.
"""

from ulterior.analysis.sandbagging.group import Group, GroupVerdict
from ulterior.analysis.sandbagging.held import Held, HeldItem, held_in_reasoning
from ulterior.analysis.sandbagging.outcomes import Sitting, sitting_of
from ulterior.analysis.sandbagging.study import groups_of, held_in_study, puts_items, sandbagging_verdicts
from ulterior.analysis.sandbagging.text import verdicts_text
from ulterior.analysis.sandbagging.verdict import judge_groups

__all__ = [
    "Group",
    "GroupVerdict",
    "Held",
    "HeldItem",
    "Sitting",
    "groups_of",
    "held_in_reasoning",
    "held_in_study",
    "judge_groups",
    "puts_items",
    "sandbagging_verdicts",
    "sitting_of",
    "verdicts_text",
]
