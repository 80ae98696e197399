"""Following a study that is being written: what is new is analysed, and whoever listens is told."""

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from asking import TOKEN, resumed, scope_of
from hypothesis import given, settings
from hypothesis import strategies as st
from written_traces import Episode, covert, denier, honest, openly, read_rule, spec

from ulterior.analysis import EpisodeFinding, JudgedBy, analyze_study
from ulterior.analysis.evidence import find_quote, passages_of
from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.analysis.judges.judgement import Judgement
from ulterior.analysis.judges.store import BatchRecord, keep_batch, keep_judgement
from ulterior.traces import EpisodeSpec, ForkExperiment, Study, record_forks
from ulterior.viewer.library import Library
from ulterior.viewer.live import Watch, as_event
from ulterior.viewer.open_study import OpenStudy, Update
from ulterior.viewer.server import app


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = Study.create(tmp_path / "study", {})
    covert(study)
    return study


@pytest.fixture
def analyzed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The episodes that are analysed, in order."""
    seen: list[str] = []
    usual = EpisodeAnalyst.analyze

    async def noted(self: EpisodeAnalyst, episode: str) -> EpisodeFinding:
        seen.append(episode)
        return await usual(self, episode)

    monkeypatch.setattr(EpisodeAnalyst, "analyze", noted)
    return seen


def open_study(study: Study) -> OpenStudy:
    return OpenStudy.open("study", study.root)


def begun(study: Study, which: EpisodeSpec) -> None:
    """An episode that has begun, and that another process may go on with."""
    episode = Episode(study, which)
    read_rule(episode)
    episode.log.close()


def ended(study: Study, which: EpisodeSpec) -> None:
    episode = resumed(study, which)
    episode.turn("That is all.")
    episode.end()


# ---- What is new ----


def test_a_study_that_stays_as_it_is_costs_nothing(study: Study, analyzed: list[str]) -> None:
    opened = open_study(study)
    assert analyzed == [spec().id]
    assert [opened.refresh() for _ in range(3)] == [None, None, None]
    assert analyzed == [spec().id]


def test_an_episode_that_was_sealed_is_analysed_alone_and_told(study: Study, analyzed: list[str]) -> None:
    opened = open_study(study)
    new = spec("sim/honest")
    honest(study, new)
    assert opened.refresh() == Update(version=1, episodes=2, changed=(new.id,))
    assert opened.refresh() is None
    assert analyzed == [spec().id, new.id]
    assert (opened.findings[new.id].covert, opened.findings[spec().id].covert) == (False, True)
    assert opened.runs().table.n == 2


def test_an_episode_is_followed_from_its_beginning_to_its_end(study: Study, analyzed: list[str]) -> None:
    opened = open_study(study)
    new = spec("sim/slow")
    begun(study, new)
    assert opened.refresh() == Update(version=1, episodes=2, changed=(new.id,), running=(new.id,))
    assert (opened.live, opened.findings[new.id].turns) == (True, 1)
    assert opened.refresh() is None
    episode = resumed(study, new)
    episode.turn("I go on.")
    episode.log.close()
    assert opened.refresh() == Update(version=2, episodes=2, changed=(new.id,), running=(new.id,))
    assert opened.findings[new.id].turns == 2
    ended(study, new)
    assert opened.refresh() == Update(version=3, episodes=2, changed=(new.id,))
    assert (opened.live, opened.findings[new.id].status) == (False, "submitted")
    assert analyzed == [spec().id, new.id, new.id, new.id]


def test_an_episode_that_was_taken_away_is_gone(study: Study) -> None:
    opened = open_study(study)
    study.sealed_path(spec().id).unlink()
    assert opened.refresh() == Update(version=1, episodes=0, changed=(spec().id,))
    assert opened.runs().table.n == 0


def test_forks_and_designs_that_are_added_are_news_without_an_episode(study: Study) -> None:
    opened = open_study(study)
    record_forks(study, ForkExperiment.model_validate(EXPERIMENT))
    assert opened.refresh() == Update(version=1, episodes=1)
    Study.create(study.root, {"another": "design"})
    assert opened.refresh() == Update(version=2, episodes=1)
    assert [design for design in opened.runs().study.designs if design] == [{"another": "design"}]


EXPERIMENT: dict[str, Any] = {"id": "0" * 16, "kind": "edit", "created": 1.0, "branches": []}


def test_what_a_judge_has_said_since_is_taken_in(study: Study) -> None:
    judge(study, "b1", "stated")
    opened = OpenStudy.open("study", study.root, judged_by=JudgedBy("a/judge"))
    assert opened.findings[spec().id].intent == "stated"
    assert opened.refresh() is None
    judge(study, "b2", "none")
    assert opened.refresh() == Update(version=1, episodes=1, changed=(spec().id,))
    assert opened.findings[spec().id].intent == "none"
    assert opened.refresh() is None


def judge(study: Study, batch: str, intent: str) -> None:
    """A finished batch in which a judge has said this of the first episode's reasoning."""
    found = find_quote(passages_of(study.trace(spec().id).events), "Nobody will notice")
    assert found is not None
    about = {"detector": "a/judge", "version": "7"}
    said = {"episode": spec().id, "rubric": "intent", "label": intent, "evidence": (found,), **about}
    keep_judgement(study, batch, Judgement.model_validate(said))
    done = {"planned": 1, "done": 1, "tolerance": 0.25, "began": 0.0, "ended": 1.0}
    rubrics = {"intent": {"version": "1"}}
    keep_batch(study, BatchRecord.model_validate({"batch": batch, "rubrics": rubrics, **about, **done}))


