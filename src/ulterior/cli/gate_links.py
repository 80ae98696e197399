"""From the shortened ids of a side to the stored episodes, and to where the pages show them."""

from bisect import bisect_left
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from ulterior.analysis.gate.explanation import Address
from ulterior.analysis.gate.verdict import EpisodeLink, Verdict
from ulterior.analysis.visible import visible
from ulterior.errors import UlteriorError
from ulterior.traces import Study, read_summary
from ulterior.traces.identity import EPISODE_ID_LENGTH
from ulterior.viewer.keys import study_key

__all__ = ["Addresses", "with_whole_ids"]


class Addresses:
    """The episodes of a candidate; a baseline's file holds none."""

    def __init__(self, candidate: Path) -> None:
        self._path = candidate
        self._key = study_key(candidate.resolve().name)

    @cached_property
    def _study(self) -> Study | None:
        return Study.open(self._path) if self._path.is_dir() else None

    @cached_property
    def _ids(self) -> list[str]:
        if self._study is None:
            return []
        stored = (*self._study.sealed(), *self._study.running())
        return sorted({path.name[:EPISODE_ID_LENGTH] for path in stored})

    def find(self, prefix: str) -> str | None:
        """The whole id, None where none or several begin like this."""
        at = bisect_left(self._ids, prefix)
        found = [each for each in self._ids[at : at + 2] if each.startswith(prefix)]
        return found[0] if prefix and len(found) == 1 else None

    def route(self, episode: str) -> str:
        """The pages' deep link, as `ulterior view` and an export of this study alone take it."""
        return f"#/s/{self._key}/e/{episode}"

    def address(self, prefix: str) -> Address | None:
        """Where to replay an episode, None where it is not stored."""
        episode = self.find(prefix)
        if episode is None or self._study is None:
            return None
        turns = None
        with suppress(UlteriorError, OSError):
            turns = read_summary(self._study.sealed_path(episode)).turns
        return Address(
            study=visible(str(self._path)), episode=episode, route=self.route(episode), turns=turns
        )

    def link(self, link: EpisodeLink) -> EpisodeLink:
        """A link of evidence with its whole id, unchanged where the episode is not stored."""
        episode = self.find(link.episode)
        if episode is None:
            return link
        return link.model_copy(update={"episode": episode, "route": self.route(episode)})


def with_whole_ids(verdict: Verdict, candidate: Path) -> Verdict:
    """The verdict with links that lead somewhere: a side shortens ids, and pages are found by whole ones.

    A candidate that is a baseline's file has no episodes to link, and nothing is changed.
    """
    addresses = Addresses(candidate)
    metrics = tuple(
        metric.model_copy(update={"evidence": tuple(addresses.link(link) for link in metric.evidence)})
        for metric in verdict.metrics
    )
    return verdict.model_copy(update={"metrics": metrics})
