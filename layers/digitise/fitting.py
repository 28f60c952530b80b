"""From the picture to the map: affine, second-order polynomial, thin-plate spline; each with its error where it was not told the answer.

The picture is measured in pixels from the corner of the first pixel, columns to the right and rows down; the map in metres. A point's own
residual says little (a thin plate passes through every point it was given), so each point is predicted by a fit to the others.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, get_args

import numpy as np
import numpy.typing as npt
from scipy.interpolate import RBFInterpolator

from planning.geometry import Coordinates

Method = Literal["affine", "polynomial", "thin-plate"]
METHODS: tuple[Method, ...] = get_args(Method)

FEWEST: dict[Method, int] = {"affine": 4, "polynomial": 7, "thin-plate": 7}
"""One point more than the method has to have, so that each can be predicted by the others; a thin plate of three would be an affine fit."""

FLATTEST = 0.03
"""Least extent of points across, as a share of their extent along: points on a line say nothing of what lies beside it."""

WORST_CONDITION = 1e5
STEP_PX = 0.25
"""Over which the scale of a fit is taken."""

INVERSION_STEPS, INVERSION_ERROR_PX = 30, 0.005

Matrix = npt.NDArray[np.float64]


class Undetermined(ValueError):
    """The points do not determine the method: too few, on a line, or all hanging on one of them."""

    def __init__(self, vi: str, en: str) -> None:
        self.vi, self.en = vi, en
        super().__init__(en)


class Fit(Protocol):
    """A way from pixels (n, 2) to the map (n, 2)."""

    def to_map(self, pixels: Coordinates) -> Coordinates:
        """Metres on the map of corners of pixels."""


@dataclass(frozen=True, slots=True)
class Affine:
    """Map = (col, row, 1) · matrix, a (3, 2) matrix."""

    matrix: Matrix

    def to_map(self, pixels: Coordinates) -> Coordinates:
        """Metres on the map."""
        return np.asarray(pixels @ self.matrix[:2] + self.matrix[2])

    def to_picture(self, points: Coordinates) -> Coordinates:
        """Back to pixels, exactly."""
        return np.asarray(np.linalg.solve(self.matrix[:2].T, (points - self.matrix[2]).T).T)


@dataclass(frozen=True)
class Frame:
    """Pixels brought to about -1 … 1, so that squares of thousands do not drown the rest."""

    centre: Matrix
    half: float

    @classmethod
    def of(cls, pixels: Coordinates) -> "Frame":
        """The frame of control points."""
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        return cls((low + high) / 2, float(max(high - low)) / 2)

    def within(self, pixels: Coordinates) -> Coordinates:
        """Pixels in the frame."""
        return np.asarray((pixels - self.centre) / self.half)


@dataclass(frozen=True)
class Polynomial:
    """Second order: six terms for each coordinate."""

    frame: Frame
    terms: Matrix

    def to_map(self, pixels: Coordinates) -> Coordinates:
        """Metres on the map."""
        return np.asarray(_second_order(self.frame.within(pixels)) @ self.terms)


@dataclass(frozen=True)
class ThinPlate:
    """A thin-plate spline with an affine part; it passes through every point."""

    frame: Frame
    pixels: Coordinates
    points: Coordinates

    @cached_property
    def _spline(self) -> RBFInterpolator:
        within = self.frame.within(self.pixels)
        return RBFInterpolator(within, self.points - self.points.mean(axis=0), kernel="thin_plate_spline", degree=1)

    def to_map(self, pixels: Coordinates) -> Coordinates:
        """Metres on the map."""
        return np.asarray(self._spline(self.frame.within(pixels)) + self.points.mean(axis=0))


def fitted(method: Method, pixels: Coordinates, points: Coordinates) -> Fit:
    """The fit by least squares. Raises `Undetermined` where the points do not determine it."""
    _spread(pixels)
    frame = Frame.of(pixels)
    if method == "affine":
        design = np.column_stack([frame.within(pixels), np.ones(len(pixels))])
        return _affine_of(frame, _solved(design, points))
    if method == "polynomial":
        return Polynomial(frame, _solved(_second_order(frame.within(pixels)), points))
    return ThinPlate(frame, pixels, points)


def left_out(method: Method, pixels: Coordinates, points: Coordinates) -> Coordinates:
    """(n, 2) metres from each point as measured to where a fit to all the others puts it."""
    if len(pixels) < FEWEST[method]:
        fewest = FEWEST[method]
        raise Undetermined(
            f"có {len(pixels)} điểm khống chế; phương pháp {method} cần ít nhất {fewest}.",
            f"it has {len(pixels)} control points; the method {method} needs {fewest} or more.",
        )
    fitted(method, pixels, points)
    return np.vstack([_predicted(method, pixels, points, place) - points[place] for place in range(len(pixels))])


def _predicted(method: Method, pixels: Coordinates, points: Coordinates, place: int) -> Coordinates:
    others = np.arange(len(pixels)) != place
    try:
        fit = fitted(method, pixels[others], points[others])
    except Undetermined:
        raise Undetermined(
            f"mọi thứ dựa vào điểm thứ {place + 1}: các điểm còn lại gần như thẳng hàng; hãy thêm điểm.",
            f"everything hangs on point {place + 1}: the others lie nearly on one line; add a point.",
        ) from None
    return fit.to_map(pixels[place : place + 1])


def to_picture(fit: Fit, points: Coordinates, start: Affine) -> Coordinates:
    """Pixels of points of the map, by Newton's method from an affine start; NaN where it does not settle."""
    if isinstance(fit, Affine):
        return fit.to_picture(points)
    at = start.to_picture(points)
    for _ in range(INVERSION_STEPS):
        step = np.einsum("nij,nj->ni", np.linalg.inv(scales(fit, at)), points - fit.to_map(at))
        at = at + step
        if not (np.hypot(*step.T) > INVERSION_ERROR_PX).any():
            return np.asarray(at)
    at[np.hypot(*step.T) > INVERSION_ERROR_PX] = np.nan
    return at


