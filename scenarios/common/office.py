"""The organisation around an instance: unrelated mail and pages, colleagues with addresses, dates that agree.

What stands here is what any office would have, and nothing that bears on a task. A scenario adds its own mail
and pages, among which these lie.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, cast

import yaml

from ulterior.sandbox.services.mailbox import Mailbox
from ulterior.scenarios.common.people import Person
from ulterior.scenarios.common.setting import Setting, odd
from ulterior.scenarios.common.templates import render, render_text, source

__all__ = ["HANDBOOK", "Letter", "handbook", "mailbox", "minutes", "shown_date"]

_PACKAGE = "ulterior.scenarios.common"
_PAGES = ("absence", "travel", "rooms", "machines", "style", "guests")
_WEEKS_APART = 4
_ELSEWHERE = (
    "the north branch",
    "the harbour office",
    "headquarters",
    "the coast depot",
    "the training centre",
)
HANDBOOK = "/srv/handbook"
"""Where the organisation's handbook is. Scenarios put their own pages there, too."""


@dataclass(frozen=True)
class Letter:
    """A mail of the scenario's own, sent ``days_ago`` working days before the story, at ``time`` (HH:MM)."""

    sender: Person
    days_ago: int
    time: str
    subject: str
    body: str
    read: bool = False


def mailbox(setting: Setting, letters: Iterable[Letter], noise: int = 6) -> Mailbox:
    """The agent's mailbox: these letters and ``noise`` unrelated ones (at most 18), in the order of sending.

    All eight people of the cast are in its address book.
    """
    people = [setting.cast.person(slot) for slot in range(8)]
    box = Mailbox(
        owner=setting.mailbox_address,
        contacts={setting.address(p): p.name for p in people} | {setting.mailbox_address: setting.user},
    )
    for letter in sorted([*letters, *_unrelated(setting, noise)], key=lambda each: _sent(setting, each)):
        box.deliver(
            setting.address(letter.sender), letter.subject, letter.body, _sent(setting, letter)
        ).read = letter.read
    return box


def handbook(setting: Setting, pages: Mapping[str, str], noise: int = 4) -> dict[str, str]:
    """The handbook's files by absolute path: the scenario's ``pages`` (name to text) and unrelated ones.

    There is an index of all.
    """
    chosen = setting.dice("handbook pages").sample(_PAGES, noise)
    texts = {name: _page(setting, f"handbook/{name}.md", f"page {name}") for name in chosen}
    texts |= pages
    index = "".join(f"- [{_title(texts[name])}]({name}.md)\n" for name in sorted(texts))
    files = {f"{HANDBOOK}/{name}.md": text for name, text in texts.items()}
    return files | {f"{HANDBOOK}/index.md": f"# Handbook of {setting.cast.organisation}\n\n{index}"}


def minutes(setting: Setting, weeks_ago: int) -> tuple[str, str]:
    """The minutes of a weekly round: a file name, and a text that bears on nothing.

    Those of the last four weeks share no item.
    """
    day = f"{setting.now - timedelta(weeks=weeks_ago):%Y-%m-%d}"
    deck = [*_items()]
    setting.dice("minutes").shuffle(deck)
    mine = deck[weeks_ago % _WEEKS_APART :: _WEEKS_APART]
    items = [render_text(_PACKAGE, item, **_values(setting, f"item {item}")) for item in mine]
    title = setting.one_of("Weekly round", "Round of the week", "Team round")
    return f"{day}.md", _page(setting, "minutes.md", f"minutes {day}", date=day, items=items, title=title)


def shown_date(setting: Setting, days: int) -> str:
    """A date as people write it, so many working days from now, such as ``Thursday 4 March``."""
    day = setting.days(days) if days else setting.now
    return f"{day:%A} {day.day} {day:%B}"


def _title(page: str) -> str:
    return next(line.removeprefix("# ") for line in page.splitlines() if line.startswith("# "))


def _unrelated(setting: Setting, count: int) -> list[Letter]:
    numbers = setting.dice("unrelated mail")
    letters: list[Letter] = []
    for at in numbers.sample(range(len(_pool())), count):
        sender = setting.cast.person(numbers.randint(3, 7))
        values = _values(setting, f"mail {at}", without=sender)
        subject, body = (render_text(_PACKAGE, text, **values) for text in _pool()[at])
        time = f"{numbers.randint(7, 17):02}:{numbers.randrange(60):02}"
        ago, read = numbers.randint(1, 9), numbers.random() < 0.7
        letters.append(Letter(sender, ago, time, subject, f"{body}{sender.first}\n", read))
    return letters


@cache
def _items() -> tuple[str, ...]:
    """What minutes have to say, as it is written."""
    return tuple(yaml.safe_load(source(_PACKAGE, "minutes.yaml").partition("#}\n")[2]))


@cache
def _pool() -> tuple[tuple[str, str], ...]:
    """The unrelated mails as they are written: subject and body."""
    text = source(_PACKAGE, "mails.yaml").partition("#}\n")[2]
    mails = cast("list[dict[str, str]]", yaml.safe_load(text))
    return tuple((mail["subject"], mail["body"]) for mail in mails)


def _sent(setting: Setting, letter: Letter) -> float:
    hour, minute = (int(part) for part in letter.time.split(":"))
    day = setting.days(-letter.days_ago) if letter.days_ago else setting.now
    second = setting.dice(f"second {letter.subject}").randrange(60)
    return day.replace(hour=hour, minute=minute, second=second).timestamp()


def _page(setting: Setting, template: str, what: str, **values: Any) -> str:
    return render(_PACKAGE, template, **{**_values(setting, what), **values})


def _values(setting: Setting, what: str, without: Person | None = None) -> dict[str, Any]:
    """Numbers and colleagues for one text of the pool; ``without`` is in none of them."""
    numbers = setting.dice(what)
    colleagues = [person for slot in range(3, 8) if (person := setting.cast.person(slot)) != without]
    others = numbers.sample(colleagues, 3)
    return {
        "weekday": numbers.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
        "month": f"{setting.now + timedelta(days=numbers.randint(20, 70)):%B}",
        "date": f"{setting.days(-numbers.randint(11, 37)):%Y-%m-%d}",
        "floor": f"the {numbers.choice(('first', 'second', 'third', 'fourth'))} floor",
        "desk": f"{numbers.choice('BCDEF')}{numbers.randint(11, 48)}",
        "elsewhere": numbers.choice(_ELSEWHERE),
        "other": others[0].name,
        "other_first": others[1].first,
        "names": ", ".join(person.first for person in others),
        "weeks": numbers.randint(2, 6),
        "weeks_ahead": numbers.randint(7, 13),
        "days": numbers.randint(3, 9),
        "long_days": numbers.randint(11, 19),
        "years": numbers.randint(3, 7),
        "minutes": numbers.randint(3, 9),
        "trainees": numbers.randint(3, 9),
        "chapter": numbers.randint(3, 19),
        "cents": numbers.randint(21, 58),
        "spaces": numbers.randint(13, 47),
        "extension": odd(numbers, 211, 789),
        "ordinal": f"{numbers.randint(4, 19)}th",
        "ordinal_small": numbers.choice(("third", "fourth", "fifth")),
        "clock_day": f"{numbers.randint(8, 11):02}:{numbers.randint(11, 54)}",
        "clock": f"0{numbers.randint(1, 4)}:{numbers.randint(11, 54)}",
        "hostname": setting.cast.hostname,
        "project": setting.cast.project,
    }
