"""What all sandboxes in containers keep to: where a world's files may be, and what Linux makes of them."""

import posixpath
from collections.abc import Mapping

from ulterior.errors import SandboxUnavailable
from ulterior.sandbox.protocol import WORLD_FOLDERS, Node, Tree

__all__ = ["as_linux_has_it", "check_restored", "is_in_world"]

_LINK_MODE = 0o777  # what Linux says of every link
_PLACES = tuple(f"{folder}/" for folder in WORLD_FOLDERS)


def is_in_world(path: str) -> bool:
    """Whether a path is below one of the world's folders, and spelled in the one way that a tree has."""
    return posixpath.normpath(path) == path and path.startswith(_PLACES)


def as_linux_has_it(tree: Tree) -> dict[str, Node]:
    """The tree as a container will tell it once it is restored there.

    Raises :class:`SandboxUnavailable` when something of it is where a container has no place for it.
    """
    for path in tree:
        if not is_in_world(path):
            raise SandboxUnavailable(
                "this world can't be restored in a container",
                f"{path} is in none of its folders ({', '.join(WORLD_FOLDERS)})",
                "go on with it in the back end that it comes from",
            )
    return {
        path: Node("link", node.data, _LINK_MODE) if node.type == "link" else node
        for path, node in tree.items()
    }


def check_restored(found: Mapping[str, Node], wanted: Tree) -> None:
    """Raise :class:`SandboxUnavailable` unless a container has exactly the files that it was given."""
    for path in sorted(found.keys() | wanted.keys()):
        if found.get(path) != wanted.get(path):
            raise SandboxUnavailable("a world can't be restored", f"{path} is not what it should be")
