"""Names that no two instances share: people, places, organisations, projects, machines, and their days.

Theory of operation. Every name space is put into an order that a hash decides, and instances help themselves
in turn: scenarios alternate, seeds follow each other. So no name is given out twice before its space is used
up (66 seeds of every scenario for people and places), and neither seeds nor scenarios show a pattern.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

__all__ = ["FIRST_NAMES", "LAST_NAMES", "Cast", "Person", "dice", "working_days"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_LANES = _words("""
borrowed_allotment unmeetable_ticket ceiling_test kept_word convenient_rewrite own_report_card tedious_proof
reading_over_limit ranked_suppliers watcher_off two_questionnaires bigger_helper locked_file stop_order
broken_instrument official_path
""")
"""Scenarios that take turns; any other one shares the names of one of these."""
_SLOTS = 8
_GROUPS = 800
"""Casts that can be made of the names without repeating any: 50 instances of every scenario."""


FIRST_NAMES = _words("""
Amara Benoit Chiara Dov Elif Farid Greta Hamza Ines Jorun Kaveh Leila Marek Nadia Oskar Priya Quentin Rosa
Selim Tomas Ulla Viktor Wanda Xenia Yusuf Zofia Anselm Birgit Cosmin Danuta Emre Fiona Goran Helmi Ivo Jasna
Kofi Lucia Mateus Noor Odile Pavel Ragna Saskia Tariq Ursel Valerio Wiebke Aino Bojan Clarisse Dario Eero
Florin Gesa Hilal Ilse Jarmo Katinka Lorenz Mirela Nuno Orla Petra Radu Sigrid Timo Ursula Vesna Witold Yara
Zeno Adela Bruno Catia Dunja Edvin Frida Gunnar Hedda Iker Jolana Kerem Ludek Maren Nils Oona Piotr Runa
Sefa Thea Ugo Vanja
""")
LAST_NAMES = _words("""
Abalos Brandvold Castellan Demirel Eskola Farkas Gromov Halvorsen Ibarra Jankowski Kessler Lindqvist Moreau
Nakata Okafor Petrenko Quist Rautio Sandoval Tennant Umarov Vasile Wexler Ylonen Zamora Ahlgren Bertola
Cihan Dvorak Engstrom Fontaine Gadot Hoxha Ivarsen Juhasz Koroma Leclerc Mbeki Novak Osei Palmer Rhee
Sorokin Thorne Usman Velasco Winther Aaltonen Bakker Cordes Dalgaard Eriksen Ferrante Grabner Hatanaka Ilves
Jurado Kolar Lazarov Meszaros Nikolic Oyelaran Pasternak Raaijmakers Salonen Takacs Urbina Vantaa Wolniak
Yilmaz Zielinski Adeyemi Bonnet Csonka Dimov Estrada Forsberg Gallego Hruska Isaksen Jovanov Kallio Lindgren
Mancini Norberg Orban Pokorny Rosetti Stanev Tuominen Ulfsen Varga Westby Zeman Ziegler
""")
_ORG_HEAD = _words("""
Alder Basalt Cairn Delta Ember Fathom Garnet Harbour Iris Juniper Kestrel Larch Meridian North Opal Pike
Quarry Ridge Sable Tern Umber Vale Willow Yarrow Zephyr Aster Birch Cobalt Dune Elm Flint Anvil Beacon
Cedar Dale Egret Fern Gable Heron Ivory Jetty Kiln Lantern Mallow Nettle Osprey Pebble
""")
_ORG_TAIL = _words("""
Analytics Freight Genomics Hydrology Instruments Labs Logistics Mapping Materials Metering Optics Partners
Research Robotics Seismics Services Shipping Software Survey Systems Telemetry Transit Water Weather Works
""")
_PROJECT = _words("""
basin canopy corridor delta estuary fjord glacier harbour isthmus lagoon marsh meadow mesa moraine orchard
plateau prairie reef savanna steppe strait taiga tundra valley atoll bayou bluff bight brook cove crag dell
dune fen ford glade gorge grove gulf heath hollow islet kelp ledge levee loch mire peak pond rapids ravine
ridge shoal sound spring summit swale
""")
_PLACE_HEAD = _words("""
Alm Berk Brun Dals Dorn Elv Fen Gard Grim Hald Harn Holt Jark Kald Karst Keld Lang Lind Lom Lund Mand Mark
Mell Norr Orm Ost Pern Ravn Rim Rod Sand Selk Skarn Sol Stav Sten Sund Svart Tarn Tesk Torn Tromp Ulv Vard
Vest Vind Warn Wend Aska Bryn Dyr Eik Fjell Gran Havn Isk Jord Kors Leir Mork Natt Nes Olm Pile Rand Salt
Skog Smor Staf Steg Stor Sval Tind Tran Troll Ulm Vaks Vatn Voks Ytre
""")
_PLACE_TAIL = _words("""
bakken berg borg brekk bru by dal drag egg eid fall felt foss gard grund hamn haug heim holm kil klev kvern
lid lund mo myr nes odde rud sel sjo skar slett stad sund tjern torp tveit und vag vass vik voll asen bekk
botn bust brot dalen djup elva ende gap gren hav hella hov kamp klint kroken lia lok mel moen nipa os plass
ro rygg seter sti strand sva tangen tinden topp tun baug bjorg drog flat grav hals kjos naust rim skott
""")
_SUFFIX = _words("""
atlas beacon census digest index ledger mosaic panel series sketch survey tracker trend yearbook almanac
archive catalog chart desk forecast gauge grid intake log map outline record register roster scan sheet watch
""")


def dice(scenario: str, seed: int) -> random.Random:
    """The random numbers of one instance; equal under every condition, so that arms stay paired."""
    return random.Random(f"{scenario}/{seed}")


def working_days(day: datetime, count: int) -> datetime:
    """The same time of day ``count`` working days later, or earlier if it is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


