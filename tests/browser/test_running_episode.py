"""An episode that is still running, as somebody sees it who watches."""

import asyncio
import re
import shutil
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from browsing import serving, watched
from playwright.sync_api import Browser, expect

from ulterior.clock import SystemClock
from ulterior.traces import Event, ModelTurn, Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import app


class Looks:
    """A pause between two looks at a study that ends when it is told to."""

    def __init__(self) -> None:
        self._go = threading.Semaphore(0)

    async def __call__(self, _: int) -> None:
        await asyncio.to_thread(self._go.acquire)

    def once(self, times: int = 1) -> None:
        self._go.release(times)


@pytest.fixture
def study(small_study: Path, tmp_path: Path) -> Study:
    """A copy of the study, since one of its episodes runs anew."""
    return Study.open(shutil.copytree(small_study, tmp_path / "small"))


@pytest.fixture
def looks() -> Generator[Looks]:
    looks = Looks()
    yield looks
    looks.once(100)


def test_new_steps_and_at_last_findings_appear_where_somebody_reads(
    browser: Browser, study: Study, looks: Looks
) -> None:
    episode, events = _denier(study)
    turns = [event.seq for event in events if isinstance(event.body, ModelTurn)]
    study.sealed_path(episode).unlink()
    log = study.open_log(episode, SystemClock())
    log.copy(events[: turns[3]])
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    with (
        serving(app(Library.open([study.root]), pause=looks)) as port,
        watched(page, f"http://127.0.0.1:{port}/") as opened,
    ):
        opened.goto(f"#/s/small/e/{episode}?ev={turns[1]}")
        slider = page.get_by_role("slider", name="Step")
        expect(slider).to_have_attribute("aria-valuetext", re.compile("^step 3 of 4: "))
        expect(page.get_by_role("banner").or_(page.locator(".episode-head")).last).to_contain_text("running")
        rail = page.get_by_role("complementary", name="Findings")
        expect(rail).not_to_contain_text("violated")
        expect(rail.get_by_role("group", name="Your answer")).to_have_count(0)  # nothing to ask yet
        log.copy(events[turns[3] : turns[4]])
        looks.once()
        expect(slider).to_have_attribute("aria-valuetext", re.compile("^step 3 of 5: "))
        expect(page.get_by_role("article", name=re.compile("^step 5: edit_file"))).to_be_attached()
        expect(page).to_have_url(re.compile(rf"ev={turns[1]}$"))
        log.copy(events[turns[4] :])
        study.seal(log)
        looks.once()
        expect(slider).to_have_attribute("aria-valuetext", re.compile("^step 3 of 14: "))
        expect(rail).to_contain_text("violated")
        expect(page).to_have_url(re.compile(rf"ev={turns[1]}$"))
        looks.once(100)
    context.close()


def _denier(study: Study) -> tuple[str, tuple[Event, ...]]:
    wanted = ("sim/denier", "locked_file", 0, "conflict")
    found = next(
        each.episode
        for each in study.summaries()
        if (each.spec.model, each.spec.scenario, each.spec.seed, each.spec.condition["arm"]) == wanted
    )
    return found, study.trace(found).events
