"""A scanned plan brought to its place: fitted to control points, judged by points left out, drawn in the storage CRS."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from layers.digitise.control_points import ControlPoints, in_vietnam, read_control_points, read_frame
from layers.digitise.fitting import Affine, Fit, Method, Undetermined, fitted, left_out, scales
from layers.digitise.georeference_report import Residual, ScanReport
from layers.digitise.pictures import Picture, laid_out, recognised
from layers.digitise.suspects import rmse, suspects
from layers.digitise.thumbnails import thumbnail
from layers.digitise.warping import Placement, as_tags, grid_of, outline, pixel_size_m, warped
from layers.digitise.world_files import read_world_file
from layers.sources.projections import named_crs
from planning.errors import BadFile, BadQuestion, NotAllowed, UnknownCrs
from planning.geometry import Coordinates, is_plane, operation
from planning.store.copying import Progress

THRESHOLD_MM = 0.3
"""What a careful hand plots on paper."""

GROSS = 3
"""A single point may be off by so many times the threshold."""

PROBE_BYTES = 1 << 20
"""A disk that does not take that much more is full."""

FOLD_PLACES = 9


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person says of a scan. `gcps` with `world` are check points: they judge the world file and move nothing."""

    scale: int
    gcps: Path | None = None
    world: Path | None = None
    method: Method = "affine"
    crs: str | None = None
    names: dict[str, str] | None = None
    frame: Path | None = None
    threshold_mm: float = THRESHOLD_MM
    pixel_m: float | None = None


class TooInaccurate(BadFile):
    """The control points contradict each other by more than the scale bears; the report tells of each."""

    code = "too-inaccurate"

    def __init__(self, report: ScanReport, **facts: object) -> None:
        self.report = report
        super().__init__(**facts)


@dataclass(frozen=True, slots=True)
class _Basis:
    """The fit and the plane it leads to; offsets of points left out, or None where there is no point to judge by."""

    fit: Fit
    near: Affine
    map_crs: int
    method: str
    control: ControlPoints | None
    offsets: Coordinates | None


def georeference(
    image: Path, wanted: Wanted, out: Path, storage_crs: int, progress: Progress | None = None
) -> ScanReport:
    """Write `out` and tell how well it fits. Raises `TooInaccurate` with the same report where it does not; then nothing is written."""
    picture = recognised(image)
    basis = _basis(picture, wanted, storage_crs)
    report = _reported(picture, basis, wanted, storage_crs)
    with _workshop(out) as folder, laid_out(picture, folder) as laid:
        report.thumbnail = thumbnail(laid)
        _accurate(report, wanted)
        _plausible(picture, basis)
        placement = _placed(picture, basis, wanted, storage_crs)
        grid = grid_of(placement, picture, report.gsd_m)
        report.frame = [
            list(map(float, corner)) for corner in shapely.get_coordinates(placement.frame.simplify(grid.gsd_m))
        ]
        finished = folder / "finished.tif"
        warped(laid, placement, grid, finished, as_tags(report.facts()), progress)
        finished.replace(out)
    return report


def _basis(picture: Picture, wanted: Wanted, storage_crs: int) -> _Basis:
    if wanted.world is None and wanted.gcps is None:
        raise BadQuestion(
            parameter="--gcps",
            vi="cần điểm khống chế (--gcps) hoặc tệp định vị (--world).",
            en="control points (--gcps) or a world file (--world) are needed.",
        )
    control = None
    if wanted.gcps is not None:
        control = read_control_points(wanted.gcps, picture, wanted.crs, wanted.names or {}, storage_crs)
    if wanted.world is not None:
        return _by_world_file(wanted, wanted.world, control)
    assert control is not None
    try:
        offsets = left_out(wanted.method, control.pixels, control.points)
        fit = fitted(wanted.method, control.pixels, control.points)
        near = fitted("affine", control.pixels, control.points)
    except Undetermined as error:
        raise BadFile(file=control.file, vi=error.vi, en=error.en) from None
    assert isinstance(near, Affine)
    return _Basis(fit, near, control.crs, wanted.method, control, offsets)


def _by_world_file(wanted: Wanted, world: Path, control: ControlPoints | None) -> _Basis:
    if wanted.crs is None:
        raise UnknownCrs(file=world.name, vi="tệp định vị ảnh không ghi hệ tọa độ.", en="a world file names none.")
    crs = named_crs(world, wanted.crs)
    if not is_plane(crs):
        raise UnknownCrs(
            file=world.name,
            vi=f"EPSG:{crs} tính bằng độ; cần hệ tọa độ phẳng.",
            en=f"EPSG:{crs} is in degrees; a plane is needed.",
        )
    fit = read_world_file(world)
    offsets = fit.to_map(control.pixels) - control.points if control else None
    return _Basis(fit, fit, crs, "world-file", control, offsets)


def _plausible(picture: Picture, basis: _Basis) -> None:
    """Refuses a fit that mirrors or folds the picture, or puts it outside the country."""
    steps = [np.linspace(0, length, FOLD_PLACES) for length in (picture.width, picture.height)]
    places = np.column_stack([axis.ravel() for axis in np.meshgrid(*steps)])
    turns = np.linalg.det(scales(basis.fit, places))
    if (turns >= 0).all():
        raise BadFile(
            file=picture.path.name,
            vi="các điểm cho một ảnh soi gương: x và y, hoặc cột và hàng, có bị hoán đổi không?",
            en="its points mirror the picture: are x and y, or col and row, exchanged?",
        )
    if (turns >= 0).any():
        raise BadFile(
            file=picture.path.name,
            vi="phép biến đổi làm ảnh gấp lên nhau; kiểm tra các điểm hoặc dùng --method affine.",
            en="the fit folds the picture over itself; check the points, or use --method affine.",
        )
    if not in_vietnam(basis.fit.to_map(places), basis.map_crs).any():
        raise BadFile(
            file=picture.path.name,
            vi="ảnh rơi ngoài Việt Nam; sai hệ tọa độ?",
            en="it falls outside Vietnam; is it the wrong CRS?",
        )


