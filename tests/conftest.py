"""What makes all tests together quicker: who begins first, and how often circles are looked for."""

import gc

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is marked long begins first: else one worker ends with it while the other has nothing."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    # Episodes make many objects and few circles; what was imported and collected so far stays to the end.
    # A socket that nobody closed is still found, if it is in a circle, in a later test, as it always was.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