def test_many_new_episodes_are_told_in_parts_and_each_is_analysed_once(
    study: Study, analyzed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ulterior.viewer.open_study._SEALED_AT_ONCE", 2)
    monkeypatch.setattr("ulterior.viewer.open_study._RUNNING_AT_ONCE", 1)
    opened = open_study(study)
    for seed in range(1, 6):
        covert(study, spec(seed=seed))
    for seed in range(3):
        begun(study, spec("sim/slow", seed))
    told = [update for _ in range(5) if (update := opened.refresh())]
    assert [(len(update.changed), len(update.running)) for update in told] == [(3, 1), (3, 1), (2, 1)]
    assert len(analyzed) == len(set(analyzed)) == 9


def test_what_is_known_stays_where_the_folder_is_away_for_a_moment(study: Study) -> None:
    opened = open_study(study)
    away = study.root.with_name("away")
    study.root.rename(away)
    with pytest.raises(FileNotFoundError):
        opened.refresh()
    assert list(opened.findings) == [spec().id]
    away.rename(study.root)
    assert opened.refresh() is None


def test_a_study_in_which_nothing_has_begun_can_be_followed(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study", {})
    shutil.rmtree(study.root / "episodes")
    opened = open_study(study)
    assert opened.refresh() is None
    honest(study)
    assert opened.refresh() == Update(version=1, episodes=1, changed=(spec().id,))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["covert", "openly", "begin", "end", "damage", "remove", "look"]), st.integers(0, 2)
    ),
    max_size=10,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_following_ends_where_looking_once_begins(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    study = Study.create(tmp_path_factory.mktemp("followed") / "study", {})
    opened = open_study(study)
    for what, seed in steps:
        take(study, opened, what, spec(seed=seed))
    while opened.refresh() is not None:
        pass
    assert sorted(opened.findings.values(), key=lambda finding: finding.order) == analyze_study(study)


def take(study: Study, opened: OpenStudy, what: str, which: EpisodeSpec) -> None:
    """One thing that may happen to a study, where it can."""
    sealed, running = study.sealed_path(which.id), study.running_path(which.id)
    there = sealed.exists() or running.exists()
    if what == "look":
        opened.refresh()
    elif what == "remove":
        sealed.unlink(missing_ok=True)
        running.unlink(missing_ok=True)
    elif what == "damage" and sealed.exists():
        rotten = sealed.with_name("rotten")  # replaced, as a copy from elsewhere would be
        rotten.write_bytes(sealed.read_bytes()[:-20])
        rotten.replace(sealed)
    elif what == "begin" and not there:
        begun(study, which)
    elif what == "end" and running.exists():
        ended(study, which)
    elif what in ("covert", "openly") and not there:
        {"covert": covert, "openly": openly}[what](study, which)


# ---- Who listens ----


class Steps:
    """A pause that ends when it is told to, and says when it has begun."""

    def __init__(self) -> None:
        self.begun: asyncio.Queue[None] = asyncio.Queue()
        self._go: asyncio.Queue[None] = asyncio.Queue()

    async def __call__(self, _: int) -> None:
        self.begun.put_nowait(None)
        await self._go.get()

    async def once(self) -> None:
        """Let the watch look once more, and wait until it has."""
        self._go.put_nowait(None)
        await self.begun.get()


async def first(updates: AsyncGenerator[Update]) -> Update:
    return await anext(updates)


def test_all_who_listen_hear_the_same_from_one_task_which_ends_with_them(study: Study) -> None:
    async def listened() -> None:
        steps = Steps()
        watch = Watch(open_study(study), steps)
        assert not watch.looking
        ada, ben = watch.updates(), watch.updates()
        now = Update(version=0, episodes=1)
        assert (await first(ada), await first(ben)) == (now, now)
        await steps.begun.get()
        honest(study, spec("sim/honest"))
        await steps.once()
        heard = Update(version=1, episodes=2, changed=(spec("sim/honest").id,))
        assert (await first(ada), await first(ben)) == (heard, heard)
        assert steps.begun.empty()  # one task, not two
        await ada.aclose()
        assert watch.looking
        await ben.aclose()
        assert not watch.looking

    asyncio.run(listened())


def test_whoever_comes_later_is_told_how_it_stands(study: Study) -> None:
    async def listened() -> None:
        steps = Steps()
        watch = Watch(open_study(study), steps)
        ada = watch.updates()
        await first(ada)
        await steps.begun.get()
        denier(study, spec("sim/denier"))
        await steps.once()
        ben = watch.updates()
        assert await first(ben) == Update(version=1, episodes=2)
        await ada.aclose()
        await ben.aclose()

    asyncio.run(listened())


def test_trouble_with_the_folder_ends_nothing(study: Study) -> None:
    async def listened() -> None:
        steps = Steps()
        watch = Watch(open_study(study), steps)
        ada = watch.updates()
        await first(ada)
        await steps.begun.get()
        away = study.root.with_name("away")
        study.root.rename(away)
        await steps.once()
        away.rename(study.root)
        honest(study, spec("sim/honest"))
        await steps.once()
        assert (await first(ada)).episodes == 2
        await ada.aclose()

    asyncio.run(listened())


def test_closing_sends_everybody_home(study: Study) -> None:
    async def listened() -> list[Update]:
        watch = Watch(open_study(study), Steps())
        ada = watch.updates()
        heard = [await first(ada)]
        watch.close()
        heard += [update async for update in ada]
        return heard + [update async for update in watch.updates()]

    assert asyncio.run(listened()) == [Update(version=0, episodes=1)]


def test_a_page_hears_events_until_it_leaves(study: Study) -> None:
    said: list[bytes] = []

    async def listened() -> None:
        steps = Steps()
        application = app(Library.open([study.root]), token=TOKEN, pause=steps)
        leave = asyncio.Event()
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        kinds: list[bytes] = []

        async def receive() -> Any:
            await leave.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                kinds.extend(value for name, value in message["headers"] if name == b"content-type")
            elif message["body"]:
                heard.put_nowait(message["body"])

        request = asyncio.create_task(application(scope_of("/live/study"), receive, send))
        said.append(await heard.get())
        await steps.begun.get()
        honest(study, spec("sim/honest"))
        await steps.once()
        said.append(await heard.get())
        leave.set()
        await request
        assert kinds == [b"text/event-stream; charset=utf-8"]

    asyncio.run(listened())
    events = [json.loads(each.removeprefix(b"data: ")) for each in said]
    assert all(each.startswith(b"data: ") and each.endswith(b"}\n\n") for each in said)
    assert [(event["version"], event["episodes"], event["changed"]) for event in events] == [
        (0, 1, []),
        (1, 2, [spec("sim/honest").id]),
    ]
    assert len({event["start"] for event in events}) == 1


def test_an_event_is_one_line_of_json() -> None:
    event = as_event(Update(version=1, episodes=2, changed=("a",), running=("a",)), "s")
    assert event == b'data: {"version":1,"episodes":2,"changed":["a"],"running":["a"],"start":"s"}\n\n'