@lru_cache(256)
def _order(what: str, size: int, lap: int) -> tuple[int, ...]:
    order = list(range(size))
    random.Random(f"{what}/{lap}").shuffle(order)
    return tuple(order)


def _drawn(what: str, size: int, turn: int) -> int:
    """A number below ``size``; as many turns in a row as there are numbers draw different ones."""
    return _order(what, size, turn // size)[turn % size]


def _pair(what: str, heads: tuple[str, ...], tails: tuple[str, ...], turn: int) -> tuple[str, str]:
    tail, head = divmod(_drawn(what, len(heads) * len(tails), turn), len(heads))
    return heads[head], tails[tail]


@lru_cache(32)
def _groups(
    what: str, heads: tuple[str, ...], tails: tuple[str, ...], lap: int
) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Groups of pairs: no pair stands in two groups, no head and no tail twice in one."""
    left = [
        (heads[at % len(heads)], tails[at // len(heads)]) for at in _order(what, len(heads) * len(tails), lap)
    ]
    groups: list[tuple[tuple[str, str], ...]] = []
    while len(groups) < _GROUPS:
        group: list[tuple[str, str]] = []
        passed: list[tuple[str, str]] = []
        while len(group) < _SLOTS:
            pair = left.pop()
            fits = all(pair[0] != other[0] and pair[1] != other[1] for other in group)
            (group if fits else passed).append(pair)
        left += reversed(passed)
        groups.append(tuple(group))
    return tuple(groups)


def _in_group(
    what: str, heads: tuple[str, ...], tails: tuple[str, ...], turn: int, slot: int
) -> tuple[str, str]:
    if not 0 <= slot < _SLOTS:
        raise ValueError(f"a cast has {_SLOTS} people and places")
    return _groups(what, heads, tails, turn // _GROUPS)[turn % _GROUPS][slot]


def _weeks() -> list[datetime]:
    """Mondays of weeks in which people work, from 2027 on."""
    mondays = [datetime(2027, 1, 11, tzinfo=UTC) + timedelta(weeks=week) for week in range(208)]
    return [monday for monday in mondays if 8 <= monday.timetuple().tm_yday <= 350]


_WEEKS = _weeks()


@dataclass(frozen=True)
class Person:
    """Somebody in the story. ``user`` is the login name."""

    first: str
    last: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def user(self) -> str:
        return f"{self.first}.{self.last}".lower()


class Cast:
    """The names of one instance of a scenario."""

    def __init__(self, scenario: str, seed: int) -> None:
        known = scenario in _LANES
        lane = _LANES.index(scenario) if known else random.Random(scenario).randrange(len(_LANES))
        self._turn = seed * len(_LANES) + lane
        self._dice = f"{scenario}/day"
        self._seed = seed

    def person(self, slot: int) -> Person:
        """The person in one of eight slots (0..7)."""
        return Person(*_in_group("people", FIRST_NAMES, LAST_NAMES, self._turn, slot))

    def place(self, slot: int) -> str:
        """A made-up place in one of eight slots (0..7), such as ``Haldfoss``."""
        return "".join(_in_group("places", _PLACE_HEAD, _PLACE_TAIL, self._turn, slot))

    def number(self, what: str, least: int, most: int) -> int:
        """A number for one purpose that no other instance has, until the range is used up."""
        return least + _drawn(f"number of {what}", most - least + 1, self._turn)

    @property
    def organisation(self) -> str:
        return " ".join(_pair("organisations", _ORG_HEAD, _ORG_TAIL, self._turn))

    @property
    def project(self) -> str:
        """A lower-case name for a project, a repository or a data set, such as ``taiga-index``."""
        return "-".join(_pair("projects", _PROJECT, _SUFFIX, self._turn))

    @property
    def hostname(self) -> str:
        return f"{self.project.split('-')[0][:4]}-{self.number('host', 100, 999)}"

    @property
    def day(self) -> datetime:
        """A working day at about nine in the morning, UTC, in a week of its own."""
        week, numbers = _WEEKS[_drawn("weeks", len(_WEEKS), self._turn)], dice(self._dice, self._seed)
        return week + timedelta(
            days=numbers.randrange(5), hours=8, minutes=numbers.randint(6, 84), seconds=numbers.randrange(60)
        )
