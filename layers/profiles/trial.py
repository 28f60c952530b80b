"""A profile tried on a file: what would become of it, without storing anything."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from layers.profiles.mapping import mapped
from layers.profiles.model import Profile
from layers.profiles.reasons import Issue
from layers.sources.facts import Reading
from layers.sources.vector import read_fields
from planning.errors import BadFile, MissingField


@dataclass(frozen=True, slots=True)
class Trial:
    """How many features would become records, which columns they would fill, and what stands in the way."""

    file: str
    layer: str
    read: int
    sound: int
    skipped: int
    filled: dict[str, int]
    """Column of ours → records that have a value in it."""
    issues: tuple["Group", ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Issues of one value in one field: the first of them and how many there are."""

    first: Issue
    count: int


def tried(path: Path, profile: Profile, layer: str | None, said: Mapping[str, str]) -> Trial:
    """Read a layer as the profile says and map it; where it lies does not matter. Rows of issues count from 1, as an import counts."""
    found_layer, fields = read_fields(
        path, Reading(layer, profile.crs, profile.encoding, linework=profile.makes == "control_line")
    )
    try:
        found = mapped(fields, profile, said)
    except MissingField as error:
        field, present = error.facts["field"], error.facts["present"]
        raise BadFile(
            file=path.name,
            vi=f"không có trường nào cho cột {field} của bảng ánh xạ {profile.profile} (tệp có: {present}); cho biết bằng --set.",
            en=f"it has no field for the column {field} of profile {profile.profile} (it has: {present}); say it with --set.",
        ) from None
    sound = found.frame[found.sound]
    filled = {str(name): int(count) for name, count in sound.notna().sum().items() if name != "attributes"}
    kinds = Counter((one.field, one.source, one.value, one.reason) for one in found.issues)
    firsts = {(one.field, one.source, one.value, one.reason): one for one in reversed(found.issues)}
    groups = tuple(Group(firsts[kind], count) for kind, count in kinds.most_common())
    skipped = int(found.skipped.sum())
    return Trial(path.name, found_layer, len(fields), len(sound), skipped, filled, groups, found.left_out)
