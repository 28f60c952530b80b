"""The folder of files that are kept, each named by its sha256: a file is there whole or not at all, and never changes."""

import os
import shutil
import tempfile
from pathlib import Path

from planning.errors import NotAllowed


def kept(store: Path, path: Path, sha256: str) -> Path:
    """Put a copy of a file into the store, unless it is there; where it is."""
    place = address(store, sha256, path.suffix.lower())
    if place.exists():
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", suffix=".part") as part:
            with path.open("rb") as source:
                shutil.copyfileobj(source, part, 1 << 20)
            part.flush()
            os.fsync(part.fileno())
            os.link(part.name, place)
    except FileExistsError:
        return place
    except OSError as error:
        reason = error.strerror or "?"
        raise NotAllowed(
            vi=f"không ghi được vào kho tệp {store}: {reason}.",
            en=f"the file store {store} cannot be written: {reason}.",
        ) from None
    return place


def address(store: Path, sha256: str, suffix: str) -> Path:
    """Where a file of the store is: ab/abcdef….tif."""
    return store / sha256[:2] / f"{sha256}{suffix}"
