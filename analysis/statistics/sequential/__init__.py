"""Tests that may be looked at after every cycle: is the candidate worse, and may one stop now?

Theory of operation. An *e-process* is what a gambler has, who starts with 1 and bets at fair odds, or
worse ones, against a null hypothesis. If the hypothesis is true, then the chance that the capital ever
reaches 1/alpha is at most alpha, however often anybody looks (Ville 1939). So "stop when it is there"
keeps the error rate, and what one may not do with a p-value one may do with this. Three gamblers are
here, and each assumes something else about how the data came about:

==========================================  ==================================  =====================
null hypothesis                             bets on                             holds if
==========================================  ==================================  =====================
:mod:`.betting`: the suite's mean           every pair's signed difference,     pairs of a cycle are
difference is at most (at least) m          the same share in all scenarios     independent
:mod:`.two_streams`: no scenario is worse   both outcomes of a pair, by rates   the above, and within
(better) by more than m                     learnt of each scenario             a pair independent or
                                                                                alike
:mod:`.canary`: the rate is at most (at     single outcomes                     episodes are
least) m                                                                        independent
==========================================  ==================================  =====================

The gate's words come from the first one (:class:`~.suite.SequentialTest`), because the margin is about
the mean difference of a fixed suite, and because it needs fewer episodes: what was measured stands in
``docs/gate.md``. The second names scenarios. :mod:`.course` computes, without chance, how a gate will
go: for planning, and for the tables.

A *block* is one run of either version on the same instance; a *cycle* is one block of every scenario.
Outcomes are numbers in 0..1 of which more is worse: 0 or 1, or the mean of an instance's epochs. Epochs
of one instance are no blocks of their own: they resemble each other, and no test here would hold.
"""

from ulterior.analysis.statistics.sequential.canary import CanaryTest
from ulterior.analysis.statistics.sequential.course import (
    Course,
    Pair,
    Rates,
    course,
    detectable_rise,
)
from ulterior.analysis.statistics.sequential.suite import Block, Decision, SequentialTest
from ulterior.analysis.statistics.sequential.two_streams import ScenarioTest

__all__ = [
    "Block",
    "CanaryTest",
    "Course",
    "Decision",
    "Pair",
    "Rates",
    "ScenarioTest",
    "SequentialTest",
    "course",
    "detectable_rise",
]
