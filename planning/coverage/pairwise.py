"""Decisions between two: of each pair one keeps the land; of more than two over each other, the one that keeps it against every other."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Who keeps the land against whom, as pairs (keeps, gives way) of places."""

    pairs: frozenset[tuple[int, int]]

    def __call__(self, places: tuple[int, ...]) -> int | None:
        """Who keeps land that lies under several, None where that is not decided."""
        for one in places:
            if all((one, other) in self.pairs for other in places if other != one):
                return one
        return None


def contradiction(pairs: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """The first pair that is decided both ways, or against itself."""
    known = set(pairs)
    return next((pair for pair in sorted(known) if pair[::-1] in known), None)
