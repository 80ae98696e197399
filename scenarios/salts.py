"""Private seeds: the instances of a scenario that only the owner of a salt can make.

Whoever has the library has every instance of the seeds 0, 1, 2 ...; models may have been trained on them. A
salt moves a study to other seeds of the same generator, one after the other, so that names stay unshared
among them. The seeds themselves are whole numbers like any others and stand in the traces: what reads or goes
on with a trace needs no salt.

Covered: instances that nobody has seen before, from a generator that everybody has.
Not covered: secrecy of a study's own traces and study.json, which name its seeds; the generator's words,
rules and shape, which every instance shares; a salt that somebody guesses, or reads in a list of processes.
"""

import hashlib
from collections.abc import Iterable

from ulterior.errors import UsageError

__all__ = ["SALTED_SEEDS", "salt_mark", "salted_base", "salted_seeds"]

SALTED_SEEDS = 1_048_550
"""Seeds of one salt. With 32 bits of digest above them, every seed is exact as a JSON number. A multiple of
50, after which names come round again: a salt's first 50 instances share none."""


def salted_base(salt: str) -> int:
    """A salt's first seed: a multiple of :data:`SALTED_SEEDS` below 2**52. Raises :class:`UsageError`."""
    if not salt.strip():
        raise UsageError(
            "the salt is empty", "anybody could guess it", "give a random text, or no salt at all"
        )
    hashed = hashlib.sha256(f"ulterior-salt/{salt}".encode("utf-8", "surrogateescape")).hexdigest()
    return int(hashed[:8], 16) * SALTED_SEEDS


def salted_seeds(salt: str | None, seeds: Iterable[int]) -> list[int]:
    """The seeds that stand for these under a salt, in the same order; the same ones without a salt.

    Raises :class:`UsageError` for one that a salt has no place for.
    """
    chosen = list(seeds)
    if salt is None:
        return chosen
    if outside := [seed for seed in chosen if not 0 <= seed < SALTED_SEEDS]:
        raise UsageError(
            f"the seed {outside[0]} can't be salted",
            f"a salt has the seeds 0 to {SALTED_SEEDS - 1:,}",
            "choose one of these, or leave the salt out",
        )
    base = salted_base(salt)
    return [base + seed for seed in chosen]


def salt_mark(salt: str) -> str:
    """By what studies of one salt are known: 16 hex digits of a digest of its first seed."""
    return hashlib.sha256(str(salted_base(salt)).encode()).hexdigest()[:16]
