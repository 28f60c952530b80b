"""Random numbers and smooth random fields that come out the same on every machine.

Only additions, multiplications and square roots are used: their results are fixed by IEEE 754, those of sine and
exponential are not.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def stream(seed: int, *names: str) -> np.random.Generator:
    """An independent source of random numbers for one purpose, so that a change of one thing leaves the others as they are."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *"/".join(names).encode()])))


def field(u_m: Numbers, v_m: Numbers, *, spacing_m: float, source: np.random.Generator) -> Numbers:
    """A smooth field over the grid `u_m` × `v_m`, of mean 0 and standard deviation about 0.5: a cubic spline of random knots."""
    knots = source.uniform(-2.0, 2.0, (_knots(u_m, spacing_m), _knots(v_m, spacing_m)))
    along_v = _spline(np.ascontiguousarray(knots.T), v_m / spacing_m)
    return _spline(np.ascontiguousarray(along_v.T), u_m / spacing_m)


def curve(t_m: Numbers, *, spacing_m: float, source: np.random.Generator) -> Numbers:
    """A smooth curve over `t_m`, of mean 0 and standard deviation about 0.5."""
    return _spline(source.uniform(-1.3, 1.3, (_knots(t_m, spacing_m), 1)), t_m / spacing_m)[:, 0]


def _knots(t_m: Numbers, spacing_m: float) -> int:
    return int(t_m[-1] / spacing_m) + 5


def _spline(knots: Numbers, t: Numbers) -> Numbers:
    """Uniform cubic B-spline through the rows of `knots`, at positions `t` ≥ 0 counted in knots."""
    whole = np.floor(t).astype(np.int64)
    f = (t - whole)[:, None]
    g = 1.0 - f
    out = (g * g * g) * knots[whole]
    out += (3.0 * f * f * f - 6.0 * f * f + 4.0) * knots[whole + 1]
    out += (3.0 * g * g * g - 6.0 * g * g + 4.0) * knots[whole + 2]
    out += (f * f * f) * knots[whole + 3]
    return np.asarray(out / 6.0)