def _placed(picture: Picture, basis: _Basis, wanted: Wanted, storage_crs: int) -> Placement:
    to_storage = operation(basis.map_crs, storage_crs).coordinates

    def from_picture(pixels: Coordinates) -> Coordinates:
        return to_storage(basis.fit.to_map(pixels))

    width, height = picture.width, picture.height
    frame = outline(np.array([[0.0, 0], [width, 0], [width, height], [0, height]]), from_picture)
    if not frame.is_valid:
        name = picture.path.name
        raise BadFile(file=name, vi="ảnh bị gấp khi đặt lên bản đồ.", en="the sheet crosses itself once placed.")
    if wanted.frame is not None:
        in_pixels, corners = read_frame(wanted.frame)
        cut = outline(corners, from_picture if in_pixels else to_storage)
        shown = cut.intersection(frame) if cut.is_valid else cut
        if not (cut.is_valid and shown.geom_type == "Polygon" and shown.area > 0):
            raise BadFile(
                file=wanted.frame.name,
                vi="khung bản đồ tự cắt hoặc không nằm liền một mảnh trên ảnh; các góc phải theo thứ tự vòng quanh.",
                en="the frame crosses itself, or does not lie on the picture in one piece; give its corners in order around it.",
            )
        frame = shown
    return Placement(basis.fit, basis.near, basis.map_crs, storage_crs, frame)


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """A folder beside the result, so that the result appears whole by one rename; gone afterwards."""
    if not out.parent.is_dir():
        raise BadQuestion(
            parameter="--out", vi=f"không có thư mục {out.parent}.", en=f"there is no folder {out.parent}."
        )
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent) as folder:
            try:
                yield Path(folder)
            except BadFile:  # to GDAL a picture that cannot be laid out is one that cannot be read
                _refuse_full(Path(folder))
                raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotAllowed(vi=f"không ghi được {out}: {reason}.", en=f"{out} cannot be written: {reason}.") from None


def _refuse_full(folder: Path) -> None:
    """Raises OSError where the disk of a folder takes no more."""
    (folder / "room").write_bytes(bytes(PROBE_BYTES))


def _reported(picture: Picture, basis: _Basis, wanted: Wanted, storage_crs: int) -> ScanReport:
    report = ScanReport(
        file=picture.path.name, sha256=picture.sha256, format=picture.format, width=picture.width, height=picture.height,
        method=basis.method, map_crs=basis.map_crs, storage_crs=storage_crs, operation=operation(basis.map_crs, storage_crs).name,
        scale=wanted.scale, threshold_mm=wanted.threshold_mm, gsd_m=wanted.pixel_m or pixel_size_m(basis.fit, picture),
    )  # fmt: skip
    if basis.control is None or basis.offsets is None:
        return report
    report.judged_by = "check points" if wanted.world else "points left out"
    report.accuracy_m = rmse(basis.offsets)
    report.residuals = _residuals(basis, basis.control, basis.offsets, wanted)
    return report


def _residuals(basis: _Basis, control: ControlPoints, offsets: Coordinates, wanted: Wanted) -> list[Residual]:
    """Each point with its residual and, where it does not fit the others, why; check points are not doubted, they doubt."""
    sizes = np.sqrt(np.abs(np.linalg.det(scales(basis.fit, control.pixels))))
    bearable_m = GROSS * wanted.threshold_mm / 1000 * wanted.scale
    doubted = [] if wanted.world else suspects(wanted.method, control.pixels, control.points, bearable_m)
    causes = {one.place: one for one in doubted}
    found = []
    for place, (dx, dy) in enumerate(offsets.tolist()):
        metres, cause = float(np.hypot(dx, dy)), causes.get(place)
        (col, row), (x, y) = control.pixels[place].tolist(), control.points[place].tolist()
        found.append(Residual(
            control.names[place], col, row, x, y, dx, dy, metres, metres / float(sizes[place]), metres * 1000 / wanted.scale,
            suspected=cause is not None, cause_vi=cause.vi if cause else "", cause_en=cause.en if cause else "",
        ))  # fmt: skip
    return found


def _accurate(report: ScanReport, wanted: Wanted) -> None:
    """Refuses what is worse than the scale bears, naming the points to look at."""
    if report.accuracy_m is None or report.accuracy_mm is None:
        return
    worst = max(report.residuals, key=lambda one: one.metres)
    if report.accuracy_mm <= wanted.threshold_mm and worst.millimetres <= GROSS * wanted.threshold_mm:
        return
    named = report.suspected or [worst]
    about = "; ".join(f"{one.name}: {one.metres:,.2f} m{', ' + one.cause_vi if one.cause_vi else ''}" for one in named)
    about_en = "; ".join(
        f"{one.name}: {one.metres:,.2f} m{', ' + one.cause_en if one.cause_en else ''}" for one in named
    )
    figure, limit = (
        f"{report.accuracy_m:,.2f} m = {report.accuracy_mm:,.2f} mm",
        f"{wanted.threshold_mm:g} mm, 1:{wanted.scale}",
    )
    raise TooInaccurate(
        report,
        file=report.file,
        vi=f"sai số {figure} vượt mức cho phép ({limit}). {'Nghi ngờ điểm' if report.suspected else 'Lệch nhất'} {about}.",
        en=f"its error {figure} is more than allowed ({limit}). {'Suspected point' if report.suspected else 'The worst is'} {about_en}.",
    )
