"""The canary: a string that stands in every scenario source, trace and export.

It lets anybody who trains a model filter this material out, and find out whether somebody did not.
What an agent gets to see never contains it: it would be a tell.
"""

__all__ = ["CANARY"]

CANARY = "ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3"
