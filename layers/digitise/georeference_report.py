"""What came of placing a scan: the error at each point in metres, pixels and millimetres of the map."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Residual:
    """A control point and how far the others' fit puts it from where it was measured; `suspected` with the likely cause."""

    name: str
    col: float
    row: float
    x: float
    y: float
    dx_m: float
    dy_m: float
    metres: float
    pixels: float
    millimetres: float
    suspected: bool
    cause_vi: str
    cause_en: str


@dataclass(slots=True)
class ScanReport:
    """Of one scan. `accuracy_m` is the root mean square of the residuals, None where no point judged the placing."""

    file: str
    sha256: str
    format: str
    width: int
    height: int
    method: str
    map_crs: int
    storage_crs: int
    operation: str
    scale: int
    threshold_mm: float
    gsd_m: float
    accuracy_m: float | None = None
    judged_by: str | None = None
    residuals: list[Residual] = field(default_factory=list)
    frame: list[list[float]] = field(default_factory=list)
    thumbnail: bytes = b""

    @property
    def accuracy_mm(self) -> float | None:
        """The accuracy in millimetres of the map."""
        return None if self.accuracy_m is None else self.accuracy_m * 1000 / self.scale

    @property
    def suspected(self) -> list[Residual]:
        """Points that do not fit the others."""
        return [one for one in self.residuals if one.suspected]

    def facts(self) -> dict[str, Any]:
        """What goes with the picture wherever it goes."""
        names = (
            "file",
            "sha256",
            "method",
            "map_crs",
            "operation",
            "scale",
            "gsd_m",
            "accuracy_m",
            "judged_by",
            "frame",
        )
        residuals = [
            {"name": one.name, "col": one.col, "row": one.row, "metres": round(one.metres, 4)} for one in self.residuals
        ]
        return {name: getattr(self, name) for name in names} | {"residuals": residuals}

    def as_json(self) -> dict[str, Any]:
        """The whole report without its picture; the frame in the storage CRS."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in {"thumbnail", "residuals"}}
        return {**plain, "accuracy_mm": self.accuracy_mm, "residuals": [asdict(one) for one in self.residuals]}
