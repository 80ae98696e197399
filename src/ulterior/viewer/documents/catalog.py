"""Which studies there are to look at, and what can be done."""

from typing import Literal

from ulterior.traces import Frozen

__all__ = ["Catalog", "StudyListed"]


class StudyListed(Frozen):
    """One study of a catalog. ``live`` while something in it is still running; ``version`` counts what has
    changed in it since the server was started."""

    key: str
    name: str
    episodes: int
    live: bool = False
    version: int = 0


class Catalog(Frozen):
    """What can be looked at here. ``where`` the pages are decides what they offer: labels and live updates
    need a server. ``flips`` are the pairs of keys of which there is a document, all of them, A before B in
    the order in which the studies were given."""

    format: Literal[1] = 1
    where: Literal["server", "file", "folder"]
    version: str
    canary: str
    studies: tuple[StudyListed, ...]
    flips: tuple[tuple[str, str], ...] = ()
