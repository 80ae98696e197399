"""Where it happens: worlds of a sandbox's files, services and a clock, and the tools that act on them."""

from ulterior.sandbox.backends import BACKENDS, close_backends, open_sandbox, prepare_sandbox, try_sandbox
from ulterior.sandbox.protocol import Change, ExecResult, Machine, Node, Sandbox, Tenant, Tree
from ulterior.sandbox.services.base import Service
from ulterior.sandbox.tools import MalformedCall, Tool, ToolOutcome, run_tool, tool
from ulterior.sandbox.world import World

__all__ = [
    "BACKENDS",
    "Change",
    "ExecResult",
    "Machine",
    "MalformedCall",
    "Node",
    "Sandbox",
    "Service",
    "Tenant",
    "Tool",
    "ToolOutcome",
    "Tree",
    "World",
    "close_backends",
    "open_sandbox",
    "prepare_sandbox",
    "run_tool",
    "tool",
    "try_sandbox",
]
