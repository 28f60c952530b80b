"""The sample province: an illustration drawn from a seed, with defects whose complete list is known.

Nothing in it is real and no file from outside is used. The same seed gives the same province on every machine.
"""

from pathlib import Path

from layers.sample.files import Progress
from layers.sample.layout import Wanted, laid_out
from layers.sample.output import SampleFiles, written

__all__ = ["SampleFiles", "generate"]

LEAST_PARCELS, LEAST_ZONES = 1_000, 250
"""Fewer leave no room for the communes and the defects."""


def generate(
    folder: Path, *, parcels: int = 20_000, zones: int = 1_500, seed: int = 2025, progress: Progress | None = None
) -> SampleFiles:
    """Write the sample province into `folder`, in the place of an earlier one. `progress` hears what is done and how far."""
    if parcels < LEAST_PARCELS or zones < LEAST_ZONES:
        raise ValueError(f"the sample province needs at least {LEAST_PARCELS} parcels and {LEAST_ZONES} zones")
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress or _say_nothing
    return written(laid_out(Wanted(parcels, zones, seed), tell), folder, seed, tell)


def _say_nothing(doing: str, done: int, total: int) -> None:
    """For those who do not ask how far it is."""
