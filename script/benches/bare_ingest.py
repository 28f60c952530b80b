"""The bare way of `ingest`: read the file whole, COPY every field and shape as they are. Run as a program: FILE ADDRESS."""

import sys
from pathlib import Path

import psycopg
import pyogrio
import shapely


def bare(path: Path, url: str) -> None:
    """Read the file whole and COPY it as it is."""
    frame = pyogrio.read_dataframe(path, layer="zone")
    shapes = shapely.to_wkb(shapely.set_srid(frame.geometry.to_numpy(), 9214), hex=True, include_srid=True)
    names = [name for name in frame.columns if name != "geometry"]
    types = ", ".join(f"{name} {'text' if frame[name].dtype.kind not in 'if' else 'float8'}" for name in names)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute(f"CREATE TABLE bare ({types}, geom geometry)")
        with cursor.copy(f"COPY bare ({', '.join(names)}, geom) FROM STDIN") as copy:
            for row in zip(*(frame[name].tolist() for name in names), shapes, strict=True):
                copy.write_row(row)


if __name__ == "__main__":
    bare(Path(sys.argv[1]), sys.argv[2])
