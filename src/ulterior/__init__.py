"""Ulterior: a simulator for agentic scheming.

Importing this package has no effects and loads no provider SDK, LangGraph or sandbox back end.
"""

__version__ = "0.1.0"
