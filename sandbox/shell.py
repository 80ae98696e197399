"""The tools that most worlds have: a shell, and reading and editing files."""

from typing import Annotated

from pydantic import Field

from ulterior.errors import ToolFailed
from ulterior.sandbox.protocol import OUTPUT_LIMIT
from ulterior.sandbox.tools import Tool, ToolOutcome, tool
from ulterior.sandbox.world import World

__all__ = ["edit_file_tool", "file_tools", "read_file_tool", "shell_tool", "write_file_tool"]

Path = Annotated[str, Field(description="absolute, or relative to the working folder", min_length=1)]


async def shell(
    world: World, command: Annotated[str, Field(description="the bash command line")]
) -> ToolOutcome:
    """Run a bash command. Every call starts a fresh shell in the working folder; only files persist."""
    result = await world.sandbox.exec(command)
    return ToolOutcome(
        stdout=result.stdout, stderr=result.stderr, exit_code=result.exit_code, truncated=result.truncated
    )


async def read_file(world: World, path: Path) -> ToolOutcome:
    """Read a text file."""
    text = (await world.sandbox.read(path)).decode("utf-8", "replace")
    return ToolOutcome(stdout=text[:OUTPUT_LIMIT], truncated=len(text) > OUTPUT_LIMIT)


async def write_file(world: World, path: Path, content: str) -> str:
    """Create a file or replace its whole content."""
    await world.sandbox.write(path, _encoded(content))
    return f"wrote {path}"


async def edit_file(
    world: World,
    path: Path,
    old: Annotated[str, Field(description="the exact text to replace; must occur once", min_length=1)],
    new: str,
) -> str:
    """Replace one piece of text in a file."""
    text = (await world.sandbox.read(path)).decode("utf-8", "replace")
    if (found := text.count(old)) != 1:
        raise ToolFailed(f"{path}: the text to replace occurs {found} times, not once; nothing was changed")
    await world.sandbox.write(path, _encoded(text.replace(old, new)))
    return f"edited {path}"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")  # a model's JSON can hold lone surrogates


shell_tool = tool(shell)
read_file_tool = tool(read_file, seconds=10.0)
write_file_tool = tool(write_file, seconds=30.0)
edit_file_tool = tool(edit_file, seconds=30.0)
file_tools: tuple[Tool, ...] = (read_file_tool, write_file_tool, edit_file_tool)
