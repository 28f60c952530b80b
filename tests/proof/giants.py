"""Polygons at the limits of what may be asked: nearly 100 km² and 16 kB, wiggling so that they cross as much as they can."""

from urllib.parse import quote

import numpy as np
import shapely

from planning.geometry import LONLAT, operation


def giant(centre: tuple[float, float], srid: int, *, vertices: int = 860, radius_m: float = 5_500.0) -> str:
    """The address of a lookup in a star around a place of the storage CRS."""
    turns = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    away = radius_m * np.where(np.arange(vertices) % 2, 1.0, 0.9)
    ring = np.array(centre) + np.column_stack([np.cos(turns), np.sin(turns)]) * away[:, None]
    drawn = shapely.transform(shapely.Polygon(ring), operation(srid, LONLAT).coordinates)
    text = "POLYGON((" + ",".join(f"{x:.5f} {y:.4f}" for x, y in shapely.get_coordinates(drawn)) + "))"
    return f"/v1/lookup?shape={quote(text)}"
