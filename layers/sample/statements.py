"""What the offices of the sample province say: which theme is complete for which unit, and who took over from whom."""

from layers.sample.plans import UNPLANNED
from layers.sample.province import FORMER, FORMER_FROM, MERGED_ON, OFFICE, SUCCESSORS

_TOWNS = ("Phường", "Thị trấn")


def availability_rows() -> list[dict[str, str]]:
    """Theme × unit, for the former communes up to the merger and for the new ones from it.

    Urban design is named nowhere and site layouts for one unit only: there the answer must be “no data”.
    """
    rows = []
    for former in FORMER:
        period = FORMER_FROM.isoformat(), MERGED_ON.isoformat()
        town = former.name.startswith(_TOWNS)
        states = {
            "general": "missing" if former.code == UNPLANNED else "complete",
            "land_use": "complete",
            "subdivision": "complete",
            "detailed": "partial" if town else "complete",
        }
        rows += [_row(theme, former.code, state, period) for theme, state in states.items()]
    for successor in SUCCESSORS:
        period = MERGED_ON.isoformat(), ""
        lacking = any(one.code == UNPLANNED and successor.code in one.into for one in FORMER)
        states = {
            "general": "partial" if lacking else "complete",
            "land_use": "complete",
            "subdivision": "complete" if successor.clause != 4 else "partial",
            "detailed": "partial" if successor.name.startswith(_TOWNS) else "complete",
        }
        if successor.clause == 1:
            states["site_layout"] = "missing"
        rows += [_row(theme, successor.code, state, period) for theme, state in states.items()]
    return rows


def _row(theme: str, unit_code: str, state: str, period: tuple[str, str]) -> dict[str, str]:
    return {
        "theme": theme, "unit_code": unit_code, "state": state, "on_whose_word": OFFICE, "valid_from": period[0],
        "valid_to": period[1],
    }  # fmt: skip


def office_rows() -> list[dict[str, str]]:
    """The district committees, which ended with the merger, and who answers for their plans since."""
    since = MERGED_ON.isoformat()
    districts = dict.fromkeys(former.district for former in FORMER if former.district)
    return [
        {
            "name": f"UBND huyện {district} (minh họa)", "name_now": OFFICE,
            "basis": "SAMPLE/NQ-MH, khoản 9 (minh họa)", "valid_from": since, "valid_to": "",
        }
        for district in districts
    ]  # fmt: skip
