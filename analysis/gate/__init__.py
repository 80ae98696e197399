"""The gate: is a candidate worse than its baseline, yes, no, or can't tell.

Theory of operation. Both sides are reduced to a :class:`~ulterior.analysis.gate.side.Side`: per
scenario, condition and instance, what came out, and what that rests on (versions, hashes, settings). A
baseline is a side in a file, a candidate mostly a side made of a study. Then::

    Side, Side ──drifts──▶ comparable? ──compare──▶ MetricVerdicts ──decide──▶ Verdict ──render──▶ text

A :class:`~ulterior.analysis.gate.verdict.Verdict` is the one source of everything that is printed and of
the exit code. No model is called and nothing is run.
"""
