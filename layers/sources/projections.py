"""What a file or a person says of a CRS, as an EPSG code where one answers to it exactly. None is a result: never guessed here."""

from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError

from planning.errors import UnknownCrs
from planning.geometry import epsg_of, known_epsg


def code_of(text: str | None) -> int | None:
    """The EPSG code of a CRS as a file writes it, None where there is none or it matches none exactly."""
    if not text:
        return None
    try:
        return epsg_of(CRS.from_user_input(text))
    except CRSError:
        return None


def code_said(path: Path, said: str) -> int:
    """The EPSG code a person says."""
    epsg = known_epsg(said)
    if epsg is None:
        raise UnknownCrs(file=path.name, vi=f"“{said}” không phải mã EPSG.", en=f"“{said}” is no EPSG code.")
    return epsg
