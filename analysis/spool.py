"""Findings waiting on disk to be put in order, so that a study of any size is sorted in little memory."""

import json
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile

from ulterior.analysis.finding import EpisodeFinding
from ulterior.traces import line_json

__all__ = ["in_table_order"]


def in_table_order(findings: Iterable[EpisodeFinding]) -> Iterator[EpisodeFinding]:
    """All of them in the order of tables: the first comes when the last has been found.

    In memory there is only what they are sorted by, and where each stands in a temporary file.
    """
    with TemporaryFile("w+b") as file:
        places: list[tuple[tuple[str, str, str, int, int, str], int]] = []
        for finding in findings:
            places.append((finding.order, file.tell()))
            file.write(line_json(finding.as_json()) + b"\n")
        for _, place in sorted(places):
            file.seek(place)
            yield EpisodeFinding.model_validate(json.loads(file.readline()))