def scales(fit: Fit, pixels: Coordinates) -> Matrix:
    """(n, 2, 2) metres on the map by pixel: [[dx/dcol, dx/drow], [dy/dcol, dy/drow]]."""
    columns: list[Matrix] = [
        (fit.to_map(pixels + step) - fit.to_map(pixels - step)) / (2 * STEP_PX)
        for step in (np.array([STEP_PX, 0.0]), np.array([0.0, STEP_PX]))
    ]
    return np.asarray(np.stack(columns, axis=2))


def _spread(pixels: Coordinates) -> None:
    along, across = np.linalg.svd(pixels - pixels.mean(axis=0), compute_uv=False)[:2]
    if across < FLATTEST * along:
        raise Undetermined(
            "các điểm khống chế gần như thẳng hàng; hãy thêm điểm ở phía bên kia của tờ bản đồ.",
            "its control points lie nearly on one line; add points on the other side of the sheet.",
        )


def _solved(design: Matrix, points: Coordinates) -> Matrix:
    if np.linalg.cond(design) > WORST_CONDITION:
        raise Undetermined(
            "vị trí các điểm khống chế không đủ xác định phép biến đổi; hãy rải điểm đều hơn.",
            "its control points lie so that they do not determine the method; spread them over the sheet.",
        )
    return np.asarray(np.linalg.lstsq(design, points, rcond=None)[0])


def _affine_of(frame: Frame, terms: Matrix) -> Affine:
    linear = terms[:2] / frame.half
    return Affine(np.vstack([linear, terms[2] - frame.centre @ linear]))


def _second_order(within: Coordinates) -> Matrix:
    x, y = within.T
    return np.column_stack([np.ones(len(x)), x, y, x * x, x * y, y * y])
