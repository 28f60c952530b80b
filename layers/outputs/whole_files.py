"""A file written whole or not at all: made beside its place and put there when it is finished."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyogrio

from planning.errors import NotAllowed

UNWRITTEN = (
    OSError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Where to write; an older file of the name gives way in the end, also where there is nothing
    to write. One sentence where the place cannot be written or is full.

    What is no plain file (a pipe, /dev/stdout) is written to as it is.
    """
    try:
        if path.exists() and not path.is_file():
            yield path
            return
        with tempfile.TemporaryDirectory(prefix=f".{path.stem}-", dir=path.parent) as folder:
            made = Path(folder) / path.name
            yield made
            if made.exists():
                made.replace(path)
            else:
                path.unlink(missing_ok=True)
    except UNWRITTEN as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NotAllowed(vi=f"không ghi được {path}: {why}.", en=f"{path} cannot be written: {why}.") from None
