"""Parcels: a parcel's key is (former commune, sheet, number), for sheet numbers restart at 1 in every former commune."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ParcelKey:
    """The only key that is unique after a merger."""

    former_code: str
    sheet: int
    number: int

    def __str__(self) -> str:
        return f"{self.former_code}/{self.sheet}/{self.number}"


NOISE_AREA_M2 = 1.0
NOISE_WIDTH_M = 0.02


def is_noise(area_m2: float, width_m: float) -> bool:
    """Whether a shared area is digitising noise rather than a restriction: under 1 m², or narrower than 2 cm."""
    return area_m2 < NOISE_AREA_M2 or width_m < NOISE_WIDTH_M
