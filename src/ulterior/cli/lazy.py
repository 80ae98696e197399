"""A click group that imports a command's module when the command is used, not before.

``--help`` and shell completion stay fast: the one-line descriptions stand in the group itself.
"""

from importlib import import_module
from typing import Any

import click

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """``commands_by_path`` maps a command's name to ``("module:attribute", "one line of help")``."""

    def __init__(self, *args: Any, commands_by_path: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._paths = commands_by_path

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._paths)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._paths:
            return None
        module, _, attribute = self._paths[cmd_name][0].partition(":")
        return getattr(import_module(module), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not self._paths:
            return
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in self._paths.items()])
