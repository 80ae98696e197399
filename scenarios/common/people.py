"""Names that no two instances share: people, places, organisations, projects, machines.

Every name space is the product of two word lists, walked in an order that visits each pair once: equal
slots of different seeds get different names, for as many seeds as there are pairs.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

__all__ = ["Cast", "Person", "dice"]

_FIRST = [
    "Amara",
    "Benoit",
    "Chiara",
    "Dov",
    "Elif",
    "Farid",
    "Greta",
    "Hamza",
    "Ines",
    "Jorun",
    "Kaveh",
    "Leila",
    "Marek",
    "Nadia",
    "Oskar",
    "Priya",
    "Quentin",
    "Rosa",
    "Selim",
    "Tomas",
    "Ulla",
    "Viktor",
    "Wanda",
    "Xenia",
    "Yusuf",
    "Zofia",
    "Anselm",
    "Birgit",
    "Cosmin",
    "Danuta",
    "Emre",
    "Fiona",
    "Goran",
    "Helmi",
    "Ivo",
    "Jasna",
    "Kofi",
    "Lucia",
    "Mateus",
    "Noor",
    "Odile",
    "Pavel",
    "Ragna",
    "Saskia",
    "Tariq",
    "Ursel",
    "Valerio",
    "Wiebke",
]
_LAST = [
    "Abalos",
    "Brandvold",
    "Castellan",
    "Demirel",
    "Eskola",
    "Farkas",
    "Gromov",
    "Halvorsen",
    "Ibarra",
    "Jankowski",
    "Kessler",
    "Lindqvist",
    "Moreau",
    "Nakata",
    "Okafor",
    "Petrenko",
    "Quist",
    "Rautio",
    "Sandoval",
    "Tennant",
    "Umarov",
    "Vasile",
    "Wexler",
    "Ylonen",
    "Zamora",
    "Ahlgren",
    "Bertola",
    "Cihan",
    "Dvorak",
    "Engstrom",
    "Fontaine",
    "Gadot",
    "Hoxha",
    "Ivarsen",
    "Juhasz",
    "Koroma",
    "Leclerc",
    "Mbeki",
    "Novak",
    "Osei",
    "Palmer",
    "Rhee",
    "Sorokin",
    "Thorne",
    "Usman",
    "Velasco",
    "Winther",
]
_ORG_HEAD = [
    "Alder",
    "Basalt",
    "Cairn",
    "Delta",
    "Ember",
    "Fathom",
    "Garnet",
    "Harbour",
    "Iris",
    "Juniper",
    "Kestrel",
    "Larch",
    "Meridian",
    "North",
    "Opal",
    "Pike",
    "Quarry",
    "Ridge",
    "Sable",
    "Tern",
    "Umber",
    "Vale",
    "Willow",
    "Yarrow",
    "Zephyr",
    "Aster",
    "Birch",
    "Cobalt",
    "Dune",
    "Elm",
    "Flint",
]
_ORG_TAIL = [
    "Analytics",
    "Freight",
    "Genomics",
    "Hydrology",
    "Instruments",
    "Labs",
    "Logistics",
    "Mapping",
    "Materials",
    "Metering",
    "Optics",
    "Partners",
    "Research",
    "Robotics",
    "Seismics",
    "Services",
    "Shipping",
    "Software",
    "Survey",
    "Systems",
    "Telemetry",
    "Transit",
    "Water",
    "Weather",
    "Works",
]
_PROJECT = [
    "basin",
    "canopy",
    "corridor",
    "delta",
    "estuary",
    "fjord",
    "glacier",
    "harbour",
    "isthmus",
    "lagoon",
    "marsh",
    "meadow",
    "mesa",
    "moraine",
    "orchard",
    "plateau",
    "prairie",
    "reef",
    "savanna",
    "steppe",
    "strait",
    "taiga",
    "tundra",
    "valley",
]
_PLACE_HEAD = [
    "Alm",
    "Berk",
    "Brun",
    "Dals",
    "Dorn",
    "Elv",
    "Fen",
    "Gard",
    "Grim",
    "Hald",
    "Harn",
    "Holt",
    "Jark",
    "Kald",
    "Karst",
    "Keld",
    "Lang",
    "Lind",
    "Lom",
    "Lund",
    "Mand",
    "Mark",
    "Mell",
    "Norr",
    "Orm",
    "Ost",
    "Pern",
    "Ravn",
    "Rim",
    "Rod",
    "Sand",
    "Selk",
    "Skarn",
    "Sol",
    "Stav",
    "Sten",
    "Sund",
    "Svart",
    "Tarn",
    "Tesk",
    "Torn",
    "Tromp",
    "Ulv",
    "Vard",
    "Vest",
    "Vind",
    "Warn",
    "Wend",
]
_PLACE_TAIL = [
    "bakken",
    "berg",
    "borg",
    "brekk",
    "bru",
    "by",
    "dal",
    "drag",
    "egg",
    "eid",
    "fall",
    "felt",
    "foss",
    "gard",
    "grund",
    "hamn",
    "haug",
    "heim",
    "holm",
    "kil",
    "klev",
    "kvern",
    "lid",
    "lund",
    "mo",
    "myr",
    "nes",
    "odde",
    "rud",
    "sel",
    "sjo",
    "skar",
    "slett",
    "stad",
    "sund",
    "tjern",
    "torp",
    "tveit",
    "und",
    "vag",
    "vass",
    "vik",
    "voll",
]
_SUFFIX = [
    "atlas",
    "beacon",
    "census",
    "digest",
    "index",
    "ledger",
    "mosaic",
    "panel",
    "series",
    "sketch",
    "survey",
    "tracker",
    "trend",
    "yearbook",
]


def dice(scenario: str, seed: int) -> random.Random:
    """The random numbers of one instance; equal under every condition, so that arms stay paired."""
    return random.Random(f"{scenario}/{seed}")


def _pair(heads: Sequence[str], tails: Sequence[str], index: int) -> tuple[str, str]:
    """The ``index``-th pair in an order that looks shuffled and visits every pair once."""
    size = len(heads) * len(tails)
    step = next(step for step in range(size * 61 // 100 | 1, size, 2) if _coprime(step, size))
    position = (index * step + 17) % size
    return heads[position % len(heads)], tails[position // len(heads)]


def _coprime(a: int, b: int) -> bool:
    while b:
        a, b = b, a % b
    return a == 1


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
        return f"{self.first[0]}{self.last}".lower()


class Cast:
    """The names of one instance."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def person(self, slot: int) -> Person:
        """The person in one of eight slots (0..7)."""
        if not 0 <= slot < 8:
            raise ValueError("a cast has eight people")
        return Person(*_pair(_FIRST, _LAST, self._seed * 8 + slot))

    def place(self, slot: int) -> str:
        """A made-up place in one of eight slots (0..7), such as ``Haldfoss``."""
        if not 0 <= slot < 8:
            raise ValueError("a cast has eight places")
        return "".join(_pair(_PLACE_HEAD, _PLACE_TAIL, self._seed * 8 + slot))

    @property
    def organisation(self) -> str:
        return " ".join(_pair(_ORG_HEAD, _ORG_TAIL, self._seed))

    @property
    def project(self) -> str:
        """A lower-case name for a project, a repository or a data set, such as ``taiga-index``."""
        return "-".join(_pair(_PROJECT, _SUFFIX, self._seed))

    @property
    def hostname(self) -> str:
        return f"{self.project.split('-')[0][:4]}-{100 + self._seed * 37 % 900}"

    @property
    def day(self) -> datetime:
        """A working day at about nine in the morning, UTC."""
        day = datetime(2027, 1, 4, 8, 40, tzinfo=UTC) + timedelta(
            days=self._seed * 11 % 700, minutes=self._seed * 7 % 45
        )
        return day - timedelta(days=max(0, day.weekday() - 4))
