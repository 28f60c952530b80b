"""What a file or a person says of a CRS, as an EPSG code where one answers to it exactly. None is a result: never guessed here."""

from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError

from planning.errors import UnknownCrs
from planning.geometry import DEPRECATED, LONLAT, NoOperation, epsg_of, known_epsg, operation


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


def named_crs(path: Path, said: str) -> int:
    """The EPSG code a person names for a file; refuses what is none, was withdrawn, or leads nowhere."""
    epsg = code_said(path, said)
    refuse_unusable(path, epsg)
    return epsg


def refuse_unusable(path: Path, epsg: int) -> None:
    """Refuse a CRS that was withdrawn, or from which no operation leads on."""
    if epsg in DEPRECATED:
        raise UnknownCrs(
            file=path.name,
            vi=f"EPSG:{epsg} đã bị EPSG thu hồi vì hoán đổi hai trị số gốc tọa độ.",
            en=f"EPSG:{epsg} was withdrawn: its false easting and northing are exchanged.",
        )
    try:
        operation(epsg, LONLAT)
    except NoOperation as error:
        raise UnknownCrs(file=path.name, vi=f"không có phép chuyển nào từ EPSG:{epsg}.", en=f"{error}.") from None


def untold(path: Path, text: str | None) -> UnknownCrs:
    """The refusal of a file that does not tell its CRS."""
    if text:
        return UnknownCrs(
            file=path.name,
            vi="hệ tọa độ ghi trong tệp không ứng đúng với một mã EPSG nào.",
            en="the one in the file matches no EPSG code exactly.",
        )
    return UnknownCrs(file=path.name, vi="tệp không ghi hệ tọa độ.", en="the file does not name one.")
